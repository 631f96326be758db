import type { Client } from '@temporalio/client'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { testDatabase } from '@chargelane/db/testing'
import { pino } from 'pino'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { relaySupply } from './relay.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-30T10:00:00.000Z'
const later = (ms: number) => new Date(Date.parse(at) + ms).toISOString()

/** What the workflow engine makes of each session: takes it, refuses it, or never answers. */
const habits = new Map<string, 'refuses' | 'hangs'>()
const told: string[] = []
const letGo: (() => void)[] = []
const engine = {
  withDeadline: (_: number, call: () => Promise<unknown>) => call(),
  workflow: {
    signalWithStart: async (_: string, { args }: { args: [{ sessionId: string }] }) => {
      const { sessionId } = args[0]
      const habit = habits.get(sessionId)
      if (habit === 'refuses') throw new Error('resource exhausted')
      if (habit === 'hangs') await new Promise<void>((resolve) => letGo.push(resolve))
      told.push(sessionId)
    },
  },
} as unknown as Client

beforeEach(async () => {
  habits.clear()
  told.length = 0
  await db.execute(`update supply_events set delivered_at = '${at}'`)
})

const begin = (sessionId: string) =>
  db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:start`, {
      at,
      kind: 'charging_started',
      startedAt: at,
      supplyRef: '1',
      unsolicited: { accountId: 'acct_1', evseId: 'evs_1', tokenUid: 'CARD' },
    }),
  )

const busy = new Set<string>()
const relay = (now = at) =>
  relaySupply({ db, client: engine, log: pino({ level: 'silent' }), now: () => now, busy })

test('a session that takes no signal holds up no other, also not for the length of a round', async () => {
  habits.set('ses_hangs', 'hangs')
  await begin('ses_hangs')
  await begin('ses_1')
  await relay()
  await expect.poll(() => told).toEqual(['ses_1'])
  await begin('ses_2')
  await relay()
  await expect.poll(() => told).toEqual(['ses_1', 'ses_2'])
  // It is being told still, and is not told a second time beside that.
  expect(letGo).toHaveLength(1)
  letGo[0]?.()
  await expect.poll(() => busy.size).toBe(0)
  expect(told).toEqual(['ses_1', 'ses_2', 'ses_hangs'])
  await relay()
  expect(told).toHaveLength(3)
})

test('sessions that cannot be told, however many, keep nobody behind them waiting', async () => {
  for (let n = 0; n < 60; n++) {
    habits.set(`ses_bad${n}`, 'refuses')
    await begin(`ses_bad${n}`)
  }
  await begin('ses_good')
  await relay()
  await expect.poll(() => busy.size).toBe(0)
  expect(told).toEqual([])
  await relay()
  await expect.poll(() => told).toEqual(['ses_good'])
  // Each is tried again by itself, later each time.
  habits.clear()
  await relay(later(999))
  expect(told).toEqual(['ses_good'])
  await relay(later(1_000))
  await expect.poll(() => busy.size).toBe(0)
  await relay(later(1_000))
  await expect.poll(() => told.length).toBe(61)
})
