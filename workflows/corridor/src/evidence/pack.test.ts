// The whole way of a sale's money, held against the pack that proves it: two payees, and a third one that is only data.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  evidenceZip,
  latestEvidence,
  timelineRows,
} from '@chargelane/db/queries/documents/evidence'
import {
  getSettlement,
  payablesOfSession,
  settlementsOfSession,
} from '@chargelane/db/queries/documents/settlements'
import { statementOf, statementPdfOf } from '@chargelane/db/queries/documents/statements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { readArchive } from '@chargelane/rules/evidence/archive'
import { accounts } from '@chargelane/rules/ledger'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import { charge, settle, useCorridor } from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'
import { addSiteHost } from '../testing/site-host.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

const packOf = async ({ sessionId }: Started) =>
  new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])

async function failuresOf(zip: Uint8Array) {
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return checks.filter(({ ok }) => !ok)
}

test('the pack of a settled session holds in every check, without a network', async () => {
  const session = await charge(corridor, market, 27_520)
  await settle(corridor, session)
  const zip = await packOf(session)
  expect(await failuresOf(zip)).toEqual([])
  // `RECORD_HISTORIES=1` keeps it as the pack that the SDK's own tests verify.
  if (process.env['RECORD_HISTORIES'] === '1')
    writeFileSync(
      fileURLToPath(new URL('../../../../sdk/fixtures/session.zip', import.meta.url)),
      zip,
    )
})

test('a pack that was extended is not extended once more when the step is repeated later', async () => {
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  const { sessionId } = session
  const again = { sessionId, extends: 1, changes: [], now: await corridor.nowIso() }
  expect(await corridor.activities.extendEvidence(again)).toMatchObject({ revision: 2 })
  expect(await latestEvidence(corridor.db, sessionId)).toMatchObject({ revision: 2 })
})

test('a pack by a key that was lost is sealed anew by the present one, and its log names both seals', async () => {
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  const { sessionId } = session
  const old = await packOf(session)
  const before = await latestEvidence(corridor.db, sessionId)
  const since = await corridor.nowIso()
  await corridor.signer.rotate({ reason: 'lost', compromisedSince: since })
  const trust = [await corridor.keys()]
  expect(await verifyPack(old, { trust })).toMatchObject({ outcome: 'compromised_key' })
  await corridor.pass(11 * 60_000)
  const resealed = async () =>
    (await corridor.activities.resealPacks({ now: await corridor.nowIso() })).sessions
  expect(await resealed()).toContain(sessionId)
  expect(await resealed()).not.toContain(sessionId)
  const anew = await latestEvidence(corridor.db, sessionId)
  expect(anew).toMatchObject({
    revision: (before?.revision ?? 0) + 1,
    keyId: corridor.signer.keyId,
  })
  expect(await failuresOf(await packOf(session))).toEqual([])
  const rows = await timelineRows(corridor.db, sessionId)
  expect(rows.at(-1)?.detail).toMatchObject({
    key_id: anew?.keyId,
    manifest_sha256: anew?.manifestHash,
    previous: { key_id: before?.keyId, manifest_sha256: before?.manifestHash },
  })
})

test('a site host is paid 5 % of the net by data alone: split, books, payout, statement and pack', async () => {
  const payee = await addSiteHost(corridor, market)
  const session = await charge(corridor, market, 20_000)
  await settle(corridor, session)
  const { sessionId } = session
  const payables = await payablesOfSession(corridor.db, sessionId)
  // 5 % of 9.92 net is 0.50, its VAT 0.10; the operator pays it, and 0.60 EUR are 0.56 CHF.
  expect(new Map(payables.map((row) => [row.payee.role, row.amount]))).toEqual(
    new Map([
      ['cpo', { amount: 1_180 - 118 - 60, currency: 'EUR' }],
      ['partner', { amount: 36, currency: 'EUR' }],
      ['site_host', { amount: 56, currency: 'CHF' }],
    ]),
  )
  const own = (await settlementsOfSession(corridor.db, sessionId)).find(
    (row) => row.payee.role === 'site_host',
  )
  const settlement = await getSettlement(corridor.db, payee.id, own?.settlementId ?? '')
  expect(settlement).toMatchObject({ payee, state: 'paid', amount: { amount: 56 } })
  const statement = await statementOf(corridor.db, settlement?.id ?? '')
  expect(statement).toMatchObject({
    role: 'site_host',
    payee: { legalName: 'Parkhaus am Markt GmbH' },
    lines: [
      {
        supplied: { amount: 60, currency: 'EUR' },
        suppliedVat: { amount: 10 },
        tax: 'site share VAT S 19 %',
        conversion: `EUR at 0.9312 (ECB eurofxref-daily, ${corridor.rates.asOf})`,
      },
    ],
  })
  const pdf = await statementPdfOf(corridor.db, payee.id, settlement?.id ?? '')
  expect(pdf?.subarray(0, 5).toString()).toBe('%PDF-')
  for (const currency of ['EUR', 'CHF'])
    expect(await balanceOf(corridor.db, accounts.pending(payee, currency))).toBe(0)
  const zip = await packOf(session)
  expect(await failuresOf(zip)).toEqual([])
  const { entries } = readArchive(zip)
  expect(new TextDecoder().decode(entries.get('settlement.json'))).toContain('"site_host"')
  const split = (await verifyPack(zip, { trust: [await corridor.keys()] })).checks.find(
    ({ name }) => name === 'split',
  )
  expect(split?.detail).toBe(
    'by the agreement and the law: shares of cpo, partner, platform, site_host and tax sum to 1180',
  )
})
