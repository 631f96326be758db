// Money that goes another way than it was told, over real sockets: a hold that its provider gives up, a payout that
// its bank returns, a refund that comes back to the card provider.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { returningNumbers } from '../bank/bank.ts'
import {
  assertMoneyIsRight,
  eventually,
  finance,
  isCaptured,
  isCharging,
  lane,
  newCharger,
  newPartner,
  platform,
  psp,
  quote,
  sellOnce,
  unique,
} from './product.ts'
import type { Partner } from './product.ts'

const typesOf = async (partner: Pick<Partner, 'lane'>) =>
  (await partner.lane.events.list({ limit: 100 })).data.map((each) => each.type)

async function balanced(): Promise<void> {
  for (const { currency, difference } of (await finance.ledger.trial_balance()).totals)
    expect(difference, currency).toBe('0')
}

const paymentOf = async (session: string) => {
  const [payment] = (await finance.payments.list({ session })).data
  if (payment?.psp_reference == null) throw new Error(`no payment of ${session}`)
  return { ...payment, psp_reference: payment.psp_reference }
}

/** A car that charges slowly enough to be seen doing it. */
async function charging(partner: Partner, evse: string) {
  const offer = await quote(partner, evse, await partner.source())
  const { id } = await partner.lane.sessions.create({ quote: offer.id })
  await partner.lane.sessions.waitFor(id, isCharging, { timeoutMs: 20_000 })
  return id
}

describe('a hold that its provider gives up while energy flows', () => {
  test('F49: is taken anew, and what was charged is captured once, out of the new one', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const id = await charging(partner, evse_id)
    await psp.giveUp((await paymentOf(id)).psp_reference)
    await eventually(async () => expect(await typesOf(partner)).toContain('hold.expired'))
    await eventually(async () =>
      expect((await finance.payments.list({ session: id })).data).toHaveLength(2),
    )
    await partner.lane.sessions.stop(id)
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 40_000 })
    expect(sold.end_reason).toBe('requested')
    expect(await psp.captures(id)).toHaveLength(1)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

describe('a hold that its provider gives up and the card does not give again', () => {
  test('F49: stops the charge; what flowed is a debt that pays its operator once, when it is paid', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const id = await charging(partner, evse_id)
    await psp.fault({
      operation: 'payment_intents.create',
      match: { session_id: id },
      action: { kind: 'decline', decline_code: 'insufficient_funds' },
    })
    await wait(500)
    await psp.giveUp((await paymentOf(id)).psp_reference)
    const unpaid = await partner.lane.sessions.waitFor(
      id,
      (each) => each.status === 'ended' && each.money_status === 'unfunded' && each.totals !== null,
      { timeoutMs: 40_000 },
    )
    expect(unpaid.end_reason).toBe('deauthorized')
    expect(await psp.captures(id)).toEqual([])
    expect(unpaid.totals?.incl_tax.amount ?? 0).toBeGreaterThan(0)
    const kinds = async () =>
      (await platform.incidents.list({ session: id, status: 'all' })).data.map(
        ({ kind, status }) => [kind, status],
      )
    await eventually(async () => expect(await kinds()).toContainEqual(['hold_lost', 'open']))
    await platform.settlements.run()
    expect((await cpo.lane.settlements.list()).data).toEqual([])
    const owed = (await platform.debts.list()).data.find((each) => each.session === id)
    if (owed === undefined) throw new Error('no debt')
    const transfer = {
      amount: owed.outstanding,
      reference: `transfer-${id}`,
      received_at: new Date(Date.now() - 1_000).toISOString(),
    }
    await platform.debts.pay(owed.id, transfer)
    await eventually(async () => expect(await kinds()).toContainEqual(['hold_lost', 'resolved']))
    await eventually(async () => {
      await platform.settlements.run()
      expect((await cpo.lane.settlements.list()).data.map(({ state }) => state)).toEqual(['paid'])
    }, 40_000)
    await platform.settlements.run()
    expect((await cpo.lane.settlements.list()).data).toHaveLength(1)
    await balanced()
    await charger.stop()
  })
})

/** The platform names another account for payouts, and a second key of it confirms. */
async function payTo(account: string, iban: string): Promise<void> {
  const numbers = { type: 'iban', iban } as const
  const named = await platform.bank_accounts.create({
    account,
    currency: 'EUR',
    holder: 'Voltwerk',
    numbers,
  })
  const { key } = await platform.api_keys.create({ name: 'a second person' })
  const second = lane(key ?? '')
  await second.bank_accounts.confirm(named.id, { reason: 'Asked by telephone.' })
}

