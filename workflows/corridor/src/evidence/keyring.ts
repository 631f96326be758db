// The keys that quotes and packs are signed with: published with their times, replaced while the product runs.
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Db, Sql, Tx } from '@chargelane/db'
import {
  insertSigningKey,
  listSigningKeys,
  markCompromised,
  retireOtherKeys,
  type SigningKeyRow,
} from '@chargelane/db/queries/documents/signing-keys'
import { keyListSchema } from '@chargelane/rules/evidence/keys'
import type { KeyList } from '@chargelane/rules/evidence/keys'

export type Signed = { keyId: string; signature: string }
export type Signer = {
  keyId: string
  publicKeySpki: string
  sign(text: string): string
  /** Beside this thread, for what is signed while others wait; by the key of the moment it is asked. */
  signAside(text: string): Promise<Signed>
}

/** A key pair as a signer. The key id is the head of the public key's SHA-256. */
export function signerOf(key: KeyObject): Signer {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('A signing key must be an Ed25519 key.')
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const keyId = hash('sha256', spki).slice(0, 16)
  return {
    keyId,
    publicKeySpki: spki.toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
    signAside: (text) =>
      new Promise((resolve, reject) => {
        sign(null, Buffer.from(text), key, (error, made) =>
          error === null ? resolve({ keyId, signature: made.toString('base64') }) : reject(error),
        )
      }),
  }
}

// ── The private half at rest ────────────────────────────────────────────────────────────────────────────────────

const ivBytes = 12
const tagBytes = 16
const wrappingKey = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'chargelane signing keys', 32))

function wrap(secret: string, key: KeyObject): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(secret), iv)
  const sealed = cipher.update(key.export({ type: 'pkcs8', format: 'der' }))
  return Buffer.concat([iv, sealed, cipher.final(), cipher.getAuthTag()])
}

function unwrap(secret: string, sealed: Buffer): KeyObject {
  const end = sealed.length - tagBytes
  const cipher = createDecipheriv('aes-256-gcm', wrappingKey(secret), sealed.subarray(0, ivBytes))
  cipher.setAuthTag(sealed.subarray(end))
  const der = Buffer.concat([cipher.update(sealed.subarray(ivBytes, end)), cipher.final()])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

// ── The ring ────────────────────────────────────────────────────────────────────────────────────────────────────

export type Rotation = {
  reason: string
  /** Given when the key that signs now may be somebody else's since then. */
  compromisedSince?: string | undefined
}

/** Signs with the newest key that it has and nobody else may have. */
export type Keyring = Signer & {
  /** The public key of any key of this deployment; undefined for another's. */
  publicKeyOf(keyId: string): string | undefined
  /** Puts a new key in the place of the one that signs; undefined where no secret to keep it by is set. */
  rotate(rotation: Rotation): Promise<SigningKeyRow | undefined>
  refresh(): Promise<void>
  close(): void
}

export type KeyringSettings = {
  /** From the environment; known to every process. A new one there takes the place of those before. */
  key: KeyObject
  /** What keys made here are encrypted with. */
  secret?: string | undefined
  now: () => string
}

/** Processes hear of a new key within this time; the key before it is good for a moment longer. */
const refreshEveryMs = 5_000
const overlapMs = 5 * 60_000
const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()

const rowFor = (signer: Signer, now: string, sealedPrivate: Buffer | null): SigningKeyRow => ({
  keyId: signer.keyId,
  publicKeySpki: signer.publicKeySpki,
  sealedPrivate,
  // Clocks of processes differ a little.
  validFrom: later(now, -overlapMs),
  validUntil: null,
  compromisedSince: null,
  reason: null,
  createdAt: now,
})

async function replaceOthers(tx: Tx, row: SigningKeyRow, reason: string): Promise<void> {
  const isNew = await insertSigningKey(tx, row)
  if (isNew)
    await retireOtherKeys(tx, {
      keyId: row.keyId,
      until: later(row.createdAt, overlapMs),
      reason,
    })
}

/** Every key that was ever used, as it is published. */
export async function publishedKeys(sql: Sql, issuer: string): Promise<KeyList> {
  const rows = await listSigningKeys(sql)
  return {
    schema: keyListSchema,
    issuer,
    keys: rows.map((row) => ({
      key_id: row.keyId,
      algorithm: 'Ed25519',
      public_key_spki: row.publicKeySpki,
      valid_from: row.validFrom,
      valid_until: row.validUntil,
      compromised_since: row.compromisedSince,
    })),
  }
}

/** Of the keys that still sign, the newest whose private half is at hand; else the environment's own. */
function present(rows: readonly SigningKeyRow[], own: Signer, secret: string | undefined): Signer {
  for (const { keyId, sealedPrivate, validUntil, compromisedSince } of rows) {
    if (validUntil !== null || compromisedSince !== null) continue
    if (keyId === own.keyId) return own
    if (sealedPrivate !== null && secret !== undefined)
      return signerOf(unwrap(secret, sealedPrivate))
  }
  return own
}

export async function openKeyring(db: Db, settings: KeyringSettings): Promise<Keyring> {
  const { secret, now } = settings
  const own = signerOf(settings.key)
  await db.tx((tx) => replaceOthers(tx, rowFor(own, now(), null), 'replaced by the environment'))
  let rows: SigningKeyRow[] = []
  let current = own
  const refresh = async () => {
    rows = await listSigningKeys(db)
    const next = present(rows, own, secret)
    if (next.keyId !== current.keyId) current = next
  }
  await refresh()
  // A look that fails is made again; until then the key that is known goes on.
  const timer = setInterval(() => void refresh().catch(() => undefined), refreshEveryMs)
  timer.unref()
  return {
    get keyId() {
      return current.keyId
    },
    get publicKeySpki() {
      return current.publicKeySpki
    },
    sign: (text) => current.sign(text),
    signAside: (text) => current.signAside(text),
    publicKeyOf: (keyId) => rows.find((row) => row.keyId === keyId)?.publicKeySpki,
    async rotate({ reason, compromisedSince }) {
      if (secret === undefined) return undefined
      const { privateKey } = generateKeyPairSync('ed25519')
      const at = now()
      const row = rowFor(signerOf(privateKey), at, wrap(secret, privateKey))
      await db.tx(async (tx) => {
        const { keyId } = current
        await replaceOthers(tx, row, reason)
        if (compromisedSince !== undefined)
          await markCompromised(tx, { keyId, since: compromisedSince, until: at, reason })
      })
      await refresh()
      return row
    },
    refresh,
    close: () => clearInterval(timer),
  }
}
