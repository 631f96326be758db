// Aftercare: what is claimed on a sale after its session is over, one workflow for each claim. Each begins from the
// sale as it is in the books and books the difference; the session itself does not wait for it.
import { contractTermMs } from '@chargelane/rules/record/waits'
import { StepDecided } from '../attention/decision.ts'
import { trueUp } from '../booking/workflow.ts'
import type { BookedSale } from '../booking/workflow.ts'
import type { SupplyEvent } from '../contract.ts'
import { clock, hearMore, instant, leaveLife, millis, note, resumeLife } from '../life.ts'
import type { LeftLife, Life } from '../life.ts'
import { awaitLateRecord } from '../record/workflow.ts'
import type { Route } from '../routing/workflow.ts'
import { paper, steps } from '../steps.ts'

export type LateRecordInput = {
  left: LeftLife
  route: Route
  booked: BookedSale
  endedAt: string
}
export type LateRecordResult = { outcome: 'no_record' | 'unchanged' | 'adjusted' }

/**
 * Leaves a provisional sale to its aftercare. What supply tells the session while that begins is handed on, so that no
 * record is lost between the two.
 */
export async function leaveToAftercare(
  life: Life,
  rest: Omit<LateRecordInput, 'left'>,
): Promise<void> {
  const sale = { ...rest, left: leaveLife(life) }
  const told = new Set<string>()
  for (let isBegun = false; ; isBegun = true) {
    // Told also where it is in `left`: a repeated beginning finds the aftercare with what was left the first time.
    const news = newsOf(life).filter(({ eventId }) => !told.has(eventId))
    if (isBegun && news.length === 0) break
    for (const { eventId } of news) told.add(eventId)
    await steps.beginAftercare({ sale, told: news })
  }
  // What was handed on is the aftercare's to answer.
  hearMore(life, (heard) => ({ ...heard, records: [], isInvalid: false }))
}

function newsOf({ heard, sessionId }: Life): SupplyEvent[] {
  const { records, isInvalid, started } = heard
  const news = records.map(recordReceived)
  if (!isInvalid || started === undefined) return news
  const { supplyRef } = started
  const at = instant(clock())
  const eventId = `${sessionId}:declared_invalid:handed_on`
  return [...news, { eventId, kind: 'declared_invalid', supplyRef, at }]
}

const recordReceived = (cdrId: string): SupplyEvent => ({
  eventId: `${cdrId}:handed_on`,
  kind: 'record_received',
  cdrId,
  at: instant(clock()),
})

/** A provisional sale is open to the CPO's own record for the contract's term (failures F35). */
export async function lateRecord(input: LateRecordInput): Promise<LateRecordResult> {
  const life = resumeLife(input.left)
  try {
    return await takeLateRecord(life, input)
  } catch (error) {
    // A step failed for good, and somebody decided that the sale stays as it is booked.
    if (!(error instanceof StepDecided) || error.decision.action !== 'write_off') throw error
    return { outcome: 'unchanged' }
  }
}

async function takeLateRecord(life: Life, input: LateRecordInput): Promise<LateRecordResult> {
  const { route, booked, endedAt } = input
  const late = await awaitLateRecord(life, route, millis(endedAt) + contractTermMs)
  if (late === undefined) return { outcome: 'no_record' }
  const outcome = await trueUp(life, booked, late, endedAt)
  await note(life, {
    room: 'aftercare',
    what: `late record: ${outcome}`,
    event: { type: 'cdr.late', cdr: late.cdrId },
    patch: {
      recordStatus: late.kind === 'accepted' ? 'cdr_accepted' : 'cdr_adjusted',
      energyIsEstimate: false,
      ...(outcome === 'adjusted' ? { moneyStatus: 'adjusted', totals: late.totals } : {}),
    },
    detail: { cdr: late.cdrId, rules: late.rules },
  })
  await paper.issuePapers({ sessionId: life.sessionId })
  return { outcome }
}
