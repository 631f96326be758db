/**
 * The shape of every JSON document the database keeps. Types only: each is written from a value of its type and read
 * back as one, so no reader casts or parses again. Bytes of a stranger (`raw` columns) have no type here.
 */
import type { BankNumbers } from './bank/account.ts'
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Liable, PartyRole } from '@chargelane/openapi/vocabulary/parties'
import type { EndReason, StartRejection } from '@chargelane/openapi/vocabulary/status'
import type {
  PolicyAnswers,
  PolicyFacts,
  PolicyHook,
} from '@chargelane/openapi/vocabulary/policy-hooks'
import type { CpoTerms, PartnerTerms } from './agreement/distribution.ts'
import type { FxRate } from './fx/fx.ts'
import type { InvoiceParty } from './invoice/invoice.ts'
import type { UnprovenEnergy } from './markets/profile.ts'
import type { MeterCheck, MeterKey } from './metering/metering.ts'
import type { KeptPolicy } from './split/policy.ts'
import type { AgreedSale } from './split/agreed.ts'
import type { Diagnosis } from './record/dispute.ts'
import type { CdrClaim, Said, Verdict } from './record/public-price.ts'
import type { PowerLimit } from './record/registers.ts'
import type { MeterSignature, OwnUsage } from './record/usage-basis.ts'
import type { TaxId } from './vat/registrations.ts'

export type { Admits } from './agreement/access/access.ts'
export type { OpeningHours } from './agreement/access/hours.ts'
export type { RateTerms } from './agreement/agreement.ts'
export type { PayableDetail } from './booking/payables.ts'
export type { Conversion as SaleConversion } from './booking/payables.ts'
export type { BookTerms, SaleState } from './booking/sale.ts'
export type {
  ChargebackEvidence,
  ChargebackTexts,
  DriverMessage,
  Recomputation,
  SaidOfDispute,
} from './dispute/documents.ts'
export type { InvoiceDocument } from './invoice/invoice.ts'
export type { ReconciliationResult } from './bank/reconcile.ts'
export type { PlanTerms } from './plan/plan.ts'
export type { ProofInput, ProofOutput } from './evidence/proof/proof.ts'
export type { QuoteBody } from './quote/body.ts'
export type { RecordDocument } from './record/record.ts'
export type { RatingPolicy, Totals } from './rating/rating.ts'
export type { KeptPolicy, PolicyTerms, ShareRule } from './split/policy.ts'
export type { GoldenStatement } from './split/golden.ts'
export type { SplitItemDetail } from './split/period.ts'
export type { Split, SplitInput } from './split/split.ts'
export type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
export type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'

// ── The session ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Why a session failed, and where its driver may go instead. */
export type SessionFailure = {
  code: string
  reason?: string
  detail?: string
  extra?: Record<string, unknown>
  alternatives?: { evse: string; quote: string; total: Money }[]
}

/** The agreement a sale is made under, and the accounts that take part, as they were when its price was promised. */
export type SaleParties = {
  /** Of the operator with the platform; `policy` shares the sale beside commission and partner share, null where nobody else takes part. */
  agreement: CpoTerms & { id: string; version: number; policy: KeptPolicy | null }
  /** Of the partner with the platform; null for one that shares in nothing. */
  partnership: (PartnerTerms & { id: string; version: number }) | null
  /** The same, where this session began so; absent where we were asked. */
  liable?: Liable
  accounts: (InvoiceParty & {
    type: string
    /** A check of its VAT number was stored by then. */
    vatChecked: boolean
    /** That check: who was asked about which number, what the answer is called, and when. */
    vatCheck?: { vatId: string; source: string; reference: string; checkedAt: string } | null
    /** Further registrations, as they stood then. */
    taxIds?: readonly TaxId[]
    payoutCurrency: string
  })[]
}

/** By which terms a session is sold, decided when it is opened: whatever changes later is for later sessions. */
export type KeptTerms = AgreedSale & {
  /** The dated market the sale is taxed by, `id@version`. */
  market: string
  /** What they were decided from; the session's papers name everybody as it says. */
  agreed: SaleParties
  /** Rates that led to the payees' currencies; those of the day of the sale take their place where there are any. */
  rates: readonly FxRate[]
}

/** Which of our own chargers a command went to; `tokenKey` is the keyed hash of what the charger will show. */
export type NodeCommand = { chargeStationId: string; ocppEvseId: number; tokenKey: string }
/** How a peer answered a command; `final` once its promised result came, `deadline` until when it may. */
export type PeerCommand = {
  kind?: 'accepted' | 'ambiguous' | 'rejected' | 'unreachable'
  result?: string
  reason?: StartRejection
  detail?: string
  final?: string
  deadline?: string
}
/** What is kept of a command, by who serves the charger. */
export type CommandDetail = NodeCommand | PeerCommand

/** What supply tells of a session; the relay brings it to the session's workflow with the row's key. */
export type SupplyFact = { at: string } & (
  | {
      kind: 'start_result'
      result: 'accepted' | 'rejected'
      reason?: StartRejection
      detail?: string
    }
  | { kind: 'stop_result'; result: 'accepted' | 'rejected'; detail?: string }
  | { kind: 'plug_awaited' }
  | {
      kind: 'charging_started'
      startedAt: string
      supplyRef: string
      /** Given when no session row exists: the driver started at the charger with a card we know; offline, unasked. */
      unsolicited?: { accountId: string; evseId: string; tokenUid: string; isOffline?: true }
    }
  | { kind: 'connectivity_changed'; state: 'suspected_offline' | 'recovered' }
  /** The charger holds energy back: a schedule, a charging profile, the load of its site. No end, and nothing of the car's. */
  | { kind: 'charging_paused' }
  | { kind: 'charging_resumed' }
  | {
      kind: 'charging_ended'
      endedAt: string
      reason: EndReason
      /** Nobody told it: the end was concluded from what was read last, and stands until one is told. */
      isInferred?: boolean
    }
  /** The CPO says that its session was none and will never be billed (OCPI 2.2.1 §9.4.1 INVALID). */
  | { kind: 'declared_invalid'; supplyRef: string }
  /** Adopted: it was judged before, and a person decided that it counts. */
  | { kind: 'record_received'; cdrId: string; isAdopted?: true }
  /** The record that was billed is taken back by its CPO; a corrected one may follow (OCPI 2.2.1 §10.3.1). */
  | { kind: 'record_credited'; cdrId: string }
)

