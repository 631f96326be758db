// What the card provider remembers: Stripe's own objects with plain references, journalled to a file.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import type { Stripe } from 'stripe'
import * as z from 'zod'

type Plain<T, References extends keyof T> = Omit<T, References> & {
  [K in References]: string | null
}
export type Intent = Plain<Stripe.PaymentIntent, 'latest_charge' | 'customer' | 'payment_method'>
export type Charge = Plain<Stripe.Charge, 'balance_transaction' | 'customer' | 'payment_intent'>
export type Refund = Plain<Stripe.Refund, 'balance_transaction' | 'charge' | 'payment_intent'>
export type Dispute = Plain<Stripe.Dispute, 'charge' | 'payment_intent'>
export type Movement = Plain<Stripe.BalanceTransaction, 'source'>
export type Payout = Plain<
  Stripe.Payout,
  | 'balance_transaction'
  | 'destination'
  | 'failure_balance_transaction'
  | 'original_payout'
  | 'reversed_by'
  | 'application_fee'
>
export type Customer = Stripe.Customer
export type Setup = Plain<Stripe.SetupIntent, 'customer' | 'payment_method'>
export type PaymentMethod = Plain<Stripe.PaymentMethod, 'customer'>
export type Endpoint = Stripe.WebhookEndpoint & { secret: string }
export type StoredEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: object }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
/** How the card behind a payment method behaves; never shown on the wire. */
export type Behaviour = { id: string; testId: string }
/** How often the hold of an intent was asked to be raised; never shown on the wire. */
export type Raises = { id: string; times: number }
export type KeyRecord = {
  id: string
  fingerprint: string
  created: number
  status: number
  body: string
  requestId: string
}
/** An event on its way to one endpoint. */
export type Delivery = {
  id: string
  event: string
  endpoint: string
  attempt: number
  dueMs: number
}

export type Tables = {
  payment_intents: Intent
  charges: Charge
  refunds: Refund
  payouts: Payout
  disputes: Dispute
  balance_transactions: Movement
  customers: Customer
  payment_methods: PaymentMethod
  behaviours: Behaviour
  raises: Raises
  setup_intents: Setup
  webhook_endpoints: Endpoint
  events: StoredEvent
  keys: KeyRecord
  deliveries: Delivery
}
type Table = keyof Tables

const zLine = z.object({
  table: z.string(),
  id: z.string(),
  value: z.looseObject({ id: z.string() }).nullable(),
})

/**
 * Rows live in memory; every change is appended to the journal before the request is answered, so a
 * killed process forgets nothing that it told anybody. `now` moves with the sandbox's clock.
 */
export class Store {
  readonly tables: { [T in Table]: Map<string, Tables[T]> } = {
    payment_intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    payouts: new Map(),
    balance_transactions: new Map(),
    customers: new Map(),
    payment_methods: new Map(),
    behaviours: new Map(),
    raises: new Map(),
    setup_intents: new Map(),
    webhook_endpoints: new Map(),
    events: new Map(),
    keys: new Map(),
    deliveries: new Map(),
  }
  readonly clock: () => Date
  clockAheadMs = 0
  private file: number | undefined
  private pending: string[] = []

  constructor(settings: { clock: () => Date; stateFile?: string | undefined }) {
    this.clock = settings.clock
    if (settings.stateFile === undefined) return
    this.load(settings.stateFile)
    this.compact(settings.stateFile)
  }

  nowMs(): number {
    return this.clock().getTime() + this.clockAheadMs
  }

  /** Unix seconds, as everywhere on Stripe's wire. */
  nowS(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  put<T extends Table>(table: T, row: Tables[T]): void {
    const rows: Map<string, Tables[T]> = this.tables[table]
    rows.set(row.id, row)
    this.record(table, row.id, row)
  }

  drop(table: Table, id: string): void {
    if (this.tables[table].delete(id)) this.record(table, id, null)
  }

  commit(): void {
    if (this.file !== undefined && this.pending.length > 0)
      writeSync(this.file, this.pending.join(''))
    this.pending = []
  }

  close(): void {
    this.commit()
    if (this.file !== undefined) closeSync(this.file)
    this.file = undefined
  }

  private record(table: Table, id: string, value: object | null): void {
    if (this.file !== undefined) this.pending.push(`${JSON.stringify({ table, id, value })}\n`)
  }

  private load(path: string): void {
    if (!existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    // A process killed while writing leaves half a line, which it never answered for.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
    for (const line of whole.split('\n')) {
      if (line === '') continue
      const { table, id, value } = zLine.parse(JSON.parse(line))
      if (table === 'clock') this.clockAheadMs = Number(value?.['aheadMs'] ?? 0)
      else this.restore(table, id, value)
    }
  }

  private restore(table: string, id: string, value: { id: string } | null): void {
    const rows = new Map<string, Map<string, object>>(Object.entries(this.tables)).get(table)
    if (!rows) throw new Error(`the state file names the unknown table ${JSON.stringify(table)}`)
    // Only `put` writes this file, so a row has the type of its table.
    if (value === null) rows.delete(id)
    else rows.set(id, value)
  }

  private compact(path: string): void {
    const next = openSync(`${path}.next`, 'w', 0o600)
    for (const [table, rows] of Object.entries(this.tables)) {
      for (const [id, value] of rows) {
        writeSync(next, `${JSON.stringify({ table, id, value })}\n`)
      }
    }
    renameSync(`${path}.next`, path)
    this.file = next
    this.recordClock()
    this.commit()
  }

  advanceClock(ms: number): void {
    this.clockAheadMs += ms
    this.recordClock()
    this.commit()
  }

  private recordClock(): void {
    if (this.file === undefined) return
    const value = { id: 'clock', aheadMs: this.clockAheadMs }
    this.pending.push(`${JSON.stringify({ table: 'clock', id: 'clock', value })}\n`)
  }
}

/** `pi_` and 24 letters or digits, as Stripe's ids look. */
export function newId(prefix: string): string {
  const text = randomBytes(24).toString('base64url').replaceAll(/[-_]/g, '0')
  return `${prefix}_${text.slice(0, 24)}`
}
