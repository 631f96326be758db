// The forger's tools: one fact of a true pack is changed, and every hash and signature made anew.
import { hash } from 'node:crypto'
import { strFromU8, strToU8 } from 'fflate'
import { canonicalText } from '@chargelane/rules/canonical'
import { canonicalHash } from '@chargelane/rules/digest'
import { quoteSigningText } from '@chargelane/rules/evidence'
import { readEntries } from '@chargelane/rules/evidence/archive'
import { sealedAgain } from '@chargelane/rules/evidence/commitment'
import * as z from 'zod'
import type { Signer } from './keyring.ts'
import { type Content, contentOf, sealPack } from './seal.ts'

const zHead = z.object({
  session: z.string(),
  revision: z.int(),
  previous_manifest_sha256: z.string().nullable(),
  sealed_at: z.string(),
  issuer: z.object({ name: z.string(), keys: z.string().nullable() }),
})

/** Seals the files of a pack anew, whatever they say by now. */
export function sealAnewWith(signer: Signer, zip: Uint8Array, content: Content): Uint8Array {
  for (const [path, bytes] of content.files) {
    const opened = content.disclosures[path]
    const sealed =
      opened === undefined
        ? bytes
        : strToU8(canonicalText(sealedAgain(JSON.parse(strFromU8(bytes)), opened)))
    content.manifest.set(path, { path, sha256: hash('sha256', sealed), bytes: sealed.length })
  }
  for (const path of content.manifest.keys())
    if (!content.files.has(path)) content.manifest.delete(path)
  const head = zHead.parse(JSON.parse(strFromU8(readEntries(zip).get('manifest.json') ?? zip)))
  return sealPack(content, signer, {
    sessionId: head.session,
    revision: head.revision,
    previous: head.previous_manifest_sha256,
    now: head.sealed_at,
    issuer: head.issuer,
  }).zip
}

export type Change = (text: string) => string

/** Changes a text once; a forgery that changes nothing is none. */
export const replace =
  (from: string | RegExp, to: string): Change =>
  (text) => {
    const after = text.replace(from, to)
    if (after === text) throw new Error(`nothing to replace by ${to}`)
    return after
  }

/** Sets one value of a JSON document, by its path. */
export const set =
  (pointer: string, value: unknown): Change =>
  (text) => {
    const document: unknown = JSON.parse(text)
    const steps = pointer.split('/').slice(1)
    const last = steps.pop() ?? ''
    let node: unknown = document
    for (const step of steps) node = Reflect.get(Object(node), step)
    if (JSON.stringify(Reflect.get(Object(node), last)) === JSON.stringify(value))
      throw new Error(`${pointer} is ${JSON.stringify(value)} already`)
    Reflect.set(Object(node), last, value)
    return canonicalText(document)
  }

export const drop =
  (pointer: string): Change =>
  (text) => {
    const document: unknown = JSON.parse(text)
    const steps = pointer.split('/').slice(1)
    const last = steps.pop() ?? ''
    let node: unknown = document
    for (const step of steps) node = Reflect.get(Object(node), step)
    if (Array.isArray(node)) node.splice(Number(last), 1)
    else Reflect.deleteProperty(Object(node), last)
    return canonicalText(document)
  }

/** A forger who signs quotes, too, and knows how a proof is hashed. */
function makeConsistent(signer: Signer, content: Content): void {
  const read = (path: string) => JSON.parse(strFromU8(content.files.get(path) ?? strToU8('{}')))
  const quote = read('quote.json')
  quote.signature = signer.sign(quoteSigningText(quote))
  content.files.set('quote.json', strToU8(canonicalText(quote)))
  if (!content.files.has('proof.json')) return
  const proof = read('proof.json')
  proof.hash = canonicalHash(proof.input)
  content.files.set('proof.json', strToU8(canonicalText(proof)))
}

export function forgeWith(
  signer: Signer,
  zip: Uint8Array,
  path: string,
  change: Change,
): Uint8Array {
  const content = contentOf(zip)
  // What is hidden by itself in a file may be gone after the change; then it is sealed open.
  content.files.set(path, strToU8(change(strFromU8(content.files.get(path) ?? new Uint8Array()))))
  const opened = content.disclosures[path]
  if (opened !== undefined) {
    const value: unknown = JSON.parse(strFromU8(content.files.get(path) ?? new Uint8Array()))
    content.disclosures[path] = opened.filter((each) => {
      try {
        sealedAgain(value, [each])
        return true
      } catch {
        return false
      }
    })
  }
  makeConsistent(signer, content)
  return sealAnewWith(signer, zip, content)
}