/** Words and ids beside a line of the timeline or an event: shown as they are, read by nobody. */
export type Facts = Record<string, unknown>

// ── Operators' own code ─────────────────────────────────────────────────────────────────────────────────────────

export type KeptPolicyFacts = PolicyFacts
export type KeptPolicyAnswer = PolicyAnswers[PolicyHook]
/** What a package is said to answer. */
export type PolicyGolden = { name: string; facts: PolicyFacts; answer: KeptPolicyAnswer }

// ── The record ──────────────────────────────────────────────────────────────────────────────────────────────────

/** What the pack keeps of a session's signed values: enough to check them again without us. */
export type SessionMeter = {
  key: MeterKey & { meter_serial: string | null; registered_at: string }
  /** As received. */
  values: string[]
  /** The session's times by its record, which the signed readings must be of. */
  span: { started_at: string; ended_at: string }
  unproven: UnprovenEnergy
  check: MeterCheck
}

/** A record's verdict with its inputs, so that the pack's reader can run the check again. */
export type JudgedRecord = {
  /** The locked tariff and policy are in the quote. */
  input: {
    claim: CdrClaim
    session_energy_kwh: Decimal | null
    own?: OwnUsage
    said?: Said
    meter_signature?: MeterSignature
    /** What the connector can have given, and until when readings had come in that were looked at. */
    limit: PowerLimit
    readings_until: string | null
    /** From when time costs nothing more. */
    frozen_at?: string
    /** A person decided that what it states counts, whatever the session's readings say of its energy. */
    adopted?: true
  }
  verdict: Verdict
  diagnosis: Diagnosis
  /** Absent where no meter key was registered. */
  metering?: SessionMeter
}

/** Who decided that a record which was put aside counts, and why. */
export type RecordAdoption = { by: string; reason: string; at: string }

/** A record whose price was never looked at, in the words of every other verdict. */
export type RecordPutAside = {
  input: null
  verdict: Verdict
  diagnosis: Diagnosis
  reason?: 'session_unknown' | 'conflict' | 'credit'
  /** Of a credit: the record it takes back, as the CPO names it. */
  credits?: string | null
  /** Of a conflict: the record that stays and the other content. */
  cdr?: string
  ocpi_id?: string
  content_hash?: string
  other_cdr?: string
  other_content_hash?: string
}

export type RecordJudgement = JudgedRecord | RecordPutAside

// ── The money ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What gave a rating's price beside its tariff. */
export type RatingReference = {
  basis?: 'public' | 'rate_agreement' | 'partner_discount' | 'plan'
  agreement?: string
  plan?: string
  /** Of the agreement or the plan. */
  version?: number
  subscription?: string
  period?: number
  used_kwh?: Decimal
  /** What the plan's owner pays instead of the driver. */
  contribution?: Money
  /** The employer's rate a reimbursement was made by. */
  rate?: string
}

/** One session on a payee's statement. */
export type StatementLine = {
  /** Null of what a period came to. */
  sessionId: string | null
  /** The item of a period; null of a session. */
  itemId: string | null
  endedAt: string
  /** As printed on the charger; of a period its site and its first day. */
  evseId: string
  /** `id@version` of the policy that shared it, whose text the statement has; null where none did. */
  policy: string | null
  /** The proof of the session's price, which anybody can compute again. */
  proofId: string | null
  /** What the payee supplied, tax included; negative where it is taken back. */
  supplied: Money
  suppliedVat: Money
  /** What others supplied to the payee and what it gave to the driver (negative), and what it was granted. */
  other: Money
  /** How each leg beside the sale was taxed, in words. */
  tax: string
  /** Rate and source when the amount was converted. */
  conversion: string | null
  provisional: boolean
  amount: Money
}

export type Statement = {
  settlementId: string
  batch: string
  role: PartyRole
  payee: InvoiceParty
  /** The end of the account’s number; null while there is none. */
  paidTo: string | null
  cutOffAt: string
  slaDeadline: string
  lines: StatementLine[]
  /** What was agreed, in the words of each policy that a line names. */
  policies: { policy: string; text: string }[]
  /** Kept back for what the payee's own subscribers did not pay elsewhere; a deduction, so negative. Absent when none. */
  netted?: Money
  total: Money
}

/** A bank account as it is kept: its numbers, and who holds it. */
export type BankDetails = { numbers: BankNumbers; holder: string }

/** What a replay of past sessions would have changed, payee by payee. */
export type SimulationResult = {
  payees: { role: PartyRole; id: string; before: Money; after: Money; sessions: number }[]
  /** Sessions that were not shared by the version, because it is not of their place, currency or parties. */
  skipped: number
}

/** When payouts may leave, as the agreement says: business days and hours of a place. */
export type PayoutCalendar = {
  /** IANA, e.g. `Europe/Berlin`. */
  time_zone: string
  /** 1 is Monday. */
  days: number[]
  /** `08:00` to `17:00`, the end not included. */
  from: string
  until: string
  /** Days on which nothing leaves, `2026-12-25`. */
  holidays: string[]
}
