/**
 * Whether a session may start at an EVSE, for this payer, with this quote: one answer for search, quotes, sessions and
 * the probe before the start command. Queries read the facts; nothing else decides.
 */
import { inWords, money } from '../money.ts'
import type { PaymentSourceStatus } from '@chargelane/openapi/vocabulary/payment'
import type { ErrorCode } from '@chargelane/openapi/vocabulary/errors'
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type {
  ConnectionStatus,
  EvseStatus,
  StartRejection,
  SupplyModel,
} from '@chargelane/openapi/vocabulary/status'
import type { Access } from '../agreement/access/access.ts'
import type { QuoteAccess, QuoteBody } from './body.ts'
import { isConvertible } from '../fx/fx.ts'
import { numberForSale, type Registered } from '../vat/registrations.ts'

/** Why not, for the partner: a code of the contract, the field it concerns and what it may read besides. */
export type Refusal<C extends ErrorCode = ErrorCode> = {
  kind: 'refused'
  code: C
  message: string
  param?: string
  extra?: Record<string, unknown>
}

/** One way to reach an EVSE. Instants are ISO text of one form, so text order is time order. */
export type ChannelFacts = {
  connection: ConnectionStatus
  /** The circuit is open until then. */
  openUntil: string | null
  /** What this channel last told of the EVSE. */
  evse: EvseStatus
  /** Whether our node holds the charger's socket; null where the charger is another's. */
  online: boolean | null
}

export type PlaceFacts = {
  evseId: string
  /** Whose VAT its sales carry. */
  country: string
  /** Every channel to the EVSE, the one asked for first. */
  channels: readonly ChannelFacts[]
  /** Of the agreement with its CPO that is in force; null without one. */
  supplyModel: SupplyModel | null
  /** In which the CPO is paid; null without an agreement. */
  payoutCurrency: Currency | null
  /** Why the CPO may not sell although it has an agreement; null where it may. */
  sellerWaits: SellerWait | null
  /** False for an EVSE-ID of an operator that its CPO is not proven to be. */
  isProven: boolean
}

/** `verification`: the platform has yet to look who it is. `tax_id`: no number under which it owes VAT there. */
export type SellerWait = 'verification' | 'tax_id'

export type PayerFacts = {
  /** The partner who sells, with the currency in which it is paid. */
  partner?: { payoutCurrency: Currency; isVerified: boolean }
  status: PaymentSourceStatus
  /** The session whose open debt keeps the source from paying for another. */
  unpaidSessionId: string | null
}

export type QuoteFacts = {
  id: string
  status: 'open' | 'consumed' | 'expired' | 'cancelled'
  expiresAt: string
  sessionId: string | null
  body?: Pick<QuoteBody, 'access'>
}

/** Why an EVSE in this state takes no new session; undefined where it may. A BLOCKED one has a car before it. */
export function whyTaken(status: EvseStatus): StartRejection | undefined {
  switch (status) {
    case 'AVAILABLE':
    case 'UNKNOWN':
      return undefined
    case 'BLOCKED':
    case 'CHARGING':
    case 'RESERVED':
      return 'evse_occupied'
    case 'INOPERATIVE':
    case 'OUTOFORDER':
    case 'PLANNED':
    case 'REMOVED':
      return 'evse_faulted'
    default:
      return status satisfies never
  }
}

/** Whether an EVSE in this state is priced at all. Who charges there or has it reserved may be gone when the quote starts. */
const isForSale = (status: EvseStatus) =>
  whyTaken(status) === undefined || status === 'CHARGING' || status === 'RESERVED'

/** Why no command goes over a channel now; undefined where one may. */
export function whyClosed(
  { connection, openUntil, online }: Omit<ChannelFacts, 'evse'>,
  now: string,
): string | undefined {
  if (connection === 'paused' || connection === 'handshaking') return `connection is ${connection}`
  if (openUntil !== null && openUntil > now) return `circuit open until ${openUntil}`
  return online === false ? 'charger is offline' : undefined
}

/** Supply models that are sold; the others have no documents and no split yet. */
export const isSoldModel = (model: SupplyModel): boolean => model === 'agency'

/** A sale that could not be shared, taxed or paid out. */
export const unsettled = (
  message: string,
  reason = 'agreement',
  facts: Record<string, unknown> = {},
): Refusal<'price_unavailable'> => ({
  kind: 'refused',
  code: 'price_unavailable',
  message,
  param: 'evse',
  extra: { reason, ...facts },
})

function refusalOfSellerWait(wait: SellerWait, country: string): Refusal<'price_unavailable'> {
  if (wait === 'verification') return unsettled('The operator has not been verified yet.', wait)
  const message = `The operator has no VAT registration for ${country}, under which it could sell there.`
  return unsettled(message, wait, { country })
}

/** What the seller lacks to owe the VAT of the place; asked for the quote, and again when its session is opened. */
export const waitsForNumber = (
  seller: Registered,
  country: string,
  at: string,
): SellerWait | null => (numberForSale(seller, country, at) === undefined ? 'tax_id' : null)

