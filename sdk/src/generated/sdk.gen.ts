// Generated from openapi/openapi.json by `npm run generate`. Do not edit.
// @ts-nocheck

import { client } from './client.gen.ts';
import type { Client, ClientMeta, Options as Options2, RequestResult, ServerSentEventsResult, TDataShape } from './client/index.ts';
import type { AccessDenialsListData, AccessDenialsListErrors, AccessDenialsListResponses, AccessRulesCreateData, AccessRulesCreateErrors, AccessRulesCreateResponses, AccessRulesEndData, AccessRulesEndErrors, AccessRulesEndResponses, AccessRulesGetData, AccessRulesGetErrors, AccessRulesGetResponses, AccessRulesListData, AccessRulesListErrors, AccessRulesListResponses, AccountsCheckVatData, AccountsCheckVatErrors, AccountsCheckVatResponses, AccountsCreateData, AccountsCreateErrors, AccountsCreateResponses, AccountsGetData, AccountsGetErrors, AccountsGetResponses, AccountsListData, AccountsListErrors, AccountsListResponses, AccountsUpdateData, AccountsUpdateErrors, AccountsUpdateResponses, AccountsVerifyData, AccountsVerifyErrors, AccountsVerifyResponses, AgreementsAcceptData, AgreementsAcceptErrors, AgreementsAcceptResponses, AgreementsAmendData, AgreementsAmendErrors, AgreementsAmendResponses, AgreementsCreateData, AgreementsCreateErrors, AgreementsCreateResponses, AgreementsEndData, AgreementsEndErrors, AgreementsEndResponses, AgreementsGetData, AgreementsGetErrors, AgreementsGetResponses, AgreementsListData, AgreementsListErrors, AgreementsListResponses, AgreementsProposeData, AgreementsProposeErrors, AgreementsProposeResponses, AgreementsRejectData, AgreementsRejectErrors, AgreementsRejectResponses, ApiKeysCreateData, ApiKeysCreateErrors, ApiKeysCreateResponses, ApiKeysListData, ApiKeysListErrors, ApiKeysListResponses, ApiKeysRevokeData, ApiKeysRevokeErrors, ApiKeysRevokeResponses, BalancesListData, BalancesListErrors, BalancesListResponses, BankAccountsConfirmData, BankAccountsConfirmErrors, BankAccountsConfirmResponses, BankAccountsCreateData, BankAccountsCreateErrors, BankAccountsCreateResponses, BankAccountsGetData, BankAccountsGetErrors, BankAccountsGetResponses, BankAccountsListData, BankAccountsListErrors, BankAccountsListResponses, BankAccountsRefuseData, BankAccountsRefuseErrors, BankAccountsRefuseResponses, BankLinesGetData, BankLinesGetErrors, BankLinesGetResponses, BankLinesListData, BankLinesListErrors, BankLinesListResponses, BankLinesReleaseData, BankLinesReleaseErrors, BankLinesReleaseResponses, BankLinesWriteOffData, BankLinesWriteOffErrors, BankLinesWriteOffResponses, CdrsGetData, CdrsGetErrors, CdrsGetResponses, CdrsListData, CdrsListErrors, CdrsListResponses, ChargeStationsCreateData, ChargeStationsCreateErrors, ChargeStationsCreateResponses, ChargeStationsGetData, ChargeStationsGetErrors, ChargeStationsGetResponses, ChargeStationsListData, ChargeStationsListErrors, ChargeStationsListResponses, ConnectionsCreateData, ConnectionsCreateErrors, ConnectionsCreateResponses, ConnectionsGetData, ConnectionsGetErrors, ConnectionsGetResponses, ConnectionsInviteData, ConnectionsInviteErrors, ConnectionsInviteResponses, ConnectionsListData, ConnectionsListErrors, ConnectionsListResponses, ConnectionsPauseData, ConnectionsPauseErrors, ConnectionsPauseResponses, ConnectionsResumeData, ConnectionsResumeErrors, ConnectionsResumeResponses, ConnectionsUpdateData, ConnectionsUpdateErrors, ConnectionsUpdateResponses, ContractsAcceptData, ContractsAcceptErrors, ContractsAcceptResponses, ContractsAmendData, ContractsAmendErrors, ContractsAmendResponses, ContractsCreateData, ContractsCreateErrors, ContractsCreateResponses, ContractsEndData, ContractsEndErrors, ContractsEndResponses, ContractsGetData, ContractsGetErrors, ContractsGetResponses, ContractsListData, ContractsListErrors, ContractsListResponses, ContractsProposeData, ContractsProposeErrors, ContractsProposeResponses, ContractsRejectData, ContractsRejectErrors, ContractsRejectResponses, CreditLinesListData, CreditLinesListErrors, CreditLinesListResponses, CreditLinesRecordPaymentData, CreditLinesRecordPaymentErrors, CreditLinesRecordPaymentResponses, CreditLinesSetData, CreditLinesSetErrors, CreditLinesSetResponses, DebtsGetData, DebtsGetErrors, DebtsGetResponses, DebtsListData, DebtsListErrors, DebtsListResponses, DebtsPayData, DebtsPayErrors, DebtsPayResponses, DebtsWaiveData, DebtsWaiveErrors, DebtsWaiveResponses, DebtsWriteOffData, DebtsWriteOffErrors, DebtsWriteOffResponses, DisputesCreateData, DisputesCreateErrors, DisputesCreateResponses, DisputesDecideData, DisputesDecideErrors, DisputesDecideResponses, DisputesGetData, DisputesGetErrors, DisputesGetResponses, DisputesListData, DisputesListErrors, DisputesListResponses, DisputesSubmitEvidenceData, DisputesSubmitEvidenceErrors, DisputesSubmitEvidenceResponses, DisputesWithdrawData, DisputesWithdrawErrors, DisputesWithdrawResponses, DriverGroupsCreateData, DriverGroupsCreateErrors, DriverGroupsCreateResponses, DriverGroupsGetData, DriverGroupsGetErrors, DriverGroupsGetResponses, DriverGroupsListData, DriverGroupsListErrors, DriverGroupsListResponses, DriverGroupsUpdateData, DriverGroupsUpdateErrors, DriverGroupsUpdateResponses, EventsGetData, EventsGetErrors, EventsGetResponses, EventsListData, EventsListErrors, EventsListResponses, EventsReplayData, EventsReplayErrors, EventsReplayResponses, EvsesAddMeterKeyData, EvsesAddMeterKeyErrors, EvsesAddMeterKeyResponses, EvsesGetData, EvsesGetErrors, EvsesGetResponses, EvsesMeterKeysData, EvsesMeterKeysErrors, EvsesMeterKeysResponses, EvsesSearchData, EvsesSearchErrors, EvsesSearchResponses, HealthGetData, HealthGetErrors, HealthGetResponses, HoldsGetData, HoldsGetErrors, HoldsGetResponses, HoldsListData, HoldsListErrors, HoldsListResponses, IncidentsGetData, IncidentsGetErrors, IncidentsGetResponses, IncidentsListData, IncidentsListErrors, IncidentsListResponses, IncidentsResolveData, IncidentsResolveErrors, IncidentsResolveResponses, InvoicesGetData, InvoicesGetErrors, InvoicesGetResponses, InvoicesListData, InvoicesListErrors, InvoicesListResponses, InvoicesPdfData, InvoicesPdfErrors, InvoicesPdfResponses, InvoicesXmlData, InvoicesXmlErrors, InvoicesXmlResponses, LedgerChartData, LedgerChartErrors, LedgerChartResponses, LedgerClosePeriodData, LedgerClosePeriodErrors, LedgerClosePeriodResponses, LedgerClosesData, LedgerClosesErrors, LedgerClosesResponses, LedgerEntriesData, LedgerEntriesErrors, LedgerEntriesResponses, LedgerEntryData, LedgerEntryErrors, LedgerEntryResponses, LedgerPeriodsData, LedgerPeriodsErrors, LedgerPeriodsResponses, LedgerReverseData, LedgerReverseErrors, LedgerReverseResponses, LedgerTrialBalanceData, LedgerTrialBalanceErrors, LedgerTrialBalanceResponses, LocationsCreateData, LocationsCreateErrors, LocationsCreateResponses, LocationsGetData, LocationsGetErrors, LocationsGetResponses, LocationsListData, LocationsListErrors, LocationsListResponses, OpenItemsAssignData, OpenItemsAssignErrors, OpenItemsAssignResponses, OpenItemsGetData, OpenItemsGetErrors, OpenItemsGetResponses, OpenItemsListData, OpenItemsListErrors, OpenItemsListResponses, PartiesClaimData, PartiesClaimErrors, PartiesClaimResponses, PartiesDecideData, PartiesDecideErrors, PartiesDecideResponses, PartiesListData, PartiesListErrors, PartiesListResponses, PaymentEndpointsListData, PaymentEndpointsListErrors, PaymentEndpointsListResponses, PaymentEndpointsSetData, PaymentEndpointsSetErrors, PaymentEndpointsSetResponses, PaymentsGetData, PaymentsGetErrors, PaymentsGetResponses, PaymentsListData, PaymentsListErrors, PaymentsListResponses, PaymentSourcesConfirmData, PaymentSourcesConfirmErrors, PaymentSourcesConfirmResponses, PaymentSourcesCreateData, PaymentSourcesCreateErrors, PaymentSourcesCreateResponses, PaymentSourcesDetachData, PaymentSourcesDetachErrors, PaymentSourcesDetachResponses, PaymentSourcesGetData, PaymentSourcesGetErrors, PaymentSourcesGetResponses, PaymentSourcesListData, PaymentSourcesListErrors, PaymentSourcesListResponses, PayoutsCancelData, PayoutsCancelErrors, PayoutsCancelResponses, PayoutsGetData, PayoutsGetErrors, PayoutsGetResponses, PayoutsListData, PayoutsListErrors, PayoutsListResponses, PayoutsRetryData, PayoutsRetryErrors, PayoutsRetryResponses, PlansAddVersionData, PlansAddVersionErrors, PlansAddVersionResponses, PlansCreateData, PlansCreateErrors, PlansCreateResponses, PlansGetData, PlansGetErrors, PlansGetResponses, PlansListData, PlansListErrors, PlansListResponses, PlansRetireData, PlansRetireErrors, PlansRetireResponses, PlatformSettingsChangesData, PlatformSettingsChangesErrors, PlatformSettingsChangesResponses, PlatformSettingsGetData, PlatformSettingsGetErrors, PlatformSettingsGetResponses, PlatformSettingsSetData, PlatformSettingsSetErrors, PlatformSettingsSetResponses, PolicyPackagesActivateData, PolicyPackagesActivateErrors, PolicyPackagesActivateResponses, PolicyPackagesCreateData, PolicyPackagesCreateErrors, PolicyPackagesCreateResponses, PolicyPackagesDryRunData, PolicyPackagesDryRunErrors, PolicyPackagesDryRunResponses, PolicyPackagesFaultsData, PolicyPackagesFaultsErrors, PolicyPackagesFaultsResponses, PolicyPackagesGetData, PolicyPackagesGetErrors, PolicyPackagesGetResponses, PolicyPackagesListData, PolicyPackagesListErrors, PolicyPackagesListResponses, PolicyPackagesRetireData, PolicyPackagesRetireErrors, PolicyPackagesRetireResponses, PolicyPackagesSourceData, PolicyPackagesSourceErrors, PolicyPackagesSourceResponses, PrepaidBalancesListData, PrepaidBalancesListErrors, PrepaidBalancesListResponses, PrepaidBalancesRecordPaymentData, PrepaidBalancesRecordPaymentErrors, PrepaidBalancesRecordPaymentResponses, PrepaidBalancesSetData, PrepaidBalancesSetErrors, PrepaidBalancesSetResponses, PriceProofsGetData, PriceProofsGetErrors, PriceProofsGetResponses, PriceProofsVerifyData, PriceProofsVerifyErrors, PriceProofsVerifyResponses, PspAccountsListData, PspAccountsListErrors, PspAccountsListResponses, PspAccountsRotateData, PspAccountsRotateErrors, PspAccountsRotateResponses, PspAccountsSetData, PspAccountsSetErrors, PspAccountsSetResponses, QuotesBatchData, QuotesBatchErrors, QuotesBatchResponses, QuotesCancelData, QuotesCancelErrors, QuotesCancelResponses, QuotesCreateData, QuotesCreateErrors, QuotesCreateResponses, QuotesGetData, QuotesGetErrors, QuotesGetResponses, RateAgreementsAcceptData, RateAgreementsAcceptErrors, RateAgreementsAcceptResponses, RateAgreementsAmendData, RateAgreementsAmendErrors, RateAgreementsAmendResponses, RateAgreementsCreateData, RateAgreementsCreateErrors, RateAgreementsCreateResponses, RateAgreementsEndData, RateAgreementsEndErrors, RateAgreementsEndResponses, RateAgreementsGetData, RateAgreementsGetErrors, RateAgreementsGetResponses, RateAgreementsListData, RateAgreementsListErrors, RateAgreementsListResponses, RateAgreementsProposeData, RateAgreementsProposeErrors, RateAgreementsProposeResponses, RateAgreementsRejectData, RateAgreementsRejectErrors, RateAgreementsRejectResponses, RatingsListData, RatingsListErrors, RatingsListResponses, ReconciliationsGetData, ReconciliationsGetErrors, ReconciliationsGetResponses, ReconciliationsListData, ReconciliationsListErrors, ReconciliationsListResponses, ReconciliationsRunData, ReconciliationsRunErrors, ReconciliationsRunResponses, RefundsCreateData, RefundsCreateErrors, RefundsCreateResponses, RefundsGetData, RefundsGetErrors, RefundsGetResponses, RefundsListData, RefundsListErrors, RefundsListResponses, ReimbursementRatesCreateData, ReimbursementRatesCreateErrors, ReimbursementRatesCreateResponses, ReimbursementRatesEndData, ReimbursementRatesEndErrors, ReimbursementRatesEndResponses, ReimbursementRatesGetData, ReimbursementRatesGetErrors, ReimbursementRatesGetResponses, ReimbursementRatesListData, ReimbursementRatesListErrors, ReimbursementRatesListResponses, ReportsAccountStatementData, ReportsAccountStatementErrors, ReportsAccountStatementResponses, ReportsLeakageData, ReportsLeakageErrors, ReportsLeakageResponses, ReportsNonDiscriminationCsvData, ReportsNonDiscriminationCsvErrors, ReportsNonDiscriminationCsvResponses, ReportsNonDiscriminationData, ReportsNonDiscriminationErrors, ReportsNonDiscriminationResponses, ReportsPriceAccuracyData, ReportsPriceAccuracyErrors, ReportsPriceAccuracyResponses, ReportsReimbursementCsvData, ReportsReimbursementCsvErrors, ReportsReimbursementCsvResponses, ReportsReimbursementData, ReportsReimbursementErrors, ReportsReimbursementResponses, RiskPoliciesListData, RiskPoliciesListErrors, RiskPoliciesListResponses, RiskPoliciesSetData, RiskPoliciesSetErrors, RiskPoliciesSetResponses, SessionsCreateData, SessionsCreateErrors, SessionsCreateResponses, SessionsEvidenceData, SessionsEvidenceErrors, SessionsEvidenceResponses, SessionsEvidenceSummaryData, SessionsEvidenceSummaryErrors, SessionsEvidenceSummaryResponses, SessionsGetData, SessionsGetErrors, SessionsGetResponses, SessionsListData, SessionsListErrors, SessionsListResponses, SessionsPriceProofData, SessionsPriceProofErrors, SessionsPriceProofResponses, SessionsStopData, SessionsStopErrors, SessionsStopResponses, SessionsStreamData, SessionsStreamErrors, SessionsStreamResponse, SessionsStreamResponses, SessionsTimelineData, SessionsTimelineErrors, SessionsTimelineResponses, SettlementsGetData, SettlementsGetErrors, SettlementsGetResponses, SettlementsListData, SettlementsListErrors, SettlementsListResponses, SettlementsRecordReturnData, SettlementsRecordReturnErrors, SettlementsRecordReturnResponses, SettlementsRetryData, SettlementsRetryErrors, SettlementsRetryResponses, SettlementsRunData, SettlementsRunErrors, SettlementsRunResponses, SettlementsStatementData, SettlementsStatementErrors, SettlementsStatementResponses, SigningKeysListData, SigningKeysListErrors, SigningKeysListResponses, SigningKeysPacksData, SigningKeysPacksErrors, SigningKeysPacksResponses, SigningKeysRotateData, SigningKeysRotateErrors, SigningKeysRotateResponses, SplitItemsListData, SplitItemsListErrors, SplitItemsListResponses, SplitPoliciesActivateData, SplitPoliciesActivateErrors, SplitPoliciesActivateResponses, SplitPoliciesAddGoldenData, SplitPoliciesAddGoldenErrors, SplitPoliciesAddGoldenResponses, SplitPoliciesAmendData, SplitPoliciesAmendErrors, SplitPoliciesAmendResponses, SplitPoliciesCreateData, SplitPoliciesCreateErrors, SplitPoliciesCreateResponses, SplitPoliciesGetData, SplitPoliciesGetErrors, SplitPoliciesGetResponses, SplitPoliciesGoldensData, SplitPoliciesGoldensErrors, SplitPoliciesGoldensResponses, SplitPoliciesListData, SplitPoliciesListErrors, SplitPoliciesListResponses, SplitPoliciesRetireData, SplitPoliciesRetireErrors, SplitPoliciesRetireResponses, SplitPoliciesSimulateData, SplitPoliciesSimulateErrors, SplitPoliciesSimulateResponses, SplitPoliciesUpdateData, SplitPoliciesUpdateErrors, SplitPoliciesUpdateResponses, SplitSimulationsGetData, SplitSimulationsGetErrors, SplitSimulationsGetResponses, SplitSimulationsLinesData, SplitSimulationsLinesErrors, SplitSimulationsLinesResponses, SubscriptionsCancelData, SubscriptionsCancelErrors, SubscriptionsCancelResponses, SubscriptionsChangePlanData, SubscriptionsChangePlanErrors, SubscriptionsChangePlanResponses, SubscriptionsCreateData, SubscriptionsCreateErrors, SubscriptionsCreateResponses, SubscriptionsGetData, SubscriptionsGetErrors, SubscriptionsGetResponses, SubscriptionsListData, SubscriptionsListErrors, SubscriptionsListResponses, SubscriptionsPeriodsData, SubscriptionsPeriodsErrors, SubscriptionsPeriodsResponses, SuspenseAgingData, SuspenseAgingErrors, SuspenseAgingResponses, SuspenseGetData, SuspenseGetErrors, SuspenseGetResponses, SuspenseGrantData, SuspenseGrantErrors, SuspenseGrantResponses, SuspenseListData, SuspenseListErrors, SuspenseListResponses, SuspenseReleaseData, SuspenseReleaseErrors, SuspenseReleaseResponses, TariffsConfirmData, TariffsConfirmErrors, TariffsConfirmResponses, TariffsCreateData, TariffsCreateErrors, TariffsCreateResponses, TariffsExplainData, TariffsExplainErrors, TariffsExplainResponses, TariffsFreshnessData, TariffsFreshnessErrors, TariffsFreshnessResponses, TariffsGetData, TariffsGetErrors, TariffsGetResponses, TariffsListData, TariffsListErrors, TariffsListResponses, TariffsPlotData, TariffsPlotErrors, TariffsPlotResponses, TariffsPreviewData, TariffsPreviewErrors, TariffsPreviewResponses, TariffsRawData, TariffsRawErrors, TariffsRawResponses, TariffsValidateData, TariffsValidateErrors, TariffsValidateResponses, TariffsVersionsData, TariffsVersionsErrors, TariffsVersionsResponses, TokensCreateData, TokensCreateErrors, TokensCreateResponses, TokensGetData, TokensGetErrors, TokensGetResponses, TokensListData, TokensListErrors, TokensListResponses, TokensUpdateData, TokensUpdateErrors, TokensUpdateResponses, WebhookDeliveriesGetData, WebhookDeliveriesGetErrors, WebhookDeliveriesGetResponses, WebhookDeliveriesListData, WebhookDeliveriesListErrors, WebhookDeliveriesListResponses, WebhookDeliveriesResendData, WebhookDeliveriesResendErrors, WebhookDeliveriesResendResponses, WebhookEndpointsCreateData, WebhookEndpointsCreateErrors, WebhookEndpointsCreateResponses, WebhookEndpointsDeleteData, WebhookEndpointsDeleteErrors, WebhookEndpointsDeleteResponses, WebhookEndpointsGetData, WebhookEndpointsGetErrors, WebhookEndpointsGetResponses, WebhookEndpointsListData, WebhookEndpointsListErrors, WebhookEndpointsListResponses, WebhookEndpointsRollSecretData, WebhookEndpointsRollSecretErrors, WebhookEndpointsRollSecretResponses, WebhookEndpointsTestData, WebhookEndpointsTestErrors, WebhookEndpointsTestResponses, WebhookEndpointsUpdateData, WebhookEndpointsUpdateErrors, WebhookEndpointsUpdateResponses } from './types.gen.ts';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: keyof ClientMeta extends never ? Record<string, unknown> : ClientMeta;
};

