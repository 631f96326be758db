import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookAtBankAccounts } from '@chargelane/corridor/onboarding/bank-accounts'
import type { PayeeCheck } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { ChargelaneError } from '@chargelane/sdk'
import { populate, startTestApi, type TestApi } from '../../testing.ts'

let api: TestApi
let world: Awaited<ReturnType<typeof populate>>
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

/** What a call was refused with. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) =>
      error instanceof ChargelaneError ? { code: error.code, status: error.status } : error,
  )

const german = { type: 'iban', iban: 'DE89370400440532013000' } as const
const other = { type: 'iban', iban: 'DE02120300000000202051' } as const
const named = (numbers: object = german, currency = 'EUR') => ({
  currency,
  holder: 'Voltwerk GmbH',
  numbers: numbers as typeof german,
})
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()
const look = (now: string, check: PayeeCheck = 'match') =>
  lookAtBankAccounts(
    {
      db: api.deps.db,
      payeeCheck: {
        check: () =>
          Promise.resolve({ check, name: check === 'close_match' ? 'Voltwerk Nord GmbH' : null }),
      },
    },
    { now },
  )
const platformKey = async () => {
  const { key } = await api.platform.api_keys.create({ name: 'a second person' })
  return api.lane(key ?? '')
}

describe('a bank account that is named', () => {
  test('waits, is heard of, and counts after its time; until then the one before does', async () => {
    const { lane, account } = world.cpo
    const first = await lane.bank_accounts.create(named())
    expect(first).toMatchObject({ state: 'pending', last4: '3000', country: 'DE', type: 'iban' })
    expect(JSON.stringify(first)).not.toContain(german.iban)
    expect(await refusal(lane.bank_accounts.create(named(other)))).toMatchObject({
      code: 'invalid_transition',
    })
    await look(hours(71))
    expect(await lane.bank_accounts.get(first.id)).toMatchObject({
      state: 'pending',
      payee_check: 'match',
    })
    await look(hours(73))
    expect(await lane.bank_accounts.get(first.id)).toMatchObject({ state: 'active' })
    const types = (await lane.events.list({ limit: 20 })).data.map(({ type }) => type)
    for (const type of ['proposed', 'checked', 'activated'])
      expect(types).toContain(`bank_account.${type}`)
    expect(JSON.stringify(await lane.events.list({ limit: 100 }))).not.toContain(german.iban)

    const second = await lane.bank_accounts.create(named(other))
    expect((await lane.bank_accounts.list({ state: 'active' })).data.map(({ id }) => id)).toEqual([
      first.id,
    ])
    const platform = await platformKey()
    await platform.bank_accounts.confirm(second.id, { reason: 'Asked by telephone.' })
    const all = (await lane.bank_accounts.list({ account: account.id })).data
    expect(all.map(({ id, state, confirmed }) => [id, state, confirmed])).toEqual([
      [second.id, 'active', true],
      [first.id, 'replaced', false],
    ])
  })

  test('is not confirmed by the key that named it, nor by one made since; refused, it is never paid to', async () => {
    const { lane } = world.a
    const waiting = await lane.bank_accounts.create(named())
    const why = { reason: 'It was us.' }
    expect(await refusal(lane.bank_accounts.confirm(waiting.id, why))).toMatchObject({
      code: 'invalid_transition',
    })
    const { key } = await lane.api_keys.create({ name: 'made by a thief' })
    expect(await refusal(api.lane(key ?? '').bank_accounts.confirm(waiting.id, why))).toMatchObject(
      { code: 'invalid_transition' },
    )
    await lane.bank_accounts.refuse(waiting.id, { reason: 'It was not us.' })
    await look(hours(100))
    expect(await lane.bank_accounts.get(waiting.id)).toMatchObject({ state: 'refused' })
  })

  test('whose name its bank does not know needs a second person, whatever time passes', async () => {
    const { lane } = world.b
    const { id } = await lane.bank_accounts.create(named(other))
    await look(hours(1), 'no_match')
    await look(hours(900), 'no_match')
    expect(await lane.bank_accounts.get(id)).toMatchObject({
      state: 'pending',
      payee_check: 'no_match',
    })
    const confirmed = await (await platformKey()).bank_accounts.confirm(id, {
      reason: 'A trustee.',
    })
    expect(confirmed).toMatchObject({ state: 'active', confirmed: true })
  })

  test('is shown with the name that its bank has where that is nearly the same', async () => {
    const { lane } = world.otherCpo
    const { id } = await lane.bank_accounts.create(named())
    await look(hours(1), 'close_match')
    expect(await lane.bank_accounts.get(id)).toMatchObject({
      payee_check: 'close_match',
      payee_name: 'Voltwerk Nord GmbH',
    })
  })

  test('is seen by nobody else', async () => {
    const [own] = (await world.cpo.lane.bank_accounts.list()).data
    const { lane } = world.b
    expect(await refusal(lane.bank_accounts.get(own?.id ?? ''))).toMatchObject({ status: 404 })
    expect(
      await refusal(lane.bank_accounts.refuse(own?.id ?? '', { reason: 'It is not ours.' })),
    ).toMatchObject({ status: 404 })
    expect(
      await refusal(lane.bank_accounts.create({ ...named(), account: world.cpo.account.id })),
    ).toMatchObject({ status: 404 })
    expect((await lane.bank_accounts.list({ account: world.cpo.account.id })).data).toEqual([])
  })
})

const us = { type: 'us', account_number: '12345678', account_type: 'checking' }
test.each([
  ['a wrong check digit', named({ ...german, iban: 'DE88370400440532013000' }), 'invalid_value'],
  [
    'an invisible character',
    named({ ...german, iban: 'DE89\u200b370400440532013000' }),
    'validation_error',
  ],
  ['a QR-IBAN', named({ type: 'ch', iban: 'CH4431999123000889012' }, 'CHF'), 'invalid_value'],
  ['another country’s form', named({ type: 'uk', iban: german.iban }), 'validation_error'],
  [
    'a routing number that is none',
    named({ ...us, routing_number: '021000022' }, 'USD'),
    'invalid_value',
  ],
  ['a currency it cannot take', named(german, 'CHF'), 'unsupported_currency'],
  [
    'dollars on an account of the UK',
    named({ type: 'uk', sort_code: '200000', account_number: '55779911' }, 'USD'),
    'unsupported_currency',
  ],
  [
    'an account at the card provider',
    named({ type: 'connected', connected_account: 'acct_1QabcDEF2' }),
    'not_offered',
  ],
  ['no currency', named({ ...us, routing_number: '021000021' }, 'XXX'), 'unsupported_currency'],
])('a bank account with %s is refused where it is named', async (_, body, code) => {
  expect(await refusal(world.a.lane.bank_accounts.create(body))).toMatchObject({ code })
})
