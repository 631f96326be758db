import {
  listSettings,
  newestSettings,
  putSettings,
} from '@chargelane/db/queries/operations/settings'
import { settingsView } from '@chargelane/db/views/operations/settings'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const platformSettingsRoutes: Handlers<Contract['platform_settings']> = {
  async get({ tx, viewer }) {
    return settingsView(await newestSettings(tx), viewer.sees !== viewer.accountId)
  },
  async set({ tx, viewer, body, now }) {
    const { reason, ...change } = body
    const before = (await newestSettings(tx))?.settings ?? {}
    const settings = { ...before, ...change }
    return settingsView(
      await putSettings(tx, { settings, reason, setBy: viewer.keyId, setAt: now }),
    )
  },
  async changes({ tx, query }) {
    const page = await listSettings(tx, pageRequest(query, 'platformSettings'))
    return pageView(page, (row) => settingsView(row))
  },
}