/**
 * Is the API able to serve?
 *
 * Checks the database and the workflow engine, each within one second. `degraded` still answers reads; starts may fail with `service_unavailable`.
 */
export const healthGet = <ThrowOnError extends boolean = false>(options?: Options<HealthGetData, ThrowOnError>): RequestResult<HealthGetResponses, HealthGetErrors, ThrowOnError> => (options?.client ?? client).get<HealthGetResponses, HealthGetErrors, ThrowOnError>({ url: '/health', ...options });

/**
 * List accounts
 *
 * Newest first. A partner or an operator sees itself only.
 */
export const accountsList = <ThrowOnError extends boolean = false>(options?: Options<AccountsListData, ThrowOnError>): RequestResult<AccountsListResponses, AccountsListErrors, ThrowOnError> => (options?.client ?? client).get<AccountsListResponses, AccountsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts',
    ...options
});

/**
 * Open an account
 *
 * Makes a partner (demand), an operator (`cpo`, supply) or a finance reader. Only the platform opens accounts. A name or a VAT number that another verified account has puts it into `review`; an operator sells only where one of its VAT numbers counts: charging is taxed in the country of the charger.
 */
export const accountsCreate = <ThrowOnError extends boolean = false>(options: Options<AccountsCreateData, ThrowOnError>): RequestResult<AccountsCreateResponses, AccountsCreateErrors, ThrowOnError> => (options.client ?? client).post<AccountsCreateResponses, AccountsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read an account
 *
 * Your own account; the platform and finance read every account.
 */
export const accountsGet = <ThrowOnError extends boolean = false>(options: Options<AccountsGetData, ThrowOnError>): RequestResult<AccountsGetResponses, AccountsGetErrors, ThrowOnError> => (options.client ?? client).get<AccountsGetResponses, AccountsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}',
    ...options
});

/**
 * Change an account
 *
 * Changes the named fields. A suspended account keeps its running sessions, but its keys are refused with `account_restricted`.
 */
export const accountsUpdate = <ThrowOnError extends boolean = false>(options: Options<AccountsUpdateData, ThrowOnError>): RequestResult<AccountsUpdateResponses, AccountsUpdateErrors, ThrowOnError> => (options.client ?? client).patch<AccountsUpdateResponses, AccountsUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Verify an account
 *
 * The platform has looked who it is: it may sell and buy from now on.
 */
export const accountsVerify = <ThrowOnError extends boolean = false>(options: Options<AccountsVerifyData, ThrowOnError>): RequestResult<AccountsVerifyResponses, AccountsVerifyErrors, ThrowOnError> => (options.client ?? client).post<AccountsVerifyResponses, AccountsVerifyErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/verify',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Keep what a tax office said of a VAT number
 *
 * The platform asks VIES by itself about numbers of the EU and of Northern Ireland, every hour until there is an answer; others are kept here. The latest answer counts. Without a good one the account is charged VAT and never the reverse charge; another number needs another check.
 */
export const accountsCheckVat = <ThrowOnError extends boolean = false>(options: Options<AccountsCheckVatData, ThrowOnError>): RequestResult<AccountsCheckVatResponses, AccountsCheckVatErrors, ThrowOnError> => (options.client ?? client).post<AccountsCheckVatResponses, AccountsCheckVatErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/accounts/{id}/vat_checks',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List API keys
 *
 * Keys of your account, newest first, without their secrets.
 */
export const apiKeysList = <ThrowOnError extends boolean = false>(options?: Options<ApiKeysListData, ThrowOnError>): RequestResult<ApiKeysListResponses, ApiKeysListErrors, ThrowOnError> => (options?.client ?? client).get<ApiKeysListResponses, ApiKeysListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/api_keys',
    ...options
});

/**
 * Make an API key
 *
 * Makes a key of 256 random bits. It is shown once; we keep a digest only. Use a second key to rotate without downtime.
 */
export const apiKeysCreate = <ThrowOnError extends boolean = false>(options: Options<ApiKeysCreateData, ThrowOnError>): RequestResult<ApiKeysCreateResponses, ApiKeysCreateErrors, ThrowOnError> => (options.client ?? client).post<ApiKeysCreateResponses, ApiKeysCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/api_keys',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Revoke an API key
 *
 * The key is refused from the next request on. Revoking twice is harmless.
 */
export const apiKeysRevoke = <ThrowOnError extends boolean = false>(options: Options<ApiKeysRevokeData, ThrowOnError>): RequestResult<ApiKeysRevokeResponses, ApiKeysRevokeErrors, ThrowOnError> => (options.client ?? client).post<ApiKeysRevokeResponses, ApiKeysRevokeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/api_keys/{id}/revoke',
    ...options
});

/**
 * List payment sources
 *
 * Newest first.
 */
export const paymentSourcesList = <ThrowOnError extends boolean = false>(options?: Options<PaymentSourcesListData, ThrowOnError>): RequestResult<PaymentSourcesListResponses, PaymentSourcesListErrors, ThrowOnError> => (options?.client ?? client).get<PaymentSourcesListResponses, PaymentSourcesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_sources',
    ...options
});

/**
 * Attach a payment source to a driver
 *
 * A `card` is a payment method that the payment provider already holds; card numbers never reach us. In the sandbox use `pm_card_visa`, or `pm_card_chargeDeclined` to be declined. With `account` the driver pays nothing: sessions are held against your own credit line and billed to you. A `wallet` is kept by you: your payment endpoint of this kind is asked to authorize, capture and void, and what was captured is owed by you, within your credit line. `payment_method` is your own reference of it. With `bnpl` your own instalment provider decides, asked at your payment endpoint of this kind. A `fuel_card` is authorized by its issuer through your payment endpoint of this kind. With `prepaid` sessions are paid out of money that you have paid in (`prepaid_balances`). A `partner_psp` is a payment method at your own payment provider (`psp_accounts`): it is held and captured there, and what was captured is owed by you, within your credit line.
 */
export const paymentSourcesCreate = <ThrowOnError extends boolean = false>(options: Options<PaymentSourcesCreateData, ThrowOnError>): RequestResult<PaymentSourcesCreateResponses, PaymentSourcesCreateErrors, ThrowOnError> => (options.client ?? client).post<PaymentSourcesCreateResponses, PaymentSourcesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_sources',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a payment source
 *
 * What pays, what is shown of it, and whether it counts.
 */
export const paymentSourcesGet = <ThrowOnError extends boolean = false>(options: Options<PaymentSourcesGetData, ThrowOnError>): RequestResult<PaymentSourcesGetResponses, PaymentSourcesGetErrors, ThrowOnError> => (options.client ?? client).get<PaymentSourcesGetResponses, PaymentSourcesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_sources/{id}',
    ...options
});

/**
 * Take what the payer has named
 *
 * Call it when your page’s Payment Element is done: the provider is asked what became of it. A `failing` source counts again. While the payer has named nothing the source stays `requires_action`, with what the page needs.
 */
export const paymentSourcesConfirm = <ThrowOnError extends boolean = false>(options: Options<PaymentSourcesConfirmData, ThrowOnError>): RequestResult<PaymentSourcesConfirmResponses, PaymentSourcesConfirmErrors, ThrowOnError> => (options.client ?? client).post<PaymentSourcesConfirmResponses, PaymentSourcesConfirmErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_sources/{id}/confirm',
    ...options
});

/**
 * Give a payment source up
 *
 * It starts nothing any more, and its provider forgets it; sessions that run are paid as they were held.
 */
export const paymentSourcesDetach = <ThrowOnError extends boolean = false>(options: Options<PaymentSourcesDetachData, ThrowOnError>): RequestResult<PaymentSourcesDetachResponses, PaymentSourcesDetachErrors, ThrowOnError> => (options.client ?? client).post<PaymentSourcesDetachResponses, PaymentSourcesDetachErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_sources/{id}/detach',
    ...options
});

/**
 * List tokens
 *
 * Newest first.
 */
export const tokensList = <ThrowOnError extends boolean = false>(options?: Options<TokensListData, ThrowOnError>): RequestResult<TokensListResponses, TokensListErrors, ThrowOnError> => (options?.client ?? client).get<TokensListResponses, TokensListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tokens',
    ...options
});

/**
 * Issue a charging token
 *
 * Registers an RFID card for a driver. Sessions started with it are priced at the public tariff and paid by the named source. Operators learn of it over OCPI.
 */
export const tokensCreate = <ThrowOnError extends boolean = false>(options: Options<TokensCreateData, ThrowOnError>): RequestResult<TokensCreateResponses, TokensCreateErrors, ThrowOnError> => (options.client ?? client).post<TokensCreateResponses, TokensCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tokens',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a token
 *
 * One of your tokens.
 */
export const tokensGet = <ThrowOnError extends boolean = false>(options: Options<TokensGetData, ThrowOnError>): RequestResult<TokensGetResponses, TokensGetErrors, ThrowOnError> => (options.client ?? client).get<TokensGetResponses, TokensGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tokens/{id}',
    ...options
});

/**
 * Block or unblock a token
 *
 * A blocked token starts nothing from the next second on; running sessions go on.
 */
export const tokensUpdate = <ThrowOnError extends boolean = false>(options: Options<TokensUpdateData, ThrowOnError>): RequestResult<TokensUpdateResponses, TokensUpdateErrors, ThrowOnError> => (options.client ?? client).patch<TokensUpdateResponses, TokensUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tokens/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List parties
 *
 * Your own, newest first; the platform and finance see all.
 */
export const partiesList = <ThrowOnError extends boolean = false>(options?: Options<PartiesListData, ThrowOnError>): RequestResult<PartiesListResponses, PartiesListErrors, ThrowOnError> => (options?.client ?? client).get<PartiesListResponses, PartiesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/parties',
    ...options
});

/**
 * Claim a party
 *
 * The first verified claim stands; a second one is a `review` for the platform. In the sandbox a free party is verified at once. The platform names an `account` and so grants it the party beside its owner.
 */
export const partiesClaim = <ThrowOnError extends boolean = false>(options: Options<PartiesClaimData, ThrowOnError>): RequestResult<PartiesClaimResponses, PartiesClaimErrors, ThrowOnError> => (options.client ?? client).post<PartiesClaimResponses, PartiesClaimErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/parties',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Decide about a claim
 *
 * For the platform. `own` takes the party from whoever had it: its connections pause and its EVSEs are not sold. `granted` lets the account use it beside its owner. `refused` takes it away.
 */
export const partiesDecide = <ThrowOnError extends boolean = false>(options: Options<PartiesDecideData, ThrowOnError>): RequestResult<PartiesDecideResponses, PartiesDecideErrors, ThrowOnError> => (options.client ?? client).post<PartiesDecideResponses, PartiesDecideErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/parties/{id}/decide',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List connections
 *
 * Newest first.
 */
export const connectionsList = <ThrowOnError extends boolean = false>(options?: Options<ConnectionsListData, ThrowOnError>): RequestResult<ConnectionsListResponses, ConnectionsListErrors, ThrowOnError> => (options?.client ?? client).get<ConnectionsListResponses, ConnectionsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections',
    ...options
});

/**
 * Connect chargers
 *
 * `node`: your chargers will connect to us over OCPP. `ocpi`: we perform the credentials handshake with your endpoint in the background; the connection is `handshaking` until it is `live`, and `last_error` says what is missing. Without `versions_url` the answer has `our_versions_url` and a `token_a`, by which your system registers with us. The party must be yours or granted to you (`parties`); a free one is claimed with it.
 */
export const connectionsCreate = <ThrowOnError extends boolean = false>(options: Options<ConnectionsCreateData, ThrowOnError>): RequestResult<ConnectionsCreateResponses, ConnectionsCreateErrors, ThrowOnError> => (options.client ?? client).post<ConnectionsCreateResponses, ConnectionsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a connection
 *
 * State and health of one connection.
 */
