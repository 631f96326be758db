import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { createApiKey, listApiKeys, revokeApiKey } from '@chargelane/db/queries/partners/api-keys'
import { apiKeyView } from '@chargelane/db/views/partners/accounts'
import { type Contract, type Scope, scopesOf } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { apiKeyDigest, newApiKey } from '../../http/api-key.ts'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

/** A key never grows beyond its maker: the platform may give what the account's type allows, others what they hold. */
function grantedScopes(viewer: Viewer, allowed: readonly Scope[], wished?: Scope[]): Scope[] {
  const most = viewer.type === 'platform' ? allowed : viewer.scopes
  const beyond = wished?.find((scope) => !most.includes(scope))
  if (beyond !== undefined) {
    throw new DomainError('insufficient_scope', `scopes: ${beyond} is not yours to give.`, {
      param: 'scopes',
    })
  }
  return wished ?? [...most]
}

export const apiKeyRoutes: Handlers<Contract['api_keys']> = {
  async create({ tx, viewer, body, now }) {
    const accountId = body.account ?? viewer.accountId
    const isOwn = accountId === viewer.accountId
    if (!isOwn && viewer.type !== 'platform') throw missing('account', 'account')
    const account = await getAccount(tx, viewer.sees, accountId)
    if (!account) throw missing('account', 'account')
    if (body.expires_at !== undefined && body.expires_at <= now) {
      throw new DomainError('invalid_value', 'expires_at: must be in the future', {
        param: 'expires_at',
      })
    }
    const key = newApiKey(false)
    const row = await createApiKey(tx, {
      accountId,
      digest: apiKeyDigest(key),
      lastFour: key.slice(-4),
      name: body.name,
      scopes: grantedScopes(viewer, scopesOf[account.type], body.scopes),
      ...(body.api_version === undefined ? {} : { apiVersion: body.api_version }),
      expiresAt: body.expires_at ?? null,
      at: now,
    })
    return apiKeyView(row, key)
  },

  /** Also for the platform only its own: other accounts' keys are theirs to see. */
  async list({ tx, viewer, query }) {
    const page = await listApiKeys(tx, viewer.accountId, pageRequest(query, 'apiKey'))
    return pageView(page, (row) => apiKeyView(row))
  },

  async revoke({ tx, viewer, params, now }) {
    const row = await revokeApiKey(tx, viewer.sees, params.id, now)
    if (!row) throw missing('API key')
    return apiKeyView(row)
  },
}
