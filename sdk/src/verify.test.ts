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
import { viewOf } from '@chargelane/rules/evidence/view'
import { z } from 'zod'
import { type KeyList, verifyPack, verifyProof } from './verify.ts'

// A pack of a settled session; `evidence/pack.test.ts` of the corridor writes it with RECORD_HISTORIES=1. What gives a
// forger away is tried there, in `evidence/forger.test.ts`, on packs of every kind.
const packFile = fileURLToPath(new URL('../fixtures/session.zip', import.meta.url))
const command = fileURLToPath(new URL('../bin/chargelane-verify.mjs', import.meta.url))
const pack = new Uint8Array(readFileSync(packFile))

const zSigner = z.object({
  issuer: z.object({ name: z.string() }),
  signer: z.object({ key_id: z.string(), public_key_spki: z.string() }),
})
const { issuer, signer } = zSigner.parse(
  JSON.parse(new TextDecoder().decode(readArchive(pack).entries.get('manifest.json'))),
)
const pem = `-----BEGIN PUBLIC KEY-----\n${signer.public_key_spki}\n-----END PUBLIC KEY-----\n`

/** The list of whoever sealed the fixture, with its key as it may be found later. */
const listOf = (key: Partial<KeyList['keys'][number]> = {}): KeyList => ({
  schema: 'chargelane-keys/1',
  issuer: issuer.name,
  keys: [
    {
      key_id: signer.key_id,
      algorithm: 'Ed25519',
      public_key_spki: signer.public_key_spki,
      valid_from: '2020-01-01T00:00:00.000Z',
      valid_until: null,
      compromised_since: null,
      ...key,
    },
  ],
})

const lostList = () => listOf({ compromised_since: '2026-01-01T00:00:00.000Z' })

/** The pack with one file rewritten, as an attacker who cannot sign would. */
function withFile(path: string, change: (text: string) => string): Uint8Array {
  const { entries } = readArchive(pack)
  const before = new TextDecoder().decode(entries.get(path))
  const after = change(before)
  expect(after).not.toBe(before)
  return writeArchive(new Map([...entries, [path, new TextEncoder().encode(after)]]))
}

const verify = (zip: Uint8Array) => verifyPack(zip, { trust: [listOf()] })

/** What the check of the signer says to whoever finds the key like this. */
async function signerBy(key: Parameters<typeof listOf>[0]) {
  const { checks } = await verifyPack(pack, { trust: [listOf(key)] })
  return checks.find(({ name }) => name === 'signer')
}

const checkNames = [
  'archive',
  'manifest',
  'signature',
  'signer',
  'files',
  'completeness',
  'quote',
  'public tariff',
  'session',
  'meter',
  'usage',
  'price',
  'record',
  'proof',
  'payment',
  'split',
  'tax',
  'conversion',
  'ledger',
  'invoice',
  'settlement',
  'timeline',
]