export const connectionsGet = <ThrowOnError extends boolean = false>(options: Options<ConnectionsGetData, ThrowOnError>): RequestResult<ConnectionsGetResponses, ConnectionsGetErrors, ThrowOnError> => (options.client ?? client).get<ConnectionsGetResponses, ConnectionsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections/{id}',
    ...options
});

/**
 * Change a connection
 *
 * How old tariffs may be before they are not sold, and how old they should be.
 */
export const connectionsUpdate = <ThrowOnError extends boolean = false>(options: Options<ConnectionsUpdateData, ThrowOnError>): RequestResult<ConnectionsUpdateResponses, ConnectionsUpdateErrors, ThrowOnError> => (options.client ?? client).patch<ConnectionsUpdateResponses, ConnectionsUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Register anew
 *
 * Makes another CREDENTIALS_TOKEN_A by which your system registers with us; what both sides used before is void at once, and nothing is sold over the connection until it is `live` again.
 */
export const connectionsInvite = <ThrowOnError extends boolean = false>(options: Options<ConnectionsInviteData, ThrowOnError>): RequestResult<ConnectionsInviteResponses, ConnectionsInviteErrors, ThrowOnError> => (options.client ?? client).post<ConnectionsInviteResponses, ConnectionsInviteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections/{id}/invite',
    ...options
});

/**
 * Pause a connection
 *
 * Nothing new is sold over it and nothing is pulled, until it is resumed. What charges goes on, and what you push is taken.
 */
export const connectionsPause = <ThrowOnError extends boolean = false>(options: Options<ConnectionsPauseData, ThrowOnError>): RequestResult<ConnectionsPauseResponses, ConnectionsPauseErrors, ThrowOnError> => (options.client ?? client).post<ConnectionsPauseResponses, ConnectionsPauseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections/{id}/pause',
    ...options
});

/**
 * Resume a connection
 *
 * Reads every tariff and location anew; it is `handshaking` until that is done. Also tries a handshake again at once that waits after a failure.
 */
export const connectionsResume = <ThrowOnError extends boolean = false>(options: Options<ConnectionsResumeData, ThrowOnError>): RequestResult<ConnectionsResumeResponses, ConnectionsResumeErrors, ThrowOnError> => (options.client ?? client).post<ConnectionsResumeResponses, ConnectionsResumeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/connections/{id}/resume',
    ...options
});

/**
 * List locations
 *
 * Every location of the marketplace; an operator sees its own.
 */
export const locationsList = <ThrowOnError extends boolean = false>(options?: Options<LocationsListData, ThrowOnError>): RequestResult<LocationsListResponses, LocationsListErrors, ThrowOnError> => (options?.client ?? client).get<LocationsListResponses, LocationsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/locations',
    ...options
});

/**
 * Publish a location of your own node
 *
 * Makes a site for chargers that connect to us. Locations of an OCPI connection are pulled and pushed over OCPI and cannot be made here.
 */
export const locationsCreate = <ThrowOnError extends boolean = false>(options: Options<LocationsCreateData, ThrowOnError>): RequestResult<LocationsCreateResponses, LocationsCreateErrors, ThrowOnError> => (options.client ?? client).post<LocationsCreateResponses, LocationsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/locations',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a location
 *
 * Any location of the marketplace.
 */
export const locationsGet = <ThrowOnError extends boolean = false>(options: Options<LocationsGetData, ThrowOnError>): RequestResult<LocationsGetResponses, LocationsGetErrors, ThrowOnError> => (options.client ?? client).get<LocationsGetResponses, LocationsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/locations/{id}',
    ...options
});

/**
 * Find EVSEs near a position
 *
 * Nearest first, at most 100. Reads only, so it needs no `Idempotency-Key`. Ask for a quote to get a binding price.
 */
export const evsesSearch = <ThrowOnError extends boolean = false>(options: Options<EvsesSearchData, ThrowOnError>): RequestResult<EvsesSearchResponses, EvsesSearchErrors, ThrowOnError> => (options.client ?? client).post<EvsesSearchResponses, EvsesSearchErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/search',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read an EVSE
 *
 * By our id or by the EVSE-ID printed on the charger.
 */
export const evsesGet = <ThrowOnError extends boolean = false>(options: Options<EvsesGetData, ThrowOnError>): RequestResult<EvsesGetResponses, EvsesGetErrors, ThrowOnError> => (options.client ?? client).get<EvsesGetResponses, EvsesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/evses/{id}',
    ...options
});

/**
 * Read the keys of a meter
 *
 * The one in force first. Public, so that anyone can check what was measured.
 */
export const evsesMeterKeys = <ThrowOnError extends boolean = false>(options: Options<EvsesMeterKeysData, ThrowOnError>): RequestResult<EvsesMeterKeysResponses, EvsesMeterKeysErrors, ThrowOnError> => (options.client ?? client).get<EvsesMeterKeysResponses, EvsesMeterKeysErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/evses/{id}/meter_keys',
    ...options
});

/**
 * Register the key of a meter
 *
 * From now on the signed values (OCMF) of every record of this EVSE are checked against it. Where the market forbids to bill energy that its meter did not sign, a record without valid values is then paid without its energy. A new meter is a new key; earlier sessions stay with the key of their time.
 */
export const evsesAddMeterKey = <ThrowOnError extends boolean = false>(options: Options<EvsesAddMeterKeyData, ThrowOnError>): RequestResult<EvsesAddMeterKeyResponses, EvsesAddMeterKeyErrors, ThrowOnError> => (options.client ?? client).post<EvsesAddMeterKeyResponses, EvsesAddMeterKeyErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/evses/{id}/meter_keys',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List chargers
 *
 * Newest first.
 */
export const chargeStationsList = <ThrowOnError extends boolean = false>(options?: Options<ChargeStationsListData, ThrowOnError>): RequestResult<ChargeStationsListResponses, ChargeStationsListErrors, ThrowOnError> => (options?.client ?? client).get<ChargeStationsListResponses, ChargeStationsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/charge_stations',
    ...options
});

/**
 * Provision a charger
 *
 * Registers a charger, its EVSEs and connectors, and makes its password (OCPP security profile 1). The charger connects to `ocpp_url` with its identity as user name.
 */
export const chargeStationsCreate = <ThrowOnError extends boolean = false>(options: Options<ChargeStationsCreateData, ThrowOnError>): RequestResult<ChargeStationsCreateResponses, ChargeStationsCreateErrors, ThrowOnError> => (options.client ?? client).post<ChargeStationsCreateResponses, ChargeStationsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/charge_stations',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a charger
 *
 * What it said at boot, and whether it is online.
 */
export const chargeStationsGet = <ThrowOnError extends boolean = false>(options: Options<ChargeStationsGetData, ThrowOnError>): RequestResult<ChargeStationsGetResponses, ChargeStationsGetErrors, ThrowOnError> => (options.client ?? client).get<ChargeStationsGetResponses, ChargeStationsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/charge_stations/{id}',
    ...options
});

/**
 * List tariffs
 *
 * Versions in force now or at `as_of`; an operator sees its own. A tariff that is announced and has no version in force yet is listed now, not at `as_of`.
 */
export const tariffsList = <ThrowOnError extends boolean = false>(options?: Options<TariffsListData, ThrowOnError>): RequestResult<TariffsListResponses, TariffsListErrors, ThrowOnError> => (options?.client ?? client).get<TariffsListResponses, TariffsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs',
    ...options
});

/**
 * Publish a tariff of your own node
 *
 * Publishes the tariff of a node connection. The same `tariff.id` again makes the next version; older versions stay valid for quotes that name them. Publishing what is already in force changes nothing. What could not be sold is refused with its `problems`, and the present price stays. Partners who show the price (an open quote of it, or an enabled endpoint that wants `tariff.changed`) hear of another one by `tariff.changed`.
 */
export const tariffsCreate = <ThrowOnError extends boolean = false>(options: Options<TariffsCreateData, ThrowOnError>): RequestResult<TariffsCreateResponses, TariffsCreateErrors, ThrowOnError> => (options.client ?? client).post<TariffsCreateResponses, TariffsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Try a tariff
 *
 * What publishing would do, and everything found, without storing it. Takes any of your connections and any OCPI version, so that you can try your feed as well.
 */
export const tariffsValidate = <ThrowOnError extends boolean = false>(options: Options<TariffsValidateData, ThrowOnError>): RequestResult<TariffsValidateResponses, TariffsValidateErrors, ThrowOnError> => (options.client ?? client).post<TariffsValidateResponses, TariffsValidateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs:validate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * How fresh your tariffs are
 *
 * Per connection: when its tariffs were last confirmed, and how many are announced, held, invalid or too old to be sold.
 */
export const tariffsFreshness = <ThrowOnError extends boolean = false>(options?: Options<TariffsFreshnessData, ThrowOnError>): RequestResult<TariffsFreshnessResponses, TariffsFreshnessErrors, ThrowOnError> => (options?.client ?? client).get<TariffsFreshnessResponses, TariffsFreshnessErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/freshness',
    ...options
});

/**
 * Read a tariff
 *
 * The version in force, at `as_of` or now, or the one named by `version`.
 */
export const tariffsGet = <ThrowOnError extends boolean = false>(options: Options<TariffsGetData, ThrowOnError>): RequestResult<TariffsGetResponses, TariffsGetErrors, ThrowOnError> => (options.client ?? client).get<TariffsGetResponses, TariffsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}',
    ...options
});

/**
 * List versions of a tariff
 *
 * Newest first, announced and replaced ones included.
 */
export const tariffsVersions = <ThrowOnError extends boolean = false>(options: Options<TariffsVersionsData, ThrowOnError>): RequestResult<TariffsVersionsResponses, TariffsVersionsErrors, ThrowOnError> => (options.client ?? client).get<TariffsVersionsResponses, TariffsVersionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/versions',
    ...options
});

/**
 * Confirm an unusual price
 *
 * You stand by the price of the last version: it is sold at once. Without a hold it changes nothing. A price far above what is usual is released by the platform, not by the operator who is paid by it.
 */
export const tariffsConfirm = <ThrowOnError extends boolean = false>(options: Options<TariffsConfirmData, ThrowOnError>): RequestResult<TariffsConfirmResponses, TariffsConfirmErrors, ThrowOnError> => (options.client ?? client).post<TariffsConfirmResponses, TariffsConfirmErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/confirm',
    ...options
});

/**
 * Price example sessions
 *
 * The price in words and example sessions of the market, each with its lines and a curve to draw; your own session first when you give `energy_wh` or `duration_s`.
 */
export const tariffsPreview = <ThrowOnError extends boolean = false>(options: Options<TariffsPreviewData, ThrowOnError>): RequestResult<TariffsPreviewResponses, TariffsPreviewErrors, ThrowOnError> => (options.client ?? client).get<TariffsPreviewResponses, TariffsPreviewErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/preview',
    ...options
});

/**
 * Draw example sessions
 *
 * The curves of the preview as a drawing.
 */
export const tariffsPlot = <ThrowOnError extends boolean = false>(options: Options<TariffsPlotData, ThrowOnError>): RequestResult<TariffsPlotResponses, TariffsPlotErrors, ThrowOnError> => (options.client ?? client).get<TariffsPlotResponses, TariffsPlotErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/preview.svg',
    ...options
});

/**
 * Explain a tariff
 *
 * Every element in words, and in which markets and up to which power it is sold.
 */
export const tariffsExplain = <ThrowOnError extends boolean = false>(options: Options<TariffsExplainData, ThrowOnError>): RequestResult<TariffsExplainResponses, TariffsExplainErrors, ThrowOnError> => (options.client ?? client).get<TariffsExplainResponses, TariffsExplainErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/explain',
    ...options
});

/**
 * Download a tariff as received
 *
 * The text of your tariff, byte for byte as it reached us.
 */
export const tariffsRaw = <ThrowOnError extends boolean = false>(options: Options<TariffsRawData, ThrowOnError>): RequestResult<TariffsRawResponses, TariffsRawErrors, ThrowOnError> => (options.client ?? client).get<TariffsRawResponses, TariffsRawErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/tariffs/{id}/raw',
    ...options
});

/**
 * Prices for a map
 *
 * Up to 50 EVSEs at once, without payment source and without obligation. Each is answered by itself, in your order. Ask for a binding quote before you start.
 */
export const quotesBatch = <ThrowOnError extends boolean = false>(options: Options<QuotesBatchData, ThrowOnError>): RequestResult<QuotesBatchResponses, QuotesBatchErrors, ThrowOnError> => (options.client ?? client).post<QuotesBatchResponses, QuotesBatchErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/quotes:batch',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get a binding price
 *
 * Reads the operator's public tariff, locks that version by hash and signs the result. Show `components` or `display_text` to the driver before you start. The price holds until the end of a session started before `expires_at`.
 */
export const quotesCreate = <ThrowOnError extends boolean = false>(options: Options<QuotesCreateData, ThrowOnError>): RequestResult<QuotesCreateResponses, QuotesCreateErrors, ThrowOnError> => (options.client ?? client).post<QuotesCreateResponses, QuotesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/quotes',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a quote
 *
 * A quote never changes; only its `status` does.
 */
export const quotesGet = <ThrowOnError extends boolean = false>(options: Options<QuotesGetData, ThrowOnError>): RequestResult<QuotesGetResponses, QuotesGetErrors, ThrowOnError> => (options.client ?? client).get<QuotesGetResponses, QuotesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/quotes/{id}',
    ...options
});

/**
 * Give a quote back
 *
 * An open quote can no longer be used. Cancelling twice is harmless.
 */
export const quotesCancel = <ThrowOnError extends boolean = false>(options: Options<QuotesCancelData, ThrowOnError>): RequestResult<QuotesCancelResponses, QuotesCancelErrors, ThrowOnError> => (options.client ?? client).post<QuotesCancelResponses, QuotesCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/quotes/{id}/cancel',
    ...options
});

/**
 * List distribution agreements
 *
 * The newest version of each, newest agreement first: your own, and the public terms that may be joined.
 */
export const agreementsList = <ThrowOnError extends boolean = false>(options?: Options<AgreementsListData, ThrowOnError>): RequestResult<AgreementsListResponses, AgreementsListErrors, ThrowOnError> => (options?.client ?? client).get<AgreementsListResponses, AgreementsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements',
    ...options
});

/**
 * Propose a distribution agreement
 *
 * The platform proposes to an account, an account to the platform. Nothing changes until the other side accepts; public terms count for whoever joins them.
 */
export const agreementsCreate = <ThrowOnError extends boolean = false>(options: Options<AgreementsCreateData, ThrowOnError>): RequestResult<AgreementsCreateResponses, AgreementsCreateErrors, ThrowOnError> => (options.client ?? client).post<AgreementsCreateResponses, AgreementsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose other terms
 *
 * Versions never change; other terms are the next version. Accepted, it takes the place of the one in force.
 */
export const agreementsAmend = <ThrowOnError extends boolean = false>(options: Options<AgreementsAmendData, ThrowOnError>): RequestResult<AgreementsAmendResponses, AgreementsAmendErrors, ThrowOnError> => (options.client ?? client).post<AgreementsAmendResponses, AgreementsAmendErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose a draft
 *
 * Shows your draft to the other side; public terms count from then on.
 */
export const agreementsPropose = <ThrowOnError extends boolean = false>(options: Options<AgreementsProposeData, ThrowOnError>): RequestResult<AgreementsProposeResponses, AgreementsProposeErrors, ThrowOnError> => (options.client ?? client).post<AgreementsProposeResponses, AgreementsProposeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}/propose',
    ...options
});

/**
 * Accept a proposal, or join public terms
 *
 * Only the side that did not propose accepts. Joining costs nothing: an account that accepts public terms gets a version of its own with them.
 */
export const agreementsAccept = <ThrowOnError extends boolean = false>(options: Options<AgreementsAcceptData, ThrowOnError>): RequestResult<AgreementsAcceptResponses, AgreementsAcceptErrors, ThrowOnError> => (options.client ?? client).post<AgreementsAcceptResponses, AgreementsAcceptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}/accept',
    ...options
});

/**
 * Reject or withdraw a proposal
 *
 * Either side, as long as it is not accepted.
 */
export const agreementsReject = <ThrowOnError extends boolean = false>(options: Options<AgreementsRejectData, ThrowOnError>): RequestResult<AgreementsRejectResponses, AgreementsRejectErrors, ThrowOnError> => (options.client ?? client).post<AgreementsRejectResponses, AgreementsRejectErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}/reject',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End an agreement
 *
 * Either side, at once or at an instant to come. A session whose quote was made before keeps its terms.
 */