describe('a payout that its bank returns', () => {
  test('F65: is owed again and told, and paid once more in the batch after its payee mends the account', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const [closed = ''] = returningNumbers.keys()
    await payTo(cpo.account.id, closed)
    const sold = await sellOnce(partner, evse_id)
    await partner.lane.sessions.waitFor(sold.id, (each) => each.evidence_ready, {
      timeoutMs: 20_000,
    })
    const settled = async () =>
      (await cpo.lane.settlements.list()).data.map(({ state, reason }) => [state, reason])
    await eventually(async () => {
      await platform.settlements.run()
      const reason = 'bank: returned AC04: Account is closed'
      expect(await settled()).toEqual([['on_hold', reason]])
    }, 40_000)
    await balanced()
    expect(await typesOf(cpo)).toContain('payout.returned')
    const [incident] = (await cpo.lane.incidents.list({ kind: 'payout_failed' })).data
    expect(incident).toMatchObject({ status: 'open' })
    await payTo(cpo.account.id, 'DE89370400440532013000')
    await eventually(async () => {
      await platform.settlements.run()
      expect(await settled()).toEqual([['paid', null]])
    }, 40_000)
    await platform.settlements.run()
    expect(await settled()).toEqual([['paid', null]])
    const [settlement] = (await cpo.lane.settlements.list()).data
    const account = `liability:cpo:${cpo.account.id}:EUR:pending`
    const entries = (await finance.ledger.entries({ account })).data
    const moved = entries
      .flatMap(({ postings }) => postings)
      .filter((posting) => posting.account === account)
    expect(moved.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(0)
    const sent = entries.filter(({ kind }) => kind === 'payout')
    const back = entries.filter(({ kind }) => kind === 'payout_returned')
    expect([sent.length, back.length, settlement?.amount.amount]).toEqual([
      2,
      1,
      Math.max(...moved.map(({ amount }) => amount.amount)),
    ])
    expect((await cpo.lane.incidents.get(incident?.id ?? '')).status).toBe('resolved')
    await balanced()
    await charger.stop()
  })
})

describe('a refund that its bank returns', () => {
  test('F50: is owed to the driver again, in the books, the session and an incident, until it is paid otherwise', async () => {
    const { id, partner, charger } = await refundedSession()
    const { psp_reference: intent } = await paymentOf(id)
    await psp.returnRefunds(intent)
    await eventually(async () => {
      await platform.settlements.run()
      expect(await typesOf(partner)).toContain('payment.refund_failed')
    }, 40_000)
    const [incident] = (await platform.incidents.list({ session: id, kind: 'payout_failed' })).data
    expect(incident).toMatchObject({ status: 'open', at_stake: { amount: 118, currency: 'EUR' } })
    const due = async () =>
      (await finance.ledger.entries({ session: id })).data
        .flatMap(({ postings }) => postings)
        .reduce(
          (sum, { account, amount }) =>
            account.startsWith('liability:refunds_due') ? sum - amount.amount : sum,
          0,
        )
    expect(await due()).toBe(118)
    await platform.incidents.resolve(incident?.id ?? '', {
      action: 'pay_by_bank',
      reason: `SEPA ${unique()}`,
    })
    expect(await due()).toBe(0)
    await balanced()
    await charger.stop()
  })
})

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** Billed by a guess of 5 kWh, of which a late stop shows 3: 1.18 is given back. */
async function refundedSession() {
  const partner = await newPartner()
  const { charger } = await newCharger()
  const external_id = `driver-${unique()}`
  const payment_source = await partner.source('pm_card_visa', external_id)
  const uid = `04${unique()}${unique()}`
  await partner.lane.tokens.create({ driver: { external_id }, payment_source, type: 'RFID', uid })
  const begin = { connectorId: 1, idTag: uid, meterStart: 1_000, timestamp: minutesAgo(30) }
  const { transactionId } = await charger.call('StartTransaction', begin)
  const read = [{ timestamp: minutesAgo(15), sampledValue: [{ value: '6000' }] }]
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue: read })
  await charger.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
  const id = await eventually(async () => {
    const [session] = (await partner.lane.sessions.list()).data
    if (session === undefined) throw new Error('no session')
    return session.id
  })
  await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 30_000 })
  await partner.lane.sessions.waitFor(id, (each) => each.evidence_ready)
  await platform.settlements.run()
  await partner.lane.sessions.waitFor(id, (each) => each.money_status === 'settled_provisionally')
  const stop = { transactionId, meterStop: 4_000, timestamp: minutesAgo(14), reason: 'Local' }
  await charger.call('StopTransaction', stop)
  await partner.lane.sessions.waitFor(id, (each) => each.money_status === 'adjusted', {
    timeoutMs: 30_000,
  })
  await eventually(async () => expect(await typesOf(partner)).toContain('payment.refunded'))
  return { id, partner, charger }
}
