// Both fences: no query finds what belongs to another account, and neither does any SQL under the tenant's role.
import { readdirSync, readFileSync } from 'node:fs'
import { getTableColumns, getTableName, is, sql as raw } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount, connect, everyAccount, sqlState, type Sql } from './client.ts'
import * as schema from './schema.ts'
import { testDatabase } from './testing.ts'
import * as accounts from './queries/partners/accounts.ts'
import * as apiKeys from './queries/partners/api-keys.ts'
import * as cdrs from './queries/sessions/cdrs.ts'
import * as chargers from './queries/chargers/chargers.ts'
import * as connections from './queries/locations/connections.ts'
import * as idempotency from './queries/outbox/idempotency.ts'
import * as invoices from './queries/documents/invoices.ts'
import { postEntry } from './queries/ledger/ledger.ts'
import * as locations from './queries/locations/locations.ts'
import * as outbox from './queries/outbox/outbox.ts'
import * as debts from './queries/payments/debts.ts'
import * as payments from './queries/payments/payments.ts'
import * as sessions from './queries/sessions/sessions.ts'
import * as sessionViews from './queries/sessions/session-views.ts'
import * as settlements from './queries/documents/settlements.ts'
import * as incidents from './queries/operations/incidents.ts'
import * as suspense from './queries/ledger/suspense.ts'
import * as tariffs from './queries/locations/tariffs.ts'
import * as offers from './queries/locations/offers.ts'
import * as quotes from './queries/sessions/quotes.ts'
import * as creditLines from './queries/plans/credit-lines.ts'
import * as riskPolicies from './queries/payments/risk-policies.ts'
import * as plans from './queries/plans/plans.ts'
import * as ratings from './queries/plans/ratings.ts'
import * as reimbursements from './queries/plans/reimbursements.ts'
import * as subscriptions from './queries/plans/subscriptions.ts'
import * as rateAgreements from './queries/partners/rate-agreements.ts'
import * as webhookEndpoints from './queries/outbox/webhook-endpoints.ts'

const database = await testDatabase({ anyEvents: true })
const { db, url } = database
const owner = connect({ url, role: null, max: 1 })
afterAll(async () => {
  await owner.close()
  await database.stop()
})

/** An hour ahead, so that what expires has not expired. */
const at = new Date(Date.now() + 3_600_000).toISOString()
/** Ids of the one world there is: partner A sold a session at CPO X. B and Y have nothing. */
const [A, X, B, Y] = ['acct_A', 'acct_X', 'acct_B', 'acct_Y']
const tables = Object.values(schema).filter((it) => is(it, PgTable))

/** Inserts one row; what is not given is made up from the column's type. */
async function put(table: PgTable, values: Record<string, unknown> = {}): Promise<void> {
  const row: Record<string, unknown> = {}
  for (const [name, column] of Object.entries(getTableColumns(table))) {
    if (name in values || !column.notNull || column.hasDefault || column.generated) continue
    const type = column.getSQLType()
    if (column.enumValues?.length) row[name] = column.enumValues[0]
    else if (type === 'text') row[name] = `${getTableName(table)}_1`
    else if (type.startsWith('timestamp')) row[name] = at
    else if (type === 'jsonb') row[name] = {}
    else if (type === 'bytea') row[name] = Buffer.from(getTableName(table))
    else if (type === 'text[]') row[name] = []
    else row[name] = 1
  }
  await owner.insert(table).values({ ...row, ...values })
}

