// What the corridor may ask of the outside money world: whoever pays for a driver, the bank, the
// publisher of reference rates. An expected ending is returned; an unanswered call is thrown.
import type { Db } from '@chargelane/db'
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { BankNumbers } from '@chargelane/rules/bank/account'
import type { CardFacts, DeclineAdvice } from '@chargelane/openapi/vocabulary/payment'
import type { KindFacts } from '@chargelane/rules/booking/kinds'
import type { ChargebackTexts } from '@chargelane/rules/documents'

/** A hold request. Every field but the key is stored at the provider, so a lost reply can be found. */
export type AuthorizeRequest = {
  /** Ours; written to the provider's metadata, so `find({ paymentId })` works without a reply. */
  paymentId: string
  sessionId: string
  /** The hold, greater than zero. */
  amount: Money
  /** The provider's payment method id (`pm_…`); null for a kind that has none, and where the payer is yet to name it. */
  paymentMethod: string | null
  /** The provider's customer id (`cus_…`); also narrows `find` after a lost reply. */
  customer?: string
  /** True when no driver is present to answer a 3-D Secure challenge. */
  offSession: boolean
  description: string
  idempotencyKey: string
}

/** A payment method as its provider keeps it. */
export type KeptMethod = { method: string; customer: string | null; card: CardFacts | null }

export type Authorized = {
  kind: 'authorized'
  pspId: string
  /** UTC instant after which the provider releases the hold by itself; null when it never does. */
  captureBefore: string | null
  /** The most that can be captured, where that is more than what is held: a card network lets some captures exceed it. */
  most?: Money
  /** What it was held on, where the provider tells it: the payer may have named it only then. */
  on?: KeptMethod
  /** The other side's own, where `pspId` is ours. */
  reference?: string
}
export type RequiresAction = {
  kind: 'requires_action'
  pspId: string
  /** With the publishable key it lets the payer's own device answer the challenge, and nothing else. */
  clientSecret: string
  publishableKey: string | null
}
export type Declined = {
  kind: 'declined'
  declineCode: string
  pspId?: string
  /** Absent where the issuer advises nothing. */
  advice?: DeclineAdvice
  /** The card network's own code. */
  networkCode?: string
}
export type Captured = {
  kind: 'captured'
  pspId: string
  amount: Money
  /** The provider's own fee, in the currency of the balance it was taken from; null when there is no provider. */
  fee: Money | null
  /** The provider's balance movement: the unique key of the ledger leg, so no capture posts twice. */
  balanceTransaction: string
}
export type Voided = { kind: 'voided'; pspId: string; reason: 'requested' | 'expired' }

export type AuthorizeOutcome = Authorized | RequiresAction | Declined
/**
 * `refused` takes nothing, e.g. `authorization_expired`, `amount_too_large`; `amount_too_small` where the provider takes no
 * sum that small. Asking again helps only where `mayAskAgain`, a while later and under another key.
 */
export type CaptureOutcome = Captured | { kind: 'refused'; code: string; mayAskAgain?: boolean }
/** `amount` is the whole hold now. `refused` leaves it as it was: the card, or the provider, does not raise it. */
export type IncreaseOutcome =
  | { kind: 'increased'; pspId: string; amount: Money; captureBefore: string | null; most?: Money }
  | { kind: 'refused'; code: string }
/** `refused` means that the provider cannot give it back, e.g. `charge_disputed`; nothing was given back. */
export type RefundOutcome =
  | { kind: 'refunded'; reference: string; amount: Money }
  | { kind: 'refused'; code: string }
/** Said to a payer's bank that took captured money back. */
export type ContestRequest = {
  /** The provider's id of the chargeback. */
  reference: string
  texts: ChargebackTexts
  idempotencyKey: string
}
/** `refused` where nothing is taken any more: it is decided, or too late. */
export type ContestOutcome =
  | { kind: 'submitted'; wasKnown: boolean }
  | { kind: 'refused'; code: string }
export type VoidOutcome = Voided | { kind: 'already_captured'; pspId: string; amount: Money }

/** What the provider holds now. `processing` means that it has not decided: ask again later. */
export type PaymentState =
  | { kind: 'none' }
  | { kind: 'processing'; pspId: string }
  | RequiresAction
  | (Authorized & { amount: Money })
  | Captured
  | Voided
  | Declined

/**
 * `createdAfter` (UTC instant, the moment before the first attempt) and `customer` make it cheaper to
 * find a payment so young that the provider's search does not know it yet.
 */
export type FindPayment =
  | { pspId: string }
  | { paymentId: string; createdAfter?: string; customer?: string }

/** The other side does not answer anybody for now. */
export type Outage = { retryAfterS: number }

