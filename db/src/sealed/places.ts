// Every sealed column of the database, and what each of its rows is named by: what a reseal walks, and a test compares
// with the schema.

/** `row` is an expression of SQL; `place` differs from the column's own name where two columns hold one kind of value. */
export type SealedPlace = { table: string; column: string; place?: string; row: string }

const iso = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export const sealedPlaces: readonly SealedPlace[] = [
  { table: 'bank_accounts', column: 'details', row: 'id' },
  { table: 'bank_accounts', column: 'check_name', row: 'id' },
  { table: 'bank_statements', column: 'xml', row: 'sequence::text' },
  { table: 'cdrs', column: 'raw', row: 'id' },
  { table: 'connections', column: 'token_out', row: 'id' },
  { table: 'disputes', column: 'said', row: 'id' },
  { table: 'idempotency_keys', column: 'response', row: `account_id || ' ' || key` },
  { table: 'ocpp_transactions', column: 'id_token', row: 'id::text' },
  { table: 'payment_endpoints', column: 'secret', row: `account_id || ':' || kind` },
  { table: 'payment_events', column: 'payload', row: `kind || ' ' || id` },
  { table: 'payments', column: 'client_secret', row: 'id' },
  { table: 'payout_files', column: 'xml', row: 'id' },
  { table: 'protocol_messages', column: 'payload', row: `peer_id || ' ' || ${iso('at')}` },
  { table: 'psp_accounts', column: 'credential', row: 'id' },
  {
    table: 'psp_accounts',
    column: 'previous_credential',
    place: 'psp_accounts.credential',
    row: 'id',
  },
  { table: 'psp_accounts', column: 'webhook_secret', row: 'id' },
  {
    table: 'psp_accounts',
    column: 'previous_webhook_secret',
    place: 'psp_accounts.webhook_secret',
    row: 'id',
  },
  { table: 'session_terms', column: 'secret', row: 'session_id' },
  { table: 'sessions', column: 'token_uid', row: 'id' },
  { table: 'settlements', column: 'statement', row: 'id' },
  { table: 'settlements', column: 'statement_pdf', row: 'id' },
  { table: 'signed_values', column: 'value', row: 'digest' },
  {
    table: 'supply_sessions',
    column: 'object',
    row: `connection_id || ' ' || country_code || ' ' || party_id || ' ' || supply_key`,
  },
  { table: 'tokens', column: 'uid', row: 'id' },
  { table: 'webhook_endpoints', column: 'secret', row: 'id' },
  {
    table: 'webhook_endpoints',
    column: 'previous_secret',
    place: 'webhook_endpoints.secret',
    row: 'id',
  },
]
