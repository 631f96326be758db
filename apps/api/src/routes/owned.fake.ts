// One object of a partner or an operator for every operation that takes an id, for the tests that ask as a stranger.
import {
  payments,
  cdrs,
  invoices,
  priceProofs,
  settlements,
  suspenseItems,
} from '@chargelane/db/schema'
import { seal } from '@chargelane/db/sealed'
import { holdIdOf } from '@chargelane/db/queries/payments/payments'
import { openDispute } from '@chargelane/db/queries/disputes/disputes'
import { openPayout } from '@chargelane/db/queries/documents/payouts'
import { addBankAccount } from '@chargelane/db/queries/partners/bank-accounts'
import { openRefund } from '@chargelane/db/queries/payments/refunds'
import { openDebt } from '@chargelane/db/queries/payments/debts'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type {
  ProofInput,
  ProofOutput,
  RecordDocument,
  UsageRecord,
} from '@chargelane/rules/documents'
import { cardOf, invoiceBody, type TestApi, type World } from '../testing.ts'

export const rateTerms = {
  name: 'Fleet',
  price: { kind: 'discount' as const, discount_bps: { ENERGY: 500 } },
}

export const splitTerms = {
  name: 'Site',
  text: 'The partner is paid for the drivers it brings.',
  level: 'cpo' as const,
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
  rules: [
    {
      id: 'bonus',
      fee_type: 'revenue_share' as const,
      supplier: { role: 'partner' },
      recipient: { role: 'cpo' },
      base: 'sale',
      share: { kind: 'percentage' as const, bps: 100 },
      document: 'self_billed_invoice' as const,
      shortfall: 'waive' as const,
    },
  ],
}

export const planTerms = {
  name: 'Pendler',
  access_fee: { amount: 990, currency: 'EUR' },
  included_kwh: '40',
  overage: { kind: 'public' as const },
}

export const payoutFacts = {
  hook: 'before_payout' as const,
  at: '2026-03-01T12:00:00.000Z',
  settlement: 'stl_1',
  payee: { role: 'cpo', id: 'acct_1' },
  amount: { amount: 100, currency: 'EUR' },
  sessions: 3,
}

export type Owned = Record<string, { id: string; owner: 'partner' | 'cpo' }>

/** Where the operator is paid, and a payout there. */
async function ownedPayout({ deps }: TestApi, { cpo }: World, settlementId: string) {
  const at = deps.now()
  const account = await addBankAccount(deps.db, {
    accountId: cpo.account.id,
    currency: 'EUR',
    numbers: { type: 'iban', iban: 'DE89370400440532013000' },
    holder: 'Voltwerk GmbH',
    state: 'pending',
    usableFrom: at,
    proposedBy: null,
    at,
  })
  const bankAccountId = account?.id ?? ''
  const { payout } = await deps.db.tx((tx) =>
    openPayout(tx, {
      settlementId,
      attempt: 1,
      payee: { role: 'cpo', id: cpo.account.id },
      amount: { amount: 1_000, currency: 'EUR' },
      rail: 'bank',
      railReason: 'a test',
      isInstant: false,
      bankAccountId,
      at,
    }),
  )
  const owner = 'cpo' as const
  return {
    bank_accounts: { id: bankAccountId, owner },
    payouts: { id: payout.id, owner },
  }
}

