import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto'

export interface Signer {
  /** First 16 hex digits of the SHA-256 of the public key (SPKI): the same in quotes and evidence packs. */
  keyId: string
  sign(text: string): string
}

/** `key` is an Ed25519 private key. */
export function createSigner(key: KeyObject): Signer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  }
}
