// Generated from openapi/openapi.json by `npm run generate`. Do not edit.
import { after, bytes, data, type Lane } from '../lane.ts'
import { listOf } from '../list.ts'
import type { CallOptions } from '../transport.ts'
import * as sdk from './sdk.gen.ts'
import type * as t from './types.gen.ts'

const health = (lane: Lane) => ({
  /** Is the API able to serve? */
  get: (call?: CallOptions) =>
    data(sdk.healthGet({ ...lane.read(call) })),
})

const accounts = (lane: Lane) => ({
  /** Open an account. */
  create: (body: t.AccountsCreateData['body'], call?: CallOptions) =>
    data(sdk.accountsCreate({ ...lane.write(call), body })),
  /** List accounts. */
  list: (query: t.AccountsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.accountsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read an account. */
  get: (id: t.AccountsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.accountsGet({ ...lane.read(call), path: { id } })),
  /** Change an account. */
  update: (id: t.AccountsUpdateData['path']['id'], body: t.AccountsUpdateData['body'], call?: CallOptions) =>
    data(sdk.accountsUpdate({ ...lane.read(call), path: { id }, body })),
  /** Verify an account. */
  verify: (id: t.AccountsVerifyData['path']['id'], body: t.AccountsVerifyData['body'], call?: CallOptions) =>
    data(sdk.accountsVerify({ ...lane.write(call), path: { id }, body })),
  /** Keep what a tax office said of a VAT number. */
  check_vat: (id: t.AccountsCheckVatData['path']['id'], body: t.AccountsCheckVatData['body'], call?: CallOptions) =>
    data(sdk.accountsCheckVat({ ...lane.write(call), path: { id }, body })),
})

const api_keys = (lane: Lane) => ({
  /** Make an API key. */
  create: (body: t.ApiKeysCreateData['body'], call?: CallOptions) =>
    data(sdk.apiKeysCreate({ ...lane.write(call), body })),
  /** List API keys. */
  list: (query: t.ApiKeysListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.apiKeysList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Revoke an API key. */
  revoke: (id: t.ApiKeysRevokeData['path']['id'], call?: CallOptions) =>
    data(sdk.apiKeysRevoke({ ...lane.write(call), path: { id } })),
})

const payment_sources = (lane: Lane) => ({
  /** Attach a payment source to a driver. */
  create: (body: t.PaymentSourcesCreateData['body'], call?: CallOptions) =>
    data(sdk.paymentSourcesCreate({ ...lane.write(call), body })),
  /** List payment sources. */
  list: (query: t.PaymentSourcesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.paymentSourcesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a payment source. */
  get: (id: t.PaymentSourcesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.paymentSourcesGet({ ...lane.read(call), path: { id } })),
  /** Take what the payer has named. */
  confirm: (id: t.PaymentSourcesConfirmData['path']['id'], call?: CallOptions) =>
    data(sdk.paymentSourcesConfirm({ ...lane.write(call), path: { id } })),
  /** Give a payment source up. */
  detach: (id: t.PaymentSourcesDetachData['path']['id'], call?: CallOptions) =>
    data(sdk.paymentSourcesDetach({ ...lane.write(call), path: { id } })),
})

const tokens = (lane: Lane) => ({
  /** Issue a charging token. */
  create: (body: t.TokensCreateData['body'], call?: CallOptions) =>
    data(sdk.tokensCreate({ ...lane.write(call), body })),
  /** List tokens. */
  list: (query: t.TokensListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.tokensList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a token. */
  get: (id: t.TokensGetData['path']['id'], call?: CallOptions) =>
    data(sdk.tokensGet({ ...lane.read(call), path: { id } })),
  /** Block or unblock a token. */
  update: (id: t.TokensUpdateData['path']['id'], body: t.TokensUpdateData['body'], call?: CallOptions) =>
    data(sdk.tokensUpdate({ ...lane.read(call), path: { id }, body })),
})

const parties = (lane: Lane) => ({
  /** Claim a party. */
  claim: (body: t.PartiesClaimData['body'], call?: CallOptions) =>
    data(sdk.partiesClaim({ ...lane.write(call), body })),
  /** List parties. */
  list: (query: t.PartiesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.partiesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Decide about a claim. */
  decide: (id: t.PartiesDecideData['path']['id'], body: t.PartiesDecideData['body'], call?: CallOptions) =>
    data(sdk.partiesDecide({ ...lane.write(call), path: { id }, body })),
})

const connections = (lane: Lane) => ({
  /** Connect chargers. */
  create: (body: t.ConnectionsCreateData['body'], call?: CallOptions) =>
    data(sdk.connectionsCreate({ ...lane.write(call), body })),
  /** List connections. */
  list: (query: t.ConnectionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.connectionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a connection. */
  get: (id: t.ConnectionsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.connectionsGet({ ...lane.read(call), path: { id } })),
  /** Change a connection. */
  update: (id: t.ConnectionsUpdateData['path']['id'], body: t.ConnectionsUpdateData['body'], call?: CallOptions) =>
    data(sdk.connectionsUpdate({ ...lane.read(call), path: { id }, body })),
  /** Register anew. */
  invite: (id: t.ConnectionsInviteData['path']['id'], call?: CallOptions) =>
    data(sdk.connectionsInvite({ ...lane.write(call), path: { id } })),
  /** Pause a connection. */
  pause: (id: t.ConnectionsPauseData['path']['id'], call?: CallOptions) =>
    data(sdk.connectionsPause({ ...lane.write(call), path: { id } })),
  /** Resume a connection. */
  resume: (id: t.ConnectionsResumeData['path']['id'], call?: CallOptions) =>
    data(sdk.connectionsResume({ ...lane.write(call), path: { id } })),
})

const locations = (lane: Lane) => ({
  /** Publish a location of your own node. */
  create: (body: t.LocationsCreateData['body'], call?: CallOptions) =>
    data(sdk.locationsCreate({ ...lane.write(call), body })),
  /** List locations. */
  list: (query: t.LocationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.locationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a location. */
  get: (id: t.LocationsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.locationsGet({ ...lane.read(call), path: { id } })),
})

const evses = (lane: Lane) => ({
  /** Find EVSEs near a position. */
  search: (body: t.EvsesSearchData['body'], call?: CallOptions) =>
    data(sdk.evsesSearch({ ...lane.read(call), body })),
  /** Read an EVSE. */
  get: (id: t.EvsesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.evsesGet({ ...lane.read(call), path: { id } })),
  /** Register the key of a meter. */
  add_meter_key: (id: t.EvsesAddMeterKeyData['path']['id'], body: t.EvsesAddMeterKeyData['body'], call?: CallOptions) =>
    data(sdk.evsesAddMeterKey({ ...lane.write(call), path: { id }, body })),
  /** Read the keys of a meter. */
  meter_keys: (id: t.EvsesMeterKeysData['path']['id'], call?: CallOptions) =>
    data(sdk.evsesMeterKeys({ ...lane.read(call), path: { id } })),
})

const charge_stations = (lane: Lane) => ({
  /** Provision a charger. */
  create: (body: t.ChargeStationsCreateData['body'], call?: CallOptions) =>
    data(sdk.chargeStationsCreate({ ...lane.write(call), body })),
  /** List chargers. */
  list: (query: t.ChargeStationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.chargeStationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a charger. */
  get: (id: t.ChargeStationsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.chargeStationsGet({ ...lane.read(call), path: { id } })),
})

const tariffs = (lane: Lane) => ({
  /** Publish a tariff of your own node. */
  create: (body: t.TariffsCreateData['body'], call?: CallOptions) =>
    data(sdk.tariffsCreate({ ...lane.write(call), body })),
  /** List tariffs. */
  list: (query: t.TariffsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.tariffsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Try a tariff. */
  validate: (body: t.TariffsValidateData['body'], call?: CallOptions) =>
    data(sdk.tariffsValidate({ ...lane.read(call), body })),
  /** How fresh your tariffs are. */
  freshness: (query: t.TariffsFreshnessData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.tariffsFreshness({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a tariff. */
  get: (id: t.TariffsGetData['path']['id'], query: t.TariffsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsGet({ ...lane.read(call), path: { id }, query })),
  /** List versions of a tariff. */
  versions: (id: t.TariffsVersionsData['path']['id'], query: t.TariffsVersionsData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.tariffsVersions({ ...lane.read(call), path: { id }, query: { ...query, ...after(cursor) } }))),
  /** Confirm an unusual price. */
  confirm: (id: t.TariffsConfirmData['path']['id'], call?: CallOptions) =>
    data(sdk.tariffsConfirm({ ...lane.write(call), path: { id } })),
  /** Price example sessions. */
  preview: (id: t.TariffsPreviewData['path']['id'], query: t.TariffsPreviewData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsPreview({ ...lane.read(call), path: { id }, query })),
  /** Draw example sessions. */
  plot: (id: t.TariffsPlotData['path']['id'], query: t.TariffsPlotData['query'] = {}, call?: CallOptions) =>
    bytes(sdk.tariffsPlot({ ...lane.read(call), path: { id }, query, parseAs: 'blob' })),
  /** Explain a tariff. */
  explain: (id: t.TariffsExplainData['path']['id'], query: t.TariffsExplainData['query'] = {}, call?: CallOptions) =>
    data(sdk.tariffsExplain({ ...lane.read(call), path: { id }, query })),
  /** Download a tariff as received. */
  raw: (id: t.TariffsRawData['path']['id'], query: t.TariffsRawData['query'] = {}, call?: CallOptions) =>
    bytes(sdk.tariffsRaw({ ...lane.read(call), path: { id }, query, parseAs: 'blob' })),
})

const quotes = (lane: Lane) => ({
  /** Prices for a map. */
  batch: (body: t.QuotesBatchData['body'], call?: CallOptions) =>
    data(sdk.quotesBatch({ ...lane.read(call), body })),
  /** Get a binding price. */
  create: (body: t.QuotesCreateData['body'], call?: CallOptions) =>
    data(sdk.quotesCreate({ ...lane.write(call), body })),
  /** Read a quote. */
  get: (id: t.QuotesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.quotesGet({ ...lane.read(call), path: { id } })),
  /** Give a quote back. */
  cancel: (id: t.QuotesCancelData['path']['id'], call?: CallOptions) =>
    data(sdk.quotesCancel({ ...lane.write(call), path: { id } })),
})

const agreements = (lane: Lane) => ({
  /** Propose a distribution agreement. */
  create: (body: t.AgreementsCreateData['body'], call?: CallOptions) =>
    data(sdk.agreementsCreate({ ...lane.write(call), body })),
  /** List distribution agreements. */
  list: (query: t.AgreementsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.agreementsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Propose other terms. */
  amend: (id: t.AgreementsAmendData['path']['id'], body: t.AgreementsAmendData['body'], call?: CallOptions) =>
    data(sdk.agreementsAmend({ ...lane.write(call), path: { id }, body })),
  /** Propose a draft. */
  propose: (id: t.AgreementsProposeData['path']['id'], call?: CallOptions) =>
    data(sdk.agreementsPropose({ ...lane.write(call), path: { id } })),
  /** Accept a proposal, or join public terms. */
  accept: (id: t.AgreementsAcceptData['path']['id'], call?: CallOptions) =>
    data(sdk.agreementsAccept({ ...lane.write(call), path: { id } })),
  /** Reject or withdraw a proposal. */
  reject: (id: t.AgreementsRejectData['path']['id'], body: t.AgreementsRejectData['body'], call?: CallOptions) =>
    data(sdk.agreementsReject({ ...lane.write(call), path: { id }, body })),
  /** End an agreement. */
  end: (id: t.AgreementsEndData['path']['id'], body: t.AgreementsEndData['body'], call?: CallOptions) =>
    data(sdk.agreementsEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a distribution agreement. */
  get: (id: t.AgreementsGetData['path']['id'], query: t.AgreementsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.agreementsGet({ ...lane.read(call), path: { id }, query })),
})

const rate_agreements = (lane: Lane) => ({
  /** Propose a rate agreement. */
  create: (body: t.RateAgreementsCreateData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsCreate({ ...lane.write(call), body })),
  /** List rate agreements. */
  list: (query: t.RateAgreementsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.rateAgreementsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Propose other terms. */
  amend: (id: t.RateAgreementsAmendData['path']['id'], body: t.RateAgreementsAmendData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsAmend({ ...lane.write(call), path: { id }, body })),
  /** Propose a draft. */
  propose: (id: t.RateAgreementsProposeData['path']['id'], call?: CallOptions) =>
    data(sdk.rateAgreementsPropose({ ...lane.write(call), path: { id } })),
  /** Accept a proposal. */
  accept: (id: t.RateAgreementsAcceptData['path']['id'], call?: CallOptions) =>
    data(sdk.rateAgreementsAccept({ ...lane.write(call), path: { id } })),
  /** Reject or withdraw a proposal. */
  reject: (id: t.RateAgreementsRejectData['path']['id'], body: t.RateAgreementsRejectData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsReject({ ...lane.write(call), path: { id }, body })),
  /** End an agreement. */
  end: (id: t.RateAgreementsEndData['path']['id'], body: t.RateAgreementsEndData['body'], call?: CallOptions) =>
    data(sdk.rateAgreementsEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a rate agreement. */
  get: (id: t.RateAgreementsGetData['path']['id'], query: t.RateAgreementsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.rateAgreementsGet({ ...lane.read(call), path: { id }, query })),
})

const contracts = (lane: Lane) => ({
  /** Propose a contract. */
  create: (body: t.ContractsCreateData['body'], call?: CallOptions) =>
    data(sdk.contractsCreate({ ...lane.write(call), body })),
  /** List contracts. */
  list: (query: t.ContractsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.contractsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Propose other terms. */
  amend: (id: t.ContractsAmendData['path']['id'], body: t.ContractsAmendData['body'], call?: CallOptions) =>
    data(sdk.contractsAmend({ ...lane.write(call), path: { id }, body })),
  /** Propose a draft. */
  propose: (id: t.ContractsProposeData['path']['id'], call?: CallOptions) =>
    data(sdk.contractsPropose({ ...lane.write(call), path: { id } })),
  /** Accept a proposal. */
  accept: (id: t.ContractsAcceptData['path']['id'], call?: CallOptions) =>
    data(sdk.contractsAccept({ ...lane.write(call), path: { id } })),
  /** Reject or withdraw a proposal. */
  reject: (id: t.ContractsRejectData['path']['id'], body: t.ContractsRejectData['body'], call?: CallOptions) =>
    data(sdk.contractsReject({ ...lane.write(call), path: { id }, body })),
  /** End a contract. */
  end: (id: t.ContractsEndData['path']['id'], body: t.ContractsEndData['body'], call?: CallOptions) =>
    data(sdk.contractsEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a contract. */
  get: (id: t.ContractsGetData['path']['id'], query: t.ContractsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.contractsGet({ ...lane.read(call), path: { id }, query })),
})

const driver_groups = (lane: Lane) => ({
  /** Make a group of drivers. */
  create: (body: t.DriverGroupsCreateData['body'], call?: CallOptions) =>
    data(sdk.driverGroupsCreate({ ...lane.write(call), body })),
  /** List groups of drivers. */
  list: (query: t.DriverGroupsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.driverGroupsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Change who is in it. */
  update: (id: t.DriverGroupsUpdateData['path']['id'], body: t.DriverGroupsUpdateData['body'], call?: CallOptions) =>
    data(sdk.driverGroupsUpdate({ ...lane.write(call), path: { id }, body })),
  /** Read a group of drivers. */
  get: (id: t.DriverGroupsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.driverGroupsGet({ ...lane.read(call), path: { id } })),
})

const access_rules = (lane: Lane) => ({
  /** Admit somebody to a place. */
  create: (body: t.AccessRulesCreateData['body'], call?: CallOptions) =>
    data(sdk.accessRulesCreate({ ...lane.write(call), body })),
  /** List access rules. */
  list: (query: t.AccessRulesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.accessRulesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** End an access rule. */
  end: (id: t.AccessRulesEndData['path']['id'], call?: CallOptions) =>
    data(sdk.accessRulesEnd({ ...lane.write(call), path: { id } })),
  /** Read an access rule. */
  get: (id: t.AccessRulesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.accessRulesGet({ ...lane.read(call), path: { id } })),
})

const policy_packages = (lane: Lane) => ({
  /** Upload a policy package. */
  create: (body: t.PolicyPackagesCreateData['body'], call?: CallOptions) =>
    data(sdk.policyPackagesCreate({ ...lane.write(call), body })),
  /** List policy packages. */
  list: (query: t.PolicyPackagesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.policyPackagesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a policy package. */
  get: (id: t.PolicyPackagesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.policyPackagesGet({ ...lane.read(call), path: { id } })),
  /** Read its source. */
  source: (id: t.PolicyPackagesSourceData['path']['id'], call?: CallOptions) =>
    bytes(sdk.policyPackagesSource({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
  /** Put a package in force. */
  activate: (id: t.PolicyPackagesActivateData['path']['id'], call?: CallOptions) =>
    data(sdk.policyPackagesActivate({ ...lane.write(call), path: { id } })),
  /** Take a package out of force. */
  retire: (id: t.PolicyPackagesRetireData['path']['id'], call?: CallOptions) =>
    data(sdk.policyPackagesRetire({ ...lane.write(call), path: { id } })),
  /** Try a package. */
  dry_run: (id: t.PolicyPackagesDryRunData['path']['id'], body: t.PolicyPackagesDryRunData['body'], call?: CallOptions) =>
    data(sdk.policyPackagesDryRun({ ...lane.read(call), path: { id }, body })),
  /** Where it failed. */
  faults: (id: t.PolicyPackagesFaultsData['path']['id'], query: t.PolicyPackagesFaultsData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.policyPackagesFaults({ ...lane.read(call), path: { id }, query: { ...query, ...after(cursor) } }))),
})

const split_policies = (lane: Lane) => ({
  /** Draft a split policy. */
  create: (body: t.SplitPoliciesCreateData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesCreate({ ...lane.write(call), body })),
  /** List split policies. */
  list: (query: t.SplitPoliciesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.splitPoliciesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Change a draft. */
  update: (id: t.SplitPoliciesUpdateData['path']['id'], body: t.SplitPoliciesUpdateData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesUpdate({ ...lane.write(call), path: { id }, body })),
  /** Read a split policy. */
  get: (id: t.SplitPoliciesGetData['path']['id'], query: t.SplitPoliciesGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.splitPoliciesGet({ ...lane.read(call), path: { id }, query })),
  /** Draft the next version. */
  amend: (id: t.SplitPoliciesAmendData['path']['id'], body: t.SplitPoliciesAmendData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesAmend({ ...lane.write(call), path: { id }, body })),
  /** Activate a draft. */
  activate: (id: t.SplitPoliciesActivateData['path']['id'], call?: CallOptions) =>
    data(sdk.splitPoliciesActivate({ ...lane.write(call), path: { id } })),
  /** Retire a policy. */
  retire: (id: t.SplitPoliciesRetireData['path']['id'], body: t.SplitPoliciesRetireData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesRetire({ ...lane.write(call), path: { id }, body })),
  /** Import a statement of before. */
  add_golden: (id: t.SplitPoliciesAddGoldenData['path']['id'], body: t.SplitPoliciesAddGoldenData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesAddGolden({ ...lane.write(call), path: { id }, body })),
  /** List the statements of before. */
  goldens: (id: t.SplitPoliciesGoldensData['path']['id'], call?: CallOptions) =>
    data(sdk.splitPoliciesGoldens({ ...lane.read(call), path: { id } })),
  /** Replay past sessions. */
  simulate: (id: t.SplitPoliciesSimulateData['path']['id'], body: t.SplitPoliciesSimulateData['body'], call?: CallOptions) =>
    data(sdk.splitPoliciesSimulate({ ...lane.write(call), path: { id }, body })),
})

const split_simulations = (lane: Lane) => ({
  /** Read a simulation. */
  get: (id: t.SplitSimulationsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.splitSimulationsGet({ ...lane.read(call), path: { id } })),
  /** Read what would have changed. */
  lines: (id: t.SplitSimulationsLinesData['path']['id'], query: t.SplitSimulationsLinesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.splitSimulationsLines({ ...lane.read(call), path: { id }, query: { ...query, ...after(cursor) } }))),
})

const split_items = (lane: Lane) => ({
  /** List what periods came to. */
  list: (query: t.SplitItemsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.splitItemsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

const plans = (lane: Lane) => ({
  /** Sell a plan. */
  create: (body: t.PlansCreateData['body'], call?: CallOptions) =>
    data(sdk.plansCreate({ ...lane.write(call), body })),
  /** List plans. */
  list: (query: t.PlansListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.plansList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Sell other terms. */
  add_version: (id: t.PlansAddVersionData['path']['id'], body: t.PlansAddVersionData['body'], call?: CallOptions) =>
    data(sdk.plansAddVersion({ ...lane.write(call), path: { id }, body })),
  /** Take a plan out of sale. */
  retire: (id: t.PlansRetireData['path']['id'], call?: CallOptions) =>
    data(sdk.plansRetire({ ...lane.write(call), path: { id } })),
  /** Read a plan. */
  get: (id: t.PlansGetData['path']['id'], query: t.PlansGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.plansGet({ ...lane.read(call), path: { id }, query })),
})

const subscriptions = (lane: Lane) => ({
  /** Subscribe a driver to a plan. */
  create: (body: t.SubscriptionsCreateData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsCreate({ ...lane.write(call), body })),
  /** List subscriptions. */
  list: (query: t.SubscriptionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.subscriptionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Move to another version of its plan. */
  change_plan: (id: t.SubscriptionsChangePlanData['path']['id'], body: t.SubscriptionsChangePlanData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsChangePlan({ ...lane.write(call), path: { id }, body })),
  /** End a subscription. */
  cancel: (id: t.SubscriptionsCancelData['path']['id'], body: t.SubscriptionsCancelData['body'], call?: CallOptions) =>
    data(sdk.subscriptionsCancel({ ...lane.write(call), path: { id }, body })),
  /** Read a subscription. */
  get: (id: t.SubscriptionsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.subscriptionsGet({ ...lane.read(call), path: { id } })),
  /** Months of a subscription. */
  periods: (id: t.SubscriptionsPeriodsData['path']['id'], query: t.SubscriptionsPeriodsData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.subscriptionsPeriods({ ...lane.read(call), path: { id }, query: { ...query, ...after(cursor) } }))),
})

const reimbursement_rates = (lane: Lane) => ({
  /** Set a rate for employees. */
  create: (body: t.ReimbursementRatesCreateData['body'], call?: CallOptions) =>
    data(sdk.reimbursementRatesCreate({ ...lane.write(call), body })),
  /** List rates. */
  list: (query: t.ReimbursementRatesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.reimbursementRatesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** End a rate. */
  end: (id: t.ReimbursementRatesEndData['path']['id'], body: t.ReimbursementRatesEndData['body'], call?: CallOptions) =>
    data(sdk.reimbursementRatesEnd({ ...lane.write(call), path: { id }, body })),
  /** Read a rate. */
  get: (id: t.ReimbursementRatesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.reimbursementRatesGet({ ...lane.read(call), path: { id } })),
})

const reports = (lane: Lane) => ({
  /** Energy at meters, billed and settled. */
  leakage: (query: t.ReportsLeakageData['query'], call?: CallOptions) =>
    data(sdk.reportsLeakage({ ...lane.read(call), query })),
  /** Price spread per EVSE across partners. */
  non_discrimination: (query: t.ReportsNonDiscriminationData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.reportsNonDiscrimination({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** The same as CSV. */
  non_discrimination_csv: (query: t.ReportsNonDiscriminationCsvData['query'] = {}, call?: CallOptions) =>
    bytes(sdk.reportsNonDiscriminationCsv({ ...lane.read(call), query, parseAs: 'blob' })),
  /** How often do records ask the quoted price? */
  price_accuracy: (query: t.ReportsPriceAccuracyData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.reportsPriceAccuracy({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** What employees are to be paid back. */
  reimbursement: (query: t.ReportsReimbursementData['query'], call?: CallOptions) =>
    data(sdk.reportsReimbursement({ ...lane.read(call), query })),
  /** The same as CSV. */
  reimbursement_csv: (query: t.ReportsReimbursementCsvData['query'], call?: CallOptions) =>
    bytes(sdk.reportsReimbursementCsv({ ...lane.read(call), query, parseAs: 'blob' })),
  /** What was charged to your account. */
  account_statement: (query: t.ReportsAccountStatementData['query'], call?: CallOptions) =>
    data(sdk.reportsAccountStatement({ ...lane.read(call), query })),
})

const sessions = (lane: Lane) => ({
  /** Start a session. */
  create: (body: t.SessionsCreateData['body'], call?: CallOptions) =>
    data(sdk.sessionsCreate({ ...lane.write(call), body })),
  /** List sessions. */
  list: (query: t.SessionsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.sessionsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a session. */
  get: (id: t.SessionsGetData['path']['id'], query: t.SessionsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.sessionsGet({ ...lane.read(call), path: { id }, query })),
  /** Stop a session. */
  stop: (id: t.SessionsStopData['path']['id'], call?: CallOptions) =>
    data(sdk.sessionsStop({ ...lane.write(call), path: { id } })),
  /** Why did it go as it went? */
  timeline: (id: t.SessionsTimelineData['path']['id'], call?: CallOptions) =>
    data(sdk.sessionsTimeline({ ...lane.read(call), path: { id } })),
  /** How did the price come about? */
  price_proof: (id: t.SessionsPriceProofData['path']['id'], call?: CallOptions) =>
    data(sdk.sessionsPriceProof({ ...lane.read(call), path: { id } })),
  /** Download the evidence pack. */
  evidence: (id: t.SessionsEvidenceData['path']['id'], call?: CallOptions) =>
    bytes(sdk.sessionsEvidence({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
  /** Read the evidence pack as a page. */
  evidence_summary: (id: t.SessionsEvidenceSummaryData['path']['id'], call?: CallOptions) =>
    bytes(sdk.sessionsEvidenceSummary({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
})

const ratings = (lane: Lane) => ({
  /** Every price of a session. */
  list: (id: t.RatingsListData['path']['id'], call?: CallOptions) =>
    data(sdk.ratingsList({ ...lane.read(call), path: { id } })),
})

const holds = (lane: Lane) => ({
  /** Read a hold. */
  get: (id: t.HoldsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.holdsGet({ ...lane.read(call), path: { id } })),
  /** List holds. */
  list: (query: t.HoldsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.holdsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

const payments = (lane: Lane) => ({
  /** Read a payment. */
  get: (id: t.PaymentsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.paymentsGet({ ...lane.read(call), path: { id } })),
  /** List payments. */
  list: (query: t.PaymentsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.paymentsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

const refunds = (lane: Lane) => ({
  /** Give captured money back. */
  create: (body: t.RefundsCreateData['body'], call?: CallOptions) =>
    data(sdk.refundsCreate({ ...lane.write(call), body })),
  /** List refunds. */
  list: (query: t.RefundsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.refundsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a refund. */
  get: (id: t.RefundsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.refundsGet({ ...lane.read(call), path: { id } })),
})

const disputes = (lane: Lane) => ({
  /** Open a dispute. */
  create: (body: t.DisputesCreateData['body'], call?: CallOptions) =>
    data(sdk.disputesCreate({ ...lane.write(call), body })),
  /** List disputes. */
  list: (query: t.DisputesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.disputesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a dispute. */
  get: (id: t.DisputesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.disputesGet({ ...lane.read(call), path: { id } })),
  /** Add to a dispute what you know of it. */
  submit_evidence: (id: t.DisputesSubmitEvidenceData['path']['id'], body: t.DisputesSubmitEvidenceData['body'], call?: CallOptions) =>
    data(sdk.disputesSubmitEvidence({ ...lane.write(call), path: { id }, body })),
  /** Withdraw a dispute. */
  withdraw: (id: t.DisputesWithdrawData['path']['id'], call?: CallOptions) =>
    data(sdk.disputesWithdraw({ ...lane.write(call), path: { id } })),
  /** Decide a dispute. */
  decide: (id: t.DisputesDecideData['path']['id'], body: t.DisputesDecideData['body'], call?: CallOptions) =>
    data(sdk.disputesDecide({ ...lane.write(call), path: { id }, body })),
})

const debts = (lane: Lane) => ({
  /** List debts. */
  list: (query: t.DebtsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.debtsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a debt. */
  get: (id: t.DebtsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.debtsGet({ ...lane.read(call), path: { id } })),
  /** Record a payment of a debt. */
  pay: (id: t.DebtsPayData['path']['id'], body: t.DebtsPayData['body'], call?: CallOptions) =>
    data(sdk.debtsPay({ ...lane.write(call), path: { id }, body })),
  /** Waive a debt. */
  waive: (id: t.DebtsWaiveData['path']['id'], body: t.DebtsWaiveData['body'], call?: CallOptions) =>
    data(sdk.debtsWaive({ ...lane.write(call), path: { id }, body })),
  /** Write a debt off. */
  write_off: (id: t.DebtsWriteOffData['path']['id'], body: t.DebtsWriteOffData['body'], call?: CallOptions) =>
    data(sdk.debtsWriteOff({ ...lane.write(call), path: { id }, body })),
})

const credit_lines = (lane: Lane) => ({
  /** Set a credit line. */
  set: (body: t.CreditLinesSetData['body'], call?: CallOptions) =>
    data(sdk.creditLinesSet({ ...lane.write(call), body })),
  /** List credit lines. */
  list: (call?: CallOptions) =>
    data(sdk.creditLinesList({ ...lane.read(call) })),
  /** Record a payment of an account. */
  record_payment: (body: t.CreditLinesRecordPaymentData['body'], call?: CallOptions) =>
    data(sdk.creditLinesRecordPayment({ ...lane.write(call), body })),
})

const prepaid_balances = (lane: Lane) => ({
  /** List prepaid balances. */
  list: (call?: CallOptions) =>
    data(sdk.prepaidBalancesList({ ...lane.read(call) })),
  /** Open a prepaid balance. */
  set: (body: t.PrepaidBalancesSetData['body'], call?: CallOptions) =>
    data(sdk.prepaidBalancesSet({ ...lane.write(call), body })),
  /** Record money that was paid in. */
  record_payment: (body: t.PrepaidBalancesRecordPaymentData['body'], call?: CallOptions) =>
    data(sdk.prepaidBalancesRecordPayment({ ...lane.write(call), body })),
})

const payment_endpoints = (lane: Lane) => ({
  /** Set a payment endpoint. */
  set: (body: t.PaymentEndpointsSetData['body'], call?: CallOptions) =>
    data(sdk.paymentEndpointsSet({ ...lane.write(call), body })),
  /** List payment endpoints. */
  list: (call?: CallOptions) =>
    data(sdk.paymentEndpointsList({ ...lane.read(call) })),
})

const psp_accounts = (lane: Lane) => ({
  /** Register your own payment provider account. */
  set: (body: t.PspAccountsSetData['body'], call?: CallOptions) =>
    data(sdk.pspAccountsSet({ ...lane.write(call), body })),
  /** List payment provider accounts. */
  list: (call?: CallOptions) =>
    data(sdk.pspAccountsList({ ...lane.read(call) })),
  /** Replace the key or the webhook secret. */
  rotate: (id: t.PspAccountsRotateData['path']['id'], body: t.PspAccountsRotateData['body'], call?: CallOptions) =>
    data(sdk.pspAccountsRotate({ ...lane.write(call), path: { id }, body })),
})

const risk_policies = (lane: Lane) => ({
  /** Set a risk policy. */
  set: (body: t.RiskPoliciesSetData['body'], call?: CallOptions) =>
    data(sdk.riskPoliciesSet({ ...lane.write(call), body })),
  /** List risk policies. */
  list: (call?: CallOptions) =>
    data(sdk.riskPoliciesList({ ...lane.read(call) })),
})

const cdrs = (lane: Lane) => ({
  /** Read a charge detail record. */
  get: (id: t.CdrsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.cdrsGet({ ...lane.read(call), path: { id } })),
  /** List charge detail records. */
  list: (query: t.CdrsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.cdrsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

const price_proofs = (lane: Lane) => ({
  /** Read a price proof. */
  get: (id: t.PriceProofsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.priceProofsGet({ ...lane.read(call), path: { id } })),
  /** Verify a price proof. */
  verify: (body: t.PriceProofsVerifyData['body'], call?: CallOptions) =>
    data(sdk.priceProofsVerify({ ...lane.read(call), body })),
})

const signing_keys = (lane: Lane) => ({
  /** Which keys are ours? */
  list: (call?: CallOptions) =>
    data(sdk.signingKeysList({ ...lane.read(call) })),
  /** Replace the signing key. */
  rotate: (body: t.SigningKeysRotateData['body'], call?: CallOptions) =>
    data(sdk.signingKeysRotate({ ...lane.write(call), body })),
  /** Which packs did a key seal? */
  packs: (id: t.SigningKeysPacksData['path']['id'], query: t.SigningKeysPacksData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.signingKeysPacks({ ...lane.read(call), path: { id }, query: { ...query, ...after(cursor) } }))),
})

const platform_settings = (lane: Lane) => ({
  /** Read the settings of the platform. */
  get: (query: t.PlatformSettingsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.platformSettingsGet({ ...lane.read(call), query })),
  /** Change settings of the platform. */
  set: (body: t.PlatformSettingsSetData['body'], call?: CallOptions) =>
    data(sdk.platformSettingsSet({ ...lane.write(call), body })),
  /** How the settings came about. */
  changes: (query: t.PlatformSettingsChangesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.platformSettingsChanges({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

const suspense = (lane: Lane) => ({
  /** List claims above the price. */
  list: (query: t.SuspenseListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.suspenseList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** How old are open claims? */
  aging: (call?: CallOptions) =>
    data(sdk.suspenseAging({ ...lane.read(call) })),
  /** Read a claim above the price. */
  get: (id: t.SuspenseGetData['path']['id'], call?: CallOptions) =>
    data(sdk.suspenseGet({ ...lane.read(call), path: { id } })),
  /** Release a claim above the price. */
  release: (id: t.SuspenseReleaseData['path']['id'], body: t.SuspenseReleaseData['body'], call?: CallOptions) =>
    data(sdk.suspenseRelease({ ...lane.write(call), path: { id }, body })),
  /** Grant a claim above the price. */
  grant: (id: t.SuspenseGrantData['path']['id'], body: t.SuspenseGrantData['body'], call?: CallOptions) =>
    data(sdk.suspenseGrant({ ...lane.write(call), path: { id }, body })),
})

const bank_accounts = (lane: Lane) => ({
  /** Name a bank account. */
  create: (body: t.BankAccountsCreateData['body'], call?: CallOptions) =>
    data(sdk.bankAccountsCreate({ ...lane.write(call), body })),
  /** List bank accounts. */
  list: (query: t.BankAccountsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.bankAccountsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a bank account. */
  get: (id: t.BankAccountsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.bankAccountsGet({ ...lane.read(call), path: { id } })),
  /** Confirm a bank account. */
  confirm: (id: t.BankAccountsConfirmData['path']['id'], body: t.BankAccountsConfirmData['body'], call?: CallOptions) =>
    data(sdk.bankAccountsConfirm({ ...lane.write(call), path: { id }, body })),
  /** Refuse a bank account. */
  refuse: (id: t.BankAccountsRefuseData['path']['id'], body: t.BankAccountsRefuseData['body'], call?: CallOptions) =>
    data(sdk.bankAccountsRefuse({ ...lane.write(call), path: { id }, body })),
})

const bank_lines = (lane: Lane) => ({
  /** List money that came in. */
  list: (query: t.BankLinesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.bankLinesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a booking of the bank. */
  get: (id: t.BankLinesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.bankLinesGet({ ...lane.read(call), path: { id } })),
  /** Release money to whom it belongs. */
  release: (id: t.BankLinesReleaseData['path']['id'], body: t.BankLinesReleaseData['body'], call?: CallOptions) =>
    data(sdk.bankLinesRelease({ ...lane.write(call), path: { id }, body })),
  /** Keep money that nobody claims. */
  write_off: (id: t.BankLinesWriteOffData['path']['id'], body: t.BankLinesWriteOffData['body'], call?: CallOptions) =>
    data(sdk.bankLinesWriteOff({ ...lane.write(call), path: { id }, body })),
})

const open_items = (lane: Lane) => ({
  /** List open items. */
  list: (query: t.OpenItemsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.openItemsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read an open item. */
  get: (id: t.OpenItemsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.openItemsGet({ ...lane.read(call), path: { id } })),
  /** Say whose an open item is. */
  assign: (id: t.OpenItemsAssignData['path']['id'], body: t.OpenItemsAssignData['body'], call?: CallOptions) =>
    data(sdk.openItemsAssign({ ...lane.write(call), path: { id }, body })),
})

const reconciliations = (lane: Lane) => ({
  /** List reconciliations. */
  list: (query: t.ReconciliationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.reconciliationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a reconciliation. */
  get: (id: t.ReconciliationsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.reconciliationsGet({ ...lane.read(call), path: { id } })),
  /** Reconcile now. */
  run: (body: t.ReconciliationsRunData['body'], call?: CallOptions) =>
    data(sdk.reconciliationsRun({ ...lane.write(call), body })),
})

const invoices = (lane: Lane) => ({
  /** Read an invoice. */
  get: (id: t.InvoicesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.invoicesGet({ ...lane.read(call), path: { id } })),
  /** List invoices. */
  list: (query: t.InvoicesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.invoicesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Download an invoice as PDF. */
  pdf: (id: t.InvoicesPdfData['path']['id'], call?: CallOptions) =>
    bytes(sdk.invoicesPdf({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
  /** Download an invoice as EN 16931 XML. */
  xml: (id: t.InvoicesXmlData['path']['id'], call?: CallOptions) =>
    bytes(sdk.invoicesXml({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
})

const settlements = (lane: Lane) => ({
  /** List settlements. */
  list: (query: t.SettlementsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.settlementsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a settlement. */
  get: (id: t.SettlementsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.settlementsGet({ ...lane.read(call), path: { id } })),
  /** Download a statement. */
  statement: (id: t.SettlementsStatementData['path']['id'], call?: CallOptions) =>
    bytes(sdk.settlementsStatement({ ...lane.read(call), path: { id }, parseAs: 'blob' })),
  /** Pay a settlement again. */
  retry: (id: t.SettlementsRetryData['path']['id'], body: t.SettlementsRetryData['body'], call?: CallOptions) =>
    data(sdk.settlementsRetry({ ...lane.write(call), path: { id }, body })),
  /** Record that a payout came back. */
  record_return: (id: t.SettlementsRecordReturnData['path']['id'], body: t.SettlementsRecordReturnData['body'], call?: CallOptions) =>
    data(sdk.settlementsRecordReturn({ ...lane.write(call), path: { id }, body })),
  /** Settle now. */
  run: (call?: CallOptions) =>
    data(sdk.settlementsRun({ ...lane.write(call) })),
})

const balances = (lane: Lane) => ({
  /** Read balances. */
  list: (query: t.BalancesListData['query'] = {}, call?: CallOptions) =>
    data(sdk.balancesList({ ...lane.read(call), query })),
})

const payouts = (lane: Lane) => ({
  /** List payouts. */
  list: (query: t.PayoutsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.payoutsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a payout. */
  get: (id: t.PayoutsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.payoutsGet({ ...lane.read(call), path: { id } })),
  /** Pay again what failed. */
  retry: (id: t.PayoutsRetryData['path']['id'], body: t.PayoutsRetryData['body'], call?: CallOptions) =>
    data(sdk.payoutsRetry({ ...lane.write(call), path: { id }, body })),
  /** Cancel a payout. */
  cancel: (id: t.PayoutsCancelData['path']['id'], body: t.PayoutsCancelData['body'], call?: CallOptions) =>
    data(sdk.payoutsCancel({ ...lane.write(call), path: { id }, body })),
})

const ledger = (lane: Lane) => ({
  /** Trial balance. */
  trial_balance: (query: t.LedgerTrialBalanceData['query'] = {}, call?: CallOptions) =>
    data(sdk.ledgerTrialBalance({ ...lane.read(call), query })),
  /** Chart of accounts. */
  chart: (call?: CallOptions) =>
    data(sdk.ledgerChart({ ...lane.read(call) })),
  /** List ledger entries. */
  entries: (query: t.LedgerEntriesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.ledgerEntries({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a ledger entry. */
  entry: (id: t.LedgerEntryData['path']['id'], call?: CallOptions) =>
    data(sdk.ledgerEntry({ ...lane.read(call), path: { id } })),
  /** List daily closes. */
  closes: (query: t.LedgerClosesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.ledgerCloses({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** List closed periods. */
  periods: (call?: CallOptions) =>
    data(sdk.ledgerPeriods({ ...lane.read(call) })),
  /** Close a period. */
  close_period: (body: t.LedgerClosePeriodData['body'], call?: CallOptions) =>
    data(sdk.ledgerClosePeriod({ ...lane.write(call), body })),
  /** Take an entry back. */
  reverse: (id: t.LedgerReverseData['path']['id'], body: t.LedgerReverseData['body'], call?: CallOptions) =>
    data(sdk.ledgerReverse({ ...lane.write(call), path: { id }, body })),
})

const incidents = (lane: Lane) => ({
  /** List incidents. */
  list: (query: t.IncidentsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.incidentsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read an incident. */
  get: (id: t.IncidentsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.incidentsGet({ ...lane.read(call), path: { id } })),
  /** Decide an incident. */
  resolve: (id: t.IncidentsResolveData['path']['id'], body: t.IncidentsResolveData['body'], call?: CallOptions) =>
    data(sdk.incidentsResolve({ ...lane.write(call), path: { id }, body })),
})

const webhook_endpoints = (lane: Lane) => ({
  /** Register a webhook endpoint. */
  create: (body: t.WebhookEndpointsCreateData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsCreate({ ...lane.write(call), body })),
  /** List webhook endpoints. */
  list: (query: t.WebhookEndpointsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.webhookEndpointsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a webhook endpoint. */
  get: (id: t.WebhookEndpointsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.webhookEndpointsGet({ ...lane.read(call), path: { id } })),
  /** Change a webhook endpoint. */
  update: (id: t.WebhookEndpointsUpdateData['path']['id'], body: t.WebhookEndpointsUpdateData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsUpdate({ ...lane.read(call), path: { id }, body })),
  /** Remove a webhook endpoint. */
  delete: (id: t.WebhookEndpointsDeleteData['path']['id'], call?: CallOptions) =>
    data(sdk.webhookEndpointsDelete({ ...lane.read(call), path: { id } })),
  /** Change the signing secret. */
  roll_secret: (id: t.WebhookEndpointsRollSecretData['path']['id'], body: t.WebhookEndpointsRollSecretData['body'], call?: CallOptions) =>
    data(sdk.webhookEndpointsRollSecret({ ...lane.write(call), path: { id }, body })),
  /** Send a ping. */
  test: (id: t.WebhookEndpointsTestData['path']['id'], call?: CallOptions) =>
    data(sdk.webhookEndpointsTest({ ...lane.write(call), path: { id } })),
})

const webhook_deliveries = (lane: Lane) => ({
  /** List webhook deliveries. */
  list: (query: t.WebhookDeliveriesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.webhookDeliveriesList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read a webhook delivery. */
  get: (id: t.WebhookDeliveriesGetData['path']['id'], call?: CallOptions) =>
    data(sdk.webhookDeliveriesGet({ ...lane.read(call), path: { id } })),
  /** Send a delivery again. */
  resend: (id: t.WebhookDeliveriesResendData['path']['id'], call?: CallOptions) =>
    data(sdk.webhookDeliveriesResend({ ...lane.write(call), path: { id } })),
})

const events = (lane: Lane) => ({
  /** Read the event log. */
  list: (query: t.EventsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.eventsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
  /** Read an event. */
  get: (id: t.EventsGetData['path']['id'], call?: CallOptions) =>
    data(sdk.eventsGet({ ...lane.read(call), path: { id } })),
  /** Send events again. */
  replay: (body: t.EventsReplayData['body'], call?: CallOptions) =>
    data(sdk.eventsReplay({ ...lane.write(call), body })),
})

const access_denials = (lane: Lane) => ({
  /** List denied accesses. */
  list: (query: t.AccessDenialsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) => data(sdk.accessDenialsList({ ...lane.read(call), query: { ...query, ...after(cursor) } }))),
})

/** Every operation of the contract under its own name; streams are the client's. */
export class Resources {
  readonly health: ReturnType<typeof health>
  readonly accounts: ReturnType<typeof accounts>
  readonly api_keys: ReturnType<typeof api_keys>
  readonly payment_sources: ReturnType<typeof payment_sources>
  readonly tokens: ReturnType<typeof tokens>
  readonly parties: ReturnType<typeof parties>
  readonly connections: ReturnType<typeof connections>
  readonly locations: ReturnType<typeof locations>
  readonly evses: ReturnType<typeof evses>
  readonly charge_stations: ReturnType<typeof charge_stations>
  readonly tariffs: ReturnType<typeof tariffs>
  readonly quotes: ReturnType<typeof quotes>
  readonly agreements: ReturnType<typeof agreements>
  readonly rate_agreements: ReturnType<typeof rate_agreements>
  readonly contracts: ReturnType<typeof contracts>
  readonly driver_groups: ReturnType<typeof driver_groups>
  readonly access_rules: ReturnType<typeof access_rules>
  readonly policy_packages: ReturnType<typeof policy_packages>
  readonly split_policies: ReturnType<typeof split_policies>
  readonly split_simulations: ReturnType<typeof split_simulations>
  readonly split_items: ReturnType<typeof split_items>
  readonly plans: ReturnType<typeof plans>
  readonly subscriptions: ReturnType<typeof subscriptions>
  readonly reimbursement_rates: ReturnType<typeof reimbursement_rates>
  readonly reports: ReturnType<typeof reports>
  readonly sessions: ReturnType<typeof sessions>
  readonly ratings: ReturnType<typeof ratings>
  readonly holds: ReturnType<typeof holds>
  readonly payments: ReturnType<typeof payments>
  readonly refunds: ReturnType<typeof refunds>
  readonly disputes: ReturnType<typeof disputes>
  readonly debts: ReturnType<typeof debts>
  readonly credit_lines: ReturnType<typeof credit_lines>
  readonly prepaid_balances: ReturnType<typeof prepaid_balances>
  readonly payment_endpoints: ReturnType<typeof payment_endpoints>
  readonly psp_accounts: ReturnType<typeof psp_accounts>
  readonly risk_policies: ReturnType<typeof risk_policies>
  readonly cdrs: ReturnType<typeof cdrs>
  readonly price_proofs: ReturnType<typeof price_proofs>
  readonly signing_keys: ReturnType<typeof signing_keys>
  readonly platform_settings: ReturnType<typeof platform_settings>
  readonly suspense: ReturnType<typeof suspense>
  readonly bank_accounts: ReturnType<typeof bank_accounts>
  readonly bank_lines: ReturnType<typeof bank_lines>
  readonly open_items: ReturnType<typeof open_items>
  readonly reconciliations: ReturnType<typeof reconciliations>
  readonly invoices: ReturnType<typeof invoices>
  readonly settlements: ReturnType<typeof settlements>
  readonly balances: ReturnType<typeof balances>
  readonly payouts: ReturnType<typeof payouts>
  readonly ledger: ReturnType<typeof ledger>
  readonly incidents: ReturnType<typeof incidents>
  readonly webhook_endpoints: ReturnType<typeof webhook_endpoints>
  readonly webhook_deliveries: ReturnType<typeof webhook_deliveries>
  readonly events: ReturnType<typeof events>
  readonly access_denials: ReturnType<typeof access_denials>

  constructor(lane: Lane) {
    this.health = health(lane)
    this.accounts = accounts(lane)
    this.api_keys = api_keys(lane)
    this.payment_sources = payment_sources(lane)
    this.tokens = tokens(lane)
    this.parties = parties(lane)
    this.connections = connections(lane)
    this.locations = locations(lane)
    this.evses = evses(lane)
    this.charge_stations = charge_stations(lane)
    this.tariffs = tariffs(lane)
    this.quotes = quotes(lane)
    this.agreements = agreements(lane)
    this.rate_agreements = rate_agreements(lane)
    this.contracts = contracts(lane)
    this.driver_groups = driver_groups(lane)
    this.access_rules = access_rules(lane)
    this.policy_packages = policy_packages(lane)
    this.split_policies = split_policies(lane)
    this.split_simulations = split_simulations(lane)
    this.split_items = split_items(lane)
    this.plans = plans(lane)
    this.subscriptions = subscriptions(lane)
    this.reimbursement_rates = reimbursement_rates(lane)
    this.reports = reports(lane)
    this.sessions = sessions(lane)
    this.ratings = ratings(lane)
    this.holds = holds(lane)
    this.payments = payments(lane)
    this.refunds = refunds(lane)
    this.disputes = disputes(lane)
    this.debts = debts(lane)
    this.credit_lines = credit_lines(lane)
    this.prepaid_balances = prepaid_balances(lane)
    this.payment_endpoints = payment_endpoints(lane)
    this.psp_accounts = psp_accounts(lane)
    this.risk_policies = risk_policies(lane)
    this.cdrs = cdrs(lane)
    this.price_proofs = price_proofs(lane)
    this.signing_keys = signing_keys(lane)
    this.platform_settings = platform_settings(lane)
    this.suspense = suspense(lane)
    this.bank_accounts = bank_accounts(lane)
    this.bank_lines = bank_lines(lane)
    this.open_items = open_items(lane)
    this.reconciliations = reconciliations(lane)
    this.invoices = invoices(lane)
    this.settlements = settlements(lane)
    this.balances = balances(lane)
    this.payouts = payouts(lane)
    this.ledger = ledger(lane)
    this.incidents = incidents(lane)
    this.webhook_endpoints = webhook_endpoints(lane)
    this.webhook_deliveries = webhook_deliveries(lane)
    this.events = events(lane)
    this.access_denials = access_denials(lane)
  }
}
