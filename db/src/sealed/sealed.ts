// Values that stand in the database encrypted, each bound to its column and row. AES-256-GCM under a key that is derived
// for this process, so that a counter makes every nonce and none comes twice, however much is written.
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { type DataKey, type DataKeys, dataKeys, derived, keyedHash } from './keys.ts'

declare const mark: unique symbol
/** What a sealed column holds, `v1.<key id>.<base64url>`. For the compiler it is no text: it is not shown, compared or sent. */
export type Sealed = { readonly [mark]: 'sealed' }

/** A text of a document that was read as it stands; one that is not sealed is refused when it is opened. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the type: it is a text that hides being one
export const asSealed = (text: string): Sealed => text as unknown as Sealed

/** As the database takes it, where a statement has no columns that say what they hold. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
export const sealedText = (sealed: Sealed): string => sealed as unknown as string

/** What people are shown of a card that they are to tell from others: its end. */
export const endOf = (uid: string): string => (uid.length > 6 ? `…${uid.slice(-4)}` : '…')

const version = 'v1'
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16
const algorithm = 'aes-256-gcm'

/** What this process encrypts with: the salt is its own, the count is the nonce. */
type Line = { keys: DataKeys; salt: Buffer; key: KeyObject; count: number }
let line: Line | undefined

function lineOf(keys: DataKeys): Line {
  if (line?.keys === keys) return line
  const salt = randomBytes(saltBytes)
  line = { keys, salt, key: derived(keys.writing.secret, salt, 'at rest'), count: 0 }
  return line
}

/** Keys of all processes, by their salt; the latest thousand are at hand. */
const derivedKeys = new WeakMap<DataKey, Map<string, KeyObject>>()
const knownMax = 1_000

function keyOf(of: DataKey, salt: Buffer): KeyObject {
  const known = derivedKeys.get(of) ?? new Map<string, KeyObject>()
  derivedKeys.set(of, known)
  const name = salt.toString('latin1')
  const found = known.get(name)
  if (found !== undefined) return found
  if (known.size >= knownMax) known.clear()
  const key = derived(of.secret, salt, 'at rest')
  known.set(name, key)
  return key
}

/** The id of the key beside the bytes: salt, nonce, what is encrypted, tag. */
export type SealedBytes = { keyId: string; bytes: Buffer }

/** Encrypts for one place, such as `tokens.uid tok_…`: nowhere else can it be read. */
export function sealBytes(place: string, clear: string | Uint8Array): SealedBytes {
  const now = lineOf(dataKeys())
  const nonce = Buffer.alloc(nonceBytes)
  nonce.writeUIntBE(now.count++, nonceBytes - 6, 6)
  const cipher = createCipheriv(algorithm, now.key, nonce)
  cipher.setAAD(Buffer.from(place))
  const text = typeof clear === 'string' ? cipher.update(clear, 'utf8') : cipher.update(clear)
  const bytes = Buffer.concat([now.salt, nonce, text, cipher.final(), cipher.getAuthTag()])
  return { keyId: now.keys.writing.id, bytes }
}

export function unsealBytes(place: string, { keyId, bytes }: SealedBytes): Buffer {
  const key = dataKeys().all.get(keyId)
  if (key === undefined)
    throw new Error(
      `What stands at ${place} is sealed with the key ${keyId}, which is not at hand.`,
    )
  const [text, end] = [saltBytes + nonceBytes, bytes.length - tagBytes]
  try {
    const salt = bytes.subarray(0, saltBytes)
    const opened = createDecipheriv(algorithm, keyOf(key, salt), bytes.subarray(saltBytes, text))
    opened.setAAD(Buffer.from(place))
    opened.setAuthTag(bytes.subarray(end))
    return Buffer.concat([opened.update(bytes.subarray(text, end)), opened.final()])
  } catch (cause) {
    throw new Error(
      `What stands at ${place} was not sealed for it, or not with this key ${keyId}.`,
      { cause },
    )
  }
}

function partsOf(place: string, sealed: Sealed): SealedBytes {
  const [form, keyId, text] = sealedText(sealed).split('.')
  if (form !== version || keyId === undefined || text === undefined)
    throw new Error(`What stands at ${place} is not sealed.`)
  return { keyId, bytes: Buffer.from(text, 'base64url') }
}

type Lifted<T, Out> = T extends null ? null : Out

/** `column` is `table.column`, `row` what names the row: a value that is moved to another cannot be read there. */
export function seal<T extends string | Uint8Array | null>(
  column: string,
  row: string,
  clear: T,
): Lifted<T, Sealed>
export function seal(
  column: string,
  row: string,
  clear: string | Uint8Array | null,
): Sealed | null {
  if (clear === null) return null
  const { keyId, bytes } = sealBytes(`${column} ${row}`, clear)
  return asSealed(`${version}.${keyId}.${bytes.toString('base64url')}`)
}

export function unseal<T extends Sealed | null>(
  column: string,
  row: string,
  sealed: T,
): Lifted<T, string>
export function unseal(column: string, row: string, sealed: Sealed | null) {
  return sealed === null ? null : openedBytes(column, row, sealed).toString('utf8')
}

/** For whoever shows or sends many: a value that was moved here or damaged is undefined, and stops none of the others. */
export function unsealSound(column: string, row: string, sealed: Sealed): string | undefined {
  try {
    return unseal(column, row, sealed)
  } catch {
    return undefined
  }
}

export function openedBytes(column: string, row: string, sealed: Sealed): Buffer {
  const place = `${column} ${row}`
  return unsealBytes(place, partsOf(place, sealed))
}

/** Which key it is sealed with. */
export const keyIdOf = (sealed: Sealed): string => sealedText(sealed).split('.')[1] ?? ''

// ── Found without being read ────────────────────────────────────────────────────────────────────────────────────

let hashing: { lookup: Buffer; keys: Map<string, KeyObject> } | undefined

/** A keyed hash by which a value is found: equal for equal values of one purpose, and nobody without the key makes it. */
function hashOf(purpose: string, text: string): Buffer {
  const { lookup } = dataKeys()
  if (hashing?.lookup !== lookup) hashing = { lookup, keys: new Map() }
  const key = hashing.keys.get(purpose) ?? derived(lookup, '', `look-up of ${purpose}`)
  hashing.keys.set(purpose, key)
  return keyedHash(key, text)
}

/** Of a card, in any case of letters; nothing for nothing, which is what a charger shows that knows nobody. */
export const cardKey = (uid: string): string =>
  uid === '' ? '' : hashOf('cards', uid.toUpperCase()).toString('base64url')

/** Of the number of a bank account. */
export const ibanKey = (number: string): string => hashOf('accounts', number).toString('base64url')

/** Of a token that a peer shows to us. */
export const peerTokenKey = (token: string): Buffer => hashOf('peer tokens', token)

/** Of what a start is repeated by. */
export const startKey = (text: string): string => hashOf('starts', text).toString('base64url')

/** Equal for those who have the same key for keyed hashes, and says nothing of it. */
export const lookupProof = (): string => hashOf('itself', 'look-up').toString('base64url')
