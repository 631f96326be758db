// One record against the price of its quote: everything the public-price check is given, and why a claim differs.
import type { Sql } from '@chargelane/db'
import type { MeterRow } from '@chargelane/db/queries/chargers/meter-values'
import { type CdrRow, pricedVersions } from '@chargelane/db/queries/sessions/cdrs'
import { meterValuesOf } from '@chargelane/db/queries/sessions/supply'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { JudgedRecord, SessionMeter } from '@chargelane/rules/documents'
import { hashTariff } from '@chargelane/rules/quote'
import { diagnose } from '@chargelane/rules/record/dispute'
import type { Diagnosis } from '@chargelane/rules/record/dispute'
import { checkPublicPrice } from '@chargelane/rules/record/public-price'
import type { CheckInput, Verdict } from '@chargelane/rules/record/public-price'
import { begunAnew, type PowerLimit, unknownMaxPowerW } from '@chargelane/rules/record/registers'
import { believedOf, testimonyOf } from '@chargelane/rules/record/witness'
import { implausibleOf } from '../supply/implausible.ts'
import { checkSignedValues } from './meter.ts'
import { lockedPrice } from './terms.ts'
import type { Terms } from './terms.ts'

export type Judged = {
  verdict: Verdict
  diagnosis: Diagnosis
  check: CheckInput
  meter?: SessionMeter
  /** Readings were set aside, as no meter can have shown them, and the record answers them. */
  hasImplausible: boolean
  /** Our own record does not answer them: the last reading is doubted, or energy would be missing if one of them were true. */
  isDoubted: boolean
  /** What of the session's readings was heard: later ones are not held against this verdict. */
  heard: Pick<NonNullable<JudgedRecord['input']>, 'limit' | 'readings_until'>
}

const lastHeard = (rows: readonly Pick<MeterRow, 'receivedAt'>[]): string | null =>
  rows.reduce<string | null>(
    (last, { receivedAt: at }) => (last === null || at > last ? at : last),
    null,
  )

/** The most a session's connectors give, and how far beyond it a reading is still believed. */
export const powerLimitOf = (
  { maxPowerW }: Pick<Terms, 'maxPowerW'>,
  slackMs: number,
): PowerLimit => ({ maxPowerW: maxPowerW || unknownMaxPowerW, slackMs })

/** Tariffs the record may have been priced by: the one it embeds, and the versions before and after the locked one. */
async function otherTariffsOf(sql: Sql, terms: Terms, embedded: Tariff | null) {
  const locked = lockedPrice(terms).tariffHash
  const versions = await pricedVersions(sql, terms.quote.tariffId, 20)
  const stored = versions.flatMap(({ id, version, canonical }) =>
    canonical === null ? [] : [{ ref: `${id}@${version}`, tariff: canonical }],
  )
  const own = embedded === null ? [] : [{ ref: 'of the record', tariff: embedded }]
  return [...stored, ...own].filter(({ tariff }) => hashTariff(tariff) !== locked)
}

export const placeOf = (terms: Terms, endedAt: string) => ({
  evseId: terms.session.evseId,
  marketProfile: terms.quote.marketProfile,
  at: terms.session.endedAt ?? endedAt,
})

const signatureOf = ({ check, unproven }: SessionMeter): CheckInput['meterSignature'] => ({
  status: check.status,
  energy_kwh: check.energy_kwh,
  unproven,
  detail: check.detail,
})

/** The register fell, and may have begun anew as well as been misread once. */
function mayHaveBegunAnew(rows: readonly MeterRow[], limit: PowerLimit): boolean {
  const read = rows.flatMap(({ at, context, registerWh, flag, source }) =>
    registerWh === null || flag === 'after_stop' ? [] : [{ at, context, registerWh, source }],
  )
  return begunAnew(read, limit)?.isClear === false
}

export async function judge(
  sql: Sql,
  terms: Terms,
  cdr: CdrRow,
  plausibleSlackMs: number,
): Promise<Judged> {
  const { usage } = cdr
  const { claim, tariff: embedded, signed_values: values } = cdr.document
  const price = lockedPrice(terms)
  const { startedAt, endedAt, endReason, feesFrozenAt } = terms.session
  const { started_at, ended_at } = usage
  const span = { started_at, ended_at }
  const limit = powerLimitOf(terms, plausibleSlackMs)
  const [rows, meter] = await Promise.all([
    meterValuesOf(sql, terms.session.id),
    checkSignedValues(sql, placeOf(terms, ended_at), { values, span }),
  ])
  const isOurs = cdr.source !== 'ocpi'
  const testimony = testimonyOf({
    readings: believedOf(rows, limit),
    record: { usage, isOurs },
    session: { startedAt, endedAt, isEndInferred: endReason === 'inferred' },
    timeZone: terms.timeZone,
    tariff: price.tariff,
    limit,
  })
  const signature = meter && signatureOf(meter)
  const { agreement } = terms.quote.body
  const check: CheckInput = {
    ...price,
    claim,
    usage,
    currency: terms.session.currency,
    ...testimony,
    ...(signature === undefined ? {} : { meterSignature: signature }),
    ...(feesFrozenAt === null ? {} : { frozenAt: feesFrozenAt }),
    ...(cdr.adoption === null ? {} : { isAdopted: true }),
    ...(agreement === undefined
      ? {}
      : { agreed: { tariff: agreement.tariff, tariffHash: agreement.tariff_hash } }),
  }
  const verdict = checkPublicPrice(check)
  const otherTariffs =
    verdict.ours === verdict.claimed ? [] : await otherTariffsOf(sql, terms, embedded)
  const diagnosis = diagnose({ check, verdict, otherTariffs })
  const isDoubted =
    isOurs && (implausibleOf(rows.slice(-1)).length > 0 || mayHaveBegunAnew(rows, limit))
  const hasImplausible = implausibleOf(rows).length > 0 && !isDoubted
  const heard = { limit, readings_until: lastHeard(rows) }
  return {
    verdict,
    check,
    diagnosis,
    hasImplausible,
    isDoubted,
    heard,
    ...(meter === undefined ? {} : { meter }),
  }
}
