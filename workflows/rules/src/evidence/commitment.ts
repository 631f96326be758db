/**
 * A value that a reader may not see is sealed as a commitment: its salted hash. Who is given the salt sees that the value
 * was sealed; nobody else can try values out, because the salt follows from a secret of the session.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as hashed } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalText } from './canonical/canonical.ts'
import { sha256 } from './canonical/digest.ts'

/** For whom a view of a session is made. The auditor reads everything. */
export const readers = ['partner', 'cpo', 'auditor'] as const
export type Reader = (typeof readers)[number]

/** A value of a document that is not for everybody; `at` is a JSON pointer (RFC 6901), empty for the whole document. */
export type Secret = {
  at: string
  readers: readonly Reader[]
  /** Names the place in the salt where `at` may move, e.g. in a growing list. */
  place?: string
}

/** What opens a commitment. */
export type Disclosure = { at: string; salt: string; readers: readonly Reader[] }

export type Committed = { committed: string }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isCommitted = (value: unknown): value is Committed =>
  isObject(value) && typeof value['committed'] === 'string' && Object.keys(value).length === 1

const saltLength = 32

/** The same value at the same place of a session has the same salt, so that every view of it shows the same commitment. */
export function saltFor(secret: Uint8Array, place: string, text: string): string {
  return bytesToHex(hmac(hashed, secret, utf8ToBytes(`${place}\n${text}`))).slice(0, saltLength)
}

export const commitmentOf = (salt: string, value: unknown): Committed => ({
  committed: `sha256:${sha256(`${salt}\n${canonicalText(value)}`)}`,
})

/** A name for a credential that must be told apart in a document and may be read by nobody. */
export const pseudonymOf = (secret: Uint8Array, place: string, value: string): string =>
  `hmac:${saltFor(secret, place, value)}`

// ── Places in a document ────────────────────────────────────────────────────────────────────────────────────────

const stepsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const depthOf = (pointer: string): number => stepsOf(pointer).length

function replaced(
  node: unknown,
  [step, ...rest]: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  if (step === undefined) return change(node)
  if (Array.isArray(node) && Number(step) < node.length)
    return node.map((each: unknown, index) =>
      String(index) === step ? replaced(each, rest, change) : each,
    )
  if (isObject(node) && Object.hasOwn(node, step))
    return { ...node, [step]: replaced(node[step], rest, change) }
  throw new Error(`there is nothing at ${step}`)
}

const inner = <T extends { at: string }>(places: readonly T[]): T[] =>
  places.toSorted((a, b) => depthOf(b.at) - depthOf(a.at) || (a.at < b.at ? -1 : 1))

/** The document as it is sealed, and what opens each of its secrets. A secret may lie inside another. */
export function seal(
  secret: Uint8Array,
  path: string,
  document: unknown,
  secrets: readonly Secret[],
): { sealed: unknown; disclosures: Disclosure[] } {
  const disclosures: Disclosure[] = []
  let sealed = document
  for (const { at, readers: allowed, place } of inner(secrets))
    sealed = replaced(sealed, stepsOf(at), (value) => {
      const salt = saltFor(secret, place ?? `${path}#${at}`, canonicalText(value))
      disclosures.push({ at, salt, readers: allowed })
      return commitmentOf(salt, value)
    })
  return { sealed, disclosures: disclosures.toSorted((a, b) => (a.at < b.at ? -1 : 1)) }
}

/** The sealed form again, of a document in which some commitments are opened. */
export const sealedAgain = (document: unknown, opened: readonly Omit<Disclosure, 'readers'>[]) =>
  inner(opened).reduce(
    (sealed, { at, salt }) => replaced(sealed, stepsOf(at), (value) => commitmentOf(salt, value)),
    document,
  )

/** The document for one reader: what is not for it is closed, and what opens the rest. */
export function documentFor(
  document: unknown,
  disclosures: readonly Disclosure[],
  reader: Reader,
): { document: unknown; disclosures: Disclosure[] } {
  const hidden = disclosures.filter((each) => !each.readers.includes(reader))
  const isInHidden = (at: string) =>
    hidden.some((each) => at === each.at || at.startsWith(`${each.at}/`))
  const inHidden = disclosures.filter(({ at }) => isInHidden(at))
  return {
    // What lies in a hidden value is closed first: its commitment covers the closed form.
    document: sealedAgain(document, inHidden),
    disclosures: disclosures.filter(({ at }) => !isInHidden(at)),
  }
}

/** The place of the first commitment that is not opened; undefined where all is open. */
export function firstCommitted(value: unknown, at = ''): string | undefined {
  if (isCommitted(value)) return at
  const members = Array.isArray(value)
    ? value.map((each: unknown, index): [string, unknown] => [String(index), each])
    : isObject(value)
      ? Object.entries(value)
      : []
  for (const [name, member] of members) {
    const found = firstCommitted(member, `${at}/${name}`)
    if (found !== undefined) return found
  }
  return undefined
}
