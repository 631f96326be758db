-- The ledger's guards. Application code cannot switch them off: they hold for every writer of these tables,
-- the owner included, and the product's roles cannot write them at all except through ledger_post.
ALTER TABLE ledger_accounts
  ADD CONSTRAINT ledger_accounts_currency CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT ledger_accounts_code CHECK (length(code) BETWEEN 1 AND 200);
--> statement-breakpoint
ALTER TABLE ledger_postings ADD CONSTRAINT ledger_postings_amount CHECK (amount_minor <> 0);
--> statement-breakpoint
-- Reading one account's balance needs the index alone.
CREATE INDEX ledger_postings_balance ON ledger_postings (account_id) INCLUDE (amount_minor, currency);
--> statement-breakpoint
-- Zero sum per currency, once per leg, when the tx commits. SET CONSTRAINTS … IMMEDIATE only checks earlier:
-- each further leg is checked again.
CREATE FUNCTION ledger_check_zero_sum() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM ledger_postings WHERE entry_id = NEW.entry_id
    GROUP BY currency HAVING sum(amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'ledger entry % does not sum to zero in every currency', NEW.entry_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER ledger_zero_sum AFTER INSERT ON ledger_postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_zero_sum();
--> statement-breakpoint
-- An entry moves something from somewhere to somewhere.
CREATE FUNCTION ledger_check_legs() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM ledger_postings WHERE entry_id = NEW.id LIMIT 2) legs) < 2 THEN
    RAISE EXCEPTION 'ledger entry % has fewer than two legs', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_two_legs';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER ledger_two_legs AFTER INSERT ON ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_legs();
--> statement-breakpoint
-- Sealed: legs join their entry in the tx that makes the entry, or never. Even a balanced pair comes too late.
CREATE FUNCTION ledger_check_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT xid FROM ledger_entries WHERE id = NEW.entry_id) IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION 'ledger entry % is sealed', NEW.entry_id
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'ledger_sealed';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_sealed BEFORE INSERT ON ledger_postings
  FOR EACH ROW EXECUTE FUNCTION ledger_check_sealed();
--> statement-breakpoint
-- The seal is worth nothing when a writer may choose the stamp it is compared with.
CREATE FUNCTION ledger_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.xid := pg_current_xact_id();
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_stamp BEFORE INSERT ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION ledger_stamp();
--> statement-breakpoint
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'ledger_append_only';
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
-- An account's currency and name are facts of every posting that refers to it.
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
-- The only way to write. `legs` is [{"account": code, "currency": "EUR", "amount_minor": 100}, …], debits positive.
-- Same key and same body: the first entry's id. Same key and another body: LE409.
CREATE FUNCTION ledger_post(
  entry_key text, entry_kind text, entry_session text, entry_effective_at timestamptz, legs jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  body bytea := sha256(convert_to(jsonb_build_array(
    entry_kind, entry_session, extract(epoch FROM entry_effective_at), legs)::text, 'UTF8'));
  entry bigint;
  known_body bytea;
  posted integer;
  wanted integer := jsonb_array_length(legs);
BEGIN
  INSERT INTO ledger_entries (idempotency_key, body_hash, kind, session_id, effective_at)
    VALUES (entry_key, body, entry_kind, entry_session, entry_effective_at)
    ON CONFLICT (idempotency_key) DO NOTHING RETURNING id INTO entry;
  IF entry IS NULL THEN
    SELECT id, body_hash INTO STRICT entry, known_body FROM ledger_entries WHERE idempotency_key = entry_key;
    IF known_body <> body THEN
      RAISE EXCEPTION 'ledger key % was used for an entry with another body', entry_key
        USING ERRCODE = 'LE409', CONSTRAINT = 'ledger_body_hash';
    END IF;
    RETURN entry;
  END IF;
  INSERT INTO ledger_postings (entry_id, leg, account_id, currency, amount_minor)
    SELECT entry, leg.number, a.id, leg.body ->> 'currency', (leg.body ->> 'amount_minor')::bigint
    FROM jsonb_array_elements(legs) WITH ORDINALITY leg (body, number)
    JOIN ledger_accounts a ON a.code = leg.body ->> 'account';
  GET DIAGNOSTICS posted = ROW_COUNT;
  IF posted <> wanted THEN
    -- The first movement of an account makes the account.
    INSERT INTO ledger_accounts (code, currency)
      SELECT DISTINCT ON (l ->> 'account') l ->> 'account', l ->> 'currency'
      FROM jsonb_array_elements(legs) l ORDER BY l ->> 'account'
      ON CONFLICT (code) DO NOTHING;
    INSERT INTO ledger_postings (entry_id, leg, account_id, currency, amount_minor)
      SELECT entry, leg.number, a.id, leg.body ->> 'currency', (leg.body ->> 'amount_minor')::bigint
      FROM jsonb_array_elements(legs) WITH ORDINALITY leg (body, number)
      JOIN ledger_accounts a ON a.code = leg.body ->> 'account'
      ON CONFLICT (entry_id, leg) DO NOTHING;
  END IF;
  RETURN entry;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION ledger_post TO chargelane_platform;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_accounts, ledger_entries, ledger_postings
  FROM PUBLIC, chargelane_platform, chargelane_app;