export const agreementsEnd = <ThrowOnError extends boolean = false>(options: Options<AgreementsEndData, ThrowOnError>): RequestResult<AgreementsEndResponses, AgreementsEndErrors, ThrowOnError> => (options.client ?? client).post<AgreementsEndResponses, AgreementsEndErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}/end',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a distribution agreement
 *
 * Its newest version, or the one you name.
 */
export const agreementsGet = <ThrowOnError extends boolean = false>(options: Options<AgreementsGetData, ThrowOnError>): RequestResult<AgreementsGetResponses, AgreementsGetErrors, ThrowOnError> => (options.client ?? client).get<AgreementsGetResponses, AgreementsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/agreements/{id}',
    ...options
});

/**
 * List rate agreements
 *
 * The newest version of each, newest agreement first.
 */
export const rateAgreementsList = <ThrowOnError extends boolean = false>(options?: Options<RateAgreementsListData, ThrowOnError>): RequestResult<RateAgreementsListResponses, RateAgreementsListErrors, ThrowOnError> => (options?.client ?? client).get<RateAgreementsListResponses, RateAgreementsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements',
    ...options
});

/**
 * Propose a rate agreement
 *
 * A partner proposes to a CPO, or a CPO to a partner. Nothing changes until the other side accepts.
 */
export const rateAgreementsCreate = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsCreateData, ThrowOnError>): RequestResult<RateAgreementsCreateResponses, RateAgreementsCreateErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsCreateResponses, RateAgreementsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose other terms
 *
 * Versions never change; other terms are the next version. Accepted, it takes the place of the one in force.
 */
export const rateAgreementsAmend = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsAmendData, ThrowOnError>): RequestResult<RateAgreementsAmendResponses, RateAgreementsAmendErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsAmendResponses, RateAgreementsAmendErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose a draft
 *
 * Shows your draft to the other side.
 */
export const rateAgreementsPropose = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsProposeData, ThrowOnError>): RequestResult<RateAgreementsProposeResponses, RateAgreementsProposeErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsProposeResponses, RateAgreementsProposeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}/propose',
    ...options
});

/**
 * Accept a proposal
 *
 * Only the side that did not propose accepts. Refused where a public price in scope would be exceeded, or where the market asks for a justification and none is recorded.
 */
export const rateAgreementsAccept = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsAcceptData, ThrowOnError>): RequestResult<RateAgreementsAcceptResponses, RateAgreementsAcceptErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsAcceptResponses, RateAgreementsAcceptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}/accept',
    ...options
});

/**
 * Reject or withdraw a proposal
 *
 * Either side, as long as it is not accepted.
 */
export const rateAgreementsReject = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsRejectData, ThrowOnError>): RequestResult<RateAgreementsRejectResponses, RateAgreementsRejectErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsRejectResponses, RateAgreementsRejectErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}/reject',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End an agreement
 *
 * Either side, at once or at an instant to come. A session whose quote was made before keeps its price.
 */
export const rateAgreementsEnd = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsEndData, ThrowOnError>): RequestResult<RateAgreementsEndResponses, RateAgreementsEndErrors, ThrowOnError> => (options.client ?? client).post<RateAgreementsEndResponses, RateAgreementsEndErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}/end',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a rate agreement
 *
 * Its newest version, or the one you name.
 */
export const rateAgreementsGet = <ThrowOnError extends boolean = false>(options: Options<RateAgreementsGetData, ThrowOnError>): RequestResult<RateAgreementsGetResponses, RateAgreementsGetErrors, ThrowOnError> => (options.client ?? client).get<RateAgreementsGetResponses, RateAgreementsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/rate_agreements/{id}',
    ...options
});

/**
 * List contracts
 *
 * The newest version of each, newest contract first.
 */
export const contractsList = <ThrowOnError extends boolean = false>(options?: Options<ContractsListData, ThrowOnError>): RequestResult<ContractsListResponses, ContractsListErrors, ThrowOnError> => (options?.client ?? client).get<ContractsListResponses, ContractsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts',
    ...options
});

/**
 * Propose a contract
 *
 * Nothing changes until the other side accepts.
 */
export const contractsCreate = <ThrowOnError extends boolean = false>(options: Options<ContractsCreateData, ThrowOnError>): RequestResult<ContractsCreateResponses, ContractsCreateErrors, ThrowOnError> => (options.client ?? client).post<ContractsCreateResponses, ContractsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose other terms
 *
 * Versions never change; other terms are the next version, which takes the place of the one in force once it is accepted.
 */
export const contractsAmend = <ThrowOnError extends boolean = false>(options: Options<ContractsAmendData, ThrowOnError>): RequestResult<ContractsAmendResponses, ContractsAmendErrors, ThrowOnError> => (options.client ?? client).post<ContractsAmendResponses, ContractsAmendErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Propose a draft
 *
 * Shows your draft to the other side.
 */
export const contractsPropose = <ThrowOnError extends boolean = false>(options: Options<ContractsProposeData, ThrowOnError>): RequestResult<ContractsProposeResponses, ContractsProposeErrors, ThrowOnError> => (options.client ?? client).post<ContractsProposeResponses, ContractsProposeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}/propose',
    ...options
});

/**
 * Accept a proposal
 *
 * Refused where its rate agreement is not in force between the two, where its split policy is none of the operator’s in force, and where another contract of equal rank would meet it (`rule` `equal_rank`).
 */
export const contractsAccept = <ThrowOnError extends boolean = false>(options: Options<ContractsAcceptData, ThrowOnError>): RequestResult<ContractsAcceptResponses, ContractsAcceptErrors, ThrowOnError> => (options.client ?? client).post<ContractsAcceptResponses, ContractsAcceptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}/accept',
    ...options
});

/**
 * Reject or withdraw a proposal
 *
 * Either side, as long as it is not accepted.
 */
export const contractsReject = <ThrowOnError extends boolean = false>(options: Options<ContractsRejectData, ThrowOnError>): RequestResult<ContractsRejectResponses, ContractsRejectErrors, ThrowOnError> => (options.client ?? client).post<ContractsRejectResponses, ContractsRejectErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}/reject',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End a contract
 *
 * Either side, at once or at an instant to come. Quotes made before keep it.
 */
export const contractsEnd = <ThrowOnError extends boolean = false>(options: Options<ContractsEndData, ThrowOnError>): RequestResult<ContractsEndResponses, ContractsEndErrors, ThrowOnError> => (options.client ?? client).post<ContractsEndResponses, ContractsEndErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}/end',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a contract
 *
 * Its newest version, or the one you name.
 */
export const contractsGet = <ThrowOnError extends boolean = false>(options: Options<ContractsGetData, ThrowOnError>): RequestResult<ContractsGetResponses, ContractsGetErrors, ThrowOnError> => (options.client ?? client).get<ContractsGetResponses, ContractsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/contracts/{id}',
    ...options
});

/**
 * List groups of drivers
 *
 * Newest first.
 */
export const driverGroupsList = <ThrowOnError extends boolean = false>(options?: Options<DriverGroupsListData, ThrowOnError>): RequestResult<DriverGroupsListResponses, DriverGroupsListErrors, ThrowOnError> => (options?.client ?? client).get<DriverGroupsListResponses, DriverGroupsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/driver_groups',
    ...options
});

/**
 * Make a group of drivers
 *
 * Contracts and access rules name it by its id. Drivers are made on first use.
 */
export const driverGroupsCreate = <ThrowOnError extends boolean = false>(options: Options<DriverGroupsCreateData, ThrowOnError>): RequestResult<DriverGroupsCreateResponses, DriverGroupsCreateErrors, ThrowOnError> => (options.client ?? client).post<DriverGroupsCreateResponses, DriverGroupsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/driver_groups',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a group of drivers
 *
 * With its drivers.
 */
export const driverGroupsGet = <ThrowOnError extends boolean = false>(options: Options<DriverGroupsGetData, ThrowOnError>): RequestResult<DriverGroupsGetResponses, DriverGroupsGetErrors, ThrowOnError> => (options.client ?? client).get<DriverGroupsGetResponses, DriverGroupsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/driver_groups/{id}',
    ...options
});

/**
 * Change who is in it
 *
 * Quotes made from now on are by the group as it is then.
 */
export const driverGroupsUpdate = <ThrowOnError extends boolean = false>(options: Options<DriverGroupsUpdateData, ThrowOnError>): RequestResult<DriverGroupsUpdateResponses, DriverGroupsUpdateErrors, ThrowOnError> => (options.client ?? client).post<DriverGroupsUpdateResponses, DriverGroupsUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/driver_groups/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List access rules
 *
 * Newest first.
 */
export const accessRulesList = <ThrowOnError extends boolean = false>(options?: Options<AccessRulesListData, ThrowOnError>): RequestResult<AccessRulesListResponses, AccessRulesListErrors, ThrowOnError> => (options?.client ?? client).get<AccessRulesListResponses, AccessRulesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/access_rules',
    ...options
});

/**
 * Admit somebody to a place
 *
 * The first rule of a place closes it to everybody else. Its name is what others read, such as "Staff of the clinic".
 */
export const accessRulesCreate = <ThrowOnError extends boolean = false>(options: Options<AccessRulesCreateData, ThrowOnError>): RequestResult<AccessRulesCreateResponses, AccessRulesCreateErrors, ThrowOnError> => (options.client ?? client).post<AccessRulesCreateResponses, AccessRulesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/access_rules',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End an access rule
 *
 * At once. Sessions that run go on.
 */
export const accessRulesEnd = <ThrowOnError extends boolean = false>(options: Options<AccessRulesEndData, ThrowOnError>): RequestResult<AccessRulesEndResponses, AccessRulesEndErrors, ThrowOnError> => (options.client ?? client).post<AccessRulesEndResponses, AccessRulesEndErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/access_rules/{id}/end',
    ...options
});

/**
 * Read an access rule
 *
 * One of your own.
 */
export const accessRulesGet = <ThrowOnError extends boolean = false>(options: Options<AccessRulesGetData, ThrowOnError>): RequestResult<AccessRulesGetResponses, AccessRulesGetErrors, ThrowOnError> => (options.client ?? client).get<AccessRulesGetResponses, AccessRulesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/access_rules/{id}',
    ...options
});

/**
 * List policy packages
 *
 * Newest first.
 */
export const policyPackagesList = <ThrowOnError extends boolean = false>(options?: Options<PolicyPackagesListData, ThrowOnError>): RequestResult<PolicyPackagesListResponses, PolicyPackagesListErrors, ThrowOnError> => (options?.client ?? client).get<PolicyPackagesListResponses, PolicyPackagesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages',
    ...options
});

/**
 * Upload a policy package
 *
 * A draft, if all of its golden tests pass; otherwise `invalid_value` that names the first one that does not, with what it answered.
 */
export const policyPackagesCreate = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesCreateData, ThrowOnError>): RequestResult<PolicyPackagesCreateResponses, PolicyPackagesCreateErrors, ThrowOnError> => (options.client ?? client).post<PolicyPackagesCreateResponses, PolicyPackagesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a policy package
 *
 * Its manifest and how it does.
 */
export const policyPackagesGet = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesGetData, ThrowOnError>): RequestResult<PolicyPackagesGetResponses, PolicyPackagesGetErrors, ThrowOnError> => (options.client ?? client).get<PolicyPackagesGetResponses, PolicyPackagesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}',
    ...options
});

/**
 * Read its source
 *
 * Byte for byte as uploaded.
 */
export const policyPackagesSource = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesSourceData, ThrowOnError>): RequestResult<PolicyPackagesSourceResponses, PolicyPackagesSourceErrors, ThrowOnError> => (options.client ?? client).get<PolicyPackagesSourceResponses, PolicyPackagesSourceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}/source',
    ...options
});

/**
 * Put a package in force
 *
 * Its goldens are tried again. Versions of the same name in force are retired by it; a hook that a package of another name has is `invalid_transition`. One that was switched off may be put in force again.
 */
export const policyPackagesActivate = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesActivateData, ThrowOnError>): RequestResult<PolicyPackagesActivateResponses, PolicyPackagesActivateErrors, ThrowOnError> => (options.client ?? client).post<PolicyPackagesActivateResponses, PolicyPackagesActivateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}/activate',
    ...options
});

/**
 * Take a package out of force
 *
 * It is asked no more. What it answered stays with its sessions.
 */
export const policyPackagesRetire = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesRetireData, ThrowOnError>): RequestResult<PolicyPackagesRetireResponses, PolicyPackagesRetireErrors, ThrowOnError> => (options.client ?? client).post<PolicyPackagesRetireResponses, PolicyPackagesRetireErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}/retire',
    ...options
});

/**
 * Try a package
 *
 * Calls it with facts of yours, or with those a session of yours was decided by. Nothing is kept, and no fault is counted.
 */
export const policyPackagesDryRun = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesDryRunData, ThrowOnError>): RequestResult<PolicyPackagesDryRunResponses, PolicyPackagesDryRunErrors, ThrowOnError> => (options.client ?? client).post<PolicyPackagesDryRunResponses, PolicyPackagesDryRunErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}/dry_run',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Where it failed
 *
 * Newest first.
 */
export const policyPackagesFaults = <ThrowOnError extends boolean = false>(options: Options<PolicyPackagesFaultsData, ThrowOnError>): RequestResult<PolicyPackagesFaultsResponses, PolicyPackagesFaultsErrors, ThrowOnError> => (options.client ?? client).get<PolicyPackagesFaultsResponses, PolicyPackagesFaultsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/policy_packages/{id}/faults',
    ...options
});

/**
 * List split policies
 *
 * The newest version of each, newest policy first.
 */
export const splitPoliciesList = <ThrowOnError extends boolean = false>(options?: Options<SplitPoliciesListData, ThrowOnError>): RequestResult<SplitPoliciesListResponses, SplitPoliciesListErrors, ThrowOnError> => (options?.client ?? client).get<SplitPoliciesListResponses, SplitPoliciesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies',
    ...options
});

/**
 * Draft a split policy
 *
 * By an operator for its own sales, by the platform for any or for all. Shares nothing until it is activated. What no session could be shared by is refused with the field it is in.
 */
export const splitPoliciesCreate = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesCreateData, ThrowOnError>): RequestResult<SplitPoliciesCreateResponses, SplitPoliciesCreateErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesCreateResponses, SplitPoliciesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a split policy
 *
 * Its newest version, or the one you name. A draft is read by its maker alone.
 */
export const splitPoliciesGet = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesGetData, ThrowOnError>): RequestResult<SplitPoliciesGetResponses, SplitPoliciesGetErrors, ThrowOnError> => (options.client ?? client).get<SplitPoliciesGetResponses, SplitPoliciesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}',
    ...options
});

/**
 * Change a draft
 *
 * All of its terms. What was activated is changed by its next version.
 */
export const splitPoliciesUpdate = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesUpdateData, ThrowOnError>): RequestResult<SplitPoliciesUpdateResponses, SplitPoliciesUpdateErrors, ThrowOnError> => (options.client ?? client).patch<SplitPoliciesUpdateResponses, SplitPoliciesUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Draft the next version
 *
 * Activated, it ends the one before at the same instant.
 */
export const splitPoliciesAmend = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesAmendData, ThrowOnError>): RequestResult<SplitPoliciesAmendResponses, SplitPoliciesAmendErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesAmendResponses, SplitPoliciesAmendErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Activate a draft
 *
 * It shares sessions quoted from then on. Refused where another policy of equal rank (level and effective_from) would count for the same session, which is named in `overlaps`, and where a golden statement is not made again to the cent: `differences` says which line, what was expected and what was found.
 */
export const splitPoliciesActivate = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesActivateData, ThrowOnError>): RequestResult<SplitPoliciesActivateResponses, SplitPoliciesActivateErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesActivateResponses, SplitPoliciesActivateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/activate',
    ...options
});

/**
 * Retire a policy
 *
 * At once or at an instant to come. Sessions quoted before are shared by it, and its periods are settled.
 */
export const splitPoliciesRetire = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesRetireData, ThrowOnError>): RequestResult<SplitPoliciesRetireResponses, SplitPoliciesRetireErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesRetireResponses, SplitPoliciesRetireErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/retire',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List the statements of before
 *
 * Each with what the newest version makes otherwise.
 */
export const splitPoliciesGoldens = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesGoldensData, ThrowOnError>): RequestResult<SplitPoliciesGoldensResponses, SplitPoliciesGoldensErrors, ThrowOnError> => (options.client ?? client).get<SplitPoliciesGoldensResponses, SplitPoliciesGoldensErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/goldens',
    ...options
});

