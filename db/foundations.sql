-- Money columns use this type: a value that JavaScript cannot hold exactly never enters.
CREATE DOMAIN minor_units AS bigint
  CONSTRAINT minor_units_safe_integer CHECK (VALUE BETWEEN -9007199254740991 AND 9007199254740991);
--> statement-breakpoint
-- Roles belong to the server, not the database, so another database may have made them just now.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['chargelane_platform', 'chargelane_app'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
    -- The login of the processes takes these roles with SET ROLE.
    IF NOT pg_has_role(current_user, wanted, 'SET') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE', wanted);
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO chargelane_platform, chargelane_app;
--> statement-breakpoint
-- Tables of the schema below. The ledger takes its part back; tenants are granted table by table.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO chargelane_platform;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO chargelane_platform, chargelane_app;
