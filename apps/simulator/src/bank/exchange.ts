// What the sandbox bank exchanges: one exact amount against another currency, at its own rate beside the reference rate.
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Context, Hono } from 'hono'
import type { HttpBindings } from '@hono/node-server'
import * as z from 'zod'
import { publishedRates } from './reference-rates.ts'
import type { Booking } from './statements.ts'

const zOrder = z.strictObject({
  side: z.enum(['buy', 'sell']),
  amount: z.string().regex(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,3})?$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  against: z.string().regex(/^[A-Z]{3}$/),
})
type Order = z.infer<typeof zOrder>
const zSide = z.object({ amount: z.string(), currency: z.string(), reference: z.string() })
const zMade = z.object({
  key: z.string(),
  order: zOrder,
  sold: zSide,
  bought: zSide,
  executed_at: z.iso.datetime(),
})
type Made = z.infer<typeof zMade>

/** In hundredths of a percent, to the bank's advantage. */
const spreadBps = 20
const digitsOf = (currency: string) =>
  ({ JPY: 0, ISK: 0, KRW: 0, KWD: 3, BHD: 3, TND: 3 })[currency] ?? 2

/** Units of a currency per euro. */
const perEuro = (currency: string): string | undefined =>
  currency === 'EUR' ? '1' : publishedRates.get(currency)

function priceOf({ side, amount, currency, against }: Order): string | undefined {
  const [from, to] = [perEuro(currency), perEuro(against)]
  if (from === undefined || to === undefined) return undefined
  const factor = BigInt(10_000 + (side === 'buy' ? spreadBps : -spreadBps))
  const digits = digitsOf(against)
  const value = scaled(amount, amountDigits) * scaled(to, rateDigits) * factor
  const whole = scaled(from, rateDigits) * 10_000n * 10n ** BigInt(amountDigits - digits)
  return decimal((2n * value + whole) / (2n * whole), digits)
}

const [rateDigits, amountDigits] = [8, 3]
const scaled = (text: string, digits: number): bigint => {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(digits, '0').slice(0, digits))
}
const decimal = (value: bigint, digits: number): string => {
  const text = String(value).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

export class Exchanges {
  private readonly made: Made[] = []
  private readonly file: string | undefined

  constructor(stateFile: string | undefined) {
    this.file = stateFile === undefined ? undefined : `${stateFile}.exchanges`
    if (this.file === undefined || !existsSync(this.file)) return
    for (const line of readFileSync(this.file, 'utf8').split('\n'))
      if (line !== '') this.made.push(zMade.parse(JSON.parse(line)))
  }

  find = (key: string): Made | undefined => this.made.find((each) => each.key === key)

  make(key: string, order: Order, at: string): Made | undefined {
    const counter = priceOf(order)
    if (counter === undefined || !/[1-9]/.test(counter)) return undefined
    const id = `FX${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`
    const own = { amount: order.amount, currency: order.currency }
    const other = { amount: counter, currency: order.against }
    const [sold, bought] = order.side === 'buy' ? [other, own] : [own, other]
    const made = {
      key,
      order,
      sold: { ...sold, reference: `${id}S` },
      bought: { ...bought, reference: `${id}B` },
      executed_at: at,
    }
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(made)}\n`)
    this.made.push(made)
    return made
  }

  /** Two lines, each on the statement of its currency. */
  bookings(): Booking[] {
    return this.made.flatMap(({ sold, bought, executed_at: bookedAt }) =>
      (
        [
          ['DBIT', sold],
          ['CRDT', bought],
        ] as const
      ).map(([side, line]) => ({
        ...line,
        side,
        bookedAt,
        endToEndId: null,
        counterparty: 'Exchange of currencies',
        text: `${sold.amount} ${sold.currency} to ${bought.amount} ${bought.currency}`,
        returnReason: null,
      })),
    )
  }
}

type Env = { Bindings: HttpBindings }
const problem = (c: Context<Env>, status: 400 | 422, code: string, message: string) =>
  c.json({ error: { code, message } }, status)

export function addExchangeRoutes(app: Hono<Env>, exchanges: Exchanges, nowMs: () => number): void {
  app.post('/v1/exchanges', async (c) => {
    const order = zOrder.safeParse(await c.req.json().catch(() => undefined))
    if (!order.success) return problem(c, 400, 'order_invalid', z.prettifyError(order.error))
    const key = c.req.header('idempotency-key') ?? ''
    if (key === '') return problem(c, 400, 'idempotency_key_required', 'idempotency-key: is needed')
    const known = exchanges.find(key)
    if (known !== undefined)
      return JSON.stringify(known.order) === JSON.stringify(order.data)
        ? c.json(known)
        : problem(c, 422, 'idempotency_key_reused', 'used before with another order')
    const made = exchanges.make(key, order.data, new Date(nowMs()).toISOString())
    return made === undefined
      ? problem(c, 422, 'pair_not_dealt', 'the bank does not deal in this pair')
      : c.json(made, 201)
  })
}
