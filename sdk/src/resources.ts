import * as sdk from './generated/sdk.gen.ts'
import type * as t from './generated/types.gen.ts'
import { after, bytes, data, type Lane } from './lane.ts'
import { listOf } from './list.ts'
import {
  cdrs,
  debts,
  incidents,
  invoices,
  ledger,
  payment_endpoints,
  payments,
  prepaid_balances,
  price_proofs,
  refunds,
  signing_keys,
  platform_settings,
  risk_policies,
  settlements,
  suspense,
  bank_lines,
  leakage,
  open_items,
  reconciliations,
} from './money.ts'
import { access_denials } from './operations.ts'
import type { CallOptions } from './transport.ts'

const health = (lane: Lane) => ({
  /** Is the API able to serve? */
  get: (call?: CallOptions) => data(sdk.healthGet({ ...lane.read(call) })),
})

const accounts = (lane: Lane) => ({
  /** Open an account. */
  create: (body: t.AccountsCreateData['body'], call?: CallOptions) =>
    data(sdk.accountsCreate({ ...lane.write(call), body })),
  /** List accounts. */
  list: (query: t.AccountsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.accountsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read an account. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.accountsGet({ ...lane.read(call), path: { id } })),
  /** Change an account. */
  update: (id: string, body: t.AccountsUpdateData['body'], call?: CallOptions) =>
    data(sdk.accountsUpdate({ ...lane.read(call), path: { id }, body })),
  /** Verify an account. */
  verify: (id: string, body: t.AccountsVerifyData['body'], call?: CallOptions) =>
    data(sdk.accountsVerify({ ...lane.write(call), path: { id }, body })),
  /** Keep what a tax office said of a VAT number. */
  check_vat: (id: string, body: t.AccountsCheckVatData['body'], call?: CallOptions) =>
    data(sdk.accountsCheckVat({ ...lane.write(call), path: { id }, body })),
})

