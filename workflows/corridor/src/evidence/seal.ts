// Bytes of a pack: what is not for every reader is committed to, the manifest covers the sealed form, one key signs it.
import { hash } from 'node:crypto'
import { strFromU8, strToU8 } from 'fflate'
import * as z from 'zod'
import { canonicalText } from '@chargelane/rules/canonical'
import { buildManifest, manifestPath, signaturePath } from '@chargelane/rules/evidence'
import type { ManifestFile, PackPath } from '@chargelane/rules/evidence'
import { readEntries, writeArchive } from '@chargelane/rules/evidence/archive'
import { seal, type Secret } from '@chargelane/rules/evidence/commitment'
import { type Disclosures, disclosuresPath, readDisclosures } from '@chargelane/rules/evidence/view'
import { engineVersion } from '@chargelane/rules/rating'
import type { Signer } from './keyring.ts'

/** Node's own, which is faster than the one for every place where rules run: a pack is hashed whole, twice. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data)

/** The files of a pack, readable, with what the manifest says of each and what opens its commitments. */
export type Content = {
  files: Map<string, Uint8Array>
  manifest: Map<string, ManifestFile>
  disclosures: Disclosures
}

export const emptyContent = (): Content => ({
  files: new Map(),
  manifest: new Map(),
  disclosures: {},
})

const zListed = z.object({
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
})

/** What was sealed before, every byte and salt as it was. */
export function contentOf(zip: Uint8Array): Content {
  const files = readEntries(zip)
  const read = (path: string) => files.get(path) ?? new Uint8Array()
  const listed = zListed.parse(JSON.parse(strFromU8(read(manifestPath))))
  const disclosures = readDisclosures(read(disclosuresPath))
  for (const path of [manifestPath, signaturePath, disclosuresPath]) files.delete(path)
  return { files, manifest: new Map(listed.files.map((file) => [file.path, file])), disclosures }
}

export function putBytes({ files, manifest }: Content, path: PackPath, bytes: Uint8Array): void {
  files.set(path, bytes)
  manifest.set(path, { path, sha256: sha256(bytes), bytes: bytes.length })
}

/** A JSON document, with the places in it that are not for everybody. */
export function putDocument(
  content: Content,
  secret: Uint8Array,
  path: PackPath,
  value: unknown,
  secrets: readonly Secret[] = [],
): void {
  putBytes(content, path, strToU8(canonicalText(value)))
  if (secrets.length === 0) return
  const { sealed, disclosures } = seal(secret, path, value, secrets)
  const bytes = strToU8(canonicalText(sealed))
  content.manifest.set(path, { path, sha256: sha256(bytes), bytes: bytes.length })
  content.disclosures[path] = disclosures
}

export type SealHead = {
  sessionId: string
  revision: number
  previous: string | null
  now: string
  issuer: { name: string; keys: string | null }
}

export function sealPack(content: Content, signer: Signer, head: SealHead) {
  const manifest = canonicalText(
    buildManifest({
      session: head.sessionId,
      revision: head.revision,
      previous_manifest_sha256: head.previous,
      sealed_at: head.now,
      engine_version: engineVersion,
      issuer: head.issuer,
      signer: { key_id: signer.keyId, algorithm: 'Ed25519', public_key_spki: signer.publicKeySpki },
      files: [...content.manifest.values()],
    }),
  )
  const entries = new Map<string, Uint8Array>([
    [manifestPath, strToU8(manifest)],
    [signaturePath, strToU8(`${signer.sign(manifest)}\n`)],
    [disclosuresPath, strToU8(canonicalText(content.disclosures))],
    ...[...content.files].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ])
  return { zip: Buffer.from(writeArchive(entries)), manifestHash: sha256(manifest) }
}
