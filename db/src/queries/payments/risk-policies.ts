// What somebody stands in for beyond a hold: data by name and amount, for a partner or for one of its sources.
import { asc, type SQL, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { riskPolicies } from '../../schema.ts'
import { ownedBy } from '../page.ts'

type RiskPolicyRow = typeof riskPolicies.$inferSelect
export type RiskPolicy = Omit<RiskPolicyRow, 'insuredMinor' | 'currency'> & { insured: Money }

const policyOf = ({ insuredMinor, currency, ...row }: RiskPolicyRow): RiskPolicy => ({
  ...row,
  insured: { amount: insuredMinor, currency },
})

/** Of one session in minor units: by the source's own policy, else by its partner's, else nothing. */
export const insuredOf = (accountId: SQL, paymentSourceId: SQL, currency: SQL): SQL =>
  raw`coalesce((select r.insured_minor from risk_policies r
    where r.account_id = ${accountId} and r.currency = ${currency}
      and (r.payment_source_id = ${paymentSourceId} or r.payment_source_id is null)
    order by r.payment_source_id is null limit 1), 0)`

const selectInsured = fixedStatement<
  { amount: number },
  { accountId: string; paymentSourceId: string; currency: string }
>(
  () =>
    raw`select ${insuredOf(arg('accountId'), arg('paymentSourceId'), arg('currency'))} as amount`,
)

/** What is insured of one session beyond its hold. */
export async function insuredRest(
  sql: Sql,
  of: { accountId: string; paymentSourceId: string; currency: string },
): Promise<Money> {
  const [found] = await selectInsured(sql, of)
  return { amount: found?.amount ?? 0, currency: of.currency }
}

/** One policy per account, source and currency; put again it replaces the one before. */
export async function putRiskPolicy(
  tx: Sql,
  input: {
    accountId: string
    paymentSourceId: string | null
    name: string
    insured: Money
    at: string
  },
): Promise<RiskPolicy> {
  const { insured, at, ...values } = input
  const { amount: insuredMinor, currency } = insured
  const [row] = await tx
    .insert(riskPolicies)
    .values({ id: newId('riskPolicy'), ...values, currency, insuredMinor, updatedAt: at })
    .onConflictDoUpdate({
      target: [riskPolicies.accountId, riskPolicies.paymentSourceId, riskPolicies.currency],
      set: { name: input.name, insuredMinor, updatedAt: at },
    })
    .returning()
  if (row === undefined) throw new Error('a risk policy was not written')
  return policyOf(row)
}

export async function riskPoliciesOf(sql: Sql, accountId: string): Promise<RiskPolicy[]> {
  const rows = await sql
    .select()
    .from(riskPolicies)
    .where(ownedBy(riskPolicies.accountId, accountId))
    .orderBy(asc(riskPolicies.id))
  return rows.map(policyOf)
}
