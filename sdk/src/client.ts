import { ChargelaneError, problemError } from './errors.ts'
import { createClient } from './generated/client/index.ts'
import type { Session, SessionStatus, SessionStreamEvent } from './generated/types.gen.ts'
import type { Lane } from './lane.ts'
import { resources } from './resources.ts'
import { streamEvents } from './stream.ts'
import { type CallOptions, retryingFetch, type TransportOptions } from './transport.ts'

export { ChargelaneError, type ChargelaneErrorCode } from './errors.ts'
export { etagOf } from './lane.ts'
export type { List, Page } from './list.ts'
export type { CallOptions } from './transport.ts'
export type * from './generated/types.gen.ts'

export interface ChargelaneOptions {
  /** `sk_test_…`; keep it on your server. */
  apiKey: string
  /** E.g. `https://api.example.com`, without `/v1`. */
  baseUrl: string
  fetch?: typeof fetch
  /** Attempts after the first one, 4 by default. */
  maxRetries?: number
  /** Milliseconds for one attempt, 30000 by default. */
  timeoutMs?: number
}

type Resources = ReturnType<typeof resources>
type Until = SessionStatus | readonly SessionStatus[] | ((session: Session) => boolean)

interface SessionExtras {
  /**
   * One session, live: `session` with each change, `meter` with energy, power and running cost. Reconnects by
   * itself and returns after the session is over. Break out of the loop to stop.
   */
  stream(id: string, call?: CallOptions): AsyncGenerator<SessionStreamEvent>
  /** Polls until the session is as wished. Throws `timeout` after `timeoutMs` (120000 by default). */
  waitFor(id: string, until: Until, call?: { timeoutMs?: number }): Promise<Session>
}

/** The API as nested calls: `lane.quotes.create({…})`, `lane.sessions.stop(id)`. Bodies keep snake_case. */
export class Chargelane implements Omit<Resources, 'sessions'> {
  readonly health: Resources['health']
  readonly accounts: Resources['accounts']
  readonly api_keys: Resources['api_keys']
  readonly payment_sources: Resources['payment_sources']
  readonly tokens: Resources['tokens']
  readonly parties: Resources['parties']
  readonly connections: Resources['connections']
  readonly locations: Resources['locations']
  readonly evses: Resources['evses']
  readonly charge_stations: Resources['charge_stations']
  readonly tariffs: Resources['tariffs']
  readonly quotes: Resources['quotes']
  readonly rate_agreements: Resources['rate_agreements']
  readonly plans: Resources['plans']
  readonly subscriptions: Resources['subscriptions']
  readonly reimbursement_rates: Resources['reimbursement_rates']
  readonly reports: Resources['reports']
  readonly sessions: Resources['sessions'] & SessionExtras
  readonly ratings: Resources['ratings']
  readonly payments: Resources['payments']
  readonly debts: Resources['debts']
  readonly credit_lines: Resources['credit_lines']
  readonly refunds: Resources['refunds']
  readonly prepaid_balances: Resources['prepaid_balances']
  readonly payment_endpoints: Resources['payment_endpoints']
  readonly risk_policies: Resources['risk_policies']
  readonly cdrs: Resources['cdrs']
  readonly price_proofs: Resources['price_proofs']
  readonly signing_keys: Resources['signing_keys']
  readonly platform_settings: Resources['platform_settings']
  readonly suspense: Resources['suspense']
  readonly bank_lines: Resources['bank_lines']
  readonly open_items: Resources['open_items']
  readonly reconciliations: Resources['reconciliations']
  readonly invoices: Resources['invoices']
  readonly settlements: Resources['settlements']
  readonly ledger: Resources['ledger']
  readonly incidents: Resources['incidents']
  readonly webhook_endpoints: Resources['webhook_endpoints']
  readonly webhook_deliveries: Resources['webhook_deliveries']
  readonly events: Resources['events']
  readonly access_denials: Resources['access_denials']

