import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, exponentOf, money, subtract, sum } from '../money.ts'
import {
  businessParty,
  cpo,
  furtherShare,
  partner,
  platform,
  saleInput,
  splitOf,
} from './sale.fake.ts'
import { partyKey } from './parties.ts'
import { splitSale } from './sale.ts'
import { dueOf, fundedBy, paidTo, shareIn } from './split.ts'
import { taxesOf } from './taxes.ts'

const swiss = {
  gross: money(1_081, 'CHF'),
  vat: '8.1',
  place: 'CH',
  commissionBps: 1_250,
  partnerShareBps: 3_333,
  cpo: businessParty('cpo', 'CH'),
  partner: businessParty('partner', 'GB'),
}

const rowsOf = (split: ReturnType<typeof splitOf>) =>
  split.legs.map(
    (leg) =>
      `${leg.id} ${leg.supplier.id}→${leg.recipient.id} ${leg.net.amount}+${leg.vat.amount} ${leg.treatment.category} ${leg.document}`,
  )

test('every leg says who supplies what to whom, at which tax, on which document', () => {
  const split = splitOf(swiss)
  expect(rowsOf(split)).toEqual([
    'sale cpo→drv 1000+81 S receipt',
    'commission platform→cpo 125+0 O invoice',
    'partner_share partner→platform 42+0 AE self_billed_invoice',
  ])
  expect(split.shares.map(({ party, amount }) => [party.role, amount.amount])).toEqual([
    ['cpo', 956],
    ['partner', 42],
    ['platform', 83],
  ])
  expect(split.tax).toEqual(money(0, 'CHF'))
})

test('a third payee is a party and a rule: a site host gets 5 % of the net from the operator', () => {
  const host = furtherShare('site_host', { kind: 'percentage', bps: 500 })
  const split = splitOf({ gross: money(1_190, 'EUR'), further: [host] })
  expect(rowsOf(split).at(-1)).toBe('site_host_share site_host→cpo 50+10 S self_billed_invoice')
  const without = splitOf({ gross: money(1_190, 'EUR') })
  expect(paidTo(split, host.party)).toEqual(money(60, 'EUR'))
  expect(paidTo(split, cpo)).toEqual(subtract(paidTo(without, cpo), money(60, 'EUR')))
  expect(paidTo(split, partner)).toEqual(paidTo(without, partner))
  expect(shareIn(split, platform)).toEqual(shareIn(without, platform))
  expect(split.tax).toEqual(without.tax)
})

test('a fixed share is due where something was sold, and not of nothing', () => {
  const host = furtherShare('landowner', { kind: 'fixed', amount: money(30, 'EUR') })
  expect(paidTo(splitOf({ gross: money(1_190, 'EUR'), further: [host] }), host.party).amount).toBe(
    36,
  )
  expect(paidTo(splitOf({ gross: money(0, 'EUR'), further: [host] }), host.party).amount).toBe(0)
})

test('the driver’s price is untouched by who earns of it', () => {
  for (const commissionBps of [0, 500, 10_000]) {
    const [sale] = splitOf({ ...swiss, commissionBps, partnerShareBps: 10_000 }).legs
    expect(sale?.gross).toEqual(money(1_081, 'CHF'))
  }
})

const bps = fc.integer({ min: 0, max: 10_000 })
const rate = fc.constantFrom('0', '7', '8.1', '19', '20')
const country = fc.constantFrom('DE', 'NL', 'FR', 'CH', 'GB')
const gross = fc.nat(10_000_000)

/** Up to four payees beyond partner and operator, each paid by an earlier party of any earlier leg. */
const furtherPayees = fc
  .array(fc.record({ bps, country, isFixed: fc.boolean(), of: fc.nat(), by: fc.nat() }), {
    maxLength: 4,
  })
  .map((payees) => {
    const legs = ['sale', 'commission', 'partner_share']
    const parties = [cpo, partner, platform]
    return payees.map((payee, index) => {
      const share = payee.isFixed
        ? ({ kind: 'fixed', amount: money(payee.bps, 'EUR') } as const)
        : ({ kind: 'percentage', bps: payee.bps } as const)
      const made = furtherShare('site_host', share, {
        id: `host_${index}`,
        country: payee.country,
        base: legs[payee.of % legs.length] ?? 'sale',
        recipient: parties[payee.by % parties.length] ?? cpo,
      })
      legs.push(made.rule.id)
      parties.push({ role: 'site_host', id: made.party.id })
      return made
    })
  })