beforeAll(async () => {
  for (const [id, type] of [
    [A, 'partner'],
    [B, 'partner'],
    [X, 'cpo'],
    [Y, 'cpo'],
  ]) {
    await put(schema.accounts, { id, type, iban: 'DE89370400440532013000' })
  }
  for (const accountId of [A, X]) {
    const digest = Buffer.from(accountId ?? '')
    await put(schema.apiKeys, { id: `key_${accountId}`, accountId, digest })
  }
  await put(schema.agreements, { cpoId: X })
  const rate = { cpoId: X, partnerId: A, proposedBy: A, status: 'proposed' }
  await put(schema.rateAgreements, { id: 'rag_1', ...rate })
  await put(schema.drivers, { id: 'drv_1', accountId: A })
  const source = { accountId: A, driverId: 'drv_1', kind: 'account' }
  await put(schema.paymentSources, { id: 'psrc_1', ...source })
  const card = { accountId: A, driverId: 'drv_1', paymentSourceId: 'psrc_1' }
  await put(schema.tokens, { id: 'tok_1', uid: 'CARD', ...card })
  await put(schema.connections, { id: 'ocn_1', cpoId: X, protocol: 'node' })
  const supply = { connectionId: 'ocn_1', cpoId: X }
  await put(schema.locations, { id: 'loc_1', ...supply, latitude: 53, longitude: 10 })
  await put(schema.evses, { id: 'evs_1', locationId: 'loc_1', ...supply })
  await put(schema.connectors, { id: 'con_1', evseId: 'evs_1' })
  await put(schema.meterKeys, { evseId: 'evs_1', cpoId: X })
  await put(schema.tariffs, { id: 'trf_1', ...supply, status: 'valid' })
  await put(schema.tariffs, { id: 'trf_2', ...supply, status: 'invalid', ocpiId: 'bad' })
  await put(schema.chargeStations, { id: 'cs_1', ...supply })
  await put(schema.ocppTransactions, { chargeStationId: 'cs_1', sessionId: 'ses_1' })
  await put(schema.supplySessions, { connectionId: 'ocn_1' })
  const place = { evseId: 'evs_1', connectorId: 'con_1', cpoId: X, accountId: A }
  await put(schema.quotes, { id: 'quo_1', ...place, paymentSourceId: 'psrc_1' })
  const driven = { driverId: 'drv_1', endedAt: at }
  const sold = { quoteId: 'quo_1', connectionId: 'ocn_1' }
  await put(schema.sessions, { id: 'ses_1', ...place, ...driven, ...sold })
  await put(schema.plans, { id: 'pln_1', ownerId: A })
  const plan = { subscriptionId: 'sub_1', planId: 'pln_1' }
  await put(schema.subscriptions, { id: 'sub_1', accountId: A, driverId: 'drv_1', ownerId: A })
  await put(schema.subscriptionVersions, { ...plan, planVersion: 1 })
  await put(schema.allowanceUses, { quoteId: 'quo_1', subscriptionId: 'sub_1' })
  const repaid = { purpose: 'reimbursement', reference: { rate: 'reimbursement_rates_1' } }
  await put(schema.ratings, { sessionId: 'ses_1', accountId: A, ...repaid })
  await put(schema.reimbursementRates, { accountId: A })
  await put(schema.creditLines, { accountId: A })
  const session = { sessionId: 'ses_1' }
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
  await put(schema.commands, { ...session, connectionId: 'ocn_1' })
  await put(schema.cdrs, { id: 'cdr_1', ...session, connectionId: 'ocn_1' })
  await put(schema.priceProofs, { id: 'prf_1', ...session, cdrId: 'cdr_1' })
  await put(schema.suspenseItems, { id: 'sus_1', ...session, cdrId: 'cdr_1', cpoId: X })
  await put(schema.incidents, { id: 'inc_1', ...session, accountId: A })
  const paid = { accountId: A, paymentSourceId: 'psrc_1', status: 'captured' }
  await put(schema.payments, { id: 'pay_1', ...session, ...paid, kind: 'account' })
  await put(schema.refunds, { ...session, paymentId: 'pay_1' })
  await put(schema.debts, { ...session, accountId: A, paymentSourceId: 'psrc_1' })
  await put(schema.tokenAuthorizations, { connectionId: 'ocn_1' })
  await put(schema.approvals)
  await put(schema.bankLines, { accountId: A })
  await put(schema.fxRates)
  await put(schema.invoices, { id: 'inv_1', ...session, sellerId: X, buyerAccountId: A })
  await put(schema.invoiceSeries)
  await put(schema.paymentEvents)
  await put(schema.payables, { ...session, payeeId: X })
  await put(schema.settlements, { id: 'stl_1', payeeId: X, statementPdf: Buffer.from('pdf') })
  const body = { type: 'session.ended' }
  await put(schema.events, { id: 'evt_1', accountId: A, objectId: 'ses_1', body })
  await put(schema.webhookEndpoints, { id: 'we_1', accountId: A, eventTypes: ['*'] })
  await put(schema.webhookDeliveries, { endpointId: 'we_1', eventId: 'evt_1' })
  await put(schema.idempotencyKeys, { accountId: A, key: 'k' })
  await postEntry(db, {
    key: 'k',
    kind: 'capture',
    sessionId: 'ses_1',
    effectiveAt: at,
    postings: [
      { account: 'a', amount: { amount: 5, currency: 'EUR' } },
      { account: 'b', amount: { amount: -5, currency: 'EUR' } },
    ],
  })
})

