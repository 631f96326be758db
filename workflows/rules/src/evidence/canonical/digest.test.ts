import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHash, sha256 } from './digest.ts'

test('the digest of any text and of any bytes is that of OpenSSL', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array()), (data) => {
      expect(sha256(data)).toBe(createHash('sha256').update(data).digest('hex'))
    }),
  )
})

test('a canonical hash is of the RFC 8785 form, whatever the order of the keys', () => {
  expect(canonicalHash({ b: 1, a: 'é' })).toBe(`sha256:${sha256('{"a":"é","b":1}')}`)
  expect(canonicalHash({ a: 'é', b: 1 })).toBe(canonicalHash({ b: 1, a: 'é' }))
})
