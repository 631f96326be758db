import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { entriesOfSession, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { type Chargelane, ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
/** Two people of finance, each with a key. */
let finance: Chargelane
let controller: Chargelane
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  finance = world.finance.lane
  const { key } = await api.platform.api_keys.create({
    name: 'controller',
    account: world.finance.account.id,
  })
  controller = api.lane(key ?? '')
})
afterAll(() => api.stop())

/** Code and field of the refusal. */
const refusalOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: unknown) =>
      error instanceof ChargelaneError ? `${error.code} ${error.param ?? ''}`.trim() : error,
  )

const euro = (amount: number) => ({ amount, currency: 'EUR' })
const reason = 'booked by mistake'

describe('amounts at the door', () => {
  test('nobody can name an amount that the books cannot bear, and the field is named', async () => {
    const account = world.a.account.id
    for (const amount of [9_007_199_254_740_991, 1_000_000_000_001]) {
      expect(
        await refusalOf(
          finance.credit_lines.record_payment({
            account,
            amount: euro(amount),
            reference: 'huge',
            received_at: api.deps.now(),
          }),
        ),
      ).toBe('validation_error amount.amount')
      expect(await refusalOf(finance.credit_lines.set({ account, limit: euro(amount) }))).toBe(
        'validation_error limit.amount',
      )
    }
  })

  test('books in which sums are beyond 2^53 are still read, to the unit', async () => {
    const most = Number.MAX_SAFE_INTEGER
    for (const n of [1, 2, 3])
      await postEntry(api.database.db, {
        key: `huge-${n}`,
        kind: 'psp_payout',
        effectiveAt: api.deps.now(),
        postings: [
          { account: 'asset:bank:HUF', amount: { amount: most, currency: 'HUF' } },
          { account: 'asset:psp:HUF', amount: { amount: -most, currency: 'HUF' } },
        ],
      })
    const { totals, accounts } = await finance.ledger.trial_balance()
    const sum = String(3n * BigInt(most))
    expect(totals.find(({ currency }) => currency === 'HUF')).toEqual({
      currency: 'HUF',
      debit: sum,
      credit: sum,
      difference: '0',
    })
    expect(accounts.find(({ account }) => account === 'asset:psp:HUF')?.balance).toBe(`-${sum}`)
  })
})

describe('a risk policy', () => {
  test('is set by finance for a partner or one of its sources, and read by the partner alone', async () => {
    const { a, b, cpo } = world
    const account = a.account.id
    const wish = { account, name: 'fleet rest', insured: euro(2_000) }
    expect(await refusalOf(a.lane.risk_policies.set(wish))).toBe('insufficient_scope')
    expect(await refusalOf(finance.risk_policies.set({ ...wish, account: cpo.account.id }))).toBe(
      'resource_missing account',
    )
    const foreign = await b.lane.payment_sources.create({
      driver: { external_id: 'insured' },
      type: 'card',
      payment_method: 'pm_card_visa',
    })
    expect(
      await refusalOf(finance.risk_policies.set({ ...wish, payment_source: foreign.id })),
    ).toBe('resource_missing payment_source')
    const first = await finance.risk_policies.set(wish)
    const again = await finance.risk_policies.set({ ...wish, insured: euro(3_000) })
    expect(again).toMatchObject({ id: first.id, payment_source: null, insured: euro(3_000) })
    expect((await a.lane.risk_policies.list()).data).toEqual([again])
    expect((await b.lane.risk_policies.list()).data).toEqual([])
  })
})

describe('an entry is taken back', () => {
  test('by two keys, once, and by its exact opposite', async () => {
    const id = await postEntry(api.database.db, {
      key: 'mistake',
      kind: 'psp_payout',
      effectiveAt: api.deps.now(),
      postings: [
        { account: 'asset:bank:SEK', amount: { amount: 700, currency: 'SEK' } },
        { account: 'asset:psp:SEK', amount: { amount: -700, currency: 'SEK' } },
      ],
    })
    const first = await finance.ledger.reverse(id, { reason })
    expect(first).toMatchObject({
      entry: null,
      approval: { action: 'ledger.reverse', reason, approved_by: null },
    })
    expect(await refusalOf(finance.ledger.reverse(id, { reason }))).toBe('invalid_transition')
    const { approval, entry } = await controller.ledger.reverse(id, { reason: 'seen as well' })
    expect(approval.approved_by).not.toBe(approval.proposed_by)
    expect(entry).toMatchObject({
      kind: 'reversal',
      key: `reversal:${id}`,
      postings: [
        { account: 'asset:bank:SEK', amount: { amount: -700 } },
        { account: 'asset:psp:SEK', amount: { amount: 700 } },
      ],
    })
    for (const lane of [finance, controller])
      expect(await refusalOf(lane.ledger.reverse(id, { reason }))).toBe('invalid_transition')
    const { accounts } = await finance.ledger.trial_balance()
    expect(accounts.find(({ account }) => account === 'asset:bank:SEK')?.balance).toBe('0')
  })

  test('not where a payee is owed by it, nor by whoever may not', async () => {
    const owing = {
      key: 'owing',
      kind: 'sale',
      effectiveAt: api.deps.now(),
      postings: [
        { account: 'asset:psp:EUR', amount: euro(5) },
        { account: `liability:cpo:${world.cpo.account.id}:EUR:pending`, amount: euro(-5) },
      ],
    }
    const id = await postEntry(api.database.db, owing)
    expect(await refusalOf(finance.ledger.reverse(id, { reason }))).toBe('invalid_transition id')
    expect(await refusalOf(finance.ledger.reverse(999_999, { reason }))).toBe('resource_missing')
    for (const { lane } of [world.a, world.cpo])
      expect(await refusalOf(lane.ledger.reverse(id, { reason }))).toBe('insufficient_scope')
    expect(await entriesOfSession(api.database.db, 'ses_none')).toEqual([])
  })
})

