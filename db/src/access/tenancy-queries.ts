// Every query that takes an account, as a stranger asks it: what the tenancy test proves for each of them.
import type { Sql } from '../client.ts'
import { at } from './world.ts'
import * as accounts from '../queries/partners/accounts.ts'
import * as drivers from '../queries/partners/drivers.ts'
import * as parties from '../queries/partners/parties.ts'
import * as apiKeys from '../queries/partners/api-keys.ts'
import * as cdrs from '../queries/sessions/cdrs.ts'
import * as chargers from '../queries/chargers/chargers.ts'
import * as connections from '../queries/locations/connections.ts'
import * as idempotency from '../queries/outbox/idempotency.ts'
import * as invoices from '../queries/documents/invoices.ts'
import * as locations from '../queries/locations/locations.ts'
import * as outbox from '../queries/outbox/outbox.ts'
import * as debts from '../queries/payments/debts.ts'
import * as payments from '../queries/payments/payments.ts'
import * as sessions from '../queries/sessions/sessions.ts'
import * as sessionViews from '../queries/sessions/session-views.ts'
import * as bankAccounts from '../queries/partners/bank-accounts.ts'
import * as balances from '../queries/documents/balances.ts'
import * as payouts from '../queries/documents/payouts.ts'
import * as settlements from '../queries/documents/settlements.ts'
import * as statements from '../queries/documents/statements.ts'
import * as incidents from '../queries/operations/incidents.ts'
import * as suspense from '../queries/ledger/suspense.ts'
import * as tariffs from '../queries/locations/tariffs.ts'
import * as offers from '../queries/locations/offers.ts'
import * as quotes from '../queries/sessions/quotes.ts'
import * as creditLines from '../queries/plans/credit-lines.ts'
import * as paymentEndpoints from '../queries/payments/payment-endpoints.ts'
import * as riskPolicies from '../queries/payments/risk-policies.ts'
import * as plans from '../queries/plans/plans.ts'
import * as ratings from '../queries/plans/ratings.ts'
import * as reimbursements from '../queries/plans/reimbursements.ts'
import * as subscriptions from '../queries/plans/subscriptions.ts'
import * as agreements from '../queries/partners/agreements.ts'
import * as rateAgreements from '../queries/partners/rate-agreements.ts'
import * as accessRules from '../queries/locations/access-rules.ts'
import * as contracts from '../queries/partners/contracts.ts'
import * as driverGroups from '../queries/partners/driver-groups.ts'
import * as search from '../queries/locations/search.ts'
import * as splitPolicies from '../queries/partners/split-policies.ts'
import * as splitRecords from '../queries/partners/split-records.ts'
import * as policyPackages from '../queries/policies/packages.ts'
import * as deliveries from '../queries/outbox/deliveries.ts'
import * as replays from '../queries/outbox/replays.ts'
import * as webhookEndpoints from '../queries/outbox/webhook-endpoints.ts'

