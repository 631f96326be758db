import {
  createAccount,
  getAccount,
  listAccounts,
  putAgreement,
  updateAccount,
  type AccountPatch,
} from '@chargelane/db/queries/partners/accounts'
import { createApiKey, listApiKeys, revokeApiKey } from '@chargelane/db/queries/partners/api-keys'
import { type Contract, type Scope, scopesOf } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isConvertible } from '@chargelane/rules/fx'
import { isKnownCurrency } from '@chargelane/rules/money'
import { isSoldModel } from '@chargelane/rules/quote/may-start'
import { apiKeyDigest, newApiKey } from '../http/api-key.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { pageRequest } from '../http/page.ts'
import { accountView, apiKeyView } from '@chargelane/db/views/accounts'
import { pageView } from '../http/page.ts'

const notOffered = (param: string, message: string) =>
  new DomainError('not_offered', `${param}: ${message}`, { param })

export const accountRoutes: Handlers<Contract['accounts']> = {
  async create({ tx, body, now }) {
    if (!isKnownCurrency(body.payout_currency)) {
      throw new DomainError('unsupported_currency', `We cannot pay in ${body.payout_currency}.`, {
        param: 'payout_currency',
      })
    }
    if (!isConvertible(body.payout_currency))
      throw notOffered(
        'payout_currency',
        `No reference rate leads to ${body.payout_currency}, so nothing could be paid out in it.`,
      )
    if (body.agreement && !isSoldModel(body.agreement.supply_model))
      throw notOffered(
        'agreement.supply_model',
        `${body.agreement.supply_model} is not offered yet; use agency.`,
      )
    const row = await createAccount(tx, {
      type: body.type,
      partnerType: body.partner_type ?? null,
      name: body.name,
      legalName: body.legal_name,
      country: body.country,
      payoutCurrency: body.payout_currency,
      vatId: body.vat_id ?? null,
      address: body.address,
      iban: body.iban ?? null,
      partnerShareBps: body.partner_share_bps ?? 0,
      benefitMode: body.benefit_mode ?? 'revenue_share',
      at: now,
    })
    if (body.agreement) {
      await putAgreement(tx, {
        cpoId: row.id,
        commissionBps: body.agreement.commission_bps,
        supplyModel: body.agreement.supply_model,
        effectiveFrom: now,
      })
    }
    return accountView(row)
  },

  async get({ tx, viewer, params }) {
    const row = await getAccount(tx, viewer.sees, params.id)
    if (!row) throw missing('account')
    return accountView(row)
  },

  async list({ tx, viewer, query }) {
    return pageView(await listAccounts(tx, viewer.sees, pageRequest(query, 'account')), accountView)
  },

  async update({ tx, viewer, params, body }) {
    const patch: AccountPatch = {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.legal_name === undefined ? {} : { legalName: body.legal_name }),
      ...(body.vat_id === undefined ? {} : { vatId: body.vat_id }),
      ...(body.address === undefined ? {} : { address: body.address }),
      ...(body.iban === undefined ? {} : { iban: body.iban }),
      ...(body.partner_share_bps === undefined ? {} : { partnerShareBps: body.partner_share_bps }),
      ...(body.benefit_mode === undefined ? {} : { benefitMode: body.benefit_mode }),
      ...(body.status === undefined ? {} : { status: body.status }),
    }
    const row = await updateAccount(tx, viewer.sees, params.id, patch)
    if (!row) throw missing('account')
    return accountView(row)
  },
}

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
      throw new DomainError('validation_error', 'expires_at: must be in the future', {
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
