/**
 * Signed meter values in the Open Charge Metering Format: what a record states, whether the meter's own key signed it,
 * and the energy between its first and its last reading. The key always comes from the register, never from a record.
 */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { microsPerSecond, parseInstant } from '../rating/clock.ts'
import { energyOfRecords, type Register } from './energy.ts'
import type { MeterKey } from './key.ts'
import { type OcmfRecord, parseOcmf } from './ocmf.ts'
import { checkSignature, type SignatureState } from './signature.ts'

export { statesSignedEnergy, usageWithEnergy } from './energy.ts'
export { bytesOfHex, type MeterKey, readMeterKey } from './key.ts'
export { isKeyOnCurve } from './ecdsa.ts'

export type MeterStatus = 'valid' | 'invalid' | 'missing'

export type MeterCheck = {
  status: MeterStatus
  /** Signature of each record, in the order given; `unreadable` ones are no OCMF. */
  records: (SignatureState | 'unreadable')[]
  begin: Register | null
  end: Register | null
  energy_kwh: Decimal | null
  /** What failed, in words; null when nothing did. */
  detail: string | null
  /** What a reader should know and what does not make the values void. */
  notes: string[]
}

/** How far a set meter clock may be from the session's times: an informative clock drifts, another session is hours away. */
const clockTolerance = 3_600 * microsPerSecond

function isApart(register: Register, instant: string): boolean {
  const [read, stated] = [parseInstant(register.at ?? ''), parseInstant(instant)]
  if (read === undefined || stated === undefined) return false
  return Math.abs(read - stated) > clockTolerance
}

/** A clock that was never set tells nothing, and one that runs relative to a start is worth what its start is. */
function isOfAnotherTime(begin: Register, end: Register, span: Span): boolean {
  if (begin.clock === 'U') return false
  return isApart(begin, span.started_at) || (end.clock !== 'U' && isApart(end, span.ended_at))
}

function pagesOf(records: readonly OcmfRecord[]): { fault: string | null; notes: string[] } {
  const pages = records.flatMap(({ page }) => (page === null ? [] : [page]))
  const notes = pages.length < records.length ? ['a record carries no page number'] : []
  for (const [, each] of Map.groupBy(pages, ({ context }) => context)) {
    const numbers = each.map(({ number }) => number).toSorted((a, b) => a - b)
    for (const [index, number] of numbers.entries()) {
      const before = numbers[index - 1]
      if (before === undefined) continue
      if (number === before)
        return { fault: 'two different records have the same page number', notes }
      if (number > before + 1)
        notes.push(`pages ${before + 1} to ${number - 1} of the meter were not sent`)
    }
  }
  return { fault: null, notes }
}

const readAt = ({ readings: [first] }: OcmfRecord) => parseInstant(first?.at ?? '') ?? 0

/** In the order they were signed: by page where all are of one counter, else by the meter's clock. */
function inOrder(records: readonly OcmfRecord[]): OcmfRecord[] {
  const contexts = new Set(records.map(({ page }) => page?.context))
  if (contexts.size === 1 && !contexts.has(undefined))
    return records.toSorted((a, b) => (a.page?.number ?? 0) - (b.page?.number ?? 0))
  return records.toSorted((a, b) => readAt(a) - readAt(b))
}

const result = (status: MeterStatus, records: MeterCheck['records'], detail: string | null) => ({
  status,
  records,
  begin: null,
  end: null,
  energy_kwh: null,
  detail,
  notes: [],
})

type Span = { started_at: string; ended_at: string }

/** Each record once, however often and in whichever code it was sent: start and end may both be the whole transaction. */
const distinct = (records: readonly OcmfRecord[]): OcmfRecord[] => [
  ...new Map(records.map((record) => [record.payload, record])).values(),
]

/**
 * Checks everything that was signed in a session. Valid means: every record is signed by the registered key, they are
 * one meter's in order, they are of this time, and they give an energy.
 */
export function checkMeter(input: {
  /** OCMF texts as received. */
  values: readonly string[]
  key: MeterKey
  /** The session as its record states it. */
  span: Span
}): MeterCheck {
  const texts = [...new Set(input.values)]
  if (texts.length === 0) return result('missing', [], 'the record holds no signed meter value')
  const read = texts.map(parseOcmf)
  const states = read.map((each) =>
    each.ok ? checkSignature(each.record, input.key) : ('unreadable' as const),
  )
  const broken = read.find((each) => !each.ok)
  if (broken !== undefined) return result('invalid', states, broken.message)
  if (states.includes('invalid'))
    return result('invalid', states, "a value is not signed by the meter's registered key")
  const records = inOrder(distinct(read.flatMap((each) => (each.ok ? [each.record] : []))))
  if (new Set(records.map(({ meter }) => meter)).size > 1)
    return result('invalid', states, 'the values are of different meters')
  const { fault, notes } = pagesOf(records)
  if (fault !== null) return result('invalid', states, fault)
  const measured = energyOfRecords(records)
  if (!measured.ok) return result('invalid', states, measured.message)
  const { begin, end, energy } = measured
  if (isOfAnotherTime(begin, end, input.span))
    return result('invalid', states, 'the signed readings are of another time than the session')
  if (begin.clock === 'U' || end.clock === 'U') notes.push("the meter's clock was not set")
  return { status: 'valid', records: states, begin, end, energy_kwh: energy, detail: null, notes }
}