describe('a bank booking', () => {
  test('counts once, settles what is owed and no more, and waits where it is dated ahead', async () => {
    const account = world.b.account.id
    const { db } = api.database
    await finance.credit_lines.set({ account, limit: euro(10_000) })
    await postEntry(db, {
      key: 'charged',
      kind: 'sale',
      effectiveAt: api.deps.now(),
      postings: [
        { account: `asset:on_account:${account}:EUR`, amount: euro(800) },
        { account: 'revenue:commission:EUR', amount: euro(-800) },
      ],
    })
    const pay = (amount: number, reference: string, received_at = api.deps.now()) =>
      finance.credit_lines.record_payment({ account, amount: euro(amount), reference, received_at })
    expect((await pay(300, 'B-1')).owed).toEqual(euro(500))
    expect((await pay(300, 'B-1')).owed).toEqual(euro(500))
    expect(await refusalOf(pay(301, 'B-1'))).toBe('invalid_transition reference')
    const tomorrow = new Date(Date.parse(api.deps.now()) + 86_400_000).toISOString()
    expect((await pay(200, 'B-2', tomorrow)).owed).toEqual(euro(500))
    expect((await pay(900, 'B-3')).owed).toEqual(euro(0))
    const waiting = await api.platform.incidents.list({ kind: 'unmatched_money' })
    expect(waiting.data.map(({ subject, at_stake }) => [subject.id, at_stake])).toEqual([
      ['B-3', euro(400)],
      ['B-2', euro(200)],
    ])
    const { accounts } = await finance.ledger.trial_balance()
    expect(accounts.find((row) => row.account === 'suspense:bank:EUR')?.balance).toBe('-600')
  })

  test('is found, released to whom it belongs or, by two keys, kept where nobody claims it', async () => {
    const { a, b, cpo } = world
    const waiting = await finance.bank_lines.list({ status: 'waiting' })
    expect(waiting.data.map(({ reference, waiting: left }) => [reference, left])).toEqual([
      ['B-3', euro(400)],
      ['B-2', euro(200)],
    ])
    const first = await finance.bank_lines.list({ limit: 1 })
    const rest = await finance.bank_lines.list({ cursor: first.next_cursor ?? '', limit: 5 })
    expect([...first.data, ...rest.data].map(({ reference }) => reference)).toEqual([
      'B-3',
      'B-2',
      'B-1',
    ])
    const [third, second] = [waiting.data[0]?.id ?? '', waiting.data[1]?.id ?? '']
    for (const { lane } of [a, cpo])
      expect(await refusalOf(lane.bank_lines.get(third))).toBe('insufficient_scope')
    const wish = { reason: 'sent by the other one', account: a.account.id }
    expect(
      await refusalOf(finance.bank_lines.release(third, { reason, account: cpo.account.id })),
    ).toBe('resource_missing account')
    expect(await finance.bank_lines.release(third, wish)).toMatchObject({
      status: 'released',
      released_to: a.account.id,
      waiting: euro(0),
      closed_reason: wish.reason,
    })
    expect(await refusalOf(finance.bank_lines.release(third, wish))).toBe('invalid_transition')
    // What the bank will book tomorrow is nobody's today.
    expect(await refusalOf(finance.bank_lines.release(second, wish))).toBe('invalid_transition')
    expect(await finance.bank_lines.write_off(second, { reason })).toMatchObject({
      status: 'waiting',
      proposal: { action: 'bank_line.write_off', approved_by: null },
    })
    expect(await refusalOf(finance.bank_lines.write_off(second, { reason }))).toBe(
      'invalid_transition',
    )
    expect((await finance.bank_lines.get(second)).proposal?.reason).toBe(reason)
    expect(await controller.bank_lines.write_off(second, { reason: 'seen' })).toMatchObject({
      status: 'written_off',
      closed_reason: reason,
      proposal: null,
    })
    const { accounts } = await finance.ledger.trial_balance()
    const balance = (code: string) => accounts.find(({ account }) => account === code)?.balance
    expect(balance('suspense:bank:EUR')).toBe('0')
    expect(balance('revenue:unclaimed:EUR')).toBe('-200')
    expect(balance(`asset:on_account:${a.account.id}:EUR`)).toBe('-400')
    const incidents = await api.platform.incidents.list({
      kind: 'unmatched_money',
      status: 'resolved',
    })
    expect(incidents.data.map(({ resolution }) => resolution?.action)).toEqual([
      'release',
      'write_off',
    ])
    expect((await b.lane.events.list({ limit: 100 })).data.map(({ type }) => type)).toContain(
      'incident.resolved',
    )
  })
})

