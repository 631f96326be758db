import { everyAccount, type Db } from '@chargelane/db'
import { findApiKey } from '@chargelane/db/queries/partners/api-keys'
import { scopes, scopesOf, type Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { apiKeyDigest } from './api-key.ts'
import type { Viewer } from './handler.ts'

const bearer = /^Bearer (sk_(?:test|live)_[A-Za-z0-9_-]{20,120})$/

export interface Caller {
  viewer: Viewer
  /** Lives as long as the request; secrets kept for a replay are sealed with it. */
  secret: string
}

/** Who sent this header. The key is looked up by its digest, so nothing secret is ever compared byte by byte. */
export async function authenticate(
  db: Db,
  header: string | undefined,
  now: string,
): Promise<Caller> {
  const secret = bearer.exec(header ?? '')?.[1]
  if (secret === undefined) {
    throw new DomainError('invalid_key', 'Send `Authorization: Bearer sk_test_…`.')
  }
  const known = await findApiKey(db, apiKeyDigest(secret))
  if (known === undefined) throw new DomainError('invalid_key', 'This API key is unknown.')
  const { key, account } = known
  if (key.revokedAt !== null) throw new DomainError('key_expired', 'This API key was revoked.')
  if (key.expiresAt !== null && key.expiresAt <= now) {
    throw new DomainError('key_expired', `This API key expired at ${key.expiresAt}.`)
  }
  if (account.status !== 'active') {
    throw new DomainError('account_restricted', `Account ${account.id} is suspended.`)
  }
  const allowed = scopesOf[account.type]
  const isWide = account.type === 'platform' || account.type === 'finance'
  return {
    secret,
    viewer: {
      accountId: account.id,
      type: account.type,
      sees: isWide ? everyAccount : account.id,
      keyId: key.id,
      scopes: scopes.filter((scope) => allowed.includes(scope) && key.scopes.includes(scope)),
    },
  }
}

/** Every operation names one scope; a key without it is refused before anything is read. */
export function authorize(viewer: Viewer, op: Operation): void {
  if (op.scope === 'public' || viewer.scopes.includes(op.scope)) return
  throw new DomainError('insufficient_scope', `This API key lacks the scope ${op.scope}.`, {
    extra: { required_scope: op.scope },
  })
}
