/** Where the keys come from that a reader trusts: published by a deployment, kept in a file, or pinned. */
import { zKeyList } from '@chargelane/rules/evidence/keys'

/** The keys of a deployment, as it publishes them at `/.well-known/chargelane-keys.json`. */
export type KeyList = {
  schema: 'chargelane-keys/1'
  issuer: string
  keys: {
    key_id: string
    algorithm: 'Ed25519'
    public_key_spki: string
    valid_from: string
    valid_until: string | null
    compromised_since: string | null
  }[]
}

/** A published list; throws a sentence where the text is none. */
export function readKeyList(text: string): KeyList {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('a key list is JSON, as published at /.well-known/chargelane-keys.json')
  }
  const parsed = zKeyList.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`no key list: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Who answers under a name is told by TLS alone; a sandbox's own machine needs none. */
export async function fetchKeyList(address: string): Promise<KeyList> {
  const url = new URL(address)
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))
  if (!isSafe) throw new Error(`${address}: keys are fetched over https only`)
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`${address}: status ${answer.status}`)
  return readKeyList(await answer.text())
}
