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
  -- Which entry it takes back; the column is unique, so that none is taken back twice.
  NEW.reverses := (regexp_match(NEW.idempotency_key, '^reversal:(\d{1,18})$'))[1]::bigint;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_stamp BEFORE INSERT ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION ledger_stamp();
--> statement-breakpoint
-- Nothing counts in a closed period. Closing locks the table, so whoever comes later sees it.
CREATE FUNCTION ledger_check_period() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  wrong text;
BEGIN
  SELECT f.idempotency_key INTO wrong FROM fresh f
    WHERE f.effective_at < (SELECT max(open_from) FROM ledger_periods) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger entry % counts in a closed period', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_period AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_period();
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
-- What was closed stays closed.
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_closes
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_periods
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_balances
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
-- The last entry that no later commit can come before: ids are given before commits, so the writers that are at work are
-- waited for, in a tx of its own that lets them go on at once.
CREATE FUNCTION ledger_watermark() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
  LOCK TABLE ledger_entries IN SHARE MODE;
  RETURN coalesce((SELECT max(id) FROM ledger_entries), 0);
END $$;
--> statement-breakpoint
-- Writes down the sums of every account that moved since they were written last; `through` is a watermark.
CREATE FUNCTION ledger_fold(through bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  since bigint;
  written integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger_fold', 0));
  since := coalesce((SELECT max(through_entry) FROM ledger_balances), 0);
  INSERT INTO ledger_balances (account_id, through_entry, debit, credit)
    SELECT m.account_id, through, m.debit + coalesce(b.debit, 0), m.credit + coalesce(b.credit, 0)
    FROM (SELECT account_id, coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0) AS debit,
        coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0) AS credit
      FROM ledger_postings WHERE entry_id > since AND entry_id <= through GROUP BY account_id) m
    LEFT JOIN LATERAL (SELECT k.debit, k.credit FROM ledger_balances k WHERE k.account_id = m.account_id
      ORDER BY k.through_entry DESC LIMIT 1) b ON true;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END $$;
--> statement-breakpoint
-- Locks the writers out until it is committed: whoever books afterwards books in what is open.
CREATE FUNCTION ledger_close_period(open_from timestamptz, why text, proposer text, approver text, at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
  LOCK TABLE ledger_entries IN SHARE MODE;
  IF proposer = approver THEN
    RAISE EXCEPTION 'a period is closed by two' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_two_closers';
  END IF;
  IF open_from <= (SELECT max(p.open_from) FROM ledger_periods p) THEN
    RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period';
  END IF;
  INSERT INTO ledger_periods (open_from, reason, proposed_by, approved_by, closed_at)
    VALUES (open_from, why, proposer, approver, at);
END $$;
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
  open_from timestamptz := (SELECT max(p.open_from) FROM ledger_periods p);
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
    INSERT INTO ledger_entries (idempotency_key, body_hash, kind, session_id, effective_at, occurred_at)
      SELECT key, body, kind, session, greatest(at, open_from), CASE WHEN at < open_from THEN at END
      FROM unnest(keys, bodies, kinds, sessions, instants) w (key, body, kind, session, at) ORDER BY key
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
  open_from timestamptz := (SELECT max(p.open_from) FROM ledger_periods p);
BEGIN
  INSERT INTO ledger_entries (idempotency_key, body_hash, kind, session_id, effective_at, occurred_at)
    VALUES (entry_key, body, entry_kind, entry_session, greatest(entry_effective_at, open_from),
      CASE WHEN entry_effective_at < open_from THEN entry_effective_at END)
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
GRANT EXECUTE ON FUNCTION ledger_post, ledger_watermark, ledger_fold, ledger_close_period TO chargelane_platform;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_accounts, ledger_entries, ledger_postings, ledger_balances, ledger_periods
  FROM PUBLIC, chargelane_platform, chargelane_app;
--> statement-breakpoint
-- Row-level security, the second fence behind the account argument of every query. The role chargelane_app sees
-- what belongs to the account named by the setting chargelane.account: nothing when it is unset, everything
-- when it is '*' (finance and platform). The processes' own role sees all. What is granted to chargelane_app
-- here is all it can reach: tables without a grant (raw protocol messages, signed values, inboxes,
-- number series) stay shut. It is forced: even the owner of the tables sees no row. chargelane_guard owns the views and
-- functions that look behind the policies, and reaches what these need.
-- Who may do what is declared in `db/src/access/access-table.ts`; its test asks the server.
-- The setting is anybody's to write in a statement of its own, so it counts only with a proof that is made of it and of a
-- secret, which our processes read and tenants do not: `chargelane_proven`, asked by every table once per statement.
CREATE TABLE tenant_secret (secret text NOT NULL);
--> statement-breakpoint
INSERT INTO tenant_secret VALUES (gen_random_uuid()::text || gen_random_uuid()::text);
--> statement-breakpoint
REVOKE INSERT, UPDATE ON tenant_secret FROM chargelane_platform;
--> statement-breakpoint
CREATE FUNCTION chargelane_proven() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT current_setting('chargelane.proof', true) = encode(sha256(convert_to(
    s.secret || current_setting('chargelane.account', true) || s.secret, 'UTF8')), 'hex') FROM tenant_secret s);
