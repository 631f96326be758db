import { listDenials } from '@chargelane/db/queries/operations/access-denials'
import { accessDenialView } from '@chargelane/db/views/operations/access-denials'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const accessDenialRoutes: Handlers<Contract['access_denials']> = {
  async list({ tx, query }) {
    const page = await listDenials(tx, {
      ...pageRequest(query, 'accessDenial'),
      ...(query.account === undefined ? {} : { accountId: query.account }),
      ...(query.owner === undefined ? {} : { ownerId: query.owner }),
    })
    return pageView(page, accessDenialView)
  },
}