/** A hold and its capture, for every kind of payment. Throws `MoneyFailure` for all that is not an outcome. */
export type PaymentPort = {
  /** Known without asking: whoever would begin something is told so at once. Absent where nobody else is asked. */
  outage?: () => Outage | undefined
  authorize(request: AuthorizeRequest): Promise<AuthorizeOutcome>
  /** Raises a hold that stands to this amount in all; a hold that is that high already is left alone. */
  increase(request: {
    pspId: string
    amount: Money
    idempotencyKey: string
  }): Promise<IncreaseOutcome>
  /** Captures once, at most the hold or its `most`; what is left of the hold is released by the same call. */
  capture(request: {
    pspId: string
    amount: Money
    idempotencyKey: string
  }): Promise<CaptureOutcome>
  void(request: { pspId: string; idempotencyKey: string }): Promise<VoidOutcome>
  /** Gives back a part of what was captured, once for each refund of ours: one that is known is found. */
  refund(request: {
    pspId: string
    /** Ours; written to the provider's metadata, so that a lost reply is found. */
    refundId: string
    amount: Money
    idempotencyKey: string
  }): Promise<RefundOutcome>
  /** Contests a chargeback, once: what the provider has is found. Absent where nobody takes captured money back. */
  contest?: (request: ContestRequest) => Promise<ContestOutcome>
  /** The query before every retry: reads, never changes. */
  find(query: FindPayment): Promise<PaymentState>
}

/** What happened to captured money without us: its own message is all that tells of it. */
export type ToldByProvider =
  /** Given back at the provider's own dashboard. */
  | { kind: 'refund'; reference: string; amount: Money }
  /** The payer's bank took it back, or decided about that. */
  | {
      kind: 'chargeback'
      reference: string
      amount: Money
      /** The network's word for why. */
      reason: string
      state: 'open' | 'won' | 'lost'
      /** By when the provider takes evidence. */
      evidenceDueBy: string | null
      /** What the provider took for it, in the currency of its balance; kept whoever wins. */
      fee?: Money
    }

/** A provider's message: a hint that something changed. It is verified, stored, signalled, and then queried. */
export type ProviderEvent = {
  /** The provider's id of the event: the key that makes a second delivery harmless. */
  id: string
  /** e.g. `payment_intent.canceled`; unknown types are stored and otherwise ignored. */
  type: string
  /** The provider's payment the event is about, or null for an event about something else. */
  pspId: string | null
  /** Ours, from the object's metadata; null when the provider did not repeat it. */
  paymentId: string | null
  /** It tells that a hold is gone, which whoever counts on it must hear at once. */
  endsHold: boolean
  /** It tells that money which was given back may not have stayed given. */
  doubtsRefund: boolean
  /** It tells what we did not ask for. */
  told?: ToldByProvider
}

/** Reads a message from its raw bytes and headers; throws `MoneyRefused` when it is not the provider's. */
export type ReadProviderEvent = (
  rawBody: Uint8Array,
  header: (name: string) => string | undefined,
) => ProviderEvent

/** Whether the provider has a payment method of this id; throws `MoneyFailure` where it did not say. */
export type KnowsMethod = (paymentMethod: string, accountId: string) => Promise<boolean>

export type SetupState =
  | ({ kind: 'named' } & KeptMethod)
  | {
      kind: 'waiting'
      clientSecret: string
      publishableKey: string | null
      /** Why the last try came to nothing. */
      refusedBefore?: string
    }
  | { kind: 'refused'; code: string }

/** How a payer names a payment method on the partner's page, without a session. */
export type PaymentSetup = {
  /** The same for the same source, however often it is called. */
  begin(sourceId: string): Promise<{
    setup: string
    customer: string
    clientSecret: string
    publishableKey: string | null
  }>
  look(setup: string): Promise<SetupState>
  /** Undefined where the provider has none of this id. */
  read(method: string): Promise<KeptMethod | undefined>
  /** It pays for nothing any more. */
  detach(method: string): Promise<void>
}

/** Reads messages of one of several accounts at a provider; whose payments they may speak of. */
export type AccountEvents = { accountId: string; read: ReadProviderEvent }

type Environment = Record<string, string | undefined>
export type PaymentProcess = { db: Db; env: Environment; now: () => Date }