describe('an evidence pack', () => {
  test('of a settled session holds in every check, without a network', async () => {
    const report = await verify(pack)
    expect(report.checks.filter((check) => !check.ok)).toEqual([])
    expect(report).toMatchObject({ ok: true, revision: 2, sealed_by: issuer.name })
    expect(report.checks.map((check) => check.name)).toEqual(checkNames)
  })

  test('with any one byte changed is refused, and the archive check says where', async () => {
    for (let at = 0; at < pack.length; at += 977) {
      const changed = pack.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x04
      const { damage } = readArchive(changed)
      expect(damage, `byte ${at}`).toBeDefined()
    }
    const changed = pack.slice()
    changed[Math.floor(pack.length / 2)] = (changed[Math.floor(pack.length / 2)] ?? 0) ^ 0x04
    expect((await verify(changed)).outcome).toBe('refused')
  })

  test('names the file that was rewritten, and the figure', async () => {
    const { checks } = await verify(
      withFile('usage.json', (text) => text.replace('"energy_kwh":"', '"energy_kwh":"1')),
    )
    const failed = checks.filter(({ ok }) => !ok)
    expect(failed.find(({ name }) => name === 'files')).toMatchObject({ file: 'usage.json' })
    expect(failed.find(({ name }) => name === 'usage')).toMatchObject({
      file: 'usage.json',
      figure: '/periods/0/energy_kwh',
    })
  })

  test.each([
    ['split.json', '"bps":1000', '"bps":1001'],
    ['disclosures.json', /"salt":"./, '"salt":"g'],
    ['disclosures.json', /"at":"\/partnership\/partnerShareBps"/, '"at":"/agreement/id"'],
  ] as const)('with a commitment in %s opened otherwise is refused', async (path, from, to) => {
    const report = await verify(withFile(path, (text) => text.replace(from, to)))
    expect(report.checks.find(({ name }) => name === 'files')?.ok).toBe(false)
  })

  test.each(['partner', 'cpo'] as const)(
    'in the view of the %s has the same seal, and is checked in all that is its own',
    async (reader) => {
      const view = viewOf(pack, reader)
      const report = await verify(view)
      expect(report).toMatchObject({ ok: true, outcome: 'verified' })
      const states = new Map(report.checks.map(({ name, state }) => [name, state]))
      expect(states.get('payment')).toBe(reader === 'partner' ? 'checked' : 'committed')
      for (const name of [
        'quote',
        'usage',
        'price',
        'record',
        'proof',
        'split',
        'ledger',
        'settlement',
      ])
        expect(states.get(name), name).toBe('checked')
      const [whole, own] = [pack, view].map((zip) => readArchive(zip).entries.get('manifest.json'))
      expect(own).toEqual(whole)
    },
  )

  test('by a stranger is an outcome of its own, and sealed by nobody', async () => {
    const stranger = { ok: false, outcome: 'unknown_signer', sealed_by: null }
    expect(await verifyPack(pack)).toMatchObject(stranger)
    const other = generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString()
    expect(await verifyPack(pack, { trustedKeys: [other] })).toMatchObject(stranger)
    expect(await verifyPack(pack, { trustedKeys: [pem] })).toMatchObject({
      ok: true,
      sealed_by: 'the holder of the pinned key',
    })
  })

  test('by a key that was rotated later verifies its time, by one that was lost none', async () => {
    expect(await signerBy({ valid_until: '2099-01-01T00:00:00.000Z' })).toMatchObject({ ok: true })
    expect(await signerBy({ valid_until: '2021-01-01T00:00:00.000Z' })).toMatchObject({ ok: false })
    const lost = await signerBy({ compromised_since: '2099-01-01T00:00:00.000Z' })
    expect(lost).toMatchObject({ ok: false, detail: expect.stringContaining('compromised') })
    const trust = [listOf({ compromised_since: '2099-01-01T00:00:00.000Z' })]
    expect(await verifyPack(pack, { trust })).toMatchObject({ outcome: 'compromised_key' })
  })

  test.each<[string, { trust: KeyList[]; trustedKeys?: string[] }]>([
    ['saved before it was lost', { trust: [listOf(), lostList()] }],
    ['saved after it was lost', { trust: [lostList(), listOf()] }],
    ['and a pin', { trust: [lostList()], trustedKeys: [pem] }],
  ])(
    'by a key that one list calls lost is worth nothing by another list, %s',
    async (_, options) => {
      expect(await verifyPack(pack, options)).toMatchObject({ outcome: 'compromised_key' })
    },
  )

  test('is sealed by its issuer also where a list of somebody else has the key', async () => {
    const other = { ...listOf(), issuer: 'Somebody Else AG' }
    for (const trust of [
      [other, listOf()],
      [listOf(), other],
    ])
      expect(await verifyPack(pack, { trust })).toMatchObject({ ok: true, sealed_by: issuer.name })
    expect(await verifyPack(pack, { trust: [other] })).toMatchObject({ outcome: 'refused' })
  })

  test('that is no pack at all is an answer, not an exception', async () => {
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode('PK and more'),
      pack.subarray(0, 1000),
    ])
      expect((await verify(bytes)).ok).toBe(false)
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
    const failed = (await verify(zip)).checks.filter(({ ok }) => !ok)
    expect(failed.map(({ name, figure }) => [name, figure])).toEqual([
      ['files', null],
      ['proof', '/input/context/cdr'],
    ])
  })
})

describe('the command chargelane-verify', () => {
  test('exits 0 for a good pack or proof, 1 for a changed one, 2 for a wrong command line, 3 for a stranger’s', async () => {
    const proved = proofOfPack()
    const folder = mkdtempSync(join(tmpdir(), 'verify-'))
    const [keys, key] = [join(folder, 'keys.json'), join(folder, 'key.pem')]
    writeFileSync(keys, JSON.stringify(listOf()))
    writeFileSync(key, pem)
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [command, packFile, ...args]).toString()
    expect(run('--keys', keys)).toContain(`sealed by ${issuer.name}`)
    expect(run('--key', key)).toContain('sealed by the holder of the pinned key')
    const stranger = spawnSync(process.execPath, [command, packFile], { encoding: 'utf8' })
    expect(stranger.status).toBe(3)
    expect(stranger.stdout).toContain('UNKNOWN SIGNER')
    expect(stranger.stdout).not.toContain('sealed by')
    const lostKeys = join(mkdtempSync(join(tmpdir(), 'verify-')), 'lost.json')
    writeFileSync(
      lostKeys,
      JSON.stringify(listOf({ compromised_since: '2099-01-01T00:00:00.000Z' })),
    )
    const lost = spawnSync(process.execPath, [command, packFile, '--keys', lostKeys], {
      encoding: 'utf8',
    })
    expect(lost.status).toBe(4)
    expect(lost.stdout).toContain('COMPROMISED')
    expect(lost.stdout).not.toContain('sealed by')
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
