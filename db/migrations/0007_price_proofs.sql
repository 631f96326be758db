CREATE TABLE "price_proofs" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"cdr_id" text NOT NULL,
	"rating" text NOT NULL,
	"hash" text NOT NULL,
	"input" jsonb NOT NULL,
	"output" jsonb NOT NULL,
	"engine_version" text NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"checked_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "price_proofs_cdrId_rating_unique" UNIQUE("cdr_id","rating")
);
--> statement-breakpoint
CREATE TABLE "suspense_items" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"cdr_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"account" text NOT NULL,
	"entry_key" text NOT NULL,
	"rules" text[] NOT NULL,
	"reasons" text[] NOT NULL,
	"status" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"dispute_due_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "suspense_items_cdrId_unique" UNIQUE("cdr_id")
);
--> statement-breakpoint
ALTER TABLE "payables" ADD COLUMN "held_reason" text;--> statement-breakpoint
ALTER TABLE "suspense_items" ADD CONSTRAINT "suspense_items_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "price_proofs_session_id_id_index" ON "price_proofs" USING btree ("session_id","id");--> statement-breakpoint
CREATE INDEX "suspense_items_cpo_id_status_id_index" ON "suspense_items" USING btree ("cpo_id","status","id");--> statement-breakpoint
CREATE INDEX "suspense_items_due" ON "suspense_items" USING btree ("dispute_due_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "suspense_items_session_id_index" ON "suspense_items" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "cdrs_connection_id_received_at_index" ON "cdrs" USING btree ("connection_id","received_at");--> statement-breakpoint
ALTER TABLE "price_proofs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "suspense_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY platform ON price_proofs TO chargelane_platform USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY platform ON suspense_items TO chargelane_platform USING (true) WITH CHECK (true);--> statement-breakpoint
GRANT SELECT ON price_proofs, suspense_items TO chargelane_app;--> statement-breakpoint
-- A proof is for whoever the session is for: the partner who sold it and the CPO who served it.
CREATE POLICY tenant ON price_proofs TO chargelane_app
  USING (EXISTS (SELECT FROM sessions s WHERE s.id = price_proofs.session_id));--> statement-breakpoint
-- A claim above the public price is between us and the CPO.
CREATE POLICY tenant ON suspense_items TO chargelane_app USING (chargelane_owns(cpo_id));
