import { contract, type Operation, operations, scopesOf, zProblem } from '@chargelane/openapi'
import { idKinds, newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Owned,
  ownedObjects,
  payoutFacts,
  planTerms,
  rateTerms,
  splitTerms,
} from './routes/owned.fake.ts'
import { populate, startTestApi, stripeWebhookSecret, type TestApi, type World } from './testing.ts'

let api: TestApi
let world: World
let owned: Owned
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  owned = await ownedObjects(api, world)
})
afterAll(() => api.stop())

type Reply = { status: number; headers: Headers; body: unknown }

/** A request as any client may send it, when the SDK is too well-behaved to. */
async function send(
  op: Pick<Operation, 'method' | 'path'>,
  options: {
    id?: string
    key?: string
    headers?: Record<string, string>
    body?: string
    query?: string
  } = {},
): Promise<Reply> {
  const path = op.path.replace('{id}', encodeURIComponent(options.id ?? 'x'))
  const response = await fetch(`${api.url}${path}${options.query ?? ''}`, {
    method: op.method.toUpperCase(),
    headers: {
      ...(options.key === undefined ? {} : { Authorization: `Bearer ${options.key}` }),
      ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: options.body }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  }
}

const problem = (reply: Reply) => zProblem.parse(reply.body)
const withKey = () => ({ 'Idempotency-Key': crypto.randomUUID() })
const guarded = operations.filter((op) => op.scope !== 'public')
/** Supply is for everybody to read. */
const isPublic = (op: Operation) => /^(?:locations|evses|tariffs)\./.test(op.id)

describe('every operation', () => {
  it.each(guarded.map((op) => [op.id, op] as const))(
    '%s refuses a caller without a key',
    async (_, op) => {
      const reply = await send(op, {
        body: op.body ? '{}' : undefined,
        headers: withKey(),
      } as never)
      expect(reply.status).toBe(401)
      expect(problem(reply).code).toBe('invalid_key')
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
    },
  )

  it('refuses an unknown key, a key in the URL, and a basic login alike', async () => {
    const op = contract.sessions.list
    for (const headers of [
      { Authorization: `Bearer sk_test_${'x'.repeat(43)}` },
      { Authorization: `Basic ${Buffer.from(`${world.a.key}:`).toString('base64')}` },
    ])
      expect((await send(op, { headers })).status).toBe(401)
    expect((await send(op, { query: `?api_key=${world.a.key}` })).status).toBe(401)
  })

  it('refuses a key whose account type lacks the scope', async () => {
    const refused: string[] = []
    for (const op of guarded) {
      for (const { key, account } of [world.a, world.cpo, world.finance]) {
        const scopes: readonly string[] = scopesOf[account.type]
        if (scopes.includes(op.scope)) continue
        const reply = await send(op, { key, id: account.id, headers: withKey() })
        expect(reply.status, `${op.id} by ${account.type}`).toBe(403)
        expect(problem(reply).code).toBe('insufficient_scope')
        refused.push(`${account.type} ${op.id}`)
      }
    }
    expect(refused).toContain('partner accounts.create')
    expect(refused).toContain('cpo sessions.create')
    expect(refused).toContain('partner ledger.trial_balance')
    expect(refused).toContain('finance quotes.create')
  })

  it('asks for an Idempotency-Key where a repeat could do harm', async () => {
    for (const op of guarded.filter((each) => each.idempotent)) {
      const reply = await send(op, { key: api.platformKey, id: newId('quote'), body: '{}' })
      expect(reply.status, op.id).toBe(400)
      expect(problem(reply)).toMatchObject({
        code: 'idempotency_key_required',
        param: 'Idempotency-Key',
      })
    }
  })

  it('names the field of a malformed body and the unknown field of a strange one', async () => {
    for (const op of guarded.filter((each) => each.body)) {
      const options = { key: api.platformKey, id: newId('quote'), headers: withKey() }
      // A path id of another kind is missing; bodies are only read behind a good one.
      const params = op.params === undefined ? options : { ...options, id: idLike(op) }
      const empty = await send(op, { ...params, headers: withKey(), body: '{}' })
      // Every field of a replay has a default: there the id is what is wrong.
      const isWhole = op.id === 'split_policies.simulate'
      expect(empty.status, op.id).toBe(isWhole ? 404 : 400)
      expect(isWhole ? 'id' : problem(empty).param, op.id).toMatch(/^[a-z_.]+$/)
      const strange = await send(op, {
        ...params,
        headers: withKey(),
        body: '{"captured_amount":1}',
      })
      expect(problem(strange).code, op.id).toBe('validation_error')
      const errors = z
        .object({ errors: z.array(z.object({ param: z.string() })) })
        .parse(strange.body)
      const named = errors.errors.map((each) => each.param)
      // A union is chosen by one field first: without it nothing else can be judged.
      const chosenBy = new Map([
        ['connections.create', 'protocol'],
        ['split_policies.add_golden', 'format'],
      ])
      const expected = chosenBy.get(op.id) ?? 'captured_amount'
      expect(named, op.id).toContain(expected)
    }
  })

  it('hides the objects of one account from every other, exactly as if they did not exist', async () => {
    const strangers = { partner: world.b.key, cpo: world.otherCpo.key }
    const hidden = guarded.filter(
      (op) =>
        op.params &&
        !isPublic(op) &&
        !['accounts:write', 'incidents:write', 'ledger:read', 'settlements:run'].includes(op.scope),
    )
    for (const op of hidden) {
      const object = owned[op.id.slice(0, op.id.indexOf('.'))]!
      const ask = (id: string) =>
        send(op, {
          id,
          key: strangers[object.owner],
          headers: withKey(),
          ...(op.body ? { body: JSON.stringify(bodyFor(op.id)) } : {}),
        })
      const [theirs, nobodys] = [
        await ask(object.id),
        await ask(object.id.replace(/.{26}$/, '0'.repeat(26))),
      ]
      expect(theirs.status, op.id).toBe(404)
      const { request_id: _1, ...seen } = problem(theirs)
      const { request_id: _2, ...unknown } = problem(nobodys)
      expect(seen, op.id).toEqual(unknown)
    }
  })

  it('lists nothing of another account, whatever the query claims', async () => {
    const lists = [
      contract.accounts.list,
      contract.api_keys.list,
      contract.tokens.list,
      contract.sessions.list,
      contract.holds.list,
      contract.payments.list,
      contract.debts.list,
      contract.cdrs.list,
      contract.suspense.list,
      contract.incidents.list,
      contract.invoices.list,
      contract.settlements.list,
      contract.webhook_endpoints.list,
      contract.webhook_deliveries.list,
      contract.events.list,
      contract.agreements.list,
      contract.rate_agreements.list,
      contract.contracts.list,
      contract.driver_groups.list,
      contract.plans.list,
      contract.subscriptions.list,
      contract.reimbursement_rates.list,
      contract.credit_lines.list,
      contract.risk_policies.list,
    ]
    const zList = z.object({ data: z.array(z.record(z.string(), z.unknown())) })
    for (const op of lists) {
      // A claim that the operation does not know is refused by its name; the ones it knows show nothing either.
      const known = Object.keys('query' in op ? op.query.shape : {})
      const claims = ['account', 'partner_id', 'limit'].flatMap((name) => {
        if (!known.includes(name)) return []
        return [`${name}=${name === 'limit' ? '100' : world.a.account.id}`]
      })
      const stranger = `?${[...claims, `tenant=${world.a.account.id}`].join('&')}`
      expect((await send(op, { key: world.b.key, query: stranger })).status, op.id).toBe(400)
      const reply = await send(op, {
        key: world.b.key,
        query: claims.length === 0 ? '' : `?${claims.join('&')}`,
        headers: { 'X-Tenant-Id': world.a.account.id, 'Acting-For': world.a.account.id },
      })
      expect(reply.status, op.id).toBe(200)
      expect(JSON.stringify(zList.parse(reply.body)), op.id).not.toContain(world.a.account.id)
    }
    expect((await world.b.lane.sessions.list()).data).toEqual([])
    expect((await world.b.lane.payments.list()).data).toEqual([])
    expect((await world.b.lane.invoices.list()).data).toEqual([])
  })

  it('answers its owner with what the contract says', async () => {
    const id = owned['sessions']?.id ?? ''
    const session = await world.a.lane.sessions.get(id)
    expect(contract.sessions.get.success.body.parse(session)).toEqual(session)
    const money = [
      ...(await world.a.lane.payments.list({ session: id })).data,
      ...(await world.a.lane.cdrs.list({ session: id })).data,
      ...(await world.a.lane.invoices.list({ session: id })).data,
    ]
    expect(money).toHaveLength(3)
    const pdf = await world.a.lane.invoices.pdf(money[2]?.id ?? '')
    expect(Buffer.from(pdf).subarray(0, 8).toString()).toBe('%PDF-1.7')
    const [settlement] = (await world.cpo.lane.settlements.list()).data
    const statement = await world.cpo.lane.settlements.statement(settlement?.id ?? '')
    expect(statement.byteLength).toBe(8)
    expect(session.hold).toMatchObject({ amount: { amount: 2_000, currency: 'EUR' } })
    const seenByCpo = await world.cpo.lane.sessions.get(id)
    expect(seenByCpo).toMatchObject({ driver: null, hold: null, id })
    const timeline = await world.a.lane.sessions.timeline(id)
    expect(timeline.data.map((entry) => entry.what)).toContain('quote consumed')
  })

  it('never tells where it broke', async () => {
    api.corridor.answer = () => Promise.reject(new Error('select secret from /srv/app.ts'))
    const quote = await world.b.lane.quotes.create({
      evse: 'DE*VWL*E1001*1',
      payment_source: world.sources.b.id,
    })
    const reply = await send(contract.sessions.create, {
      key: world.b.key,
      headers: withKey(),
      body: JSON.stringify({ quote: quote.id }),
    })
    api.corridor.answer = undefined
    expect(reply.status).toBe(500)
    expect(problem(reply).code).toBe('internal_error')
    expect(JSON.stringify(reply.body)).not.toMatch(/secret|\.ts|select|Error:|node_modules/)
  })

  it('logs no key, no secret and no body', () => {
    const all = api.logged.join('\n')
    for (const secret of [
      world.a.key,
      api.platformKey,
      'pm_card_visa',
      stripeWebhookSecret,
      '04A1B2C3',
    ])
      expect(all).not.toContain(secret)
  })
})

/** An id that fits the operation's path and names nothing. */
function idLike(op: Operation): string {
  const id: unknown = op.params instanceof z.ZodObject ? op.params.shape['id'] : undefined
  const kind = id instanceof z.ZodType ? idKinds.get(id)?.kind : undefined
  return op.id.startsWith('ledger.') ? '1' : newId(kind ?? 'session')
}

const bodyFor = (id: string): Record<string, unknown> =>
  ({
    'tokens.update': { status: 'blocked' },
    'webhook_endpoints.update': { status: 'enabled' },
    'webhook_endpoints.roll_secret': { overlap_s: 60 },
    'connections.update': { tariff_slo_s: 600 },
    'agreements.amend': {
      terms: { side: 'partner', partner_share_bps: 4_000, benefit_mode: 'discount' },
    },
    'bank_accounts.confirm': { reason: 'Asked.' },
    'bank_accounts.refuse': { reason: 'Asked.' },
    'payouts.retry': { reason: 'Asked.' },
    'payouts.cancel': { reason: 'Asked.' },
    'agreements.reject': { reason: 'x' },
    'agreements.end': { reason: 'x' },
    'disputes.submit_evidence': { text: 'Asked.' },
    'contracts.amend': { name: 'Fleet' },
    'contracts.reject': { reason: 'x' },
    'contracts.end': { reason: 'x' },
    'driver_groups.update': { add: ['user-42'] },
    'rate_agreements.amend': rateTerms,
    'rate_agreements.reject': { reason: 'x' },
    'rate_agreements.end': { reason: 'x' },
    'policy_packages.dry_run': { hook: 'before_payout', facts: payoutFacts },
    'split_policies.update': splitTerms,
    'split_policies.amend': splitTerms,
    'split_policies.retire': { reason: 'x' },
    'split_policies.add_golden': { format: 'csv', name: 'x', csv: 'x' },
    'plans.add_version': planTerms,
    'psp_accounts.rotate': { webhook_secret: 'whsec_0123456789abcdef', overlap_s: 60 },
    'subscriptions.change_plan': { plan_version: 1 },
    'subscriptions.cancel': { when: 'now' },
    'reimbursement_rates.end': { at: '2030-01-01T00:00:00Z' },
  })[id] ?? {}
