CREATE TABLE "rate_agreements" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"cpo_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"proposed_by" text NOT NULL,
	"status" text NOT NULL,
	"name" text NOT NULL,
	"justification" text,
	"terms" jsonb NOT NULL,
	"evses" text[],
	"locations" text[],
	"effective_from" timestamp(3) with time zone NOT NULL,
	"effective_to" timestamp(3) with time zone,
	"active_from" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"decided_by" text,
	"decided_at" timestamp(3) with time zone,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "rate_agreements_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "benefit_mode" text DEFAULT 'revenue_share' NOT NULL;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_partner_id_accounts_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_proposed_by_accounts_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rate_agreements_cpo_id_id_index" ON "rate_agreements" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "rate_agreements_partner_id_cpo_id_status_index" ON "rate_agreements" USING btree ("partner_id","cpo_id","status");--> statement-breakpoint
-- Versions are immutable: what was agreed is what a session is priced by, however long ago its quote locked it.
CREATE FUNCTION chargelane_keep_rate_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the terms of rate agreement % version % do not change', OLD.id, OLD.version
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_rate_terms BEFORE UPDATE ON rate_agreements FOR EACH ROW
  WHEN ((OLD.id, OLD.version, OLD.cpo_id, OLD.partner_id, OLD.proposed_by, OLD.name, OLD.terms, OLD.effective_from)
      IS DISTINCT FROM
      (NEW.id, NEW.version, NEW.cpo_id, NEW.partner_id, NEW.proposed_by, NEW.name, NEW.terms, NEW.effective_from)
    OR (OLD.justification, OLD.evses, OLD.locations, OLD.effective_to)
      IS DISTINCT FROM (NEW.justification, NEW.evses, NEW.locations, NEW.effective_to))
  EXECUTE FUNCTION chargelane_keep_rate_terms();
--> statement-breakpoint
ALTER TABLE rate_agreements ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY platform ON rate_agreements TO chargelane_platform USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT ON rate_agreements TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (status, active_from, ended_at, decided_by, decided_at, reason) ON rate_agreements TO chargelane_app;
--> statement-breakpoint
-- A draft is its maker's alone; what was proposed is between the two sides.
CREATE POLICY tenant ON rate_agreements TO chargelane_app
  USING (chargelane_owns(proposed_by)
    OR (status <> 'draft' AND (chargelane_owns(cpo_id) OR chargelane_owns(partner_id))))
  WITH CHECK (chargelane_owns(cpo_id) OR chargelane_owns(partner_id));
--> statement-breakpoint
-- What a partner's discount is computed from: the policy of the CPO's sales, and the platform that would owe the share.
CREATE VIEW sale_terms AS
  SELECT g.id, g.cpo_id, g.commission_bps, g.supply_model, g.effective_from, g.effective_to,
    p.id AS platform_id, p.country AS platform_country, p.vat_id AS platform_vat_id
  FROM agreements g CROSS JOIN (
    SELECT id, country, vat_id FROM accounts WHERE type = 'platform' ORDER BY created_at LIMIT 1) p;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON sale_terms FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON sale_terms TO chargelane_platform, chargelane_app;