/** Rows of each table that the tenant's role shows to an account; -1 where it may not even look. */
async function visibleTo(accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const name = getTableName(table)
    const count = raw`select count(*) as n from ${raw.identifier(name)}`
    counts[name] = await asAccount(db, accountId, (tx) => tx.execute<{ n: number }>(count)).then(
      ([row]) => row?.n ?? 0,
      (error: unknown) => (sqlState(error) === '42501' ? -1 : Promise.reject(error)),
    )
  }
  return counts
}

const publicTables = {
  locations: 1,
  evses: 1,
  connectors: 1,
  meter_keys: 1,
  tariffs: 1,
  fx_rates: 1,
}
const shut = `approvals bank_lines invoice_series payment_events protocol_messages refunds sales
  session_terms signed_values supply_events supply_sessions token_authorizations`.split(/\s+/)

describe('row-level security', () => {
  test('every table of the schema holds a row of this test, so nothing is missed', async () => {
    const counts = await Promise.all(
      tables.map(async (table) => {
        const name = getTableName(table)
        const [row] = await owner.execute(raw`select count(*) as n from ${raw.identifier(name)}`)
        return row?.['n'] === 0 ? [name] : []
      }),
    )
    expect(counts.flat()).toEqual([])
  })

  test('every table has row-level security, with a way through for our own processes', async () => {
    const open = await owner.execute(raw`
      select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (not c.relrowsecurity or not exists (select from pg_policies p
        where p.tablename = c.relname and p.policyname = 'platform'))`)
    expect(open).toEqual([])
  })

  for (const stranger of [B, Y]) {
    test(`${stranger} sees itself and public supply, and nothing else in any table`, async () => {
      const seen = Object.entries(await visibleTo(stranger ?? '')).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual({ accounts: 1, ...publicTables })
    })
  }

  test('without an account, and with one that does not exist, only public supply is seen', async () => {
    for (const nobody of ['', 'acct_NONE', '%', "' or true --"]) {
      const seen = Object.entries(await visibleTo(nobody)).filter(([, n]) => n > 0)
      expect(Object.fromEntries(seen)).toEqual(publicTables)
    }
  })

  test('the partner sees its demand side', async () => {
    const seen = Object.entries(await visibleTo(A ?? '')).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys drivers payment_sources tokens quotes sessions evse_claims timeline commands meter_values
      evidence_packs cdrs price_proofs payments debts invoices events webhook_endpoints webhook_deliveries
      idempotency_keys rate_agreements plans subscriptions subscription_versions allowance_uses ratings reimbursement_rates
      credit_lines risk_policies incidents`.split(/\s+/)
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
    })
  })

  test('the CPO sees its supply side, its invalid tariff included', async () => {
    const seen = Object.entries(await visibleTo(X ?? '')).filter(([, n]) => n > 0)
    const own =
      `accounts api_keys agreements rate_agreements connections charge_stations ocpp_transactions sessions timeline evse_claims
      commands meter_values evidence_packs cdrs price_proofs suspense_items invoices payables settlements`.split(
        /\s+/,
      )
    expect(Object.fromEntries(seen)).toEqual({
      ...publicTables,
      ...Object.fromEntries(own.map((name) => [name, 1])),
      tariffs: 2,
    })
  })

  test('raw protocol messages, inboxes and number series are shut to every tenant', async () => {
    for (const account of [A, X, B, Y, everyAccount]) {
      const seen = await visibleTo(account ?? '')
      const denied = Object.entries(seen).filter(([, n]) => n === -1)
      expect(denied.map(([name]) => name).toSorted()).toEqual(shut)
    }
  })

  test('finance and platform see everything that is not shut', async () => {
    const seen = await visibleTo(everyAccount)
    expect(Object.entries(seen).filter(([, n]) => n === 0)).toEqual([])
  })

  test('a tenant changes and deletes nothing of others, whatever the statement', async () => {
    for (const table of tables) {
      const name = getTableName(table)
      const column = Object.values(getTableColumns(table))[0]?.name ?? ''
      const same = raw.raw(
        column.replaceAll(/([A-Z])/g, (letter: string) => `_${letter.toLowerCase()}`),
      )
      for (const statement of [
        raw`update ${raw.identifier(name)} set ${same} = ${same} where true returning 1`,
        raw`delete from ${raw.identifier(name)} where true returning 1`,
      ]) {
        const changed = await asAccount(db, 'acct_B', (tx) => tx.execute(statement)).then(
          (rows) => rows.length,
          (error: unknown) => sqlState(error),
        )
        expect([name, changed === 0 || changed === '42501' || changed === '428C9']).toEqual([
          name,
          true,
        ])
      }
    }
  })

  test('a tenant cannot write a row in another account’s name', async () => {
    await db.execute(raw`insert into drivers (id, account_id, external_id, created_at)
      values ('drv_B', 'acct_B', 'x', ${at}) on conflict do nothing`)
    const attempts = [
      raw`insert into drivers (id, account_id, external_id, created_at) values ('drv_9', 'acct_A', 'x', ${at})`,
      raw`update drivers set account_id = 'acct_A'`,
      raw`insert into events (id, account_id, object_id, sequence, body, dedupe_key, created_at)
          values ('evt_9', 'acct_A', 'x', 9, '{}', 'x9', ${at})`,
    ]
    for (const attempt of attempts) {
      const error = await asAccount(db, 'acct_B', (tx) => tx.execute(attempt)).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(sqlState(error)).toBe('42501')
    }
    await db.execute(raw`delete from drivers where id = 'drv_B'`)
  })

  test('a CPO changes its own supply down to the connector, and another CPO does not', async () => {
    const changes = ['locations', 'evses', 'connectors'].map((table) =>
      raw.raw(`update ${table} set last_updated = last_updated returning id`),
    )
    for (const change of changes) {
      expect(await asAccount(db, 'acct_X', (tx) => tx.execute(change))).toHaveLength(1)
      expect(await asAccount(db, 'acct_Y', (tx) => tx.execute(change))).toHaveLength(0)
    }
  })

  test('a tenant cannot raise its own share, change its type or lift its suspension', async () => {
    for (const set of ['partner_share_bps = 10000', "type = 'platform'", "status = 'active'"]) {
      const statement = raw.raw(`update accounts set ${set} where id = 'acct_B'`)
      const error = await asAccount(db, 'acct_B', (tx) => tx.execute(statement)).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(sqlState(error)).toBe('42501')
    }
    const own = await asAccount(db, 'acct_B', (tx) =>
      accounts.updateAccount(tx, 'acct_B', 'acct_B', { name: 'New name' }),
    )
    expect(own?.name).toBe('New name')
  })
})

type Finding = (sql: Sql, stranger: string) => Promise<unknown>
const page = { limit: 50 }
/** Each query that takes an account, asked by a stranger for the one world's objects. */
const queries: Record<string, Finding> = {
  getAccount: (sql, me) => accounts.getAccount(sql, me, 'acct_A'),
  updateAccount: (sql, me) => accounts.updateAccount(sql, me, 'acct_A', { name: 'stolen' }),
  agreementAt: (sql, me) => accounts.agreementAt(sql, me, at),
  getDriver: (sql, me) => accounts.getDriver(sql, me, 'drv_1'),
  getPaymentSource: (sql, me) => accounts.getPaymentSource(sql, me, 'psrc_1'),
  listPaymentSources: (sql, me) => accounts.listPaymentSources(sql, me, page),
  setPaymentSourceStatus: (sql, me) =>
    accounts.setPaymentSourceStatus(sql, me, 'psrc_1', 'detached'),
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
  invoicePdf: (sql, me) =>
    firstOf([{ seller: me }, { buyer: me }], (it) => invoices.invoicePdf(sql, it, 'inv_1')),
  listInvoices: (sql, me) =>
    firstOf([{ seller: me }, { buyer: me }], (it) => invoices.listInvoices(sql, it, page)),
  listLocations: (sql, me) => locations.listLocations(sql, me, page),
  listEvents: (sql, me) => outbox.listEvents(sql, me, 0, 50),
  eventsOfObject: (sql, me) => outbox.eventsOfObject(sql, me, 'ses_1', 0),
  getEvent: (sql, me) => outbox.getEvent(sql, me, 'evt_1'),
  deliveriesOfEvent: (sql, me) => outbox.deliveriesOfEvent(sql, me, 'evt_1'),
  replayEvents: (sql, me) => outbox.replayEvents(sql, me, { from: at, to: at, at }),
  getDebt: (sql, me) => debts.getDebt(sql, me, 'debts_1'),
  listDebts: (sql, me) => debts.listDebts(sql, me, page),
  getPayment: (sql, me) => payments.getPayment(sql, me, 'pay_1'),
  listPayments: (sql, me) => payments.listPayments(sql, me, page),
  quoteFacts: async (sql, me) =>
    (
      await offers.quoteFacts(sql, {
        accountId: me,
        paymentSourceId: 'psrc_1',
        evse: 'evs_none',
        now: at,
      })
    ).payer,
  getRateAgreement: (sql, me) => rateAgreements.getRateAgreement(sql, me, 'rag_1', at),
  listRateAgreements: (sql, me) => rateAgreements.listRateAgreements(sql, me, page, at),
  creditLinesOf: (sql, me) => creditLines.creditLinesOf(sql, me),
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
  cancelQuote: (sql, me) => quotes.cancelQuote(sql, me, 'quo_1'),
  getEndpoint: (sql, me) => webhookEndpoints.getEndpoint(sql, me, 'we_1'),
  listEndpoints: (sql, me) => webhookEndpoints.listEndpoints(sql, me, page),
  updateEndpoint: (sql, me) =>
    webhookEndpoints.updateEndpoint(sql, me, 'we_1', { status: 'disabled' }),
  deleteEndpoint: (sql, me) => webhookEndpoints.deleteEndpoint(sql, me, 'we_1'),
  getSession: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessions.getSession(sql, it, 'ses_1')),
  shownSession: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessionViews.shownSession(sql, it, 'ses_1')),
  listSessions: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessions.listSessions(sql, it, page)),
  timelineOf: (sql, me) =>
    firstOf([{ partner: me }, { cpo: me }], (it) => sessions.timelineOf(sql, it, 'ses_1')),
  getSettlement: (sql, me) => settlements.getSettlement(sql, me, 'stl_1'),
  statementPdfOf: (sql, me) => settlements.statementPdfOf(sql, me, 'stl_1'),
  listSettlements: (sql, me) => settlements.listSettlements(sql, me, page),
  getSuspense: (sql, me) => suspense.getSuspense(sql, { cpo: me }, 'sus_1'),
  listSuspense: (sql, me) => suspense.listSuspense(sql, { cpo: me }, { ...page, now: at }),
  getIncident: (sql, me) => incidents.getIncident(sql, me, 'inc_1'),
  listIncidents: (sql, me) => incidents.listIncidents(sql, me, page),
  suspenseAging: (sql, me) => suspense.suspenseAging(sql, { cpo: me }, at),
  tariffFreshness: (sql, me) => tariffs.tariffFreshness(sql, me, at, page),
}

/** These take an account and are right to answer: the account's own row, or what they make for it. */
const notAsked: Record<string, string> = {
  listAccounts: 'lists the account itself',
  getOrCreateDriver: 'makes the driver it does not find',
  getTariff: 'tariffs in force are public; invalid ones are tested with the tariffs',
  offersAsOf: 'supply is public; of agreements the second fence shows the two sides their own',
  publicPrices: 'supply is public',
  payeeAccount: 'reads the named account for its statement, asked by our own settlement only',
  lockCreditLine: 'reads nothing: holds on an account wait for each other by it',
  knownEvseId: 'tells a CPO which of its own EVSE-IDs exist',
  listTariffs: 'tariffs in force are public; invalid ones are tested with the tariffs',
  subscriptionSeenBy: 'shows what getSubscription finds',
  tariffVersions: 'tariffs are public; invalid ones are tested with the tariffs',
}

async function firstOf<Scope>(scopes: Scope[], ask: (scope: Scope) => Promise<unknown>) {
  for (const scope of scopes) {
    const found = await ask(scope)
    if (!isNothing(found)) return found
  }
  return undefined
}

function isNothing(found: unknown): boolean {
  if (found === undefined || found === null || found === 0 || found === false) return true
  if (Array.isArray(found)) return found.length === 0
  return typeof found === 'object' && 'data' in found && isNothing(found.data)
}

/** Everything that is anyone's, to see that a refused change changed nothing. */
const world = () =>
  owner.execute(raw`select (select jsonb_agg(a order by a.id) from accounts a) as accounts,
    (select jsonb_agg(t) from tokens t) as tokens, (select jsonb_agg(p) from payment_sources p) as sources,
    (select jsonb_agg(k order by k.id) from api_keys k) as keys, (select jsonb_agg(i) from idempotency_keys i) as idem,
    (select jsonb_agg(d) from webhook_deliveries d) as deliveries,
    (select jsonb_agg(q) from quotes q) as quotes, (select jsonb_agg(w order by w.id) from webhook_endpoints w) as hooks`)

describe('queries', () => {
  for (const [name, ask] of Object.entries(queries)) {
    test(`${name} finds and changes nothing of another account, with and without the second fence`, async () => {
      const before = await world()
      for (const stranger of ['acct_B', 'acct_Y']) {
        expect(isNothing(await ask(db, stranger))).toBe(true)
        const fenced = await asAccount(db, stranger, (tx) => ask(tx, stranger)).then(
          isNothing,
          (error: unknown) => sqlState(error) === '42501',
        )
        expect(fenced).toBe(true)
      }
      expect(await world()).toEqual(before)
    })
  }

  test('the same queries do find what the account owns, or this file would prove nothing', async () => {
    const silent = ['completeIdempotent', 'abandonIdempotent', 'releaseIdempotent']
    const blind: string[] = []
    for (const [name, ask] of Object.entries(queries)) {
      if (silent.includes(name)) continue
      const undo = new Error('undo')
      await db
        .tx(async (tx) => {
          const found = [await ask(tx, 'acct_A'), await ask(tx, 'acct_X')]
          if (found.every(isNothing)) blind.push(name)
          throw undo
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error
        })
    }
    expect(blind).toEqual([])
  })

  test('no query that takes an account is missing here', () => {
    const folder = new URL('queries/', import.meta.url)
    const takesAccount =
      /export (?:async )?function (\w+)\(\s*\w+: \w+,\s*(?:accountId|payeeId|scope|cpoId|partnerId): [^,]+,/g
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'page.ts')
      .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(takesAccount)])
      .map((match) => match[1] ?? '')
    expect(found.length).toBeGreaterThan(30)
    expect(found.filter((name) => !(name in queries) && !(name in notAsked))).toEqual([])
  })
})
