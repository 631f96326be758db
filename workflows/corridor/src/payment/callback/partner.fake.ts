// A partner's payment endpoint on loopback: it checks signatures, answers each question once, and misbehaves on demand.
import { createServer, type IncomingMessage } from 'node:http'
import { Webhook } from 'standardwebhooks'
import * as z from 'zod'

const zAsked = z.object({
  id: z.string(),
  type: z.string(),
  payment: z.string(),
  payment_method: z.string().nullable(),
  amount: z.object({ amount: z.number(), currency: z.string() }).optional(),
})
type Asked = z.infer<typeof zAsked>

type How = 'decline' | 'silent' | 'lost' | 'error' | 'nonsense' | 'less' | 'more' | 'other_currency'

export type FakePartner = {
  url: string
  secret: string
  /** Every question as it came, repetitions included. */
  asked: Asked[]
  /** What it holds, takes and has given back, by our payment. */
  holds: Map<string, { held: number; captured: number; refunded: number; status: string }>
  /** How it answers the next questions of a type; the usual where the list is empty. */
  next: { type: string; how: How }[]
  /** Of the holds that it makes. */
  expiresAt: string | undefined
  stop: () => Promise<void>
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of message) if (part instanceof Uint8Array) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

type Answer = {
  status: string
  reference?: string
  decline_code?: string
  expires_at?: string
  amount?: { amount: number; currency: string }
}

/** What it says to have approved, of what it was asked for. */
const oddly: Partial<Record<How, (asked: NonNullable<Asked['amount']>) => Asked['amount']>> = {
  less: ({ amount, currency }) => ({ amount: Math.floor(amount / 2), currency }),
  more: ({ amount, currency }) => ({ amount: amount + 1, currency }),
  other_currency: ({ amount }) => ({ amount, currency: 'JPY' }),
}

const no = (code: string): Answer => ({ status: 'declined', decline_code: code })

function answerOf(partner: FakePartner, { type, payment, amount }: Asked): Answer {
  const wallet = partner.holds.get(payment) ?? { held: 0, captured: 0, refunded: 0, status: 'none' }
  partner.holds.set(payment, wallet)
  const reference = `w-${payment.slice(-6)}`
  const wish = amount?.amount ?? 0
  switch (type) {
    case 'payment.authorize':
    case 'payment.increase':
      Object.assign(wallet, { held: wish, status: 'authorized' })
      return {
        status: 'approved',
        reference,
        ...(partner.expiresAt === undefined ? {} : { expires_at: partner.expiresAt }),
      }
    case 'payment.capture':
      if (wallet.status !== 'authorized' || wish > wallet.held) return no('not_held')
      Object.assign(wallet, { held: 0, captured: wish, status: 'captured' })
      return { status: 'approved', reference }
    case 'payment.void':
      if (wallet.status === 'captured') return no('captured')
      Object.assign(wallet, { held: 0, status: 'voided' })
      return { status: 'approved' }
    case 'payment.refund':
      if (wallet.refunded + wish > wallet.captured) return no('amount_too_large')
      wallet.refunded += wish
      return { status: 'approved', reference: `${reference}-r` }
    default:
      return { status: wallet.status, reference }
  }
}

/** Listens on a free port of loopback. */
export async function startFakePartner(): Promise<FakePartner> {
  const secret = `whsec_${Buffer.from('a secret of a fake partner, thirty-two').toString('base64')}`
  const answered = new Map<string, Answer>()
  const server = createServer((message, reply) => {
    void respond(message).then((said) =>
      said === undefined
        ? reply.destroy()
        : reply.writeHead(said.code, { 'content-type': 'application/json' }).end(said.text),
    )
  })
  const partner: FakePartner = {
    url: '',
    secret,
    asked: [],
    holds: new Map(),
    next: [],
    expiresAt: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
  async function respond(message: IncomingMessage) {
    const raw = await bodyOf(message)
    const { headers } = message
    try {
      new Webhook(secret).verify(raw, {
        'webhook-id': String(headers['webhook-id']),
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      })
    } catch {
      return { code: 401, text: '{}' }
    }
    const question = zAsked.parse(JSON.parse(raw))
    partner.asked.push(question)
    const index = partner.next.findIndex(({ type }) => type === question.type)
    const [order] = index === -1 ? [] : partner.next.splice(index, 1)
    if (order?.how === 'silent') return undefined
    if (order?.how === 'error') return { code: 503, text: '{}' }
    if (order?.how === 'nonsense') return { code: 200, text: '{"ok":true}' }
    if (order?.how === 'decline')
      return { code: 200, text: '{"status":"declined","decline_code":"insufficient_funds"}' }
    const usual = answered.get(question.id) ?? answerOf(partner, question)
    const amount = order && question.amount && oddly[order.how]?.(question.amount)
    const said = amount === undefined ? usual : { ...usual, amount }
    if (question.type !== 'payment.lookup') answered.set(question.id, said)
    return order?.how === 'lost' ? undefined : { code: 200, text: JSON.stringify(said) }
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  partner.url = `http://127.0.0.1:${port}/pay`
  return partner
}
