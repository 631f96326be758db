import { type MeterCurve, meterCurves } from '@chargelane/openapi/vocabulary/meter'

/** Curves of OCMF's signature algorithms: DER of the object identifier, and bytes of one coordinate. */
export const curves = {
  secp192k1: { oid: '06052b8104001f', size: 24 },
  secp192r1: { oid: '06082a8648ce3d030101', size: 24 },
  secp256k1: { oid: '06052b8104000a', size: 32 },
  secp256r1: { oid: '06082a8648ce3d030107', size: 32 },
  brainpoolP256r1: { oid: '06092b2403030208010107', size: 32 },
  secp384r1: { oid: '06052b81040022', size: 48 },
  brainpoolP384r1: { oid: '06092b240303020801010b', size: 48 },
  secp521r1: { oid: '06052b81040023', size: 66 },
} as const satisfies Record<MeterCurve, { oid: string; size: number }>

/** A meter's public key: SubjectPublicKeyInfo in lower-case hex, and the curve it says. */
export type MeterKey = { curve: MeterCurve; spki: string }

/** `id-ecPublicKey`, RFC 5480 §2.1.1. */
const ecPublicKey = '06072a8648ce3d0201'

function der(tag: string, hex: string): string {
  const bytes = hex.length / 2
  const length = bytes.toString(16).padStart(2, '0')
  return `${tag}${bytes < 128 ? length : `81${length}`}${hex}`
}

const spkiOf = (curve: MeterCurve, point: string): string =>
  der('30', der('30', `${ecPublicKey}${curves[curve].oid}`) + der('03', `0004${point}`))

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Bytes of hex text; the caller has checked that it is some. */
export const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

export function hexOfText(text: string): string | undefined {
  const packed = text.replaceAll(/\s/g, '')
  if (/^(?:[0-9a-f]{2})+$/i.test(packed)) return packed.toLowerCase()
  return hexOfBase64(packed)
}

export function hexOfBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return toHex(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/**
 * Reads a public key as makers print it: hex or base64, SubjectPublicKeyInfo or the bare point X‖Y with or without its
 * leading 04. A bare point does not say its curve; without `curve` it is read as secp256r1, OCMF's default.
 */
export function readMeterKey(
  text: string,
  curve?: MeterCurve,
): { ok: true; key: MeterKey } | { ok: false; message: string } {
  const hex = hexOfText(text)
  if (hex === undefined) return { ok: false, message: 'is neither hex nor base64' }
  for (const name of meterCurves) {
    const { size } = curves[name]
    const point = hex.slice(-4 * size)
    if (point.length !== 4 * size || hex !== spkiOf(name, point)) continue
    return curve === undefined || curve === name
      ? { ok: true, key: { curve: name, spki: hex } }
      : { ok: false, message: `is a key on ${name}, not on ${curve}` }
  }
  const named = curve ?? 'secp256r1'
  const digits = 4 * curves[named].size
  const point = hex.length === digits + 2 && hex.startsWith('04') ? hex.slice(2) : hex
  return point.length === digits
    ? { ok: true, key: { curve: named, spki: spkiOf(named, point) } }
    : { ok: false, message: `is no public key on ${meterCurves.join(', ')}` }
}
