import { type ECDSA, ecdsa, weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { MeterCurve } from '@chargelane/openapi/vocabulary/meter'
import { bytesOfHex, curves, type MeterKey } from './key.ts'

/** SEC 2 version 1.0, §2.5.2: a Koblitz curve, a = 0. */
const secp192k1 = ecdsa(
  weierstrass({
    p: 0xfffffffffffffffffffffffffffffffffffffffeffffee37n,
    n: 0xfffffffffffffffffffffffe26f2fc170f69466a74defd8dn,
    h: 1n,
    a: 0n,
    b: 3n,
    Gx: 0xdb4ff10ec057e9ae26b07d0280b7f4341da5d1b1eae06c7dn,
    Gy: 0x9b2f2f6d9c5628a7844163d015be86344082aa88d95e2f9dn,
  }),
  sha256,
)

/** SEC 2 version 1.0, §2.5.3; NIST's P-192, a = p − 3. */
const secp192r1 = ecdsa(
  weierstrass({
    p: 0xfffffffffffffffffffffffffffffffeffffffffffffffffn,
    n: 0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
    h: 1n,
    a: 0xfffffffffffffffffffffffffffffffefffffffffffffffcn,
    b: 0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
    Gx: 0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
    Gy: 0x07192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
  }),
  sha256,
)

const implementations: Record<MeterCurve, ECDSA> = {
  secp192k1,
  secp192r1,
  secp256k1,
  secp256r1: p256,
  brainpoolP256r1,
  secp384r1: p384,
  brainpoolP384r1,
  secp521r1: p521,
}

const hashes = { sha256, sha384, sha512 }
export type HashName = keyof typeof hashes

/** The uncompressed point at the end of a SubjectPublicKeyInfo: 04‖X‖Y. */
const pointOf = ({ curve, spki }: MeterKey): string => `04${spki.slice(-4 * curves[curve].size)}`

/** False for a key that is no point on its curve: it never signed anything. */
export function isKeyOnCurve(key: MeterKey): boolean {
  return implementations[key.curve].utils.isValidPublicKey(bytesOfHex(pointOf(key)), false)
}

/** Whether this key signed this text; `signature` is r‖s in hex. */
export function isSigned(
  key: MeterKey,
  { hash, message, signature }: { hash: HashName; message: string; signature: string },
): boolean {
  const digest = hashes[hash](utf8ToBytes(message))
  // Meters sign with either s; only those chains that forbid malleable signatures ask for the lower one.
  return implementations[key.curve].verify(
    bytesOfHex(signature),
    digest,
    bytesOfHex(pointOf(key)),
    {
      prehash: false,
      lowS: false,
    },
  )
}
