-- The ledger's guards. Application code cannot switch them off: they hold for every writer of these tables,
-- the owner included, and the product's roles cannot write them at all except through ledger_post.
ALTER TABLE ledger_accounts
  ADD CONSTRAINT ledger_accounts_currency CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT ledger_accounts_code CHECK (length(code) BETWEEN 1 AND 200);
--> statement-breakpoint
ALTER TABLE ledger_postings ADD CONSTRAINT ledger_postings_amount CHECK (amount_minor <> 0);
--> statement-breakpoint
-- Reading one account's balance needs the index alone.
CREATE INDEX ledger_postings_balance ON ledger_postings (account_id, entry_id) INCLUDE (amount_minor, currency);
--> statement-breakpoint
-- Checked at the end of every statement that adds legs, for every entry it touches:
-- zero sum in every currency, and sealed: legs join their entry in the tx that makes the entry, or never, so
-- even a balanced pair comes too late. Not deferrable: SET CONSTRAINTS does not reach it, and no moment exists
-- in which an unbalanced entry can be read. Checking each leg alone at commit costs twice the time.
CREATE FUNCTION ledger_check_postings() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  touched bigint[] := ARRAY(SELECT DISTINCT entry_id FROM fresh);
  wrong bigint;
BEGIN
  SELECT t.id INTO wrong
    FROM unnest(touched) t (id)
    LEFT JOIN LATERAL (SELECT e.xid FROM ledger_entries e WHERE e.id = t.id LIMIT 1) made ON true
    WHERE made.xid IS DISTINCT FROM pg_current_xact_id() LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger entry % is sealed', wrong
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'ledger_sealed';
  END IF;
  SELECT entry_id INTO wrong
    FROM ledger_postings WHERE entry_id = ANY (touched)
    GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger entry % does not sum to zero in every currency', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_zero_sum_and_sealed AFTER INSERT ON ledger_postings
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();
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
-- The only way to write. `entries` is [{"key", "kind", "session", "effective_at", "legs":
-- [{"account", "currency", "amount_minor"}, …]}, …]; debits are positive. Gives the entries' ids in their order.
-- Same key and same body: the first entry's id. Same key and another body: LE409. All or nothing.
-- LATERAL … LIMIT 1 keeps each look-up one index probe: a join would be planned for a table's size of today.
-- Generic plans, because planning anew for each call costs as much as the call.
CREATE FUNCTION ledger_post_all(entries jsonb) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  keys text[];
  kinds text[];
  sessions text[];
  instants timestamptz[];
  all_legs jsonb[];
  bodies bytea[];
  ids bigint[];
  reused text;
BEGIN
  SELECT array_agg(e ->> 'key' ORDER BY n), array_agg(e ->> 'kind' ORDER BY n),
      array_agg(e ->> 'session' ORDER BY n), array_agg((e ->> 'effective_at')::timestamptz ORDER BY n),
      array_agg(e -> 'legs' ORDER BY n),
      array_agg(sha256(convert_to(jsonb_build_array(e -> 'kind', e -> 'session',
        extract(epoch FROM (e ->> 'effective_at')::timestamptz), e -> 'legs')::text, 'UTF8')) ORDER BY n)
    INTO keys, kinds, sessions, instants, all_legs, bodies
    FROM jsonb_array_elements(entries) WITH ORDINALITY item (e, n);

  -- The first movement of an account makes the account.
  INSERT INTO ledger_accounts (code, currency)
    SELECT wanted.code, wanted.currency FROM (
      SELECT DISTINCT ON (leg ->> 'account') leg ->> 'account', leg ->> 'currency'
      FROM unnest(all_legs) legs, jsonb_array_elements(legs) leg ORDER BY leg ->> 'account'
    ) wanted (code, currency)
    LEFT JOIN LATERAL (SELECT k.id FROM ledger_accounts k WHERE k.code = wanted.code LIMIT 1) known ON true
    WHERE known.id IS NULL
    ON CONFLICT (code) DO NOTHING;

  -- In the order of the keys, so that two batches with common keys wait for each other and do not deadlock.
  WITH made AS (
    INSERT INTO ledger_entries (idempotency_key, body_hash, kind, session_id, effective_at)
      SELECT * FROM unnest(keys, bodies, kinds, sessions, instants) w (key, body, kind, session, at) ORDER BY key
      ON CONFLICT (idempotency_key) DO NOTHING RETURNING id, idempotency_key
  )
  INSERT INTO ledger_postings (entry_id, leg, account_id, currency, amount_minor)
    SELECT made.id, leg.number, account.id, leg.body ->> 'currency', (leg.body ->> 'amount_minor')::bigint
    FROM made
    JOIN unnest(keys, all_legs) w (key, legs) ON w.key = made.idempotency_key
    CROSS JOIN LATERAL jsonb_array_elements(w.legs) WITH ORDINALITY leg (body, number)
    LEFT JOIN LATERAL (
      SELECT k.id FROM ledger_accounts k WHERE k.code = leg.body ->> 'account' LIMIT 1) account ON true;

  SELECT array_agg(e.id ORDER BY w.n), min(w.key) FILTER (WHERE e.body_hash <> w.body)
    INTO ids, reused
    FROM unnest(keys, bodies) WITH ORDINALITY w (key, body, n)
    CROSS JOIN LATERAL (
      SELECT k.id, k.body_hash FROM ledger_entries k WHERE k.idempotency_key = w.key LIMIT 1) e;
  IF reused IS NOT NULL THEN
    RAISE EXCEPTION 'ledger key % was used for an entry with another body', reused
      USING ERRCODE = 'LE409', CONSTRAINT = 'ledger_body_hash';
  END IF;
  RETURN ids;
END $$;
--> statement-breakpoint
-- The same for one entry, in less time: most entries come alone.
CREATE FUNCTION ledger_post(
  entry_key text, entry_kind text, entry_session text, entry_effective_at timestamptz, legs jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  body bytea := sha256(convert_to(jsonb_build_array(
    entry_kind, entry_session, extract(epoch FROM entry_effective_at), legs)::text, 'UTF8'));
  entry bigint;
  known_body bytea;
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
  INSERT INTO ledger_accounts (code, currency)
    SELECT leg ->> 'account', leg ->> 'currency'
    FROM jsonb_array_elements(legs) leg
    LEFT JOIN LATERAL (
      SELECT k.id FROM ledger_accounts k WHERE k.code = leg ->> 'account' LIMIT 1) known ON true
    WHERE known.id IS NULL ORDER BY 1
    ON CONFLICT (code) DO NOTHING;
  INSERT INTO ledger_postings (entry_id, leg, account_id, currency, amount_minor)
    SELECT entry, leg.number, account.id, leg.body ->> 'currency', (leg.body ->> 'amount_minor')::bigint
    FROM jsonb_array_elements(legs) WITH ORDINALITY leg (body, number)
    LEFT JOIN LATERAL (
      SELECT k.id FROM ledger_accounts k WHERE k.code = leg.body ->> 'account' LIMIT 1) account ON true;
  RETURN entry;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION ledger_post_all FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION ledger_post_all TO chargelane_platform;
--> statement-breakpoint
REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION ledger_post TO chargelane_platform;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_accounts, ledger_entries, ledger_postings
  FROM PUBLIC, chargelane_platform, chargelane_app;
