import { createPublicKey, getCurves, type KeyObject, verify } from 'node:crypto'
import type { Ecdsa, MeterKey } from './metering.ts'

/** OpenSSL's names of the curves it names otherwise. */
const opensslNames = new Map([
  ['secp192r1', 'prime192v1'],
  ['secp256r1', 'prime256v1'],
])
const known = new Set(getCurves())

/** The key; undefined when it is no point on its curve. */
function publicKeyOf(spki: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

/** Whether this platform can tell a point on a curve from another one. */
const knows = (curve: string) => known.has(opensslNames.get(curve) ?? curve)

/** False for a key that is no point on its curve: it never signed anything. */
export const isKeyOnCurve = ({ curve, spki }: Pick<MeterKey, 'curve' | 'spki'>): boolean =>
  !knows(curve) || publicKeyOf(spki) !== undefined

/** ECDSA by Node's OpenSSL. A key that is no point on its curve verifies nothing. */
export const nodeEcdsa: Ecdsa = async ({ key, hash, message, signature }) => {
  if (!knows(key.curve)) return undefined
  const publicKey = publicKeyOf(key.spki)
  return (
    publicKey !== undefined &&
    verify(
      hash.replace('-', '').toLowerCase(),
      message,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      signature,
    )
  )
}