/**
 * Import a statement of before
 *
 * As JSON or CSV, up to 1000 sessions, amounts net of tax. The answer says what the newest version makes otherwise.
 */
export const splitPoliciesAddGolden = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesAddGoldenData, ThrowOnError>): RequestResult<SplitPoliciesAddGoldenResponses, SplitPoliciesAddGoldenErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesAddGoldenResponses, SplitPoliciesAddGoldenErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/goldens',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Replay past sessions
 *
 * The newest version over the sessions of the last days, at most 10,000 of them, newest first. It takes a while: read it until it is no longer `running`.
 */
export const splitPoliciesSimulate = <ThrowOnError extends boolean = false>(options: Options<SplitPoliciesSimulateData, ThrowOnError>): RequestResult<SplitPoliciesSimulateResponses, SplitPoliciesSimulateErrors, ThrowOnError> => (options.client ?? client).post<SplitPoliciesSimulateResponses, SplitPoliciesSimulateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_policies/{id}/simulate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a simulation
 *
 * Its progress, and once it has succeeded what each payee would have been paid.
 */
export const splitSimulationsGet = <ThrowOnError extends boolean = false>(options: Options<SplitSimulationsGetData, ThrowOnError>): RequestResult<SplitSimulationsGetResponses, SplitSimulationsGetErrors, ThrowOnError> => (options.client ?? client).get<SplitSimulationsGetResponses, SplitSimulationsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_simulations/{id}',
    ...options
});

/**
 * Read what would have changed
 *
 * Each session and payee with another amount, newest session first.
 */
export const splitSimulationsLines = <ThrowOnError extends boolean = false>(options: Options<SplitSimulationsLinesData, ThrowOnError>): RequestResult<SplitSimulationsLinesResponses, SplitSimulationsLinesErrors, ThrowOnError> => (options.client ?? client).get<SplitSimulationsLinesResponses, SplitSimulationsLinesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_simulations/{id}/lines',
    ...options
});

/**
 * List what periods came to
 *
 * Items that you are paid by or pay, newest first.
 */
export const splitItemsList = <ThrowOnError extends boolean = false>(options?: Options<SplitItemsListData, ThrowOnError>): RequestResult<SplitItemsListResponses, SplitItemsListErrors, ThrowOnError> => (options?.client ?? client).get<SplitItemsListResponses, SplitItemsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/split_items',
    ...options
});

/**
 * List plans
 *
 * The newest version of each, newest plan first: your own and those of CPOs.
 */
export const plansList = <ThrowOnError extends boolean = false>(options?: Options<PlansListData, ThrowOnError>): RequestResult<PlansListResponses, PlansListErrors, ThrowOnError> => (options?.client ?? client).get<PlansListResponses, PlansListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/plans',
    ...options
});

/**
 * Sell a plan
 *
 * A partner’s plan counts for its own drivers at every charger, a CPO’s for every partner’s drivers at its own chargers; both where prices are in the plan’s currency.
 */
export const plansCreate = <ThrowOnError extends boolean = false>(options: Options<PlansCreateData, ThrowOnError>): RequestResult<PlansCreateResponses, PlansCreateErrors, ThrowOnError> => (options.client ?? client).post<PlansCreateResponses, PlansCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/plans',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Sell other terms
 *
 * Versions never change. Subscriptions keep theirs until they are moved; quoted sessions keep theirs to the end.
 */
export const plansAddVersion = <ThrowOnError extends boolean = false>(options: Options<PlansAddVersionData, ThrowOnError>): RequestResult<PlansAddVersionResponses, PlansAddVersionErrors, ThrowOnError> => (options.client ?? client).post<PlansAddVersionResponses, PlansAddVersionErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/plans/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Take a plan out of sale
 *
 * No new subscriptions; those there are go on.
 */
export const plansRetire = <ThrowOnError extends boolean = false>(options: Options<PlansRetireData, ThrowOnError>): RequestResult<PlansRetireResponses, PlansRetireErrors, ThrowOnError> => (options.client ?? client).post<PlansRetireResponses, PlansRetireErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/plans/{id}/retire',
    ...options
});

/**
 * Read a plan
 *
 * Its newest version, or the one you name. CPOs’ plans are public.
 */
export const plansGet = <ThrowOnError extends boolean = false>(options: Options<PlansGetData, ThrowOnError>): RequestResult<PlansGetResponses, PlansGetErrors, ThrowOnError> => (options.client ?? client).get<PlansGetResponses, PlansGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/plans/{id}',
    ...options
});

/**
 * List subscriptions
 *
 * Newest first.
 */
export const subscriptionsList = <ThrowOnError extends boolean = false>(options?: Options<SubscriptionsListData, ThrowOnError>): RequestResult<SubscriptionsListResponses, SubscriptionsListErrors, ThrowOnError> => (options?.client ?? client).get<SubscriptionsListResponses, SubscriptionsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions',
    ...options
});

/**
 * Subscribe a driver to a plan
 *
 * One of your own plans, or a CPO’s. From its first day on the driver’s quotes are priced by it wherever it makes them cheaper.
 */
export const subscriptionsCreate = <ThrowOnError extends boolean = false>(options: Options<SubscriptionsCreateData, ThrowOnError>): RequestResult<SubscriptionsCreateResponses, SubscriptionsCreateErrors, ThrowOnError> => (options.client ?? client).post<SubscriptionsCreateResponses, SubscriptionsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Move to another version of its plan
 *
 * From the next period on; what was quoted before keeps its price.
 */
export const subscriptionsChangePlan = <ThrowOnError extends boolean = false>(options: Options<SubscriptionsChangePlanData, ThrowOnError>): RequestResult<SubscriptionsChangePlanResponses, SubscriptionsChangePlanErrors, ThrowOnError> => (options.client ?? client).post<SubscriptionsChangePlanResponses, SubscriptionsChangePlanErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions/{id}/versions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End a subscription
 *
 * At the end of its period, or now. Sessions quoted before keep their price.
 */
export const subscriptionsCancel = <ThrowOnError extends boolean = false>(options: Options<SubscriptionsCancelData, ThrowOnError>): RequestResult<SubscriptionsCancelResponses, SubscriptionsCancelErrors, ThrowOnError> => (options.client ?? client).post<SubscriptionsCancelResponses, SubscriptionsCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions/{id}/cancel',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a subscription
 *
 * One of your drivers’, or of your plan’s.
 */
export const subscriptionsGet = <ThrowOnError extends boolean = false>(options: Options<SubscriptionsGetData, ThrowOnError>): RequestResult<SubscriptionsGetResponses, SubscriptionsGetErrors, ThrowOnError> => (options.client ?? client).get<SubscriptionsGetResponses, SubscriptionsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions/{id}',
    ...options
});

/**
 * Months of a subscription
 *
 * Newest first: fee with its VAT, allowance, and every session with what it took and cost.
 */
export const subscriptionsPeriods = <ThrowOnError extends boolean = false>(options: Options<SubscriptionsPeriodsData, ThrowOnError>): RequestResult<SubscriptionsPeriodsResponses, SubscriptionsPeriodsErrors, ThrowOnError> => (options.client ?? client).get<SubscriptionsPeriodsResponses, SubscriptionsPeriodsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/subscriptions/{id}/periods',
    ...options
});

/**
 * List rates
 *
 * Newest first.
 */
export const reimbursementRatesList = <ThrowOnError extends boolean = false>(options?: Options<ReimbursementRatesListData, ThrowOnError>): RequestResult<ReimbursementRatesListResponses, ReimbursementRatesListErrors, ThrowOnError> => (options?.client ?? client).get<ReimbursementRatesListResponses, ReimbursementRatesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reimbursement_rates',
    ...options
});

/**
 * Set a rate for employees
 *
 * For sessions in its country that begin from then on; one for home or work names its EVSEs or locations. Of several that reach a session one for its driver counts before one for its charger, that before one for its site, and of equals the one that began last.
 */
export const reimbursementRatesCreate = <ThrowOnError extends boolean = false>(options: Options<ReimbursementRatesCreateData, ThrowOnError>): RequestResult<ReimbursementRatesCreateResponses, ReimbursementRatesCreateErrors, ThrowOnError> => (options.client ?? client).post<ReimbursementRatesCreateResponses, ReimbursementRatesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reimbursement_rates',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * End a rate
 *
 * Now or at an instant to come. What began before keeps it.
 */
export const reimbursementRatesEnd = <ThrowOnError extends boolean = false>(options: Options<ReimbursementRatesEndData, ThrowOnError>): RequestResult<ReimbursementRatesEndResponses, ReimbursementRatesEndErrors, ThrowOnError> => (options.client ?? client).post<ReimbursementRatesEndResponses, ReimbursementRatesEndErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reimbursement_rates/{id}/end',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a rate
 *
 * One of your own.
 */
export const reimbursementRatesGet = <ThrowOnError extends boolean = false>(options: Options<ReimbursementRatesGetData, ThrowOnError>): RequestResult<ReimbursementRatesGetResponses, ReimbursementRatesGetErrors, ThrowOnError> => (options.client ?? client).get<ReimbursementRatesGetResponses, ReimbursementRatesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reimbursement_rates/{id}',
    ...options
});

/**
 * Energy at meters, billed and settled
 *
 * Per operator, of sessions that ended in a time: what left the meters, what of it was sold, and what has been settled. What is missing has an open item.
 */
export const reportsLeakage = <ThrowOnError extends boolean = false>(options: Options<ReportsLeakageData, ThrowOnError>): RequestResult<ReportsLeakageResponses, ReportsLeakageErrors, ThrowOnError> => (options.client ?? client).get<ReportsLeakageResponses, ReportsLeakageErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/leakage',
    ...options
});

/**
 * Price spread per EVSE across partners
 *
 * What the market’s standard session, begun at that instant, costs the drivers of each partner, with the justification of every lower price (AFIR Art. 5). In the order of the EVSEs’ ids.
 */
export const reportsNonDiscrimination = <ThrowOnError extends boolean = false>(options?: Options<ReportsNonDiscriminationData, ThrowOnError>): RequestResult<ReportsNonDiscriminationResponses, ReportsNonDiscriminationErrors, ThrowOnError> => (options?.client ?? client).get<ReportsNonDiscriminationResponses, ReportsNonDiscriminationErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/non-discrimination',
    ...options
});

/**
 * The same as CSV
 *
 * One line per connector and price, the public one included, up to 10,000 connectors.
 */
export const reportsNonDiscriminationCsv = <ThrowOnError extends boolean = false>(options?: Options<ReportsNonDiscriminationCsvData, ThrowOnError>): RequestResult<ReportsNonDiscriminationCsvResponses, ReportsNonDiscriminationCsvErrors, ThrowOnError> => (options?.client ?? client).get<ReportsNonDiscriminationCsvResponses, ReportsNonDiscriminationCsvErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/non-discrimination/csv',
    ...options
});

/**
 * How often do records ask the quoted price?
 *
 * Counted from the stored verdicts, by the time a record was received, in the order of the operators’ ids. The records behind a figure: `GET /v1/cdrs` with `rule` or `reason`.
 */
export const reportsPriceAccuracy = <ThrowOnError extends boolean = false>(options?: Options<ReportsPriceAccuracyData, ThrowOnError>): RequestResult<ReportsPriceAccuracyResponses, ReportsPriceAccuracyErrors, ThrowOnError> => (options?.client ?? client).get<ReportsPriceAccuracyResponses, ReportsPriceAccuracyErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/price-accuracy',
    ...options
});

/**
 * What employees are to be paid back
 *
 * Charging at home or at work, per employee: sessions, kWh, amounts, method and rate. Nothing is paid out.
 */
export const reportsReimbursement = <ThrowOnError extends boolean = false>(options: Options<ReportsReimbursementData, ThrowOnError>): RequestResult<ReportsReimbursementResponses, ReportsReimbursementErrors, ThrowOnError> => (options.client ?? client).get<ReportsReimbursementResponses, ReportsReimbursementErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/reimbursement',
    ...options
});

/**
 * The same as CSV
 *
 * One line per session.
 */
export const reportsReimbursementCsv = <ThrowOnError extends boolean = false>(options: Options<ReportsReimbursementCsvData, ThrowOnError>): RequestResult<ReportsReimbursementCsvResponses, ReportsReimbursementCsvErrors, ThrowOnError> => (options.client ?? client).get<ReportsReimbursementCsvResponses, ReportsReimbursementCsvErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/reimbursement/csv',
    ...options
});

/**
 * What was charged to your account
 *
 * For a fleet: one consolidated statement over all operators and countries.
 */
export const reportsAccountStatement = <ThrowOnError extends boolean = false>(options: Options<ReportsAccountStatementData, ThrowOnError>): RequestResult<ReportsAccountStatementResponses, ReportsAccountStatementErrors, ThrowOnError> => (options.client ?? client).get<ReportsAccountStatementResponses, ReportsAccountStatementErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reports/account-statement',
    ...options
});

/**
 * List sessions
 *
 * Newest first: a partner its own, an operator those at its chargers.
 */
export const sessionsList = <ThrowOnError extends boolean = false>(options?: Options<SessionsListData, ThrowOnError>): RequestResult<SessionsListResponses, SessionsListErrors, ThrowOnError> => (options?.client ?? client).get<SessionsListResponses, SessionsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions',
    ...options
});

/**
 * Start a session
 *
 * Uses an open quote: authorizes the payment, then tells the charger to start. The answer comes when the payment is decided, so `402` means that nothing was started and nothing is held. From then on follow the session by webhook, stream or polling. An expired quote never starts: `quote_expired` carries `new_quote` for the driver to agree to.
 */
export const sessionsCreate = <ThrowOnError extends boolean = false>(options: Options<SessionsCreateData, ThrowOnError>): RequestResult<SessionsCreateResponses, SessionsCreateErrors, ThrowOnError> => (options.client ?? client).post<SessionsCreateResponses, SessionsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a session
 *
 * With `wait`, answers as soon as the session changes past `since_sequence`, or after that many seconds.
 */
export const sessionsGet = <ThrowOnError extends boolean = false>(options: Options<SessionsGetData, ThrowOnError>): RequestResult<SessionsGetResponses, SessionsGetErrors, ThrowOnError> => (options.client ?? client).get<SessionsGetResponses, SessionsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}',
    ...options
});

/**
 * Stop a session
 *
 * Asks the charger to stop. `202` means the wish was accepted; `session.ended` tells that energy has stopped. Stopping twice is harmless.
 */
export const sessionsStop = <ThrowOnError extends boolean = false>(options: Options<SessionsStopData, ThrowOnError>): RequestResult<SessionsStopResponses, SessionsStopErrors, ThrowOnError> => (options.client ?? client).post<SessionsStopResponses, SessionsStopErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/stop',
    ...options
});

/**
 * Follow a session live
 *
 * Server-sent events: `session` with each change, `meter` with energy, power and running cost. A comment every 15 s keeps the line open. Reconnect with `Last-Event-ID`; `end` comes after the session has ended and its money is decided.
 */
export const sessionsStream = <ThrowOnError extends boolean = false>(options: Options<SessionsStreamData, ThrowOnError, SessionsStreamResponse>): Promise<ServerSentEventsResult<SessionsStreamResponses>> => (options.client ?? client).sse.get<SessionsStreamResponses, SessionsStreamErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/stream',
    ...options
});

/**
 * Why did it go as it went?
 *
 * Decisions of every room and the heads of the protocol messages exchanged with the charger or its operator, merged in order of time.
 */
export const sessionsTimeline = <ThrowOnError extends boolean = false>(options: Options<SessionsTimelineData, ThrowOnError>): RequestResult<SessionsTimelineResponses, SessionsTimelineErrors, ThrowOnError> => (options.client ?? client).get<SessionsTimelineResponses, SessionsTimelineErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/timeline',
    ...options
});

/**
 * How did the price come about?
 *
 * The proof of the price the session stands at. `404` until a record was judged, and for a session that has no price.
 */
export const sessionsPriceProof = <ThrowOnError extends boolean = false>(options: Options<SessionsPriceProofData, ThrowOnError>): RequestResult<SessionsPriceProofResponses, SessionsPriceProofErrors, ThrowOnError> => (options.client ?? client).get<SessionsPriceProofResponses, SessionsPriceProofErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/price_proof',
    ...options
});

/**
 * Download the evidence pack
 *
 * A signed zip with quote, tariff, usage, record, price proof, ledger entries and documents. Verify it offline with `npx chargelane-verify PACK.zip`. `404` until the pack is sealed.
 */