/** What tells one kind of payment from another: everything that depends on the kind asks here (`kinds.ts`). */
export type PaymentKindTraits = KindFacts & {
  /** A provider keeps a fee of each capture. */
  hasFee: boolean
  /** A driver may have to authenticate before the hold stands. */
  canBeChallenged: boolean
  /** The hold's end: an instant the provider names, our own release, or whichever the other side chooses. */
  holdEnds: 'at_provider' | 'when_released' | 'as_told'
  /** What the kind does besides a hold and one capture of all or a part of it. */
  can: {
    /** The hold is raised while energy flows; else another one is made beside it. */
    raise: boolean
    /** What was captured is given back the way it came. */
    refund: boolean
  }
  /** What the kind moves: at least so much, and in whole steps, in minor units; absent where any amount will do. */
  amounts?: (currency: Currency) => { least: number; step: number }
  /** The port, made from the process's settings; throws one sentence that names every setting at fault. */
  open: (process: PaymentProcess) => PaymentPort
  /** Absent for a kind without messages; undefined when its secret is not set. */
  openEvents?: (env: Environment) => ReadProviderEvent | undefined
  /** For a kind with several accounts, by the account that its webhook's path names; undefined where there is none. */
  openAccountEvents?: (
    process: PaymentProcess,
  ) => (account: string) => Promise<AccountEvents | undefined>
  /** Absent for a kind without payment methods; undefined when its key is not set. */
  openMethods?: (process: PaymentProcess) => KnowsMethod | undefined
  /** Absent where payers name nothing by themselves; undefined when its key is not set. */
  openSetup?: (process: PaymentProcess) => PaymentSetup | undefined
}

export type SendPayout = {
  /** Ours, and the end-to-end id at the bank. At most 35 characters (SEPA EndToEndId). */
  payoutId: string
  amount: Money
  creditorName: string
  account: BankNumbers
  /** Remittance text, at most 140 characters. */
  reference: string
  idempotencyKey: string
  /** Arrives within seconds, where both banks offer it. */
  isInstant?: boolean
}
/** `bookedAt` (UTC instant) is absent until the payee has it; `leftAt` is earlier where it leaves us before that. */
export type PayoutAccepted = {
  kind: 'accepted'
  bankReference: string
  bookedAt?: string
  leftAt?: string
  /** The card provider's transfer to the connected account. */
  transfer?: string
}
/** `code` is the bank's own, where the reason does not begin with it. */
export type PayoutRejected = { kind: 'rejected'; reason: string; code?: string }
/** It was booked and came back; `bankReference` is that of the return. */
export type PayoutReturned = {
  kind: 'returned'
  bankReference: string
  reason: string
  code?: string
  returnedAt: string
}
/** It leaves with a file that is not made yet. */
export type PayoutQueued = { kind: 'queued' }
/** There is not enough where it would be taken from. */
export type PayoutUnfunded = { kind: 'unfunded'; reason: string }
export type PayoutOutcome =
  | PayoutAccepted
  | PayoutRejected
  | PayoutReturned
  | PayoutQueued
  | PayoutUnfunded
export type PayoutState = { kind: 'none' } | PayoutOutcome

export type PayoutReturnLine =
  | (Omit<PayoutReturned, 'kind'> & { payoutId: string })
  | { problem: string }

export type PayoutPort = {
  send(payout: SendPayout): Promise<PayoutOutcome>
  find(query: { payoutId: string }): Promise<PayoutState>
  /**
   * What came back of payouts since then, each with the payout's id; told as often as it is asked. A line that cannot be
   * read says why, and hides no other.
   */
  returns(query: { since: string }): Promise<PayoutReturnLine[]>
}

/** One unit of `base` buys `rates[currency]` units of that currency; decimal strings as published. */
export type DailyRates = {
  source: string
  /** The publisher's date, `YYYY-MM-DD`. */
  asOf: string
  base: 'EUR'
  rates: Partial<Record<Currency, string>>
}

export type ReferenceRates = {
  /** The newest; thrown when they do not come, within this time in all where somebody waits. */
  daily(within?: { ms: number }): Promise<DailyRates>
}

/**
 * The world did not answer as it should. `name` is what Temporal's retry policy sees as the error
 * type: `MoneyUnavailable` is worth another try (after a query), `MoneyRefused` never is.
 */
export class MoneyFailure extends Error {
  readonly code: string
  readonly retryable: boolean
  /** The provider answered all the same: it is there, and this is only not its last word. */
  readonly isAnswered: boolean
  /** The provider's request id, for its support desk. */
  readonly requestId: string | undefined

  constructor(
    message: string,
    detail: {
      code: string
      retryable: boolean
      isAnswered?: boolean
      requestId?: string | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause: detail.cause })
    this.name = detail.retryable ? 'MoneyUnavailable' : 'MoneyRefused'
    this.code = detail.code
    this.retryable = detail.retryable
    this.isAnswered = detail.isAnswered ?? !detail.retryable
    this.requestId = detail.requestId
  }
}