type Finding = (sql: Sql, stranger: string) => Promise<unknown>
const page = { limit: 50 }
/** Each query that takes an account, asked by a stranger for the one world's objects. */
export const queries: Record<string, Finding> = {
  getAccount: (sql, me) => accounts.getAccount(sql, me, 'acct_A'),
  updateAccount: (sql, me) => accounts.updateAccount(sql, me, 'acct_A', { name: 'stolen' }),
  claimOf: (sql, me) =>
    parties.claimOf(sql, me, { countryCode: 'party_claims_1', partyId: 'party_claims_1' }),
  usableOperators: (sql, me) => parties.usableOperators(sql, me),
  getPartyClaim: (sql, me) => parties.getPartyClaim(sql, me, 'pty_1'),
  listPartyClaims: (sql, me) => parties.listPartyClaims(sql, me, page),
  agreementAt: (sql, me) => agreements.agreementAt(sql, me, at),
  getAgreement: (sql, me) => agreements.getAgreement(sql, me, 'agr_1', at),
  listAgreements: (sql, me) => agreements.listAgreements(sql, me, page, at),
  lastAgreementOf: (sql, me) => agreements.lastAgreementOf(sql, me),
  getDriver: (sql, me) => drivers.getDriver(sql, me, 'drv_1'),
  getPaymentSource: (sql, me) => drivers.getPaymentSource(sql, me, 'psrc_1'),
  listPaymentSources: (sql, me) => drivers.listPaymentSources(sql, me, page),
  setPaymentSourceStatus: (sql, me) =>
    drivers.setPaymentSourceStatus(sql, me, 'psrc_1', 'detached'),
  namePaymentMethod: (sql, me) =>
    drivers.namePaymentMethod(sql, me, 'psrc_1', { method: 'pm_1', customer: null, card: null }),
  getToken: (sql, me) => accounts.getToken(sql, me, 'tok_1'),
  listTokens: (sql, me) => accounts.listTokens(sql, me, page),
  updateToken: (sql, me) => accounts.updateToken(sql, me, 'tok_1', { status: 'blocked', at }),
  getApiKey: (sql, me) => apiKeys.getApiKey(sql, me, 'key_acct_A'),
  listApiKeys: (sql, me) => apiKeys.listApiKeys(sql, me, page),
  revokeApiKey: (sql, me) => apiKeys.revokeApiKey(sql, me, 'key_acct_A', at),
  getCdr: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => cdrs.getCdr(sql, it, 'cdr_1')),
  listCdrs: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => cdrs.listCdrs(sql, it, page)),
  getStation: (sql, me) => chargers.getStation(sql, { cpo: me }, 'cs_1'),
  listStations: (sql, me) => chargers.listStations(sql, { cpo: me }, page),
  listConnections: (sql, me) => connections.listConnections(sql, me, page),
  completeIdempotent: (sql, me) =>
    idempotency.completeIdempotent(sql, me, 'k', { status: 200, response: 'stolen' }),
  abandonIdempotent: (sql, me) => idempotency.abandonIdempotent(sql, me, 'k'),
  releaseIdempotent: (sql, me) => idempotency.releaseIdempotent(sql, me, 'k'),
  getInvoice: (sql, me) =>
    firstOf([{ seller: me }, { buyer: me }], (it) => invoices.getInvoice(sql, it, 'inv_1')),
  listInvoices: (sql, me) =>
    firstOf([{ seller: me }, { buyer: me }], (it) => invoices.listInvoices(sql, it, page)),
  listLocations: (sql, me) => locations.listLocations(sql, me, page),
  listEvents: (sql, me) => outbox.listEvents(sql, me, 0, 50),
  eventsOfObject: (sql, me) => outbox.eventsOfObject(sql, me, 'ses_1', 0),
  getEvent: (sql, me) => outbox.getEvent(sql, me, 'evt_1'),
  deliveriesOfEvent: (sql, me) => deliveries.deliveriesOfEvent(sql, me, 'evt_1'),
  listDeliveries: (sql, me) => deliveries.listDeliveries(sql, me, page),
  getDelivery: (sql, me) => deliveries.getDelivery(sql, me, 'whd_1'),
  replayEvents: (sql, me) => replays.replayEvents(sql, me, { from: at, to: at, at }),
  getDebt: (sql, me) => debts.getDebt(sql, me, 'debts_1'),
  listDebts: (sql, me) => debts.listDebts(sql, me, page),
  getPayment: (sql, me) => payments.getPayment(sql, me, 'pay_1'),
  listPayments: (sql, me) => payments.listPayments(sql, me, page),
  getHold: (sql, me) => payments.getHold(sql, me, 'hld_1'),
  listHolds: (sql, me) => payments.listHolds(sql, me, page),
  quoteFacts: async (sql, me) =>
    (
      await offers.quoteFacts(sql, {
        accountId: me,
        paymentSourceId: 'psrc_1',
        evse: 'evs_none',
        now: at,
      })
    ).payer,
  getSplitPolicy: (sql, me) => splitPolicies.getSplitPolicy(sql, me, 'spl_1'),
  listSplitPolicies: (sql, me) => splitPolicies.listSplitPolicies(sql, me, page),
  getSimulation: (sql, me) => splitRecords.getSimulation(sql, me, 'sim_1'),
  listSplitItems: (sql, me) => splitRecords.listSplitItems(sql, me, page),
  searcherOf: async (sql, me) => (await search.searcherOf(sql, me, at)).driverGroups,
  getRateAgreement: (sql, me) => rateAgreements.getRateAgreement(sql, me, 'rag_1', at),
  listRateAgreements: (sql, me) => rateAgreements.listRateAgreements(sql, me, page, at),
  getContract: (sql, me) => contracts.getContract(sql, me, 'ctr_1'),
  listContracts: (sql, me) => contracts.listContracts(sql, me, page),
  getDriverGroup: (sql, me) => driverGroups.getDriverGroup(sql, me, 'grp_1'),
  listDriverGroups: (sql, me) => driverGroups.listDriverGroups(sql, me, page),
  updateDriverGroup: (sql, me) =>
    driverGroups.updateDriverGroup(sql, me, 'grp_1', { name: 'stolen', at }),
  ownGroups: (sql, me) => driverGroups.ownGroups(sql, me, ['grp_1']),
  getAccessRule: (sql, me) => accessRules.getAccessRule(sql, me, 'arl_1'),
  listAccessRules: (sql, me) => accessRules.listAccessRules(sql, me, page),
  endAccessRule: (sql, me) => accessRules.endAccessRule(sql, me, 'arl_1', at),
  getPolicyPackage: (sql, me) => policyPackages.getPolicyPackage(sql, me, 'pkg_1'),
  listPolicyPackages: (sql, me) => policyPackages.listPolicyPackages(sql, me, page),
  countPolicyPackages: async (sql, me) =>
    (await policyPackages.countPolicyPackages(sql, me)) || undefined,
  policyRunOf: (sql, me) =>
    policyPackages.policyRunOf(sql, me, { sessionId: 'ses_1', hook: 'before_start' }),
  listPolicyFaults: (sql, me) =>
    policyPackages.listPolicyFaults(sql, me, { ...page, packageId: 'pkg_1' }),
  creditLinesOf: (sql, me) => creditLines.creditLinesOf(sql, me),
  paymentEndpoint: (sql, me) => paymentEndpoints.paymentEndpoint(sql, me, 'wallet'),
  paymentEndpointsOf: (sql, me) => paymentEndpoints.paymentEndpointsOf(sql, me),
  riskPoliciesOf: (sql, me) => riskPolicies.riskPoliciesOf(sql, me),
  accountCharges: (sql, me) =>
    creditLines.accountCharges(sql, me, {
      from: '2000-01-01T00:00:00.000Z',
      to: '2100-01-01T00:00:00.000Z',
      limit: 5,
    }),
  creditLine: (sql, me) => creditLines.creditLine(sql, me, 'credit_lines_1'),
  retirePlan: (sql, me) =>
    sql.transaction(async (tx) => {
      await plans.retirePlan(tx, me, 'pln_1')
      return (await plans.getPlan(tx, 'pln_1'))?.retired
    }),
  reimbursementsBetween: (sql, me) =>
    ratings.reimbursementsBetween(sql, me, {
      from: '2000-01-01T00:00:00.000Z',
      to: '2100-01-01T00:00:00.000Z',
      limit: 5,
    }),
  getReimbursementRate: (sql, me) =>
    reimbursements.getReimbursementRate(sql, me, 'reimbursement_rates_1'),
  listReimbursementRates: (sql, me) => reimbursements.listReimbursementRates(sql, me, page),
  endReimbursementRate: (sql, me) =>
    sql.transaction((tx) =>
      reimbursements.endReimbursementRate(tx, me, 'reimbursement_rates_1', at),
    ),
  reimbursementRatesAt: (sql, me) => reimbursements.reimbursementRatesAt(sql, me, at),
  getSubscription: (sql, me) => subscriptions.getSubscription(sql, me, 'sub_1'),
  listSubscriptions: (sql, me) => subscriptions.listSubscriptions(sql, me, page),
  endSubscription: (sql, me) =>
    sql.transaction((tx) => subscriptions.endSubscription(tx, me, 'sub_1', at)),
  plansOfDriver: (sql, me) => subscriptions.plansOfDriver(sql, me, 'drv_1', at),
  getQuote: (sql, me) => quotes.getQuote(sql, me, 'quo_1'),
  cancelQuote: (sql, me) => quotes.cancelQuote(sql, me, 'quo_1', '2026-01-01T00:00:00.000Z'),
  getEndpoint: (sql, me) => webhookEndpoints.getEndpoint(sql, me, 'we_1'),
  listEndpoints: (sql, me) => webhookEndpoints.listEndpoints(sql, me, page),
  updateEndpoint: (sql, me) =>
    webhookEndpoints.updateEndpoint(sql, me, 'we_1', { status: 'disabled' }, at),
  rollSecret: (sql, me) =>
    webhookEndpoints.rollSecret(sql, me, 'we_1', { secret: 'whsec_y', overlapUntil: null }),
  deleteEndpoint: (sql, me) => webhookEndpoints.deleteEndpoint(sql, me, 'we_1'),
  getSession: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessions.getSession(sql, it, 'ses_1')),
  shownSession: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessionViews.shownSession(sql, it, 'ses_1')),
  listSessions: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessions.listSessions(sql, it, page)),
  getSettlement: (sql, me) => settlements.getSettlement(sql, me, 'stl_1'),
  statementPdfOf: (sql, me) => statements.statementPdfOf(sql, me, 'stl_1'),
  listSettlements: (sql, me) => settlements.listSettlements(sql, me, page),
  balancesOf: (sql, me) => balances.balancesOf(sql, me, at),
  getPayout: (sql, me) => payouts.getPayout(sql, me, 'po_1'),
  listPayouts: (sql, me) => payouts.listPayouts(sql, me, page),
  getBankAccount: (sql, me) => bankAccounts.getBankAccount(sql, me, 'bac_1'),
  listBankAccounts: (sql, me) => bankAccounts.listBankAccounts(sql, me, page),
  getSuspense: (sql, me) => suspense.getSuspense(sql, { cpo: me }, 'sus_1'),
  listSuspense: (sql, me) => suspense.listSuspense(sql, { cpo: me }, { ...page, now: at }),
  getIncident: (sql, me) => incidents.getIncident(sql, me, 'inc_1'),
  listIncidents: (sql, me) => incidents.listIncidents(sql, me, page),
  suspenseAging: (sql, me) => suspense.suspenseAging(sql, { cpo: me }, at),
  tariffFreshness: (sql, me) => tariffs.tariffFreshness(sql, me, at, page),
}

