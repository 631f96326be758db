import { getAccount, listAccounts } from '@chargelane/db/queries/partners/accounts'
import { accountView } from '@chargelane/db/views/partners/accounts'
import {
  changeAccount,
  checkVat,
  openAccount,
  verifyAccount,
} from '@chargelane/corridor/onboarding/accounts'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { refuseOtherRegion } from '../../http/door/residency.ts'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const accountRoutes: Handlers<Contract['accounts']> = {
  async create(call) {
    refuseOtherRegion(call.deps, call.body.country)
    return accountView(await openAccount(call, call.body, call.deps.grantsAtOnce))
  },

  async get({ tx, viewer, params }) {
    const row = await getAccount(tx, viewer.sees, params.id)
    if (!row) throw missing('account')
    return accountView(row)
  },

  async list({ tx, viewer, query }) {
    return pageView(await listAccounts(tx, viewer.sees, pageRequest(query, 'account')), accountView)
  },

  async update(call) {
    return accountView(await changeAccount(call, call.params.id, call.body))
  },

  async verify(call) {
    return accountView(await verifyAccount(call, call.params.id, call.body))
  },

  async check_vat(call) {
    return accountView(await checkVat(call, call.params.id, call.body))
  },
}
