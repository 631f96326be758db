import {
  confirmBankAccount,
  nameBankAccount,
  refuseNamedAccount,
} from '@chargelane/corridor/onboarding/bank-accounts'
import { getBankAccount, listBankAccounts } from '@chargelane/db/queries/partners/bank-accounts'
import { bankAccountView } from '@chargelane/db/views/money/bank-accounts'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

function accountOf(viewer: Viewer, asked: string | undefined): string {
  if (asked === undefined || asked === viewer.accountId) return viewer.accountId
  if (viewer.type !== 'platform')
    throw new DomainError('resource_missing', 'No such account.', { param: 'account' })
  return asked
}

export const bankAccountRoutes: Handlers<Contract['bank_accounts']> = {
  create: {
    resource: 'bankAccount',
    async outside({ deps, viewer, body, resourceId, now }) {
      const { account, ...named } = body
      const wish = { ...named, id: resourceId, account: accountOf(viewer, account) }
      const { keyId } = viewer
      return bankAccountView(await nameBankAccount(deps.db, wish, { keyId, now }))
    },
  },
  async get({ tx, viewer, params }) {
    const row = await getBankAccount(tx, viewer.sees, params.id)
    if (row === undefined) throw missing('bank account')
    return bankAccountView(row)
  },
  async list({ tx, viewer, query }) {
    const page = await listBankAccounts(tx, viewer.sees, {
      ...pageRequest(query, 'bankAccount'),
      ...(query.account === undefined ? {} : { account: query.account }),
      ...(query.state === undefined ? {} : { state: query.state }),
    })
    return pageView(page, bankAccountView)
  },
  confirm: {
    async outside({ deps, viewer, params, body, now }) {
      const wish = { id: params.id, reason: body.reason }
      return bankAccountView(await confirmBankAccount(deps.db, wish, { ...viewer, now }))
    },
  },
  refuse: {
    async outside({ deps, viewer, params, body, now }) {
      const wish = { id: params.id, reason: body.reason }
      return bankAccountView(await refuseNamedAccount(deps.db, wish, { ...viewer, now }))
    },
  },
}
