/** The keys that a deployment seals with, as it publishes them, and what a seal by one of them is worth. */
import {
  keyListPath,
  keyListSchema,
  zKeyList,
} from '@chargelane/openapi/vocabulary/trust/signing-keys'
import type { KeyList, PublishedKey } from '@chargelane/openapi/vocabulary/trust/signing-keys'
import { sha256 } from './canonical/digest.ts'
import { parseInstant } from '../rating/clock.ts'

export { keyListPath, keyListSchema, zKeyList }
export type { KeyList, PublishedKey }

export const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))

export const keyIdOf = (spki: string): string => sha256(bytesOfBase64(spki)).slice(0, 16)

/** A key somebody pinned: whose it is, and for how long, is for whoever pinned it to know. */
export const pinnedList = (spki: string): KeyList => ({
  schema: keyListSchema,
  issuer: '',
  keys: [
    {
      key_id: keyIdOf(spki),
      algorithm: 'Ed25519',
      public_key_spki: spki,
      valid_from: '1970-01-01T00:00:00.000Z',
      valid_until: null,
      compromised_since: null,
    },
  ],
})

export type Trust =
  | { kind: 'trusted'; issuer: string; key: PublishedKey }
  /** No list has the key. */
  | { kind: 'unknown' }
  | { kind: 'outside'; issuer: string; key: PublishedKey }
  | { kind: 'compromised'; issuer: string; key: PublishedKey }

/** In the order in which they count where lists say different things of one key. */
const heard: readonly Trust['kind'][] = ['compromised', 'trusted', 'outside']

function trustBy({ issuer }: KeyList, key: PublishedKey, at: string): Trust {
  // Whoever has the key can write any date: no date of its own makes such a seal good.
  if (key.compromised_since !== null) return { kind: 'compromised', issuer, key }
  const [then, from, until] = [at, key.valid_from, key.valid_until ?? at].map(parseInstant)
  const isInTime =
    then !== undefined && from !== undefined && until !== undefined && from <= then && then <= until
  return { kind: isInTime ? 'trusted' : 'outside', issuer, key }
}

/**
 * What a seal of this key at this instant is worth. The key itself counts, not the id that it goes by. A list saved before a
 * key was lost, or a pin, says nothing against a list that knows: one warning is enough. Of lists that vouch for the key,
 * that of the issuer whom the pack names speaks first.
 */
export function trustIn(
  lists: readonly KeyList[],
  spki: string,
  at: string,
  issuer?: string,
): Trust {
  const found = lists.flatMap((list) => {
    const key = list.keys.find((each) => each.public_key_spki === spki)
    return key === undefined ? [] : [trustBy(list, key, at)]
  })
  const ranks = heard.map((kind) => found.filter((trust) => trust.kind === kind))
  const first = ranks.find(({ length }) => length > 0) ?? []
  const own = first.find((trust) => trust.kind !== 'unknown' && trust.issuer === issuer)
  return own ?? first[0] ?? { kind: 'unknown' }
}