const parties = (lane: Lane) => ({
  /** Claim a party. */
  claim: (body: t.PartiesClaimData['body'], call?: CallOptions) =>
    data(sdk.partiesClaim({ ...lane.write(call), body })),
  /** Decide about a claim. */
  decide: (id: string, body: t.PartiesDecideData['body'], call?: CallOptions) =>
    data(sdk.partiesDecide({ ...lane.write(call), path: { id }, body })),
  /** List parties. */
  list: (query: t.PartiesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.partiesList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

const api_keys = (lane: Lane) => ({
  /** Make an API key. */
  create: (body: t.ApiKeysCreateData['body'], call?: CallOptions) =>
    data(sdk.apiKeysCreate({ ...lane.write(call), body })),
  /** List API keys. */
  list: (query: t.ApiKeysListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.apiKeysList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Revoke an API key. */
  revoke: (id: string, call?: CallOptions) =>
    data(sdk.apiKeysRevoke({ ...lane.write(call), path: { id } })),
})

const payment_sources = (lane: Lane) => ({
  /** Attach a payment source to a driver. */
  create: (body: t.PaymentSourcesCreateData['body'], call?: CallOptions) =>
    data(sdk.paymentSourcesCreate({ ...lane.write(call), body })),
  /** Read a payment source. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.paymentSourcesGet({ ...lane.read(call), path: { id } })),
})

const tokens = (lane: Lane) => ({
  /** Issue a charging token. */
  create: (body: t.TokensCreateData['body'], call?: CallOptions) =>
    data(sdk.tokensCreate({ ...lane.write(call), body })),
  /** List tokens. */
  list: (query: t.TokensListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.tokensList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a token. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.tokensGet({ ...lane.read(call), path: { id } })),
  /** Block or unblock a token. */
  update: (id: string, body: t.TokensUpdateData['body'], call?: CallOptions) =>
    data(sdk.tokensUpdate({ ...lane.read(call), path: { id }, body })),
})

const connections = (lane: Lane) => ({
  /** Connect chargers. */
  create: (body: t.ConnectionsCreateData['body'], call?: CallOptions) =>
    data(sdk.connectionsCreate({ ...lane.write(call), body })),
  /** List connections. */
  list: (query: t.ConnectionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.connectionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a connection. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.connectionsGet({ ...lane.read(call), path: { id } })),
  /** Change a connection. */
  update: (id: string, body: t.ConnectionsUpdateData['body'], call?: CallOptions) =>
    data(sdk.connectionsUpdate({ ...lane.read(call), path: { id }, body })),
})

const locations = (lane: Lane) => ({
  /** Publish a location of your own node. */
  create: (body: t.LocationsCreateData['body'], call?: CallOptions) =>
    data(sdk.locationsCreate({ ...lane.write(call), body })),
  /** List locations. */
  list: (query: t.LocationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.locationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a location. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.locationsGet({ ...lane.read(call), path: { id } })),
})

const evses = (lane: Lane) => ({
  /** Find EVSEs near a position. */
  search: (body: t.EvsesSearchData['body'], call?: CallOptions) =>
    data(sdk.evsesSearch({ ...lane.read(call), body })),
  /** Read an EVSE. */
  get: (id: string, call?: CallOptions) => data(sdk.evsesGet({ ...lane.read(call), path: { id } })),
  /** Register the key of a meter. */
  add_meter_key: (id: string, body: t.EvsesAddMeterKeyData['body'], call?: CallOptions) =>
    data(sdk.evsesAddMeterKey({ ...lane.write(call), path: { id }, body })),
  /** Read the keys of a meter. */
  meter_keys: (id: string, call?: CallOptions) =>
    data(sdk.evsesMeterKeys({ ...lane.read(call), path: { id } })),
})

const charge_stations = (lane: Lane) => ({
  /** Provision a charger. */
  create: (body: t.ChargeStationsCreateData['body'], call?: CallOptions) =>
    data(sdk.chargeStationsCreate({ ...lane.write(call), body })),
  /** List chargers. */
  list: (query: t.ChargeStationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.chargeStationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a charger. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.chargeStationsGet({ ...lane.read(call), path: { id } })),
})

const tariffs = (lane: Lane) => ({
  /** Publish a tariff of your own node. */
  create: (body: t.TariffsCreateData['body'], call?: CallOptions) =>
    data(sdk.tariffsCreate({ ...lane.write(call), body })),
  /** List tariffs. */
  list: (query: t.TariffsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.tariffsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a tariff. */
  get: (id: string, query: t.TariffsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsGet({ ...lane.read(call), path: { id }, query })),
  /** Try a tariff without publishing it. */
  validate: (body: t.TariffsValidateData['body'], call?: CallOptions) =>
    data(sdk.tariffsValidate({ ...lane.read(call), body })),
  /** How fresh your tariffs are. */
  freshness: (query: t.TariffsFreshnessData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.tariffsFreshness({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** List versions of a tariff. */
  versions: (id: string, query: t.TariffsVersionsData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.tariffsVersions({
          ...lane.read(call),
          path: { id },
          query: { ...query, ...after(cursor) },
        }),
      ),
    ),
  /** Price example sessions. */
  preview: (id: string, query: t.TariffsPreviewData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsPreview({ ...lane.read(call), path: { id }, query })),
  /** Draw example sessions (SVG). */
  plot: (id: string, query: t.TariffsPlotData['query'] = {}, call?: CallOptions) =>
    bytes(sdk.tariffsPlot({ ...lane.read(call), path: { id }, query, parseAs: 'blob' })),
  /** Explain a tariff. */
  explain: (id: string, query: t.TariffsExplainData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsExplain({ ...lane.read(call), path: { id }, query })),
  /** Download a tariff as received. */
  raw: (id: string, query: t.TariffsRawData['query'] = {}, call?: CallOptions) =>
    bytes(sdk.tariffsRaw({ ...lane.read(call), path: { id }, query, parseAs: 'blob' })),
  /** Confirm an unusual price. */
  confirm: (id: string, call?: CallOptions) =>
    data(sdk.tariffsConfirm({ ...lane.write(call), path: { id } })),
})

const quotes = (lane: Lane) => ({
  /** Get a binding price. */
  create: (body: t.QuotesCreateData['body'], call?: CallOptions) =>
    data(sdk.quotesCreate({ ...lane.write(call), body })),
  /** Prices for a map: up to 50, binding nobody. */
  batch: (body: t.QuotesBatchData['body'], call?: CallOptions) =>
    data(sdk.quotesBatch({ ...lane.read(call), body })),
  /** Read a quote. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.quotesGet({ ...lane.read(call), path: { id } })),
  /** Give a quote back. */
  cancel: (id: string, call?: CallOptions) =>
    data(sdk.quotesCancel({ ...lane.write(call), path: { id } })),
})

const rate_agreements = (lane: Lane) => ({
  /** Propose a rate agreement. */
  create: (body: t.RateAgreementsCreateData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsCreate({ ...lane.write(call), body })),
  /** Propose other terms. */
  amend: (id: string, body: t.RateAgreementsAmendData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsAmend({ ...lane.write(call), path: { id }, body })),
  /** Propose a draft. */
  propose: (id: string, call?: CallOptions) =>
    data(sdk.rateAgreementsPropose({ ...lane.write(call), path: { id } })),
  /** Accept a proposal. */
  accept: (id: string, call?: CallOptions) =>
    data(sdk.rateAgreementsAccept({ ...lane.write(call), path: { id } })),
  /** Reject or withdraw a proposal. */
  reject: (id: string, body: t.RateAgreementsRejectData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsReject({ ...lane.write(call), path: { id }, body })),
  /** End an agreement. */
  end: (id: string, body: t.RateAgreementsEndData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a rate agreement: its newest version, or the one named. */
  get: (id: string, query: t.RateAgreementsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.rateAgreementsGet({ ...lane.read(call), path: { id }, query })),
  /** List rate agreements. */
  list: (query: t.RateAgreementsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.rateAgreementsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

const plans = (lane: Lane) => ({
  /** Sell a plan. */
  create: (body: t.PlansCreateData['body'], call?: CallOptions) =>
    data(sdk.plansCreate({ ...lane.write(call), body })),
  /** Sell other terms. */
  add_version: (id: string, body: t.PlansAddVersionData['body'], call?: CallOptions) =>
    data(sdk.plansAddVersion({ ...lane.write(call), path: { id }, body })),
  /** Take a plan out of sale. */
  retire: (id: string, call?: CallOptions) =>
    data(sdk.plansRetire({ ...lane.write(call), path: { id } })),
  /** Read a plan: its newest version, or the one named. */
  get: (id: string, query: t.PlansGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.plansGet({ ...lane.read(call), path: { id }, query })),
  /** List plans. */
  list: (query: t.PlansListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.plansList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

const subscriptions = (lane: Lane) => ({
  /** Subscribe a driver to a plan. */
  create: (body: t.SubscriptionsCreateData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsCreate({ ...lane.write(call), body })),
  /** Move to another version of its plan. */
  change_plan: (id: string, body: t.SubscriptionsChangePlanData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsChangePlan({ ...lane.write(call), path: { id }, body })),
  /** End a subscription. */
  cancel: (id: string, body: t.SubscriptionsCancelData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsCancel({ ...lane.write(call), path: { id }, body })),
  /** Read a subscription. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.subscriptionsGet({ ...lane.read(call), path: { id } })),
  /** List subscriptions. */
  list: (query: t.SubscriptionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.subscriptionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Months of a subscription. */
  periods: (id: string, query: t.SubscriptionsPeriodsData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.subscriptionsPeriods({
          ...lane.read(call),
          path: { id },
          query: { ...query, ...after(cursor) },
        }),
      ),
    ),
})

const reimbursement_rates = (lane: Lane) => ({
  /** Set a rate for employees. */
  create: (body: t.ReimbursementRatesCreateData['body'], call?: CallOptions) =>
    data(sdk.reimbursementRatesCreate({ ...lane.write(call), body })),
  /** End a rate. */
  end: (id: string, body: t.ReimbursementRatesEndData['body'], call?: CallOptions) =>
    data(sdk.reimbursementRatesEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a rate. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.reimbursementRatesGet({ ...lane.read(call), path: { id } })),
  /** List rates. */
  list: (query: t.ReimbursementRatesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.reimbursementRatesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }),
      ),
    ),
})

const ratings = (lane: Lane) => ({
  /** Every price of a session. */
  list: (session: string, call?: CallOptions) =>
    data(sdk.ratingsList({ ...lane.read(call), path: { id: session } })),
})

const credit_lines = (lane: Lane) => ({
  /** Set a credit line. */
  set: (body: t.CreditLinesSetData['body'], call?: CallOptions) =>
    data(sdk.creditLinesSet({ ...lane.write(call), body })),
  /** Record a payment of an account. */
  record_payment: (body: t.CreditLinesRecordPaymentData['body'], call?: CallOptions) =>
    data(sdk.creditLinesRecordPayment({ ...lane.write(call), body })),
  /** List credit lines. */
  list: (call?: CallOptions) => data(sdk.creditLinesList({ ...lane.read(call) })),
})

const reports = (lane: Lane) => ({
  ...leakage(lane),
  /** What was charged to your account. */
  account_statement: (query: t.ReportsAccountStatementData['query'], call?: CallOptions) =>
    data(sdk.reportsAccountStatement({ ...lane.read(call), query })),
  /** What employees are to be paid back. */
  reimbursement: (query: t.ReportsReimbursementData['query'], call?: CallOptions) =>
    data(sdk.reportsReimbursement({ ...lane.read(call), query })),
  /** The same as CSV. */
  reimbursement_csv: (query: t.ReportsReimbursementCsvData['query'], call?: CallOptions) =>
    bytes(sdk.reportsReimbursementCsv({ ...lane.read(call), query, parseAs: 'blob' })),
  /** How often do records ask the quoted price? */
  price_accuracy: (query: t.ReportsPriceAccuracyData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.reportsPriceAccuracy({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Price spread per EVSE across partners. */
  non_discrimination: (query: t.ReportsNonDiscriminationData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.reportsNonDiscrimination({ ...lane.read(call), query: { ...query, ...after(cursor) } }),
      ),
    ),
  /** The same as CSV. */
  non_discrimination_csv: (
    query: t.ReportsNonDiscriminationCsvData['query'] = {},
    call?: CallOptions,
  ) => bytes(sdk.reportsNonDiscriminationCsv({ ...lane.read(call), query, parseAs: 'blob' })),
})

const sessions = (lane: Lane) => ({
  /** Start a session. */
  create: (body: t.SessionsCreateData['body'], call?: CallOptions) =>
    data(sdk.sessionsCreate({ ...lane.write(call), body })),
  /** List sessions. */
  list: (query: t.SessionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.sessionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a session. */
  get: (id: string, query: t.SessionsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.sessionsGet({ ...lane.read(call), path: { id }, query })),
  /** Stop a session. */
  stop: (id: string, call?: CallOptions) =>
    data(sdk.sessionsStop({ ...lane.write(call), path: { id } })),
  /** Why did it go as it went? */
  timeline: (id: string, call?: CallOptions) =>
    data(sdk.sessionsTimeline({ ...lane.read(call), path: { id } })),
  /** How did the price come about? */
  price_proof: (id: string, call?: CallOptions) =>
    data(sdk.sessionsPriceProof({ ...lane.read(call), path: { id } })),
  /** Download the evidence pack. */
  evidence: (id: string, call?: CallOptions) =>
    bytes(sdk.sessionsEvidence({ ...lane.read(call), path: { id } })),
  /** Read the evidence pack as a page. */
  evidence_summary: (id: string, call?: CallOptions) =>
    bytes(sdk.sessionsEvidenceSummary({ ...lane.read(call), path: { id } })),
})

const webhook_endpoints = (lane: Lane) => ({
  /** Register a webhook endpoint. */
  create: (body: t.WebhookEndpointsCreateData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsCreate({ ...lane.write(call), body })),
  /** List webhook endpoints. */
  list: (query: t.WebhookEndpointsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.webhookEndpointsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a webhook endpoint. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.webhookEndpointsGet({ ...lane.read(call), path: { id } })),
  /** Change a webhook endpoint. */
  update: (id: string, body: t.WebhookEndpointsUpdateData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsUpdate({ ...lane.read(call), path: { id }, body })),
  /** Remove a webhook endpoint. */
  delete: (id: string, call?: CallOptions) =>
    data(sdk.webhookEndpointsDelete({ ...lane.read(call), path: { id } })),
  /** Change the signing secret. */
  roll_secret: (id: string, body: t.WebhookEndpointsRollSecretData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsRollSecret({ ...lane.write(call), path: { id }, body })),
  /** Send a ping. */
  test: (id: string, call?: CallOptions) =>
    data(sdk.webhookEndpointsTest({ ...lane.write(call), path: { id } })),
})

const webhook_deliveries = (lane: Lane) => ({
  /** List webhook deliveries. */
  list: (query: t.WebhookDeliveriesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.webhookDeliveriesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }),
      ),
    ),
  /** Read a webhook delivery. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.webhookDeliveriesGet({ ...lane.read(call), path: { id } })),
  /** Send a delivery again. */
  resend: (id: string, call?: CallOptions) =>
    data(sdk.webhookDeliveriesResend({ ...lane.write(call), path: { id } })),
})

const events = (lane: Lane) => ({
  /** Read the event log. */
  list: (query: t.EventsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.eventsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read an event. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.eventsGet({ ...lane.read(call), path: { id } })),
  /** Send events again. */
  replay: (body: t.EventsReplayData['body'], call?: CallOptions) =>
    data(sdk.eventsReplay({ ...lane.write(call), body })),
})

/** Every operation under its own name; a test compares the names with the contract. */
export const resources = (lane: Lane) => ({
  health: health(lane),
  accounts: accounts(lane),
  api_keys: api_keys(lane),
  payment_sources: payment_sources(lane),
  tokens: tokens(lane),
  parties: parties(lane),
  connections: connections(lane),
  locations: locations(lane),
  evses: evses(lane),
  charge_stations: charge_stations(lane),
  tariffs: tariffs(lane),
  quotes: quotes(lane),
  rate_agreements: rate_agreements(lane),
  plans: plans(lane),
  subscriptions: subscriptions(lane),
  reimbursement_rates: reimbursement_rates(lane),
  reports: reports(lane),
  sessions: sessions(lane),
  ratings: ratings(lane),
  payments: payments(lane),
  debts: debts(lane),
  credit_lines: credit_lines(lane),
  refunds: refunds(lane),
  prepaid_balances: prepaid_balances(lane),
  payment_endpoints: payment_endpoints(lane),
  risk_policies: risk_policies(lane),
  cdrs: cdrs(lane),
  price_proofs: price_proofs(lane),
  signing_keys: signing_keys(lane),
  platform_settings: platform_settings(lane),
  suspense: suspense(lane),
  bank_lines: bank_lines(lane),
  open_items: open_items(lane),
  reconciliations: reconciliations(lane),
  invoices: invoices(lane),
  settlements: settlements(lane),
  ledger: ledger(lane),
  incidents: incidents(lane),
  webhook_endpoints: webhook_endpoints(lane),
  webhook_deliveries: webhook_deliveries(lane),
  events: events(lane),
  access_denials: access_denials(lane),
})
