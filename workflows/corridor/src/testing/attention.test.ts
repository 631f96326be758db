// A step that no repetition mends waits for a person: what it asks, what may be decided, and how the session goes on.
import { money } from '@chargelane/rules/money'
import { InvariantError } from '@chargelane/rules/assert'
import { activityInfo } from '@temporalio/activity'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { getSession, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { act, nextAction, searchAttributes } from '../contract.ts'
import type { Decision } from '../contract.ts'
import {
  aftercareOf,
  charge,
  checkBooks,
  createMarket,
  paymentOf,
  record,
  resultNow,
  sessionResult,
  settle,
  settleAll,
  startSession,
  waitsFor,
} from './market.ts'
import type { Started } from './market.ts'
import { startCorridor } from './corridor.ts'
import type { Corridor } from './corridor.ts'

const minute = 60_000
const hour = 60 * minute
let corridor: Corridor
/** Steps that fail, by the workflow's id and the step's name, until somebody mends them. */
const broken = new Map<string, Error>()

beforeAll(async () => {
  corridor = await startCorridor({
    faults: {
      wrap:
        (name, run) =>
        async (...args) => {
          const { workflowExecution } = activityInfo()
          const failure = broken.get(`${workflowExecution?.workflowId}/${name}`)
          if (failure !== undefined) throw failure
          return run(...args)
        },
    },
  })
})
afterAll(() => corridor.stop())
afterEach(() => checkBooks(corridor))

type Waiting = { sessionId: string; handle: Pick<Started['handle'], 'workflowId'> }

/** The incident of a session that waits for a decision, as soon as there is one. */
async function asked({ sessionId }: Pick<Waiting, 'sessionId'>) {
  const open = async () =>
    (await listIncidents(corridor.db, 'all', { limit: 10, status: 'open', sessionId })).data
  await expect.poll(open, { timeout: 15_000 }).toHaveLength(1)
  const [incident] = await open()
  if (incident === undefined) throw new Error('no incident')
  return incident
}

const decide = ({ handle }: Waiting, action: Decision['action']) =>
  corridor.client.workflow
    .getHandle(handle.workflowId)
    .executeUpdate(act, { args: [{ action, reason: 'as agreed by phone', by: 'key_ops' }] })

async function chargingSession() {
  const market = await createMarket(corridor)
  corridor.operator.behave({})
  const session = await startSession(corridor, market)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  const breaks = (step: string, error: Error) =>
    broken.set(`${session.handle.workflowId}/${step}`, error)
  const mend = (step: string) => broken.delete(`${session.handle.workflowId}/${step}`)
  return { market, session, breaks, mend }
}

describe('a step that fails for good', () => {
  test('waits with cause, money at stake and what may be done; a retry goes on as if nothing had been', async () => {
    const { market, session, breaks, mend } = await chargingSession()
    breaks('judgeRecord', new InvariantError('a price in a currency that nobody named'))
    await charge(corridor, market, 12_000, session)
    const incident = await asked(session)
    expect(incident).toMatchObject({
      kind: 'step_failed',
      subjectType: 'workflow',
      subjectId: session.handle.workflowId,
      accountId: market.partner.id,
      cause: 'Invariant broken: a price in a currency that nobody named',
      actions: ['retry', 'waive'],
      atStake: (await paymentOf(corridor, session))?.hold,
      detail: { step: 'judgeRecord' },
    })
    expect(await session.handle.query(nextAction)).toMatchObject({
      waitingFor: `decision on judgeRecord (${incident.id})`,
    })
    const shown = async () =>
      (await session.handle.describe()).typedSearchAttributes.get(searchAttributes.needsAttention)
    expect(await shown()).toBe(incident.id)
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'authorized' })
    expect(await entriesOfSession(corridor.db, session.sessionId)).toEqual([])

    await expect(decide(session, 'write_off')).rejects.toThrow()
    await expect(session.handle.executeUpdate('act')).rejects.toThrow()
    // Nothing is mended yet: the same step waits again, with an incident of its own.
    await decide(session, 'retry')
    const again = await asked(session)
    expect(again.id).not.toBe(incident.id)
    mend('judgeRecord')
    await decide(session, 'retry')
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured', totalGrossMinor: 708 })
    expect(await shown()).toBeUndefined()
    await settle(corridor, session)
    await record(session, 'needs-attention')
    const notes = await timelineOf(corridor.db, 'all', session.sessionId)
    expect(notes.filter(({ room }) => room === 'attention').map(({ what }) => what)).toEqual([
      'judgeRecord waits for a decision',
      'decided: retry',
      'judgeRecord waits for a decision',
      'decided: retry',
    ])
    const resolved = await listIncidents(corridor.db, 'all', {
      limit: 10,
      status: 'resolved',
      sessionId: session.sessionId,
    })
    expect(resolved.data).toMatchObject(
      [again, incident].map(({ id }) => ({
        id,
        action: 'retry',
        reason: 'as agreed by phone',
        resolvedBy: 'key_ops',
      })),
    )
  })

  test('before energy flows is waived: the hold goes back, nothing started, and the EVSE is free', async () => {
    const market = await createMarket(corridor)
    corridor.operator.behave({ startsByItself: false })
    const session = await startSession(corridor, market)
    const step = `${session.handle.workflowId}/recordChanges`
    broken.set(step, new InvariantError('a status that follows nothing'))
    await corridor.pass(2 * minute)
    expect(await asked(session)).toMatchObject({
      actions: ['retry', 'waive'],
      detail: { step: 'recordChanges' },
    })
    broken.delete(step)
    await decide(session, 'waive')
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'not_started' })
    await corridor.reaches(session.sessionId, { status: 'cancelled', moneyStatus: 'released' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await entriesOfSession(corridor.db, session.sessionId)).toEqual([])
    corridor.operator.behave({})
    const next = await startSession(corridor, market)
    await corridor.reaches(next.sessionId, { status: 'charging' })
  })

  test('after the end is waived: the hold goes back, the session closes at zero, and nobody is paid', async () => {
    const { market, session, breaks } = await chargingSession()
    breaks('judgeRecord', new DomainError('price_unavailable', 'the locked tariff is gone'))
    await charge(corridor, market, 12_000, session)
    await asked(session)
    await decide(session, 'waive')
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await entriesOfSession(corridor.db, session.sessionId)).toEqual([])
  })

  test('while energy flows ends by force at the last reading, and its record is billed', async () => {
    const { session, breaks, mend } = await chargingSession()
    corridor.operator.behave({ sendsRecord: false, hasRecordOnPull: true })
    breaks('readProgress', new InvariantError('readings that cannot be'))
    await corridor.operator.meter(session.sessionId, 3_000, 10)
    await corridor.pass(16 * minute)
    const incident = await asked(session)
    expect(incident.actions).toEqual(['retry', 'force_end'])
    await decide(session, 'force_end')
    const row = await corridor.reaches(session.sessionId, { status: 'ended' })
    mend('readProgress')
    expect(row).toMatchObject({ endReason: 'inferred' })
    await corridor.pass(6 * minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
  })

  test('between capture and booking leaves only another try; after it, nothing more is booked', async () => {
    const { market, session, breaks, mend } = await chargingSession()
    breaks('postSale', new InvariantError('a share without an owner'))
    breaks('issuePapers', new InvariantError('a name that no font has'))
    await charge(corridor, market, 12_000, session)
    const incident = await asked(session)
    expect(incident).toMatchObject({ actions: ['retry'], atStake: money(708, 'EUR') })
    mend('postSale')
    await decide(session, 'retry')
    await expect.poll(async () => (await asked(session)).detail['step']).toBe('issuePapers')
    expect((await asked(session)).actions).toEqual(['retry', 'write_off'])
    await decide(session, 'write_off')
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'written_off' })
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'captured',
    })
    await settleAll(corridor)
  })

  test('in the aftercare of a sale leaves the sale as it is booked', async () => {
    const { market, session } = await chargingSession()
    corridor.operator.behave({ sendsRecord: false })
    await charge(corridor, market, 12_000, session)
    await corridor.reaches(session.sessionId, { status: 'ended' })
    await corridor.pass(25 * hour)
    await waitsFor(session, 'settlement')
    await settleAll(corridor)
    const aftercare = await aftercareOf(corridor, session)
    broken.set(`${aftercare.workflowId}/judgeRecord`, new InvariantError('a late surprise'))
    await corridor.operator.sendRecord(session.sessionId)
    await asked(session)
    await decide({ sessionId: session.sessionId, handle: aftercare }, 'write_off')
    expect(await resultNow(aftercare)).toEqual({ outcome: 'unchanged' })
  })
})
