// A tax office's answer is asked for, kept with its number, and counts for a time: no reverse charge without it.
import { createVatCheckActivities } from '@chargelane/corridor/onboarding/vat-checks'
import type { VatAnswer } from '@chargelane/corridor/onboarding/vies'
import { planOwner } from '@chargelane/db/queries/plans/subscriptions'
import { isIdentifiedIn } from '@chargelane/rules/vat/registrations'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const day = 86_400_000
const now = Date.parse('2026-11-30T10:00:00Z')
const answers = new Map<string, VatAnswer>()
const asked: string[] = []
let others: VatAnswer
beforeEach(() => {
  answers.clear()
  asked.length = 0
  others = answered()
})

const answered = (more: Partial<Extract<VatAnswer, { kind: 'answered' }>> = {}) => ({
  kind: 'answered' as const,
  valid: true,
  reference: 'WAPIAAAAYVdyVzXx',
  name: null,
  address: null,
  ...more,
})

/** One round of the schedule, so many days later. */
async function round(days: number) {
  const { checkVatIds } = createVatCheckActivities({
    db: api.database.db,
    vatCheck: {
      source: 'vies',
      covers: (vatId) => vatId.startsWith('DE'),
      ask: ({ vatId }) => {
        asked.push(vatId)
        return Promise.resolve(answers.get(vatId) ?? others)
      },
    },
  })
  return checkVatIds({ now: new Date(now + days * day).toISOString() })
}

const own = 'DE143586809'
const get = () => api.platform.accounts.get(world.b.account.id)
const isGood = async () =>
  (await planOwner(api.database.db, world.b.account.id, api.deps.now()))?.vatChecked

test('a number waits while its office says nothing, and is asked again until it does', async () => {
  others = { kind: 'pending', code: 'MS_UNAVAILABLE' }
  await api.platform.accounts.update(world.b.account.id, { vat_id: own })
  expect((await round(0)).pending).toMatchObject({ [world.b.account.id]: 'MS_UNAVAILABLE' })
  expect((await get()).vat_checked_at).toBeNull()
  // The state that does not answer is asked once in a round.
  expect(asked).toHaveLength(1)
  others = answered()
  answers.set(own, answered())
  await round(0)
  expect((await get()).vat_checked_at).toBe('2026-11-30T10:00:00.000Z')
  expect(await isGood()).toBe(true)
  asked.length = 0
  await round(29)
  expect(asked).not.toContain(own)
})

test('a good answer is asked for again when it has grown old, and a bad one the next day', async () => {
  answers.set(own, answered({ valid: false }))
  expect((await round(31)).invalid).toEqual([world.b.account.id])
  expect((await get()).vat_checked_at).toBeNull()
  expect(await isGood()).toBe(false)
  answers.set(own, answered())
  expect((await round(31.5)).valid).toEqual([])
  expect((await round(32.1)).valid).toContain(world.b.account.id)
})

test('a check that is older than the setting shifts no tax', async () => {
  await api.platform.platform_settings.set({ vat_check_counts_s: 86_400, reason: 'A test.' })
  await api.platform.accounts.check_vat(world.b.account.id, {
    vat_id: own,
    valid: true,
    source: 'vies',
    reference: 'WAPIAAAAYVdyVzXx',
    checked_at: new Date(Date.parse(api.deps.now()) - 400 * day).toISOString(),
  })
  expect(await isGood()).toBe(false)
  await api.platform.platform_settings.set({ vat_check_counts_s: null, reason: 'A test.' })
})

test('a number of somebody with another name is a review, and counts when the platform has looked', async () => {
  answers.set(own, answered({ name: 'GANZ ANDERE AG' }))
  expect((await round(80)).misnamed).toEqual([world.b.account.id])
  expect(await get()).toMatchObject({
    vat_checked_at: null,
    verification: 'review',
    verification_reasons: ['vat_name_differs'],
  })
  await api.platform.accounts.verify(world.b.account.id, { note: 'Renamed in the register.' })
  expect((await round(82)).valid).toContain(world.b.account.id)
  expect(await get()).toMatchObject({ verification: 'verified' })
})

test('each number of an account is asked about, and its answer counts for that number alone', async () => {
  const german = 'DE117205342'
  const change = { vat_id: 'GB980780684', tax_ids: [{ vat_id: german }] }
  await api.platform.accounts.update(world.b.account.id, change)
  answers.set(german, answered())
  expect((await round(90)).valid).toContain(world.b.account.id)
  expect(await get()).toMatchObject({
    vat_checked_at: null,
    tax_ids: [{ vat_id: german, country: 'DE', checked_at: expect.any(String) }],
  })
  const owner = await planOwner(api.database.db, world.b.account.id, api.deps.now())
  expect(owner?.vatChecked).toBe(false)
  // Ninety days later the answer is too old for a reverse charge in Germany.
  const isHolder = (days: number) =>
    owner && isIdentifiedIn(owner, 'DE', new Date(now + days * day).toISOString())
  expect([isHolder(90), isHolder(179), isHolder(181)]).toEqual([true, true, false])
  asked.length = 0
  await round(119)
  expect(asked).not.toContain(german)
  await round(121)
  expect(asked).toContain(german)
})
