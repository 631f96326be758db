CREATE TABLE "allowance_uses" (
	"quote_id" text PRIMARY KEY NOT NULL,
	"subscription_id" text NOT NULL,
	"period" integer NOT NULL,
	"promised_kwh" numeric NOT NULL,
	"used_kwh" numeric,
	"created_at" timestamp(3) with time zone NOT NULL,
	"rated_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "credit_lines" (
	"account_id" text NOT NULL,
	"currency" text NOT NULL,
	"limit_minor" "minor_units" NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "credit_lines_account_id_currency_pk" PRIMARY KEY("account_id","currency")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"owner_id" text NOT NULL,
	"owner_type" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"currency" text NOT NULL,
	"fee_minor" "minor_units" NOT NULL,
	"terms" jsonb NOT NULL,
	"retired" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "plans_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"session_id" text NOT NULL,
	"purpose" text NOT NULL,
	"revision" integer NOT NULL,
	"account_id" text NOT NULL,
	"cdr_id" text NOT NULL,
	"usage_hash" text NOT NULL,
	"energy_kwh" numeric NOT NULL,
	"tariff" jsonb NOT NULL,
	"tariff_hash" text NOT NULL,
	"policy" jsonb NOT NULL,
	"engine_version" text NOT NULL,
	"currency" text NOT NULL,
	"totals" jsonb NOT NULL,
	"gross_minor" "minor_units" NOT NULL,
	"reference" jsonb NOT NULL,
	"proof_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "ratings_session_id_purpose_revision_pk" PRIMARY KEY("session_id","purpose","revision"),
	CONSTRAINT "ratings_sessionId_purpose_usageHash_unique" UNIQUE("session_id","purpose","usage_hash")
);
--> statement-breakpoint
CREATE TABLE "reimbursement_rates" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"country" text NOT NULL,
	"price" text NOT NULL,
	"currency" text NOT NULL,
	"drivers" text[],
	"evses" text[],
	"locations" text[],
	"effective_from" timestamp(3) with time zone NOT NULL,
	"effective_to" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscription_versions" (
	"subscription_id" text NOT NULL,
	"from_period" integer NOT NULL,
	"plan_id" text NOT NULL,
	"plan_version" integer NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "subscription_versions_subscription_id_from_period_pk" PRIMARY KEY("subscription_id","from_period")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"driver_id" text NOT NULL,
	"plan_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"starts_on" text NOT NULL,
	"time_zone" text NOT NULL,
	"ends_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "allowance_uses" ADD CONSTRAINT "allowance_uses_quote_id_quotes_id_fk" FOREIGN KEY ("quote_id") REFERENCES "public"."quotes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowance_uses" ADD CONSTRAINT "allowance_uses_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_lines" ADD CONSTRAINT "credit_lines_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reimbursement_rates" ADD CONSTRAINT "reimbursement_rates_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_versions" ADD CONSTRAINT "subscription_versions_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_versions" ADD CONSTRAINT "subscription_versions_plan_id_plan_version_plans_id_version_fk" FOREIGN KEY ("plan_id","plan_version") REFERENCES "public"."plans"("id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_driver_id_drivers_id_fk" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allowance_uses_subscription_id_period_index" ON "allowance_uses" USING btree ("subscription_id","period");--> statement-breakpoint
