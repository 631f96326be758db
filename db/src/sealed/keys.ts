// The keys that values at rest are encrypted with: read from the environment, never stored.
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

export type DataKey = { id: string; secret: Buffer }

/** `writing` encrypts what is written from now on; every key of the ring is read with. */
export type DataKeys = {
  writing: DataKey
  all: ReadonlyMap<string, DataKey>
  /** What keyed hashes are made with. It outlives the keys of the ring: a hash is found by being the same. */
  lookup: Buffer
}

export const dataKeysVariable = 'CHARGELANE_DATA_KEYS'
export const lookupKeyVariable = 'CHARGELANE_LOOKUP_KEY'

const keyBytes = 32

function secretOf(text: string, variable: string): Buffer {
  const secret = Buffer.from(text, 'base64')
  if (secret.length !== keyBytes)
    throw new Error(`${variable} must give each key as base64 of ${keyBytes} bytes.`)
  return secret
}

function ringOf(text: string): DataKey[] {
  return text.split(',').map((entry) => {
    const [, id, secret] = /^([A-Za-z0-9][\w-]{0,31}):([\w+/-]+={0,2})$/.exec(entry.trim()) ?? []
    if (id === undefined || secret === undefined)
      throw new Error(`${dataKeysVariable} must be id:base64,id:base64, the writing key first.`)
    return { id, secret: secretOf(secret, dataKeysVariable) }
  })
}

/** Throws a sentence that names the variable at fault, and never its value. */
export function readDataKeys(env: NodeJS.ProcessEnv): DataKeys {
  const [ring, lookup] = [env[dataKeysVariable], env[lookupKeyVariable]]
  for (const [name, value] of [
    [dataKeysVariable, ring],
    [lookupKeyVariable, lookup],
  ] as const)
    if (value === undefined || value === '')
      throw new Error(`${name} is missing: values at rest cannot be read or written without it.`)
  const keys = ringOf(ring ?? '')
  const all = new Map(keys.map((key) => [key.id, key]))
  const [writing] = keys
  if (writing === undefined || all.size < keys.length)
    throw new Error(`${dataKeysVariable} names one key twice.`)
  return { writing, all, lookup: secretOf(lookup ?? '', lookupKeyVariable) }
}

/** A key of one purpose: what one of them gives away says nothing of another. */
export const derived = (secret: Buffer, salt: Buffer | string, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, `chargelane ${purpose}`, keyBytes)))

export const keyedHash = (key: KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

let inUse: DataKeys | undefined

/** The keys of this process, read from its environment when they are first needed. */
export const dataKeys = (): DataKeys => (inUse ??= readDataKeys(process.env))

/** For a process that works with other keys than its environment names, such as a test of their rotation. */
export function useDataKeys(keys: DataKeys): void {
  inUse = keys
}
