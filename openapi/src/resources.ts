import type { z } from 'zod'
import type { zAccount, zApiKey } from './partners/accounts.ts'
import type { zParty } from './partners/parties.ts'
import type { zConnection } from './supply/connections.ts'
import type { zPaymentSource, zToken } from './partners/drivers.ts'
import type { zChargeStation, zConnector, zEvse, zLocation, zMeterKey } from './supply/locations.ts'
import type { zAccessDenial } from './operations/access-denials.ts'
import type { zIncident } from './operations/incidents.ts'
import type { zPayout } from './money/payouts.ts'
import type { zBalance } from './money/balances.ts'
import type { zBankAccount } from './money/bank-accounts.ts'
import type { zDebt } from './money/debts.ts'
import type { zDispute } from './money/disputes.ts'
import type { zApproval } from './money/decisions.ts'
import type { zInvoice, zSettlement } from './money/documents.ts'
import type { zLedgerClose, zLedgerEntry, zLedgerPeriod, zTrialBalance } from './money/ledger.ts'
import type { zPriceAccuracy, zPriceProof } from './sales/price-proofs.ts'
import type { zPlatformSettings } from './vocabulary/settings.ts'
import type { zBankLine } from './money/bank-lines.ts'
import type { zPaymentEndpoint } from './money/payment-endpoints.ts'
import type { zPspAccount } from './money/psp-accounts.ts'
import type { zPrepaidBalance } from './money/prepaid-balances.ts'
import type { zOpenItem, zReconciliation } from './money/reconciliations.ts'
import type {
  zGoldenStatement,
  zSplitItem,
  zSplitPolicy,
  zSplitPolicyTerms,
  zSplitSimulation,
  zSplitSimulationLine,
} from './money/split-policies.ts'
import type { zSuspenseItem } from './money/suspense.ts'
import type { zRiskPolicy } from './plans/risk-policies.ts'
import type { zAccountStatement, zCreditLine, zPlan, zRating } from './plans/plans.ts'
import type { zReimbursementRate, zReimbursementReport } from './plans/reimbursements.ts'
import type { zSubscription, zSubscriptionPeriod } from './plans/subscriptions.ts'
import type { zIndicativeQuote, zQuote } from './sales/quotes.ts'
import type { zDistributionAgreement } from './partners/agreements.ts'
import type { zPriceSpread, zRateAgreement, zRateAgreementAmend } from './plans/rate-agreements.ts'
import type { zHold } from './money/holds.ts'
import type { zContract, zDriverGroup } from './plans/contracts.ts'
import type { zAccess, zAccessRule } from './supply/access-rules.ts'
import type { zPolicyDryRun, zPolicyPackage, zPolicyPackageFault } from './plans/policy-packages.ts'
import type { zRefund } from './money/refunds.ts'
import type { zPayment } from './money/payments.ts'
import type { zCdr, zEvidence, zSession, zSessionStreamEvent } from './sales/sessions.ts'
import type { zTariff } from './supply/tariffs.ts'
import type { zEvent } from './partners/events.ts'
import type { EventObject, EventTypeOf } from './vocabulary/event-types.ts'
import type { zWebhookDelivery } from './partners/webhook-deliveries.ts'
import type { zWebhookEndpoint } from './partners/webhooks.ts'