/** Whether sales of the CPO can be settled: under an agreement in force, by a model that is sold. */
export function refusalOfAgreement({
  country,
  supplyModel,
  payoutCurrency,
  sellerWaits,
}: Pick<PlaceFacts, 'country' | 'supplyModel' | 'payoutCurrency' | 'sellerWaits'>):
  | Refusal<'price_unavailable'>
  | undefined {
  if (supplyModel === null || payoutCurrency === null)
    return unsettled('No agreement with the operator is in force.')
  if (sellerWaits !== null) return refusalOfSellerWait(sellerWaits, country)
  if (!isSoldModel(supplyModel))
    return unsettled(`The operator sells by the supply model ${supplyModel}, which is not offered.`)
  return isConvertible(payoutCurrency)
    ? undefined
    : unsettled(`The operator is paid in ${payoutCurrency}, which no reference rate leads to.`)
}

type PlaceCode = 'evse_not_available' | 'evse_not_reachable' | 'price_unavailable'

const notAvailable = (evseId: string, status: EvseStatus): Refusal<PlaceCode> => ({
  kind: 'refused',
  code: 'evse_not_available',
  message: `EVSE ${evseId} is ${status}.`,
  param: 'evse',
  extra: { evse_status: status },
})

const refusalOfSeller = (place: PlaceFacts): Refusal<'price_unavailable'> | undefined =>
  place.isProven
    ? refusalOfAgreement(place)
    : unsettled(`Its operator is not proven to be that of ${place.evseId}.`, 'evse_identity')

/** Whether a session at the place is sold: by whom it belongs to, settled, reachable, neither blocked nor out of use. */
export function refusalOfPlace(place: PlaceFacts, now: string): Refusal<PlaceCode> | undefined {
  const { evseId, channels } = place
  const refusal = refusalOfSeller(place)
  if (refusal !== undefined) return refusal
  const open = channels.filter((channel) => whyClosed(channel, now) === undefined)
  if (open.some(({ evse }) => isForSale(evse))) return undefined
  // Out of use is out of use, whether or not the charger can be asked.
  const told = open[0] ?? channels.find(({ evse }) => whyTaken(evse) === 'evse_faulted')
  if (told !== undefined) return notAvailable(evseId, told.evse)
  return {
    kind: 'refused',
    code: 'evse_not_reachable',
    message: `EVSE ${evseId} cannot be reached at present.`,
    param: 'evse',
  }
}

/** Whether a session may start at the place at once: it is sold, and free over a channel that is open. */
export const isFreeNow = (place: PlaceFacts, now: string): boolean =>
  refusalOfPlace(place, now) === undefined &&
  place.channels.some(
    (channel) => whyClosed(channel, now) === undefined && whyTaken(channel.evse) === undefined,
  )

/** Whether a price without obligation is shown: also where somebody else charges, not where nobody can. */
export function refusalOfMap(place: PlaceFacts): Refusal<PlaceCode> | undefined {
  const [asked] = place.channels
  return asked !== undefined && whyTaken(asked.evse) === 'evse_faulted'
    ? notAvailable(place.evseId, asked.evse)
    : refusalOfSeller(place)
}

/** Whether the place admits the driver now. */
export const refusalOfAccess = (access: Access): Refusal<'site_access_denied'> | undefined =>
  access.kind === 'admitted'
    ? undefined
    : {
        kind: 'refused',
        code: 'site_access_denied',
        message: access.message,
        param: 'evse',
        extra: {
          reason: access.reason,
          access_rules: access.rules,
          ...(access.opensAt === null ? {} : { opens_at: access.opensAt }),
        },
      }

/** A quote binds, but not beyond the closing time it names. */
function refusalOfClosing(
  access: QuoteAccess | undefined,
  now: string,
): Refusal<'site_access_denied'> | undefined {
  if (access === undefined || access.closes_at === null || access.closes_at > now) return undefined
  return {
    kind: 'refused',
    code: 'site_access_denied',
    message: `Closed since ${access.closes_at} for: ${access.name}.`,
    param: 'quote',
    extra: { reason: 'closed', access_rules: [access.rule] },
  }
}

type PayerCode =
  | 'account_restricted'
  | 'payment_declined'
  | 'outstanding_debt'
  | 'price_unavailable'

