// Four sessions that once ended wrongly, played again over sockets to the ends they have now: energy beyond a hold, a
// price its own operator confirmed, a card nobody allowed, and a guess that threw energy away. Each prints its books.
import { describe, expect, test } from 'vitest'
import type { Quote } from '@chargelane/sdk'
import {
  assertMoneyIsRight,
  eventually,
  finance,
  isCaptured,
  isCharging,
  newCharger,
  newOcpiCpo,
  newPartner,
  platform,
  problemOf,
  psp,
  quote,
  unique,
} from './product.ts'
import type { Partner } from './product.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const euros = ({ amount, currency }: { amount: number; currency: string }) =>
  `${(amount / 100).toFixed(2)} ${currency}`

/** The postings of a session, with the accounts' ids cut to their kind. */
async function printBooks(title: string, session: string): Promise<void> {
  const entries = (await finance.ledger.entries({ session, limit: 100 })).data.toReversed()
  say(`\n### ${title}\n\n| entry | account | debit (+) or credit (−) |\n| --- | --- | ---: |`)
  for (const { kind, postings } of entries)
    for (const { account, amount } of postings)
      say(`| ${kind} | ${account.replaceAll(/_[0-9A-Z]{20,}/g, '')} | ${euros(amount)} |`)
  if (entries.length === 0) say('| none | | |')
  for (const { currency, difference } of (await finance.ledger.trial_balance()).totals)
    expect(difference, currency).toBe('0')
}

