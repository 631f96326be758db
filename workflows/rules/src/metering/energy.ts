/** The energy between the first and the last reading of signed records, and usage at that energy. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  compareExact,
  type Exact,
  exact,
  exactOf,
  format,
  minus,
  ratioOf,
  times,
  zero,
} from '../exact.ts'
import { energyOf } from '../rating/usage.ts'
import type { OcmfReading, OcmfRecord } from './ocmf.ts'

/**
 * Registers of delivered energy by OBIS value group C.D, the one to bill first: what reached the car after losses in the
 * cable, the same of this transaction, the import register.
 */
const deliveredRegisters = ['b3.8', 'b2.8', '98.8', '1.8', 'b1.8', 'b0.8'] as const

/** `01-00:01.08.00.FF` and `1-b:1.8.0*255` are both group 1.8 and both its total, tariff 0. */
function codeOf(register: string): { group: string; tariff: string } {
  const code = /:0*([0-9a-z]+)\.0*([0-9a-z]+)(?:\.0*([0-9a-z]+))?/i
  const [, c = '', d = '', e = '0'] = code.exec(register.toLowerCase()) ?? []
  return { group: `${c}.${d}`, tariff: e }
}

const wattHourScale = new Map([
  ['wh', exactOf(1, 3)],
  ['kwh', exactOf(1)],
])
const plain = /^[+-]?\d{1,15}(?:\.\d{1,9})?$/

function kwhOf({ value, unit }: OcmfReading): Exact | undefined {
  const scale = wattHourScale.get(unit.toLowerCase())
  if (scale === undefined || !plain.test(value)) return undefined
  const [, sign = '', digits = ''] = /^([+-]?)0*(\d.*)$/.exec(value) ?? []
  return times(exact(`${sign === '-' ? '-' : ''}${digits}`), scale)
}

const endKinds = new Set(['E', 'L', 'R', 'A', 'P'])

export type Register = { at: string | null; clock: string; kwh: Decimal }
type Measured =
  | { ok: true; begin: Register; end: Register; energy: Decimal }
  | { ok: false; message: string }

/**
 * The energy between the begin and the end of a transaction, in one record or in two: of one register, the total before
 * that of a tariff, and the end after the begin.
 */
export function energyOfRecords(records: readonly OcmfRecord[]): Measured {
  const readings = records
    .flatMap((record) => record.readings)
    .map((reading, index) => ({ reading, index, ...codeOf(reading.register) }))
  const begins = readings
    .filter(({ reading }) => reading.kind === 'B')
    .toSorted((a, b) => Number(a.tariff !== '0') - Number(b.tariff !== '0'))
  for (const group of deliveredRegisters)
    for (const begin of begins.filter((each) => each.group === group)) {
      const end = readings.find(
        ({ reading, index, ...code }) =>
          index > begin.index &&
          endKinds.has(reading.kind) &&
          code.group === group &&
          code.tariff === begin.tariff,
      )
      if (end !== undefined) return between(begin.reading, end.reading)
    }
  const isEnded = readings.some(({ reading }) => endKinds.has(reading.kind))
  const lacks =
    begins.length === 0
      ? 'no begin'
      : isEnded
        ? 'no register of delivered energy with a begin and an end after it'
        : 'no end'
  return { ok: false, message: `the signed readings hold ${lacks}` }
}

const registerOf = ({ at, clock }: OcmfReading, kwh: Exact): Register => ({
  at,
  clock,
  kwh: format(kwh, 9),
})

function between(begin: OcmfReading, end: OcmfReading): Measured {
  const [from, to] = [kwhOf(begin), kwhOf(end)]
  if (from === undefined || to === undefined)
    return { ok: false, message: `a register is stated as "${begin.value}" or "${end.value}"` }
  if (!begin.usable || !end.usable)
    return { ok: false, message: 'the meter itself reports an error of its reading' }
  if (compareExact(to, from) < 0) return { ok: false, message: 'the register runs backwards' }
  return {
    ok: true,
    begin: registerOf(begin, from),
    end: registerOf(end, to),
    energy: format(minus(to, from), 9),
  }
}

/** Meters show hundredths of a kWh; a record may be rounded by as much and still state the signed energy. */
const roundingKwh = exact('0.01')

export function statesSignedEnergy(stated: Decimal, signed: Decimal): boolean {
  const apart = minus(exact(stated), exact(signed))
  return compareExact(apart, roundingKwh) <= 0 && compareExact(minus(zero, apart), roundingKwh) <= 0
}

/**
 * The usage with this much energy instead of its own, spread over its periods as its own was; the last takes the rest,
 * so the sum is exact. With zero it is the usage nobody measured: times as they were, no energy.
 */
export function usageWithEnergy(usage: UsageRecord, kwh: Decimal): UsageRecord {
  const own = exact(energyOf(usage))
  const target = exact(kwh)
  const last = usage.periods.findLastIndex((each) => exact(each.energy_kwh ?? '0').n !== 0n)
  let left = target
  const periods = usage.periods.map((period, index) => {
    const energy = exact(period.energy_kwh ?? '0')
    if (period.energy_kwh === undefined || energy.n === 0n) return period
    // Periods that take and feed back as much have no share to go by.
    const share = own.n === 0n ? zero : ratioOf(energy, target, own, 9)
    const part = index === last ? left : share
    left = minus(left, part)
    return { ...period, energy_kwh: format(part, 9) }
  })
  return { ...usage, periods }
}
