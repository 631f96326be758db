CREATE TABLE "signed_values" (
	"session_id" text NOT NULL,
	"digest" text NOT NULL,
	"value" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "signed_values_session_id_digest_pk" PRIMARY KEY("session_id","digest")
);
--> statement-breakpoint
-- As raw as the frames they came in, the driver's card included, and as shut: records and evidence carry them on.
ALTER TABLE signed_values ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY platform ON signed_values TO chargelane_platform USING (true) WITH CHECK (true);
