import { createAccount, putAgreement } from '@chargelane/db/queries/partners/accounts'
import type { Corridor } from './corridor.ts'
import type { Market } from './market.ts'

const at = '2026-01-02T00:00:00.000Z'

/** A landowner, paid 5 % of the operator's sales in francs by the agreement alone. */
export async function addSiteHost({ db }: Pick<Corridor, 'db'>, market: Market) {
  const host = await createAccount(db, {
    type: 'payee',
    name: 'Host',
    legalName: 'Parkhaus am Markt GmbH',
    country: 'DE',
    payoutCurrency: 'CHF',
    vatId: 'DE136695976',
    address: { street: 'Markt 1', city: 'Köln', postal_code: '50667' },
    iban: 'DE89370400440532013000',
    at,
  })
  const payee = { role: 'site_host', id: host.id }
  await putAgreement(db, {
    cpoId: market.cpo.id,
    commissionBps: 1_000,
    supplyModel: 'agency',
    effectiveFrom: at,
    shares: [
      {
        id: 'site_share',
        feeType: 'revenue_share',
        supplier: payee,
        recipient: { role: 'cpo', id: market.cpo.id },
        base: 'sale',
        share: { bps: 500 },
        document: 'self_billed_invoice',
      },
    ],
  })
  return payee
}
