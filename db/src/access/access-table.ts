// What the roles of the database may do to each table and view: the declaration that `access.test.ts` compares with the
// server. S select, I insert, U update, D delete; columns stand in brackets where it is not all of them.

/** What our own processes may do to a table unless it says otherwise: nothing is deleted. */
export const fullAccess = 'S I U'

const view = { platform: 'S', app: 'S', guard: 'S I U D TRUNCATE TRIGGER M' }
/** The books are written through their functions alone, which are the guard's. */
const books = { platform: 'S', app: 'S', guard: 'S I' }

/** `platform` works for all accounts, `app` for the one it was entered for, `guard` owns the views and functions. */
export type Access = { platform?: string; app?: string; guard?: string }

export const accessTable: Record<string, Access> = {
  accounts: { app: 'S U(address iban iban_key payout_currency)', guard: 'S' },
  agreements: { platform: 'S I U(effective_to)', app: 'S', guard: 'S' },
  allowance_uses: { app: 'S I' },
  api_keys: { platform: 'S I U(revoked_at)', app: 'S I U(revoked_at)' },
  approvals: {},
  bank_lines: {},
  cdrs: { app: 'S' },
  charge_stations: { app: 'S I', guard: 'S' },
  commands: { app: 'S' },
  connections: { app: 'S I U(tariff_max_age_s tariff_slo_s tariffs_confirmed_at)', guard: 'S' },
  connector_usage: { guard: 'S' },
  connectors: { app: 'S I', guard: 'S' },
  credit_lines: { app: 'S I U', guard: 'S' },
  credit_rooms: view,
  debts: { app: 'S', guard: 'S' },
  drivers: { platform: 'S I', app: 'S I' },
  events: { platform: 'S I', app: 'S I' },
  evidence_packs: {
    platform: 'S I',
    app: 'S(id key_id manifest_hash revision sealed_at session_id)',
  },
  evse_claims: { platform: 'S I U D', app: 'S' },
  evses: { app: 'S I', guard: 'S' },
  fx_rates: { platform: 'S I', app: 'S' },
  idempotency_keys: { platform: 'S I U D', app: 'S I U(locked_at response state status) D' },
  incidents: { app: 'S I U' },
  invoice_series: {},
  invoices: { platform: 'S I', app: 'S' },
  ledger_accounts: books,
  ledger_entries: books,
  ledger_postings: books,
  locations: { app: 'S I U(last_updated)', guard: 'S U(max_power_w standards)' },
  meter_keys: { platform: 'S I', app: 'S I' },
  meter_values: { app: 'S' },
  ocpp_transactions: { app: 'S' },
  party_claims: { app: 'S I' },
  payables: { app: 'S' },
  payment_events: {},
  payment_sources: { app: 'S I U(status)' },
  payments: { app: 'S', guard: 'S' },
  platform_settings: { platform: 'S I', app: 'S I', guard: 'S' },
  plans: { platform: 'S I U(retired)', app: 'S I U(retired)' },
  price_proofs: { app: 'S' },
  protocol_messages: { platform: 'S I' },
  public_connections: view,
  public_operators: view,
  public_stations: view,
  quotes: { platform: 'S I U(session_id status)', app: 'S I U(status)' },
  rate_agreements: {
    platform: 'S I U(active_from decided_at decided_by ended_at reason status)',
    app: 'S I U(active_from decided_at decided_by ended_at reason status)',
  },
  ratings: { platform: 'S I', app: 'S' },
  refunds: {},
  reimbursement_rates: { app: 'S I U(effective_to)' },
  risk_policies: { app: 'S I U' },
  sale_terms: view,
  sales: { platform: 'S I', guard: 'S' },
  session_terms: { platform: 'S I' },
  sessions: { app: 'S' },
  settlements: { app: 'S' },
  signed_values: { platform: 'S I U(session_id)' },
  signing_keys: {},
  subscription_versions: { app: 'S I U(plan_version)' },
  subscriptions: { platform: 'S I U(ends_at)', app: 'S I U(ends_at)' },
  supply_events: {},
  supply_sessions: {},
  suspense_items: { app: 'S' },
  tariffs: {
    app: 'S I U(confirmed_at hold_confirmed_at market_country market_limits power_class problems sold_until standard_minor status superseded_at unlisted_at)',
    guard: 'S',
  },
  timeline: { platform: 'S I', app: 'S' },
  token_authorizations: { platform: 'S I' },
  tokens: { app: 'S I U(status updated_at)' },
  unfit_tariffs: view,
  usual_energy: view,
  vat_checks: { platform: 'S I', app: 'S' },
  webhook_deliveries: {
    platform: 'S I U D',
    app: 'S I U(attempts leased_until next_attempt_at state) D',
  },
  webhook_endpoints: {
    platform: 'S I U D',
    app: 'S I U(disabled_reason event_types failing_since failures previous_secret previous_secret_until rest_until secret status url) D',
  },
  webhook_replays: { platform: 'S I U D', app: 'S I D' },
}
