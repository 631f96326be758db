// Rows become resources here and nowhere else: snake_case, integers, money as { amount, currency }.
import type {
  AccountRow,
  DriverRow,
  PaymentSourceRow,
  TokenRow,
} from '@chargelane/db/queries/partners/accounts'
import type { ApiKeyRow } from '@chargelane/db/queries/partners/api-keys'
import type { CdrExtras, CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import type { StationRow } from '@chargelane/db/queries/chargers/chargers'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import type { InvoiceRow } from '@chargelane/db/queries/documents/invoices'
import type { LocationRow } from '@chargelane/db/queries/locations/locations'
import type { MeterKeyRow } from '@chargelane/db/queries/locations/meter-keys'
import type { StationEvse } from '@chargelane/db/queries/chargers/node-evses'
import type { EventRow } from '@chargelane/db/queries/outbox/outbox'
import type { PaymentRow } from '@chargelane/db/queries/payments/payments'
import type { PriceAccuracy as AccuracyRow } from '@chargelane/db/queries/locations/price-accuracy'
import type { ProofRow } from '@chargelane/db/queries/sessions/proofs'
import type { EvseView } from '@chargelane/db/queries/locations/search'
import type { SessionRow } from '@chargelane/db/queries/sessions/sessions'
import type { SessionExtras } from '@chargelane/db/queries/sessions/session-views'
import type { SettlementRow } from '@chargelane/db/queries/documents/settlements'
import type { SuspenseRow } from '@chargelane/db/queries/ledger/suspense'
import type { TariffRow } from '@chargelane/db/queries/locations/tariffs'
import type { EndpointRow } from '@chargelane/db/queries/outbox/webhook-endpoints'
import type {
  Account,
  ApiKey,
  Cdr,
  ChargeStation,
  Connection,
  Event,
  Evse,
  Invoice,
  Location,
  MeterKey,
  Payment,
  PaymentSource,
  PriceAccuracy,
  PriceProof,
  Session,
  Settlement,
  SuspenseItem,
  Tariff,
  Token,
  WebhookEndpoint,
} from '@chargelane/openapi'
import { scopes, zDispute } from '@chargelane/openapi'
import {
  zConnectivity,
  zEndReason,
  zMoneyStatus,
  zRecordStatus,
  zSessionStatus,
} from '@chargelane/openapi/vocabulary/status'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { exactOf, format, ratioOf } from '@chargelane/rules/exact'
import { proofSchema } from '@chargelane/rules/proof'
import { z } from 'zod'

/** This product runs in test mode until live keys are issued. */
const livemode = false

const money = (amount: number, currency: string) => ({ amount, currency })
const moneyOrNull = (amount: number | null, currency: string) =>
  amount === null ? null : money(amount, currency)

const zObject = z.record(z.string(), z.unknown())
const zFailure = z.looseObject({ code: z.string() })
/** The public-price check is stored with its inputs beside the verdict. */
const zJudgement = z.object({
  verdict: z.looseObject({ kind: z.string() }),
  diagnosis: zDispute.optional(),
})
/** Records put aside before there were verdicts for it say only why. */
const zPutAside = z.looseObject({ reason: z.string() })

export interface Rows<Row> {
  data: Row[]
  hasMore: boolean
  nextCursor: string | null
}

/** A page of rows as a page of resources. */
export const pageView = <Row, Item>(page: Rows<Row>, view: (row: Row) => Item) => ({
  data: page.data.map(view),
  has_more: page.hasMore,
  next_cursor: page.nextCursor,
})

export const accountView = (row: AccountRow): Account => ({
  id: row.id,
  type: row.type,
  partner_type: row.partnerType,
  name: row.name,
  legal_name: row.legalName,
  country: row.country,
  payout_currency: row.payoutCurrency,
  vat_id: row.vatId,
  address: row.address,
  iban_last4: row.iban === null ? null : row.iban.slice(-4),
  partner_share_bps: row.partnerShareBps,
  benefit_mode: row.benefitMode,
  status: row.status,
  livemode,
  created_at: row.createdAt,
})

/** `key` only in the answer that makes it. */
export const apiKeyView = (row: ApiKeyRow, key: string | null = null): ApiKey => ({
  id: row.id,
  account: row.accountId,
  name: row.name,
  key,
  last_four: row.lastFour,
  scopes: scopes.filter((scope) => row.scopes.includes(scope)),
  livemode: row.livemode,
  expires_at: row.expiresAt,
  revoked_at: row.revokedAt,
  created_at: row.createdAt,
})

export const driverView = (row: DriverRow) => ({ id: row.id, external_id: row.externalId })

export const paymentSourceView = (row: PaymentSourceRow, driver: DriverRow): PaymentSource => ({
  id: row.id,
  driver: driverView(driver),
  type: row.type,
  status: row.status,
  livemode,
  created_at: row.createdAt,
})

export const tokenView = (row: TokenRow, driver: DriverRow): Token => ({
  id: row.id,
  driver: driverView(driver),
  payment_source: row.paymentSourceId,
  uid: row.uid,
  type: row.type,
  contract_id: row.contractId,
  status: row.status,
  livemode,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

export const connectionView = (row: ConnectionRow): Connection => ({
  id: row.id,
  cpo: row.cpoId,
  protocol: row.protocol,
  status: row.status,
  country_code: row.countryCode,
  party_id: row.partyId,
  versions_url: row.versionsUrl,
  version: row.version,
  last_error: row.statusReason,
  last_ok_at: row.lastOkAt,
  last_pulled_at: row.lastPulledAt,
  tariffs_confirmed_at: row.tariffsConfirmedAt,
  tariff_max_age_s: row.tariffMaxAgeS,
  tariff_slo_s: row.tariffSloS,
  livemode,
  created_at: row.createdAt,
})

export const locationView = (row: LocationRow): Location => ({
  id: row.id,
  connection: row.connectionId,
  cpo: row.cpoId,
  name: row.name,
  address: row.address,
  city: row.city,
  postal_code: row.postalCode,
  country: row.country,
  position: { latitude: row.latitude, longitude: row.longitude },
  time_zone: row.timeZone,
  updated_at: row.lastUpdated,
})

export const evseView = (row: EvseView): Evse => ({
  id: row.id,
  evse_id: row.evseId,
  status: row.status,
  status_at: row.statusAt,
  capabilities: row.capabilities,
  cpo: { id: row.cpo.id, name: row.cpo.name },
  location: {
    id: row.location.id,
    connection: row.connection.id,
    cpo: row.cpo.id,
    name: row.location.name,
    address: row.location.address,
    city: row.location.city,
    postal_code: row.location.postalCode,
    country: row.location.country,
    position: { latitude: row.location.latitude, longitude: row.location.longitude },
    time_zone: row.location.timeZone,
    updated_at: row.location.lastUpdated,
  },
  connectors: row.connectors.map((connector) => ({
    id: connector.id,
    standard: connector.standard,
    format: connector.format,
    power_type: connector.powerType,
    max_power_w: connector.maxPowerW,
    max_voltage: connector.maxVoltage,
    max_amperage: connector.maxAmperage,
    tariff_ids: connector.tariffIds,
  })),
  sellable: row.sellable,
  price_status: row.priced ? 'available' : 'price_unavailable',
})

export const meterKeyView = (row: MeterKeyRow): MeterKey => ({
  evse: row.evseId,
  curve: row.curve,
  public_key: row.publicKey,
  meter_serial: row.meterSerial,
  valid_from: row.validFrom,
})

/** `password` only in the answer that makes it. */
export const chargeStationView = (
  row: StationRow,
  evses: StationEvse[],
  ocppUrl: string,
  password: string | null = null,
): ChargeStation => ({
  id: row.id,
  cpo: row.cpoId,
  connection: row.connectionId,
  identity: row.identity,
  ocpp_url: `${ocppUrl}/${encodeURIComponent(row.identity)}`,
  password,
  evses: evses
    .filter((evse) => evse.chargeStationId === row.id)
    .map((evse) => ({
      id: evse.id,
      evse_id: evse.evseId,
      ocpp_connector_id: evse.ocppConnectorId,
    })),
  vendor: row.vendor,
  model: row.model,
  serial_number: row.serialNumber,
  firmware_version: row.firmwareVersion,
  protocol: row.protocol,
  online: row.online,
  last_seen_at: row.lastSeenAt,
  livemode,
  created_at: row.createdAt,
})

/** Who looks at a tariff, and when: findings and figures are for its operator. */
export type TariffGlance = { sees: string; now: string }

const isOwn = (row: TariffRow, { sees }: TariffGlance) => sees === '*' || sees === row.cpoId
const isReleased = (row: TariffRow, now: string) =>
  row.status === 'held' && row.heldUntil !== null && row.heldUntil <= now

function saleOf(row: TariffRow, now: string): Tariff['sale'] {
  if (row.supersededAt !== null && row.supersededAt <= now) return 'superseded'
  if (row.status === 'invalid' || row.status === 'withdrawn') return row.status
  if (row.soldUntil !== null && row.soldUntil <= now) return 'ended'
  if (row.effectiveFrom > now) return 'scheduled'
  return row.status === 'held' && !isReleased(row, now) ? 'held' : 'sold'
}

/** Null for a price nobody wondered about. */
export function tariffHoldView(
  row: Pick<TariffRow, 'heldUntil' | 'holdConfirmedAt' | 'anomaly' | 'currency'>,
  withFigures: boolean,
): Tariff['hold'] {
  const { heldUntil, holdConfirmedAt, anomaly, currency } = row
  if (heldUntil === null) return null
  return {
    until: heldUntil,
    confirmed_at: holdConfirmedAt,
    figures:
      anomaly === null || !withFigures
        ? null
        : {
            basis: anomaly.basis,
            energy_wh: Number(anomaly.energyKwh) * 1_000,
            duration_s: anomaly.durationS,
            price: money(anomaly.price, currency),
            median: money(anomaly.median, currency),
            median_deviation: money(anomaly.mad, currency),
            sample: anomaly.sample,
          },
  }
}

export const tariffProblems = (problems: TariffRow['problems']): Tariff['problems'] =>
  problems.slice(0, 1_000).map(({ path, rule, message, severity }) => ({
    path: path.slice(0, 300),
    rule: rule.slice(0, 100),
    message: message.slice(0, 2_000),
    severity: severity ?? 'error',
  }))

export const tariffView = (row: TariffRow, glance: TariffGlance): Tariff => ({
  id: row.id,
  version: row.version,
  ref: `${row.id}@${row.version}`,
  cpo: row.cpoId,
  connection: row.connectionId,
  ocpi_id: row.ocpiId,
  ocpi_version: row.ocpiVersion,
  currency: row.currency,
  status: isReleased(row, glance.now) ? 'valid' : row.status,
  sale: saleOf(row, glance.now),
  hold: tariffHoldView(row, isOwn(row, glance)),
  problems: isOwn(row, glance) ? tariffProblems(row.problems) : [],
  hash: row.hash,
  tariff: row.canonical === null ? null : zTariff.parse(row.canonical),
  received_at: row.receivedAt,
  effective_from: row.effectiveFrom,
  sold_until: row.soldUntil,
  superseded_at: row.supersededAt,
  confirmed_at: row.confirmedAt,
})

/** Whole Wh of a decimal register difference; the tenths stay in the record. */
export const wholeWh = (text: string): number => Number(text.split('.')[0])

function holdView(hold: SessionExtras['hold']): Session['hold'] {
  if (hold === null) return null
  return {
    payment: hold.id,
    amount: money(hold.holdMinor, hold.currency),
    status: hold.status,
    captured: moneyOrNull(hold.capturedMinor, hold.currency),
    released_at: hold.releasedAt,
  }
}

function totalsView(row: SessionRow): Session['totals'] {
  const { totalNetMinor: net, totalVatMinor: vat, totalGrossMinor: gross, currency } = row
  if (net === null || vat === null || gross === null) return null
  return {
    excl_tax: money(net, currency),
    tax: money(vat, currency),
    incl_tax: money(gross, currency),
  }
}

export const sessionView = (row: SessionRow, extras: SessionExtras): Session => ({
  id: row.id,
  external_id: row.externalId,
  sequence: row.sequence,
  status: zSessionStatus.parse(row.status),
  connectivity: zConnectivity.parse(row.connectivity),
  record_status: zRecordStatus.parse(row.recordStatus),
  money_status: zMoneyStatus.parse(row.moneyStatus),
  account: row.accountId,
  cpo: row.cpoId,
  driver:
    extras.driverExternalId === null
      ? null
      : { id: row.driverId, external_id: extras.driverExternalId },
  channel: row.channel,
  evse: row.evseId,
  evse_id: extras.evseId,
  connector: row.connectorId,
  quote: row.quoteId,
  currency: row.currency,
  energy_wh: wholeWh(row.energyWh),
  energy_is_estimate: row.energyIsEstimate,
  started_at: row.startedAt,
  ended_at: row.endedAt,
  end_reason: row.endReason === null ? null : zEndReason.parse(row.endReason),
  failure: row.failure === null ? null : zFailure.parse(row.failure),
  totals: totalsView(row),
  hold: holdView(extras.hold),
  cdr: extras.cdrId,
  invoice: extras.invoiceId,
  evidence_ready: extras.isSealed,
  settlement: { sla_deadline: row.slaDeadline, settled_at: row.settledAt },
  metadata: row.metadata,
  livemode,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

export const paymentView = (row: PaymentRow): Payment => ({
  id: row.id,
  session: row.sessionId,
  payment_source: row.paymentSourceId,
  attempt: row.attempt,
  status: row.status,
  hold_amount: money(row.holdMinor, row.currency),
  captured_amount: moneyOrNull(row.capturedMinor, row.currency),
  psp_reference: row.pspId,
  decline_code: row.declineCode,
  client_secret: row.status === 'requires_action' ? row.clientSecret : null,
  released_at: row.releasedAt,
  created_at: row.createdAt,
})

function judgementView(stored: unknown): Pick<Cdr, 'verdict' | 'dispute'> {
  const judged = zJudgement.safeParse(stored)
  if (judged.success)
    return { verdict: judged.data.verdict, dispute: judged.data.diagnosis ?? null }
  const aside = zPutAside.safeParse(stored)
  const verdict = aside.success ? { ...aside.data, kind: 'quarantined' } : null
  return { verdict, dispute: null }
}

/** Lists leave `raw` out: records may be large. */
export const cdrView = (row: CdrRow, extras: CdrExtras | undefined, withRaw: boolean): Cdr => ({
  id: row.id,
  session: row.sessionId,
  connection: row.connectionId,
  source: row.source,
  country_code: row.countryCode,
  party_id: row.partyId,
  ocpi_id: row.ocpiId,
  content_hash: row.contentHash,
  currency: row.currency,
  total_excl_tax: moneyOrNull(row.totalExclMinor, row.currency),
  total_incl_tax: moneyOrNull(row.totalInclMinor, row.currency),
  status: row.status,
  ...judgementView(row.verdict),
  price_proof: extras?.proofId ?? null,
  suspense: cdrSuspense(extras?.suspense ?? null),
  received_at: row.receivedAt,
  raw: withRaw ? row.raw : null,
})

const cdrSuspense = (item: CdrExtras['suspense']): Cdr['suspense'] =>
  item === null
    ? null
    : {
        id: item.id,
        amount: money(item.amountMinor, item.currency),
        account: item.account,
        status: item.status,
        dispute_due_at: item.disputeDueAt,
      }

export const priceProofView = (row: ProofRow): PriceProof => ({
  id: row.id,
  session: row.sessionId,
  cdr: row.cdrId,
  rating: row.rating,
  status: row.status,
  failure: row.failure,
  schema: proofSchema,
  hash: row.hash,
  engine_version: row.engineVersion,
  input: zObject.parse(row.input),
  output: zObject.parse(row.output),
  checked_at: row.checkedAt,
  created_at: row.createdAt,
})

const dayMs = 86_400_000

export const suspenseView = (row: SuspenseRow, now: string): SuspenseItem => ({
  id: row.id,
  session: row.sessionId,
  cdr: row.cdrId,
  cpo: row.cpoId,
  amount: money(row.amountMinor, row.currency),
  account: row.account,
  entry: row.entryKey,
  rules: row.rules,
  reasons: row.reasons,
  status: row.status,
  age_days: Math.max(0, Math.floor((Date.parse(now) - Date.parse(row.openedAt)) / dayMs)),
  dispute_due: row.status === 'open' && row.disputeDueAt <= now,
  dispute_due_at: row.disputeDueAt,
  opened_at: row.openedAt,
  closed_at: row.closedAt,
})

export const priceAccuracyView = (
  row: AccuracyRow,
  range: { from: string; to: string },
): PriceAccuracy => ({
  cpo: row.cpoId,
  name: row.name,
  ...range,
  records: row.records,
  matching: row.matching,
  accuracy: format(ratioOf(exactOf(row.matching), exactOf(1), exactOf(row.records), 4)),
  by_verdict: row.byKind,
  by_rule: row.byRule,
  by_reason: row.byReason,
  claimed_above: Object.entries(row.claimedAbove).map(([currency, amount]) =>
    money(amount, currency),
  ),
})

export const invoiceView = (row: InvoiceRow): Invoice => ({
  id: row.id,
  session: row.sessionId,
  seller: row.sellerId,
  buyer: row.buyerAccountId,
  kind: row.kind,
  document_number: row.documentNumber,
  currency: row.currency,
  total_excl_tax: money(row.netMinor, row.currency),
  total_tax: money(row.vatMinor, row.currency),
  total_incl_tax: money(row.grossMinor, row.currency),
  issued_at: row.issuedAt,
})

export const settlementView = (row: SettlementRow): Settlement => ({
  id: row.id,
  payee: row.payeeId,
  role: row.role,
  batch: row.batch,
  state: row.state,
  reason: row.reason,
  amount: money(row.amountMinor, row.currency),
  session_count: row.sessionCount,
  sla_deadline: row.slaDeadline,
  payout_reference: row.payoutReference,
  cut_off_at: row.cutOffAt,
  paid_at: row.paidAt,
  created_at: row.createdAt,
})

/** `secret` only in the answer that makes it. */
export const endpointView = (row: EndpointRow, secret: string | null = null): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  secret,
  events: row.eventTypes,
  status: row.status,
  disabled_reason: row.disabledReason,
  livemode,
  created_at: row.createdAt,
})

export const eventView = (row: EventRow): Event => ({
  id: row.id,
  type: row.type,
  object: row.objectId,
  sequence: row.sequence,
  data: zObject.parse(row.data),
  livemode,
  created_at: row.createdAt,
})