export const sessionsEvidence = <ThrowOnError extends boolean = false>(options: Options<SessionsEvidenceData, ThrowOnError>): RequestResult<SessionsEvidenceResponses, SessionsEvidenceErrors, ThrowOnError> => (options.client ?? client).get<SessionsEvidenceResponses, SessionsEvidenceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/evidence',
    ...options
});

/**
 * Read the evidence pack as a page
 *
 * The newest revision of the pack in words, to read or print. It is rendered from the pack and is no part of it. `404` until the pack is sealed.
 */
export const sessionsEvidenceSummary = <ThrowOnError extends boolean = false>(options: Options<SessionsEvidenceSummaryData, ThrowOnError>): RequestResult<SessionsEvidenceSummaryResponses, SessionsEvidenceSummaryErrors, ThrowOnError> => (options.client ?? client).get<SessionsEvidenceSummaryResponses, SessionsEvidenceSummaryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/evidence/summary',
    ...options
});

/**
 * Every price of a session
 *
 * All are computed from one usage record. A partner sees all of its session’s, the CPO its own leg.
 */
export const ratingsList = <ThrowOnError extends boolean = false>(options: Options<RatingsListData, ThrowOnError>): RequestResult<RatingsListResponses, RatingsListErrors, ThrowOnError> => (options.client ?? client).get<RatingsListResponses, RatingsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/sessions/{id}/ratings',
    ...options
});

/**
 * Read a hold
 *
 * What is held, until when, and how it ended.
 */
export const holdsGet = <ThrowOnError extends boolean = false>(options: Options<HoldsGetData, ThrowOnError>): RequestResult<HoldsGetResponses, HoldsGetErrors, ThrowOnError> => (options.client ?? client).get<HoldsGetResponses, HoldsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/holds/{id}',
    ...options
});

/**
 * List holds
 *
 * Newest first. A session may have several: where a card is not raised a second one covers the difference. What was declined never held anything and is among the payments only.
 */
export const holdsList = <ThrowOnError extends boolean = false>(options?: Options<HoldsListData, ThrowOnError>): RequestResult<HoldsListResponses, HoldsListErrors, ThrowOnError> => (options?.client ?? client).get<HoldsListResponses, HoldsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/holds',
    ...options
});

/**
 * Read a payment
 *
 * Amounts are those of the payment provider.
 */
export const paymentsGet = <ThrowOnError extends boolean = false>(options: Options<PaymentsGetData, ThrowOnError>): RequestResult<PaymentsGetResponses, PaymentsGetErrors, ThrowOnError> => (options.client ?? client).get<PaymentsGetResponses, PaymentsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payments/{id}',
    ...options
});

/**
 * List payments
 *
 * Newest first.
 */
export const paymentsList = <ThrowOnError extends boolean = false>(options?: Options<PaymentsListData, ThrowOnError>): RequestResult<PaymentsListResponses, PaymentsListErrors, ThrowOnError> => (options?.client ?? client).get<PaymentsListResponses, PaymentsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payments',
    ...options
});

/**
 * List refunds
 *
 * Newest first: those of your own payments; finance and the platform see all.
 */
export const refundsList = <ThrowOnError extends boolean = false>(options?: Options<RefundsListData, ThrowOnError>): RequestResult<RefundsListResponses, RefundsListErrors, ThrowOnError> => (options?.client ?? client).get<RefundsListResponses, RefundsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/refunds',
    ...options
});

/**
 * Give captured money back
 *
 * Whole or in part, before or after the payees were paid: the price falls, and with it every share, its tax and the commission in proportion; payees that were paid are charged it in their next settlement. A credit note follows and the pack is sealed anew. The provider is asked at once; `payment.refunded` or `payment.refund_failed` tells how it ended.
 */
export const refundsCreate = <ThrowOnError extends boolean = false>(options: Options<RefundsCreateData, ThrowOnError>): RequestResult<RefundsCreateResponses, RefundsCreateErrors, ThrowOnError> => (options.client ?? client).post<RefundsCreateResponses, RefundsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/refunds',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a refund
 *
 * With what its provider calls it.
 */
export const refundsGet = <ThrowOnError extends boolean = false>(options: Options<RefundsGetData, ThrowOnError>): RequestResult<RefundsGetResponses, RefundsGetErrors, ThrowOnError> => (options.client ?? client).get<RefundsGetResponses, RefundsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/refunds/{id}',
    ...options
});

/**
 * List disputes
 *
 * Newest first: a partner and an operator those of their sessions, a payee its own; finance and the platform see all.
 */
export const disputesList = <ThrowOnError extends boolean = false>(options?: Options<DisputesListData, ThrowOnError>): RequestResult<DisputesListResponses, DisputesListErrors, ThrowOnError> => (options?.client ?? client).get<DisputesListResponses, DisputesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes',
    ...options
});

/**
 * Open a dispute
 *
 * A partner opens `driver` for its driver; an operator `cpo` about a session it served; any payee `statement` about a session on one of its settlements. Facts are read from what was kept of the session, never from the request: what they decide is decided in this answer. A session has at most one live dispute of a kind. Until 13 months after the session’s end.
 */
export const disputesCreate = <ThrowOnError extends boolean = false>(options: Options<DisputesCreateData, ThrowOnError>): RequestResult<DisputesCreateResponses, DisputesCreateErrors, ThrowOnError> => (options.client ?? client).post<DisputesCreateResponses, DisputesCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a dispute
 *
 * With what it rests on, what is waited for, and what it led to.
 */
export const disputesGet = <ThrowOnError extends boolean = false>(options: Options<DisputesGetData, ThrowOnError>): RequestResult<DisputesGetResponses, DisputesGetErrors, ThrowOnError> => (options.client ?? client).get<DisputesGetResponses, DisputesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes/{id}',
    ...options
});

/**
 * Add to a dispute what you know of it
 *
 * While it is live. The operator of the session contests a driver’s dispute so, until `contest_until`; then a person decides. What a chargeback is given goes to the provider with the pack’s own evidence, while that has not been sent.
 */
export const disputesSubmitEvidence = <ThrowOnError extends boolean = false>(options: Options<DisputesSubmitEvidenceData, ThrowOnError>): RequestResult<DisputesSubmitEvidenceResponses, DisputesSubmitEvidenceErrors, ThrowOnError> => (options.client ?? client).post<DisputesSubmitEvidenceResponses, DisputesSubmitEvidenceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes/{id}/submit_evidence',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Withdraw a dispute
 *
 * By whoever opened it, while it is live: nothing changes, and the same may be disputed again. A chargeback is its bank’s to withdraw.
 */
export const disputesWithdraw = <ThrowOnError extends boolean = false>(options: Options<DisputesWithdrawData, ThrowOnError>): RequestResult<DisputesWithdrawResponses, DisputesWithdrawErrors, ThrowOnError> => (options.client ?? client).post<DisputesWithdrawResponses, DisputesWithdrawErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes/{id}/withdraw',
    ...options
});

/**
 * Decide a dispute
 *
 * What no rule decided. `full` and `partial` give the driver money back the way it came, with a credit note; to an operator or payee they are an adjustment that two keys have to want. Never more than was charged.
 */
export const disputesDecide = <ThrowOnError extends boolean = false>(options: Options<DisputesDecideData, ThrowOnError>): RequestResult<DisputesDecideResponses, DisputesDecideErrors, ThrowOnError> => (options.client ?? client).post<DisputesDecideResponses, DisputesDecideErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/disputes/{id}/decide',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List debts
 *
 * Newest first: your own; finance and the platform see all.
 */
export const debtsList = <ThrowOnError extends boolean = false>(options?: Options<DebtsListData, ThrowOnError>): RequestResult<DebtsListResponses, DebtsListErrors, ThrowOnError> => (options?.client ?? client).get<DebtsListResponses, DebtsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/debts',
    ...options
});

/**
 * Read a debt
 *
 * With what was paid of it and what it waits for.
 */
export const debtsGet = <ThrowOnError extends boolean = false>(options: Options<DebtsGetData, ThrowOnError>): RequestResult<DebtsGetResponses, DebtsGetErrors, ThrowOnError> => (options.client ?? client).get<DebtsGetResponses, DebtsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/debts/{id}',
    ...options
});

/**
 * Record a payment of a debt
 *
 * Money that came in for it, whole or in part. The payees who waited are paid their part in the next batch, and the payment source pays again once nothing is outstanding. A bank booking counts once by its `reference`; what is more than was owed, or dated ahead, waits as an incident `unmatched_money`.
 */
export const debtsPay = <ThrowOnError extends boolean = false>(options: Options<DebtsPayData, ThrowOnError>): RequestResult<DebtsPayResponses, DebtsPayErrors, ThrowOnError> => (options.client ?? client).post<DebtsPayResponses, DebtsPayErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/debts/{id}/pay',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Waive a debt
 *
 * The platform bears what is outstanding, and the payees are paid. Two keys have to want it: the first proposes, another one carries it out.
 */
export const debtsWaive = <ThrowOnError extends boolean = false>(options: Options<DebtsWaiveData, ThrowOnError>): RequestResult<DebtsWaiveResponses, DebtsWaiveErrors, ThrowOnError> => (options.client ?? client).post<DebtsWaiveResponses, DebtsWaiveErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/debts/{id}/waive',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Write a debt off
 *
 * Nobody will pay what is outstanding. What was guaranteed stays paid; whoever still waits for a part is not paid it. Two keys have to want it: the first proposes, another one carries it out.
 */
export const debtsWriteOff = <ThrowOnError extends boolean = false>(options: Options<DebtsWriteOffData, ThrowOnError>): RequestResult<DebtsWriteOffResponses, DebtsWriteOffErrors, ThrowOnError> => (options.client ?? client).post<DebtsWriteOffResponses, DebtsWriteOffErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/debts/{id}/write_off',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List credit lines
 *
 * Your own; finance sees those of every partner.
 */
export const creditLinesList = <ThrowOnError extends boolean = false>(options?: Options<CreditLinesListData, ThrowOnError>): RequestResult<CreditLinesListResponses, CreditLinesListErrors, ThrowOnError> => (options?.client ?? client).get<CreditLinesListResponses, CreditLinesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/credit_lines',
    ...options
});

/**
 * Set a credit line
 *
 * How much a partner may come to owe in a currency: what payment sources of type `account` draw, and what its drivers leave unpaid. 0 stops new sessions on account; running ones go on. What is not named stays as it is.
 */
export const creditLinesSet = <ThrowOnError extends boolean = false>(options: Options<CreditLinesSetData, ThrowOnError>): RequestResult<CreditLinesSetResponses, CreditLinesSetErrors, ThrowOnError> => (options.client ?? client).post<CreditLinesSetResponses, CreditLinesSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/credit_lines',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Record a payment of an account
 *
 * Money that a partner transferred for its account: what is owed falls at once. A bank booking counts once by its `reference`. What is more than was owed, or dated ahead, waits as an incident `unmatched_money`; its action `release` puts it to the credit of the account.
 */
export const creditLinesRecordPayment = <ThrowOnError extends boolean = false>(options: Options<CreditLinesRecordPaymentData, ThrowOnError>): RequestResult<CreditLinesRecordPaymentResponses, CreditLinesRecordPaymentErrors, ThrowOnError> => (options.client ?? client).post<CreditLinesRecordPaymentResponses, CreditLinesRecordPaymentErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/credit_lines/payments',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List prepaid balances
 *
 * Your own, one per currency; finance sees those of every partner.
 */
export const prepaidBalancesList = <ThrowOnError extends boolean = false>(options?: Options<PrepaidBalancesListData, ThrowOnError>): RequestResult<PrepaidBalancesListResponses, PrepaidBalancesListErrors, ThrowOnError> => (options?.client ?? client).get<PrepaidBalancesListResponses, PrepaidBalancesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/prepaid_balances',
    ...options
});

/**
 * Open a prepaid balance
 *
 * In a currency, with the amount below which you are told. Set again it is changed.
 */
export const prepaidBalancesSet = <ThrowOnError extends boolean = false>(options: Options<PrepaidBalancesSetData, ThrowOnError>): RequestResult<PrepaidBalancesSetResponses, PrepaidBalancesSetErrors, ThrowOnError> => (options.client ?? client).post<PrepaidBalancesSetResponses, PrepaidBalancesSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/prepaid_balances',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Record money that was paid in
 *
 * A bank booking counts once by its `reference`. What is dated ahead waits as an incident `unmatched_money`.
 */
export const prepaidBalancesRecordPayment = <ThrowOnError extends boolean = false>(options: Options<PrepaidBalancesRecordPaymentData, ThrowOnError>): RequestResult<PrepaidBalancesRecordPaymentResponses, PrepaidBalancesRecordPaymentErrors, ThrowOnError> => (options.client ?? client).post<PrepaidBalancesRecordPaymentResponses, PrepaidBalancesRecordPaymentErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/prepaid_balances/payments',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List payment endpoints
 *
 * Your own, without their secrets.
 */
export const paymentEndpointsList = <ThrowOnError extends boolean = false>(options?: Options<PaymentEndpointsListData, ThrowOnError>): RequestResult<PaymentEndpointsListResponses, PaymentEndpointsListErrors, ThrowOnError> => (options?.client ?? client).get<PaymentEndpointsListResponses, PaymentEndpointsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_endpoints',
    ...options
});

/**
 * Set a payment endpoint
 *
 * One per kind; set again it replaces address and secret. Each question is a POST with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks) and the body `{ id, type, kind, payment, session, payment_source, payment_method, reference, amount }`. `type` is `payment.authorize`, `payment.increase` (to `amount` in all), `payment.capture` (at most what is held; the rest is free), `payment.void`, `payment.refund` or `payment.lookup`. Answer 200 with `{ "status": "approved" }` or `{ "status": "declined", "decline_code": "…" }`, with your `reference` and, for a hold that you will give up by yourself, `expires_at`. Where you approve less, say how much in `amount`: a capture takes that, and a start, a raise or a refund is refused (`partial_approval`). A question is repeated under the same `id` until it is answered: answer it once. An authorization that you do not answer within four seconds is denied, and a void follows it. `payment.lookup` asks what became of it: `authorized`, `declined`, `voided`, `captured` or `none`. What you approved and we captured is owed by you, within your credit line, and stands on your statement.
 */
export const paymentEndpointsSet = <ThrowOnError extends boolean = false>(options: Options<PaymentEndpointsSetData, ThrowOnError>): RequestResult<PaymentEndpointsSetResponses, PaymentEndpointsSetErrors, ThrowOnError> => (options.client ?? client).post<PaymentEndpointsSetResponses, PaymentEndpointsSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payment_endpoints',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List payment provider accounts
 *
 * Your own, without its secrets.
 */
export const pspAccountsList = <ThrowOnError extends boolean = false>(options?: Options<PspAccountsListData, ThrowOnError>): RequestResult<PspAccountsListResponses, PspAccountsListErrors, ThrowOnError> => (options?.client ?? client).get<PspAccountsListResponses, PspAccountsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/psp_accounts',
    ...options
});

/**
 * Register your own payment provider account
 *
 * Either a restricted key of your Stripe account (`restricted_key`; it needs to write PaymentIntents and Refunds and to read PaymentMethods, Charges and balance transactions), or your account connected to ours (`connected`), which we name in each call. It is tried by a payment of the smallest amount that is never confirmed. Money is captured on your account; what was captured is owed by you within your credit line, as of a `wallet`, and stands on your statement. Refunds and chargebacks of that account are yours: we hear them at `webhook_path` and show them with the session. Set again it replaces all of it at once.
 */
export const pspAccountsSet = <ThrowOnError extends boolean = false>(options: Options<PspAccountsSetData, ThrowOnError>): RequestResult<PspAccountsSetResponses, PspAccountsSetErrors, ThrowOnError> => (options.client ?? client).post<PspAccountsSetResponses, PspAccountsSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/psp_accounts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Replace the key or the webhook secret
 *
 * A new key is tried before it is taken. What it replaces stays good for `overlap_s`, so that you revoke it without a gap.
 */
export const pspAccountsRotate = <ThrowOnError extends boolean = false>(options: Options<PspAccountsRotateData, ThrowOnError>): RequestResult<PspAccountsRotateResponses, PspAccountsRotateErrors, ThrowOnError> => (options.client ?? client).post<PspAccountsRotateResponses, PspAccountsRotateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/psp_accounts/{id}/rotate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List risk policies
 *
 * Your own; finance sees those of every partner.
 */
