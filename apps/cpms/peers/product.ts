import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

// The running product as an outsider sees it: the stack file for addresses and keys, HTTP for the rest.

const zStack = z.object({
  api_url: z.string(),
  ocpp_url: z.string(),
  keys: z.object({ partner_a: z.string(), cpo: z.string(), finance: z.string() }),
  test_chargers: z
    .array(
      z.object({
        identity: z.string(),
        password: z.string(),
        rfid: z.string(),
        evse_id: z.string(),
      }),
    )
    .min(3),
})
export type TestCharger = z.infer<typeof zStack>['test_chargers'][number]

const zAmount = z.object({ amount: z.int(), currency: z.string() })
const zSession = z.object({
  id: z.string(),
  evse_id: z.string(),
  status: z.string(),
  money_status: z.string(),
  record_status: z.string(),
  energy_wh: z.number(),
  end_reason: z.string().nullable(),
  cdr: z.string().nullable(),
  totals: z.object({ excl_tax: zAmount, incl_tax: zAmount }).nullable(),
  hold: z.object({ captured: zAmount.nullable() }).nullable(),
})
export type Session = z.infer<typeof zSession>
const zSessions = z.object({ data: z.array(zSession) })
const zRecord = z.object({ total_incl_tax: zAmount.nullable(), source: z.string() })
const zTrialBalance = z.object({
  totals: z.array(z.object({ currency: z.string(), difference: z.string() })),
})

/** Polls until `look` finds something; says what was awaited when 90 s are over. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 90_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`not within 90 s: ${what}`)
    await wait(300)
  }
}

export function openProduct(stackFile: string) {
  const stack = zStack.parse(JSON.parse(readFileSync(stackFile, 'utf8')))
  const { partner_a: partner, finance } = stack.keys

  async function ask(key: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${stack.api_url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const answer: unknown = await response.json()
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }

  const session = async (id: string): Promise<Session> =>
    zSession.parse(await ask(partner, 'GET', `/v1/sessions/${id}`))
  const sessions = async (): Promise<Session[]> =>
    zSessions.parse(await ask(partner, 'GET', '/v1/sessions?limit=100')).data

  return {
    stack,
    session,
    sessionIds: async () => new Set((await sessions()).map((each) => each.id)),
    /** The session that appeared at an EVSE since `known` was read. */
    newSessionAt: (evseId: string, known: ReadonlySet<string>) =>
      until(`a session at ${evseId}`, async () =>
        (await sessions()).find((each) => each.evse_id === evseId && !known.has(each.id)),
      ),
    hasMoney: (id: string, states: readonly string[]) =>
      until(`session ${id} is ${states.join(' or ')}`, async () => {
        const found = await session(id)
        return states.includes(found.money_status) ? found : undefined
      }),
    record: async (id: string) => zRecord.parse(await ask(partner, 'GET', `/v1/cdrs/${id}`)),
    /** Quote and session with a fresh driver and card; answers the session's id. */
    async sell(evseId: string): Promise<string> {
      const zId = z.object({ id: z.string() })
      const source = zId.parse(
        await ask(partner, 'POST', '/v1/payment_sources', {
          driver: { external_id: `peer-${crypto.randomUUID()}` },
          type: 'card',
          payment_method: 'pm_card_visa',
        }),
      )
      const quote = zId.parse(
        await ask(partner, 'POST', '/v1/quotes', { evse: evseId, payment_source: source.id }),
      )
      return zId.parse(await ask(partner, 'POST', '/v1/sessions', { quote: quote.id })).id
    },
    stop: (id: string) => ask(partner, 'POST', `/v1/sessions/${id}/stop`, {}),
    settle: () => ask(finance, 'POST', '/v1/settlements/run', {}),
    trialBalance: async () =>
      zTrialBalance.parse(await ask(finance, 'GET', '/v1/ledger/trial_balance')).totals,
  }
}
