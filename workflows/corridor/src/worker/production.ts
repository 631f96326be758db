// What a process refuses to start with in production: settings that make a sandbox easy and an installation open.

import { dataKeysVariable, lookupKeyVariable, readDataKeys } from '@chargelane/db/data-keys'

/** Modes in which nobody's money is real. A word that is none of them, as `prod`, is taken for production. */
const rehearsals: readonly string[] = ['', 'development', 'test', 'staging']

/** Real money: said by NODE_ENV, or by a live key wherever one is given. */
const isProduction = (env: NodeJS.ProcessEnv) =>
  !rehearsals.includes(env['NODE_ENV'] ?? '') ||
  ['BOOTSTRAP_PLATFORM_KEY', 'STRIPE_API_KEY'].some((name) => /^[a-z]+_live_/.test(env[name] ?? ''))

/** Switches of a developer's machine. */
const switches = ['WEBHOOK_ALLOW_LOOPBACK', 'OCPI_ALLOW_LOOPBACK', 'VERIFY_AT_ONCE']
/** Keys that say themselves which mode they are of. */
const keys = ['BOOTSTRAP_PLATFORM_KEY', 'STRIPE_API_KEY', 'STRIPE_PUBLISHABLE_KEY']
/** Whom money or its rates are asked of. */
const counterparties = ['BANK_URL', 'RATES_URL', 'VIES_URL']
/** Where partners, peers and chargers send their keys, tokens and passwords. */
const ownAddresses = ['PUBLIC_API_URL', 'OCPI_PUBLIC_URL', 'OCPP_PUBLIC_URL', 'STRIPE_WEBHOOK_URL']
/** A provider beside the real one. */
const standIns = ['STRIPE_HOST', 'STRIPE_PORT']
const secrets = [
  'BANK_API_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'EVIDENCE_KEY_SECRET',
  'BOOTSTRAP_PLATFORM_KEY',
]

const isPoor = (secret: Buffer) => new Set(secret).size < 16

/** Keys of values at rest: there, 32 bytes each, and none that a developer's machine or a test made. */
function keyFaults(env: NodeJS.ProcessEnv): string[] {
  try {
    const { all, lookup } = readDataKeys(env)
    return [
      ...[...all.values()].flatMap(({ id, secret }) => [
        ...(/^(?:local|test)\b/.test(id)
          ? [`the key ${id} of ${dataKeysVariable} is for a sandbox`]
          : []),
        ...(isPoor(secret) ? [`the key ${id} of ${dataKeysVariable} can be guessed`] : []),
      ]),
      ...(isPoor(lookup) ? [`${lookupKeyVariable} can be guessed`] : []),
    ]
  } catch (error) {
    return [error instanceof Error ? error.message.replace(/\.$/, '') : String(error)]
  }
}

/** What a secret of an example, a manual or a hurried evening is made of, and one in which hardly anything varies. */
const isGuessable = (secret: string) =>
  secret.length < 16 ||
  new Set(secret).size < 8 ||
  /(?:changeme|change_me|password|sandbox|example|secret|default|postgres|chargelane)/i.test(secret)

function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  return decodeURIComponent(new URL(url).password)
}

/** Sentences about every setting at fault, by name and never with its value; none outside production. */
export function productionFaults(env: NodeJS.ProcessEnv): string[] {
  if (!isProduction(env)) return []
  const set = (name: string) => env[name] !== undefined && env[name] !== ''
  const password = passwordOf(env['DATABASE_URL'])
  return [
    ...switches.filter((name) => env[name] === 'true').map((name) => `${name} is for a sandbox`),
    ...keys
      .filter((name) => /^[a-z]+_test_/.test(env[name] ?? ''))
      .map((name) => `${name} is a test key`),
    ...counterparties
      .filter((name) => set(name) && !(env[name] ?? '').startsWith('https://'))
      .map((name) => `${name} must be https`),
    ...(set('BANK_URL') && !set('BANK_API_KEY') ? ['BANK_API_KEY is missing'] : []),
    ...ownAddresses
      .filter((name) => set(name) && !/^(?:https|wss):\/\//.test(env[name] ?? ''))
      .map((name) => `${name} must be ${name.startsWith('OCPP') ? 'wss' : 'https'}`),
    ...standIns.filter(set).map((name) => `${name} is for a sandbox`),
    ...(env['STRIPE_PROTOCOL'] === 'http' ? ['STRIPE_PROTOCOL must be https'] : []),
    ...secrets
      .filter((name) => set(name) && isGuessable(env[name] ?? ''))
      .map((name) => `${name} can be guessed`),
    ...(password !== undefined && isGuessable(password)
      ? ['the password in DATABASE_URL can be guessed']
      : []),
    ...keyFaults(env),
  ]
}

/** Called first by every process, with all of its environment. */
export function refuseSandboxSettings(env: NodeJS.ProcessEnv): void {
  const faults = productionFaults(env)
  if (faults.length > 0)
    throw new Error(`Not with these settings in production: ${faults.join('; ')}.`)
}
