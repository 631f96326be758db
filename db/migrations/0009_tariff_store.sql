ALTER TABLE "connections" ADD COLUMN "tariffs_confirmed_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "tariff_max_age_s" integer DEFAULT 86400 NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "tariff_slo_s" integer DEFAULT 900 NOT NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "ocpi_version" text DEFAULT '2.2.1' NOT NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "effective_from" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "price_hash" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "sold_until" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "held_until" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "hold_confirmed_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "anomaly" jsonb;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "confirmed_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "unlisted_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "market_limits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "market_country" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "power_class" text;--> statement-breakpoint
ALTER TABLE "tariffs" ADD COLUMN "standard_minor" jsonb;--> statement-breakpoint
CREATE INDEX "tariffs_peers" ON "tariffs" USING btree ("market_country","currency","power_class") WHERE superseded_at is null;
--> statement-breakpoint
-- What is there began at its receipt or its announced start, and was last confirmed when it was received.
UPDATE "tariffs" SET
  "effective_from" = greatest("received_at", ("canonical" ->> 'start_date_time')::timestamptz),
  "sold_until" = ("canonical" ->> 'end_date_time')::timestamptz,
  "confirmed_at" = "received_at";--> statement-breakpoint
UPDATE "connections" SET "tariffs_confirmed_at" = "last_pulled_at";--> statement-breakpoint
ALTER TABLE "tariffs" ALTER COLUMN "effective_from" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "tariffs" ALTER COLUMN "confirmed_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_tariff_ages" CHECK ("tariff_max_age_s" > 0 AND "tariff_slo_s" > 0);--> statement-breakpoint
-- Whose price may be sold is asked by every search: the age of a connection's tariffs is public, as its state is.
CREATE OR REPLACE VIEW public_connections AS
  SELECT id, cpo_id, protocol, status, country_code, party_id, open_until, tariffs_confirmed_at, tariff_max_age_s
  FROM connections;--> statement-breakpoint
-- A held tariff is public, as its operator published it; only its sale waits. What is wrong with it stays between us
-- and the operator, and so does a tariff that cannot be sold at all.
DROP POLICY public_supply ON tariffs;--> statement-breakpoint
CREATE POLICY public_supply ON tariffs FOR SELECT TO chargelane_app USING (status IN ('valid', 'held', 'withdrawn'));
