// A world of one sale, for the tests that ask who may see and write what: a partner sold a session at a CPO.
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../client.ts'
import * as schema from '../schema.ts'
import { seal } from '../sealed/sealed.ts'

/** An hour ahead, so that what expires has not expired. */
export const at = new Date(Date.now() + 3_600_000).toISOString()

/** `n` ends the ids of all its rows but the parties'. */
export type World = { partner: string; cpo: string; n: 1 | 2 }
export const world: World = { partner: 'acct_A', cpo: 'acct_X', n: 1 }
export const stranger: World = { partner: 'acct_B', cpo: 'acct_Y', n: 2 }

type Put = (table: PgTable, values?: Record<string, unknown>) => Promise<void>

/** Inserts one row; what is not given is made up from the column's type. */
export function putInto(db: Db, n: World['n']): Put {
  return async (table, values = {}) => {
    const row: Record<string, unknown> = {}
    for (const [name, column] of Object.entries(getTableColumns(table))) {
      if (name in values || !column.notNull || column.hasDefault || column.generated) continue
      const type = column.getSQLType()
      if (column.enumValues?.length) row[name] = column.enumValues[0]
      else if (type === 'text') row[name] = `${getTableName(table)}_${n}`
      else if (type.startsWith('timestamp')) row[name] = at
      else if (type === 'jsonb') row[name] = {}
      else if (type === 'bytea') row[name] = Buffer.from(`${getTableName(table)}${n}`)
      else if (type === 'text[]') row[name] = []
      else row[name] = n
    }
    await db.insert(table).values({ ...row, ...values })
  }
}

export async function putParties(put: Put, { partner, cpo }: World): Promise<void> {
  await put(schema.accounts, { id: partner, type: 'partner' })
  await put(schema.accounts, { id: cpo, type: 'cpo' })
}

/** A row in every table but the ledger's. */
export async function putWorld(put: Put, of: World): Promise<void> {
  await putParties(put, of)
  await putAgreed(put, of)
  await putSold(put, of)
  await putPlans(put, of)
  await putCarriedOut(put, of)
  await putPaid(put, of)
  await putShared(put, of)
}

async function putAgreed(put: Put, { partner: A, cpo: X, n }: World): Promise<void> {
  for (const accountId of [A, X]) {
    const digest = Buffer.from(accountId)
    await put(schema.apiKeys, { id: `key_${accountId}`, accountId, digest })
  }
  const agreed = { accountId: X, proposedBy: X, side: 'cpo', status: 'active', activeFrom: at }
  await put(schema.agreements, {
    id: `agr_${n}`,
    ...agreed,
    terms: { commission: { bps: 800 } },
  })
  await put(schema.vatChecks, { accountId: X, recordedBy: X })
  await put(schema.partyClaims, { id: `pty_${n}`, accountId: X, status: 'verified' })
  const rate = { cpoId: X, partnerId: A, proposedBy: A, status: 'proposed' }
  await put(schema.rateAgreements, { id: `rag_${n}`, ...rate })
  const code = { cpoId: X, packageId: `pkg_${n}`, sessionId: `ses_${n}` }
  await put(schema.policyPackages, { id: `pkg_${n}`, cpoId: X, hooks: ['split'] })
  await put(schema.policyRuns, code)
  await put(schema.accessRules, { id: `arl_${n}`, cpoId: X })
  await put(schema.contracts, { id: `ctr_${n}`, ...rate })
  await put(schema.policyPackageFaults, { id: `pft_${n}`, ...code })
}