CREATE INDEX "plans_owner_id_id_index" ON "plans" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "ratings_account_id_purpose_created_at_index" ON "ratings" USING btree ("account_id","purpose","created_at");--> statement-breakpoint
CREATE INDEX "reimbursement_rates_account_id_id_index" ON "reimbursement_rates" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_account_id_id_index" ON "subscriptions" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_owner_id_id_index" ON "subscriptions" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_driver_id_index" ON "subscriptions" USING btree ("driver_id");--> statement-breakpoint
-- Versions are immutable: what a driver subscribed to is what its sessions are priced by.
CREATE FUNCTION chargelane_keep_plan_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the terms of plan % version % do not change', OLD.id, OLD.version
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_plan_terms BEFORE UPDATE ON plans FOR EACH ROW
  WHEN ((OLD.id, OLD.version, OLD.owner_id, OLD.owner_type, OLD.name, OLD.country, OLD.currency, OLD.fee_minor, OLD.terms)
      IS DISTINCT FROM
      (NEW.id, NEW.version, NEW.owner_id, NEW.owner_type, NEW.name, NEW.country, NEW.currency, NEW.fee_minor, NEW.terms))
  EXECUTE FUNCTION chargelane_keep_plan_terms();
--> statement-breakpoint
-- A rating is written once; other usage is another revision.
CREATE FUNCTION chargelane_keep_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the % rating % of session % does not change', OLD.purpose, OLD.revision, OLD.session_id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_rating BEFORE UPDATE OR DELETE ON ratings FOR EACH ROW EXECUTE FUNCTION chargelane_keep_rating();
--> statement-breakpoint
ALTER TABLE allowance_uses ADD CONSTRAINT allowance_not_negative CHECK (promised_kwh >= 0 AND used_kwh >= 0);
--> statement-breakpoint
ALTER TABLE credit_lines ADD CONSTRAINT credit_limit_not_negative CHECK (limit_minor >= 0);
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['plans', 'subscriptions', 'subscription_versions', 'allowance_uses',
    'reimbursement_rates', 'ratings', 'credit_lines'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY platform ON %I TO chargelane_platform USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
--> statement-breakpoint
GRANT SELECT, INSERT ON plans, subscriptions, subscription_versions, allowance_uses, reimbursement_rates TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (retired) ON plans TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (ends_at) ON subscriptions TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (effective_to) ON reimbursement_rates TO chargelane_app;
--> statement-breakpoint
GRANT SELECT ON ratings TO chargelane_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON credit_lines TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON plans TO chargelane_app USING (chargelane_owns(owner_id));
--> statement-breakpoint
-- A CPO's plan is an offer to the drivers of every partner; a partner's is for its own.
CREATE POLICY public_offer ON plans FOR SELECT TO chargelane_app USING (owner_type = 'cpo');
--> statement-breakpoint
CREATE POLICY tenant ON subscriptions TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY owner ON subscriptions FOR SELECT TO chargelane_app USING (chargelane_owns(owner_id));
--> statement-breakpoint
CREATE POLICY tenant ON subscription_versions TO chargelane_app
  USING (EXISTS (SELECT FROM subscriptions s WHERE s.id = subscription_versions.subscription_id))
  WITH CHECK (EXISTS (SELECT FROM subscriptions s
    WHERE s.id = subscription_versions.subscription_id AND chargelane_owns(s.account_id)));
--> statement-breakpoint
CREATE POLICY tenant ON allowance_uses TO chargelane_app
  USING (EXISTS (SELECT FROM subscriptions s WHERE s.id = allowance_uses.subscription_id))
  WITH CHECK (EXISTS (SELECT FROM subscriptions s
    WHERE s.id = allowance_uses.subscription_id AND chargelane_owns(s.account_id)));
--> statement-breakpoint
CREATE POLICY tenant ON reimbursement_rates TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
-- The partner sees all prices of its session, the CPO its own one, a plan's owner what it pays a part of.
CREATE POLICY tenant ON ratings TO chargelane_app USING (chargelane_owns(account_id)
  OR (purpose = 'wholesale' AND EXISTS (SELECT FROM sessions s WHERE s.id = ratings.session_id))
  OR (purpose = 'retail' AND EXISTS (SELECT FROM subscriptions u WHERE u.id = ratings.reference ->> 'subscription')));
--> statement-breakpoint
CREATE POLICY tenant ON credit_lines FOR SELECT TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY lender ON credit_lines TO chargelane_app USING (chargelane_owns('*'));