/** These take an account and are right to answer: the account's own row, or what they make for it. */
export const notAsked: Record<string, string> = {
  listAccounts: 'lists the account itself',
  getOrCreateDriver: 'makes the driver it does not find',
  getTariff: 'tariffs in force are public; invalid ones are tested with the tariffs',
  offersAsOf: 'supply is public; of agreements the second fence shows the two sides their own',
  publicPrices: 'supply is public',
  payeeAccount: 'reads the named account for its statement, asked by our own settlement only',
  activeBankAccount: 'reads where the named account is paid, asked by our own settlement only',
  getDispute: 'shut to tenants: asked in our own name, for the account of the key',
  listDisputes: 'shut to tenants: asked in our own name, for the account of the key',
  getRefund: 'shut to tenants: asked in our own name, for the account of the key',
  listRefunds: 'shut to tenants: asked in our own name, for the account of the key',
  timelineOf:
    'shut to tenants: asked in our own name, once the session is known to be the viewer’s',
  pspAccountOf: 'shut to tenants: its secrets are read by our processes alone',
  listPspAccounts: 'shut to tenants: asked in our own name, for the account of the key',
  listPrepaid: 'shut to tenants: asked in our own name, for the account of the key',
  lockCreditLine: 'reads nothing: holds on an account wait for each other by it',
  foreignPlace: 'gives back nothing but the first of the names it was given',
  judgeEvses: 'gives nothing back; judges the EVSEs of the CPO named',
  listTariffs: 'tariffs in force are public; invalid ones are tested with the tariffs',
  subscriptionSeenBy: 'shows what getSubscription finds',
  payoutsOfDemand: 'asked by the sandbox’s clock for the partner it moves',
  workflowsSince: 'asked by the sandbox’s clock for the partner it moves',
  tariffVersions: 'tariffs are public; invalid ones are tested with the tariffs',
}

async function firstOf<Scope>(scopes: Scope[], ask: (scope: Scope) => Promise<unknown>) {
  for (const scope of scopes) {
    const found = await ask(scope)
    if (!isNothing(found)) return found
  }
  return undefined
}

export function isNothing(found: unknown): boolean {
  if (found === undefined || found === null || found === 0 || found === false) return true
  if (Array.isArray(found)) return found.length === 0
  return typeof found === 'object' && 'data' in found && isNothing(found.data)
}