// The resources as types, for the server's views.
export type Account = z.infer<typeof zAccount>
export type Approval = z.infer<typeof zApproval>
export type ApiKey = z.infer<typeof zApiKey>
export type Cdr = z.infer<typeof zCdr>
export type ChargeStation = z.infer<typeof zChargeStation>
export type Connection = z.infer<typeof zConnection>
export type Connector = z.infer<typeof zConnector>
export type Evse = z.infer<typeof zEvse>
export type Event = z.infer<typeof zEvent>
export type Evidence = z.infer<typeof zEvidence>
export type AccessDenial = z.infer<typeof zAccessDenial>
export type Incident = z.infer<typeof zIncident>
export type Invoice = z.infer<typeof zInvoice>
export type LedgerClose = z.infer<typeof zLedgerClose>
export type LedgerEntry = z.infer<typeof zLedgerEntry>
export type LedgerPeriod = z.infer<typeof zLedgerPeriod>
export type Location = z.infer<typeof zLocation>
export type OpenItem = z.infer<typeof zOpenItem>
export type Reconciliation = z.infer<typeof zReconciliation>
export type MeterKey = z.infer<typeof zMeterKey>
export type Party = z.infer<typeof zParty>
export type Payment = z.infer<typeof zPayment>
export type PaymentSource = z.infer<typeof zPaymentSource>
export type PriceAccuracy = z.infer<typeof zPriceAccuracy>
export type PriceProof = z.infer<typeof zPriceProof>
export type IndicativeQuote = z.infer<typeof zIndicativeQuote>
export type PriceSpread = z.infer<typeof zPriceSpread>
export type DistributionAgreement = z.infer<typeof zDistributionAgreement>
export type RateAgreementTerms = z.infer<typeof zRateAgreementAmend>
export type GoldenStatement = z.infer<typeof zGoldenStatement>
export type SplitItem = z.infer<typeof zSplitItem>
export type SplitPolicy = z.infer<typeof zSplitPolicy>
export type SplitPolicyTerms = z.infer<typeof zSplitPolicyTerms>
export type SplitSimulation = z.infer<typeof zSplitSimulation>
export type SplitSimulationLine = z.infer<typeof zSplitSimulationLine>
export type RateAgreement = z.infer<typeof zRateAgreement>
export type Quote = z.infer<typeof zQuote>
export type Session = z.infer<typeof zSession>
export type SessionStreamEvent = z.infer<typeof zSessionStreamEvent>
export type Payout = z.infer<typeof zPayout>
export type Settlement = z.infer<typeof zSettlement>
export type SuspenseItem = z.infer<typeof zSuspenseItem>
export type PlatformSettings = z.infer<typeof zPlatformSettings>
export type Balance = z.infer<typeof zBalance>
export type BankAccount = z.infer<typeof zBankAccount>
export type BankLine = z.infer<typeof zBankLine>
export type Tariff = z.infer<typeof zTariff>
export type Token = z.infer<typeof zToken>
export type TrialBalance = z.infer<typeof zTrialBalance>
export type WebhookDelivery = z.infer<typeof zWebhookDelivery>
export type WebhookEndpoint = z.infer<typeof zWebhookEndpoint>
export type Debt = z.infer<typeof zDebt>
export type Dispute = z.infer<typeof zDispute>
export type CreditLine = z.infer<typeof zCreditLine>
export type PaymentEndpoint = z.infer<typeof zPaymentEndpoint>
export type PspAccount = z.infer<typeof zPspAccount>
export type PrepaidBalance = z.infer<typeof zPrepaidBalance>
export type Hold = z.infer<typeof zHold>
export type Refund = z.infer<typeof zRefund>
export type RiskPolicy = z.infer<typeof zRiskPolicy>
export type Plan = z.infer<typeof zPlan>
export type ReimbursementRate = z.infer<typeof zReimbursementRate>
export type ReimbursementReport = z.infer<typeof zReimbursementReport>
export type Access = z.infer<typeof zAccess>
export type AccessRule = z.infer<typeof zAccessRule>
export type ContractResource = z.infer<typeof zContract>
export type DriverGroup = z.infer<typeof zDriverGroup>
export type PolicyDryRun = z.infer<typeof zPolicyDryRun>
export type PolicyPackage = z.infer<typeof zPolicyPackage>
export type PolicyPackageFault = z.infer<typeof zPolicyPackageFault>
export type SessionRating = z.infer<typeof zRating>
export type Subscription = z.infer<typeof zSubscription>
export type SubscriptionPeriod = z.infer<typeof zSubscriptionPeriod>
export type AccountStatement = z.infer<typeof zAccountStatement>

/** What an event may carry, by name. */
export type EventObjects = {
  Session: Session
  Payment: Payment
  Hold: Hold
  Cdr: Cdr
  PriceProof: PriceProof
  Invoice: Invoice
  Evidence: Evidence
  Settlement: Settlement
  BankAccount: BankAccount
  Payout: Payout
  Tariff: Tariff
  Connection: Connection
  DistributionAgreement: DistributionAgreement
  RateAgreement: RateAgreement
  SplitPolicy: SplitPolicy
  SplitItem: SplitItem
  Plan: Plan
  PolicyPackage: PolicyPackage
  Contract: ContractResource
  Subscription: Subscription
  CreditLine: CreditLine
  PrepaidBalance: PrepaidBalance
  Debt: Debt
  Dispute: Dispute
  SuspenseItem: SuspenseItem
  Incident: Incident
  WebhookEndpoint: WebhookEndpoint
}
/** A type of event and its object, which belong together. */
export type News<N extends EventObject = EventObject> = {
  [Name in N]: { type: EventTypeOf<Name>; data: EventObjects[Name] }
}[N]
