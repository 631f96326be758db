import type { Client } from '@temporalio/client'
import { markSupplyHeard, recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { testDatabase } from '@chargelane/db/testing'
import type { SupplyFact } from '@chargelane/rules/documents'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { openAnswers } from './answers.ts'
import type { Connection, StartOutcome, StopOutcome } from './connection.ts'
import { relaySupply } from './relay.ts'

const database = await testDatabase()
const { db } = database
const log = pino({ level: 'silent' })
const at = '2026-11-30T10:00:00.000Z'
const now = () => Date.parse(at)
const later = (ms: number) => new Date(now() + ms).toISOString()

/** Long where something comes, so that a busy machine is no reason; next to nothing where nothing does. */
const patient = await openAnswers({ db, log }, now, { start: 60_000, stop: 60_000 })
const hasty = await openAnswers({ db, log }, now, { start: 1, stop: 1 })
afterAll(async () => {
  await Promise.all([patient.close(), hasty.close()])
  await database.stop()
})

const begun = (sessionId: string) => ({
  kind: 'charging_started' as const,
  startedAt: at,
  supplyRef: `sup-${sessionId}`,
  unsolicited: { accountId: 'acct_1', evseId: 'evs_1', tokenUid: 'CARD' },
})
const ended = { kind: 'charging_ended' as const, endedAt: at, reason: 'requested' as const }
const record = { kind: 'record_received' as const, cdrId: 'cdr_1' }
type Untimed = SupplyFact extends infer Fact
  ? Fact extends SupplyFact
    ? Omit<Fact, 'at'>
    : never
  : never

const tell = (sessionId: string, ...facts: Untimed[]) =>
  db.tx(async (tx) => {
    for (const fact of facts)
      await recordSupplyEvent(tx, sessionId, `${sessionId}:${fact.kind}`, { ...fact, at })
  })

/** Supply that says this of a start and of a stop, and tells these facts meanwhile. */
const supply = (outcome: StartOutcome & StopOutcome, ...facts: Untimed[]) => {
  const command = async ({ sessionId }: { sessionId: string }) => {
    await tell(sessionId, ...facts)
    return outcome
  }
  return { start: command, stop: command } as unknown as Connection
}
const accepted = { kind: 'accepted' } as const
const startOf = (sessionId: string) => ({ sessionId, evseId: '', connectorId: '', tokenUid: '' })
const toldOf = (sessionId: string, ...facts: Untimed[]) => ({
  kind: 'accepted',
  keptMs: 0,
  told: facts.map((fact) => ({ eventId: `${sessionId}:${fact.kind}`, ...fact, at })),
})

/** Which facts the relay brings to a session's workflow at that time. */
async function relayed(sessionId: string, time: string): Promise<string[]> {
  const told: string[] = []
  const client = {
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflow: {
      signalWithStart: async (
        _: string,
        { args: [input], signalArgs }: { args: [{ sessionId: string }]; signalArgs: SupplyFact[] },
      ) => {
        if (input.sessionId === sessionId) told.push(...signalArgs.map(({ kind }) => kind))
      },
    },
  } as unknown as Client
  await relaySupply({ db, client, log, now: () => time })
  return told
}

test('a start is answered with the begin that followed, which the relay leaves alone meanwhile', async () => {
  const connection = patient.with(supply(accepted, begun('ses_begun')))
  const answer = toldOf('ses_begun', begun('ses_begun'))
  expect(await connection.start(startOf('ses_begun'))).toEqual(answer)
  expect(await relayed('ses_begun', at)).toEqual([])
  // The answer may be lost on its way: whoever asks again is told again.
  const again = hasty.with(supply(accepted, begun('ses_begun')))
  expect(await again.start(startOf('ses_begun'))).toEqual(answer)
})

test('an answer that nobody has heard is told by the relay after all', async () => {
  await patient.with(supply(accepted, begun('ses_lost'))).start(startOf('ses_lost'))
  expect(await relayed('ses_lost', later(9_999))).toEqual([])
  expect(await relayed('ses_lost', later(10_000))).toEqual(['charging_started'])
})

test('what a session has heard with an answer is told by nobody else', async () => {
  await patient.with(supply(accepted, begun('ses_heard'))).start(startOf('ses_heard'))
  await markSupplyHeard(db, ['ses_heard:charging_started'], at)
  expect(await relayed('ses_heard', later(60_000))).toEqual([])
})

test('a stop is answered with the end and its record, and with the end alone where no record follows', async () => {
  const whole = patient.with(supply(accepted, ended, record))
  expect(await whole.stop({ sessionId: 'ses_whole' })).toEqual(toldOf('ses_whole', ended, record))
  const bare = hasty.with(supply(accepted, ended))
  expect(await bare.stop({ sessionId: 'ses_bare' })).toEqual(toldOf('ses_bare', ended))
})

test('what does not come soon is left to the relay, and a command that was not taken waits for nothing', async () => {
  expect(await hasty.with(supply(accepted)).start(startOf('ses_slow'))).toEqual(accepted)
  await tell('ses_slow', begun('ses_slow'))
  expect(await relayed('ses_slow', at)).toEqual(['charging_started'])
  const refused = { kind: 'rejected', reason: 'cpo_policy', detail: 'no' } as const
  const connection = patient.with(supply(refused, begun('ses_no')))
  expect(await connection.start(startOf('ses_no'))).toEqual(refused)
  expect(await relayed('ses_no', at)).toEqual(['charging_started'])
})

test('a refusal that comes after the promise is told with it at once', async () => {
  const detail = 'EVSE_OCCUPIED'
  const refusal = {
    kind: 'start_result',
    result: 'rejected',
    reason: 'evse_occupied',
    detail,
  } as const
  const connection = patient.with(supply(accepted, refusal))
  expect(await connection.start(startOf('ses_refused'))).toEqual(toldOf('ses_refused', refusal))
})
