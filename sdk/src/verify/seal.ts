/** The seal of a pack: its bytes, who signed them, and whether everything under the signature is there. */
import { canonicalText } from '@chargelane/rules/canonical'
import { sha256 } from '@chargelane/rules/digest'
import { manifestPath, packFiles, packPaths, signaturePath } from '@chargelane/rules/evidence'
import type { PackPath } from '@chargelane/rules/evidence'
import {
  bytesOfBase64,
  keyIdOf,
  type KeyList,
  type Trust,
  trustIn,
} from '@chargelane/rules/evidence/keys'
import { disclosuresPath } from '@chargelane/rules/evidence/view'
import { fail, type Outcome, type Pack } from './pack.ts'
import { zManifest } from './shapes.ts'

export async function signedBy(spki: string, signature: string, text: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', bytesOfBase64(spki), 'Ed25519', false, [
    'verify',
  ])
  const bytes = new TextEncoder().encode(text)
  return crypto.subtle.verify('Ed25519', key, bytesOfBase64(signature), bytes)
}

const heads = [manifestPath, signaturePath, disclosuresPath]

export async function checkArchive(pack: Pack): Promise<Outcome> {
  if (pack.entries.size === 0) return fail('not an evidence pack: no entry can be read')
  if (pack.damage !== undefined) return fail(`${pack.damage} was changed`)
  const paths = [...pack.entries.keys()]
  const files = paths.filter((path) => !heads.includes(path)).toSorted()
  const expected = [...heads.filter((path) => pack.has(path)), ...files]
  const moved = expected.find((path, index) => paths[index] !== path)
  if (moved !== undefined) return fail(`the entries were reordered: ${moved} is not in its place`)
  return `${paths.length} entries, every byte of the archive follows from them`
}

export async function checkManifest(pack: Pack): Promise<Outcome> {
  const text = pack.text(manifestPath)
  const manifest = pack.json(manifestPath, zManifest)
  if (canonicalText(JSON.parse(text)) !== text)
    return fail(`${manifestPath} is not in canonical form`, manifestPath)
  const { revision, previous_manifest_sha256: previous } = manifest
  if ((revision === 1) !== (previous === null))
    return fail(
      `${manifestPath}: revision ${revision} names ${previous ?? 'no'} manifest before it`,
      manifestPath,
      '/previous_manifest_sha256',
    )
  return `revision ${revision}, sealed ${manifest.sealed_at}, ${manifest.files.length} files`
}

export async function checkSignature(pack: Pack): Promise<Outcome> {
  const { signer } = pack.json(manifestPath, zManifest)
  const keyId = keyIdOf(signer.public_key_spki)
  if (keyId !== signer.key_id)
    return fail(
      `key id ${signer.key_id} is not that of the key inside`,
      manifestPath,
      '/signer/key_id',
    )
  return (await signedBy(signer.public_key_spki, pack.text(signaturePath), pack.text(manifestPath)))
    ? `Ed25519 key ${keyId}`
    : fail(`${manifestPath} was changed after it was signed, or ${signaturePath} was`, manifestPath)
}

/** What the signature is worth to whoever trusts these keys. */
export function trustOf(pack: Pack, trust: readonly KeyList[]): Trust {
  const { signer, issuer, sealed_at: at } = pack.json(manifestPath, zManifest)
  return trustIn(trust, signer.public_key_spki, at, issuer.name)
}

/** Only a key that the reader trusts says who sealed a pack: its own word for it is worth nothing. */
export async function checkSigner(pack: Pack, trust: readonly KeyList[]): Promise<Outcome> {
  const { signer, issuer, sealed_at: at } = pack.json(manifestPath, zManifest)
  const found = trustOf(pack, trust)
  switch (found.kind) {
    case 'trusted':
      if (found.issuer !== '' && issuer.name !== found.issuer)
        return fail(
          `the pack names ${issuer.name}, its key is that of ${found.issuer}`,
          manifestPath,
          '/issuer/name',
        )
      return `sealed by ${found.issuer || 'the holder of the pinned key'}, key ${signer.key_id}`
    case 'unknown': {
      const where = issuer.keys === null ? '' : `; it says that its keys are at ${issuer.keys}`
      return fail(
        `the signer is unknown: no trusted list has the key ${signer.key_id}. The pack calls itself of ${issuer.name}${where}`,
        manifestPath,
        '/signer',
      )
    }
    case 'outside':
      return fail(
        `${found.issuer}'s key ${signer.key_id} sealed from ${found.key.valid_from} to ${found.key.valid_until ?? 'now'}, not at ${at}`,
        manifestPath,
        '/sealed_at',
      )
    case 'compromised':
      return fail(
        `${found.issuer}'s key ${signer.key_id} is compromised since ${found.key.compromised_since}: ask for pack ${sha256(pack.bytes(manifestPath)).slice(0, 16)}… of that list, sealed anew`,
        manifestPath,
        '/signer',
      )
  }
}

export async function checkFiles(pack: Pack): Promise<Outcome> {
  const { files } = pack.json(manifestPath, zManifest)
  const listed = new Set(files.map((file) => file.path))
  for (const file of files) {
    if (!pack.has(file.path)) return fail(`${file.path} is missing`, file.path)
    const bytes = pack.sealed(file.path)
    if (bytes.length !== file.bytes || sha256(bytes) !== file.sha256)
      return fail(`${file.path} was changed`, file.path)
  }
  for (const path of pack.entries.keys())
    if (!listed.has(path) && !heads.includes(path)) return fail(`${path} was added`, path)
  for (const path of Object.keys(pack.disclosures))
    if (!listed.has(path)) return fail(`${disclosuresPath} opens ${path}, which is no file`, path)
  const opened = Object.values(pack.disclosures).flat().length
  return `${files.length} files match their SHA-256, ${opened} commitments opened`
}

export async function checkComplete(pack: Pack): Promise<Outcome> {
  const missing = expectedFiles(pack).find((path) => !pack.has(path))
  if (missing !== undefined) return fail(`${missing} (${packFiles[missing]}) is missing`, missing)
  const beyond = [...pack.entries.keys()].find(
    (path) => !heads.includes(path) && !packPaths.some((known) => known === path),
  )
  if (beyond !== undefined) return fail(`${beyond} is no file of a pack`, beyond)
  return hasSale(pack) ? 'every expected file is there' : 'nothing was sold; what it has is whole'
}

/** Files that only a sale has. */
const saleFiles = [
  'split.json',
  'tax.json',
  'fx.json',
  'proof.json',
  'invoice.xml',
] as const satisfies PackPath[]
/** Files of a record whose price was looked at, sold or not. */
const recordFiles = [
  'usage.json',
  'cdr.raw.json',
  'rating.json',
  'verdict.json',
] as const satisfies PackPath[]
const optionalFiles = [
  'meter/signed-values.json',
  'credit-notes.json',
  'proof.retail.json',
] as const satisfies PackPath[]
const conditional: readonly PackPath[] = [...saleFiles, ...recordFiles, ...optionalFiles]
const baseFiles = packPaths.filter((path) => !conditional.includes(path))

export const hasSale = (pack: Pack) => saleFiles.some((path) => pack.has(path))
export const hasRecord = (pack: Pack) =>
  hasSale(pack) || recordFiles.some((path) => path !== 'cdr.raw.json' && pack.has(path))

function expectedFiles(pack: Pack): PackPath[] {
  return [
    ...baseFiles,
    ...(hasRecord(pack) ? recordFiles : []),
    ...(hasSale(pack) ? saleFiles : []),
  ]
}
