// Charging is taxed where it is charged (Directive 2006/112/EC Art. 39): an operator from abroad sells under its number of
// the charger's country, and without one not at all.
import { describe, expect, test } from 'vitest'
import { everyAccount } from '@chargelane/db'
import { evidenceZip, gatherSession } from '@chargelane/db/queries/documents/evidence'
import { recordVatCheck, updateAccount } from '@chargelane/db/queries/partners/accounts'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import type { TaxId } from '@chargelane/rules/vat/registrations'
import { verifyPack } from '@chargelane/sdk/verify'
import type { Corridor } from './corridor.ts'
import {
  charge,
  createMarket,
  createOffer,
  type Market,
  settle,
  startSession,
  useCorridor,
} from './market.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const german: TaxId = {
  country: 'DE',
  vatId: 'DE811907980',
  scheme: 'local',
  checkedAt: null,
  goodUntil: null,
}

const become = (own: string, country: string, taxIds: TaxId[]) =>
  updateAccount(corridor.db, everyAccount, market.cpo.id, { country, vatId: own, taxIds })
const becomeFrench = (...taxIds: TaxId[]) => become('FR83404833048', 'FR', taxIds)

const holds = () => corridor.payments.calls.filter(({ call }) => call === 'authorize').length

describe('an operator from abroad', () => {
  test('sells nothing in Berlin under its French number, and is told of which country one is missing', async () => {
    const offer = await createOffer(corridor, market)
    await becomeFrench()
    await expect(createOffer(corridor, market)).rejects.toThrow('no VAT registration for DE')
    const before = holds()
    const { answer } = await startSession(corridor, market, offer)
    expect(answer).toMatchObject({
      kind: 'refused',
      code: 'price_unavailable',
      extra: { reason: 'tax_id', country: 'DE' },
    })
    expect(holds()).toBe(before)
  })

  test('sells under its German number, which every paper shows', async () => {
    market = await createMarket(corridor)
    await becomeFrench(german)
    const session = await charge(corridor, market, 20_000)
    await settle(corridor, session)
    const { taxes } = await keptSaleTerms(corridor.db, session.sessionId)
    expect(taxes['sale']).toMatchObject({ rate: '19', supplierVatId: german.vatId })
    const { invoice } = await gatherSession(corridor.db, session.sessionId)
    expect(invoice?.body.seller).toMatchObject({ country: 'FR', vatId: german.vatId })
    expect(invoice?.xml).toContain(`<cbc:CompanyID>${german.vatId}</cbc:CompanyID>`)
    expect(invoice?.xml).not.toContain('FR83404833048')
    const zip = (await evidenceZip(corridor.db, session.sessionId)) ?? new Uint8Array()
    const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
    expect(checks.filter((check) => !check.ok)).toEqual([])
  })

  test('is charged the commission by reverse charge under the number of its own country, once that was checked', async () => {
    const { db } = corridor
    market = await createMarket(corridor)
    await become('DE136695976', 'FR', [{ ...german, country: 'FR', vatId: 'FR83404833048' }])
    const commissionNow = async () => {
      const session = await startSession(corridor, market)
      const { taxes, agreed } = await keptSaleTerms(db, session.sessionId)
      await settle(corridor, await charge(corridor, market, 1_000, session))
      const seller = agreed.accounts.find(({ id }) => id === market.cpo.id)
      return { category: taxes['commission']?.category, check: seller?.vatCheck?.reference }
    }
    expect(await commissionNow()).toEqual({ category: 'S', check: undefined })
    const at = await corridor.nowIso()
    await db.tx((tx) =>
      recordVatCheck(tx, {
        accountId: market.cpo.id,
        vatId: 'FR83404833048',
        valid: true,
        source: 'vies',
        reference: 'WAPIAAAAYVdyVzXx',
        checkedAt: at,
        recordedBy: market.cpo.id,
        recordedAt: at,
        countsUntil: '2100-01-01T00:00:00.000Z',
      }),
    )
    expect(await commissionNow()).toEqual({ category: 'AE', check: 'WAPIAAAAYVdyVzXx' })
  })

  test('is not started at a charger that moved to a country it has no number of', async () => {
    market = await createMarket(corridor)
    const offer = await createOffer(corridor, market)
    await corridor.db.execute(`update locations set country = 'NL' where id in
      (select location_id from evses where cpo_id = '${market.cpo.id}')`)
    const { answer } = await startSession(corridor, market, offer)
    expect(answer).toMatchObject({ kind: 'refused', extra: { reason: 'tax_id', country: 'NL' } })
  })
})
