import {
  listSettings,
  newestSettings,
  putSettings,
} from '@chargelane/db/queries/operations/settings'
import { settingsView } from '@chargelane/db/views/operations/settings'
import { everyAccount, type Sql } from '@chargelane/db'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

type Named = { market?: string | null | undefined; account?: string | null | undefined }

/** Of a market, of an operator, or of all. */
async function ofOne(tx: Sql, { market = null, account = null }: Named) {
  if (market !== null && account !== null)
    throw new DomainError('invalid_value', 'account: name a market or an account, not both.', {
      param: 'account',
    })
  if (account !== null && (await getAccount(tx, everyAccount, account))?.type !== 'cpo')
    throw missing('operator', 'account')
  return { market, account }
}

export const platformSettingsRoutes: Handlers<Contract['platform_settings']> = {
  async get({ tx, query, viewer }) {
    const seesAll = viewer.sees !== viewer.accountId
    const { market, account } = query
    return settingsView(await newestSettings(tx, await ofOne(tx, { market, account })), seesAll)
  },
  async set({ tx, viewer, body, now }) {
    const { reason, market: named, account: whose, ...change } = body
    const { market, account } = await ofOne(tx, { market: named, account: whose })
    // A view of the books reads them for all accounts at once.
    for (const param of ['plan_limits', 'float_limits'] as const)
      if (change[param] != null && (market !== null || account !== null))
        throw new DomainError('invalid_value', `${param}: are set for all.`, { param })
    const before = (await newestSettings(tx, { market, account }))?.settings ?? {}
    const settings = { ...before, ...change }
    const setBy = viewer.keyId
    return settingsView(
      await putSettings(tx, { market, accountId: account, settings, reason, setBy, setAt: now }),
    )
  },
  async changes({ tx, query }) {
    const page = await listSettings(tx, pageRequest(query, 'platformSettings'))
    return pageView(page, (row) => settingsView(row))
  },
}
