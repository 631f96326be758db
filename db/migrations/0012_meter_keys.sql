CREATE TABLE "meter_keys" (
	"evse_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"curve" text NOT NULL,
	"public_key" text NOT NULL,
	"meter_serial" text,
	"valid_from" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "meter_keys_evse_id_valid_from_pk" PRIMARY KEY("evse_id","valid_from")
);
--> statement-breakpoint
ALTER TABLE "meter_keys" ADD CONSTRAINT "meter_keys_evse_id_evses_id_fk" FOREIGN KEY ("evse_id") REFERENCES "public"."evses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_keys" ADD CONSTRAINT "meter_keys_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE meter_keys ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY platform ON meter_keys TO chargelane_platform USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Whoever pays for energy may check what was measured, so the keys are public; a CPO adds those of its own EVSEs.
GRANT SELECT, INSERT ON meter_keys TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_supply ON meter_keys FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY tenant ON meter_keys TO chargelane_app USING (chargelane_owns(cpo_id))
  WITH CHECK (chargelane_owns(cpo_id) AND EXISTS (
    SELECT FROM evses e WHERE e.id = meter_keys.evse_id AND e.cpo_id = meter_keys.cpo_id));
