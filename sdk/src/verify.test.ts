import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readArchive, writeArchive } from '@chargelane/rules/evidence/archive'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { proveSession } from '@chargelane/rules/proof'
import type { RatingPolicy } from '@chargelane/rules/rating'
import { verifyPack, verifyProof } from './verify.ts'

// A pack of a settled session; `evidence/pack.test.ts` of the corridor writes it with RECORD_HISTORIES=1.
const packFile = fileURLToPath(new URL('../fixtures/session.zip', import.meta.url))
const command = fileURLToPath(new URL('../bin/chargelane-verify.mjs', import.meta.url))
const pack = new Uint8Array(readFileSync(packFile))

/** The pack with one file rewritten, as an attacker who cannot sign would. */
function withFile(path: string, change: (text: string) => string): Uint8Array {
  const { entries } = readArchive(pack)
  const before = new TextDecoder().decode(entries.get(path))
  const after = change(before)
  expect(after).not.toBe(before)
  return writeArchive(new Map([...entries, [path, new TextEncoder().encode(after)]]))
}

const failed = async (zip: Uint8Array) =>
  (await verifyPack(zip)).checks
    .filter((check) => !check.ok)
    .map((check) => `${check.name}: ${check.detail}`)

describe('an evidence pack', () => {
  test('of a settled session holds in every check, without a network', async () => {
    const report = await verifyPack(pack)
    expect(report.checks.filter((check) => !check.ok)).toEqual([])
    expect(report).toMatchObject({ ok: true, revision: 2 })
    expect(report.checks.map((check) => check.name)).toEqual([
      'archive',
      'manifest',
      'signature',
      'files',
      'completeness',
      'quote',
      'public tariff',
      'proof',
      'price',
      'record',
      'payment',
      'split',
      'conversion',
      'ledger',
      'invoice',
      'settlement',
    ])
  })

  test('with any one byte changed is refused, and the archive check says where', async () => {
    for (let at = 0; at < pack.length; at += 977) {
      const changed = pack.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x04
      const { damage } = readArchive(changed)
      expect(damage, `byte ${at}`).toBeDefined()
    }
    const changed = pack.slice()
    changed[Math.floor(pack.length / 2)] ??= 0
    changed[Math.floor(pack.length / 2)] = (changed[Math.floor(pack.length / 2)] ?? 0) ^ 0x04
    expect((await verifyPack(changed)).ok).toBe(false)
  })

  test('names the file that was rewritten', async () => {
    const problems = await failed(
      withFile('usage.json', (text) => text.replace('"energy_kwh":"', '"energy_kwh":"1')),
    )
    expect(problems).toContain('files: usage.json was changed')
    expect(problems.some((problem) => problem.startsWith('price:'))).toBe(true)
  })

  test.each([
    [
      'quote.json',
      (text: string) => text.replace('"hold_amount":{"amount":', '"hold_amount":{"amount":1'),
      'quote',
    ],
    ['tariff.canonical.json', (text: string) => text.replace('0.4958', '0.4957'), 'public tariff'],
    ['rating.json', (text: string) => text.replace('"gross":"', '"gross":"1'), 'price'],
    [
      'verdict.json',
      (text: string) => text.replace('"kind":"accepted"', '"kind":"rejected"'),
      'record',
    ],
    [
      'payment.json',
      (text: string) => text.replace('"captured":{"amount":', '"captured":{"amount":1'),
      'payment',
    ],
    ['split.json', (text: string) => text.replace('"share":{"bps":', '"share":{"bps":1'), 'split'],
    [
      'split.json',
      (text: string) => text.replace('"jurisdiction":"DE"', '"jurisdiction":"NL"'),
      'split',
    ],
    [
      'split.json',
      (text: string) => text.replace('"source":"asset:psp:EUR"', '"source":"asset:bank:EUR"'),
      'ledger',
    ],
    [
      'ledger.json',
      (text: string) => text.replace('"amount":{"amount":', '"amount":{"amount":1'),
      'ledger',
    ],
    [
      'ledger.json',
      (text: string) => text.replaceAll('revenue:commission', 'revenue:another'),
      'ledger',
    ],
    [
      'invoice.xml',
      (text: string) => text.replace(/(TaxInclusiveAmount currencyID="EUR">)/, '$11'),
      'invoice',
    ],
    [
      'settlement.json',
      (text: string) => text.replace('"amount":{"amount":', '"amount":{"amount":1'),
      'settlement',
    ],
    [
      'settlement.json',
      (text: string) => text.replace('"role":"partner"', '"role":"fund"'),
      'settlement',
    ],
  ])('recomputes what %s says, besides its hash', async (path, change, check) => {
    const problems = await failed(withFile(path, change))
    expect(problems).toContain(`files: ${path} was changed`)
    expect(problems.some((problem) => problem.startsWith(`${check}:`))).toBe(true)
  })

  test('signed by somebody else is refused when a key is pinned', async () => {
    const other = generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString()
    const report = await verifyPack(pack, { trustedKeys: [other] })
    expect(report.checks.find((check) => check.name === 'signature')?.detail).toMatch(
      /not a trusted key/,
    )
  })

  test('that is no pack at all is an answer, not an exception', async () => {
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode('PK and more'),
      pack.subarray(0, 1000),
    ])
      expect((await verifyPack(bytes)).ok).toBe(false)
  })
})