END $$;
--> statement-breakpoint
-- The tx is one account's from here on: with the proof that our process may say so, and with a key that still counts.
CREATE FUNCTION chargelane_enter(account text, proof text, key_digest bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('chargelane.account', account, true), set_config('chargelane.proof', proof, true);
  IF chargelane_proven() IS NOT TRUE OR (key_digest IS NOT NULL AND NOT EXISTS (
      SELECT FROM api_keys k JOIN accounts a ON a.id = k.account_id
      WHERE k.digest = key_digest AND k.revoked_at IS NULL AND a.status = 'active')) THEN
    RAISE EXCEPTION 'the account may not be entered' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION chargelane_proven TO chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION chargelane_enter TO chargelane_app;
--> statement-breakpoint
CREATE FUNCTION chargelane_owns(owner text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('chargelane.account', true) IN (owner, '*');
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY platform ON %I TO chargelane_platform USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- What the guard's views and functions read and write.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT * FROM (VALUES
      ('accounts', 'SELECT'), ('api_keys', 'SELECT'), ('tenant_secret', 'SELECT'), ('connections', 'SELECT'), ('charge_stations', 'SELECT'), ('agreements', 'SELECT'),
      ('platform_settings', 'SELECT'), ('tariffs', 'SELECT'), ('credit_lines', 'SELECT'), ('payments', 'SELECT'), ('debts', 'SELECT'),
      ('sales', 'SELECT'), ('connector_usage', 'SELECT'), ('access_rules', 'SELECT'),
      ('evses', 'SELECT'), ('connectors', 'SELECT'), ('locations', 'SELECT, UPDATE (standards, max_power_w)'),
      ('ledger_accounts', 'SELECT, INSERT'), ('ledger_entries', 'SELECT, INSERT, MAINTAIN'),
      ('ledger_postings', 'SELECT, INSERT'), ('ledger_balances', 'SELECT, INSERT'), ('ledger_periods', 'SELECT, INSERT')
    ) AS rules (name, actions)
  LOOP
    EXECUTE format('GRANT %s ON %I TO chargelane_guard', rule.actions, rule.name);
    EXECUTE format('CREATE POLICY guard ON %I TO chargelane_guard USING (true) WITH CHECK (true)', rule.name);
  END LOOP;
END $$;
--> statement-breakpoint
-- Table, what the tenant may do there, and which rows are its own.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT * FROM (VALUES
      ('api_keys', 'SELECT, INSERT, UPDATE (revoked_at)', 'chargelane_owns(account_id)'),
      ('drivers', 'SELECT, INSERT', 'chargelane_owns(account_id)'),
      ('payment_sources', 'SELECT, INSERT, UPDATE (card, psp_customer, psp_payment_method, status)', 'chargelane_owns(account_id)'),
      ('payment_endpoints', 'SELECT, INSERT, UPDATE (url, secret, updated_at)', 'chargelane_owns(account_id)'),
      ('tokens', 'SELECT, INSERT, UPDATE (status, updated_at)', 'chargelane_owns(account_id)'),
      ('quotes', 'SELECT, INSERT, UPDATE (status)', 'chargelane_owns(account_id)'),
      ('events', 'SELECT, INSERT', 'chargelane_owns(account_id)'),
      ('idempotency_keys', 'SELECT, INSERT, UPDATE (state, status, response, locked_at), DELETE', 'chargelane_owns(account_id)'),
      ('webhook_endpoints', 'SELECT, INSERT, DELETE, UPDATE (url, event_types, status, disabled_reason, failing_since,
        failures, rest_until, secret, previous_secret, previous_secret_until)', 'chargelane_owns(account_id)'),
      ('webhook_deliveries', 'SELECT, INSERT, DELETE, UPDATE (state, attempts, next_attempt_at, leased_until)',
        'EXISTS (SELECT FROM webhook_endpoints w WHERE w.id = webhook_deliveries.endpoint_id)'),
      ('webhook_replays', 'SELECT, INSERT, DELETE',
        'EXISTS (SELECT FROM webhook_endpoints w WHERE w.id = webhook_replays.endpoint_id)'),
      ('connections', 'SELECT, INSERT, UPDATE (tariff_max_age_s, tariff_slo_s, tariffs_confirmed_at, status, status_reason,
          failures, open_until, versions_url, token_out, token_in_digest, previous_token_in_digest, previous_token_in_until,
          endpoints, quirks)', 'chargelane_owns(cpo_id)'),
      ('charge_stations', 'SELECT, INSERT', 'chargelane_owns(cpo_id)'),
      ('vat_checks', 'SELECT', 'chargelane_owns(account_id)'),
      ('payments', 'SELECT', 'chargelane_owns(account_id)'),
      ('debts', 'SELECT', 'chargelane_owns(account_id)'),
      ('payables', 'SELECT', 'chargelane_owns(payee_id)'),
      ('settlements', 'SELECT', 'chargelane_owns(payee_id)'),
      ('bank_accounts', 'SELECT', 'chargelane_owns(account_id)'),
      ('payouts', 'SELECT', 'chargelane_owns(payee_id)'),
      ('invoices', 'SELECT', 'chargelane_owns(seller_id) OR chargelane_owns(buyer_account_id)'),
      -- A session belongs to the partner who sold it and to the CPO who served it.
      ('sessions', 'SELECT', 'chargelane_owns(account_id) OR chargelane_owns(cpo_id)'),
      ('evse_claims', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = evse_claims.session_id)'),
      ('commands', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = commands.session_id)'),
      ('meter_values', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = meter_values.session_id)'),
      ('ocpp_transactions', 'SELECT',
        'EXISTS (SELECT FROM charge_stations c WHERE c.id = ocpp_transactions.charge_station_id)'),
      ('cdrs', 'SELECT', 'EXISTS (SELECT FROM connections c WHERE c.id = cdrs.connection_id)
        OR EXISTS (SELECT FROM sessions s WHERE s.id = cdrs.session_id)'),
      -- The books are one; no tenant reads them.
      ('ledger_accounts', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_entries', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_postings', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_balances', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_closes', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_periods', 'SELECT', 'chargelane_owns(''*'')')
    ) AS rules (name, actions, own)
  LOOP
    EXECUTE format('GRANT %s ON %I TO chargelane_app', rule.actions, rule.name);
    EXECUTE format('CREATE POLICY tenant ON %I TO chargelane_app USING (%s)', rule.name, rule.own);
  END LOOP;
END $$;
--> statement-breakpoint
-- What was promised is not written anew, by no role: a key keeps its scopes and its account, a quote its text and its
-- signature, a sale the terms it was made by, an agreement its share; what was said, measured, priced and printed stays.
REVOKE UPDATE ON bank_statements, provider_movements, reconciliations, api_keys, quotes, session_terms, agreements, rate_agreements, plans, subscriptions, vat_checks, events,
  drivers, evidence_packs, fx_rates, invoices, ledger_closes, meter_keys, platform_settings, protocol_messages, ratings, sales, signed_values, timeline,
  token_authorizations FROM chargelane_platform;
--> statement-breakpoint
-- These stay as they came; they are only sealed anew when their key is replaced. Nobody without the key can write another.
GRANT UPDATE (payload) ON protocol_messages TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (secret) ON session_terms TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (value) ON signed_values TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (xml) ON bank_statements TO chargelane_platform;
--> statement-breakpoint
REVOKE UPDATE ON data_keys, bank_accounts FROM chargelane_platform;
--> statement-breakpoint
-- A number never changes, and no account takes over another's: only whether it counts, and what its bank said.
GRANT UPDATE (details, check_name, state, payee_check, checked_at, confirmed_by, reason, active_from, ended_at)
  ON bank_accounts TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (last_used_at) ON data_keys TO chargelane_platform;
--> statement-breakpoint
GRANT DELETE ON data_keys TO chargelane_platform;
--> statement-breakpoint
GRANT DELETE ON evse_claims, idempotency_keys, webhook_endpoints, webhook_deliveries, webhook_replays
  TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (revoked_at) ON api_keys TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, session_id) ON quotes TO chargelane_platform;
--> statement-breakpoint
-- A charge that began with the plug is somebody's once a card is shown: what its meter signed goes with it.
GRANT UPDATE (session_id) ON signed_values TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, active_from, ended_at, decided_by, decided_at, reason) ON agreements TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (retired) ON plans TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (ends_at) ON subscriptions TO chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, active_from, ended_at, decided_by, decided_at, reason) ON rate_agreements TO chargelane_platform;
--> statement-breakpoint
-- A row of one's own names nothing of somebody else's. Asked of what tenants write alone: the processes read what they
-- name before they write it. `access/foreign-ids.test.ts` tries every column.
CREATE POLICY own_payer ON quotes AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (
  session_id IS NULL AND EXISTS (SELECT FROM payment_sources p WHERE p.id = quotes.payment_source_id
    AND p.account_id = quotes.account_id AND p.driver_id = quotes.driver_id));