describe('a split', () => {
  test('never makes or loses a cent, among one payee or six', () => {
    fc.assert(
      fc.property(
        gross,
        rate,
        bps,
        bps,
        country,
        country,
        furtherPayees,
        (amount, vat, commissionBps, partnerShareBps, cpoCountry, partnerCountry, further) => {
          const split = splitOf({
            gross: money(amount, 'EUR'),
            vat,
            commissionBps,
            partnerShareBps,
            cpo: businessParty('cpo', cpoCountry),
            partner: businessParty('partner', partnerCountry),
            further,
          })
          const parts = [split.tax, ...split.shares.map((share) => share.amount)]
          expect(sum(parts, 'EUR').amount).toBe(amount)
          for (const leg of split.legs)
            expect(leg.net.amount + leg.vat.amount).toBe(leg.gross.amount)
          expect(new Set(split.shares.map(({ party }) => partyKey(party))).size).toBe(
            split.shares.length,
          )
        },
      ),
    )
  })

  test('gives a partner the same whether it is paid its share or its drivers pay less', () => {
    fc.assert(
      fc.property(
        gross,
        fc.constantFrom('EUR', 'CHF', 'GBP', 'JPY', 'KWD'),
        rate,
        bps,
        bps,
        country,
        country,
        fc.boolean(),
        (amount, currency, vat, commissionBps, partnerShareBps, cpoCountry, own, isRegistered) => {
          expect(exponentOf(currency)).toBeGreaterThanOrEqual(0)
          const sale = {
            gross: money(amount, currency),
            vat,
            commissionBps,
            partnerShareBps,
            cpo: businessParty('cpo', cpoCountry),
            partner: {
              ...businessParty('partner', own),
              vatId: isRegistered ? `${own}1` : null,
            },
          }
          const [paid, given] = [splitOf(sale), splitOf({ ...sale, discountBy: partner })]
          // CPO, platform, tax and every document are the same; what moves is between partner and driver.
          expect(given.shares).toEqual(paid.shares)
          expect(given.legs).toEqual(paid.legs)
          expect(dueOf(paid)).toEqual(sale.gross)
          const benefitOfDriver = money(amount - dueOf(given).amount, currency)
          expect(add(paidTo(given, partner), benefitOfDriver)).toEqual(paidTo(paid, partner))
          expect(dueOf(given).amount).toBeGreaterThanOrEqual(0)
          const beyond = Math.max(0, shareIn(paid, partner).amount - amount)
          expect(paidTo(given, partner).amount).toBe(beyond)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('takes what a plan includes from its owner’s share first, and the rest stays owed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(100), bps, (amount, part, cut) => {
        const included = Math.max(1, Math.floor((amount * part) / 100))
        for (const by of [partner, cpo, { role: 'partner', id: 'another' }]) {
          const plan = { by, amount: money(included, 'EUR') }
          const split = splitOf({ gross: money(amount, 'EUR'), commissionBps: cut, plan })
          const [funded, ...others] = fundedBy(split, by)
          expect(others).toEqual([])
          expect(funded && add(funded.fromShare, funded.owed)).toEqual(plan.amount)
          expect(dueOf(split).amount).toBe(amount - included)
          expect(funded && add(paidTo(split, by), funded.fromShare)).toEqual(shareIn(split, by))
        }
      }),
    )
  })

  test('refuses what it does not know instead of assuming no tax', () => {
    const input = saleInput(swiss)
    expect(splitSale({ ...input, model: 'commissionaire' })).toMatchObject({
      code: 'model_unsupported',
    })
    expect(taxesOf({ ...input, placeCountry: 'US' })).toMatchObject({ code: 'market_unknown' })
    expect(() => splitSale({ ...input, taxes: {} })).toThrow('no VAT was decided')
    expect(() => splitOf({ ...swiss, commissionBps: 10_001 })).toThrow('basis points')
  })

  test.each([
    ['of a leg that comes after it', { base: 'nothing' }, 'no leg before it'],
    ['of somebody who is no party', { recipient: { role: 'fund', id: 'x' } }, 'no party'],
  ])('refuses a share %s', (_, options, message) => {
    const further = [furtherShare('site_host', { kind: 'percentage', bps: 1 }, options)]
    expect(() => splitOf({ gross: money(100, 'EUR'), further })).toThrow(message)
  })
})
