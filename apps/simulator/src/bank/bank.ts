// The sandbox bank: takes payout orders over HTTP, books them after a while, and can be told to fail.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { type Account, isSound, numberOf, zAccount } from './accounts.ts'
import { addExchangeRoutes, Exchanges } from './exchange.ts'
import { addFileRoutes, Files, type FileTransfer, type Said } from './files.ts'
import { addPayeeRoutes, Payees } from './payees.ts'
import { type Booking, type Incoming, ourIban, Statements } from './statements.ts'

export type BankSettings = {
  port: number
  host?: string
  /** From acceptance to booking. Default 1000. */
  bookedAfterMs?: number
  /** From booking to the return of what the receiving bank could not credit. Default 1000. */
  returnedAfterMs?: number
  /** One JSON line per change; a bank started on it again knows every transfer. */
  stateFile?: string
  now?: () => Date
}

export type Transfer = {
  id: string
  end_to_end_id: string
  /** Decimal text in major units, as the order gave it. */
  amount: string
  currency: string
  creditor: { name: string; account: Account }
  remittance: string
  status: 'accepted' | 'booked' | 'rejected' | 'returned'
  /** ISO 20022 ExternalStatusReason1Code, e.g. AC01, AC04. */
  reason_code: string | null
  reason: string | null
  accepted_at: string
  booked_at: string | null
  return_reference: string | null
  returned_at: string | null
}

export type Bank = {
  url: string
  /** Every transfer, oldest first, with its status now. */
  transfers: () => Transfer[]
  /** Money that somebody else's bank sends us. */
  receive: (incoming: Omit<Incoming, 'bookedAt'>) => void
  stop: () => Promise<void>
}

/** A valid IBAN whose account the sandbox treats as closed: payouts to it are rejected with AC04. */
export const closedAccountIban = 'DE75512108001245126199'

/** Valid numbers whose bank takes a payout and sends it back later: it is booked first, then returned. */
export const returningNumbers = new Map([
  ['DE48512108001245126200', { reason_code: 'AC04', reason: 'Account is closed' }],
  ['DE21512108001245126201', { reason_code: 'AC06', reason: 'Account is blocked' }],
])

const fractionDigits = new Map([
  ['ISK', 0],
  ['JPY', 0],
  ['HUF', 2],
  ['KWD', 3],
  ['TND', 3],
  ['BHD', 3],
  ['JOD', 3],
  ['OMR', 3],
])

const zOrder = z.strictObject({
  end_to_end_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,35}$/, 'must be 1 to 35 letters, digits, - or _'),
  amount: z.string().regex(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,3})?$/, 'must be a decimal amount'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
  creditor: z.strictObject({ name: z.string().min(1).max(70), account: zAccount }),
  remittance: z.string().min(1).max(140),
})
type Order = z.infer<typeof zOrder>

const zAction = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reject'),
    reason_code: z.string().default('MS03'),
    reason: z.string().default('Not specified by the sandbox'),
  }),
  z.strictObject({ kind: z.literal('lose_reply') }),
  z.strictObject({ kind: z.literal('timeout') }),
  z.strictObject({ kind: z.literal('late'), delay_ms: z.int().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal('unavailable') }),
  // Of money that comes in: it does not. Of a statement: its first booking stands there twice.
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('repeat') }),
])
const zFault = z.strictObject({
  operation: z.enum(['send', 'find', 'receive', 'statement', 'file']).default('send'),
  end_to_end_id: z.string().optional(),
  action: zAction,
  /** Absent means until deleted. */
  times: z.int().min(1).optional(),
})
type Action = z.infer<typeof zAction>

const zLine = z.object({
  key: z.string(),
  order: zOrder,
  id: z.string(),
  acceptedAt: z.iso.datetime(),
  reason_code: z.string().nullable(),
  reason: z.string().nullable(),
  /** Of a transfer in a file: it is not executed before. */
  notBefore: z.iso.datetime().optional(),
})
type Line = z.infer<typeof zLine>
type Env = { Bindings: HttpBindings }

const newReference = () => `BNK${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`

const orderOf = ({
  endToEndId,
  amount,
  currency,
  name,
  iban,
  remittance,
}: FileTransfer): Order => ({
  end_to_end_id: endToEndId,
  amount,
  currency,
  creditor: { name, account: { type: 'iban', iban } },
  remittance,
})

