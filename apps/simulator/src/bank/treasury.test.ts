// A day of the treasury against the sandbox's own provider and bank: everything agrees, and what is planted is found.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { generateKeyPairSync } from 'node:crypto'
// Only a test may reach into the worker: the sandbox has to please the adapters that go live.
import { createTreasuryActivities } from '@chargelane/corridor/settlement/treasury/activities'
import { createBankExchange } from '@chargelane/corridor/settlement/treasury/bank-exchange'
import { createBankStatements } from '@chargelane/corridor/settlement/treasury/bank-statements'
import { signerOf } from '@chargelane/corridor/evidence/keyring'
import { createBankPayouts } from '@chargelane/corridor/settlement/bank'
import { openCardMoney } from '@chargelane/corridor/payment/card/card'
import { balanceOf, trialBalance } from '@chargelane/db/queries/ledger/balances'
import { postEntries, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { listOpenItems, listReconciliations } from '@chargelane/db/queries/ledger/open-items'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
// oxlint-disable-next-line no-restricted-imports -- the books themselves are what is tested
import { testDatabase } from '@chargelane/db/testing'
// oxlint-disable-next-line no-restricted-imports -- the books themselves are what is tested
import { accounts, payoutEntry, payoutPaidEntry } from '@chargelane/rules/ledger'
import { type PaymentProvider, startPaymentProvider } from '../card-provider/card-provider.ts'
import { connect, control, eur, holdOf } from '../card-provider/testing.ts'
import { type Bank, startBank } from './bank.ts'

const database = await testDatabase()
const { db } = database
const dayMs = 86_400_000
/** The database stamps what is recorded by its own clock: the week begins now. */
let nowMs = Date.now()
const now = () => new Date(nowMs).toISOString()

let bank: Bank
let provider: PaymentProvider
beforeAll(async () => {
  bank = await startBank({ port: 0, bookedAfterMs: 0, now: () => new Date(nowMs) })
  provider = await startPaymentProvider({
    port: 0,
    searchLagS: 0,
    now: () => new Date(nowMs),
    onPayout: ({ id, amount, currency }) =>
      bank.receive({
        reference: `IN${id.slice(-20)}`,
        amount: (amount / 100).toFixed(2),
        currency: currency.toUpperCase(),
        counterparty: 'Stripe',
        text: `STRIPE ${id}`,
      }),
  })
})
afterAll(async () => {
  await provider.stop()
  await bank.stop()
  await database.stop()
})

function treasury() {
  const { hostname, port } = new URL(provider.url)
  const { privateKey } = generateKeyPairSync('ed25519')
  return createTreasuryActivities({
    db,
    signer: signerOf(privateKey),
    provider: openCardMoney({
      STRIPE_API_KEY: 'sk_test_vitest',
      STRIPE_HOST: hostname,
      STRIPE_PORT: port,
      STRIPE_PROTOCOL: 'http',
    }),
    statements: createBankStatements({ url: bank.url, apiKey: 'sandbox' }),
    exchange: createBankExchange({ url: bank.url, apiKey: 'sandbox' }),
  })
}

/** A row that the test has no whole sale for. */
const bare = (statement: string) =>
  database.admin(`set session_replication_role = replica; ${statement}`)

/** A session captured at the provider and booked as its sale would be. */
async function sell(name: string, fee = 0): Promise<void> {
  const sessionId = `ses_${name}`
  const payments = connect(provider)
  const paymentId = `pay_${name}`
  const { pspId } = await holdOf(payments, 'pm_card_visa', {
    paymentId,
    sessionId,
    idempotencyKey: `${name}:a`,
  })
  const taken = await payments.capture({ pspId, amount: eur(1_416), idempotencyKey: `${name}:c` })
  if (taken.kind !== 'captured' || taken.fee === null)
    throw new Error(`not captured: ${taken.kind}`)
  await bare(`insert into payments (id, session_id, account_id, payment_source_id, kind, psp_id, currency, hold_minor,
    status, release_by, created_at, updated_at) values ('${paymentId}', '${sessionId}', 'acct_1', 'psrc_1', 'card',
    '${pspId}', 'EUR', 5000, 'captured', '${now()}', '${now()}', '${now()}')`)
  const cpo = accounts.pending({ role: 'cpo', id: 'acct_2' }, 'EUR')
  const kept = taken.fee.amount + fee
  await postEntries(db, [
    {
      key: `${sessionId}:sale`,
      kind: 'sale',
      sessionId,
      effectiveAt: now(),
      postings: [
        { account: accounts.psp('EUR'), amount: eur(1_416) },
        { account: cpo, amount: eur(-1_416) },
      ],
    },
    {
      key: `${sessionId}:sale:psp_fee`,
      kind: 'psp_fee',
      sessionId,
      effectiveAt: now(),
      postings: [
        { account: accounts.psp('EUR'), amount: eur(-kept) },
        { account: accounts.expense('psp_fee', 'EUR'), amount: eur(kept) },
      ],
    },
  ])
}

async function payOut(payoutId: string, amount: number): Promise<void> {
  const payouts = createBankPayouts({ url: bank.url, apiKey: 'sandbox' })
  await payouts.send({
    payoutId,
    amount: eur(amount),
    creditorName: 'Voltwerk & Söhne',
    account: { type: 'iban', iban: 'DE89370400440532013000' },
    reference: `Chargelane settlement ${payoutId}`,
    idempotencyKey: payoutId,
  })
  const payout = { payee: { role: 'cpo', id: 'acct_2' }, payoutId, amount: eur(amount) } as const
  await postEntry(db, {
    ...payoutEntry({ ...payout, key: `${payoutId}:payout` }),
    effectiveAt: now(),
  })
  await postEntry(db, {
    ...payoutPaidEntry({ ...payout, key: `${payoutId}:payout_paid` }),
    effectiveAt: now(),
  })
}

/** As the treasury's hour and day do it. */
async function look(): Promise<string[]> {
  const steps = treasury()
  await steps.sweepProvider({ day: now().slice(0, 10) })
  await steps.importProvider({ now: now() })
  await steps.importStatements({ now: now() })
  await steps.reconcileBooks({ now: now() })
  const { data } = await listOpenItems(db, { limit: 50, status: 'open' })
  return data.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()
}

async function lastSides() {
  const { data } = await listReconciliations(db, { limit: 1 })
  return data[0]?.result.comparisons ?? []
}

const wait = async (ms: number) => {
  nowMs += ms
  await control(provider, 'clock', { advance_seconds: 0 })
}

describe('a week of the treasury', () => {
  test('what was captured comes to the bank, and all sides agree to the cent on the way', async () => {
    await sell('ONE')
    await sell('TWO')
    await payOut('stl_A', 500)
    expect(await look()).toEqual([])
    await wait(8 * dayMs)
    expect(await look()).toEqual([])
    expect(await balanceOf(db, accounts.psp('EUR'))).toBe(0)
    await wait(2 * dayMs)
    expect(await look()).toEqual([])
    const fees = await balanceOf(db, accounts.expense('psp_fee', 'EUR'))
    expect(await balanceOf(db, accounts.bank('EUR'))).toBe(2 * 1_416 - fees - 500)
    for (const { theirs, books, unexplained } of await lastSides())
      expect([theirs.amount, unexplained.amount]).toEqual([books.amount, 0])
    for (const { difference } of (await trialBalance(db)).currencies)
      expect(difference.amount).toBe(0n)
  })

  test('asked again nothing is imported, booked or swept twice', async () => {
    const before = await trialBalance(db)
    const steps = treasury()
    expect(await steps.importProvider({ now: now() })).toEqual({ imported: 0 })
    expect(await look()).toEqual([])
    expect(await trialBalance(db)).toEqual(before)
  })

  test('the statements of the bank are valid camt.053.001.08', async () => {
    const schema = new URL(
      '../../../../workflows/rules/src/bank/fixtures/camt.053.001.08.xsd',
      import.meta.url,
    )
    const told = await createBankStatements({ url: bank.url, apiKey: 'x' }).statements({ after: 0 })
    expect(told.length).toBeGreaterThan(0)
    for (const { xml } of told) {
      const checked = await validateXML({
        xml: [{ fileName: 'statement.xml', contents: xml }],
        schema: [readFileSync(schema, 'utf8')],
      })
      expect(checked.errors).toEqual([])
    }
  })
})

describe('what is planted is found within the day, named, and over when it is mended', () => {
  test('a wrong fee, a doubled line, a line of nothing, a missing sweep, a lost record and a sale nobody booked', async () => {
    await sell('FEE', 3)
    await sell('LATER')
    await bare(`delete from ledger_entries where session_id = 'ses_LATER'; delete from ledger_postings where
      entry_id not in (select id from ledger_entries)`)
    await bare(`insert into sessions (id, account_id, cpo_id, quote_id, evse_id, connector_id, connection_id, driver_id,
      workflow_id, channel, token_uid, token_key, status, connectivity, record_status, money_status, currency, energy_wh, ended_at,
      created_at, updated_at) values ('ses_LOST', 'acct_1', 'acct_2', 'q', 'e', 'c', 'o', 'd', 'w', 'api', 't', 't', 'ended', 'live',
      'none', 'held', 'EUR', 12000, '${now()}', '${now()}', '${now()}')`)
    await payOut('stl_B', 700)
    await order({ operation: 'statement', action: { kind: 'repeat' }, times: 1 })
    await post('incoming', {
      reference: 'STRAY1',
      amount: '12.34',
      currency: 'EUR',
      counterparty: 'N. N.',
    })
    await order({ operation: 'receive', action: { kind: 'drop' }, times: 1 })
    await look()
    await wait(8 * dayMs)
    await look()
    await wait(5 * dayMs)
    const found = await look()
    expect(found.map((item) => item.split(' ')[0])).toEqual([
      'bank_line_doubled',
      'bank_line_unknown',
      'provider_fee',
      'record_missing',
      'sale_not_booked',
      'sweep_missing',
    ])
    for (const { unexplained } of await lastSides()) expect(unexplained.amount).toBe(0)
    const incidents = await listIncidents(db, 'all', { limit: 50, kind: 'difference_open' })
    expect(incidents.data.filter(({ status }) => status === 'open')).toHaveLength(6)
  })
})

const post = async (path: string, body: object) => {
  const answer = await fetch(`${bank.url}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
}
const order = (fault: object) => post('faults', fault)
