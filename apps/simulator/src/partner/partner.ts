// The sandbox's partner with money of its customers: it answers authorize, capture and void over real HTTP as a partner
// should, and misbehaves on demand. Each address `/{partner}/{kind}` is checked with the secret that was told for it.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import {
  type Answer,
  answerTo,
  type Funds,
  type Question,
  zAnswer,
  zFunds,
  zQuestion,
} from './funds.ts'
import { whyNotSigned } from './signature.ts'

export type PartnerSettings = {
  port: number
  host?: string
  /** One JSON line per change; a partner started on it again knows secrets, answers and funds. */
  stateFile?: string
  now?: () => Date
}
export type PartnerServer = { url: string; stop: () => Promise<void> }

const zFault = z.strictObject({
  type: zQuestion.shape.type,
  how: z.enum([
    'decline',
    /** Hangs up without an answer, before or after it did what it was asked. */
    'silent',
    'lost',
    'slow',
    /** Does it, and answers when nobody waits any more. */
    'late',
    'error',
    'nonsense',
    /** Believes no signature. */
    'bad_signature',
    'less',
    /** Answers the same question again as if it were new. */
    'twice',
    /** Says no to a question that it has said yes to. */
    'changes_mind',
  ]),
  delay_ms: z.int().min(0).max(60_000).default(6_000),
  times: z.int().min(1).max(1_000).default(1),
})
type Fault = z.infer<typeof zFault>

const zSecret = z.strictObject({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/=]{32,100}$/) })

const zAnswered = z.object({ id: z.string(), fingerprint: z.string(), answer: zAnswer })
type Answered = z.infer<typeof zAnswered>
const zChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('secret'), at: z.string(), secret: z.string() }),
  z.object({
    kind: z.literal('answered'),
    at: z.string(),
    answered: zAnswered,
    funds: zFunds.nullable(),
  }),
])
type Change = z.infer<typeof zChange>

type Env = { Bindings: HttpBindings }

class Partner {
  readonly secrets = new Map<string, string>()
  readonly answered = new Map<string, Answered>()
  readonly funds = new Map<string, Funds>()
  readonly faults = new Map<string, Fault[]>()
  /** Every question that was believed, repetitions included. */
  readonly asked: { at: string; question: Question }[] = []
  private readonly file: string | undefined