class Ledger {
  /** By idempotency key: the order it was first used with and what became of it. */
  readonly lines = new Map<string, Line>()
  readonly statements: Statements
  readonly exchanges: Exchanges
  readonly payees = new Payees()
  readonly files: Files
  private readonly settings: BankSettings

  constructor(settings: BankSettings) {
    this.settings = settings
    this.statements = new Statements(settings.stateFile)
    this.files = new Files({
      nowMs: () => this.nowMs(),
      ourIban,
      reportedAfterMs: settings.bookedAfterMs ?? 1000,
      refusal: (transfer) => this.refusalOf(transfer),
      carryOut: (transfer, key, notBefore) => this.carryOut(transfer, key, notBefore),
    })
    this.exchanges = new Exchanges(settings.stateFile)
    const { stateFile } = settings
    if (stateFile === undefined || !existsSync(stateFile)) return
    for (const text of readFileSync(stateFile, 'utf8').split('\n')) {
      if (text === '') continue
      const line = zLine.parse(JSON.parse(text))
      this.lines.set(line.key, line)
    }
  }

  nowMs(): number {
    return (this.settings.now?.() ?? new Date()).getTime()
  }

  add(line: Line): void {
    const { stateFile } = this.settings
    // One write per line: a killed bank has a transfer in its file or has not answered for it.
    if (stateFile !== undefined) appendFileSync(stateFile, `${JSON.stringify(line)}\n`)
    this.lines.set(line.key, line)
  }

  /** Faults are ordered for a transfer in a file as for one that is sent by itself. */
  orderedFaults: FaultOrders | undefined

  private refusalOf(transfer: FileTransfer): Said {
    const action = this.orderedFaults?.take('send', transfer.endToEndId)
    const said = refuse(orderOf(transfer), action)
    return said && { code: said.reason_code, reason: said.reason }
  }

  private carryOut(transfer: FileTransfer, key: string, notBefore: string): void {
    this.add({
      key,
      order: orderOf(transfer),
      id: newReference(),
      acceptedAt: new Date(this.nowMs()).toISOString(),
      reason_code: null,
      reason: null,
      notBefore,
    })
  }

  /** Everything that was booked on our accounts, in its order. */
  bookings(): Booking[] {
    const ours = [...this.lines.values()].flatMap((line): Booking[] => {
      const { id, booked_at, returned_at, return_reference, reason_code, ...shown } =
        this.show(line)
      const { amount, currency, end_to_end_id: endToEndId, creditor, remittance: text } = shown
      if (booked_at === null) return []
      const of = { amount, currency, endToEndId, counterparty: creditor.name, text }
      const out: Booking = {
        ...of,
        side: 'DBIT',
        reference: id,
        bookedAt: booked_at,
        returnReason: null,
      }
      if (returned_at === null || return_reference === null) return [out]
      const back = { reference: return_reference, bookedAt: returned_at, returnReason: reason_code }
      return [out, { ...of, side: 'CRDT', ...back }]
    })
    const all = [...ours, ...this.exchanges.bookings(), ...this.statements.incoming]
    return all.toSorted((a, b) => (a.bookedAt < b.bookedAt ? -1 : 1))
  }

  show(line: Line): Transfer {
    const { end_to_end_id, amount, currency, creditor, remittance } = line.order
    const soonest = Math.max(
      Date.parse(line.acceptedAt),
      Date.parse(line.notBefore ?? line.acceptedAt),
    )
    const bookedMs = soonest + (this.settings.bookedAfterMs ?? 1000)
    const rejected = line.reason_code !== null
    const booked = !rejected && bookedMs <= this.nowMs()
    const back = booked ? returningNumbers.get(numberOf(creditor.account)) : undefined
    const returnedMs = bookedMs + (this.settings.returnedAfterMs ?? 1000)
    const isBack = back !== undefined && returnedMs <= this.nowMs()
    return {
      id: line.id,
      end_to_end_id,
      amount,
      currency,
      creditor,
      remittance,
      status: rejected ? 'rejected' : isBack ? 'returned' : booked ? 'booked' : 'accepted',
      reason_code: isBack ? back.reason_code : line.reason_code,
      reason: isBack ? back.reason : line.reason,
      accepted_at: line.acceptedAt,
      booked_at: booked ? new Date(bookedMs).toISOString() : null,
      return_reference: isBack ? `${line.id}R` : null,
      returned_at: isBack ? new Date(returnedMs).toISOString() : null,
    }
  }
}

