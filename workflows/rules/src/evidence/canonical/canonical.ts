import canonicalize from 'canonicalize'
import { assert } from '../../assert.ts'

/** RFC 8785 text, what every hash and signature of ours covers; throws on what JSON has no word for. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  assert(text !== undefined, 'only JSON values have a canonical text')
  return text
}
