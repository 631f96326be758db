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

export interface Callers {
  /**
   * Who sent this header. A caller seen before is taken as known where `isCheckedLater`: then the request's first tx
   * checks the key (`Viewer.uncheckedKey`), and `confirm` must be asked before anything else is answered.
   */
  identify(header: string | undefined, now: string, isCheckedLater: boolean): Promise<Caller>
  /** Who the key of the header is now; throws unless it still counts. */
  confirm(header: string | undefined, now: string): Promise<Viewer>
}

/** Kept in this process: who a key is never changes, only whether it still counts. */
export function createCallers(db: Db, size = 10_000): Callers {
  const known = new Map<string, Viewer>()
  const lookUp = async (digest: Buffer, now: string): Promise<Viewer> => {
    const name = digest.toString('base64')
    known.delete(name)
    const found = await callerOf(db, digest, now)
    const [oldest] = known.keys()
    if (known.size >= size && oldest !== undefined) known.delete(oldest)
    known.set(name, found)
    return found
  }
  return {
    async identify(header, now, isCheckedLater) {
      const secret = secretOf(header)
      const digest = apiKeyDigest(secret)
      const seen = isCheckedLater ? known.get(digest.toString('base64')) : undefined
      // The platform works under no tenant's role, so none of its txs would look.
      if (seen === undefined || seen.type === 'platform' || isExpired(seen, now))
        return { secret, viewer: await lookUp(digest, now) }
      return { secret, viewer: { ...seen, uncheckedKey: digest } }
    },
    async confirm(header, now) {
      return lookUp(apiKeyDigest(secretOf(header)), now)
    },
  }
}

const isExpired = ({ expiresAt }: Pick<Viewer, 'expiresAt'>, now: string) =>
  expiresAt !== null && expiresAt <= now

function secretOf(header: string | undefined): string {
  const secret = bearer.exec(header ?? '')?.[1]
  if (secret === undefined) {
    throw new DomainError('invalid_key', 'Send `Authorization: Bearer sk_test_…`.')
  }
  return secret
}

/** The key is looked up by its digest, so nothing secret is ever compared byte by byte. */
async function callerOf(db: Db, digest: Buffer, now: string): Promise<Viewer> {
  const known = await findApiKey(db, digest)
  if (known === undefined) throw new DomainError('invalid_key', 'This API key is unknown.')
  const { key, account } = known
  if (key.revokedAt !== null) throw new DomainError('key_expired', 'This API key was revoked.')
  if (isExpired(key, now)) {
    throw new DomainError('key_expired', `This API key expired at ${key.expiresAt}.`)
  }
  if (account.status !== 'active') {
    throw new DomainError('account_restricted', `Account ${account.id} is suspended.`)
  }
  const allowed = scopesOf[account.type]
  const isWide = account.type === 'platform' || account.type === 'finance'
  return {
    accountId: account.id,
    type: account.type,
    sees: isWide ? everyAccount : account.id,
    keyId: key.id,
    scopes: scopes.filter((scope) => allowed.includes(scope) && key.scopes.includes(scope)),
    uncheckedKey: null,
    expiresAt: key.expiresAt,
    apiVersion: key.apiVersion,
  }
}

/** Every operation names one scope; a key without it is refused before anything is read. */
export function authorize(viewer: Viewer, op: Operation): void {
  if (op.scope === 'public' || viewer.scopes.includes(op.scope)) return
  throw new DomainError('insufficient_scope', `This API key lacks the scope ${op.scope}.`, {
    extra: { required_scope: op.scope },
  })
}
