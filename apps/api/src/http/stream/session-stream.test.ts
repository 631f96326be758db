import type { Db } from '@chargelane/db'
import type { Session } from '@chargelane/openapi'
import { expect, test } from 'vitest'
import { createBell, readOnce, readWhenChanged } from './session-stream.ts'

/** A session that changes and rings, and how often it was looked at. */
async function watched() {
  const heard: { ring?: (id: string) => void; reconnect?: () => void } = {}
  const db = {
    listen: (_: string, ring: (id: string) => void, reconnect: () => void) => {
      Object.assign(heard, { ring, reconnect })
      return Promise.resolve(() => Promise.resolve())
    },
  }
  const bell = await createBell(db as unknown as Db)
  const state = { sequence: 5, looks: 0 }
  const { signal: lost } = new AbortController()
  const read = () => {
    state.looks += 1
    return Promise.resolve({ id: 'ses_1', sequence: state.sequence } as Session)
  }
  const look = (since: number | undefined, ms: number, keyId = 'key_1') => {
    const seen = { id: 'ses_1', keyId }
    const asked = { ...seen, since, ms, lost }
    return readWhenChanged({ bell }, () => readOnce({ bell }, seen, read), asked)
  }
  const change = () => {
    state.sequence += 1
    heard.ring?.('ses_1')
  }
  const ring = (id: string) => heard.ring?.(id)
  return { state, look, change, ring, reconnect: () => heard.reconnect?.() }
}

/** Whoever waits has begun to. */
const begun = () => new Promise((resolve) => setImmediate(resolve))

test('a caller who was just told of a session is told of the next change with one look', async () => {
  const { state, look, change } = await watched()
  await look(undefined, 0)
  for (const since of [5, 6, 7]) {
    const waiting = look(since, 20_000)
    await begun()
    change()
    expect((await waiting).sequence).toBe(since + 1)
  }
  expect(state.looks).toBe(4)
})

test('changes that come together are told at once', async () => {
  const { state, look, change } = await watched()
  await look(undefined, 0)
  const waiting = look(5, 20_000)
  await begun()
  change()
  await begun()
  change()
  expect((await waiting).sequence).toBe(7)
  expect(state.looks).toBe(2)
})

test('a change between an answer and the next question is not slept through', async () => {
  const { look, change } = await watched()
  await look(undefined, 0)
  change()
  expect((await look(5, 20_000)).sequence).toBe(6)
})

test('a change that comes while a session is read is not slept through', async () => {
  const { state, look, change } = await watched()
  const reading = look(undefined, 0)
  change()
  state.sequence = 5
  await reading
  state.sequence = 6
  expect((await look(5, 20_000)).sequence).toBe(6)
})

test('after a lost connection, for another key, and when a key may be gone, it is looked at again', async () => {
  const { state, look, reconnect, ring } = await watched()
  await look(undefined, 0)
  state.sequence = 6
  expect((await look(5, 20_000, 'key_2')).sequence).toBe(6)
  await look(undefined, 0)
  state.sequence = 7
  reconnect()
  expect((await look(6, 20_000)).sequence).toBe(7)
  await look(undefined, 0)
  state.sequence = 8
  ring('acct_1')
  expect((await look(7, 20_000)).sequence).toBe(8)
})
