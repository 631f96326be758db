import { afterEach, beforeEach, expect, test } from 'vitest'
// Only a test may reach into the worker's adapter: the sandbox has to please the real one.
import { createVies } from '@chargelane/corridor/onboarding/vies'
import { startVies, type ViesServer } from './vies.ts'

let office: ViesServer
beforeEach(async () => {
  office = await startVies({ port: 0, now: () => new Date('2026-11-30T10:00:00Z') })
})
afterEach(() => office.stop())

const number = 'NL810462215B01'
const requester = 'DE811907980'
const ask = (vatId = number, from: string | null = requester) =>
  createVies({ url: office.url }).ask({ vatId, requester: from })

const control = (order: object) =>
  fetch(`${office.url}/_control/vies`, { method: 'POST', body: JSON.stringify(order) })

test('a registered number is valid, with a consultation number, name and address', async () => {
  const told = { name: 'LADER B.V.', address: 'Dam 1, Amsterdam' }
  await control({ numbers: { [number]: told } })
  const answered = { kind: 'answered', valid: true, reference: expect.stringMatching(/^WAPI/) }
  expect(await ask('NL 8104.62.215.B01')).toEqual({ ...answered, ...told })
  expect(await ask(number, null)).toMatchObject({ reference: '2026-11-30T10:00:00.000Z' })
})

test('a name that its member state hides is none', async () => {
  await control({ numbers: { DE136695976: {} } })
  expect(await ask('DE136695976')).toMatchObject({ valid: true, name: null, address: null })
})

test('a number that nobody registered is invalid', async () => {
  expect(await ask()).toMatchObject({ kind: 'answered', valid: false, name: null })
})

test.each(['MS_UNAVAILABLE', 'MS_MAX_CONCURRENT_REQ', 'TIMEOUT', 'SERVICE_UNAVAILABLE'])(
  'says nothing of the number while the state answers %s',
  async (code) => {
    await control({ numbers: { [number]: {} }, failing: { NL: code } })
    expect(await ask()).toEqual({ kind: 'pending', code })
    await control({ numbers: { [number]: {} } })
    expect(await ask()).toMatchObject({ kind: 'answered', valid: true })
  },
)

test('a state answers one question at a time', async () => {
  await control({ all: true })
  const answers = await Promise.all([ask(), ask(), ask()])
  expect(answers.map(({ kind }) => kind)).toContain('answered')
  expect((await ask()).kind).toBe('answered')
})

test('numbers of other registers are not asked about, and a question about them is refused', async () => {
  const vies = createVies()
  expect(
    ['GB980780684', 'CHE123456788', 'EL094259216', number].map((id) => vies.covers(id)),
  ).toEqual([false, false, true, true])
  expect(createVies({ prefixes: ['DE'] }).covers(number)).toBe(false)
  expect(await ask('GB980780684')).toEqual({ kind: 'pending', code: 'INVALID_INPUT' })
  expect(await ask(number, 'GB980780684')).toEqual({
    kind: 'pending',
    code: 'INVALID_REQUESTER_INFO',
  })
})

test('nobody there is no answer', async () => {
  const { url } = office
  await office.stop()
  expect(await createVies({ url }).ask({ vatId: number, requester })).toEqual({
    kind: 'pending',
    code: 'unreachable',
  })
  office = await startVies({ port: 0 })
})
