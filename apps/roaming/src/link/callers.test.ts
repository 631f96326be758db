import { changeConnection } from '@chargelane/db/queries/locations/connections'
import { testDatabase } from '@chargelane/db/testing'
import { afterAll, expect, test } from 'vitest'
import { peerTokenKey } from '@chargelane/db/sealed'
import { createCallers } from './callers.ts'
import { seedParties, seedRegistered } from './gateway.fake.ts'

const database = await testDatabase()
const { db } = database
// The clock stands, so nothing is forgotten by age.
const callers = createCallers(db, () => new Date('2026-11-21T10:00:00.000Z'))
await seedParties(db)
afterAll(() => database.stop())

test('a caller is remembered while nothing changes, and forgotten as soon as its rights do', async () => {
  const { id } = await seedRegistered(db, { tokenIn: 'token-1' })
  expect(await callers.find('token-1')).not.toBe(await callers.find('token-1'))

  const unlisten = await callers.listen()
  const caller = await callers.find('token-1')
  expect(caller).toMatchObject({ connection: { id }, token: 'token-1' })
  await changeConnection(db, id, { lastOkAt: '2026-11-21T10:00:00.000Z' })
  expect(await callers.find('token-1')).toBe(caller)
  expect(await callers.findAnew('token-1')).not.toBe(caller)

  await changeConnection(db, id, { status: 'paused' })
  await expect.poll(async () => (await callers.find('token-1'))?.connection.status).toBe('paused')
  const previous = { previousTokenInDigest: peerTokenKey('token-1') }
  const until = { previousTokenInUntil: '2026-11-21T10:10:00.000Z' }
  await changeConnection(db, id, { tokenInDigest: peerTokenKey('token-2'), ...previous, ...until })
  // One that was rotated is good for a while, and looked up each time.
  await expect
    .poll(async () => (await callers.find('token-1')) === (await callers.find('token-1')))
    .toBe(false)
  expect(await callers.find('token-1')).toMatchObject({ connection: { id }, token: 'token-1' })

  expect(await callers.find('token-2')).toBe(await callers.find('token-2'))
  await changeConnection(db, id, { tokenInDigest: null })
  await expect.poll(() => callers.find('token-2')).toBeUndefined()
  await unlisten()
})
