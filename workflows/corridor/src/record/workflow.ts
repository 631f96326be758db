import { takeRecord } from '../charging/rules.ts'
import { correctEnd, isEndTold } from '../charging/told-end.ts'
import { millis } from '../clock/clock.ts'
import { hearMore, note, takeUnwritten, waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import { pullRecord, sendStop } from '../routing/workflow.ts'
import type { Route } from '../routing/workflow.ts'
import { steps } from '../steps.ts'
import type { PreparedSale } from '../booking/prepare.ts'
import type { SaleAsked } from './activities.ts'
import { isBillable } from './rules.ts'
import type { Billable } from './rules.ts'
import { assert } from '@chargelane/rules/assert'
import { pullsAfter } from '@chargelane/rules/record/waits'

/** What is billed of a session; who gets what of its sale, where one follows. */
export type Billed = { record: Billable; sale: PreparedSale | null }

type Selling = {
  endedAt: string
  isFunded: boolean
  /** What is held must be captured by then, in milliseconds (failures F49). */
  captureBy: number
}

async function judge(
  life: Life,
  cdrId: string,
  more: { sale?: SaleAsked; keepTotals?: boolean },
): Promise<Billed | undefined> {
  const { sessionId } = life
  const changes = takeUnwritten(life)
  const { verdict, sale } = await steps.judgeRecord({ sessionId, cdrId, changes, ...more })
  return isBillable(verdict) ? { record: verdict, sale } : undefined
}

/** The oldest unjudged record that can be billed. */
async function nextBillable(
  life: Life,
  more: Parameters<typeof judge>[2],
): Promise<Billed | undefined> {
  await correctEnd(life)
  for (;;) {
    const { cdrId, heard } = takeRecord(life.heard)
    if (cdrId === undefined) return undefined
    hearMore(life, () => heard)
    const found = await judge(life, cdrId, more)
    if (found !== undefined) return found
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

/** A record has come, or none will: a session that was declared invalid is not billed. */
const isAnswered = ({ heard }: Life) => heard.records.length > 0 || heard.isInvalid

/** Waits for the answer; an end that is told meanwhile is written at once. True when the answer came. */
async function awaitAnswer(life: Life, what: string, until: number): Promise<boolean> {
  const answered = () => isAnswered(life)
  const stirred = await waitFor(life, what, until, () => answered() || isEndTold(life))
  if (!isEndTold(life)) return stirred
  await correctEnd(life)
  return waitFor(life, what, until, answered)
}

/**
 * The CPO's record, pushed or pulled at +5 min, 1 h, 6 h and 24 h. After that our own readings make a provisional one
 * (failures F34). Without a single reading nothing can be proven: pulls go on for six days, then nothing is billed.
 */
export async function awaitRecord(
  life: Life,
  route: Route,
  { endedAt, isFunded, captureBy }: Selling,
): Promise<Billed | undefined> {
  const { record } = life.deadlines
  const sale = { at: endedAt, isFunded }
  for (const pullAt of pullsAfter(millis(endedAt), record)) {
    // A hold that ends before the record comes is captured on our own readings; the record trues that up.
    const until = Math.min(pullAt, captureBy)
    await awaitAnswer(life, 'charge detail record', until)
    if (life.heard.isInvalid) return undefined
    if (life.heard.records.length === 0) await pull(life, route)
    const found = await nextBillable(life, { sale })
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
    const found = await judge(life, own.cdrId, { sale })
    if (found !== undefined) return found
  }
  for (let day = 2; day <= 6; day++) {
    const until = millis(endedAt) + record * day
    await awaitAnswer(life, 'overdue record', until)
    if (life.heard.isInvalid) return undefined
    if (life.heard.records.length === 0) await pull(life, route)
    const found = await nextBillable(life, { sale })
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * A record that comes after the capture, until then: one that cannot be billed is put aside and the next is waited for.
 * Undefined where none came, or the session was declared invalid.
 */
export async function awaitLateRecord(
  life: Life,
  route: Route,
  until: number,
): Promise<Billable | undefined> {
  for (;;) {
    const came = await awaitAnswer(life, 'late record', until)
    if (life.heard.isInvalid) return undefined
    if (!came) await pull(life, route)
    const found = (await nextBillable(life, { keepTotals: true }))?.record
    if (found !== undefined || !came) return found
  }
}

/** What a sale is worth whose record was taken back, or whose session is none. */
export async function takeBack(life: Life): Promise<Billable> {
  const { verdict } = await steps.judgeTakenBack({ sessionId: life.sessionId })
  assert(isBillable(verdict), 'a record that was billed can be billed at nothing')
  return verdict
}