const printFacts = (facts: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(facts))
    say(`- ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
}

/** What an operator was paid in cash for its sessions. */
async function paidTo({ lane }: Pick<Partner, 'lane'>, session: string): Promise<number> {
  await finance.sessions.waitFor(session, (each) => each.evidence_ready, { timeoutMs: 30_000 })
  await platform.settlements.run()
  await finance.sessions.waitFor(session, (each) => each.settlement.settled_at !== null, {
    timeoutMs: 40_000,
  })
  const settlements = (await lane.settlements.list()).data
  return settlements.reduce(
    (sum, { state, amount }) => sum + (state === 'paid' ? amount.amount : 0),
    0,
  )
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** A car that would take 280 kWh: 165.16 at 0.59. */
const greedy = { speed: 200, powerW: 150_000, batteryWh: 280_000, meterIntervalS: 30 } as const

/** A quote for which 20.00 are held, whatever of the estimate leads to it. */
async function quoteHolding(partner: Partner, evse: string, card: string): Promise<Quote> {
  const source = await partner.source(card)
  for (let est = 20_000; est <= 40_000; est += 1_000) {
    const made = await quote(partner, evse, source, est)
    if (made.hold_amount.amount === 2_000) return made
    await partner.lane.quotes.cancel(made.id)
  }
  throw new Error('no estimate leads to a hold of 20.00')
}

describe('the stories', () => {
  test('1: 20.00 held and a car that takes 165.16: charging ends with the money, and nobody is paid what nobody paid', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger(greedy)
    const offer = await quoteHolding(partner, evse_id, 'pm_sandbox_neverRaised')
    const { id } = await partner.lane.sessions.create({ quote: offer.id })
    await psp.fault({
      operation: 'payment_intents.create',
      match: { session_id: id },
      action: { kind: 'decline', decline_code: 'insufficient_funds' },
      times: 5,
    })
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 80_000 })
    const captured = sold.hold?.captured?.amount ?? 0
    const total = sold.totals?.incl_tax.amount ?? 0
    expect(sold.end_reason).toBe('limit')
    expect(captured).toBeLessThanOrEqual(2_000)
    const paid = await paidTo(cpo, id)
    expect(paid).toBeLessThanOrEqual(captured)
    await printBooks('Story 1: hold of 20.00, nobody gives more', id)
    printFacts({
      held: euros(offer.hold_amount),
      'energy, Wh': sold.energy_wh,
      price: euros({ amount: total, currency: 'EUR' }),
      captured: euros({ amount: captured, currency: 'EUR' }),
      'paid to the operator': euros({ amount: paid, currency: 'EUR' }),
      'end reason': sold.end_reason,
    })
    await charger.stop()
  })

  test('1: the same car with a card that gives more is charged to its end, and all of it is captured', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger(greedy)
    const offer = await quoteHolding(partner, evse_id, 'pm_card_visa')
    const { id } = await partner.lane.sessions.create({ quote: offer.id })
    await partner.lane.sessions.waitFor(id, isCharging, { timeoutMs: 20_000 })
    await eventually(async () => {
      expect((await partner.lane.sessions.get(id)).energy_wh).toBe(280_000)
    }, 80_000)
    await partner.lane.sessions.stop(id)
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 40_000 })
    const captured = (await psp.captures(id)).reduce((sum, { amount }) => sum + amount, 0)
    expect(captured).toBe(sold.totals?.incl_tax.amount)
    const paid = await paidTo(cpo, id)
    await printBooks('Story 1: hold of 20.00, raised while it charges', id)
    printFacts({
      held: euros(offer.hold_amount),
      'energy, Wh': sold.energy_wh,
      captured: euros({ amount: captured, currency: 'EUR' }),
      'paid to the operator': euros({ amount: paid, currency: 'EUR' }),
    })
    await charger.stop()
  }, 180_000)

  test('2: 20.00 per kWh that its operator would confirm: nothing is sold by it, and nobody is paid', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const source = await partner.source()
    await quote(partner, evse_id, source)
    const odd = await publish(16.8067, '2026-10-02T00:00:00.000Z')
    const own = await problemOf(cpo.lane.tariffs.confirm(odd.id))
    const wish = { evse: evse_id, payment_source: source }
    const refused = await problemOf(partner.lane.quotes.create(wish))
    expect([own.code, refused.code]).toEqual(['invalid_transition', 'tariff_held'])
    const [incident] = (await platform.incidents.list({ kind: 'price_held' })).data.filter(
      ({ subject }) => subject.id === odd.id,
    )
    expect(incident?.actions).toEqual(['release', 'dismiss'])
    expect((await partner.lane.sessions.list()).data).toEqual([])
    await platform.settlements.run()
    expect((await cpo.lane.settlements.list()).data).toEqual([])
    say('\n### Story 2: 20.00 per kWh\n')
    printFacts({
      'confirmed by its operator': own.message,
      'asked for a quote': refused.message,
      incident: incident?.cause,
      'entries in the ledger': 'none',
    })
    await charger.stop()
  })

  test('3: a card nobody allowed: stopped at its operator, never billed, put aside with its energy and its owner', async () => {
    const partner = await newPartner()
    const { account, cpo } = await newOcpiCpo({ speed: 60, minutes: 20 })
    const source = await partner.source('pm_card_visa', 'unasked')
    const uid = `04${unique()}A1`
    const card = await partner.lane.tokens.create({
      driver: { external_id: 'unasked' },
      payment_source: source,
      type: 'RFID',
      uid,
    })
    cpo.chargeUnasked('EVSE-0034', { uid, contract_id: card.contract_id })
    const incident = await eventually(async () => {
      const open = (await account.lane.incidents.list({ status: 'all' })).data
      const found = open.find(({ kind }) => kind === 'record_without_session')
      if (found === undefined) throw new Error(`not yet: ${JSON.stringify(open)}`)
      return found
    }, 40_000)
    await cpo.atRest()
    expect((await partner.lane.sessions.list()).data).toEqual([])
    expect((await partner.lane.payments.list()).data).toEqual([])
    const [record] = (await account.lane.cdrs.list()).data
    expect(record).toMatchObject({ status: 'quarantined', session: null })
    const [charge] = cpo.sessions()
    say('\n### Story 3: a card nobody allowed\n')
    printFacts({
      'kWh when it was stopped': charge?.['kwh'],
      record: `${record?.status}, ${euros(record?.total_incl_tax ?? { amount: 0, currency: 'CHF' })}`,
      incident: incident.cause,
      'at stake': incident.at_stake,
      'entries in the ledger, sessions and holds of the partner': 'none',
    })
    await cpo.stop()
  })

  test('4: a guess that saw 5 of 20 kWh: the stop that comes after all is what is billed', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const source = await partner.source('pm_card_visa', 'rebooted')
    const uid = `04${unique()}B2`
    await partner.lane.tokens.create({
      driver: { external_id: 'rebooted' },
      payment_source: source,
      type: 'RFID',
      uid,
    })
    await quote(partner, evse_id, source)
    const { transactionId } = await charger.call('StartTransaction', {
      connectorId: 1,
      idTag: uid,
      meterStart: 1_000,
      timestamp: ago(30),
    })
    const sampledValue = [{ value: '6000', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }]
    await charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: ago(15), sampledValue }],
    })
    const [session] = await eventually(async () => {
      const all = (await partner.lane.sessions.list()).data
      expect(all.map(({ status }) => status)).toEqual(['charging'])
      return all
    })
    const id = session?.id ?? ''
    await charger.call('BootNotification', { chargePointVendor: 'Lab', chargePointModel: 'Lab1' })
    await charger.call('StatusNotification', {
      connectorId: 1,
      errorCode: 'NoError',
      status: 'Available',
    })
    const guessed = await partner.lane.sessions.waitFor(id, 'ended', { timeoutMs: 40_000 })
    await charger.call('StopTransaction', {
      transactionId,
      meterStop: 21_000,
      timestamp: ago(0),
    })
    const sold = await eventually(async () => {
      const now = await partner.lane.sessions.get(id)
      expect(now.energy_wh).toBe(20_000)
      expect(isCaptured(now)).toBe(true)
      return now
    }, 40_000)
    expect(sold.totals?.incl_tax.amount).toBe(1_180)
    await assertMoneyIsRight(sold)
    await printBooks('Story 4: a guess of 5 kWh, and the truth of 20', id)
    printFacts({
      'guessed, Wh': guessed.energy_wh,
      'billed, Wh': sold.energy_wh,
      captured: euros(sold.hold?.captured ?? { amount: 0, currency: 'EUR' }),
      records: (await finance.cdrs.list({ session: id })).data.map((each) => [
        each.source,
        each.status,
      ]),
    })
    await charger.stop()
  })
})
