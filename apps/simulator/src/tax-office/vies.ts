// The sandbox's register of VAT numbers: VIES' REST protocol, as strict as the EU's own and never kinder. It knows no
// number that it was not told of, hides names as Germany and Spain do, and answers one question of a state at a time.
import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import * as z from 'zod'

export type ViesSettings = {
  port: number
  host?: string
  now?: () => Date
  answersAfterMs?: number
}
export type ViesServer = { url: string; stop: () => Promise<void> }

/** As VIES' own test service numbers its errors; `answer` makes the next questions of a state fail by it. */
const errors = [
  'INVALID_INPUT',
  'INVALID_REQUESTER_INFO',
  'SERVICE_UNAVAILABLE',
  'MS_UNAVAILABLE',
  'TIMEOUT',
  'VAT_BLOCKED',
  'IP_BLOCKED',
  'GLOBAL_MAX_CONCURRENT_REQ',
  'MS_MAX_CONCURRENT_REQ',
] as const

const zState = z.string().regex(/^[A-Z]{2}$/)
const zControl = z.strictObject({
  /** Registered numbers with their prefix, and what is told of each; `---` hides it. */
  numbers: z
    .record(
      z.string().regex(/^[A-Z]{2}[A-Z0-9+*]{2,12}$/),
      z.strictObject({
        name: z.string().default('---'),
        address: z.string().default('---'),
        valid: z.boolean().default(true),
      }),
    )
    .default({}),
  /** How a state fails until the next order. */
  failing: z.record(zState, z.enum(errors)).default({}),
  /** Every well-formed number is registered, with its name hidden. */
  all: z.boolean().default(false),
})
type Control = z.infer<typeof zControl>

const zQuestion = z.object({
  countryCode: zState,
  vatNumber: z.string().regex(/^[A-Z0-9+*]{2,12}$/),
  requesterMemberStateCode: z.string().optional(),
  requesterNumber: z.string().optional(),
})
type Question = z.infer<typeof zQuestion>

const states = new Set(
  'AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI'.split(' '),
)

const refusal = (error: (typeof errors)[number]) => ({
  actionSucceed: false,
  errorWrappers: [{ error }],
})

/** A POST to `/_control/vies` changes what it knows and how it fails; a DELETE there undoes it. */
export async function startVies(settings: ViesSettings): Promise<ViesServer> {
  const host = settings.host ?? '127.0.0.1'
  const now = settings.now ?? (() => new Date())
  const control: { now: Control } = { now: zControl.parse({}) }
  const asked = new Map<string, number>()
  const app = new Hono()
  let count = 0
  const answer = async (question: Question) => {
    const { countryCode, vatNumber } = question
    const failing = control.now.failing[countryCode]
    if (failing !== undefined) return refusal(failing)
    const running = asked.get(countryCode) ?? 0
    if (running > 0) return refusal('MS_MAX_CONCURRENT_REQ')
    asked.set(countryCode, running + 1)
    await new Promise((resolve) => setTimeout(resolve, settings.answersAfterMs ?? 1))
    asked.set(countryCode, (asked.get(countryCode) ?? 1) - 1)
    const { numbers, all } = control.now
    const known = numbers[countryCode + vatNumber]
    const valid = known?.valid ?? all
    const isNamed = valid && known !== undefined
    count += 1
    return {
      countryCode,
      vatNumber,
      requestDate: now().toISOString(),
      valid,
      // Without a requester there is no consultation number.
      requestIdentifier:
        question.requesterNumber === undefined
          ? ''
          : `WAPIAAAA${count.toString(36).toUpperCase().padStart(8, '0')}`,
      name: isNamed ? known.name : '---',
      address: isNamed ? known.address : '---',
    }
  }
  app.post('/check-vat-number', async (c) => {
    const question = zQuestion.safeParse(await c.req.json().catch(() => undefined))
    if (!question.success || !states.has(question.data.countryCode))
      return c.json(refusal('INVALID_INPUT'), 400)
    const { requesterMemberStateCode: state, requesterNumber: number } = question.data
    if ((state === undefined) !== (number === undefined) || (state && !states.has(state)))
      return c.json(refusal('INVALID_REQUESTER_INFO'), 400)
    return c.json(await answer(question.data))
  })
  app.post('/_control/vies', async (c) => {
    const order = zControl.safeParse(await c.req.json().catch(() => undefined))
    if (!order.success) return c.json({ error: z.prettifyError(order.error) }, 400)
    control.now = order.data
    return c.json(control.now)
  })
  app.delete('/_control/vies', (c) => {
    control.now = zControl.parse({})
    return c.body(null, 204)
  })
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
