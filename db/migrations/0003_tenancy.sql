-- Row-level security, the second fence behind the account argument of every query. The role chargelane_app sees
-- what belongs to the account named by the setting chargelane.account: nothing when it is unset, everything
-- when it is '*' (finance and platform). The processes' own role sees all. What is granted to chargelane_app
-- here is all it can reach: tables without a grant (raw protocol messages, inboxes, number series) stay shut.
CREATE FUNCTION chargelane_owns(owner text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('chargelane.account', true) IN (owner, '*');
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY platform ON %I TO chargelane_platform USING (true) WITH CHECK (true)', name);
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
      ('api_keys', 'SELECT, INSERT, UPDATE', 'chargelane_owns(account_id)'),
      ('drivers', 'SELECT, INSERT, UPDATE', 'chargelane_owns(account_id)'),
      ('payment_sources', 'SELECT, INSERT, UPDATE', 'chargelane_owns(account_id)'),
      ('tokens', 'SELECT, INSERT, UPDATE', 'chargelane_owns(account_id)'),
      ('quotes', 'SELECT, INSERT, UPDATE', 'chargelane_owns(account_id)'),
      ('events', 'SELECT, INSERT', 'chargelane_owns(account_id)'),
      ('idempotency_keys', 'SELECT, INSERT, UPDATE, DELETE', 'chargelane_owns(account_id)'),
      ('webhook_endpoints', 'SELECT, INSERT, UPDATE, DELETE', 'chargelane_owns(account_id)'),
      ('webhook_deliveries', 'SELECT, INSERT, UPDATE, DELETE',
        'EXISTS (SELECT FROM webhook_endpoints w WHERE w.id = webhook_deliveries.endpoint_id)'),
      ('connections', 'SELECT, INSERT, UPDATE', 'chargelane_owns(cpo_id)'),
      ('charge_stations', 'SELECT, INSERT, UPDATE', 'chargelane_owns(cpo_id)'),
      ('agreements', 'SELECT', 'chargelane_owns(cpo_id)'),
      ('payments', 'SELECT', 'chargelane_owns(account_id)'),
      ('debts', 'SELECT', 'chargelane_owns(account_id)'),
      ('payables', 'SELECT', 'chargelane_owns(payee_id)'),
      ('settlements', 'SELECT', 'chargelane_owns(payee_id)'),
      ('invoices', 'SELECT', 'chargelane_owns(seller_id) OR chargelane_owns(buyer_account_id)'),
      -- A session belongs to the partner who sold it and to the CPO who served it.
      ('sessions', 'SELECT', 'chargelane_owns(account_id) OR chargelane_owns(cpo_id)'),
      ('timeline', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = timeline.session_id)'),
      ('commands', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = commands.session_id)'),
      ('meter_values', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = meter_values.session_id)'),
      ('fx_conversions', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = fx_conversions.session_id)'),
      ('evidence_packs', 'SELECT', 'EXISTS (SELECT FROM sessions s WHERE s.id = evidence_packs.session_id)'),
      ('ocpp_transactions', 'SELECT',
        'EXISTS (SELECT FROM charge_stations c WHERE c.id = ocpp_transactions.charge_station_id)'),
      ('cdrs', 'SELECT', 'EXISTS (SELECT FROM connections c WHERE c.id = cdrs.connection_id)
        OR EXISTS (SELECT FROM sessions s WHERE s.id = cdrs.session_id)'),
      -- The books are one; no tenant reads them.
      ('ledger_accounts', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_entries', 'SELECT', 'chargelane_owns(''*'')'),
      ('ledger_postings', 'SELECT', 'chargelane_owns(''*'')')
    ) AS rules (name, actions, own)
  LOOP
    EXECUTE format('GRANT %s ON %I TO chargelane_app', rule.actions, rule.name);
    EXECUTE format('CREATE POLICY tenant ON %I TO chargelane_app USING (%s)', rule.name, rule.own);
  END LOOP;
END $$;
--> statement-breakpoint
-- An account changes its own particulars, never its type, its share or its status.
GRANT SELECT ON accounts TO chargelane_app;
--> statement-breakpoint
GRANT UPDATE (name, legal_name, country, payout_currency, vat_id, address, iban) ON accounts TO chargelane_app;
--> statement-breakpoint
CREATE POLICY tenant ON accounts TO chargelane_app USING (chargelane_owns(id));
--> statement-breakpoint
-- Public supply: every tenant reads it, its CPO writes it.
GRANT SELECT, INSERT, UPDATE ON locations, evses, connectors, tariffs TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_supply ON locations FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY public_supply ON evses FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
CREATE POLICY public_supply ON connectors FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
-- A tariff held back or found invalid is between us and its CPO; what was once public stays readable.
CREATE POLICY public_supply ON tariffs FOR SELECT TO chargelane_app USING (status IN ('valid', 'withdrawn'));
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
-- Reference rates are published to everyone.
GRANT SELECT ON fx_rates TO chargelane_app;
--> statement-breakpoint
CREATE POLICY public_rates ON fx_rates FOR SELECT TO chargelane_app USING (true);
--> statement-breakpoint
-- What everyone may know of an operator and of how it is reached. Views run with their owner's rights, so they
-- show these columns of rows that the policies above hide.
CREATE VIEW public_operators AS
  SELECT id, name, legal_name, country, vat_id FROM accounts WHERE type = 'cpo';
--> statement-breakpoint
CREATE VIEW public_connections AS
  SELECT id, cpo_id, protocol, status, country_code, party_id, open_until FROM connections;
--> statement-breakpoint
CREATE VIEW public_stations AS SELECT id, online FROM charge_stations;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON public_operators, public_connections, public_stations
  FROM chargelane_platform, chargelane_app;
--> statement-breakpoint
GRANT SELECT ON public_operators, public_connections, public_stations TO chargelane_platform, chargelane_app;
