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
