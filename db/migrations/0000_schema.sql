-- Money columns use this type: a value that JavaScript cannot hold exactly never enters.
CREATE DOMAIN minor_units AS bigint
  CONSTRAINT minor_units_safe_integer CHECK (VALUE BETWEEN -9007199254740991 AND 9007199254740991);
--> statement-breakpoint
-- Roles belong to the server, not the database, so another database may have made them just now. Two logins are the
-- processes': `chargelane` works for all accounts, `chargelane_tenant` for one, and neither can take the other's role.
-- With their password they are made before, by whoever makes the database. They own nothing; what they are by themselves
-- may do nothing.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT * FROM (VALUES ('chargelane', 'LOGIN NOINHERIT'),
      ('chargelane_tenant', 'LOGIN NOINHERIT'), ('chargelane_platform', 'NOLOGIN'),
      ('chargelane_app', 'NOLOGIN'), ('chargelane_guard', 'NOLOGIN')) AS roles (name, kind) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.kind);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
  END LOOP;
  IF NOT pg_has_role('chargelane', 'chargelane_platform', 'SET') THEN
    GRANT chargelane_platform TO chargelane WITH INHERIT FALSE, SET TRUE;
  END IF;
  IF NOT pg_has_role('chargelane_tenant', 'chargelane_app', 'SET') THEN
    GRANT chargelane_app TO chargelane_tenant WITH INHERIT FALSE, SET TRUE;
  END IF;
  -- Whoever owns the tables may hand over the views and functions that look behind the policies.
  IF NOT pg_has_role(current_user, 'chargelane_guard', 'SET') THEN
    EXECUTE format('GRANT chargelane_guard TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO chargelane, chargelane_tenant', current_database());
  -- Which account a tenant's tx is for is set when it is entered, and by no expression of its statements: where the maker
  -- of the database left the right to us, it is given to the function that enters alone.
  IF has_function_privilege(current_user, 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE WITH GRANT OPTION') THEN
    GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO chargelane_guard;
  END IF;
END $$;
--> statement-breakpoint
REVOKE ALL ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO chargelane_platform, chargelane_app, chargelane_guard;
--> statement-breakpoint
-- Tables of the schema below. The ledger takes its part back; tenants are granted table by table. Little is ever deleted.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE ON TABLES TO chargelane_platform;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO chargelane_platform, chargelane_app;
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"partner_type" text,
	"name" text NOT NULL,
	"legal_name" text NOT NULL,
	"country" text NOT NULL,
	"payout_currency" text NOT NULL,
	"vat_id" text,
	"vat_checked_at" timestamp(3) with time zone,
	"vat_good_until" timestamp(3) with time zone,
	"tax_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"verification" text DEFAULT 'review' NOT NULL,
	"verification_reasons" text[] DEFAULT '{}' NOT NULL,
	"verification_note" text,
	"name_keys" text[] DEFAULT '{}' NOT NULL,
	"vat_keys" text[] DEFAULT '{}' NOT NULL,
	"address" jsonb NOT NULL,
	"payout_calendar" jsonb,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agreements" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"side" text NOT NULL,
	"account_id" text,
	"proposed_by" text NOT NULL,
	"status" text NOT NULL,
	"joined" text,
	"terms" jsonb NOT NULL,
	"effective_from" timestamp(3) with time zone NOT NULL,
	"effective_to" timestamp(3) with time zone,
	"active_from" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"decided_by" text,
	"decided_at" timestamp(3) with time zone,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "agreements_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"last_four" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"api_version" text NOT NULL,
	"livemode" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "api_keys_digest_unique" UNIQUE("digest")
);
--> statement-breakpoint
CREATE TABLE "drivers" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"external_id" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "drivers_accountId_externalId_unique" UNIQUE("account_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "party_claims" (
	"id" text PRIMARY KEY NOT NULL,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"decided_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "party_claims_accountId_countryCode_partyId_unique" UNIQUE("account_id","country_code","party_id")
);
--> statement-breakpoint
CREATE TABLE "payment_sources" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"driver_id" text NOT NULL,
	"kind" text NOT NULL,
	"psp_payment_method" text,
	"psp_customer" text,
	"psp_setup" text,
	"card" jsonb,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE "tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"driver_id" text NOT NULL,
	"payment_source_id" text NOT NULL,
	"uid" text NOT NULL,
	"uid_key" text NOT NULL,
	"is_first" boolean DEFAULT true NOT NULL,
	"type" text NOT NULL,
	"contract_id" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "tokens_accountId_uidKey_unique" UNIQUE("account_id","uid_key")
);
--> statement-breakpoint
CREATE TABLE "vat_checks" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"vat_id" text NOT NULL,
	"valid" boolean NOT NULL,
	"source" text NOT NULL,
	"reference" text NOT NULL,
	"name" text,
	"address" text,
	"name_matches" boolean,
	"checked_at" timestamp(3) with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "split_closes" (
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"site_id" text NOT NULL,
	"period" text NOT NULL,
	"closed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "split_closes_policy_id_version_site_id_period_pk" PRIMARY KEY("policy_id","version","site_id","period")
);
--> statement-breakpoint
CREATE TABLE "split_goldens" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"name" text NOT NULL,
	"body" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "split_items" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"rule_id" text NOT NULL,
	"site_id" text NOT NULL,
	"period" text NOT NULL,
	"sequence" integer NOT NULL,
	"supplier_role" text NOT NULL,
	"supplier_id" text NOT NULL,
	"recipient_role" text NOT NULL,
	"recipient_id" text NOT NULL,
	"currency" text NOT NULL,
	"net_minor" "minor_units" NOT NULL,
	"vat_minor" "minor_units" NOT NULL,
	"gross_minor" "minor_units" NOT NULL,
	"detail" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "split_items_policyId_version_ruleId_siteId_period_sequence_unique" UNIQUE("policy_id","version","rule_id","site_id","period","sequence"),
	CONSTRAINT "split_items_supplier_role" CHECK ("split_items"."supplier_role" ~ '^[a-z][a-z0-9_]{1,31}$'),
	CONSTRAINT "split_items_recipient_role" CHECK ("split_items"."recipient_role" ~ '^[a-z][a-z0-9_]{1,31}$')
);
--> statement-breakpoint
CREATE TABLE "split_policies" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"cpo_id" text,
	"owner_id" text NOT NULL,
	"status" text NOT NULL,
	"name" text NOT NULL,
	"level" text NOT NULL,
	"places" text[] DEFAULT '{}' NOT NULL,
	"terms" jsonb NOT NULL,
	"effective_from" timestamp(3) with time zone NOT NULL,
	"effective_until" timestamp(3) with time zone,
	"revision" integer DEFAULT 1 NOT NULL,
	"activated_at" timestamp(3) with time zone,
	"decided_by" text,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "split_policies_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "split_shares" (
	"session_id" text NOT NULL,
	"rule_id" text NOT NULL,
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"site_id" text NOT NULL,
	"period" text NOT NULL,
	"payee_id" text NOT NULL,
	"role" text NOT NULL,
	"currency" text NOT NULL,
	"ended_at" timestamp(3) with time zone NOT NULL,
	"energy_wh" integer NOT NULL,
	"turnover_minor" "minor_units" NOT NULL,
	"share_minor" "minor_units" NOT NULL,
	"written_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "split_shares_session_id_rule_id_pk" PRIMARY KEY("session_id","rule_id")
);
--> statement-breakpoint
CREATE TABLE "split_simulation_lines" (
	"simulation_id" text NOT NULL,
	"session_id" text NOT NULL,
	"payee_id" text NOT NULL,
	"role" text NOT NULL,
	"currency" text NOT NULL,
	"before_minor" "minor_units" NOT NULL,
	"after_minor" "minor_units" NOT NULL,
	CONSTRAINT "split_simulation_lines_simulation_id_session_id_role_payee_id_pk" PRIMARY KEY("simulation_id","session_id","role","payee_id")
);
--> statement-breakpoint
CREATE TABLE "split_simulations" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"revision" integer NOT NULL,
	"account_id" text NOT NULL,
	"status" text NOT NULL,
	"from_at" timestamp(3) with time zone NOT NULL,
	"until_at" timestamp(3) with time zone NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"result" jsonb,
	"failure" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"cpo_id" text NOT NULL,
	"protocol" text NOT NULL,
	"status" text NOT NULL,
	"status_reason" text,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"versions_url" text,
	"version" text,
	"token_in_digest" "bytea",
	"previous_token_in_digest" "bytea",
	"previous_token_in_until" timestamp(3) with time zone,
	"token_out" text,
	"endpoints" jsonb,
	"quirks" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"open_until" timestamp(3) with time zone,
	"last_ok_at" timestamp(3) with time zone,
	"last_pulled_at" timestamp(3) with time zone,
	"next_pull_at" timestamp(3) with time zone,
	"tariffs_confirmed_at" timestamp(3) with time zone,
	"tariff_max_age_s" integer DEFAULT 86400 NOT NULL,
	"tariff_slo_s" integer DEFAULT 900 NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "connections_tokenInDigest_unique" UNIQUE("token_in_digest"),
	CONSTRAINT "connections_previousTokenInDigest_unique" UNIQUE("previous_token_in_digest"),
	CONSTRAINT "connections_tariff_ages" CHECK ("connections"."tariff_max_age_s" > 0 and "connections"."tariff_slo_s" > 0)
);
--> statement-breakpoint
CREATE TABLE "connector_usage" (
	"connector_id" text PRIMARY KEY NOT NULL,
	"sessions" integer NOT NULL,
	"energy_wh" numeric NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connectors" (
	"id" text PRIMARY KEY NOT NULL,
	"evse_id" text NOT NULL,
	"ocpi_id" text NOT NULL,
	"standard" text NOT NULL,
	"format" text NOT NULL,
	"power_type" text NOT NULL,
	"max_voltage" integer NOT NULL,
	"max_amperage" integer NOT NULL,
	"max_power_w" integer NOT NULL,
	"tariff_ids" text[] NOT NULL,
	"ocpp_connector_id" integer,
	"last_updated" timestamp(3) with time zone NOT NULL,
	"removed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "evses" (
	"id" text PRIMARY KEY NOT NULL,
	"location_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"ocpi_uid" text NOT NULL,
	"evse_id" text NOT NULL,
	"evse_key" text NOT NULL,
	"claimed_key" text,
	"operator" text,
	"identity" text NOT NULL,
	"status" text NOT NULL,
	"status_at" timestamp(3) with time zone NOT NULL,
	"capabilities" text[] NOT NULL,
	"charge_station_id" text,
	"ocpp_evse_id" integer,
	"last_updated" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "locations" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"ocpi_id" text NOT NULL,
	"name" text,
	"address" text NOT NULL,
	"city" text NOT NULL,
	"postal_code" text,
	"country" text NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL,
	"map_point" "point" GENERATED ALWAYS AS (point(longitude, degrees(ln(tan(pi() / 4 + radians(greatest(least(latitude, 85), -85)) / 2))))) STORED NOT NULL,
	"time_zone" text NOT NULL,
	"standards" text[] DEFAULT '{}' NOT NULL,
	"max_power_w" integer DEFAULT 0 NOT NULL,
	"last_updated" timestamp(3) with time zone NOT NULL,
	"raw" jsonb NOT NULL,
	CONSTRAINT "locations_latitude_range" CHECK ("locations"."latitude" between -90 and 90),
	CONSTRAINT "locations_longitude_range" CHECK ("locations"."longitude" between -180 and 180)
);
--> statement-breakpoint
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
CREATE TABLE "tariffs" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"connection_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"ocpi_id" text NOT NULL,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"ocpi_version" text NOT NULL,
	"raw" text NOT NULL,
	"canonical" jsonb,
	"hash" text NOT NULL,
	"price_hash" text,
	"received_at" timestamp(3) with time zone NOT NULL,
	"effective_from" timestamp(3) with time zone NOT NULL,
	"sold_until" timestamp(3) with time zone,
	"superseded_at" timestamp(3) with time zone,
	"held_until" timestamp(3) with time zone,
	"hold_confirmed_at" timestamp(3) with time zone,
	"anomaly" jsonb,
	"confirmed_at" timestamp(3) with time zone NOT NULL,
	"unlisted_at" timestamp(3) with time zone,
	"market_limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"market_country" text,
	"power_class" text,
	"standard_minor" jsonb,
	CONSTRAINT "tariffs_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "supply_sessions" (
	"connection_id" text NOT NULL,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"supply_key" text NOT NULL,
	"supply_ref" text NOT NULL,
	"session_id" text,
	"object" text NOT NULL,
	"last_updated" timestamp(3) with time zone NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "supply_sessions_connection_id_country_code_party_id_supply_key_pk" PRIMARY KEY("connection_id","country_code","party_id","supply_key")
);
--> statement-breakpoint
CREATE TABLE "token_authorizations" (
	"reference" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"token_key" text NOT NULL,
	"granted_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "charge_stations" (
	"id" text PRIMARY KEY NOT NULL,
	"cpo_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"identity" text NOT NULL,
	"password_digest" "bytea" NOT NULL,
	"vendor" text,
	"model" text,
	"serial_number" text,
	"firmware_version" text,
	"protocol" text,
	"last_boot_at" timestamp(3) with time zone,
	"last_seen_at" timestamp(3) with time zone,
	"online" boolean DEFAULT false NOT NULL,
	"node_id" text,
	"epoch" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "charge_stations_cpoId_identity_unique" UNIQUE("cpo_id","identity"),
	CONSTRAINT "charge_stations_identity_passwordDigest_unique" UNIQUE("identity","password_digest")
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"detail" jsonb,
	"sent_at" timestamp(3) with time zone NOT NULL,
	"answered_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "meter_values" (
	"session_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"context" text NOT NULL,
	"register_wh" numeric,
	"power_w" integer,
	"soc_percent" integer,
	"source" text NOT NULL,
	"flag" text,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "meter_values_session_id_at_context_pk" PRIMARY KEY("session_id","at","context")
);
--> statement-breakpoint
CREATE TABLE "ocpp_transactions" (
	"id" serial PRIMARY KEY NOT NULL,
	"charge_station_id" text NOT NULL,
	"transaction_id" text NOT NULL,
	"start_key" text NOT NULL,
	"ocpp_evse_id" integer,
	"ocpp_connector_id" integer,
	"id_token" text,
	"id_token_type" text,
	"session_id" text NOT NULL,
	"origin" text NOT NULL,
	"meter_start_wh" numeric,
	"started_at" timestamp(3) with time zone NOT NULL,
	"claimed_started_at" timestamp(3) with time zone NOT NULL,
	"charging_state" text,
	"charging_state_at" timestamp(3) with time zone,
	"trigger_reason" text,
	"seq_no" integer,
	"clock_offset_ms" bigint DEFAULT 0 NOT NULL,
	"meter_stop_wh" numeric,
	"stopped_at" timestamp(3) with time zone,
	"stop_reason" text,
	"inferred" boolean DEFAULT false NOT NULL,
	"review" text,
	"offline" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "ocpp_transactions_sessionId_unique" UNIQUE("session_id"),
	CONSTRAINT "ocpp_transactions_chargeStationId_transactionId_unique" UNIQUE("charge_station_id","transaction_id"),
	CONSTRAINT "ocpp_transactions_chargeStationId_startKey_unique" UNIQUE("charge_station_id","start_key")
);
--> statement-breakpoint
CREATE TABLE "protocol_messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "protocol_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(3) with time zone NOT NULL,
	"protocol" text NOT NULL,
	"direction" text NOT NULL,
	"peer_id" text NOT NULL,
	"session_id" text,
	"action" text NOT NULL,
	"payload" text NOT NULL,
	"status" text
);
--> statement-breakpoint
CREATE TABLE "signed_values" (
	"session_id" text NOT NULL,
	"digest" text NOT NULL,
	"value" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "signed_values_session_id_digest_pk" PRIMARY KEY("session_id","digest")
);
--> statement-breakpoint
CREATE TABLE "supply_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "supply_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"session_id" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"event" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"delivered_at" timestamp(3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp(3) with time zone,
	CONSTRAINT "supply_events_dedupeKey_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "cdrs" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text,
	"connection_id" text NOT NULL,
	"source" text NOT NULL,
	"country_code" text NOT NULL,
	"party_id" text NOT NULL,
	"ocpi_id" text NOT NULL,
	"content_hash" text NOT NULL,
	"raw" text NOT NULL,
	"usage" jsonb NOT NULL,
	"document" jsonb NOT NULL,
	"currency" text NOT NULL,
	"total_excl_minor" "minor_units",
	"total_incl_minor" "minor_units",
	"status" text NOT NULL,
	"verdict" jsonb,
	"token_key" text,
	"adoption" jsonb,
	"offline_recovered" boolean DEFAULT false NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evse_claims" (
	"cpo_id" text NOT NULL,
	"evse_key" text NOT NULL,
	"session_id" text NOT NULL,
	"claimed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "evse_claims_cpo_id_evse_key_pk" PRIMARY KEY("cpo_id","evse_key"),
	CONSTRAINT "evse_claims_sessionId_unique" UNIQUE("session_id")
);
--> statement-breakpoint
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
CREATE TABLE "quotes" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"evse_id" text NOT NULL,
	"connector_id" text NOT NULL,
	"driver_id" text NOT NULL,
	"payment_source_id" text NOT NULL,
	"channel" text NOT NULL,
	"tariff_id" text NOT NULL,
	"tariff_version" integer NOT NULL,
	"tariff_hash" text NOT NULL,
	"currency" text NOT NULL,
	"hold_minor" "minor_units" NOT NULL,
	"market_profile" text NOT NULL,
	"body" json NOT NULL,
	"signature" text NOT NULL,
	"key_id" text NOT NULL,
	"status" text NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"session_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "quotes_sessionId_unique" UNIQUE("session_id")
);
--> statement-breakpoint
CREATE TABLE "sales" (
	"session_id" text NOT NULL,
	"revision" integer NOT NULL,
	"name" text NOT NULL,
	"basis" text NOT NULL,
	"cdr_id" text NOT NULL,
	"verdict" jsonb NOT NULL,
	"split" jsonb NOT NULL,
	"split_input" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	"terms" jsonb NOT NULL,
	"conversions" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "sales_session_id_revision_pk" PRIMARY KEY("session_id","revision"),
	CONSTRAINT "sales_sessionId_name_unique" UNIQUE("session_id","name")
);
--> statement-breakpoint
CREATE TABLE "session_terms" (
	"session_id" text PRIMARY KEY NOT NULL,
	"terms" jsonb NOT NULL,
	"secret" text NOT NULL,
	"kept_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"quote_id" text NOT NULL,
	"evse_id" text NOT NULL,
	"connector_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"driver_id" text NOT NULL,
	"workflow_id" text NOT NULL,
	"external_id" text,
	"channel" text NOT NULL,
	"token_uid" text NOT NULL,
	"token_key" text NOT NULL,
	"status" text NOT NULL,
	"connectivity" text NOT NULL,
	"record_status" text NOT NULL,
	"money_status" text NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"currency" text NOT NULL,
	"energy_wh" numeric DEFAULT '0' NOT NULL,
	"energy_is_estimate" boolean DEFAULT true NOT NULL,
	"started_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"end_reason" text,
	"fees_frozen_at" timestamp(3) with time zone,
	"failure" jsonb,
	"offline_liability" text,
	"trace_id" text,
	"supply_ref" text,
	"total_net_minor" "minor_units",
	"total_vat_minor" "minor_units",
	"total_gross_minor" "minor_units",
	"sla_deadline" timestamp(3) with time zone,
	"settled_at" timestamp(3) with time zone,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "sessions_quoteId_unique" UNIQUE("quote_id"),
	CONSTRAINT "sessions_workflowId_unique" UNIQUE("workflow_id")
);
--> statement-breakpoint
CREATE TABLE "timeline" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "timeline_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"session_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"room" text NOT NULL,
	"what" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"dedupe_key" text NOT NULL,
	CONSTRAINT "timeline_dedupeKey_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "debts" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"account_id" text NOT NULL,
	"payment_source_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"paid_minor" "minor_units" DEFAULT 0 NOT NULL,
	"credited_minor" "minor_units" DEFAULT 0 NOT NULL,
	"guaranteed_minor" "minor_units" DEFAULT 0 NOT NULL,
	"liable" text DEFAULT 'partner' NOT NULL,
	"reason" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "debts_sessionId_unique" UNIQUE("session_id")
);
--> statement-breakpoint
CREATE TABLE "fx_rates" (
	"source" text NOT NULL,
	"as_of" text NOT NULL,
	"base" text NOT NULL,
	"quote" text NOT NULL,
	"rate" text NOT NULL,
	"fetched_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "fx_rates_source_as_of_base_quote_pk" PRIMARY KEY("source","as_of","base","quote")
);
--> statement-breakpoint
CREATE TABLE "payment_endpoints" (
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "payment_endpoints_account_id_kind_pk" PRIMARY KEY("account_id","kind")
);
--> statement-breakpoint
CREATE TABLE "payment_events" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"psp_id" text,
	"payload" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	"heard_at" timestamp(3) with time zone,
	CONSTRAINT "payment_events_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"account_id" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"payment_source_id" text NOT NULL,
	"kind" text NOT NULL,
	"psp_id" text,
	"reference" text,
	"currency" text NOT NULL,
	"hold_minor" "minor_units" NOT NULL,
	"most_minor" "minor_units",
	"status" text NOT NULL,
	"client_secret" text,
	"publishable_key" text,
	"decline_code" text,
	"decline_advice" text,
	"network_decline_code" text,
	"capture_before" timestamp(3) with time zone,
	"captured_minor" "minor_units",
	"psp_fee_minor" "minor_units",
	"psp_fee_currency" text,
	"held_at" timestamp(3) with time zone,
	"raises" integer DEFAULT 0 NOT NULL,
	"is_expired" boolean DEFAULT false NOT NULL,
	"release_by" timestamp(3) with time zone NOT NULL,
	"released_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "payments_sessionId_attempt_unique" UNIQUE("session_id","attempt"),
	CONSTRAINT "payments_kind_pspId_unique" UNIQUE("kind","psp_id")
);
--> statement-breakpoint
CREATE TABLE "prepaid_balances" (
	"account_id" text NOT NULL,
	"currency" text NOT NULL,
	"low_below_minor" "minor_units" DEFAULT 0 NOT NULL,
	"low_since" timestamp(3) with time zone,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "prepaid_balances_account_id_currency_pk" PRIMARY KEY("account_id","currency")
);
--> statement-breakpoint
CREATE TABLE "psp_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"mode" text NOT NULL,
	"provider_account" text NOT NULL,
	"credential" text,
	"webhook_secret" text NOT NULL,
	"previous_credential" text,
	"previous_webhook_secret" text,
	"previous_until" timestamp(3) with time zone,
	"publishable_key" text,
	"status" text NOT NULL,
	"checked_at" timestamp(3) with time zone NOT NULL,
	"revoked_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "psp_accounts_accountId_unique" UNIQUE("account_id"),
	CONSTRAINT "psp_accounts_providerAccount_unique" UNIQUE("provider_account")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"session_id" text NOT NULL,
	"revision" integer NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"status" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"reason" text,
	"requested_by" text,
	"reference" text,
	"look_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "refunds_paymentId_revision_unique" UNIQUE("payment_id","revision")
);
--> statement-breakpoint
CREATE TABLE "risk_policies" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"payment_source_id" text,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"insured_minor" "minor_units" NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "risk_policies_accountId_paymentSourceId_currency_unique" UNIQUE NULLS NOT DISTINCT("account_id","payment_source_id","currency")
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"session_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"opened_by" text,
	"payment_id" text,
	"settlement_id" text,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"said" text NOT NULL,
	"outcome" text,
	"decided_by" text,
	"decided_minor" "minor_units",
	"explanation" text,
	"driver_message" jsonb,
	"facts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"recomputation" jsonb,
	"bearer" text,
	"next_action" text,
	"contest_until" timestamp(3) with time zone,
	"deadline" timestamp(3) with time zone,
	"revision" integer,
	"provider_reference" text,
	"provider_status" text,
	"fee_minor" "minor_units",
	"fee_currency" text,
	"submitted" jsonb,
	"submitted_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "fx_closings" (
	"id" text PRIMARY KEY NOT NULL,
	"day" text NOT NULL,
	"base" text NOT NULL,
	"positions" jsonb NOT NULL,
	"exchanged" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"result_minor" "minor_units",
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "fx_closings_day_unique" UNIQUE("day")
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "ledger_accounts_code_unique" UNIQUE("code"),
	CONSTRAINT "ledger_accounts_id_currency_unique" UNIQUE("id","currency")
);
--> statement-breakpoint
CREATE TABLE "ledger_balances" (
	"account_id" integer NOT NULL,
	"through_entry" bigint NOT NULL,
	"debit" numeric NOT NULL,
	"credit" numeric NOT NULL,
	CONSTRAINT "ledger_balances_account_id_through_entry_pk" PRIMARY KEY("account_id","through_entry")
);
--> statement-breakpoint
CREATE TABLE "ledger_closes" (
	"sequence" integer PRIMARY KEY NOT NULL,
	"day" text NOT NULL,
	"through_entry" bigint NOT NULL,
	"body" text NOT NULL,
	"hash" text NOT NULL,
	"key_id" text NOT NULL,
	"signature" text NOT NULL,
	"closed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "ledger_closes_day_unique" UNIQUE("day")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"idempotency_key" text NOT NULL,
	"body_hash" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"session_id" text,
	"reverses" bigint,
	"effective_at" timestamp(3) with time zone NOT NULL,
	"occurred_at" timestamp(3) with time zone,
	"recorded_at" timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "ledger_entries_idempotencyKey_unique" UNIQUE("idempotency_key"),
	CONSTRAINT "ledger_entries_reverses_unique" UNIQUE("reverses")
);
--> statement-breakpoint
CREATE TABLE "ledger_periods" (
	"open_from" timestamp(3) with time zone PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"approved_by" text NOT NULL,
	"closed_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"entry_id" bigint NOT NULL,
	"leg" smallint NOT NULL,
	"account_id" integer NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	CONSTRAINT "ledger_postings_entry_id_leg_pk" PRIMARY KEY("entry_id","leg")
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
	"closed_reason" text,
	"closed_by" text,
	CONSTRAINT "suspense_items_cdrId_unique" UNIQUE("cdr_id")
);
--> statement-breakpoint
CREATE TABLE "bank_statements" (
	"sequence" integer PRIMARY KEY NOT NULL,
	"statement_id" text NOT NULL,
	"currency" text NOT NULL,
	"opening_minor" "minor_units" NOT NULL,
	"closing_minor" "minor_units" NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"xml" text NOT NULL,
	"imported_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_items" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"cause" text NOT NULL,
	"owner" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"last_seen_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "provider_movements" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"source" text,
	"session_id" text,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"fee_minor" "minor_units" NOT NULL,
	"net_minor" "minor_units" NOT NULL,
	"occurred_at" timestamp(3) with time zone NOT NULL,
	"available_at" timestamp(3) with time zone NOT NULL,
	"imported_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"id" text PRIMARY KEY NOT NULL,
	"result" jsonb NOT NULL,
	"made_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statement_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"sequence" integer NOT NULL,
	"reference" text,
	"end_to_end_id" text,
	"text" text NOT NULL,
	"counterparty" text,
	"return_reason" text,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"charges_minor" "minor_units",
	"booked_at" timestamp(3) with time zone NOT NULL,
	"matched_to" text,
	CONSTRAINT "statement_lines_matchedTo_unique" UNIQUE("matched_to")
);
--> statement-breakpoint
CREATE TABLE "evidence_packs" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"revision" integer NOT NULL,
	"manifest_hash" text NOT NULL,
	"key_id" text NOT NULL,
	"zip" "bytea" NOT NULL,
	"sealed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "evidence_packs_sessionId_revision_unique" UNIQUE("session_id","revision")
);
--> statement-breakpoint
CREATE TABLE "invoice_series" (
	"issuer_id" text NOT NULL,
	"series" text NOT NULL,
	"next" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "invoice_series_issuer_id_series_pk" PRIMARY KEY("issuer_id","series")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"buyer_account_id" text NOT NULL,
	"kind" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"series" text NOT NULL,
	"number" integer NOT NULL,
	"document_number" text NOT NULL,
	"currency" text NOT NULL,
	"net_minor" "minor_units" NOT NULL,
	"vat_minor" "minor_units" NOT NULL,
	"gross_minor" "minor_units" NOT NULL,
	"body" jsonb NOT NULL,
	"xml" text NOT NULL,
	"issued_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "invoices_sellerId_series_number_unique" UNIQUE("seller_id","series","number"),
	CONSTRAINT "invoices_sessionId_kind_revision_unique" UNIQUE("session_id","kind","revision")
);
--> statement-breakpoint
CREATE TABLE "payables" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text,
	"split_item_id" text,
	"payee_id" text NOT NULL,
	"role" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"detail" jsonb NOT NULL,
	"revision" integer NOT NULL,
	"provisional" boolean DEFAULT false NOT NULL,
	"sla_deadline" timestamp(3) with time zone NOT NULL,
	"settlement_id" text,
	"held_reason" text,
	"waits" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "payables_sessionId_revision_role_payeeId_waits_unique" UNIQUE("session_id","revision","role","payee_id","waits"),
	CONSTRAINT "payables_splitItemId_role_payeeId_unique" UNIQUE("split_item_id","role","payee_id"),
	CONSTRAINT "payables_role" CHECK ("payables"."role" ~ '^[a-z][a-z0-9_]{1,31}$')
);
--> statement-breakpoint
CREATE TABLE "settlements" (
	"id" text PRIMARY KEY NOT NULL,
	"payee_id" text NOT NULL,
	"role" text NOT NULL,
	"currency" text NOT NULL,
	"batch" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"attempt" integer DEFAULT 1 NOT NULL,
	"sent_to_key" text,
	"amount_minor" "minor_units" NOT NULL,
	"session_count" integer NOT NULL,
	"sla_deadline" timestamp(3) with time zone NOT NULL,
	"payout_reference" text,
	"statement_pdf" text,
	"statement" text,
	"cut_off_at" timestamp(3) with time zone NOT NULL,
	"paid_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "settlements_payeeId_role_currency_batch_unique" UNIQUE("payee_id","role","currency","batch"),
	CONSTRAINT "settlements_role" CHECK ("settlements"."role" ~ '^[a-z][a-z0-9_]{1,31}$')
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"key_id" text PRIMARY KEY NOT NULL,
	"public_key_spki" text NOT NULL,
	"sealed_private" "bytea",
	"valid_from" timestamp(3) with time zone NOT NULL,
	"valid_until" timestamp(3) with time zone,
	"compromised_since" timestamp(3) with time zone,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bank_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"type" text NOT NULL,
	"country" text,
	"currency" text NOT NULL,
	"details" text NOT NULL,
	"number_key" text NOT NULL,
	"state" text NOT NULL,
	"payee_check" text,
	"check_name" text,
	"checked_at" timestamp(3) with time zone,
	"usable_from" timestamp(3) with time zone NOT NULL,
	"proposed_by" text,
	"confirmed_by" text,
	"reason" text,
	"active_from" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payout_files" (
	"id" text PRIMARY KEY NOT NULL,
	"currency" text NOT NULL,
	"is_instant" boolean NOT NULL,
	"execute_on" text NOT NULL,
	"transfers" integer NOT NULL,
	"total_minor" "minor_units" NOT NULL,
	"xml" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"reported_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"settlement_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"payee_id" text NOT NULL,
	"role" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"rail" text NOT NULL,
	"rail_reason" text NOT NULL,
	"is_instant" boolean DEFAULT false NOT NULL,
	"bank_account_id" text NOT NULL,
	"state" text NOT NULL,
	"file_id" text,
	"bank_reference" text,
	"provider_transfer" text,
	"failure_code" text,
	"failure_reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"sent_at" timestamp(3) with time zone,
	"paid_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "payouts_settlementId_attempt_unique" UNIQUE("settlement_id","attempt"),
	CONSTRAINT "payouts_role" CHECK ("payouts"."role" ~ '^[a-z][a-z0-9_]{1,31}$')
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"action" text NOT NULL,
	"subject_id" text NOT NULL,
	"terms" jsonb NOT NULL,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp(3) with time zone NOT NULL,
	"approved_by" text,
	"approved_at" timestamp(3) with time zone,
	CONSTRAINT "approvals_action_subject_id_pk" PRIMARY KEY("action","subject_id")
);
--> statement-breakpoint
CREATE TABLE "bank_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"account_id" text NOT NULL,
	"purpose" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" "minor_units" NOT NULL,
	"unmatched_minor" "minor_units" NOT NULL,
	"status" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp(3) with time zone NOT NULL,
	"released_to" text,
	"closed_at" timestamp(3) with time zone,
	"closed_reason" text,
	"closed_by" text,
	CONSTRAINT "bank_lines_reference_unique" UNIQUE("reference")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"account_id" text,
	"session_id" text,
	"cause" text NOT NULL,
	"detail" jsonb NOT NULL,
	"currency" text,
	"amount_minor" "minor_units",
	"energy_wh" numeric,
	"actions" text[] NOT NULL,
	"status" text NOT NULL,
	"occurrences" integer NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"last_seen_at" timestamp(3) with time zone NOT NULL,
	"action" text,
	"reason" text,
	"resolved_by" text,
	"resolved_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "platform_settings" (
	"id" text PRIMARY KEY NOT NULL,
	"market" text,
	"account_id" text,
	"settings" jsonb NOT NULL,
	"reason" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
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
	"deposit_minor" "minor_units" DEFAULT 0 NOT NULL,
	"reserve_minor" "minor_units" DEFAULT 0 NOT NULL,
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
	"sale_minor" "minor_units" DEFAULT 0 NOT NULL,
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
	CONSTRAINT "ratings_sessionId_purpose_usageHash_saleMinor_unique" UNIQUE("session_id","purpose","usage_hash","sale_minor")
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
CREATE TABLE "access_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"cpo_id" text NOT NULL,
	"name" text NOT NULL,
	"evses" text[],
	"locations" text[],
	"admits" jsonb NOT NULL,
	"hours" jsonb NOT NULL,
	"end_at_close" boolean NOT NULL,
	"effective_from" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"cpo_id" text NOT NULL,
	"partner_id" text NOT NULL,
	"proposed_by" text NOT NULL,
	"status" text NOT NULL,
	"name" text NOT NULL,
	"driver_groups" text[],
	"evses" text[],
	"locations" text[],
	"rate_agreement" text,
	"split_policy" text,
	"effective_from" timestamp(3) with time zone NOT NULL,
	"effective_to" timestamp(3) with time zone,
	"active_from" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"decided_by" text,
	"decided_at" timestamp(3) with time zone,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "contracts_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "driver_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"drivers" text[] NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_package_faults" (
	"id" text PRIMARY KEY NOT NULL,
	"package_id" text NOT NULL,
	"cpo_id" text NOT NULL,
	"hook" text NOT NULL,
	"session_id" text,
	"subject" text NOT NULL,
	"fault" text NOT NULL,
	"message" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_packages" (
	"id" text PRIMARY KEY NOT NULL,
	"cpo_id" text NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"hooks" text[] NOT NULL,
	"schema_version" integer NOT NULL,
	"on_error" text NOT NULL,
	"source" text NOT NULL,
	"sha256" text NOT NULL,
	"goldens" jsonb NOT NULL,
	"status" text NOT NULL,
	"faults_in_row" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"activated_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "policy_packages_cpoId_name_version_unique" UNIQUE("cpo_id","name","version")
);
--> statement-breakpoint
CREATE TABLE "policy_runs" (
	"hook" text NOT NULL,
	"subject" text NOT NULL,
	"session_id" text,
	"cpo_id" text NOT NULL,
	"package_id" text NOT NULL,
	"sha256" text NOT NULL,
	"facts_hash" text NOT NULL,
	"facts" jsonb NOT NULL,
	"answer" jsonb,
	"fault" text,
	"message" text,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "policy_runs_hook_subject_pk" PRIMARY KEY("hook","subject")
);
--> statement-breakpoint
CREATE TABLE "access_denials" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text,
	"key_id" text,
	"operation" text NOT NULL,
	"subject" text NOT NULL,
	"owner_id" text,
	"code" text NOT NULL,
	"count" integer NOT NULL,
	"first_at" timestamp(3) with time zone NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	"request_id" text NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "access_denials_kind_unique" UNIQUE("kind")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"position" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"account_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"type" text GENERATED ALWAYS AS (body ->> 'type') STORED NOT NULL,
	"object_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id"),
	CONSTRAINT "events_dedupeKey_unique" UNIQUE("dedupe_key"),
	CONSTRAINT "events_accountId_objectId_sequence_unique" UNIQUE("account_id","object_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"account_id" text NOT NULL,
	"key" text NOT NULL,
	"operation" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"resource_id" text NOT NULL,
	"state" text NOT NULL,
	"locked_at" timestamp(3) with time zone NOT NULL,
	"status" integer,
	"response" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"name" text PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"granted" integer NOT NULL,
	"filled_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"object_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(3) with time zone NOT NULL,
	"leased_until" timestamp(3) with time zone,
	"log" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "webhook_deliveries_endpointId_eventId_unique" UNIQUE("endpoint_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp(3) with time zone,
	"event_types" text[] NOT NULL,
	"status" text DEFAULT 'enabled' NOT NULL,
	"disabled_reason" text,
	"failing_since" timestamp(3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"rest_until" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_replays" (
	"id" text PRIMARY KEY NOT NULL,
	"endpoint_id" text NOT NULL,
	"from_at" timestamp(3) with time zone NOT NULL,
	"to_at" timestamp(3) with time zone NOT NULL,
	"types" text[],
	"position" bigint DEFAULT 0 NOT NULL,
	"next_page_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"key_id" text PRIMARY KEY NOT NULL,
	"proof" text NOT NULL,
	"since" timestamp(3) with time zone NOT NULL,
	"last_used_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_proposed_by_accounts_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drivers" ADD CONSTRAINT "drivers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party_claims" ADD CONSTRAINT "party_claims_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_sources" ADD CONSTRAINT "payment_sources_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_sources" ADD CONSTRAINT "payment_sources_driver_id_drivers_id_fk" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_partner_id_accounts_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_agreements" ADD CONSTRAINT "rate_agreements_proposed_by_accounts_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_driver_id_drivers_id_fk" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_payment_source_id_payment_sources_id_fk" FOREIGN KEY ("payment_source_id") REFERENCES "public"."payment_sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vat_checks" ADD CONSTRAINT "vat_checks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vat_checks" ADD CONSTRAINT "vat_checks_recorded_by_accounts_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_goldens" ADD CONSTRAINT "split_goldens_created_by_accounts_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_policies" ADD CONSTRAINT "split_policies_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_policies" ADD CONSTRAINT "split_policies_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_simulation_lines" ADD CONSTRAINT "split_simulation_lines_simulation_id_split_simulations_id_fk" FOREIGN KEY ("simulation_id") REFERENCES "public"."split_simulations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_simulations" ADD CONSTRAINT "split_simulations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_usage" ADD CONSTRAINT "connector_usage_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connectors" ADD CONSTRAINT "connectors_evse_id_evses_id_fk" FOREIGN KEY ("evse_id") REFERENCES "public"."evses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evses" ADD CONSTRAINT "evses_location_id_locations_id_fk" FOREIGN KEY ("location_id") REFERENCES "public"."locations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evses" ADD CONSTRAINT "evses_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evses" ADD CONSTRAINT "evses_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "locations" ADD CONSTRAINT "locations_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "locations" ADD CONSTRAINT "locations_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_keys" ADD CONSTRAINT "meter_keys_evse_id_evses_id_fk" FOREIGN KEY ("evse_id") REFERENCES "public"."evses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_keys" ADD CONSTRAINT "meter_keys_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tariffs" ADD CONSTRAINT "tariffs_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "supply_sessions" ADD CONSTRAINT "supply_sessions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_authorizations" ADD CONSTRAINT "token_authorizations_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charge_stations" ADD CONSTRAINT "charge_stations_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charge_stations" ADD CONSTRAINT "charge_stations_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ocpp_transactions" ADD CONSTRAINT "ocpp_transactions_charge_station_id_charge_stations_id_fk" FOREIGN KEY ("charge_station_id") REFERENCES "public"."charge_stations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cdrs" ADD CONSTRAINT "cdrs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_quote_id_quotes_id_fk" FOREIGN KEY ("quote_id") REFERENCES "public"."quotes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_evse_id_evses_id_fk" FOREIGN KEY ("evse_id") REFERENCES "public"."evses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debts" ADD CONSTRAINT "debts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debts" ADD CONSTRAINT "debts_payment_source_id_payment_sources_id_fk" FOREIGN KEY ("payment_source_id") REFERENCES "public"."payment_sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_endpoints" ADD CONSTRAINT "payment_endpoints_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_payment_source_id_payment_sources_id_fk" FOREIGN KEY ("payment_source_id") REFERENCES "public"."payment_sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prepaid_balances" ADD CONSTRAINT "prepaid_balances_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "psp_accounts" ADD CONSTRAINT "psp_accounts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risk_policies" ADD CONSTRAINT "risk_policies_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risk_policies" ADD CONSTRAINT "risk_policies_payment_source_id_payment_sources_id_fk" FOREIGN KEY ("payment_source_id") REFERENCES "public"."payment_sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_partner_id_accounts_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_opened_by_accounts_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_balances" ADD CONSTRAINT "ledger_balances_account_id_ledger_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_account_id_currency_ledger_accounts_id_currency_fk" FOREIGN KEY ("account_id","currency") REFERENCES "public"."ledger_accounts"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suspense_items" ADD CONSTRAINT "suspense_items_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_sequence_bank_statements_sequence_fk" FOREIGN KEY ("sequence") REFERENCES "public"."bank_statements"("sequence") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_seller_id_accounts_id_fk" FOREIGN KEY ("seller_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_buyer_account_id_accounts_id_fk" FOREIGN KEY ("buyer_account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payables" ADD CONSTRAINT "payables_payee_id_accounts_id_fk" FOREIGN KEY ("payee_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlements" ADD CONSTRAINT "settlements_payee_id_accounts_id_fk" FOREIGN KEY ("payee_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_accounts" ADD CONSTRAINT "bank_accounts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_payee_id_accounts_id_fk" FOREIGN KEY ("payee_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_settings" ADD CONSTRAINT "platform_settings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
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
ALTER TABLE "access_rules" ADD CONSTRAINT "access_rules_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_partner_id_accounts_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_proposed_by_accounts_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "driver_groups" ADD CONSTRAINT "driver_groups_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_package_faults" ADD CONSTRAINT "policy_package_faults_package_id_policy_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."policy_packages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_package_faults" ADD CONSTRAINT "policy_package_faults_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_packages" ADD CONSTRAINT "policy_packages_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_runs" ADD CONSTRAINT "policy_runs_cpo_id_accounts_id_fk" FOREIGN KEY ("cpo_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_runs" ADD CONSTRAINT "policy_runs_package_id_policy_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."policy_packages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_replays" ADD CONSTRAINT "webhook_replays_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agreements_account_id_side_active_from_index" ON "agreements" USING btree ("account_id","side","active_from");--> statement-breakpoint
CREATE UNIQUE INDEX "party_claims_owner" ON "party_claims" USING btree ("country_code","party_id") WHERE kind = 'own' and status = 'verified';--> statement-breakpoint
CREATE INDEX "rate_agreements_cpo_id_id_index" ON "rate_agreements" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "rate_agreements_partner_id_cpo_id_status_index" ON "rate_agreements" USING btree ("partner_id","cpo_id","status");--> statement-breakpoint
CREATE INDEX "tokens_updated_at_index" ON "tokens" USING btree ("updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_of_chargers" ON "tokens" USING btree ("uid_key") WHERE is_first;--> statement-breakpoint
CREATE INDEX "vat_checks_account_id_recorded_at_index" ON "vat_checks" USING btree ("account_id","recorded_at");--> statement-breakpoint
CREATE INDEX "split_goldens_policy_id_index" ON "split_goldens" USING btree ("policy_id");--> statement-breakpoint
CREATE INDEX "split_items_supplier_id_index" ON "split_items" USING btree ("supplier_id");--> statement-breakpoint
CREATE INDEX "split_policies_cpo_id_level_index" ON "split_policies" USING btree ("cpo_id","level");--> statement-breakpoint
CREATE INDEX "split_shares_policy_id_version_site_id_period_index" ON "split_shares" USING btree ("policy_id","version","site_id","period");--> statement-breakpoint
CREATE INDEX "split_shares_payee_id_session_id_index" ON "split_shares" USING btree ("payee_id","session_id");--> statement-breakpoint
CREATE INDEX "split_simulations_policy_id_index" ON "split_simulations" USING btree ("policy_id");--> statement-breakpoint
CREATE UNIQUE INDEX "connectors_ocpi_key" ON "connectors" USING btree ("evse_id",lower("ocpi_id"));--> statement-breakpoint
CREATE UNIQUE INDEX "evses_ocpi_key" ON "evses" USING btree ("location_id",lower("ocpi_uid"));--> statement-breakpoint
CREATE INDEX "evses_ocpi_uid" ON "evses" USING btree ("connection_id",lower("ocpi_uid"));--> statement-breakpoint
CREATE INDEX "evses_evse_key_index" ON "evses" USING btree ("evse_key");--> statement-breakpoint
CREATE INDEX "evses_operator" ON "evses" USING btree ("operator","cpo_id");--> statement-breakpoint
CREATE UNIQUE INDEX "evses_charge_station_id_ocpp_evse_id_index" ON "evses" USING btree ("charge_station_id","ocpp_evse_id");--> statement-breakpoint
CREATE UNIQUE INDEX "locations_ocpi_key" ON "locations" USING btree ("connection_id","country_code","party_id",lower("ocpi_id"));--> statement-breakpoint
CREATE INDEX "locations_cpo_id_id_index" ON "locations" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "tariffs_peers" ON "tariffs" USING btree ("market_country","currency","power_class") WHERE superseded_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tariffs_ocpi_key" ON "tariffs" USING btree ("connection_id","country_code","party_id",lower("ocpi_id"),"version");--> statement-breakpoint
CREATE UNIQUE INDEX "tariffs_in_force" ON "tariffs" USING btree ("id") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "tariffs_cpo_id_id_index" ON "tariffs" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "supply_sessions_session_id_index" ON "supply_sessions" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "token_authorizations_connection_id_token_key_granted_at_index" ON "token_authorizations" USING btree ("connection_id","token_key","granted_at");--> statement-breakpoint
CREATE INDEX "commands_session_id_index" ON "commands" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "commands_token_key" ON "commands" USING btree (("detail" ->> 'tokenKey'));--> statement-breakpoint
CREATE INDEX "ocpp_transactions_charge_station_id_stopped_at_index" ON "ocpp_transactions" USING btree ("charge_station_id","stopped_at");--> statement-breakpoint
CREATE INDEX "protocol_messages_session_id_index" ON "protocol_messages" USING btree ("session_id") WHERE "protocol_messages"."session_id" is not null;--> statement-breakpoint
CREATE INDEX "protocol_messages_peer_id_at_index" ON "protocol_messages" USING btree ("peer_id","at");--> statement-breakpoint
CREATE INDEX "supply_events_delivered_at_id_index" ON "supply_events" USING btree ("delivered_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "cdrs_ocpi_key" ON "cdrs" USING btree ("connection_id","country_code","party_id",lower("ocpi_id"));--> statement-breakpoint
CREATE INDEX "cdrs_session_id_index" ON "cdrs" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "cdrs_connection_id_received_at_index" ON "cdrs" USING btree ("connection_id","received_at");--> statement-breakpoint
CREATE INDEX "price_proofs_session_id_id_index" ON "price_proofs" USING btree ("session_id","id");--> statement-breakpoint
CREATE INDEX "quotes_account_id_id_index" ON "quotes" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "quotes_tariff_id_expires_at_index" ON "quotes" USING btree ("tariff_id","expires_at");--> statement-breakpoint
CREATE INDEX "sessions_account_id_external_id_index" ON "sessions" USING btree ("account_id","external_id");--> statement-breakpoint
CREATE INDEX "sessions_account_id_id_index" ON "sessions" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "sessions_cpo_id_id_index" ON "sessions" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "sessions_evse_id_driver_id_index" ON "sessions" USING btree ("evse_id","driver_id");--> statement-breakpoint
CREATE INDEX "sessions_token_key_index" ON "sessions" USING btree ("token_key");--> statement-breakpoint
CREATE INDEX "sessions_id_any_case" ON "sessions" USING btree (upper("id"));--> statement-breakpoint
CREATE INDEX "sessions_supply_ref_any_case" ON "sessions" USING btree (upper("supply_ref"));--> statement-breakpoint
CREATE INDEX "timeline_session_id_id_index" ON "timeline" USING btree ("session_id","id");--> statement-breakpoint
CREATE INDEX "payments_status_release_by_index" ON "payments" USING btree ("status","release_by");--> statement-breakpoint
CREATE INDEX "payments_payment_source_id_index" ON "payments" USING btree ("payment_source_id");--> statement-breakpoint
CREATE INDEX "refunds_session_id_index" ON "refunds" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "refunds_look_at_index" ON "refunds" USING btree ("look_at") WHERE "refunds"."look_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_live" ON "disputes" USING btree ("kind","session_id") WHERE kind <> 'chargeback' and status in ('open', 'needs_response', 'under_review');--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_of_provider" ON "disputes" USING btree ("provider_reference");--> statement-breakpoint
CREATE INDEX "disputes_partner_id_id_index" ON "disputes" USING btree ("partner_id","id");--> statement-breakpoint
CREATE INDEX "disputes_cpo_id_id_index" ON "disputes" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "disputes_session_id_index" ON "disputes" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "ledger_entries_session_id_index" ON "ledger_entries" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "ledger_entries_effective_at_index" ON "ledger_entries" USING btree ("effective_at");--> statement-breakpoint
CREATE INDEX "suspense_items_cpo_id_status_id_index" ON "suspense_items" USING btree ("cpo_id","status","id");--> statement-breakpoint
CREATE INDEX "suspense_items_due" ON "suspense_items" USING btree ("dispute_due_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "suspense_items_session_id_index" ON "suspense_items" USING btree ("session_id");--> statement-breakpoint
CREATE UNIQUE INDEX "open_items_open" ON "open_items" USING btree ("kind","subject") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "provider_movements_session_id_index" ON "provider_movements" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "provider_movements_occurred_at_index" ON "provider_movements" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "provider_movements_source_index" ON "provider_movements" USING btree ("source");--> statement-breakpoint
CREATE INDEX "statement_lines_end_to_end_id_index" ON "statement_lines" USING btree ("end_to_end_id");--> statement-breakpoint
CREATE INDEX "payables_settlement_id_payee_id_currency_index" ON "payables" USING btree ("settlement_id","payee_id","currency");--> statement-breakpoint
CREATE INDEX "bank_accounts_account_id_id_index" ON "bank_accounts" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_accounts_active" ON "bank_accounts" USING btree ("account_id","currency") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "bank_accounts_pending" ON "bank_accounts" USING btree ("account_id","currency") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "payouts_payee_id_id_index" ON "payouts" USING btree ("payee_id","id");--> statement-breakpoint
CREATE INDEX "payouts_file_id_index" ON "payouts" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "payouts_open" ON "payouts" USING btree ("rail","state") WHERE state in ('created', 'sent');--> statement-breakpoint
CREATE INDEX "payouts_provider_transfer_index" ON "payouts" USING btree ("provider_transfer");--> statement-breakpoint
CREATE INDEX "bank_lines_status_id_index" ON "bank_lines" USING btree ("status","id");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_open" ON "incidents" USING btree ("kind","subject_type","subject_id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "incidents_account_id_id_index" ON "incidents" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "incidents_session_id_index" ON "incidents" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "platform_settings_account_id_market_id_index" ON "platform_settings" USING btree ("account_id","market","id");--> statement-breakpoint
CREATE INDEX "allowance_uses_subscription_id_period_index" ON "allowance_uses" USING btree ("subscription_id","period");--> statement-breakpoint
CREATE INDEX "plans_owner_id_id_index" ON "plans" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "ratings_account_id_purpose_created_at_index" ON "ratings" USING btree ("account_id","purpose","created_at");--> statement-breakpoint
CREATE INDEX "reimbursement_rates_account_id_id_index" ON "reimbursement_rates" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_account_id_id_index" ON "subscriptions" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_owner_id_id_index" ON "subscriptions" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_driver_id_index" ON "subscriptions" USING btree ("driver_id");--> statement-breakpoint
CREATE INDEX "access_rules_cpo_id_id_index" ON "access_rules" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "contracts_cpo_id_id_index" ON "contracts" USING btree ("cpo_id","id");--> statement-breakpoint
CREATE INDEX "contracts_partner_id_cpo_id_status_index" ON "contracts" USING btree ("partner_id","cpo_id","status");--> statement-breakpoint
CREATE INDEX "contracts_rate_agreement_index" ON "contracts" USING btree ("rate_agreement");--> statement-breakpoint
CREATE INDEX "driver_groups_account_id_id_index" ON "driver_groups" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "policy_package_faults_package_id_id_index" ON "policy_package_faults" USING btree ("package_id","id");--> statement-breakpoint
CREATE INDEX "policy_packages_cpo_id_status_index" ON "policy_packages" USING btree ("cpo_id","status");--> statement-breakpoint
CREATE INDEX "policy_runs_session_id_index" ON "policy_runs" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "access_denials_account_id_id_index" ON "access_denials" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "events_account_id_position_index" ON "events" USING btree ("account_id","position");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint_id_id_index" ON "webhook_deliveries" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint_id_next_attempt_at_index" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint_id_object_id_sequence_index" ON "webhook_deliveries" USING btree ("endpoint_id","object_id","sequence") WHERE state = 'pending';
