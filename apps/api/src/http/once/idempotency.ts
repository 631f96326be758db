// One wish, one effect: the key, the request's fingerprint and the answer live in one row, save an answer that its
// resource tells again.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { lastOf, type Sql, type Tx } from '@chargelane/db'
import {
  beginIdempotent,
  claimKey,
  completeIdempotent,
  holderOf,
  type IdempotencyOutcome,
  type IdempotentRequest,
} from '@chargelane/db/queries/outbox/idempotency'
import { idempotencyKeyPattern, type Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { z } from 'zod'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export type Claim =
  | { kind: 'proceed'; resourceId: string; takenOver: boolean }
  /** `stored` is null where the answer is told again from the resource. */
  | { kind: 'replay'; resourceId: string; status: number; stored: unknown }

/** Fields that are shown once: kept only sealed with the caller's own key, which we do not have at rest. */
const secretFields = ['key', 'secret', 'password', 'token_a']

export function idempotencyKeyOf(header: string | undefined): string {
  if (header === undefined || header === '') {
    throw new DomainError(
      'idempotency_key_required',
      'Send an Idempotency-Key with this request.',
      {
        param: 'Idempotency-Key',
      },
    )
  }
  if (idempotencyKeyPattern.test(header)) return header
  throw new DomainError(
    'validation_error',
    'Idempotency-Key: must be 1 to 255 printable ASCII characters without spaces',
    { param: 'Idempotency-Key' },
  )
}

/** The request as the partner meant it: path and body, without what transport adds. */
export const fingerprintOf = (method: string, path: string, body: unknown): Buffer =>
  createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(sorted(body)) ?? ''}`)
    .digest()

/** Keys in one order: `{a, b}` and `{b, a}` are the same wish. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  )
}

export interface Wish {
  accountId: string
  key: string
  op: Operation
  fingerprint: Buffer
  resourceId: string
  now: string
  secret: string
}

const requestOf = (wish: Wish) => ({
  accountId: wish.accountId,
  key: wish.key,
  operation: `${wish.op.method.toUpperCase()} ${wish.op.path}`,
  fingerprint: wish.fingerprint,
  resourceId: wish.resourceId,
  at: wish.now,
})

/** The request of a wish whose answer is not stored, but told again: its key is done with the claim. */
export const doneRequestOf = (wish: Wish) => ({
  ...requestOf(wish),
  doneWith: wish.op.success.status,
})

/** Claims the key for this wish, or answers as before, or refuses. */
export const claim = async (
  sql: Sql,
  wish: Wish,
  request: IdempotentRequest = requestOf(wish),
): Promise<Claim> => claimOf(await beginIdempotent(sql, request))

type AsCaller = <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>

/**
 * The same in a tx of its own, which is one round trip unless somebody has the key, with one statement that is read with
 * it. Both are heard out: what cannot be read is the answer of whoever has the claim.
 */
export async function claimWith<Read>(
  asCaller: AsCaller,
  wish: Wish,
  read: (tx: Tx) => Promise<Read>,
): Promise<{ claimed: Claim; read: PromiseSettledResult<Read> }> {
  const request = requestOf(wish)
  const [claimed, found] = await asCaller((tx) =>
    lastOf(tx, Promise.all([claimKey(tx, request), settled(read(tx))])),
  )
  const holder = () => asCaller((tx) => lastOf(tx, holderOf(tx, request)))
  return { claimed: claimed ?? claimOf(await holder()), read: found }
}

const settled = async <T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const [result] = await Promise.allSettled([promise])
  return result
}

function claimOf(outcome: IdempotencyOutcome): Claim {
  if (outcome.kind === 'proceed') return outcome
  if (outcome.kind === 'replay') {
    const { resourceId, status, response: stored } = outcome
    return { kind: 'replay', resourceId, status, stored }
  }
  if (outcome.kind === 'reused') {
    throw new DomainError(
      'idempotency_key_reused',
      'This Idempotency-Key was used with another request. Its first request is untouched.',
      { param: 'Idempotency-Key' },
    )
  }
  throw new DomainError(
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still running.',
    { extra: { retry_after_ms: Math.min(outcome.retryAfterS, 2) * 1_000 } },
  )
}

/** The stored answer as it is given again. */
export const replayed = ({ status, stored }: Extract<Claim, { kind: 'replay' }>, wish: Wish) => ({
  status,
  body: unsealed(stored, wish.secret),
})

/** Keeps the answer and ends the tx: that of the effect, where there is one. */
export const complete = (tx: Tx, wish: Wish, answer: Answer): Promise<void> =>
  lastOf(
    tx,
    completeIdempotent(tx, wish.accountId, wish.key, {
      status: answer.status,
      response: sealed(answer.body, wish.secret),
    }),
  )

const sealedMark = 'sealed:'

const sealingKey = (secret: string, salt: Buffer) =>
  Buffer.from(hkdfSync('sha256', secret, salt, 'chargelane idempotent replay', 32))

function sealed(body: Record<string, unknown>, secret: string): Record<string, unknown> {
  const entries = Object.entries(body).map(([name, value]): [string, unknown] => {
    if (!secretFields.includes(name) || typeof value !== 'string') return [name, value]
    const [salt, nonce] = [randomBytes(16), randomBytes(12)]
    const cipher = createCipheriv('aes-256-gcm', sealingKey(secret, salt), nonce)
    const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
    const parts = Buffer.concat([salt, nonce, cipher.getAuthTag(), text])
    return [name, `${sealedMark}${parts.toString('base64url')}`]
  })
  return Object.fromEntries(entries)
}

/** A replay under another key of the account gets null instead of the secret, as every later read does. */
function unsealed(stored: unknown, secret: string): Record<string, unknown> {
  const body = z.record(z.string(), z.unknown()).parse(stored)
  const entries = Object.entries(body).map(([name, value]): [string, unknown] => {
    if (typeof value !== 'string' || !value.startsWith(sealedMark)) return [name, value]
    const parts = Buffer.from(value.slice(sealedMark.length), 'base64url')
    try {
      const key = sealingKey(secret, parts.subarray(0, 16))
      const decipher = createDecipheriv('aes-256-gcm', key, parts.subarray(16, 28))
      decipher.setAuthTag(parts.subarray(28, 44))
      return [name, decipher.update(parts.subarray(44), undefined, 'utf8') + decipher.final('utf8')]
    } catch {
      return [name, null]
    }
  })
  return Object.fromEntries(entries)
}