/** An object of partner A (or of the operator) for every operation that takes an id. */
export async function ownedObjects(api: TestApi, world: World): Promise<Owned> {
  const { a, cpo, sources, connection, station } = world
  const quote = await a.lane.quotes.create({ evse: 'DE*VWL*E1001*2', payment_source: sources.a.id })
  const session = await a.lane.sessions.create({ quote: quote.id })
  const token = await a.lane.tokens.create({
    driver: { external_id: 'user-42' },
    payment_source: sources.a.id,
    type: 'RFID',
    uid: '04A1B2C3',
  })
  const endpoint = await a.lane.webhook_endpoints.create({
    url: 'http://127.0.0.1:9/',
    events: ['*'],
  })
  const event = await a.lane.webhook_endpoints.test(endpoint.id)
  const [delivery] = (await a.lane.webhook_deliveries.list({ event: event.id })).data
  const key = await a.lane.api_keys.create({ name: 'second' })
  const agreement = await a.lane.rate_agreements.create({
    counterparty: cpo.account.id,
    ...rateTerms,
  })
  const [distribution] = (await a.lane.agreements.list({ account: a.account.id })).data
  const plan = await a.lane.plans.create({ ...planTerms, country: 'DE' })
  const subscription = await a.lane.subscriptions.create({
    driver: { external_id: 'user-42' },
    plan: plan.id,
    time_zone: 'Europe/Berlin',
  })
  const rate = await a.lane.reimbursement_rates.create({
    name: 'Home',
    kind: 'home',
    country: 'DE',
    price_per_kwh: '0.32',
    currency: 'EUR',
    evses: [quote.evse],
  })
  const code = await cpo.lane.policy_packages.create({
    name: 'big-payouts',
    version: '1.0.0',
    hooks: ['before_payout'],
    schema_version: 1,
    source: `export const before_payout = () => ({ decision: 'go_on' })`,
    goldens: [{ name: 'any', facts: payoutFacts, answer: { decision: 'go_on' } }],
  })
  const policy = await cpo.lane.split_policies.create(splitTerms)
  const simulation = await cpo.lane.split_policies.simulate(policy.id, {})
  const group = await a.lane.driver_groups.create({ name: 'Fleet', drivers: ['user-42'] })
  const deal = await a.lane.contracts.create({ counterparty: cpo.account.id, name: 'Fleet' })
  const rule = await cpo.lane.access_rules.create({ name: 'Everybody' })
  const rows = await moneyRows(api, world, session.id)
  const pspAccount = await a.lane.psp_accounts.set({
    mode: 'restricted_key',
    provider_account: 'acct_partner1',
    api_key: 'rk_test_partner1',
    webhook_secret: 'whsec_0123456789abcdef',
  })
  return {
    plans: partner(plan.id),
    subscriptions: partner(subscription.id),
    reimbursement_rates: partner(rate.id),
    ratings: partner(session.id),
    accounts: partner(a.account.id),
    api_keys: partner(key.id),
    payment_sources: partner(sources.a.id),
    tokens: partner(token.id),
    quotes: partner(quote.id),
    sessions: partner(session.id),
    payments: partner(rows.payment),
    psp_accounts: partner(pspAccount.id),
    holds: partner(holdIdOf(rows.payment)),
    refunds: partner(rows.refund),
    disputes: partner(rows.dispute),
    debts: partner(rows.debt),
    cdrs: partner(rows.cdr),
    price_proofs: partner(rows.proof),
    signing_keys: partner(api.deps.signer.keyId),
    suspense: operator(rows.suspense),
    invoices: partner(rows.invoice),
    settlements: operator(rows.settlement),
    ...(await ownedPayout(api, world, rows.settlement)),
    incidents: operator(rows.incident),
    webhook_endpoints: partner(endpoint.id),
    webhook_deliveries: partner(delivery?.id ?? ''),
    events: partner(event.id),
    agreements: partner(distribution?.id ?? ''),
    rate_agreements: partner(agreement.id),
    policy_packages: operator(code.id),
    driver_groups: partner(group.id),
    contracts: partner(deal.id),
    access_rules: operator(rule.id),
    split_policies: operator(policy.id),
    split_simulations: operator(simulation.id),
    connections: operator(connection.id),
    charge_stations: operator(station.id),
    cpo: operator(cpo.account.id),
  }
}

const partner = (id: string) => ({ id, owner: 'partner' as const })
const operator = (id: string) => ({ id, owner: 'cpo' as const })

