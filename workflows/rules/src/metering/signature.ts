/** Whether the registered key of a meter signed a record. */
import { type MeterCurve, meterCurves } from '@chargelane/openapi/vocabulary/meter'
import { type HashName, isSigned } from './ecdsa.ts'
import { curves, type MeterKey } from './key.ts'
import type { OcmfRecord } from './ocmf.ts'

const algorithmNames = new Map<string, MeterCurve>([
  ['brainpool256r1', 'brainpoolP256r1'],
  ['brainpool384r1', 'brainpoolP384r1'],
])
const hashes = new Map<string, HashName>([
  ['SHA256', 'sha256'],
  ['SHA384', 'sha384'],
  ['SHA512', 'sha512'],
])

function algorithmOf(name: string): { curve: MeterCurve; hash: HashName } | undefined {
  const match = /^ECDSA-([A-Za-z0-9]+)-(SHA\d{3})$/.exec(name)
  const [, said = '', digest = ''] = match ?? []
  const curve = algorithmNames.get(said) ?? meterCurves.find((each) => each === said)
  const hash = hashes.get(digest)
  return curve === undefined || hash === undefined ? undefined : { curve, hash }
}

/**
 * SEQUENCE { r INTEGER, s INTEGER } to r‖s; undefined when it is anything else. A meter that omits the leading zero byte
 * writes a negative number (X.690 §8.3), which the public transparency software refuses as well.
 */
function pairOfDer(hex: string, size: number): string | undefined {
  const body = /^30(?:81)?([0-9a-f]{2})((?:[0-9a-f]{2})*)$/.exec(hex)
  if (body === null || Number.parseInt(body[1] ?? '', 16) * 2 !== body[2]?.length) return undefined
  let rest = body[2]
  const numbers: string[] = []
  while (rest !== '') {
    const digits = Number.parseInt(rest.slice(2, 4), 16) * 2
    const isNumber = rest.startsWith('02') && digits > 0 && rest.length >= 4 + digits
    const number = rest.slice(4, 4 + digits).replace(/^(?:00)+/, '')
    if (!isNumber || /^[89a-f]/.test(rest.slice(4)) || number.length > 2 * size) return undefined
    numbers.push(number.padStart(2 * size, '0'))
    rest = rest.slice(4 + digits)
  }
  return numbers.length === 2 ? numbers.join('') : undefined
}

export type SignatureState = 'valid' | 'invalid'

/** Checks a record against the registered key of its meter. Never throws on a bad record. */
export function checkSignature(record: OcmfRecord, key: MeterKey): SignatureState {
  const algorithm = algorithmOf(record.algorithm)
  // An algorithm the registered key cannot have made is a wrong signature, whatever the record calls it.
  if (algorithm === undefined || algorithm.curve !== key.curve) return 'invalid'
  const signature = pairOfDer(record.signature, curves[key.curve].size)
  if (signature === undefined) return 'invalid'
  return isSigned(key, { hash: algorithm.hash, message: record.payload, signature })
    ? 'valid'
    : 'invalid'
}
