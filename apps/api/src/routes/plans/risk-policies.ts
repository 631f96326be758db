import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { paymentSourceById } from '@chargelane/db/queries/payments/payments'
import { putRiskPolicy, riskPoliciesOf } from '@chargelane/db/queries/payments/risk-policies'
import { riskPolicyView } from '@chargelane/db/views/plans/risk-policies'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'

export const riskPolicyRoutes: Handlers<Contract['risk_policies']> = {
  async set({ tx, viewer, body, now }) {
    const account = await getAccount(tx, viewer.sees, body.account)
    if (account?.type !== 'partner') throw missing('partner', 'account')
    const { payment_source: id } = body
    const source = id === undefined ? undefined : await paymentSourceById(tx, id)
    if (id !== undefined && source?.accountId !== account.id)
      throw missing('payment source', 'payment_source')
    return riskPolicyView(
      await putRiskPolicy(tx, {
        accountId: account.id,
        paymentSourceId: source?.id ?? null,
        name: body.name,
        insured: body.insured,
        at: now,
      }),
    )
  },
  async list({ tx, viewer }) {
    return { data: (await riskPoliciesOf(tx, viewer.sees)).map(riskPolicyView) }
  },
}
