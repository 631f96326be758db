// The rows of one session of the day, as far as a reconciliation reads them.
import type { SessionError } from './day.ts'

export type Row = Record<string, unknown>
export type Table = 'sessions' | 'cdrs' | 'sales' | 'invoices' | 'payments'

export type Spec = {
  id: string
  n: number
  gross: number
  energyWh: number
  at: string
  error?: SessionError
}

export const cpoOf = (n: number) => `acct_REC${n % 100}`

const paymentOf = ({ id, at }: Spec): Row => ({
  id: `pay_${id}`,
  session_id: id,
  account_id: 'acct_partner',
  attempt: 1,
  payment_source_id: 'psrc_1',
  kind: 'card',
  psp_id: `pi_${id}`,
  currency: 'EUR',
  hold_minor: 5_000,
  status: 'captured',
  release_by: at,
  created_at: at,
  updated_at: at,
})

const sessionOf = ({ id, n, gross, energyWh, at }: Spec): Row => ({
  id,
  account_id: 'acct_partner',
  cpo_id: cpoOf(n),
  quote_id: `quo_${id}`,
  evse_id: 'evs_1',
  connector_id: 'con_1',
  connection_id: 'ocn_1',
  driver_id: 'drv_1',
  workflow_id: `ses:${id}`,
  channel: 'app',
  token_uid: '',
  token_key: '',
  status: 'ended',
  connectivity: 'live',
  record_status: 'cdr_accepted',
  money_status: 'captured',
  sequence: 1,
  currency: 'EUR',
  energy_wh: energyWh,
  energy_is_estimate: false,
  started_at: at,
  ended_at: at,
  total_gross_minor: gross,
  metadata: {},
  created_at: at,
  updated_at: at,
})

function recordOf({ id, energyWh, at, error }: Spec): Row {
  const kwh = (error === 'record_of_less_energy' ? energyWh - 3_000 : energyWh) / 1_000
  return {
    id: `cdr_${id}`,
    session_id: id,
    connection_id: 'ocn_1',
    source: 'ocpi',
    country_code: 'DE',
    party_id: 'REC',
    ocpi_id: id,
    content_hash: '',
    raw: '',
    usage: { periods: [{ energy_kwh: String(kwh) }] },
    document: {},
    currency: 'EUR',
    status: 'accepted',
    offline_recovered: false,
    received_at: at,
  }
}

const saleOf = ({ id, gross, at }: Spec): Row => ({
  session_id: id,
  revision: 1,
  name: 'sale',
  basis: 'record',
  cdr_id: `cdr_${id}`,
  verdict: {},
  split: { legs: [{ gross: { amount: gross, currency: 'EUR' } }], contributions: [] },
  split_input: {},
  state: {},
  terms: {},
  conversions: [],
  created_at: at,
})

function invoiceOf({ id, n, gross, at, error }: Spec): Row {
  const invoiced = error === 'wrong_invoice' ? gross + 10 : gross
  return {
    id: `inv_${id}`,
    session_id: id,
    seller_id: cpoOf(n),
    buyer_account_id: 'acct_partner',
    kind: 'receipt_invoice',
    revision: 1,
    series: 'DE',
    number: n,
    document_number: id,
    currency: 'EUR',
    net_minor: invoiced,
    vat_minor: 0,
    gross_minor: invoiced,
    body: {},
    xml: '',
    issued_at: at,
  }
}

export function rowsOf(spec: Spec): { [Each in Table]?: Row } {
  const { error } = spec
  const sessions = sessionOf(spec)
  if (error === 'lost_cdr') return { sessions }
  const told = { sessions, cdrs: recordOf(spec), payments: paymentOf(spec) }
  if (error === 'unbooked_sale') return told
  return { ...told, sales: saleOf(spec), invoices: invoiceOf(spec) }
}
