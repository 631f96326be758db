import { balancesOf } from '@chargelane/db/queries/documents/balances'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { balanceView } from '@chargelane/db/views/money/balances'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { accounts } from '@chargelane/rules/ledger'
import type { Handlers } from '../../http/handler.ts'

export const balanceRoutes: Handlers<Contract['balances']> = {
  async list({ deps, tx, viewer, query, now }) {
    const { account = viewer.accountId, as_of: asOf = now } = query
    if (asOf > now) throw new DomainError('invalid_value', 'as_of: is in the future')
    const owner = await getAccount(tx, viewer.sees, account)
    if (owner === undefined) throw missing('account')
    const role = owner.type === 'cpo' || owner.type === 'platform' ? owner.type : 'partner'
    // No tenant reads the books: what is kept back is asked in the process's own name.
    const reserveOf = async (currency: string) =>
      -(await balanceOf(deps.db, accounts.reserve({ role, id: account }, currency)))
    const rows = await balancesOf(tx, account, asOf)
    const data = rows.map(async (row) =>
      balanceView(row, { account, asOf, reserved: Math.max(await reserveOf(row.currency), 0) }),
    )
    return { data: await Promise.all(data) }
  },
}
