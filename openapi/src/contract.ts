import { accounts, api_keys } from './partners/accounts.ts'
import { agreements } from './partners/agreements.ts'
import { connections } from './supply/connections.ts'
import { payment_sources, tokens } from './partners/drivers.ts'
import { events } from './partners/events.ts'
import { parties } from './partners/parties.ts'
import { health } from './health.ts'
import { charge_stations, evses, locations } from './supply/locations.ts'
import { invoices, settlements } from './money/documents.ts'
import { ledger } from './money/ledger.ts'
import { errorsOf as codesOf, hasEtag, type Operation } from './operation.ts'
import type { ErrorCode } from './vocabulary/errors.ts'
import { debts } from './money/debts.ts'
import { disputes } from './money/disputes.ts'
import { access_denials } from './operations/access-denials.ts'
import { incidents } from './operations/incidents.ts'
import { balances } from './money/balances.ts'
import { bank_accounts } from './money/bank-accounts.ts'
import { bank_lines } from './money/bank-lines.ts'
import { payment_endpoints } from './money/payment-endpoints.ts'
import { psp_accounts } from './money/psp-accounts.ts'
import { prepaid_balances } from './money/prepaid-balances.ts'
import { leakageReports, open_items, reconciliations } from './money/reconciliations.ts'
import { split_items, split_policies, split_simulations } from './money/split-policies.ts'
import { suspense } from './money/suspense.ts'
import { price_proofs, priceReports } from './sales/price-proofs.ts'
import { accountReports, credit_lines, plans, ratings } from './plans/plans.ts'
import { risk_policies } from './plans/risk-policies.ts'
import { platform_settings } from './operations/platform-settings.ts'
import { quotes } from './sales/quotes.ts'
import { signing_keys } from './operations/signing-keys.ts'
import { contracts, driver_groups } from './plans/contracts.ts'
import { access_rules } from './supply/access-rules.ts'
import { policy_packages } from './plans/policy-packages.ts'
import { rate_agreements, reports } from './plans/rate-agreements.ts'
import { reimbursement_rates, reimbursementReports } from './plans/reimbursements.ts'
import { holds } from './money/holds.ts'
import { payments } from './money/payments.ts'
import { payouts } from './money/payouts.ts'
import { refunds } from './money/refunds.ts'
import { cdrs, sessions } from './sales/sessions.ts'
import { subscriptions } from './plans/subscriptions.ts'
import { tariffPages } from './supply/tariff-pages.ts'
import { tariffs } from './supply/tariffs.ts'
import { webhook_deliveries } from './partners/webhook-deliveries.ts'
import { webhook_endpoints } from './partners/webhooks.ts'

/** Every operation of the API, by resource and verb. The server does not compile while one has no handler. */
export const contract = {
  health,
  accounts,
  api_keys,
  payment_sources,
  tokens,
  parties,
  connections,
  locations,
  evses,
  charge_stations,
  tariffs: { ...tariffs, ...tariffPages },
  quotes,
  agreements,
  rate_agreements,
  contracts,
  driver_groups,
  access_rules,
  policy_packages,
  split_policies,
  split_simulations,
  split_items,
  plans,
  subscriptions,
  reimbursement_rates,
  reports: {
    ...leakageReports,
    ...reports,
    ...priceReports,
    ...reimbursementReports,
    ...accountReports,
  },
  sessions,
  ratings,
  holds,
  payments,
  refunds,
  disputes,
  debts,
  credit_lines,
  prepaid_balances,
  payment_endpoints,
  psp_accounts,
  risk_policies,
  cdrs,
  price_proofs,
  signing_keys,
  platform_settings,
  suspense,
  bank_accounts,
  bank_lines,
  open_items,
  reconciliations,
  invoices,
  settlements,
  balances,
  payouts,
  ledger,
  incidents,
  webhook_endpoints,
  webhook_deliveries,
  events,
  access_denials,
} satisfies Record<string, Record<string, Operation>>
export type Contract = typeof contract

/** The same, flat. */
export const operations: readonly Operation[] = Object.values(contract).flatMap(
  (resource): Operation[] => Object.values(resource),
)

const readersByPath = new Map<string, Operation>(
  operations.filter(hasEtag).map((op) => [op.path, op]),
)

/**
 * How the thing is read that an operation changes: at the operation's own path, or at the one before its last segment
 * (`/v1/plans/{id}/retire`). A change may be asked for with the `ETag` of it in `If-Match`.
 */
export function readerOf(op: Operation): Operation | undefined {
  if (op.method === 'get') return undefined
  return readersByPath.get(op.path) ?? readersByPath.get(op.path.replace(/\/\w+$/, ''))
}

/** Codes an operation may answer with, beside its own those that its kind brings along. */
export const errorsOf = (op: Operation): ErrorCode[] => codesOf(op, readerOf(op) !== undefined)

export {
  type BodyOf,
  etagsPattern,
  hasEtag,
  idempotencyKeyPattern,
  lastEventIdPattern,
  type Operation,
  type Success,
} from './operation.ts'
export { apiVersion, apiVersions, type ApiVersion } from './vocabulary/versions.ts'
export {
  accountTypes,
  type AccountType,
  scopes,
  type Scope,
  scopesOf,
} from './vocabulary/trust/scopes.ts'
export { zProblem, type Problem } from './common.ts'
export { zEvent } from './partners/events.ts'
export { zDispute } from './sales/price-proofs.ts'
export { reimbursementLinesMax } from './plans/reimbursements.ts'
export type {
  Cdr,
  AccessDenial,
  Account,
  Balance,
  BankAccount,
  BankLine,
  AccountStatement,
  ApiKey,
  CreditLine,
  Debt,
  Dispute,
  RiskPolicy,
  Plan,
  AccessRule,
  Access,
  ContractResource,
  DriverGroup,
  PolicyDryRun,
  PolicyPackage,
  PolicyPackageFault,
  ReimbursementRate,
  ReimbursementReport,
  SessionRating,
  Subscription,
  SubscriptionPeriod,
  ChargeStation,
  Connection,
  Connector,
  Evse,
  Event,
  EventObjects,
  Evidence,
  News,
  Incident,
  Invoice,
  Approval,
  LedgerClose,
  LedgerEntry,
  LedgerPeriod,
  Location,
  OpenItem,
  Reconciliation,
  MeterKey,
  Party,
  Hold,
  Payment,
  Payout,
  PlatformSettings,
  PaymentEndpoint,
  PaymentSource,
  PrepaidBalance,
  PspAccount,
  Refund,
  PriceAccuracy,
  PriceProof,
  Quote,
  IndicativeQuote,
  DistributionAgreement,
  RateAgreement,
  GoldenStatement,
  SplitItem,
  SplitPolicy,
  SplitPolicyTerms,
  SplitSimulation,
  SplitSimulationLine,
  RateAgreementTerms,
  PriceSpread,
  Session,
  SessionStreamEvent,
  Settlement,
  SuspenseItem,
  Tariff,
  Token,
  TrialBalance,
  WebhookDelivery,
  WebhookEndpoint,
} from './resources.ts'