--> statement-breakpoint
CREATE POLICY own_driver ON payment_sources AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM drivers d WHERE d.id = payment_sources.driver_id AND d.account_id = payment_sources.account_id));
--> statement-breakpoint
CREATE POLICY own_source ON tokens AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM payment_sources p WHERE p.id = tokens.payment_source_id AND p.account_id = tokens.account_id
    AND p.driver_id = tokens.driver_id));
--> statement-breakpoint
CREATE POLICY own_connection ON charge_stations AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM connections k WHERE k.id = charge_stations.connection_id AND k.cpo_id = charge_stations.cpo_id));
--> statement-breakpoint
CREATE POLICY own_connection ON locations AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM connections k WHERE k.id = locations.connection_id AND k.cpo_id = locations.cpo_id));
--> statement-breakpoint
CREATE POLICY own_connection ON tariffs AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM connections k WHERE k.id = tariffs.connection_id AND k.cpo_id = tariffs.cpo_id));
--> statement-breakpoint
CREATE POLICY own_place ON evses AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (
  EXISTS (SELECT FROM locations l WHERE l.id = evses.location_id AND l.cpo_id = evses.cpo_id
    AND l.connection_id = evses.connection_id)
  AND (charge_station_id IS NULL OR EXISTS (
    SELECT FROM charge_stations c WHERE c.id = evses.charge_station_id AND c.cpo_id = evses.cpo_id)));
--> statement-breakpoint
-- An event and its deliveries are written by one statement, and no policy sees what its own statement has written.
CREATE FUNCTION chargelane_deliver_own() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM events v JOIN webhook_endpoints w ON w.account_id = v.account_id
      WHERE v.id = NEW.event_id AND w.id = NEW.endpoint_id) THEN
    RAISE EXCEPTION 'a delivery takes an event to an endpoint of the same account'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER deliver_own AFTER INSERT ON webhook_deliveries FOR EACH ROW
  WHEN (current_user = 'chargelane_app') EXECUTE FUNCTION chargelane_deliver_own();