async function putSold(put: Put, { partner: A, cpo: X, n }: World): Promise<void> {
  await put(schema.drivers, { id: `drv_${n}`, accountId: A })
  await put(schema.driverGroups, { id: `grp_${n}`, accountId: A, drivers: [`drv_${n}`] })
  const source = { accountId: A, driverId: `drv_${n}`, kind: 'account' }
  await put(schema.paymentSources, { id: `psrc_${n}`, ...source })
  const card = { accountId: A, driverId: `drv_${n}`, paymentSourceId: `psrc_${n}` }
  await put(schema.tokens, { id: `tok_${n}`, uid: `CARD${n}`, uidKey: `CARD${n}`, ...card })
  await put(schema.connections, { id: `ocn_${n}`, cpoId: X, protocol: 'node' })
  const supply = { connectionId: `ocn_${n}`, cpoId: X }
  await put(schema.locations, { id: `loc_${n}`, ...supply, latitude: 53, longitude: 10 })
  await put(schema.chargeStations, { id: `cs_${n}`, ...supply })
  const box = { chargeStationId: `cs_${n}` }
  await put(schema.evses, { id: `evs_${n}`, locationId: `loc_${n}`, ...supply, ...box })
  await put(schema.connectors, { id: `con_${n}`, evseId: `evs_${n}` })
  await put(schema.connectorUsage, { connectorId: `con_${n}` })
  await put(schema.meterKeys, { evseId: `evs_${n}`, cpoId: X })
  await put(schema.tariffs, { id: `trf_${n}`, ...supply, status: 'valid' })
  await put(schema.tariffs, { id: `bad_${n}`, ...supply, status: 'invalid', ocpiId: `bad_${n}` })
  await put(schema.ocppTransactions, { ...box, sessionId: `ses_${n}` })
  await put(schema.supplySessions, { connectionId: `ocn_${n}` })
  const place = { evseId: `evs_${n}`, connectorId: `con_${n}`, cpoId: X, accountId: A }
  const payer = { driverId: `drv_${n}`, paymentSourceId: `psrc_${n}` }
  await put(schema.quotes, { id: `quo_${n}`, ...place, ...payer, tariffId: `trf_${n}` })
  const driven = { driverId: `drv_${n}`, endedAt: at }
  const sold = { quoteId: `quo_${n}`, connectionId: `ocn_${n}` }
  await put(schema.sessions, { id: `ses_${n}`, ...place, ...driven, ...sold })
}

async function putPlans(put: Put, { partner: A, n }: World): Promise<void> {
  await put(schema.plans, { id: `pln_${n}`, version: 1, ownerId: A })
  const plan = { subscriptionId: `sub_${n}`, planId: `pln_${n}` }
  await put(schema.subscriptions, {
    id: `sub_${n}`,
    accountId: A,
    driverId: `drv_${n}`,
    planId: `pln_${n}`,
    ownerId: A,
  })
  await put(schema.subscriptionVersions, { ...plan, planVersion: 1 })
  await put(schema.allowanceUses, { quoteId: `quo_${n}`, subscriptionId: `sub_${n}` })
  const repaid = { purpose: 'reimbursement', reference: { rate: `reimbursement_rates_${n}` } }
  await put(schema.ratings, { sessionId: `ses_${n}`, accountId: A, ...repaid })
  await put(schema.reimbursementRates, { accountId: A, drivers: [`drv_${n}`] })
  await put(schema.creditLines, { accountId: A })
  const secret = seal('payment_endpoints.secret', `${A}:wallet`, 'whsec_')
  await put(schema.paymentEndpoints, { accountId: A, kind: 'wallet', secret })
  await put(schema.prepaidBalances, { accountId: A })
  await put(schema.pspAccounts, {
    id: `psa_${n}`,
    accountId: A,
    webhookSecret: seal('psp_accounts.webhook_secret', `psa_${n}`, 'whsec_'),
  })
  await put(schema.riskPolicies, { accountId: A, paymentSourceId: `psrc_${n}` })
}

async function putCarriedOut(put: Put, { partner: A, cpo: X, n }: World): Promise<void> {
  const session = { sessionId: `ses_${n}` }
  for (const table of [
    schema.timeline,
    schema.meterValues,
    schema.protocolMessages,
    schema.signedValues,
    schema.supplyEvents,
    schema.sales,
    schema.evidencePacks,
    schema.sessionTerms,
  ])
    await put(table, session)
  await put(schema.evseClaims, { ...session, cpoId: X })
  await put(schema.commands, { ...session, connectionId: `ocn_${n}` })
  await put(schema.cdrs, { id: `cdr_${n}`, ...session, connectionId: `ocn_${n}` })
  await put(schema.priceProofs, { id: `prf_${n}`, ...session, cdrId: `cdr_${n}` })
  await put(schema.suspenseItems, { id: `sus_${n}`, ...session, cdrId: `cdr_${n}`, cpoId: X })
  await put(schema.incidents, { id: `inc_${n}`, ...session, subjectId: `ses_${n}`, accountId: A })
}

