import { takeRecord } from '../charging/rules.ts'
import { hearMore, millis, note, waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import { pullRecord, sendStop } from '../routing/workflow.ts'
import type { Route } from '../routing/workflow.ts'
import { steps } from '../steps.ts'
import type { RecordVerdict } from './verdict.ts'
import { pullsAfter } from '@chargelane/rules/record/waits'

export type Billable = RecordVerdict & { totals: NonNullable<RecordVerdict['totals']> }

const billable = (verdict: RecordVerdict): verdict is Billable =>
  verdict.totals !== null && verdict.kind !== 'quarantined' && verdict.kind !== 'rejected'

/** The oldest unjudged record that can be billed; quarantined and rejected ones stay as evidence. */
async function nextBillable(life: Life, keepTotals: boolean): Promise<Billable | undefined> {
  for (;;) {
    const { cdrId, heard } = takeRecord(life.heard)
    if (cdrId === undefined) return undefined
    hearMore(life, () => heard)
    const verdict = await steps.judgeRecord({ sessionId: life.sessionId, cdrId, keepTotals })
    if (billable(verdict)) return verdict
  }
}

async function pull(life: Life, route: Route): Promise<void> {
  // A charger that never confirmed the stop is told again when we ask it for the record anyway.
  if (life.heard.ended?.reason === 'inferred') await sendStop(life, route)
  const pulled = await pullRecord(life, route)
  const isKnown = pulled === null || life.heard.judged.includes(pulled.cdrId)
  if (!isKnown && !life.heard.records.includes(pulled.cdrId))
    hearMore(life, (heard) => ({ ...heard, records: [...heard.records, pulled.cdrId] }))
}

/**
 * The CPO's record, pushed or pulled at +5 min, 1 h, 6 h and 24 h. After that our own readings make a provisional one
 * (failures F34). Without a single reading nothing can be proven: pulls go on for six days, then nothing is billed.
 */
export async function awaitRecord(
  life: Life,
  route: Route,
  endedAt: string,
): Promise<Billable | undefined> {
  const { record } = life.deadlines
  for (const until of pullsAfter(millis(endedAt), record)) {
    await waitFor(life, 'charge detail record', until, () => life.heard.records.length > 0)
    if (life.heard.records.length === 0) await pull(life, route)
    const found = await nextBillable(life, false)
    if (found !== undefined) return found
  }
  await note(life, {
    room: 'cdr',
    what: 'record overdue',
    event: 'cdr.overdue',
    patch: { recordStatus: 'cdr_overdue' },
  })
  const own = await steps.makeProvisionalRecord({ sessionId: life.sessionId })
  if (own !== null) {
    const verdict = await steps.judgeRecord({ sessionId: life.sessionId, cdrId: own.cdrId })
    if (billable(verdict)) return verdict
  }
  for (let day = 2; day <= 6; day++) {
    const until = millis(endedAt) + record * day
    await waitFor(life, 'overdue record', until, () => life.heard.records.length > 0)
    if (life.heard.records.length === 0) await pull(life, route)
    const found = await nextBillable(life, false)
    if (found !== undefined) return found
  }
  return undefined
}

/** A record that comes after the provisional capture, inside the contract's 30 days (failures F35). */
export async function awaitLateRecord(
  life: Life,
  route: Route,
  until: number,
): Promise<Billable | undefined> {
  const came = await waitFor(life, 'late record', until, () => life.heard.records.length > 0)
  if (!came) await pull(life, route)
  return nextBillable(life, true)
}