--> statement-breakpoint
-- An account sees the incidents that concern it. What an operator does may open or end one (a price that has to wait for
-- the platform), which is written in the name of all.
GRANT SELECT, INSERT, UPDATE ON incidents TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON incidents FOR SELECT TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY desk ON incidents TO chargelane_app USING (chargelane_owns('*'));
--> statement-breakpoint
-- A pack has both sides' terms in it: a tenant sees that there is one, and is given its own view of it.
GRANT SELECT (id, session_id, revision, manifest_hash, key_id, sealed_at) ON evidence_packs TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON evidence_packs TO chargelane_app
  USING (EXISTS (SELECT FROM sessions s WHERE s.id = evidence_packs.session_id));
--> statement-breakpoint
-- An account changes its own particulars, never its type, its share, its status or by what it is known.
GRANT SELECT ON accounts TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (payout_currency, address) ON accounts TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON accounts TO chargelane_app USING (chargelane_owns(id));
--> statement-breakpoint
-- An account claims parties for itself; the index that lets one claim of a party stand, and the platform, decide.
GRANT SELECT, INSERT ON party_claims TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON party_claims FOR SELECT TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY claim ON party_claims FOR INSERT TO chargelane_app
  WITH CHECK (chargelane_owns(account_id) AND kind = 'own' AND status IN ('verified', 'review'));
--> statement-breakpoint
-- Public supply: every tenant reads it, its CPO writes it.
GRANT SELECT, INSERT ON locations, evses, connectors, tariffs TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_supply ON locations FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY public_supply ON evses FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY public_supply ON connectors FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
-- What a connector usually gives decides the size of a hold, whoever asks for the quote. How much its operator sells
-- there is the operator's own; a mean of fewer sessions says little of the next one.
CREATE VIEW usual_energy AS
  SELECT connector_id, round(energy_wh)::int AS energy_wh FROM connector_usage WHERE sessions >= 5;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON usual_energy FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON usual_energy TO chargelane_platform, chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON locations TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
CREATE POLICY tenant ON evses TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
CREATE POLICY tenant ON connectors TO chargelane_app
  USING (EXISTS (SELECT FROM evses e WHERE e.id = connectors.evse_id AND chargelane_owns(e.cpo_id)));
--> statement-breakpoint
CREATE POLICY tenant ON tariffs TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
GRANT UPDATE (last_updated) ON locations TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (status, hold_confirmed_at, confirmed_at, unlisted_at, superseded_at, sold_until, problems, market_limits,
  market_country, power_class, standard_minor) ON tariffs TO chargelane_app;
--> statement-breakpoint
-- Reference rates are published to everyone.
-- Everybody reads what the platform set; the platform alone sets it, and no change is ever changed.
GRANT SELECT, INSERT ON platform_settings TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_settings ON platform_settings FOR SELECT TO chargelane_app
  USING (account_id IS NULL OR (chargelane_owns(account_id) AND (SELECT chargelane_proven())));
--> statement-breakpoint
CREATE POLICY desk ON platform_settings FOR INSERT TO chargelane_app WITH CHECK (chargelane_owns('*'));
--> statement-breakpoint
GRANT SELECT ON fx_rates TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_rates ON fx_rates FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
-- What everyone may know of an operator and of how it is reached. Views run with their owner's rights, so they
-- show these columns of rows that the policies above hide.
CREATE VIEW public_operators AS
  SELECT id, name, legal_name, country, vat_id, coalesce(vat_good_until > now(), false) AS vat_checked, tax_ids
  FROM accounts WHERE type = 'cpo';
--> statement-breakpoint
-- Whose price may be sold is asked by every search: the age of a connection's tariffs is public, as its state is.
CREATE VIEW public_connections AS
  SELECT id, cpo_id, protocol, status, country_code, party_id, open_until, tariffs_confirmed_at, tariff_max_age_s
  FROM connections;
--> statement-breakpoint
CREATE VIEW public_stations AS SELECT id, online FROM charge_stations;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON public_operators, public_connections, public_stations
  FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON public_operators, public_connections, public_stations TO chargelane_platform, chargelane_app;
