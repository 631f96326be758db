import { createHash } from 'node:crypto'
import type { Tx } from '@chargelane/db'
import { storeCdr } from '@chargelane/db/queries/sessions/cdrs'
import {
  insertMeterValues,
  meterSeries,
  signedValuesOf,
} from '@chargelane/db/queries/chargers/meter-values'
import { recordBasis } from '@chargelane/db/queries/chargers/node-records'
import {
  closeTransaction,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { profileFor, ratingPolicyOf } from '@chargelane/rules/markets'
import { canonicalText } from '@chargelane/rules/canonical'
import { unpricedClaim } from '@chargelane/rules/record'
import { rate, type RatingPolicy, type Totals, usageFromMeter } from '@chargelane/rules/rating'
import { billableSeries, unknownMaxPowerW } from '@chargelane/rules/record/registers'
import { cdrText } from './cdr.ts'
import { meterRow } from './readings.ts'
import type { ChargingNode } from '../node.ts'

// The end of a transaction: what was used, what it costs by the locked tariff, and the record that says so. The node
// is its own operator's back end, so it writes the CDR that a roaming partner would send.

export interface TransactionEnd {
  stoppedAt: string
  /** Null when the charger gave none, and no reading either. */
  meterStopWh: string | null
  /** OCPP's own word. */
  stopReason: string
  reason: EndReason
  /** True when the end was concluded from the last reading. */
  inferred: boolean
  offline: boolean
  receivedAt: string
}

/** Everything in the caller's tx: the closed transaction, its CDR and the two facts for the session's workflow. */
export async function finishTransaction(
  node: ChargingNode,
  tx: Tx,
  transaction: TransactionRow,
  end: TransactionEnd,
): Promise<void> {
  // A session of no length has no periods to price; a millisecond keeps start and end apart.
  const stoppedAt =
    end.stoppedAt > transaction.startedAt
      ? end.stoppedAt
      : new Date(Date.parse(transaction.startedAt) + 1).toISOString()
  const basis = await recordBasis(tx, transaction)
  const billable = await billableOf(node, tx, transaction, { ...end, stoppedAt }, basis)
  await closeTransaction(tx, transaction.id, {
    stoppedAt,
    meterStopWh: end.meterStopWh,
    stopReason: end.stopReason,
    inferred: end.inferred,
    offline: transaction.offline || end.offline,
    review: transaction.review ?? billable.review,
  })
  if (!end.inferred && end.meterStopWh !== null) {
    // The register of the end stands in the series too, so that its energy is the whole session's.
    const believed = billable.samples.at(-1)?.registerWh === end.meterStopWh
    await insertMeterValues(tx, [
      meterRow(transaction, {
        at: stoppedAt,
        context: 'Transaction.End',
        registerWh: end.meterStopWh,
        flag: believed ? null : 'implausible',
        receivedAt: end.receivedAt,
      }),
    ])
  }
  // Energy that nobody we know asked for is seen and kept, but is no session.
  if (transaction.origin === 'unknown' || basis === undefined) return
  const key = `ocpp:${transaction.id}`
  await recordSupplyEvent(tx, transaction.sessionId, `${key}:ended`, {
    kind: 'charging_ended',
    at: end.receivedAt,
    endedAt: stoppedAt,
    reason: end.reason,
  })
  const usage = usageFromMeter({
    samples: billable.samples.map((sample) => ({
      at: sample.at,
      energy_wh: sample.registerWh,
      ...(sample.powerW == null ? {} : { power_w: String(sample.powerW) }),
      ...(sample.charging === undefined ? {} : { charging: sample.charging }),
    })),
    timeZone: basis.location.timeZone,
    // OCPI 2.2.1 §10.4.3: the maker of a CDR starts a period wherever the price changes.
    ...(basis.tariff?.canonical == null ? {} : { tariff: basis.tariff.canonical }),
  })
  if (!usage.ok) throw new Error(`Usage of ${key}: ${usage.problems[0]?.message}`)
  const cdrId = await writeCdr(tx, transaction, basis, usage.usage, billable.energyWh, end)
  await recordSupplyEvent(tx, transaction.sessionId, `${key}:record`, {
    kind: 'record_received',
    at: end.receivedAt,
    cdrId,
  })
}

async function billableOf(
  node: ChargingNode,
  tx: Tx,
  transaction: TransactionRow,
  end: TransactionEnd,
  basis: Basis | undefined,
) {
  const between = await registersOf(tx, transaction.sessionId)
  const startWh = transaction.meterStartWh ?? between[0]?.registerWh ?? end.meterStopWh ?? '0'
  return billableSeries(
    {
      at: transaction.startedAt,
      registerWh: startWh,
      // Where no register tells, the time until the first reading is not held against the driver as idling.
      ...(transaction.meterStartWh === null ? { charging: true } : {}),
    },
    between,
    { at: end.stoppedAt, registerWh: end.meterStopWh ?? startWh },
    {
      maxPowerW: basis?.connector.maxPowerW ?? unknownMaxPowerW,
      slackMs: node.config.plausibleSlackMs,
    },
  )
}

type Basis = NonNullable<Awaited<ReturnType<typeof recordBasis>>>

async function writeCdr(
  tx: Tx,
  transaction: TransactionRow,
  basis: Basis,
  usage: UsageRecord,
  energyWh: string,
  end: TransactionEnd,
): Promise<string> {
  const tariff = basis.tariff?.canonical ?? undefined
  const totals = totalsOf(tariff, basis, usage, energyWh)
  const signed = await signedValuesOf(tx, transaction.sessionId)
  const raw = cdrText({
    transaction,
    basis,
    usage,
    energyWh,
    totals,
    currency: tariff?.currency ?? basis.quote?.currency ?? null,
    signed,
    at: end.receivedAt,
  })
  const { cdr } = await storeCdr(tx, {
    sessionId: transaction.sessionId,
    connectionId: basis.evse.connectionId,
    source: 'node',
    countryCode: basis.location.countryCode,
    partyId: basis.location.partyId,
    // One transaction, one record: the id leaves no room for a second.
    ocpiId: transaction.sessionId,
    contentHash: createHash('sha256')
      .update(canonicalText(JSON.parse(raw)))
      .digest('hex'),
    raw,
    usage,
    document: {
      claim: unpricedClaim(usage, tariff?.currency ?? basis.quote?.currency ?? 'XXX'),
      tariff: null,
      signed_values: signed,
    },
    // ISO 4217: XXX is no currency; such a record has no price and is never billed.
    currency: tariff?.currency ?? basis.quote?.currency ?? 'XXX',
    totalExclMinor: totals?.net.amount ?? null,
    totalInclMinor: totals?.gross.amount ?? null,
    receivedAt: end.receivedAt,
  })
  return cdr.id
}

/** Undefined when there is no price: the record then states none, and the public-price check will not guess one. */
function totalsOf(
  tariff: Tariff | undefined,
  basis: Basis,
  usage: UsageRecord,
  energyWh: string,
): Pick<Totals, 'net' | 'vat' | 'gross'> | undefined {
  if (tariff === undefined) return undefined
  const policy = policyOf(basis, usage.started_at)
  if (policy === undefined) return undefined
  const result = rate({ tariff, usage, policy })
  if (result.ok) return result.rating.totals
  if (result.code !== 'price_unavailable' || energyWh !== '0') return undefined
  // No energy and no component for the time either: the record is due all the same, over nothing (failures F40).
  const nothing = { amount: 0, currency: tariff.currency }
  return { net: nothing, vat: nothing, gross: nothing }
}

/** The policy the quote was computed with; a start with a card has no quote yet and takes the market's own. */
function policyOf(basis: Basis, startedAt: string): RatingPolicy | undefined {
  const quoted = basis.quote?.body.rating_policy
  if (quoted !== undefined) return quoted
  const profile = profileFor(basis.location.country, startedAt)
  return profile === undefined ? undefined : ratingPolicyOf(profile, startedAt)
}

async function registersOf(tx: Tx, sessionId: string) {
  const rows = await meterSeries(tx, sessionId)
  return rows.flatMap(({ at, context, registerWh, powerW, flag }) =>
    registerWh === null || flag === 'after_stop' ? [] : [{ at, context, registerWh, powerW }],
  )
}
