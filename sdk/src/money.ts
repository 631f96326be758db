import * as sdk from './generated/sdk.gen.ts'
import type * as t from './generated/types.gen.ts'
import { after, bytes, data, type Lane } from './lane.ts'
import { listOf } from './list.ts'
import type { CallOptions } from './transport.ts'

export const payments = (lane: Lane) => ({
  /** Read a payment. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.paymentsGet({ ...lane.read(call), path: { id } })),
  /** List payments. */
  list: (query: t.PaymentsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.paymentsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

export const debts = (lane: Lane) => ({
  /** List debts. */
  list: (query: t.DebtsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.debtsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a debt. */
  get: (id: string, call?: CallOptions) => data(sdk.debtsGet({ ...lane.read(call), path: { id } })),
  /** Record a payment of a debt. */
  pay: (id: string, body: t.DebtsPayData['body'], call?: CallOptions) =>
    data(sdk.debtsPay({ ...lane.write(call), path: { id }, body })),
  /** Waive a debt. */
  waive: (id: string, body: t.DebtsWaiveData['body'], call?: CallOptions) =>
    data(sdk.debtsWaive({ ...lane.write(call), path: { id }, body })),
  /** Write a debt off. */
  write_off: (id: string, body: t.DebtsWriteOffData['body'], call?: CallOptions) =>
    data(sdk.debtsWriteOff({ ...lane.write(call), path: { id }, body })),
})

export const cdrs = (lane: Lane) => ({
  /** Read a charge detail record. */
  get: (id: string, call?: CallOptions) => data(sdk.cdrsGet({ ...lane.read(call), path: { id } })),
  /** List charge detail records. */
  list: (query: t.CdrsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.cdrsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

export const signing_keys = (lane: Lane) => ({
  /** Which keys are ours? */
  list: (call?: CallOptions) => data(sdk.signingKeysList(lane.read(call))),
  /** Replace the signing key. */
  rotate: (body: t.SigningKeysRotateData['body'], call?: CallOptions) =>
    data(sdk.signingKeysRotate({ ...lane.write(call), body })),
  /** Which packs did a key seal? */
  packs: (id: string, query: t.SigningKeysPacksData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.signingKeysPacks({
          ...lane.read(call),
          path: { id },
          query: { ...query, ...after(cursor) },
        }),
      ),
    ),
})

export const platform_settings = (lane: Lane) => ({
  /** Read the settings of the platform. */
  get: (query: t.PlatformSettingsGetData['query'] = {}, call?: CallOptions) =>
    data(sdk.platformSettingsGet({ ...lane.read(call), query })),
  /** Change settings of the platform. */
  set: (body: t.PlatformSettingsSetData['body'], call?: CallOptions) =>
    data(sdk.platformSettingsSet({ ...lane.write(call), body })),
  /** How the settings came about. */
  changes: (query: t.PlatformSettingsChangesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(
        sdk.platformSettingsChanges({ ...lane.read(call), query: { ...query, ...after(cursor) } }),
      ),
    ),
})

export const price_proofs = (lane: Lane) => ({
  /** Read a price proof. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.priceProofsGet({ ...lane.read(call), path: { id } })),
  /** Verify a price proof. */
  verify: (body: t.PriceProofsVerifyData['body'], call?: CallOptions) =>
    data(sdk.priceProofsVerify({ ...lane.read(call), body })),
})

export const suspense = (lane: Lane) => ({
  /** List claims above the price. */
  list: (query: t.SuspenseListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.suspenseList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a claim above the price. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.suspenseGet({ ...lane.read(call), path: { id } })),
  /** How old are open claims? */
  aging: (call?: CallOptions) => data(sdk.suspenseAging({ ...lane.read(call) })),
  /** Release a claim above the price. */
  release: (id: string, body: t.SuspenseReleaseData['body'], call?: CallOptions) =>
    data(sdk.suspenseRelease({ ...lane.write(call), path: { id }, body })),
  /** Grant a claim above the price. */
  grant: (id: string, body: t.SuspenseGrantData['body'], call?: CallOptions) =>
    data(sdk.suspenseGrant({ ...lane.write(call), path: { id }, body })),
})

export const bank_lines = (lane: Lane) => ({
  /** List money that came in. */
  list: (query: t.BankLinesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.bankLinesList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a booking of the bank. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.bankLinesGet({ ...lane.read(call), path: { id } })),
  /** Release money to whom it belongs. */
  release: (id: string, body: t.BankLinesReleaseData['body'], call?: CallOptions) =>
    data(sdk.bankLinesRelease({ ...lane.write(call), path: { id }, body })),
  /** Keep money that nobody claims. */
  write_off: (id: string, body: t.BankLinesWriteOffData['body'], call?: CallOptions) =>
    data(sdk.bankLinesWriteOff({ ...lane.write(call), path: { id }, body })),
})

/** A part of `reports`. */
export const leakage = (lane: Lane) => ({
  /** Energy at meters, billed and settled. */
  leakage: (query: t.ReportsLeakageData['query'], call?: CallOptions) =>
    data(sdk.reportsLeakage({ ...lane.read(call), query })),
})

export const open_items = (lane: Lane) => ({
  /** List open items. */
  list: (query: t.OpenItemsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.openItemsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read an open item. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.openItemsGet({ ...lane.read(call), path: { id } })),
  /** Say whose an open item is. */
  assign: (id: string, body: t.OpenItemsAssignData['body'], call?: CallOptions) =>
    data(sdk.openItemsAssign({ ...lane.write(call), path: { id }, body })),
})

export const reconciliations = (lane: Lane) => ({
  /** List reconciliations. */
  list: (query: t.ReconciliationsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.reconciliationsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a reconciliation. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.reconciliationsGet({ ...lane.read(call), path: { id } })),
  /** Reconcile now. */
  run: (body: t.ReconciliationsRunData['body'] = { as_of: null }, call?: CallOptions) =>
    data(sdk.reconciliationsRun({ ...lane.write(call), body })),
})

export const incidents = (lane: Lane) => ({
  /** List incidents. */
  list: (query: t.IncidentsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.incidentsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read an incident. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.incidentsGet({ ...lane.read(call), path: { id } })),
  /** Decide an incident. */
  resolve: (id: string, body: t.IncidentsResolveData['body'], call?: CallOptions) =>
    data(sdk.incidentsResolve({ ...lane.write(call), path: { id }, body })),
})

export const invoices = (lane: Lane) => ({
  /** Read an invoice. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.invoicesGet({ ...lane.read(call), path: { id } })),
  /** List invoices. */
  list: (query: t.InvoicesListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.invoicesList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Download an invoice as PDF. */
  pdf: (id: string, call?: CallOptions) =>
    bytes(sdk.invoicesPdf({ ...lane.read(call), path: { id } })),
  /** Download an invoice as EN 16931 XML. */
  xml: (id: string, call?: CallOptions) =>
    bytes(sdk.invoicesXml({ ...lane.read(call), path: { id } })),
})

export const settlements = (lane: Lane) => ({
  /** List settlements. */
  list: (query: t.SettlementsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.settlementsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a settlement. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.settlementsGet({ ...lane.read(call), path: { id } })),
  /** Download a statement. */
  statement: (id: string, call?: CallOptions) =>
    bytes(sdk.settlementsStatement({ ...lane.read(call), path: { id } })),
  /** Pay a settlement again. */
  retry: (id: string, body: t.SettlementsRetryData['body'], call?: CallOptions) =>
    data(sdk.settlementsRetry({ ...lane.write(call), path: { id }, body })),
  /** Record that a payout came back. */
  record_return: (id: string, body: t.SettlementsRecordReturnData['body'], call?: CallOptions) =>
    data(sdk.settlementsRecordReturn({ ...lane.write(call), path: { id }, body })),
  /** Settle now. */
  run: (call?: CallOptions) => data(sdk.settlementsRun({ ...lane.write(call) })),
})

export const ledger = (lane: Lane) => ({
  /** Trial balance. */
  trial_balance: (query: t.LedgerTrialBalanceData['query'] = {}, call?: CallOptions) =>
    data(sdk.ledgerTrialBalance({ ...lane.read(call), query })),
  /** Chart of accounts. */
  chart: (call?: CallOptions) => data(sdk.ledgerChart({ ...lane.read(call) })),
  /** List ledger entries. */
  entries: (query: t.LedgerEntriesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.ledgerEntries({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** Read a ledger entry. */
  entry: (id: number, call?: CallOptions) =>
    data(sdk.ledgerEntry({ ...lane.read(call), path: { id } })),
  /** List daily closes. */
  closes: (query: t.LedgerClosesData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.ledgerCloses({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
  /** List closed periods. */
  periods: (call?: CallOptions) => data(sdk.ledgerPeriods({ ...lane.read(call) })),
  /** Close a period. */
  close_period: (body: t.LedgerClosePeriodData['body'], call?: CallOptions) =>
    data(sdk.ledgerClosePeriod({ ...lane.write(call), body })),
  /** Take an entry back. */
  reverse: (id: number, body: t.LedgerReverseData['body'], call?: CallOptions) =>
    data(sdk.ledgerReverse({ ...lane.write(call), path: { id }, body })),
})

export const payment_endpoints = (lane: Lane) => ({
  /** Set a payment endpoint. */
  set: (body: t.PaymentEndpointsSetData['body'], call?: CallOptions) =>
    data(sdk.paymentEndpointsSet({ ...lane.write(call), body })),
  /** List payment endpoints. */
  list: (call?: CallOptions) => data(sdk.paymentEndpointsList({ ...lane.read(call) })),
})

export const prepaid_balances = (lane: Lane) => ({
  /** Open a prepaid balance. */
  set: (body: t.PrepaidBalancesSetData['body'], call?: CallOptions) =>
    data(sdk.prepaidBalancesSet({ ...lane.write(call), body })),
  /** Record money that was paid in. */
  record_payment: (body: t.PrepaidBalancesRecordPaymentData['body'], call?: CallOptions) =>
    data(sdk.prepaidBalancesRecordPayment({ ...lane.write(call), body })),
  /** List prepaid balances. */
  list: (call?: CallOptions) => data(sdk.prepaidBalancesList({ ...lane.read(call) })),
})

export const refunds = (lane: Lane) => ({
  /** Give captured money back. */
  create: (body: t.RefundsCreateData['body'], call?: CallOptions) =>
    data(sdk.refundsCreate({ ...lane.write(call), body })),
  /** Read a refund. */
  get: (id: string, call?: CallOptions) =>
    data(sdk.refundsGet({ ...lane.read(call), path: { id } })),
  /** List refunds. */
  list: (query: t.RefundsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.refundsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

export const risk_policies = (lane: Lane) => ({
  /** Set a risk policy. */
  set: (body: t.RiskPoliciesSetData['body'], call?: CallOptions) =>
    data(sdk.riskPoliciesSet({ ...lane.write(call), body })),
  /** List risk policies. */
  list: (call?: CallOptions) => data(sdk.riskPoliciesList({ ...lane.read(call) })),
})