--> statement-breakpoint
-- Whoever writes connectors, their location tells what they offer. An EVSE's status is not looked at: what it
-- says is a superset of what can be found, and a search reads the connectors of what passes.
CREATE FUNCTION connectors_tell_location() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  UPDATE locations l SET standards = offer.standards, max_power_w = offer.max_power_w
  FROM (
    SELECT t.location_id, offered.standards, offered.max_power_w
    FROM (SELECT DISTINCT e.location_id FROM fresh JOIN evses e ON e.id = fresh.evse_id) t
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT c.standard ORDER BY c.standard), '{}') AS standards,
        coalesce(max(c.max_power_w), 0) AS max_power_w
      FROM evses e JOIN connectors c ON c.evse_id = e.id
      WHERE e.location_id = t.location_id AND c.removed_at IS NULL) offered
  ) offer
  WHERE l.id = offer.location_id
    AND (l.standards, l.max_power_w) IS DISTINCT FROM (offer.standards, offer.max_power_w);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER connectors_tell_location_of_insert AFTER INSERT ON connectors
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION connectors_tell_location();
--> statement-breakpoint
CREATE TRIGGER connectors_tell_location_of_update AFTER UPDATE ON connectors
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION connectors_tell_location();
--> statement-breakpoint
-- The roaming processes remember for a moment whose a token is; what changes a peer's rights is told to them at once.
CREATE FUNCTION connections_tell_callers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('chargelane_callers', NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER connections_tell_callers AFTER UPDATE ON connections FOR EACH ROW
  WHEN ((OLD.cpo_id, OLD.protocol, OLD.status, OLD.country_code, OLD.party_id, OLD.versions_url, OLD.version,
      OLD.token_in_digest, OLD.previous_token_in_digest, OLD.previous_token_in_until, OLD.endpoints)
    IS DISTINCT FROM (NEW.cpo_id, NEW.protocol, NEW.status, NEW.country_code, NEW.party_id, NEW.versions_url,
      NEW.version, NEW.token_in_digest, NEW.previous_token_in_digest, NEW.previous_token_in_until, NEW.endpoints))
  EXECUTE FUNCTION connections_tell_callers();
--> statement-breakpoint
-- Nearest first, with all that decides whether a location is worth opening: its wide row stays unread.
CREATE INDEX locations_search ON locations USING gist (map_point)
  INCLUDE (id, latitude, longitude, country_code, party_id, standards, max_power_w);
--> statement-breakpoint
GRANT SELECT ON price_proofs, suspense_items TO chargelane_app;
--> statement-breakpoint
-- A claim above the public price is between us and the CPO.
CREATE POLICY tenant ON suspense_items TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
-- Versions are immutable: what was agreed is what a session is priced by, however long ago its quote locked it.
CREATE FUNCTION chargelane_keep_rate_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the terms of agreement % version % do not change', OLD.id, OLD.version
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
-- Only a draft of a split policy changes: what was activated is what sessions are shared by, however long ago.
CREATE FUNCTION chargelane_keep_split_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the terms of split policy % version % do not change', OLD.id, OLD.version
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_split_terms BEFORE UPDATE ON split_policies FOR EACH ROW
  WHEN ((OLD.id, OLD.version, OLD.owner_id) IS DISTINCT FROM (NEW.id, NEW.version, NEW.owner_id)
    OR OLD.cpo_id IS DISTINCT FROM NEW.cpo_id
    OR (OLD.activated_at IS NOT NULL AND (OLD.name, OLD.level, OLD.places, OLD.terms, OLD.effective_from, OLD.activated_at)
      IS DISTINCT FROM (NEW.name, NEW.level, NEW.places, NEW.terms, NEW.effective_from, NEW.activated_at)))
  EXECUTE FUNCTION chargelane_keep_split_terms();
--> statement-breakpoint
REVOKE UPDATE ON split_policies, split_items FROM chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, name, level, places, terms, effective_from, effective_until, revision, activated_at, decided_by, reason,
  updated_at) ON split_policies TO chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON split_policies, split_goldens, split_simulations TO chargelane_app;
--> statement-breakpoint
GRANT SELECT ON split_items, split_shares, split_simulation_lines TO chargelane_app;
--> statement-breakpoint
-- A draft is its maker's alone; what was activated is the operator's, too. An operator writes for its own sales, and the
-- platform its default. A payee reads its own shares.
CREATE POLICY tenant ON split_policies TO chargelane_app
  USING (chargelane_owns(owner_id) OR (status <> 'draft' AND chargelane_owns(cpo_id)))
  WITH CHECK (chargelane_owns(owner_id) AND chargelane_owns(coalesce(cpo_id, '')));
--> statement-breakpoint
CREATE POLICY tenant ON split_goldens TO chargelane_app USING (chargelane_owns(created_by)
  AND EXISTS (SELECT FROM split_policies p WHERE p.id = split_goldens.policy_id));
--> statement-breakpoint
CREATE POLICY tenant ON split_simulations TO chargelane_app USING (chargelane_owns(account_id)
  AND EXISTS (SELECT FROM split_policies p WHERE p.id = split_simulations.policy_id AND p.version = split_simulations.version));
--> statement-breakpoint
CREATE POLICY tenant ON split_simulation_lines TO chargelane_app USING (
  EXISTS (SELECT FROM split_simulations s WHERE s.id = split_simulation_lines.simulation_id));
--> statement-breakpoint
CREATE POLICY tenant ON split_shares TO chargelane_app USING (chargelane_owns(payee_id));
--> statement-breakpoint
CREATE POLICY tenant ON split_items TO chargelane_app
  USING (chargelane_owns(supplier_id) OR chargelane_owns(recipient_id));
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
CREATE POLICY proposer ON rate_agreements AS RESTRICTIVE FOR INSERT TO chargelane_app
  WITH CHECK (chargelane_owns(proposed_by));
--> statement-breakpoint
CREATE TRIGGER keep_distribution_terms BEFORE UPDATE ON agreements FOR EACH ROW
  WHEN ((OLD.id, OLD.version, OLD.side, OLD.proposed_by, OLD.terms, OLD.effective_from, OLD.created_at)
      IS DISTINCT FROM
      (NEW.id, NEW.version, NEW.side, NEW.proposed_by, NEW.terms, NEW.effective_from, NEW.created_at)
    OR (OLD.account_id, OLD.joined, OLD.effective_to) IS DISTINCT FROM (NEW.account_id, NEW.joined, NEW.effective_to))
  EXECUTE FUNCTION chargelane_keep_rate_terms();
