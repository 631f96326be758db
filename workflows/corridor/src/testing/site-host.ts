import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { insertSplitPolicy, moveSplitPolicy } from '@chargelane/db/queries/partners/split-policies'
import type { PolicyRule } from '@chargelane/openapi/vocabulary/settlement/shares'
import type { PolicyTerms } from '@chargelane/rules/documents'
import type { Corridor } from './corridor.ts'
import type { Market } from './market.ts'

const at = '2026-01-02T00:00:00.000Z'

/** A payee of shares alone, paid in francs. */
export function addPayee({ db }: Pick<Corridor, 'db'>, legalName = 'Parkhaus am Markt GmbH') {
  return createAccount(db, {
    type: 'payee',
    name: 'Host',
    legalName,
    country: 'DE',
    payoutCurrency: 'CHF',
    vatId: 'DE136695976',
    address: { street: 'Markt 1', city: 'Köln', postal_code: '50667' },
    iban: 'DE89370400440532013000',
    at,
  })
}

/** A policy of an operator that has counted for long. */
export async function putPolicy(
  { db }: Pick<Corridor, 'db'>,
  { cpo }: Pick<Market, 'cpo'>,
  { rules, ...terms }: Partial<PolicyTerms> & Pick<PolicyTerms, 'rules'>,
) {
  const draft = await insertSplitPolicy(db, {
    cpoId: cpo.id,
    ownerId: cpo.id,
    name: 'Site',
    level: 'cpo',
    places: [],
    terms: {
      text: 'The owner of the site is paid a share of what is sold there.',
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
      period: 'month',
      rules,
      ...terms,
    },
    effectiveFrom: at,
    effectiveUntil: null,
    at,
  })
  await moveSplitPolicy(db, draft, ['draft'], { status: 'active', activatedAt: at })
  return draft
}

/** A landowner, paid 5 % of the operator's sales in francs by a policy. */
export async function addSiteHost(corridor: Pick<Corridor, 'db'>, market: Market) {
  const host = await addPayee(corridor)
  const payee = { role: 'site_host', id: host.id }
  const rule: PolicyRule = {
    id: 'site_share',
    fee_type: 'revenue_share',
    supplier: payee,
    recipient: { role: 'cpo' },
    base: 'sale',
    share: { kind: 'percentage', bps: 500 },
    document: 'self_billed_invoice',
    shortfall: 'carry',
  }
  await putPolicy(corridor, market, { rules: [rule] })
  return payee
}
