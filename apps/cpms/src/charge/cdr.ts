import type { recordBasis } from '@chargelane/db/queries/chargers/node-records'
import type { TransactionRow } from '@chargelane/db/queries/chargers/ocpp-transactions'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, exactOf, format, hoursOf, times } from '@chargelane/rules/exact'
import { toDecimal } from '@chargelane/rules/money'
import type { Totals } from '@chargelane/rules/rating'

// Our own charger's record as an OCPI 2.2.1 CDR object (§10.3.1), the same as a roaming operator would send.

export interface CdrInput {
  transaction: TransactionRow
  basis: NonNullable<Awaited<ReturnType<typeof recordBasis>>>
  usage: UsageRecord
  energyWh: string
  /** Undefined when no price could be computed; the object then lacks `total_cost`. */
  totals: Pick<Totals, 'net' | 'gross'> | undefined
  currency: string | null
  /** What the meter signed, as received. */
  signed: readonly string[]
  at: string
}

export function cdrText(input: CdrInput): string {
  const { transaction, basis, usage, totals } = input
  const { location } = basis
  const stopped = usage.ended_at
  return JSON.stringify({
    country_code: location.countryCode,
    party_id: location.partyId,
    id: transaction.sessionId,
    start_date_time: usage.started_at,
    end_date_time: stopped,
    session_id: transaction.transactionId,
    cdr_token: tokenOf(input),
    auth_method: transaction.origin === 'command' ? 'COMMAND' : 'WHITELIST',
    // The reference given with the start command; a card start has none (§10.3.1).
    ...(transaction.origin === 'command' ? { authorization_reference: transaction.sessionId } : {}),
    cdr_location: locationOf(input),
    currency: input.currency,
    ...(basis.tariff === undefined ? {} : { tariffs: [parsed(basis.tariff.raw)] }),
    charging_periods: usage.periods.map((period) => periodOf(period, basis.tariff?.ocpiId)),
    ...(totals === undefined
      ? {}
      : {
          total_cost: {
            excl_vat: decimal(toDecimal(totals.net)),
            incl_vat: decimal(toDecimal(totals.gross)),
          },
        }),
    ...(input.signed.length === 0 ? {} : { signed_data: signedData(input.signed) }),
    total_energy: decimal(kwh(input.energyWh)),
    total_time: decimal(hours(spanMs(usage.started_at, stopped))),
    total_parking_time: decimal(
      hours(
        usage.periods
          .filter((period) => !period.charging)
          .reduce((sum, period) => sum + spanMs(period.start, period.end), 0),
      ),
    ),
    last_updated: input.at,
  })
}

/** §10.4.4, §10.4.5: base64 of what was signed. The key is not ours to give: it stands in the register of keys. */
const signedData = (values: readonly string[]) => ({
  encoding_method: 'OCMF',
  signed_values: values.map((value) => ({
    nature: 'Signed',
    plain_data: '',
    signed_data: Buffer.from(value).toString('base64'),
  })),
})

type Period = UsageRecord['periods'][number]

function periodOf(period: Period, tariffId: string | undefined) {
  const dimensions: { type: string; volume: unknown }[] = []
  const state = (type: string, volume: string | undefined) => {
    if (volume !== undefined) dimensions.push({ type, volume: decimal(volume) })
  }
  state('ENERGY', period.energy_kwh)
  state(period.charging ? 'TIME' : 'PARKING_TIME', hours(spanMs(period.start, period.end)))
  state('MIN_POWER', period.min_power_kw)
  state('MAX_POWER', period.max_power_kw)
  return {
    start_date_time: period.start,
    dimensions,
    ...(tariffId === undefined ? {} : { tariff_id: tariffId }),
  }
}

/** A session of ours shows its own credential, like an app; a card shows itself. */
function tokenOf({ transaction, basis }: CdrInput) {
  const { card, location } = basis
  return {
    country_code: location.countryCode,
    party_id: location.partyId,
    uid: transaction.idToken,
    type: card?.type ?? 'AD_HOC_USER',
    contract_id: card?.contractId ?? transaction.idToken,
  }
}

function locationOf({ basis }: CdrInput) {
  const { location, evse, connector } = basis
  return {
    id: location.ocpiId,
    ...(location.name === null ? {} : { name: location.name }),
    address: location.address,
    city: location.city,
    ...(location.postalCode === null ? {} : { postal_code: location.postalCode }),
    country: location.country,
    coordinates: {
      latitude: location.latitude.toFixed(6),
      longitude: location.longitude.toFixed(6),
    },
    evse_uid: evse.ocpiUid,
    evse_id: evse.evseId,
    connector_id: connector.ocpiId,
    connector_standard: connector.standard,
    connector_format: connector.format,
    connector_power_type: connector.powerType,
  }
}

const spanMs = (from: string, to: string) => Date.parse(to) - Date.parse(from)

/** Hours with the four decimals OCPI allows (§16.4); the instants beside them carry the exact span. */
const hours = (ms: number): string => format(hoursOf(exactOf(ms, 3)), 4)

const kwh = (wh: string): string => format(times(exact(wh), exactOf(1, 3)), 6)

/** Writes exact decimal text as a JSON number, digit for digit, with no float in between (ES2026 `JSON.rawJSON`). */
const decimal: (text: string) => unknown = Reflect.get(JSON, 'rawJSON')

function parsed(text: string): unknown {
  return JSON.parse(text)
}