/** Rows that only workflows write. */
async function moneyRows(api: TestApi, world: World, sessionId: string) {
  const { db } = api.database
  const { a, cpo, connection } = world
  const spare = await cardOf(a.lane, 'user-43')
  const sources = { ...world.sources, spare: spare.id }
  const at = api.deps.now()
  const [payment, cdr, invoice, settlement] = [
    newId('payment'),
    newId('cdr'),
    newId('invoice'),
    newId('settlement'),
  ]
  const amounts = { currency: 'EUR', netMinor: 1_190, vatMinor: 226, grossMinor: 1_416 }
  await db.insert(payments).values({
    id: payment,
    sessionId,
    accountId: a.account.id,
    paymentSourceId: sources.a.id,
    kind: 'card',
    heldAt: at,
    pspId: 'pi_1',
    currency: 'EUR',
    holdMinor: 2_000,
    status: 'authorized',
    releaseBy: at,
    createdAt: at,
    updatedAt: at,
  })
  await db.insert(cdrs).values({
    id: cdr,
    sessionId,
    connectionId: connection.id,
    source: 'node',
    countryCode: 'DE',
    partyId: 'VWL',
    ocpiId: 'cdr-1',
    contentHash: 'aa',
    raw: seal('cdrs.raw', cdr, '{}'),
    usage: {} as UsageRecord,
    document: {} as RecordDocument,
    currency: 'EUR',
    status: 'received',
    receivedAt: at,
  })
  const [proof, suspense] = [newId('priceProof'), newId('suspenseItem')]
  await db.insert(priceProofs).values({
    id: proof,
    sessionId,
    cdrId: cdr,
    rating: 'retail',
    hash: 'sha256:00',
    input: {} as ProofInput,
    output: {} as ProofOutput,
    engineVersion: 'chargelane-rating/2',
    status: 'valid',
    checkedAt: at,
    createdAt: at,
  })
  await db.insert(suspenseItems).values({
    id: suspense,
    sessionId,
    cdrId: cdr,
    cpoId: cpo.account.id,
    currency: 'EUR',
    amountMinor: 119,
    account: `suspense:cdr:${cpo.account.id}:EUR`,
    entryKey: `${sessionId}:difference:${cdr}`,
    rules: ['cpo_asks_more'],
    reasons: [],
    status: 'open',
    openedAt: at,
    disputeDueAt: at,
  })
  await db.insert(invoices).values({
    id: invoice,
    sessionId,
    sellerId: cpo.account.id,
    buyerAccountId: a.account.id,
    kind: 'receipt_invoice',
    series: 'R',
    number: 1,
    documentNumber: 'R-1',
    ...amounts,
    body: invoiceBody(cpo.account.id, sessionId),
    xml: '<Invoice/>',
    issuedAt: at,
  })
  await db.insert(settlements).values({
    id: settlement,
    payeeId: cpo.account.id,
    role: 'cpo',
    currency: 'EUR',
    batch: 'b1',
    state: 'closed',
    amountMinor: 1_000,
    sessionCount: 1,
    slaDeadline: at,
    statementPdf: seal('settlements.statement_pdf', settlement, '%PDF-1.7'),
    cutOffAt: at,
    createdAt: at,
  })
  const { id: incident } = await openIncident(db, {
    kind: 'payout_failed',
    subject: { type: 'settlement', id: settlement },
    accountId: cpo.account.id,
    cause: 'The bank refused the account.',
    actions: [],
    at,
  })
  const nothing = { amount: 0, currency: 'EUR' }
  const { id: debt } = await db.tx((tx) =>
    openDebt(tx, {
      sessionId,
      accountId: a.account.id,
      // Of a source that no test charges: an open debt would block it.
      paymentSourceId: sources.spare,
      amount: { amount: 500, currency: 'EUR' },
      credited: nothing,
      guaranteed: nothing,
      reason: 'capture_failed',
      at,
    }),
  )
  const refund = newId('refund')
  const refunded = { id: refund, paymentId: payment, sessionId, revision: 1, attempt: 1 }
  await db.tx((tx) => openRefund(tx, { ...refunded, amount: { amount: 100, currency: 'EUR' } }, at))
  const dispute = newId('dispute')
  await db.tx((tx) =>
    openDispute(tx, {
      id: dispute,
      kind: 'driver',
      status: 'under_review',
      reason: 'other',
      sessionId,
      partnerId: a.account.id,
      cpoId: cpo.account.id,
      openedBy: a.account.id,
      amount: { amount: 100, currency: 'EUR' },
      at,
    }),
  )
  return { payment, refund, dispute, cdr, invoice, settlement, proof, suspense, incident, debt }
}
