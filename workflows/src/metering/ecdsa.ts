import { createPublicKey, verify } from 'node:crypto'
import type { Ecdsa } from './rules.ts'

/** ECDSA by Node's OpenSSL, which knows every curve OCMF names. A key that is no point on its curve verifies nothing. */
export const nodeEcdsa: Ecdsa = async ({ key, hash, message, signature }) => {
  let publicKey
  try {
    publicKey = createPublicKey({
      key: Buffer.from(key.spki, 'hex'),
      format: 'der',
      type: 'spki',
    })
  } catch {
    return false
  }
  return verify(
    hash.replace('-', '').toLowerCase(),
    message,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    signature,
  )
}
