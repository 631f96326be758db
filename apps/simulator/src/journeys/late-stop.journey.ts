// The power fails, the charger forgets its charge, and its end is concluded from the last reading: 5 kWh, billed, settled
// and sealed. Then the stop comes after all.
import { describe, expect, test } from 'vitest'
import {
  assertMoneyIsRight,
  eventually,
  finance,
  isCaptured,
  newCharger,
  newPartner,
  platform,
  unique,
} from './product.ts'

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** 0.59 a kWh, taxes included. */
const cents = (amount: number) => ({ amount, currency: 'EUR' })

async function billedOnAGuess() {
  const partner = await newPartner()
  const { cpo, charger } = await newCharger()
  const external_id = `driver-${unique()}`
  const payment_source = await partner.source('pm_card_visa', external_id)
  const uid = `04${unique()}${unique()}`
  await partner.lane.tokens.create({ driver: { external_id }, payment_source, type: 'RFID', uid })
  const begun = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: uid,
    meterStart: 1_000,
    timestamp: minutesAgo(30),
  })
  const { transactionId } = begun
  await charger.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: minutesAgo(15), sampledValue: [{ value: '6000' }] }],
  })
  await charger.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
  const { id } = await eventually(async () => {
    const [session] = (await partner.lane.sessions.list()).data
    if (session === undefined) throw new Error('no session')
    return session
  })
  const guess = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 30_000 })
  expect(guess).toMatchObject({
    energy_wh: 5_000,
    record_status: 'provisional',
    totals: { incl_tax: cents(295) },
  })
  await partner.lane.sessions.waitFor(id, (each) => each.evidence_ready)
  await platform.settlements.run()
  await partner.lane.sessions.waitFor(id, (each) => each.money_status === 'settled_provisionally')
  const stop = (register: number, minutes: number) =>
    charger.call('StopTransaction', {
      transactionId,
      meterStop: register,
      timestamp: minutesAgo(minutes),
      reason: 'Local',
    })
  const session = () => partner.lane.sessions.get(id)
  const paid = async ({ lane }: typeof cpo | typeof partner) =>
    (await lane.settlements.list()).data.map(({ state, amount }) => [state, amount.amount])
  const invoices = async () =>
    (await finance.invoices.list({ session: id })).data
      .map(({ kind, total_incl_tax }) => `${kind} ${total_incl_tax.amount}`)
      .toSorted()
  const booked = async () =>
    (await finance.ledger.entries({ session: id })).data.map(({ kind }) => kind).toReversed()
  return { id, partner, cpo, charger, stop, session, paid, invoices, booked }
}

describe('a stop that comes after its end was concluded', () => {
  test('F35: of less energy: the driver has the difference back, and books, paper, payees and pack say both', async () => {
    const { id, partner, cpo, charger, stop, session, paid, invoices, booked } =
      await billedOnAGuess()
    const before = { cpo: await paid(cpo), partner: await paid(partner) }
    await stop(4_000, 14)
    const adjusted = await partner.lane.sessions.waitFor(
      id,
      (each) => each.money_status === 'adjusted',
      { timeoutMs: 30_000 },
    )
    expect(adjusted).toMatchObject({
      energy_wh: 3_000,
      record_status: 'cdr_accepted',
      totals: { incl_tax: cents(177) },
      hold: { captured: cents(295) },
    })
    await eventually(async () =>
      expect(await invoices()).toEqual(['credit_note 118', 'receipt_invoice 295']),
    )
    expect(await booked()).toEqual(['provisional_sale', 'psp_fee', 'true_up'])
    const types = (await partner.lane.events.list({ limit: 100 })).data.map(({ type }) => type)
    expect(types).toContain('cdr.late')
    expect((await cpo.lane.suspense.list({ session: id })).data).toEqual([])
    // What was paid too much is taken off what is paid next.
    await platform.settlements.run()
    expect({ cpo: await paid(cpo), partner: await paid(partner) }).toEqual(before)
    await assertMoneyIsRight(await session())
    await charger.stop()
  })

  test('F35, L6: of more energy: the driver pays no more than he was charged, the rest is the operator’s claim', async () => {
    const { id, partner, cpo, charger, stop, session, paid, invoices, booked } =
      await billedOnAGuess()
    const before = { cpo: await paid(cpo), partner: await paid(partner) }
    await stop(21_000, 1)
    const known = await partner.lane.sessions.waitFor(
      id,
      (each) => each.record_status === 'cdr_accepted' && !each.energy_is_estimate,
      { timeoutMs: 30_000 },
    )
    expect(known).toMatchObject({
      energy_wh: 20_000,
      totals: { incl_tax: cents(295) },
      hold: { captured: cents(295) },
    })
    const [claim, ...others] = (await cpo.lane.suspense.list({ session: id })).data
    expect(others).toEqual([])
    // 20 kWh are 11.80, of which 2.95 were charged.
    expect(claim).toMatchObject({ amount: cents(885), status: 'open', rules: ['charged_before'] })
    expect(await invoices()).toEqual(['receipt_invoice 295'])
    expect(await booked()).toEqual(['provisional_sale', 'psp_fee', 'difference'])
    expect({ cpo: await paid(cpo), partner: await paid(partner) }).toEqual(before)
    await assertMoneyIsRight(await session())
    await charger.stop()
  })
})
