// Aftercare: what is claimed on a sale after its session is over, one workflow for each claim. Each begins from the
// sale as it is in the books and books the difference; the session itself does not wait for it.
import { StepDecided } from '../attention/decision.ts'
import { trueUp } from '../booking/workflow.ts'
import type { BookedSale, TrueUp } from '../booking/workflow.ts'
import type { SupplyEvent } from '../contract.ts'
import { clock, instant, millis } from '../clock/clock.ts'
import { hearMore, leaveLife, note, resumeLife } from '../life.ts'
import type { LeftLife, Life } from '../life.ts'
import type { SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import type { Billable } from '../record/rules.ts'
import { awaitLateRecord, takeBack } from '../record/workflow.ts'
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
  hearMore(life, (heard) => ({ ...heard, records: [], isInvalid: false, credited: undefined }))
}

function newsOf({ heard, sessionId }: Life): SupplyEvent[] {
  const { records, isInvalid, started, credited } = heard
  const at = instant(clock())
  const eventId = (what: string) => `${sessionId}:${what}:handed_on`
  return [
    ...records.map(recordReceived),
    ...(isInvalid && started !== undefined
      ? [
          {
            eventId: eventId('invalid'),
            kind: 'declared_invalid',
            supplyRef: started.supplyRef,
            at,
          } as const,
        ]
      : []),
    ...(credited === undefined
      ? []
      : [{ eventId: eventId(credited), kind: 'record_credited', cdrId: credited, at } as const]),
  ]
}

const recordReceived = (cdrId: string): SupplyEvent => ({
  eventId: `${cdrId}:handed_on`,
  kind: 'record_received',
  cdrId,
  at: instant(clock()),
})

/** How long a corrected record may follow a credit before all of the money goes back. */
const untilOf = ({ deadlines, heard }: Life, endedAt: string): number =>
  heard.credited === undefined
    ? millis(endedAt) + deadlines.contractTerm
    : clock() + deadlines.record

/**
 * A provisional sale is open to the CPO's own record for the contract's term (failures F35), and a sale whose record its
 * CPO took back to the corrected one (failures F39). What nothing is due for any more is given back.
 */
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
  const late = await awaitLateRecord(life, route, untilOf(life, endedAt))
  const isTakenBack = late === undefined && isVoid(life)
  if (late === undefined && !isTakenBack) return { outcome: 'no_record' }
  const billed = late ?? (await takeBack(life))
  const trued = await trueUp(life, booked, billed, endedAt)
  const { outcome } = trued
  await note(life, {
    room: 'aftercare',
    what: isTakenBack ? 'sale taken back' : wordsOf(booked, outcome),
    ...(isTakenBack ? {} : { event: { type: 'cdr.late', cdr: billed.cdrId } as const }),
    patch: patchOf(billed, trued, isTakenBack),
    detail: { cdr: billed.cdrId, rules: billed.rules },
  })
  await paper.issuePapers({ sessionId: life.sessionId })
  return { outcome }
}

/** Of each change of a sale once. */
const wordsOf = ({ revision }: BookedSale, outcome: string): string =>
  revision === 1 ? `late record: ${outcome}` : `late record ${revision}: ${outcome}`

/** Nothing is due: the session was none, or its record was taken back and no other followed. */
const isVoid = ({ heard }: Life): boolean => heard.isInvalid || heard.credited !== undefined

function patchOf(
  billed: Billable,
  { outcome, isOwed }: TrueUp,
  isTakenBack: boolean,
): SessionPatch {
  const { kind, totals, energyWh } = billed
  const recordStatus = isTakenBack
    ? 'credited'
    : kind === 'accepted'
      ? 'cdr_accepted'
      : 'cdr_adjusted'
  return {
    recordStatus,
    energyIsEstimate: false,
    ...(isTakenBack ? {} : { energyWh: String(energyWh) }),
    ...(outcome === 'adjusted'
      ? { moneyStatus: totals.gross.amount === 0 && !isOwed ? 'refunded' : 'adjusted', totals }
      : {}),
  }
}
