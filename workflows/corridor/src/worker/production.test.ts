import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { productionFaults, refuseSandboxSettings } from './production.ts'

const secret = 'b7f1c09a2d4e6f8091a3'
const sound = {
  NODE_ENV: 'production',
  DATABASE_URL: `postgres://chargelane:${secret}@db.example:5432/chargelane`,
  BANK_URL: 'https://bank.example/api',
  BANK_API_KEY: `k${secret}`,
  BOOTSTRAP_PLATFORM_KEY: `sk_live_${secret}`,
  STRIPE_API_KEY: `sk_live_${secret}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${secret}`,
  EVIDENCE_KEY_SECRET: `${secret}${secret}`,
  CHARGELANE_DATA_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  CHARGELANE_LOOKUP_KEY: randomBytes(32).toString('base64'),
  WEBHOOK_ALLOW_LOOPBACK: 'false',
  VERIFY_AT_ONCE: 'false',
}
const { NODE_ENV: _mode, ...unnamed } = sound

test('a process starts in production with settings that are right', () => {
  expect(productionFaults(sound)).toEqual([])
})

test.each<[string, Record<string, string>]>([
  ['WEBHOOK_ALLOW_LOOPBACK is for a sandbox', { WEBHOOK_ALLOW_LOOPBACK: 'true' }],
  ['OCPI_ALLOW_LOOPBACK is for a sandbox', { OCPI_ALLOW_LOOPBACK: 'true' }],
  ['VERIFY_AT_ONCE is for a sandbox', { VERIFY_AT_ONCE: 'true' }],
  ['BOOTSTRAP_PLATFORM_KEY is a test key', { BOOTSTRAP_PLATFORM_KEY: `sk_test_${secret}` }],
  ['STRIPE_API_KEY is a test key', { STRIPE_API_KEY: `sk_test_${secret}` }],
  ['BANK_URL must be https', { BANK_URL: 'http://bank.example' }],
  ['BANK_API_KEY is missing', { BANK_API_KEY: '' }],
  ['RATES_URL must be https', { RATES_URL: 'http://127.0.0.1:4413' }],
  ['VIES_URL must be https', { VIES_URL: 'http://127.0.0.1:4415' }],
  ['STRIPE_PUBLISHABLE_KEY is a test key', { STRIPE_PUBLISHABLE_KEY: `pk_test_${secret}` }],
  ['STRIPE_HOST is for a sandbox', { STRIPE_HOST: '127.0.0.1' }],
  ['PUBLIC_API_URL must be https', { PUBLIC_API_URL: 'http://api.example' }],
  ['OCPI_PUBLIC_URL must be https', { OCPI_PUBLIC_URL: 'http://ocpi.example/ocpi' }],
  ['OCPP_PUBLIC_URL must be wss', { OCPP_PUBLIC_URL: 'ws://ocpp.example/ocpp' }],
  ['STRIPE_WEBHOOK_URL must be https', { STRIPE_WEBHOOK_URL: 'http://api.example/hook' }],
  ['STRIPE_PROTOCOL must be https', { STRIPE_PROTOCOL: 'http' }],
  ['STRIPE_WEBHOOK_SECRET can be guessed', { STRIPE_WEBHOOK_SECRET: 'whsec_changeme_changeme' }],
  ['EVIDENCE_KEY_SECRET can be guessed', { EVIDENCE_KEY_SECRET: 'a'.repeat(40) }],
  [
    'CHARGELANE_DATA_KEYS is missing: values at rest cannot be read or written without it',
    { CHARGELANE_DATA_KEYS: '' },
  ],
  [
    'the key local of CHARGELANE_DATA_KEYS is for a sandbox',
    { CHARGELANE_DATA_KEYS: `local:${randomBytes(32).toString('base64')}` },
  ],
  [
    'the key k1 of CHARGELANE_DATA_KEYS can be guessed',
    { CHARGELANE_DATA_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` },
  ],
  [
    'CHARGELANE_LOOKUP_KEY can be guessed',
    { CHARGELANE_LOOKUP_KEY: Buffer.alloc(32, 2).toString('base64') },
  ],
  ['the password in DATABASE_URL can be guessed', { DATABASE_URL: 'postgres://c:chargelane@db/c' }],
])('in production a process refuses to start: %s', (fault, wrong) => {
  expect(productionFaults({ ...sound, ...wrong })).toEqual([fault])
  expect(() => refuseSandboxSettings({ ...sound, ...wrong })).toThrow(fault)
})

test.each(['prod', 'Production', 'PRODUCTION', 'live', ' production'])(
  'NODE_ENV=%j is no rehearsal',
  (mode) => {
    const env = { ...unnamed, NODE_ENV: mode, BOOTSTRAP_PLATFORM_KEY: '', STRIPE_API_KEY: '' }
    expect(productionFaults({ ...env, VERIFY_AT_ONCE: 'true' })).toEqual([
      'VERIFY_AT_ONCE is for a sandbox',
    ])
  },
)

test('a live key says production as well, and nothing else does', () => {
  const sandbox = { ...unnamed, VERIFY_AT_ONCE: 'true' }
  expect(productionFaults(sandbox)).toEqual(['VERIFY_AT_ONCE is for a sandbox'])
  const testKeys = { BOOTSTRAP_PLATFORM_KEY: 'sk_test_1', STRIPE_API_KEY: 'sk_test_1' }
  expect(productionFaults({ ...sandbox, ...testKeys })).toEqual([])
})
