/** Curves a meter's signature can be made on (OCMF's signature algorithms), in the names of their standards. */
export const meterCurves = [
  'secp192k1',
  'secp192r1',
  'secp256k1',
  'secp256r1',
  'brainpoolP256r1',
  'secp384r1',
  'brainpoolP384r1',
  'secp521r1',
] as const
export type MeterCurve = (typeof meterCurves)[number]