/** Resolves when the port is open; rejects with Node's own error when it is taken. */
export async function startBank(settings: BankSettings): Promise<Bank> {
  const ledger = new Ledger(settings)
  const faults = new FaultOrders()
  ledger.orderedFaults = faults
  const host = settings.host ?? '127.0.0.1'
  const server = createAdaptorServer({ fetch: bankApp(ledger, faults).fetch })
  server.listen(settings.port, host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    url: `http://${host}:${port}`,
    transfers: () => [...ledger.lines.values()].map((line) => ledger.show(line)),
    receive: (incoming) => receive(ledger, faults, incoming),
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

type Operation = z.infer<typeof zFault>['operation']

class FaultOrders {
  private orders: { fault: z.infer<typeof zFault>; left: number }[] = []

  add(fault: z.infer<typeof zFault>): number {
    this.orders.push({ fault, left: fault.times ?? Infinity })
    return this.orders.length
  }

  clear(): void {
    this.orders = []
  }

  take(operation: Operation, endToEndId: string): Action | undefined {
    const order = this.orders.find(
      ({ fault }) =>
        fault.operation === operation &&
        (fault.end_to_end_id === undefined || fault.end_to_end_id === endToEndId),
    )
    if (!order) return undefined
    order.left -= 1
    this.orders = this.orders.filter((other) => other.left > 0)
    return order.fault.action
  }
}

function receive(ledger: Ledger, faults: FaultOrders, incoming: Omit<Incoming, 'bookedAt'>): void {
  if (faults.take('receive', incoming.reference)?.kind === 'drop') return
  const bookedAt = new Date(ledger.nowMs()).toISOString()
  ledger.statements.receive({ ...incoming, bookedAt })
}

const zIncoming = z.strictObject({
  reference: z.string().regex(/^[A-Za-z0-9_-]{1,35}$/),
  amount: zOrder.shape.amount,
  currency: zOrder.shape.currency,
  counterparty: z.string().min(1).max(70),
  text: z.string().max(140).default(''),
})

function addStatementRoutes(app: Hono<Env>, ledger: Ledger, faults: FaultOrders): void {
  app.get('/v1/statements', (c) => {
    const after = c.req.query('after') ?? '0'
    if (!/^\d{1,15}$/.test(after))
      return problem(c, 400, 'after_invalid', 'after: a sequence number')
    const now = new Date(ledger.nowMs()).toISOString()
    const repeat = faults.take('statement', '')?.kind === 'repeat'
    ledger.statements.print(ledger.bookings(), now, repeat)
    const data = ledger.statements.after(Number(after)).slice(0, 100)
    return c.json({ data: data.map(({ sequence, xml }) => ({ sequence, xml })) })
  })
  app.post('/_control/incoming', async (c) => {
    const incoming = zIncoming.safeParse(await c.req.json().catch(() => undefined))
    if (!incoming.success)
      return problem(c, 400, 'incoming_invalid', z.prettifyError(incoming.error))
    receive(ledger, faults, incoming.data)
    return c.body(null, 204)
  })
}

const isFile = (path: string) => path === '/v1/files'

function bankApp(ledger: Ledger, faults: FaultOrders): Hono<Env> {
  const app = new Hono<Env>()
  app.use((c, next) =>
    bodyLimit({ maxSize: isFile(c.req.path) ? 32 * 1024 * 1024 : 64 * 1024 })(c, next),
  )
  app.use('/v1/*', async (c, next) => {
    if (!/^Bearer \S+$/.test(c.req.header('authorization') ?? '')) {
      return problem(c, 401, 'unauthorized', 'authorization: a bearer key is required')
    }
    return next()
  })
  app.post('/v1/payouts', async (c) => {
    const order = zOrder.safeParse(await c.req.json().catch(() => undefined))
    if (!order.success) return problem(c, 400, 'order_invalid', z.prettifyError(order.error))
    return misbehave(c, faults.take('send', order.data.end_to_end_id), (action) =>
      accept(c, ledger, order.data, action),
    )
  })
  app.get('/v1/payouts', async (c) => {
    const id = c.req.query('end_to_end_id')
    return misbehave(c, faults.take('find', id ?? ''), () => {
      const since = c.req.query('returned_since')
      const asked = ({ end_to_end_id, returned_at }: Transfer) =>
        (id === undefined || end_to_end_id === id) &&
        (since === undefined || (returned_at !== null && returned_at >= since))
      const all = [...ledger.lines.values()].map((line) => ledger.show(line))
      return c.json({ data: all.filter(asked) })
    })
  })
  addStatementRoutes(app, ledger, faults)
  addFileRoutes(app, ledger.files, (c: Context<Env>, messageId) => {
    if (faults.take('file', messageId)?.kind !== 'lose_reply') return undefined
    c.env.incoming.socket.destroy()
    return RESPONSE_ALREADY_SENT
  })
  addExchangeRoutes(app, ledger.exchanges, () => ledger.nowMs())
  addPayeeRoutes(app, ledger.payees, { sound: isSound, number: numberOf, schema: zAccount })
  app.post('/_control/faults', async (c) => {
    const fault = zFault.safeParse(await c.req.json().catch(() => undefined))
    if (!fault.success) return problem(c, 400, 'fault_invalid', z.prettifyError(fault.error))
    return c.json({ waiting: faults.add(fault.data) })
  })
  app.delete('/_control/faults', (c) => {
    faults.clear()
    return c.body(null, 204)
  })
  return app
}

async function misbehave(
  c: Context<Env>,
  action: Action | undefined,
  act: (action: Action | undefined) => Response,
): Promise<Response> {
  const { socket } = c.env.incoming
  if (action?.kind === 'unavailable')
    return problem(c, 503, 'unavailable', 'the bank is unavailable')
  if (action?.kind === 'timeout') {
    if (!socket.destroyed) await once(socket, 'close')
    return RESPONSE_ALREADY_SENT
  }
  const answer = act(action)
  if (action?.kind === 'lose_reply') {
    socket.destroy()
    return RESPONSE_ALREADY_SENT
  }
  if (action?.kind === 'late') await wait(action.delay_ms)
  return answer
}

function accept(
  c: Context<Env>,
  ledger: Ledger,
  order: Order,
  action: Action | undefined,
): Response {
  const key = c.req.header('idempotency-key') ?? ''
  if (key === '' || key.length > 255) {
    return problem(
      c,
      400,
      'idempotency_key_required',
      'idempotency-key: 1 to 255 characters are required',
    )
  }
  const known = ledger.lines.get(key)
  if (known) {
    if (JSON.stringify(known.order) !== JSON.stringify(order)) {
      return problem(
        c,
        422,
        'idempotency_key_reused',
        'idempotency-key: used before with another order',
      )
    }
    c.header('idempotent-replayed', 'true')
    return c.json(ledger.show(known), 200)
  }
  const digits = fractionDigits.get(order.currency) ?? 2
  if ((order.amount.split('.')[1] ?? '').length > digits) {
    return problem(c, 400, 'order_invalid', `amount: ${order.currency} has ${digits} decimals`)
  }
  if (!/[1-9]/.test(order.amount))
    return problem(c, 400, 'order_invalid', 'amount: must be greater than zero')
  for (const line of ledger.lines.values()) {
    if (line.order.end_to_end_id === order.end_to_end_id && line.reason_code === null) {
      return problem(
        c,
        422,
        'duplicate_end_to_end_id',
        'end_to_end_id: a payout with it is already on its way',
      )
    }
  }
  const refusal = refuse(order, action)
  const line: Line = {
    key,
    order,
    id: newReference(),
    acceptedAt: new Date(ledger.nowMs()).toISOString(),
    reason_code: refusal?.reason_code ?? null,
    reason: refusal?.reason ?? null,
  }
  ledger.add(line)
  return c.json(ledger.show(line), 201)
}

function refuse(
  order: Order,
  action: Action | undefined,
): { reason_code: string; reason: string } | undefined {
  if (action?.kind === 'reject') return action
  if (!isSound(order.creditor.account))
    return { reason_code: 'AC01', reason: 'The number has a wrong checksum or length' }
  if (numberOf(order.creditor.account) === closedAccountIban)
    return { reason_code: 'AC04', reason: 'Account is closed' }
  return undefined
}

function problem(
  c: Context<Env>,
  status: 400 | 401 | 422 | 503,
  code: string,
  message: string,
): Response {
  return c.json({ error: { code, message } }, status)
}