--> statement-breakpoint
GRANT SELECT, INSERT ON agreements TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (status, active_from, ended_at, decided_by, decided_at, reason) ON agreements TO chargelane_app;
--> statement-breakpoint
-- A draft is its maker's alone, what was proposed is between the platform and the account; public terms are everybody's
-- to read, and nobody's but the platform's to write.
CREATE POLICY tenant ON agreements TO chargelane_app
  USING (chargelane_owns(proposed_by) OR (status <> 'draft' AND chargelane_owns(account_id)))
  WITH CHECK (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY public_terms ON agreements FOR SELECT TO chargelane_app
  USING (account_id IS NULL AND status IN ('active', 'ended'));
--> statement-breakpoint
CREATE POLICY proposer ON agreements AS RESTRICTIVE FOR INSERT TO chargelane_app
  WITH CHECK (chargelane_owns(proposed_by));
--> statement-breakpoint
-- Whether and how a CPO's sales can be settled, for everybody's search; its commission for those alone whose business it
-- is: itself, and partners, whose share is of it and whose quotes name it (R003).
CREATE VIEW sale_terms AS
  SELECT g.id, g.version, g.account_id AS cpo_id,
    CASE WHEN current_user <> 'chargelane_app' OR ((chargelane_owns(g.account_id) OR EXISTS (
        SELECT FROM accounts me WHERE me.id = current_setting('chargelane.account', true)
          AND me.type = 'partner')) AND (SELECT chargelane_proven()))
      THEN g.terms -> 'commission' END AS commission, g.terms ->> 'supplyModel' AS supply_model,
    g.terms -> 'markets' AS markets, g.terms -> 'currencies' AS currencies, g.active_from, g.ended_at, g.created_at,
    c.payout_currency, p.id AS platform_id, p.country AS platform_country, p.vat_id AS platform_vat_id,
    p.vat_checked AS platform_vat_checked, p.tax_ids AS platform_tax_ids,
    CASE WHEN c.verification <> 'verified' THEN 'verification' END AS seller_waits
  FROM agreements g JOIN accounts c ON c.id = g.account_id AND g.side = 'cpo' AND g.status IN ('active', 'ended') CROSS JOIN (
    SELECT id, country, vat_id, coalesce(vat_good_until > now(), false) AS vat_checked, tax_ids
    FROM accounts WHERE type = 'platform' ORDER BY created_at LIMIT 1) p;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON sale_terms FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON sale_terms TO chargelane_platform, chargelane_app;
--> statement-breakpoint
-- A held tariff is public, as its operator published it; only its sale waits. What is wrong with it stays between us
-- and the operator, and so does a tariff that cannot be sold at all.
CREATE POLICY public_supply ON tariffs FOR SELECT TO chargelane_app USING (status IN ('valid', 'held', 'withdrawn'));
--> statement-breakpoint
-- That there is one is public, and whether it is its market that keeps it from sale: an EVSE says why it has no price.
CREATE VIEW unfit_tariffs AS
  SELECT id, version, hash, connection_id, country_code, party_id, ocpi_id, effective_from, superseded_at, market_limits
  FROM tariffs WHERE status = 'invalid';
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON unfit_tariffs FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON unfit_tariffs TO chargelane_platform, chargelane_app;
--> statement-breakpoint
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
ALTER TABLE credit_lines ADD CONSTRAINT credit_limit_not_negative
  CHECK (limit_minor >= 0 AND deposit_minor >= 0 AND reserve_minor >= 0);
--> statement-breakpoint
ALTER TABLE risk_policies ADD CONSTRAINT insured_not_negative CHECK (insured_minor >= 0);
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
GRANT SELECT, INSERT, UPDATE ON risk_policies TO chargelane_app;
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
CREATE POLICY own_quote ON allowance_uses AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (EXISTS (
  SELECT FROM quotes q JOIN subscriptions s ON s.account_id = q.account_id AND s.driver_id = q.driver_id
  WHERE q.id = allowance_uses.quote_id AND s.id = allowance_uses.subscription_id));
--> statement-breakpoint
CREATE POLICY tenant ON reimbursement_rates TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY own_drivers ON reimbursement_rates AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (
  NOT EXISTS (SELECT FROM unnest(drivers) named (id) WHERE NOT EXISTS (
    SELECT FROM drivers d WHERE d.id = named.id AND d.account_id = reimbursement_rates.account_id)));
--> statement-breakpoint
-- What the tenant may read of plans is its own and what CPOs offer to everybody.
CREATE POLICY own_driver ON subscriptions AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (
  EXISTS (SELECT FROM drivers d WHERE d.id = subscriptions.driver_id AND d.account_id = subscriptions.account_id)
  AND EXISTS (SELECT FROM plans p WHERE p.id = subscriptions.plan_id AND p.owner_id = subscriptions.owner_id));
--> statement-breakpoint
CREATE POLICY seen_plan ON subscription_versions AS RESTRICTIVE TO chargelane_app USING (true) WITH CHECK (
  EXISTS (SELECT FROM plans p WHERE p.id = subscription_versions.plan_id AND p.version = subscription_versions.plan_version));
--> statement-breakpoint
-- The partner sees all prices of its session, the CPO its own one, a plan's owner what it pays a part of.
CREATE POLICY tenant ON ratings TO chargelane_app USING (chargelane_owns(account_id)
  OR (purpose = 'wholesale' AND EXISTS (SELECT FROM sessions s WHERE s.id = ratings.session_id))
  OR (purpose = 'retail' AND EXISTS (SELECT FROM subscriptions u WHERE u.id = ratings.reference ->> 'subscription')));
--> statement-breakpoint
CREATE POLICY tenant ON credit_lines FOR SELECT TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
-- What an account may still come to owe, for its own quotes: no tenant reads the books, and of these it reads one figure
-- of its own. By its credit line, else by what the platform lets a plan's owner owe without one. The parts are those of
-- `drawnOf` (corridor/books/credit), which decides a hold under a lock.
CREATE VIEW credit_rooms AS
  WITH lines AS (
    SELECT account_id, currency, limit_minor + deposit_minor + reserve_minor AS granted, true AS is_line
      FROM credit_lines
    UNION ALL
    SELECT a.id, p.limits ->> 'currency', (p.limits ->> 'amount')::bigint, false
      FROM accounts a CROSS JOIN LATERAL jsonb_array_elements(coalesce((SELECT nullif(settings -> 'plan_limits', 'null')
        FROM platform_settings WHERE market IS NULL AND account_id IS NULL ORDER BY id DESC LIMIT 1), '[]')) p (limits)
      WHERE NOT EXISTS (SELECT FROM credit_lines c WHERE c.account_id = a.id AND c.currency = p.limits ->> 'currency'))
  SELECT l.account_id, l.currency, l.is_line, l.granted
    - coalesce((SELECT sum(p.amount_minor) FROM ledger_accounts a JOIN ledger_postings p ON p.account_id = a.id
        WHERE a.code IN ('asset:on_account:' || l.account_id || ':' || l.currency,
          'asset:sponsored:' || l.account_id || ':' || l.currency)), 0)
    - coalesce((SELECT sum(CASE WHEN y.status = 'captured' THEN y.captured_minor ELSE y.hold_minor END)
        FROM payments y WHERE y.account_id = l.account_id AND y.currency = l.currency AND y.kind IN ('account', 'wallet', 'bnpl', 'fuel_card', 'partner_psp')
          AND (y.status IN ('authorized', 'requires_action') OR (y.status = 'created' AND y.psp_id IS NOT NULL)
            OR (y.status = 'captured' AND NOT EXISTS (SELECT FROM sales s WHERE s.session_id = y.session_id)))), 0)
    - coalesce((SELECT sum(CASE WHEN d.status = 'open' AND d.liable = 'partner' THEN d.guaranteed_minor ELSE 0 END
          + CASE WHEN EXISTS (SELECT FROM sales s WHERE s.session_id = d.session_id) THEN 0 ELSE d.credited_minor END)
        FROM debts d WHERE d.account_id = l.account_id AND d.currency = l.currency), 0) AS room
  FROM lines l WHERE current_user <> 'chargelane_app' OR (chargelane_owns(l.account_id) AND (SELECT chargelane_proven()));
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON credit_rooms FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON credit_rooms TO chargelane_platform, chargelane_app;
--> statement-breakpoint
CREATE POLICY lender ON credit_lines TO chargelane_app USING (chargelane_owns('*'));
--> statement-breakpoint
CREATE POLICY tenant ON risk_policies FOR SELECT TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY insurer ON risk_policies TO chargelane_app USING (chargelane_owns('*'));
--> statement-breakpoint
-- What a plan makes of a price is between the driver's partner and the plan's seller, and what an employer pays back
-- is between it and its employee: a CPO sees the proofs of its own leg, and of the driver's price where they are one.
CREATE POLICY tenant ON price_proofs TO chargelane_app USING (EXISTS (
  SELECT FROM sessions s WHERE s.id = price_proofs.session_id AND (chargelane_owns(s.account_id)
    OR (price_proofs.rating <> 'reimbursement'
      AND price_proofs.input #>> '{agreement,kind}' IS DISTINCT FROM 'plan'))));
--> statement-breakpoint
-- Whoever pays for energy may check what was measured, so the keys are public; a CPO adds those of its own EVSEs.
GRANT SELECT, INSERT ON meter_keys TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_supply ON meter_keys FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY tenant ON meter_keys TO chargelane_app USING (chargelane_owns(cpo_id))
  WITH CHECK (chargelane_owns(cpo_id) AND EXISTS (
    SELECT FROM evses e WHERE e.id = meter_keys.evse_id AND e.cpo_id = meter_keys.cpo_id));
--> statement-breakpoint
-- Operators' own code: a version never changes, and what it answered and where it failed is written once.
REVOKE UPDATE ON policy_packages, policy_runs, policy_package_faults FROM chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, reason, faults_in_row, activated_at, ended_at) ON policy_packages TO chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON policy_packages TO chargelane_app;
--> statement-breakpoint
GRANT SELECT ON policy_runs, policy_package_faults TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON policy_packages TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
CREATE POLICY tenant ON policy_runs TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
CREATE POLICY tenant ON policy_package_faults TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
-- Contracts, as rate agreements: a version's terms never change, and a draft is its maker's alone.
REVOKE UPDATE ON contracts, access_rules FROM chargelane_platform;
--> statement-breakpoint
GRANT UPDATE (status, active_from, ended_at, decided_by, decided_at, reason) ON contracts TO chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT UPDATE (ended_at) ON access_rules TO chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON contracts, access_rules, driver_groups TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (name, drivers, updated_at) ON driver_groups TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON contracts TO chargelane_app
  USING (chargelane_owns(proposed_by)
    OR (status <> 'draft' AND (chargelane_owns(cpo_id) OR chargelane_owns(partner_id))))
  WITH CHECK (chargelane_owns(cpo_id) OR chargelane_owns(partner_id));
--> statement-breakpoint
CREATE POLICY proposer ON contracts AS RESTRICTIVE FOR INSERT TO chargelane_app
  WITH CHECK (chargelane_owns(proposed_by));
--> statement-breakpoint
CREATE POLICY tenant ON driver_groups TO chargelane_app USING (chargelane_owns(account_id));
--> statement-breakpoint
CREATE POLICY own_drivers ON driver_groups AS RESTRICTIVE TO chargelane_app USING (true) WITH CHECK (
  NOT EXISTS (SELECT FROM unnest(drivers) named (id) WHERE NOT EXISTS (
    SELECT FROM drivers d WHERE d.id = named.id AND d.account_id = driver_groups.account_id)));
--> statement-breakpoint
CREATE POLICY tenant ON access_rules TO chargelane_app USING (chargelane_owns(cpo_id));
--> statement-breakpoint
-- What everybody's search and quotes ask of a place's access: of the partners a rule admits a tenant learns whether it is
-- one of them. Ids of groups and contracts say nothing to whoever does not own them.
CREATE VIEW site_access AS
  SELECT a.id, a.cpo_id, a.name, a.evses, a.locations, a.hours, a.end_at_close, a.effective_from, a.ended_at,
    CASE WHEN current_user <> 'chargelane_app' OR NOT a.admits ? 'partners' THEN a.admits
      ELSE jsonb_set(a.admits, '{partners}', CASE
        WHEN a.admits -> 'partners' ? coalesce(current_setting('chargelane.account', true), '')
        THEN jsonb_build_array(current_setting('chargelane.account', true)) ELSE '[]'::jsonb END) END AS admits
  FROM access_rules a;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON site_access FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON site_access TO chargelane_platform, chargelane_app;
--> statement-breakpoint
-- Until a period begins its version may be decided again; the newest decision counts.
GRANT UPDATE (plan_version) ON subscription_versions TO chargelane_app;
--> statement-breakpoint
-- A quote's row stays as it is, in one place: its 3 kB are written once per quote and need neither compression nor a
-- second table with an index of its own.
ALTER TABLE quotes SET (toast_tuple_target = 8160);
--> statement-breakpoint
-- Compressed before they come here; the server would try again, at a cost of milliseconds each.
ALTER TABLE evidence_packs ALTER COLUMN zip SET STORAGE EXTERNAL;
--> statement-breakpoint
-- A session changes a dozen times within its hour: room beside it lets each change stay in its place, with no index told.
ALTER TABLE sessions SET (fillfactor = 50);
--> statement-breakpoint
-- Whoever answers for long hears that its caller may no longer ask, whoever took it away: streams and long polls of the
-- account look at their key again.
CREATE FUNCTION chargelane_tell_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('chargelane_events', CASE TG_TABLE_NAME
    WHEN 'accounts' THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'account_id' END);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER standing_changed AFTER UPDATE OF status, type ON accounts
  FOR EACH ROW EXECUTE FUNCTION chargelane_tell_standing();
--> statement-breakpoint
CREATE TRIGGER standing_changed AFTER UPDATE OF revoked_at, expires_at, scopes OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION chargelane_tell_standing();
--> statement-breakpoint
-- An account counts with its proof alone, in every table that a tenant reaches. What is public is read without one. The
-- answer is one per statement and table, and is not asked for where no row depends on it.
DO $$
DECLARE
  each record;
  proven text := '(SELECT chargelane_proven())';
BEGIN
  FOR each IN SELECT c.relname AS name, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
        AND p.polname IN ('public_supply', 'public_settings', 'public_rates')) AS is_public
      FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
        AND (has_any_column_privilege('chargelane_app', c.oid, 'SELECT')
          OR has_any_column_privilege('chargelane_app', c.oid, 'INSERT')) LOOP
    IF each.name = 'tariffs' THEN
      EXECUTE format('CREATE POLICY proven_reader ON %I AS RESTRICTIVE FOR SELECT TO chargelane_app
        USING (status IN (''valid'', ''held'', ''withdrawn'') OR %s)', each.name, proven);
    END IF;
    -- What the platform set for one account is that account's to read.
    IF each.name = 'platform_settings' THEN
      EXECUTE format('CREATE POLICY proven_reader ON %I AS RESTRICTIVE FOR SELECT TO chargelane_app
        USING (account_id IS NULL OR %s)', each.name, proven);
    END IF;
    IF each.is_public THEN
      EXECUTE format('CREATE POLICY proven_insert ON %I AS RESTRICTIVE FOR INSERT TO chargelane_app WITH CHECK (%s)', each.name, proven);
      EXECUTE format('CREATE POLICY proven_update ON %I AS RESTRICTIVE FOR UPDATE TO chargelane_app USING (%s)', each.name, proven);
      EXECUTE format('CREATE POLICY proven_delete ON %I AS RESTRICTIVE FOR DELETE TO chargelane_app USING (%s)', each.name, proven);
    ELSE
      EXECUTE format('CREATE POLICY proven ON %I AS RESTRICTIVE TO chargelane_app USING (%s)', each.name, proven);
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
-- Last, so that everything made above is handed over: what looks behind the policies belongs to the guard.
DO $$
DECLARE
  each record;
BEGIN
  GRANT CREATE ON SCHEMA public TO chargelane_guard;
  -- What an extension brought along is its own.
  FOR each IN SELECT c.relname AS name FROM pg_class c
      WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') LOOP
    EXECUTE format('ALTER VIEW %I OWNER TO chargelane_guard', each.name);
  END LOOP;
  -- A function is anybody's to call unless it is said otherwise.
  FOR each IN SELECT p.oid::regprocedure AS name, p.prosecdef AS is_guards FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', each.name);
    IF each.is_guards THEN
      EXECUTE format('ALTER FUNCTION %s OWNER TO chargelane_guard', each.name);
    END IF;
  END LOOP;
  REVOKE CREATE ON SCHEMA public FROM chargelane_guard;
END $$;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION chargelane_owns TO chargelane_platform, chargelane_app, chargelane_guard;
--> statement-breakpoint
-- Counts of a few seconds: nobody waits for the disk because of them.
ALTER TABLE rate_buckets SET UNLOGGED;