export const riskPoliciesList = <ThrowOnError extends boolean = false>(options?: Options<RiskPoliciesListData, ThrowOnError>): RequestResult<RiskPoliciesListResponses, RiskPoliciesListErrors, ThrowOnError> => (options?.client ?? client).get<RiskPoliciesListResponses, RiskPoliciesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/risk_policies',
    ...options
});

/**
 * Set a risk policy
 *
 * For a partner or for one of its payment sources, per currency. Without one, or with 0, a session that is held no more for is stopped. Running sessions follow it from their next look at the hold.
 */
export const riskPoliciesSet = <ThrowOnError extends boolean = false>(options: Options<RiskPoliciesSetData, ThrowOnError>): RequestResult<RiskPoliciesSetResponses, RiskPoliciesSetErrors, ThrowOnError> => (options.client ?? client).post<RiskPoliciesSetResponses, RiskPoliciesSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/risk_policies',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a charge detail record
 *
 * The record as received, with our verdict beside it.
 */
export const cdrsGet = <ThrowOnError extends boolean = false>(options: Options<CdrsGetData, ThrowOnError>): RequestResult<CdrsGetResponses, CdrsGetErrors, ThrowOnError> => (options.client ?? client).get<CdrsGetResponses, CdrsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/cdrs/{id}',
    ...options
});

/**
 * List charge detail records
 *
 * Newest first, `raw` left out.
 */
export const cdrsList = <ThrowOnError extends boolean = false>(options?: Options<CdrsListData, ThrowOnError>): RequestResult<CdrsListResponses, CdrsListErrors, ThrowOnError> => (options?.client ?? client).get<CdrsListResponses, CdrsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/cdrs',
    ...options
});

/**
 * Read a price proof
 *
 * For the partner and the operator of the session.
 */
export const priceProofsGet = <ThrowOnError extends boolean = false>(options: Options<PriceProofsGetData, ThrowOnError>): RequestResult<PriceProofsGetResponses, PriceProofsGetErrors, ThrowOnError> => (options.client ?? client).get<PriceProofsGetResponses, PriceProofsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/price_proofs/{id}',
    ...options
});

/**
 * Verify a price proof
 *
 * Executes the price function on the proof’s input again and names what differs. Any proof may be sent, stored here or not; nothing is kept. The same check runs offline in the SDK and in a browser at `/open/verify`.
 */
export const priceProofsVerify = <ThrowOnError extends boolean = false>(options: Options<PriceProofsVerifyData, ThrowOnError>): RequestResult<PriceProofsVerifyResponses, PriceProofsVerifyErrors, ThrowOnError> => (options.client ?? client).post<PriceProofsVerifyResponses, PriceProofsVerifyErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/price_proofs:verify',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Which keys are ours?
 *
 * Every key that quotes and evidence packs were signed with, and when. Give it to the verifier: `npx chargelane-verify PACK.zip --keys URL`.
 */
export const signingKeysList = <ThrowOnError extends boolean = false>(options?: Options<SigningKeysListData, ThrowOnError>): RequestResult<SigningKeysListResponses, SigningKeysListErrors, ThrowOnError> => (options?.client ?? client).get<SigningKeysListResponses, SigningKeysListErrors, ThrowOnError>({ url: '/.well-known/chargelane-keys.json', ...options });

/**
 * Replace the signing key
 *
 * Makes a new key in the place of the one that signs. Every process uses it within seconds; what was signed before stays good for its time, unless `compromised_since` is given.
 */
export const signingKeysRotate = <ThrowOnError extends boolean = false>(options: Options<SigningKeysRotateData, ThrowOnError>): RequestResult<SigningKeysRotateResponses, SigningKeysRotateErrors, ThrowOnError> => (options.client ?? client).post<SigningKeysRotateResponses, SigningKeysRotateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/signing_keys:rotate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Which packs did a key seal?
 *
 * The packs as they are kept here, newest first. Whatever else bears the seal of a compromised key is not ours.
 */
export const signingKeysPacks = <ThrowOnError extends boolean = false>(options: Options<SigningKeysPacksData, ThrowOnError>): RequestResult<SigningKeysPacksResponses, SigningKeysPacksErrors, ThrowOnError> => (options.client ?? client).get<SigningKeysPacksResponses, SigningKeysPacksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/signing_keys/{id}/packs',
    ...options
});

/**
 * Read the settings of the platform
 *
 * What is set for all, or with `market` or `account` for that one; what is null there is by the next: account, market, all, default.
 */
export const platformSettingsGet = <ThrowOnError extends boolean = false>(options?: Options<PlatformSettingsGetData, ThrowOnError>): RequestResult<PlatformSettingsGetResponses, PlatformSettingsGetErrors, ThrowOnError> => (options?.client ?? client).get<PlatformSettingsGetResponses, PlatformSettingsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/platform_settings',
    ...options
});

/**
 * Change settings of the platform
 *
 * For all, or for the `market` or the operator (`account`) that is named. What is not named stays as it is; null goes back to the next. It counts for what begins from now on, and every change stays on record with its reason.
 */
export const platformSettingsSet = <ThrowOnError extends boolean = false>(options: Options<PlatformSettingsSetData, ThrowOnError>): RequestResult<PlatformSettingsSetResponses, PlatformSettingsSetErrors, ThrowOnError> => (options.client ?? client).post<PlatformSettingsSetResponses, PlatformSettingsSetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/platform_settings',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * How the settings came about
 *
 * Every change, newest first, each with all settings as they were after it.
 */
export const platformSettingsChanges = <ThrowOnError extends boolean = false>(options?: Options<PlatformSettingsChangesData, ThrowOnError>): RequestResult<PlatformSettingsChangesResponses, PlatformSettingsChangesErrors, ThrowOnError> => (options?.client ?? client).get<PlatformSettingsChangesResponses, PlatformSettingsChangesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/platform_settings/changes',
    ...options
});

/**
 * List claims above the price
 *
 * Newest first: an operator its own, finance and the platform all.
 */
export const suspenseList = <ThrowOnError extends boolean = false>(options?: Options<SuspenseListData, ThrowOnError>): RequestResult<SuspenseListResponses, SuspenseListErrors, ThrowOnError> => (options?.client ?? client).get<SuspenseListResponses, SuspenseListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/suspense',
    ...options
});

/**
 * How old are open claims?
 *
 * One row per ledger account with open items; the amounts are its balance.
 */
export const suspenseAging = <ThrowOnError extends boolean = false>(options?: Options<SuspenseAgingData, ThrowOnError>): RequestResult<SuspenseAgingResponses, SuspenseAgingErrors, ThrowOnError> => (options?.client ?? client).get<SuspenseAgingResponses, SuspenseAgingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/suspense/aging',
    ...options
});

/**
 * Read a claim above the price
 *
 * With the ledger account and entry that hold it.
 */
export const suspenseGet = <ThrowOnError extends boolean = false>(options: Options<SuspenseGetData, ThrowOnError>): RequestResult<SuspenseGetResponses, SuspenseGetErrors, ThrowOnError> => (options.client ?? client).get<SuspenseGetResponses, SuspenseGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/suspense/{id}',
    ...options
});

/**
 * Release a claim above the price
 *
 * It was withdrawn, or decided against the operator: nobody is paid it, and it is off the books. The operator hears why.
 */
export const suspenseRelease = <ThrowOnError extends boolean = false>(options: Options<SuspenseReleaseData, ThrowOnError>): RequestResult<SuspenseReleaseResponses, SuspenseReleaseErrors, ThrowOnError> => (options.client ?? client).post<SuspenseReleaseResponses, SuspenseReleaseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/suspense/{id}/release',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Grant a claim above the price
 *
 * The platform pays it to the operator with the next batch; the driver pays nothing more. Two keys have to want it: the first proposes, another one carries it out. A claim on a session that nothing was sold of can only be released.
 */
export const suspenseGrant = <ThrowOnError extends boolean = false>(options: Options<SuspenseGrantData, ThrowOnError>): RequestResult<SuspenseGrantResponses, SuspenseGrantErrors, ThrowOnError> => (options.client ?? client).post<SuspenseGrantResponses, SuspenseGrantErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/suspense/{id}/grant',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List bank accounts
 *
 * Newest first, with those that count no more.
 */
export const bankAccountsList = <ThrowOnError extends boolean = false>(options?: Options<BankAccountsListData, ThrowOnError>): RequestResult<BankAccountsListResponses, BankAccountsListErrors, ThrowOnError> => (options?.client ?? client).get<BankAccountsListResponses, BankAccountsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_accounts',
    ...options
});

/**
 * Name a bank account
 *
 * Payouts go on to the one before until a second person confirms this one, or `bank_account_cooling_s` are over; `bank_account.proposed` tells everybody who hears the account’s events. A number that is unsound, or cannot receive the currency, is refused here. One may wait for each currency.
 */
export const bankAccountsCreate = <ThrowOnError extends boolean = false>(options: Options<BankAccountsCreateData, ThrowOnError>): RequestResult<BankAccountsCreateResponses, BankAccountsCreateErrors, ThrowOnError> => (options.client ?? client).post<BankAccountsCreateResponses, BankAccountsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_accounts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read a bank account
 *
 * By its end; the whole number is never shown.
 */
export const bankAccountsGet = <ThrowOnError extends boolean = false>(options: Options<BankAccountsGetData, ThrowOnError>): RequestResult<BankAccountsGetResponses, BankAccountsGetErrors, ThrowOnError> => (options.client ?? client).get<BankAccountsGetResponses, BankAccountsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_accounts/{id}',
    ...options
});

/**
 * Confirm a bank account
 *
 * A second person has asked the payee by a way that was known before: it counts from now on. Another key than the one that named it: one of the platform’s, or one of the account’s own that is older than the cooling-off time.
 */
export const bankAccountsConfirm = <ThrowOnError extends boolean = false>(options: Options<BankAccountsConfirmData, ThrowOnError>): RequestResult<BankAccountsConfirmResponses, BankAccountsConfirmErrors, ThrowOnError> => (options.client ?? client).post<BankAccountsConfirmResponses, BankAccountsConfirmErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_accounts/{id}/confirm',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Refuse a bank account
 *
 * It was not the payee who named it: nothing is paid there, and the one before stays.
 */
export const bankAccountsRefuse = <ThrowOnError extends boolean = false>(options: Options<BankAccountsRefuseData, ThrowOnError>): RequestResult<BankAccountsRefuseResponses, BankAccountsRefuseErrors, ThrowOnError> => (options.client ?? client).post<BankAccountsRefuseResponses, BankAccountsRefuseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_accounts/{id}/refuse',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List money that came in
 *
 * Newest first. What waits is `status: waiting`, each with an incident.
 */
export const bankLinesList = <ThrowOnError extends boolean = false>(options?: Options<BankLinesListData, ThrowOnError>): RequestResult<BankLinesListResponses, BankLinesListErrors, ThrowOnError> => (options?.client ?? client).get<BankLinesListResponses, BankLinesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_lines',
    ...options
});

/**
 * Read a booking of the bank
 *
 * With what of it waits.
 */
export const bankLinesGet = <ThrowOnError extends boolean = false>(options: Options<BankLinesGetData, ThrowOnError>): RequestResult<BankLinesGetResponses, BankLinesGetErrors, ThrowOnError> => (options.client ?? client).get<BankLinesGetResponses, BankLinesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_lines/{id}',
    ...options
});

/**
 * Release money to whom it belongs
 *
 * What waits is to the credit of the account of `account`, by default of the partner that it was recorded for, and is room for what comes.
 */
export const bankLinesRelease = <ThrowOnError extends boolean = false>(options: Options<BankLinesReleaseData, ThrowOnError>): RequestResult<BankLinesReleaseResponses, BankLinesReleaseErrors, ThrowOnError> => (options.client ?? client).post<BankLinesReleaseResponses, BankLinesReleaseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_lines/{id}/release',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Keep money that nobody claims
 *
 * What waits is income of the platform. Two keys have to want it: the first proposes, another one carries it out.
 */
export const bankLinesWriteOff = <ThrowOnError extends boolean = false>(options: Options<BankLinesWriteOffData, ThrowOnError>): RequestResult<BankLinesWriteOffResponses, BankLinesWriteOffErrors, ThrowOnError> => (options.client ?? client).post<BankLinesWriteOffResponses, BankLinesWriteOffErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/bank_lines/{id}/write_off',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List open items
 *
 * Newest first: every difference that is not under way, until both sides agree.
 */
export const openItemsList = <ThrowOnError extends boolean = false>(options?: Options<OpenItemsListData, ThrowOnError>): RequestResult<OpenItemsListResponses, OpenItemsListErrors, ThrowOnError> => (options?.client ?? client).get<OpenItemsListResponses, OpenItemsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/open_items',
    ...options
});

/**
 * Read an open item
 *
 * With its cause, age and owner.
 */
export const openItemsGet = <ThrowOnError extends boolean = false>(options: Options<OpenItemsGetData, ThrowOnError>): RequestResult<OpenItemsGetResponses, OpenItemsGetErrors, ThrowOnError> => (options.client ?? client).get<OpenItemsGetResponses, OpenItemsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/open_items/{id}',
    ...options
});

/**
 * Say whose an open item is
 *
 * It stays open until both sides agree.
 */
export const openItemsAssign = <ThrowOnError extends boolean = false>(options: Options<OpenItemsAssignData, ThrowOnError>): RequestResult<OpenItemsAssignResponses, OpenItemsAssignErrors, ThrowOnError> => (options.client ?? client).post<OpenItemsAssignResponses, OpenItemsAssignErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/open_items/{id}/assign',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List reconciliations
 *
 * Newest first; one is made after each UTC day.
 */
export const reconciliationsList = <ThrowOnError extends boolean = false>(options?: Options<ReconciliationsListData, ThrowOnError>): RequestResult<ReconciliationsListResponses, ReconciliationsListErrors, ThrowOnError> => (options?.client ?? client).get<ReconciliationsListResponses, ReconciliationsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reconciliations',
    ...options
});

/**
 * Read a reconciliation
 *
 * What was compared, and what came of it.
 */
export const reconciliationsGet = <ThrowOnError extends boolean = false>(options: Options<ReconciliationsGetData, ThrowOnError>): RequestResult<ReconciliationsGetResponses, ReconciliationsGetErrors, ThrowOnError> => (options.client ?? client).get<ReconciliationsGetResponses, ReconciliationsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reconciliations/{id}',
    ...options
});

/**
 * Reconcile now
 *
 * Asks the provider and the bank, and compares everything without waiting for the daily run. Read `reconciliations` for what came of it.
 */
export const reconciliationsRun = <ThrowOnError extends boolean = false>(options: Options<ReconciliationsRunData, ThrowOnError>): RequestResult<ReconciliationsRunResponses, ReconciliationsRunErrors, ThrowOnError> => (options.client ?? client).post<ReconciliationsRunResponses, ReconciliationsRunErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/reconciliations/run',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Read an invoice
 *
 * Head and totals; the document itself is the PDF or the XML.
 */
export const invoicesGet = <ThrowOnError extends boolean = false>(options: Options<InvoicesGetData, ThrowOnError>): RequestResult<InvoicesGetResponses, InvoicesGetErrors, ThrowOnError> => (options.client ?? client).get<InvoicesGetResponses, InvoicesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/invoices/{id}',
    ...options
});

/**
 * List invoices
 *
 * Newest first: those you sold or bought.
 */
export const invoicesList = <ThrowOnError extends boolean = false>(options?: Options<InvoicesListData, ThrowOnError>): RequestResult<InvoicesListResponses, InvoicesListErrors, ThrowOnError> => (options?.client ?? client).get<InvoicesListResponses, InvoicesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/invoices',
    ...options
});

/**
 * Download an invoice as PDF
 *
 * For people: a page drawn from the invoice when you ask. The invoice itself is its XML, which the evidence pack seals.
 */
export const invoicesPdf = <ThrowOnError extends boolean = false>(options: Options<InvoicesPdfData, ThrowOnError>): RequestResult<InvoicesPdfResponses, InvoicesPdfErrors, ThrowOnError> => (options.client ?? client).get<InvoicesPdfResponses, InvoicesPdfErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/invoices/{id}/pdf',
    ...options
});

/**
 * Download an invoice as EN 16931 XML
 *
 * For machines; same content as the PDF.
 */
export const invoicesXml = <ThrowOnError extends boolean = false>(options: Options<InvoicesXmlData, ThrowOnError>): RequestResult<InvoicesXmlResponses, InvoicesXmlErrors, ThrowOnError> => (options.client ?? client).get<InvoicesXmlResponses, InvoicesXmlErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/invoices/{id}/xml',
    ...options
});

