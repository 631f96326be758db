// The clearing of conversions against the sandbox's own bank: exchanged, found on the statements, and empty.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTreasuryActivities } from '@chargelane/corridor/settlement/treasury/activities'
import { createBankExchange } from '@chargelane/corridor/settlement/treasury/bank-exchange'
import { createBankStatements } from '@chargelane/corridor/settlement/treasury/bank-statements'
import { signerOf } from '@chargelane/corridor/evidence/keyring'
import { balanceOf, openBalances } from '@chargelane/db/queries/ledger/balances'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
// oxlint-disable-next-line no-restricted-imports -- the books themselves are what is tested
import { testDatabase } from '@chargelane/db/testing'
// oxlint-disable-next-line no-restricted-imports -- the books themselves are what is tested
import { accounts } from '@chargelane/rules/ledger'
import { type Bank, startBank } from './bank.ts'

const database = await testDatabase()
const { db } = database
let nowMs = Date.now()
const now = () => new Date(nowMs).toISOString()
let bank: Bank
beforeAll(async () => {
  bank = await startBank({ port: 0, bookedAfterMs: 0, now: () => new Date(nowMs) })
  await createAccount(db, {
    type: 'platform',
    name: 'Platform',
    legalName: 'Platform GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Ladestraße 1', city: 'Köln', postal_code: '50667' },
    at: now(),
  })
})
afterAll(async () => {
  await bank.stop()
  await database.stop()
})

const money = (amount: number, currency: string) => ({ amount, currency })
const treasury = () =>
  createTreasuryActivities({
    db,
    signer: signerOf(generateKeyPairSync('ed25519').privateKey),
    provider: {
      movements: async () => [],
      available: async () => [],
      sweep: async () => ({ kind: 'refused', code: 'none' }),
    },
    statements: createBankStatements({ url: bank.url, apiKey: 'sandbox' }),
    exchange: createBankExchange({ url: bank.url, apiKey: 'sandbox' }),
  })

/** What a sale books where its operator is paid in another currency: the liability changes its currency. */
const convert = (key: string, from: [number, string], to: [number, string]) =>
  postEntries(db, [
    {
      key,
      kind: 'fx',
      effectiveAt: now(),
      postings: [
        { account: accounts.fx(from[1]), amount: money(-from[0], from[1]) },
        {
          account: accounts.pending({ role: 'cpo', id: 'acct_2' }, from[1]),
          amount: money(from[0], from[1]),
        },
        { account: accounts.fx(to[1]), amount: money(to[0], to[1]) },
        {
          account: accounts.pending({ role: 'cpo', id: 'acct_2' }, to[1]),
          amount: money(-to[0], to[1]),
        },
      ],
    },
  ])

const clearing = async () =>
  (await openBalances(db, 'clearing:fx:')).map(({ account, balance }) => [account, balance.amount])

test('comes to zero, with the difference named, however often the day is asked for', async () => {
  await convert('ses_1:sale:fx:cpo', [1_461, 'EUR'], [1_365, 'CHF'])
  await convert('ses_2:sale:fx:cpo', [10_000, 'EUR'], [1_756_800, 'JPY'])
  // The other way round: less has to be bought.
  await convert('ses_3:sale:fx:cpo', [500, 'CHF'], [535, 'EUR'])
  const day = now().slice(0, 10)
  const steps = treasury()
  const closed = await steps.closeFx({ day, now: now() })
  expect(closed).toMatchObject({ exchanged: 2 })
  expect(await clearing()).toEqual([])
  // The bank's spread and the move of the rate are the platform's to bear.
  const lost = await balanceOf(db, 'expense:fx:EUR')
  const won = await balanceOf(db, 'revenue:fx:EUR')
  expect(lost + won).toBe(closed.result)
  expect(await steps.closeFx({ day, now: now() })).toMatchObject({ id: null })
  // Each line of the bank's statements is one of the two sides of an exchange.
  nowMs += 60_000
  expect(await steps.importStatements({ now: now() })).toMatchObject({ open: 0 })
  nowMs += 5 * 86_400_000
  expect(await steps.reconcileBooks({ now: now() })).toMatchObject({ findings: 0 })
})

test('what the bank does not deal in stays open, and the closing goes on when it does', async () => {
  await convert('ses_4:sale:fx:cpo', [1_000, 'EUR'], [3_331, 'KWD'])
  const steps = treasury()
  const day = now().slice(0, 10)
  const first = await steps.closeFx({ day, now: now() })
  expect(first).toMatchObject({ exchanged: 0, result: null })
  const again = await steps.closeFx({ day, now: now() })
  expect(again.id).toBe(first.id)
  expect(await clearing()).toHaveLength(2)
})