describe('a claim above the price', () => {
  test('is decided by finance with a reason, and by nobody else', async () => {
    const { a, cpo } = world
    for (const { lane } of [a, cpo])
      for (const verb of ['release', 'grant'] as const)
        expect(await refusalOf(lane.suspense[verb](newId('suspenseItem'), { reason }))).toBe(
          'insufficient_scope',
        )
    for (const verb of ['release', 'grant'] as const)
      expect(await refusalOf(finance.suspense[verb](newId('suspenseItem'), { reason }))).toBe(
        'resource_missing',
      )
  })
})

describe('settings of the platform', () => {
  test('are set by the platform alone with a reason, read by everybody, and every change stays', async () => {
    const { a, cpo } = world
    for (const { lane } of [a, cpo, world.finance])
      expect(await refusalOf(lane.platform_settings.set({ reason, ghost_s: 600 }))).toBe(
        'insufficient_scope',
      )
    expect(await a.lane.platform_settings.get()).toMatchObject({
      ghost_s: null,
      defaults: { ghost_s: 900, usual_price_times: 5, record_deadline_s: 86_400 },
      version: null,
    })
    const { platform } = api
    expect(await refusalOf(platform.platform_settings.set({ reason, ghost_s: 0 }))).toBe(
      'validation_error ghost_s',
    )
    await platform.platform_settings.set({ reason, ghost_s: 600, usual_price_times: 8 })
    const second = await platform.platform_settings.set({ reason: 'as before', ghost_s: null })
    expect(second).toMatchObject({ ghost_s: null, usual_price_times: 8, reason: 'as before' })
    expect(await cpo.lane.platform_settings.get()).toMatchObject({
      version: second.version,
      usual_price_times: 8,
      reason: null,
      set_by: null,
    })
    const changes = await finance.platform_settings.changes()
    expect(changes.data.map((each) => [each.reason, each.ghost_s])).toEqual([
      ['as before', null],
      [reason, 600],
    ])
    expect(await refusalOf(a.lane.platform_settings.changes())).toBe('insufficient_scope')
  })

  test('of an operator count before those of its market, and those before what is set for all', async () => {
    const { platform } = api
    const { cpo } = world
    const account = cpo.account.id
    const now = () => settingsNow(api.database.db, { market: 'DE', operator: account })
    const set = platform.platform_settings.set
    await set({ reason, contract_term_s: 20 * 86_400, settle_within_s: 86_400, ghost_s: 500 })
    await set({ reason, market: 'DE', contract_term_s: 25 * 86_400, ghost_s: 700 })
    const own = await set({ reason, account, contract_term_s: 40 * 86_400 })
    expect(own).toMatchObject({
      account,
      market: null,
      contract_term_s: 40 * 86_400,
      ghost_s: null,
    })
    expect(await now()).toMatchObject({
      contract_term_s: 40 * 86_400,
      ghost_s: 700,
      settle_within_s: 86_400,
    })
    await set({ reason, account, contract_term_s: null })
    expect(await now()).toMatchObject({ contract_term_s: 25 * 86_400 })
    expect(await platform.platform_settings.get({ market: 'DE' })).toMatchObject({ ghost_s: 700 })
    expect(await cpo.lane.platform_settings.get({ account })).toMatchObject({ ghost_s: null })
    const [newest] = (await finance.platform_settings.changes()).data
    expect(newest).toMatchObject({ account, reason, contract_term_s: null })
    expect(await refusalOf(set({ reason, account, market: 'DE' }))).toBe('invalid_value account')
    expect(await refusalOf(set({ reason, account: world.a.account.id }))).toBe(
      'resource_missing account',
    )
    expect(await refusalOf(set({ reason, market: 'DE', plan_limits: [] }))).toBe(
      'invalid_value plan_limits',
    )
    await set({ reason, contract_term_s: null, settle_within_s: null, ghost_s: null })
  })
})