/**
 * List settlements
 *
 * Newest first; finance sees those of every payee.
 */
export const settlementsList = <ThrowOnError extends boolean = false>(options?: Options<SettlementsListData, ThrowOnError>): RequestResult<SettlementsListResponses, SettlementsListErrors, ThrowOnError> => (options?.client ?? client).get<SettlementsListResponses, SettlementsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements',
    ...options
});

/**
 * Read a settlement
 *
 * State of one payout.
 */
export const settlementsGet = <ThrowOnError extends boolean = false>(options: Options<SettlementsGetData, ThrowOnError>): RequestResult<SettlementsGetResponses, SettlementsGetErrors, ThrowOnError> => (options.client ?? client).get<SettlementsGetResponses, SettlementsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements/{id}',
    ...options
});

/**
 * Download a statement
 *
 * One line per session: public price, VAT, commission, net. `404` until it is written.
 */
export const settlementsStatement = <ThrowOnError extends boolean = false>(options: Options<SettlementsStatementData, ThrowOnError>): RequestResult<SettlementsStatementResponses, SettlementsStatementErrors, ThrowOnError> => (options.client ?? client).get<SettlementsStatementResponses, SettlementsStatementErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements/{id}/statement',
    ...options
});

/**
 * Pay a settlement again
 *
 * For one that is `on_hold`: the next batch gives it to the bank again, under an id of its own. A mended bank account needs no asking.
 */
export const settlementsRetry = <ThrowOnError extends boolean = false>(options: Options<SettlementsRetryData, ThrowOnError>): RequestResult<SettlementsRetryResponses, SettlementsRetryErrors, ThrowOnError> => (options.client ?? client).post<SettlementsRetryResponses, SettlementsRetryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements/{id}/retry',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Record that a payout came back
 *
 * The bank returned it after it was booked: it is owed again, once by the bank’s `reference`, and paid anew when the payee names another account or somebody retries it.
 */
export const settlementsRecordReturn = <ThrowOnError extends boolean = false>(options: Options<SettlementsRecordReturnData, ThrowOnError>): RequestResult<SettlementsRecordReturnResponses, SettlementsRecordReturnErrors, ThrowOnError> => (options.client ?? client).post<SettlementsRecordReturnResponses, SettlementsRecordReturnErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements/{id}/returns',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Settle now
 *
 * Starts a settlement batch without waiting for the daily one: everything payable up to now, per payee and currency. Read `settlements` for its outcome.
 */
export const settlementsRun = <ThrowOnError extends boolean = false>(options: Options<SettlementsRunData, ThrowOnError>): RequestResult<SettlementsRunResponses, SettlementsRunErrors, ThrowOnError> => (options.client ?? client).post<SettlementsRunResponses, SettlementsRunErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/settlements/run',
    ...options
});

/**
 * Read balances
 *
 * Of your account, or of `account` for finance and the platform: one for each currency in which it was ever owed anything, as of now or of any instant before.
 */
export const balancesList = <ThrowOnError extends boolean = false>(options?: Options<BalancesListData, ThrowOnError>): RequestResult<BalancesListResponses, BalancesListErrors, ThrowOnError> => (options?.client ?? client).get<BalancesListResponses, BalancesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/balances',
    ...options
});

/**
 * List payouts
 *
 * Newest first; a payee sees its own, finance those of all.
 */
export const payoutsList = <ThrowOnError extends boolean = false>(options?: Options<PayoutsListData, ThrowOnError>): RequestResult<PayoutsListResponses, PayoutsListErrors, ThrowOnError> => (options?.client ?? client).get<PayoutsListResponses, PayoutsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payouts',
    ...options
});

/**
 * Read a payout
 *
 * With why it went that way, and why it failed where it did.
 */
export const payoutsGet = <ThrowOnError extends boolean = false>(options: Options<PayoutsGetData, ThrowOnError>): RequestResult<PayoutsGetResponses, PayoutsGetErrors, ThrowOnError> => (options.client ?? client).get<PayoutsGetResponses, PayoutsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payouts/{id}',
    ...options
});

/**
 * Pay again what failed
 *
 * For the last attempt of a settlement, where it failed, came back or was cancelled: the next batch sends it as a payout of its own. Where the account was at fault, another one has to be active first.
 */
export const payoutsRetry = <ThrowOnError extends boolean = false>(options: Options<PayoutsRetryData, ThrowOnError>): RequestResult<PayoutsRetryResponses, PayoutsRetryErrors, ThrowOnError> => (options.client ?? client).post<PayoutsRetryResponses, PayoutsRetryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payouts/{id}/retry',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Cancel a payout
 *
 * While it is `created` and in no file: what is owed stays owed, on hold until it is asked for again.
 */
export const payoutsCancel = <ThrowOnError extends boolean = false>(options: Options<PayoutsCancelData, ThrowOnError>): RequestResult<PayoutsCancelResponses, PayoutsCancelErrors, ThrowOnError> => (options.client ?? client).post<PayoutsCancelResponses, PayoutsCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/payouts/{id}/cancel',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Trial balance
 *
 * Every ledger account with its sums, and per currency the proof that they balance; of now, or of what counted up to `as_of`.
 */
export const ledgerTrialBalance = <ThrowOnError extends boolean = false>(options?: Options<LedgerTrialBalanceData, ThrowOnError>): RequestResult<LedgerTrialBalanceResponses, LedgerTrialBalanceErrors, ThrowOnError> => (options?.client ?? client).get<LedgerTrialBalanceResponses, LedgerTrialBalanceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/trial_balance',
    ...options
});

/**
 * Chart of accounts
 *
 * What each class of accounts means, on which side it stands, and when it clears.
 */
export const ledgerChart = <ThrowOnError extends boolean = false>(options?: Options<LedgerChartData, ThrowOnError>): RequestResult<LedgerChartResponses, LedgerChartErrors, ThrowOnError> => (options?.client ?? client).get<LedgerChartResponses, LedgerChartErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/chart',
    ...options
});

/**
 * List ledger entries
 *
 * Newest first: all of them, or by session, account, period, amount and reference.
 */
export const ledgerEntries = <ThrowOnError extends boolean = false>(options?: Options<LedgerEntriesData, ThrowOnError>): RequestResult<LedgerEntriesResponses, LedgerEntriesErrors, ThrowOnError> => (options?.client ?? client).get<LedgerEntriesResponses, LedgerEntriesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/entries',
    ...options
});

/**
 * Read a ledger entry
 *
 * With all of its postings.
 */
export const ledgerEntry = <ThrowOnError extends boolean = false>(options: Options<LedgerEntryData, ThrowOnError>): RequestResult<LedgerEntryResponses, LedgerEntryErrors, ThrowOnError> => (options.client ?? client).get<LedgerEntryResponses, LedgerEntryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/entries/{id}',
    ...options
});

/**
 * List daily closes
 *
 * Newest first. Each is signed with a key of the published list and names the hash of the one before.
 */
export const ledgerCloses = <ThrowOnError extends boolean = false>(options?: Options<LedgerClosesData, ThrowOnError>): RequestResult<LedgerClosesResponses, LedgerClosesErrors, ThrowOnError> => (options?.client ?? client).get<LedgerClosesResponses, LedgerClosesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/closes',
    ...options
});

/**
 * List closed periods
 *
 * Newest first.
 */
export const ledgerPeriods = <ThrowOnError extends boolean = false>(options?: Options<LedgerPeriodsData, ThrowOnError>): RequestResult<LedgerPeriodsResponses, LedgerPeriodsErrors, ThrowOnError> => (options?.client ?? client).get<LedgerPeriodsResponses, LedgerPeriodsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/periods',
    ...options
});

/**
 * Close a period
 *
 * Nothing counts before `open_from` any more: a fact of then that is heard later is booked at the first open instant, with `occurred_at` beside it. Two keys have to want it: the first proposes (`period` is null), another one carries it out.
 */
export const ledgerClosePeriod = <ThrowOnError extends boolean = false>(options: Options<LedgerClosePeriodData, ThrowOnError>): RequestResult<LedgerClosePeriodResponses, LedgerClosePeriodErrors, ThrowOnError> => (options.client ?? client).post<LedgerClosePeriodResponses, LedgerClosePeriodErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/periods',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Take an entry back
 *
 * Books the exact opposite; the entry itself stays. Two keys have to want it: the first proposes (`entry` is null), another one carries it out. Entries of a sale or a payout are refused: those are corrected by their own verbs, since what payees are owed changes with them.
 */
export const ledgerReverse = <ThrowOnError extends boolean = false>(options: Options<LedgerReverseData, ThrowOnError>): RequestResult<LedgerReverseResponses, LedgerReverseErrors, ThrowOnError> => (options.client ?? client).post<LedgerReverseResponses, LedgerReverseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ledger/entries/{id}/reverse',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List incidents
 *
 * Newest first: those that concern you; finance and the platform see all. Open ones by default.
 */
export const incidentsList = <ThrowOnError extends boolean = false>(options?: Options<IncidentsListData, ThrowOnError>): RequestResult<IncidentsListResponses, IncidentsListErrors, ThrowOnError> => (options?.client ?? client).get<IncidentsListResponses, IncidentsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/incidents',
    ...options
});

/**
 * Read an incident
 *
 * With what may be done about it.
 */
export const incidentsGet = <ThrowOnError extends boolean = false>(options: Options<IncidentsGetData, ThrowOnError>): RequestResult<IncidentsGetResponses, IncidentsGetErrors, ThrowOnError> => (options.client ?? client).get<IncidentsGetResponses, IncidentsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/incidents/{id}',
    ...options
});

/**
 * Decide an incident
 *
 * Carries out one of its `actions`. The reason is kept with who decided; where a session is concerned both stand in its timeline and evidence.
 */
export const incidentsResolve = <ThrowOnError extends boolean = false>(options: Options<IncidentsResolveData, ThrowOnError>): RequestResult<IncidentsResolveResponses, IncidentsResolveErrors, ThrowOnError> => (options.client ?? client).post<IncidentsResolveResponses, IncidentsResolveErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/incidents/{id}/resolve',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List webhook endpoints
 *
 * Newest first.
 */
export const webhookEndpointsList = <ThrowOnError extends boolean = false>(options?: Options<WebhookEndpointsListData, ThrowOnError>): RequestResult<WebhookEndpointsListResponses, WebhookEndpointsListErrors, ThrowOnError> => (options?.client ?? client).get<WebhookEndpointsListResponses, WebhookEndpointsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints',
    ...options
});

/**
 * Register a webhook endpoint
 *
 * Events are signed by the Standard Webhooks scheme and sent at least once, in order per object, for up to three days. Answer any 2xx within 10 s. No endpoint waits for another. At most 20 an account.
 */
export const webhookEndpointsCreate = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsCreateData, ThrowOnError>): RequestResult<WebhookEndpointsCreateResponses, WebhookEndpointsCreateErrors, ThrowOnError> => (options.client ?? client).post<WebhookEndpointsCreateResponses, WebhookEndpointsCreateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Remove a webhook endpoint
 *
 * Nothing more is sent to it. Its events stay in the log.
 */
export const webhookEndpointsDelete = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsDeleteData, ThrowOnError>): RequestResult<WebhookEndpointsDeleteResponses, WebhookEndpointsDeleteErrors, ThrowOnError> => (options.client ?? client).delete<WebhookEndpointsDeleteResponses, WebhookEndpointsDeleteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints/{id}',
    ...options
});

/**
 * Read a webhook endpoint
 *
 * A disabled endpoint says why.
 */
export const webhookEndpointsGet = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsGetData, ThrowOnError>): RequestResult<WebhookEndpointsGetResponses, WebhookEndpointsGetErrors, ThrowOnError> => (options.client ?? client).get<WebhookEndpointsGetResponses, WebhookEndpointsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints/{id}',
    ...options
});

/**
 * Change a webhook endpoint
 *
 * Also switches a disabled endpoint on again: what still waits for it is sent. Events of the time it was disabled are in the log; replay them.
 */
export const webhookEndpointsUpdate = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsUpdateData, ThrowOnError>): RequestResult<WebhookEndpointsUpdateResponses, WebhookEndpointsUpdateErrors, ThrowOnError> => (options.client ?? client).patch<WebhookEndpointsUpdateResponses, WebhookEndpointsUpdateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Change the signing secret
 *
 * Makes a new secret. For `overlap_s` seconds each delivery is signed with both, so that you can change yours without missing one; with 0 the old secret ends at once.
 */
export const webhookEndpointsRollSecret = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsRollSecretData, ThrowOnError>): RequestResult<WebhookEndpointsRollSecretResponses, WebhookEndpointsRollSecretErrors, ThrowOnError> => (options.client ?? client).post<WebhookEndpointsRollSecretResponses, WebhookEndpointsRollSecretErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints/{id}/roll_secret',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Send a ping
 *
 * Queues a signed `ping` event for this endpoint, whatever it subscribes to.
 */
export const webhookEndpointsTest = <ThrowOnError extends boolean = false>(options: Options<WebhookEndpointsTestData, ThrowOnError>): RequestResult<WebhookEndpointsTestResponses, WebhookEndpointsTestErrors, ThrowOnError> => (options.client ?? client).post<WebhookEndpointsTestResponses, WebhookEndpointsTestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_endpoints/{id}/test',
    ...options
});

/**
 * List webhook deliveries
 *
 * Newest first: what was sent to your endpoints, and what came of it.
 */
export const webhookDeliveriesList = <ThrowOnError extends boolean = false>(options?: Options<WebhookDeliveriesListData, ThrowOnError>): RequestResult<WebhookDeliveriesListResponses, WebhookDeliveriesListErrors, ThrowOnError> => (options?.client ?? client).get<WebhookDeliveriesListResponses, WebhookDeliveriesListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_deliveries',
    ...options
});

/**
 * Read a webhook delivery
 *
 * With its attempts.
 */
export const webhookDeliveriesGet = <ThrowOnError extends boolean = false>(options: Options<WebhookDeliveriesGetData, ThrowOnError>): RequestResult<WebhookDeliveriesGetResponses, WebhookDeliveriesGetErrors, ThrowOnError> => (options.client ?? client).get<WebhookDeliveriesGetResponses, WebhookDeliveriesGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_deliveries/{id}',
    ...options
});

/**
 * Send a delivery again
 *
 * Queues it once more, also one that your endpoint has taken.
 */
export const webhookDeliveriesResend = <ThrowOnError extends boolean = false>(options: Options<WebhookDeliveriesResendData, ThrowOnError>): RequestResult<WebhookDeliveriesResendResponses, WebhookDeliveriesResendErrors, ThrowOnError> => (options.client ?? client).post<WebhookDeliveriesResendResponses, WebhookDeliveriesResendErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/webhook_deliveries/{id}/resend',
    ...options
});

/**
 * Read the event log
 *
 * Oldest first; keep `next_cursor` to go on where you stopped. Kept 30 days.
 */
export const eventsList = <ThrowOnError extends boolean = false>(options?: Options<EventsListData, ThrowOnError>): RequestResult<EventsListResponses, EventsListErrors, ThrowOnError> => (options?.client ?? client).get<EventsListResponses, EventsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/events',
    ...options
});

/**
 * Read an event
 *
 * Exactly as it was sent.
 */
export const eventsGet = <ThrowOnError extends boolean = false>(options: Options<EventsGetData, ThrowOnError>): RequestResult<EventsGetResponses, EventsGetErrors, ThrowOnError> => (options.client ?? client).get<EventsGetResponses, EventsGetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/events/{id}',
    ...options
});

/**
 * Send events again
 *
 * Sends the events of a span of time once more to every enabled endpoint that subscribes to them, or to one. A long span goes out page by page, some 20 events a second for each endpoint, and news of today is not held up by it.
 */
export const eventsReplay = <ThrowOnError extends boolean = false>(options: Options<EventsReplayData, ThrowOnError>): RequestResult<EventsReplayResponses, EventsReplayErrors, ThrowOnError> => (options.client ?? client).post<EventsReplayResponses, EventsReplayErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/events/replay',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List denied accesses
 *
 * Newest first: who was refused what and why, counted by hour. What was refused as missing is here only where it is another account’s; whoever asked is never told.
 */
export const accessDenialsList = <ThrowOnError extends boolean = false>(options?: Options<AccessDenialsListData, ThrowOnError>): RequestResult<AccessDenialsListResponses, AccessDenialsListErrors, ThrowOnError> => (options?.client ?? client).get<AccessDenialsListResponses, AccessDenialsListErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/access_denials',
    ...options
});