  constructor(file: string | undefined) {
    this.file = file
    if (file === undefined || !existsSync(file)) return
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean))
      this.take(zChange.parse(JSON.parse(line)))
  }

  keep(change: Change): void {
    this.take(change)
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(change)}\n`)
  }

  private take(change: Change): void {
    if (change.kind === 'secret') this.secrets.set(change.at, change.secret)
    else {
      this.answered.set(`${change.at} ${change.answered.id}`, change.answered)
      if (change.funds !== null) this.funds.set(change.funds.payment, change.funds)
    }
  }

  takeFault(at: string, type: Question['type']): Fault | undefined {
    const planned = this.faults.get(at) ?? []
    const fault = planned.find((each) => each.type === type)
    if (fault === undefined) return undefined
    fault.times -= 1
    if (fault.times === 0)
      this.faults.set(
        at,
        planned.filter((each) => each !== fault),
      )
    return fault
  }

  /** The answer to a question, the first time decided and from then on repeated. */
  answer(at: string, question: Question, fingerprint: string, fault: Fault | undefined): Answer {
    const known = this.answered.get(`${at} ${question.id}`)
    if (fault?.how === 'changes_mind') return { status: 'declined', decline_code: 'changed_mind' }
    // What became of a payment is asked anew each time.
    if (known !== undefined && fault?.how !== 'twice' && question.type !== 'payment.lookup')
      return known.answer
    if (fault?.how === 'decline') {
      const answer = { status: 'declined', decline_code: 'insufficient_funds' } as const
      this.keep({
        kind: 'answered',
        at,
        answered: { id: question.id, fingerprint, answer },
        funds: null,
      })
      return answer
    }
    const { payment, session } = question
    const currency = question.amount?.currency ?? 'EUR'
    const none = { held: 0, captured: 0, refunded: 0, status: 'none' } as const
    const funds = { payment, session, currency, ...none, ...this.funds.get(payment) }
    const decided = answerTo(funds, question, fault?.how === 'less' ? 0.5 : 1)
    const answer =
      fault?.how === 'twice' ? { ...decided, reference: `${decided.reference}-2` } : decided
    this.keep({ kind: 'answered', at, answered: { id: question.id, fingerprint, answer }, funds })
    return answer
  }
}

/** Resolves when the port is open. Under `/_control` it is told secrets and faults, and shows what it holds. */
export async function startPartner(settings: PartnerSettings): Promise<PartnerServer> {
  const host = settings.host ?? '127.0.0.1'
  const partner = new Partner(settings.stateFile)
  const app = new Hono<Env>()
  app.use(bodyLimit({ maxSize: 64 * 1024 }))
  addControl(app, partner)
  app.post('/:partner/:kind', (c) => serve(c, partner, settings.now ?? (() => new Date())))
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(settings.port, host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

const pathOf = (c: Context<Env>) => `${c.req.param('partner')}/${c.req.param('kind')}`

async function serve(c: Context<Env>, partner: Partner, now: () => Date): Promise<Response> {
  const at = pathOf(c)
  const secret = partner.secrets.get(at)
  if (secret === undefined) return c.json({ error: 'no secret was told for this address' }, 404)
  const body = await c.req.text()
  const header = (name: string) => c.req.header(name) ?? ''
  const signed = {
    id: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signatures: header('webhook-signature'),
    body,
  }
  const why = whyNotSigned(signed, secret, now().getTime())
  if (why !== undefined) return c.json({ error: why }, 401)
  const parsed = zQuestion.safeParse(JSON.parse(body))
  if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 400)
  const question = parsed.data
  if (question.id !== signed.id) return c.json({ error: 'the id is not the one signed' }, 400)
  const fingerprint = createHash('sha256').update(body).digest('hex')
  const known = partner.answered.get(`${at} ${question.id}`)
  if (known !== undefined && known.fingerprint !== fingerprint && !isLookup(question))
    return c.json({ error: 'this id was asked with another body' }, 422)
  partner.asked.push({ at, question })
  return misbehave(c, partner.takeFault(at, question.type), (fault) =>
    partner.answer(at, question, fingerprint, fault),
  )
}

const isLookup = ({ type }: Question) => type === 'payment.lookup'

async function misbehave(
  c: Context<Env>,
  fault: Fault | undefined,
  answer: (fault: Fault | undefined) => Answer,
): Promise<Response> {
  switch (fault?.how) {
    case 'silent':
      return hangUp(c)
    case 'error':
      return c.json({ error: 'the partner fails' }, 500)
    case 'nonsense':
      return c.json({ ok: true })
    case 'bad_signature':
      return c.json({ error: 'the signature does not hold' }, 401)
    case 'lost':
      answer(fault)
      return hangUp(c)
    case 'late':
    case 'slow': {
      if (fault.how === 'slow') await wait(Math.min(fault.delay_ms, 2_000))
      const said = answer(fault)
      if (fault.how === 'late') await wait(fault.delay_ms)
      return c.json(said)
    }
    case undefined:
    case 'decline':
    case 'less':
    case 'twice':
    case 'changes_mind':
      return c.json(answer(fault))
  }
}

function hangUp(c: Context<Env>): Response {
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

function addControl(app: Hono<Env>, partner: Partner): void {
  const read = async <T>(c: Context<Env>, schema: z.ZodType<T>): Promise<T | Response> => {
    const parsed = schema.safeParse(await c.req.json().catch(() => undefined))
    return parsed.success ? parsed.data : c.json({ error: z.prettifyError(parsed.error) }, 400)
  }
  app.post('/_control/:partner/:kind/secret', async (c) => {
    const told = await read(c, zSecret)
    if (told instanceof Response) return told
    partner.keep({ kind: 'secret', at: pathOf(c), secret: told.secret })
    return c.body(null, 204)
  })
  app.post('/_control/:partner/:kind/faults', async (c) => {
    const fault = await read(c, zFault)
    if (fault instanceof Response) return fault
    partner.faults.set(pathOf(c), [...(partner.faults.get(pathOf(c)) ?? []), fault])
    return c.body(null, 204)
  })
  app.delete('/_control/:partner/:kind/faults', (c) => {
    partner.faults.delete(pathOf(c))
    return c.body(null, 204)
  })
  app.get('/_control/:partner/:kind/asked', (c) =>
    c.json(partner.asked.filter(({ at }) => at === pathOf(c)).map(({ question }) => question)),
  )
  app.get('/_control/funds', (c) => c.json([...partner.funds.values()]))
}