/** Whether the source pays for a new session: its partner verified, not detached, nothing unpaid, and its partner can be paid. */
export function refusalOfPayer({
  partner,
  status,
  unpaidSessionId,
}: PayerFacts): Refusal<PayerCode> | undefined {
  const param = 'payment_source'
  if (partner !== undefined && !partner.isVerified)
    return {
      kind: 'refused',
      code: 'account_restricted',
      message: 'Your account has not been verified yet.',
      extra: { reason: 'verification' },
    }
  if (partner !== undefined && !isConvertible(partner.payoutCurrency))
    return {
      kind: 'refused',
      code: 'price_unavailable',
      message: `Your account is paid in ${partner.payoutCurrency}, which no reference rate leads to.`,
      param,
      extra: { reason: 'agreement' },
    }
  if (status === 'detached')
    return {
      kind: 'refused',
      code: 'payment_declined',
      message: 'The payment source was detached.',
      param,
      extra: { decline_code: 'payment_source_detached' },
    }
  if (unpaidSessionId === null) return undefined
  return {
    kind: 'refused',
    code: 'outstanding_debt',
    message: `Session ${unpaidSessionId} of this payment source is unpaid.`,
    param,
    extra: { session: unpaidSessionId },
  }
}

/**
 * Whether what the partner would come to owe fits its credit: the hold of a session on its account, and what its own
 * plan would pay of a price, where it has a line at all. Only a hold decides, under a lock; no quote promises what it
 * would refuse.
 */
export function refusalOfCredit(
  { isOnAccount, credit }: { isOnAccount: boolean; credit: Record<string, string> | null },
  { hold, sponsored }: { hold: Money; sponsored: Money | undefined },
): Refusal<'credit_limit_exceeded'> | undefined {
  const room = credit?.[hold.currency]
  if (room === undefined && !isOnAccount) return undefined
  const asked = (isOnAccount ? hold.amount : 0) + (sponsored?.amount ?? 0)
  if (asked === 0 || BigInt(asked) <= BigInt(room ?? '0')) return undefined
  return {
    kind: 'refused',
    code: 'credit_limit_exceeded',
    message:
      room === undefined
        ? `Your account has no credit line in ${hold.currency}.`
        : `Your credit line has no room for ${inWords(money(asked, hold.currency))}.`,
    param: isOnAccount ? 'payment_source' : 'evse',
    extra: { decline_code: room === undefined ? 'no_credit_line' : 'credit_limit' },
  }
}

/** An open quote whose time is over is expired, whether or not anybody has noticed. */
export const quoteStatus = (quote: QuoteFacts, now: string): QuoteFacts['status'] =>
  quote.status === 'open' && quote.expiresAt <= now ? 'expired' : quote.status

/** Whether the quote still starts a session. */
export function refusalOfQuote(
  quote: QuoteFacts,
  now: string,
): Refusal<'quote_consumed' | 'quote_expired'> | undefined {
  const param = 'quote'
  switch (quoteStatus(quote, now)) {
    case 'open':
      return undefined
    case 'consumed':
      return {
        kind: 'refused',
        code: 'quote_consumed',
        message: `Quote ${quote.id} already started session ${quote.sessionId}.`,
        param,
        extra: { session: quote.sessionId },
      }
    case 'cancelled':
      return {
        kind: 'refused',
        code: 'quote_expired',
        message: `Quote ${quote.id} was cancelled.`,
        param,
      }
    case 'expired':
      return {
        kind: 'refused',
        code: 'quote_expired',
        message: `Quote ${quote.id} expired at ${quote.expiresAt}.`,
        param,
      }
  }
}

/** What is known of a session about to be opened. */
export type StartFacts = {
  quote: QuoteFacts
  payer: PayerFacts
  /** The session of this account that has the same external id. */
  sameExternalId: string | null
  /** The driver's running session at this EVSE. */
  activeSession: string | null
  /** Another session has the EVSE to itself. */
  isTaken: boolean
}

export type StartCode =
  | 'quote_consumed'
  | 'quote_expired'
  | 'invalid_value'
  | 'site_access_denied'
  | 'session_already_active'
  | 'evse_not_available'
  | PayerCode

/**
 * Whether a session may be opened with the quote. Where it started at the charger energy may flow already: then the
 * quote's age and the payer are judged by what follows, not here.
 */
export function refusalOfStart(
  facts: StartFacts,
  now: string,
  startedAtCharger: boolean,
): Refusal<StartCode> | undefined {
  const { quote, payer, sameExternalId, activeSession, isTaken } = facts
  const isUsable = startedAtCharger && quote.status === 'open'
  const refusal = isUsable ? undefined : refusalOfQuote(quote, now)
  if (refusal !== undefined) return refusal
  if (sameExternalId !== null)
    return {
      kind: 'refused',
      code: 'invalid_value',
      message: `external_id is already used by session ${sameExternalId}.`,
      param: 'external_id',
      extra: { session: sameExternalId },
    }
  if (startedAtCharger) return undefined
  const closed = refusalOfClosing(quote.body?.access, now)
  if (closed !== undefined) return closed
  if (activeSession !== null)
    return {
      kind: 'refused',
      code: 'session_already_active',
      message: `Session ${activeSession} is active at this EVSE.`,
      extra: { session: activeSession },
    }
  if (isTaken)
    return {
      kind: 'refused',
      code: 'evse_not_available',
      message: 'Another session has begun at this EVSE.',
      param: 'quote',
      extra: { reason: 'evse_occupied' },
    }
  return refusalOfPayer(payer)
}
