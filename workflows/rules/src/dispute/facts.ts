/** What was kept of a session and a dispute about it may rest on. Nothing of it was said by whoever disputes. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { EndReason, SessionStatus } from '@chargelane/openapi/vocabulary/status'
import type { Liable } from '@chargelane/openapi/vocabulary/parties'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { MeterStatus } from '../metering/metering.ts'
import type { UnprovenEnergy } from '../markets/profile.ts'
import type { QuoteBody } from '../quote/body.ts'
import type { Totals } from '../rating/rating.ts'

export type SoldSession = {
  id: string
  status: SessionStatus
  startedAt: string | null
  endedAt: string | null
  endReason: EndReason | null
  /** Null where it began at the charger with a card. */
  askedForAt: string | null
  /** When somebody asked to stop, and when the charger took a stop and went on. */
  stopAskedAt: string | null
  feesFrozenAt: string | null
  /** Who stands for a start that we were not asked about. */
  offlineLiability: Liable | null
}

export type MeterFacts = {
  /** Between the first and the last plausible register; null where nobody but the record told any. */
  energyKwh: Decimal | null
  /** When the register had last grown. */
  lastFlowAt: string | null
  /** The session by its readings from start to end; null where they have gaps. */
  own: UsageRecord | null
  /** Of signed values; null where no key of the meter is registered. */
  signed: { status: MeterStatus; unproven: UnprovenEnergy } | null
}

export type PaymentFacts = {
  id: string
  kind: PaymentKind
  currency: Currency
  hold: Money
  captured: Money | null
  capturedAt: string | null
  releasedAt: string | null
  releaseBy: string
  reference: string | null
}

export type OtherSession = {
  id: string
  evseId: string
  startedAt: string
  endedAt: string
  due: Money
}

export type DisputeFacts = {
  now: string
  session: SoldSession & { evseId: string }
  quote: Pick<
    QuoteBody,
    | 'agreement'
    | 'basis'
    | 'components'
    | 'currency'
    | 'est'
    | 'idle_fee_terms'
    | 'limits'
    | 'plan'
    | 'rating_policy'
  > & { tariff: Tariff }
  /** What the sale comes to now; null where nothing was sold. */
  price: Totals | null
  /** Of that, what the driver pays, and what of it was taken. */
  due: Money
  taken: Money
  /** The usage the price rests on, and the one the record stated. */
  usage: UsageRecord | null
  stated: UsageRecord | null
  meter: MeterFacts
  payments: readonly PaymentFacts[]
  refunds: readonly { amount: Money; status: string; reference: string | null; at: string }[]
  /** Of the same driver, at the same time. */
  others: readonly OtherSession[]
  /** Of the card that began it, where one did: blocked before the start. */
  card: { blockedAt: string | null } | null
  /** What was in force for the driver when the price was promised, whether or not it was applied. */
  entitled: { plan: string | null; agreement: string | null }
  receipt: { number: string; issuedAt: string; gross: Money; vat: Money } | null
  /** The rate of the law for energy there, on that day. */
  vatRate: Decimal | null
  /** What the payer's bank took back. */
  chargeback: 'open' | 'lost' | null
}
