CREATE TABLE "payment_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"psp_id" text,
	"payload" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	"heard_at" timestamp(3) with time zone
);
--> statement-breakpoint
-- Raw messages of the payment provider: no tenant reads them.
ALTER TABLE payment_events ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY platform ON payment_events TO chargelane_platform USING (true) WITH CHECK (true);