/** A proof made of what lies in the fixture pack, as the product makes them. */
function proofOfPack() {
  const { entries } = readArchive(pack)
  const json = (path: string): unknown => JSON.parse(new TextDecoder().decode(entries.get(path)))
  const quote = json('quote.json') as { body: { rating_policy: RatingPolicy } }
  const proof = proveSession({
    rating: 'retail',
    tariff: zTariff.parse(json('tariff.canonical.json')),
    usage: zUsageRecord.parse(json('usage.json')),
    context: {
      session: 'ses_1',
      cdr: 'cdr_1',
      time_zone: 'Europe/Berlin',
      evse: {
        id: 'evs_1',
        evse_id: 'DE*VWL*E1001*1',
        connector: 'con_1',
        power_type: 'DC',
        max_power_w: 150_000,
        country: 'DE',
      },
      market_profile: 'eu-afir-de@2026-01-08',
    },
    agreement: null,
    rating_policy: quote.body.rating_policy,
  })
  if (proof === undefined) throw new Error('the fixture has a price')
  return proof
}

describe('a price proof', () => {
  test('is verified by Web Crypto and re-execution alone', async () => {
    const report = await verifyProof(proofOfPack())
    expect(report).toMatchObject({
      ok: true,
      session: 'ses_1',
      totals: { gross: { amount: 1624 } },
    })
    expect(report.lines.at(-1)).toBe('Total 13.65 EUR net, 2.59 EUR tax, 16.24 EUR gross')
  })

  test('inside a pack of another session is refused by what it is not of', async () => {
    const { entries } = readArchive(pack)
    const proof = new TextEncoder().encode(JSON.stringify(proofOfPack()))
    const zip = writeArchive(new Map([...entries, ['proof.json', proof]]))
    expect(await failed(zip)).toEqual([
      'files: proof.json was changed',
      'proof: proof.json is of another session',
    ])
  })
})

describe('the command chargelane-verify', () => {
  test('exits 0 for a good pack or proof, 1 for a changed one, 2 for a wrong command line', async () => {
    const proved = proofOfPack()
    expect(execFileSync(process.execPath, [command, packFile]).toString()).toContain(
      'OK: everything holds',
    )
    const changed = join(mkdtempSync(join(tmpdir(), 'verify-')), 'changed.zip')
    writeFileSync(
      changed,
      withFile('rating.json', (text) => text.replace('"gross":"', '"gross":"1')),
    )
    const refused = spawnSync(process.execPath, [command, '--json', changed], { encoding: 'utf8' })
    expect(refused.status).toBe(1)
    expect(refused.stdout).toContain('rating.json was changed')
    const proof = join(mkdtempSync(join(tmpdir(), 'verify-')), 'proof.json')
    writeFileSync(proof, JSON.stringify(proved))
    expect(execFileSync(process.execPath, [command, proof]).toString()).toContain('16.24 EUR gross')
    writeFileSync(proof, JSON.stringify(proved).replace('"amount":1624', '"amount":1625'))
    expect(spawnSync(process.execPath, [command, proof]).status).toBe(1)
    expect(spawnSync(process.execPath, [command]).status).toBe(2)
    expect(spawnSync(process.execPath, [command, '--wrong']).status).toBe(2)
    expect(spawnSync(process.execPath, [command, '/nowhere.zip']).status).toBe(2)
  })
})
