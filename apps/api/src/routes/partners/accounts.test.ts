import { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const berlin = {
  time_zone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  until: '17:00',
  holidays: ['2026-12-25'],
}

test('a payout calendar is agreed, shown to its payee and lifted again', async () => {
  const { id } = world.cpo.account
  expect(world.cpo.account.payout_calendar).toBeNull()
  const agreed = await api.platform.accounts.update(id, { payout_calendar: berlin })
  expect(agreed.payout_calendar).toEqual(berlin)
  expect((await world.cpo.lane.accounts.get(id)).payout_calendar).toEqual(berlin)
  await api.platform.accounts.update(id, { name: 'Voltwerk Nord' })
  expect((await api.platform.accounts.get(id)).payout_calendar).toEqual(berlin)
  const lifted = await api.platform.accounts.update(id, { payout_calendar: null })
  expect(lifted.payout_calendar).toBeNull()
})

test.each([
  ['time_zone', 'invalid_value', { time_zone: 'Europe/Nowhere' }],
  ['days', 'validation_error', { days: [] }],
  ['days.0', 'validation_error', { days: [8] }],
  ['until', 'invalid_value', { from: '17:00', until: '08:00' }],
  ['from', 'validation_error', { from: '8 am' }],
  ['holidays.0', 'validation_error', { holidays: ['25.12.2026'] }],
])('one that cannot be is refused by name: %s', async (field, code, change) => {
  const { id } = world.cpo.account
  const refusal = await api.platform.accounts
    .update(id, { payout_calendar: { ...berlin, ...change } })
    .catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ChargelaneError)
  expect(refusal).toMatchObject({ code, param: `payout_calendar.${field}` })
})