/** How the operator's sales are shared: what each rule came to is its payee's, here the operator itself. */
async function putShared(put: Put, { cpo: X, n }: World): Promise<void> {
  const version = { policyId: `spl_${n}`, version: 1 }
  const policy = { id: `spl_${n}`, version: 1, cpoId: X, ownerId: X, status: 'active' }
  await put(schema.splitPolicies, policy)
  await put(schema.splitShares, { ...version, sessionId: `ses_${n}`, payeeId: X })
  await put(schema.splitItems, { id: `spi_${n}`, ...version, supplierId: X })
  await put(schema.splitCloses, version)
  await put(schema.splitGoldens, { id: `gst_${n}`, policyId: `spl_${n}`, createdBy: X })
  await put(schema.splitSimulations, { id: `sim_${n}`, ...version, accountId: X })
  const line = { simulationId: `sim_${n}`, sessionId: `ses_${n}`, payeeId: X }
  await put(schema.splitSimulationLines, line)
}

async function putPaid(put: Put, { partner: A, cpo: X, n }: World): Promise<void> {
  const session = { sessionId: `ses_${n}` }
  const paid = { accountId: A, paymentSourceId: `psrc_${n}`, status: 'captured' }
  await put(schema.payments, {
    id: `pay_${n}`,
    ...session,
    ...paid,
    kind: 'account',
    heldAt: at,
  })
  await put(schema.refunds, { ...session, paymentId: `pay_${n}` })
  const said = seal('disputes.said', `dsp_${n}`, '[]')
  const disputed = { ...session, partnerId: A, cpoId: X, said }
  await put(schema.disputes, { id: `dsp_${n}`, ...disputed })
  await put(schema.debts, { ...session, accountId: A, paymentSourceId: `psrc_${n}` })
  await put(schema.tokenAuthorizations, { connectionId: `ocn_${n}` })
  await put(schema.approvals)
  await put(schema.accessDenials, { accountId: A })
  await put(schema.rateBuckets)
  await put(schema.bankLines, { accountId: A })
  await put(schema.providerMovements)
  await put(schema.bankStatements)
  await put(schema.statementLines)
  await put(schema.openItems)
  await put(schema.fxClosings)
  await put(schema.reconciliations)
  await put(schema.fxRates)
  await put(schema.platformSettings, { id: `pst_${n}_of_cpo`, accountId: X })
  await put(schema.platformSettings, { id: `pst_${n}` })
  await put(schema.invoices, { id: `inv_${n}`, ...session, sellerId: X, buyerAccountId: A })
  await put(schema.invoiceSeries)
  await put(schema.signingKeys)
  await put(schema.dataKeys)
  await put(schema.paymentEvents)
  await put(schema.payables, { ...session, payeeId: X })
  const statementPdf = seal('settlements.statement_pdf', `stl_${n}`, Buffer.from('pdf'))
  await put(schema.settlements, { id: `stl_${n}`, payeeId: X, statementPdf })
  await put(schema.bankAccounts, { id: `bac_${n}`, accountId: X })
  await put(schema.payouts, { id: `po_${n}`, settlementId: `stl_${n}`, payeeId: X })
  await put(schema.payoutFiles)
  const body = { type: 'session.ended' }
  await put(schema.events, { id: `evt_${n}`, accountId: A, objectId: `ses_${n}`, body })
  await put(schema.webhookEndpoints, { id: `we_${n}`, accountId: A, eventTypes: ['*'] })
  await put(schema.webhookDeliveries, {
    id: `whd_${n}`,
    endpointId: `we_${n}`,
    eventId: `evt_${n}`,
  })
  await put(schema.webhookReplays, { endpointId: `we_${n}` })
  await put(schema.idempotencyKeys, { accountId: A, key: 'k' })
}