  constructor(options: ChargelaneOptions) {
    const transport: TransportOptions = {
      fetch: options.fetch ?? globalThis.fetch,
      maxRetries: options.maxRetries ?? 4,
      timeoutMs: options.timeoutMs ?? 30_000,
    }
    const all = resources(laneOf(options, transport))
    this.health = all.health
    this.accounts = all.accounts
    this.api_keys = all.api_keys
    this.payment_sources = all.payment_sources
    this.tokens = all.tokens
    this.parties = all.parties
    this.connections = all.connections
    this.locations = all.locations
    this.evses = all.evses
    this.charge_stations = all.charge_stations
    this.tariffs = all.tariffs
    this.quotes = all.quotes
    this.rate_agreements = all.rate_agreements
    this.plans = all.plans
    this.subscriptions = all.subscriptions
    this.reimbursement_rates = all.reimbursement_rates
    this.reports = all.reports
    this.sessions = { ...all.sessions, ...sessionExtras(options, transport, all.sessions) }
    this.ratings = all.ratings
    this.payments = all.payments
    this.debts = all.debts
    this.credit_lines = all.credit_lines
    this.refunds = all.refunds
    this.prepaid_balances = all.prepaid_balances
    this.payment_endpoints = all.payment_endpoints
    this.risk_policies = all.risk_policies
    this.cdrs = all.cdrs
    this.price_proofs = all.price_proofs
    this.signing_keys = all.signing_keys
    this.platform_settings = all.platform_settings
    this.suspense = all.suspense
    this.bank_lines = all.bank_lines
    this.open_items = all.open_items
    this.reconciliations = all.reconciliations
    this.invoices = all.invoices
    this.settlements = all.settlements
    this.ledger = all.ledger
    this.incidents = all.incidents
    this.webhook_endpoints = all.webhook_endpoints
    this.webhook_deliveries = all.webhook_deliveries
    this.events = all.events
    this.access_denials = all.access_denials
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

function laneOf(options: ChargelaneOptions, transport: TransportOptions): Lane {
  const client = createClient({
    baseUrl: withoutSlash(options.baseUrl),
    auth: options.apiKey,
    headers: { 'User-Agent': 'chargelane-sdk-typescript/0.1.0' },
  })
  client.interceptors.error.use((error, response) => {
    if (error instanceof Error) return error
    return problemError(error, response?.status ?? 0, typeof error === 'string' ? error : '')
  })
  const read = (call: CallOptions = {}) => ({
    client,
    throwOnError: true as const,
    fetch: retryingFetch(transport, call),
    headers: call.ifMatch === undefined ? {} : { 'If-Match': call.ifMatch },
  })
  return {
    read,
    write: (call: CallOptions = {}) => ({
      ...read(call),
      headers: {
        ...read(call).headers,
        'Idempotency-Key': call.idempotencyKey ?? crypto.randomUUID(),
      },
    }),
  }
}

function sessionExtras(
  options: ChargelaneOptions,
  transport: TransportOptions,
  sessions: Resources['sessions'],
): SessionExtras {
  return {
    stream: (id, call = {}) =>
      streamEvents({
        url: `${withoutSlash(options.baseUrl)}/v1/sessions/${encodeURIComponent(id)}/stream`,
        headers: { Authorization: `Bearer ${options.apiKey}` },
        fetch: transport.fetch,
        signal: call.signal,
        maxReconnects: call.maxRetries ?? 10,
      }),
    async waitFor(id, until, { timeoutMs = 120_000 } = {}) {
      const wished = matcher(until)
      const deadline = Date.now() + timeoutMs
      let session = await sessions.get(id)
      while (!wished(session)) {
        const leftS = Math.ceil((deadline - Date.now()) / 1_000)
        if (leftS <= 0) throw notYet(session, timeoutMs)
        const wait = Math.min(20, leftS)
        session = await sessions.get(
          id,
          { wait, since_sequence: session.sequence },
          { timeoutMs: wait * 1_000 + transport.timeoutMs },
        )
      }
      return session
    },
  }
}

function matcher(until: Until): (session: Session) => boolean {
  if (typeof until === 'function') return until
  const statuses = typeof until === 'string' ? [until] : until
  return (session) => statuses.includes(session.status)
}

const notYet = (session: Session, timeoutMs: number) =>
  new ChargelaneError(
    'timeout',
    `${session.id} is ${session.status} / ${session.record_status} / ${session.money_status} after ${timeoutMs} ms`,
    { retryable: true },
  )
