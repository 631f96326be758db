import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { readDataKeys, useDataKeys } from './keys.ts'
import {
  asSealed,
  sealedText,
  cardKey,
  keyIdOf,
  openedBytes,
  peerTokenKey,
  seal,
  unseal,
} from './sealed.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [first, second] = [key('k1'), key('k2')]
const lookup = randomBytes(32).toString('base64')
const keysOf = (ring: string) =>
  readDataKeys({ CHARGELANE_DATA_KEYS: ring, CHARGELANE_LOOKUP_KEY: lookup })
const use = (ring: string) => useDataKeys(keysOf(ring))

afterEach(() => useDataKeys(readDataKeys(process.env)))

test('a value is read where it was sealed, and nowhere else', () => {
  use(first)
  const iban = 'DE89370400440532013000'
  const sealed = seal('accounts.iban', 'acct_1', iban)
  expect(sealed).not.toContain(iban)
  expect(unseal('accounts.iban', 'acct_1', sealed)).toBe(iban)
  expect(() => unseal('accounts.iban', 'acct_2', sealed)).toThrow('was not sealed for it')
  expect(() => unseal('tokens.uid', 'acct_1', sealed)).toThrow('was not sealed for it')
})

test('one value never looks the same twice, and nothing stays nothing', () => {
  const twice = [1, 2].map(() => seal('accounts.iban', 'acct_1', 'DE89370400440532013000'))
  expect(new Set(twice).size).toBe(2)
  expect(seal('accounts.iban', 'acct_1', null)).toBeNull()
  expect(unseal('accounts.iban', 'acct_1', null)).toBeNull()
})

test('a file comes back byte for byte', () => {
  const file = randomBytes(40_000)
  const sealed = seal('settlements.statement_pdf', 'stl_1', file)
  expect(openedBytes('settlements.statement_pdf', 'stl_1', sealed).equals(file)).toBe(true)
})

test('what an earlier key sealed is read while the ring has it, and what is written has the new one', () => {
  use(first)
  const old = seal('tokens.uid', 'tok_1', '04A1B2C3')
  use(`${second},${first}`)
  expect(unseal('tokens.uid', 'tok_1', old)).toBe('04A1B2C3')
  expect([old, seal('tokens.uid', 'tok_1', '04A1B2C3')].map(keyIdOf)).toEqual(['k1', 'k2'])
  use(second)
  expect(() => unseal('tokens.uid', 'tok_1', old)).toThrow('the key k1, which is not at hand')
})

test('another key under the same name is told from the one that sealed', () => {
  use(first)
  const sealed = seal('tokens.uid', 'tok_1', '04A1B2C3')
  use(key('k1'))
  expect(() => unseal('tokens.uid', 'tok_1', sealed)).toThrow('not with this key k1')
})

test('a changed byte is noticed', () => {
  const sealed = seal('tokens.uid', 'tok_1', '04A1B2C3')
  const [version, id, text = ''] = sealedText(sealed).split('.')
  const bytes = Buffer.from(text, 'base64url')
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    const forged = asSealed(`${version}.${id}.${changed.toString('base64url')}`)
    expect(() => unseal('tokens.uid', 'tok_1', forged)).toThrow('was not sealed for it')
  }
})

test('a card is found in any case of letters, by nobody without the key, and by no other look-up', () => {
  use(first)
  const found = cardKey('04a1b2c3')
  expect(cardKey('04A1B2C3')).toBe(found)
  expect(peerTokenKey('04A1B2C3').toString('base64url')).not.toBe(found)
  expect(cardKey('')).toBe('')
  useDataKeys(
    readDataKeys({
      CHARGELANE_DATA_KEYS: first,
      CHARGELANE_LOOKUP_KEY: randomBytes(32).toString('base64'),
    }),
  )
  expect(cardKey('04A1B2C3')).not.toBe(found)
})

test('keys outlive a rotation of the others in what is found by them', () => {
  use(first)
  const found = cardKey('04A1B2C3')
  use(second)
  expect(cardKey('04A1B2C3')).toBe(found)
})

test.each([
  ['CHARGELANE_DATA_KEYS is missing', { CHARGELANE_DATA_KEYS: '' }],
  ['CHARGELANE_LOOKUP_KEY is missing', { CHARGELANE_LOOKUP_KEY: undefined }],
  ['CHARGELANE_DATA_KEYS must be id:base64', { CHARGELANE_DATA_KEYS: 'secret' }],
  ['CHARGELANE_DATA_KEYS must give each key as base64 of 32', { CHARGELANE_DATA_KEYS: 'k1:AAAA' }],
  ['CHARGELANE_DATA_KEYS names one key twice', { CHARGELANE_DATA_KEYS: `${first},${first}` }],
])('%s', (fault, wrong) => {
  const env = { CHARGELANE_DATA_KEYS: first, CHARGELANE_LOOKUP_KEY: lookup, ...wrong }
  expect(() => readDataKeys(env)).toThrow(fault)
})
