import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { verifyWebhook } from '@chargelane/sdk/webhooks'
import {
  assertMoneyIsRight,
  eventually,
  finance,
  isCaptured,
  isCharging,
  lane,
  newCharger,
  newOcpiCpo,
  newPartner,
  platform,
  psp,
  quote,
  sellOnce,
  stack,
} from './product.ts'
import type { Partner } from './product.ts'

async function swissEvse(partner: Partner, cpoAccount: string): Promise<string> {
  const found = await partner.lane.evses.search({
    near: { latitude: 46.948, longitude: 7.4474 },
    radius_m: 100_000,
    limit: 100,
    available_only: true,
  })
  const evse = found.data.find((each) => each.cpo.id === cpoAccount && each.sellable)
  if (evse === undefined)
    throw new Error(`none of ${found.data.length} EVSEs belongs to the operator`)
  return evse.id
}

async function start(partner: Partner, evse: string) {
  const offer = await quote(partner, evse, await partner.source())
  const started = await partner.lane.sessions.create({ quote: offer.id })
  return partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 30_000 })
}

describe('one call, any operator', () => {
  test('the same calls sell at our own charger over OCPP and abroad over OCPI, and everybody is paid', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const abroad = await newOcpiCpo()
    const sold = [
      await sellOnce(partner, evse_id),
      await sellOnce(partner, await swissEvse(partner, abroad.account.account.id), 2_000),
    ]
    expect(sold.map((session) => session.currency)).toEqual(['EUR', 'CHF'])
    for (const session of sold)
      await partner.lane.sessions.waitFor(session.id, (each) => each.evidence_ready)
    await platform.settlements.run()
    for (const session of sold) {
      const settled = await partner.lane.sessions.waitFor(
        session.id,
        (each) => each.money_status === 'settled',
        { timeoutMs: 30_000 },
      )
      await assertMoneyIsRight(settled)
      const cdrs = (await finance.cdrs.list({ session: session.id })).data
      expect(cdrs).toHaveLength(1)
    }
    for (const payee of [cpo, abroad.account]) {
      const [settlement] = (await payee.lane.settlements.list()).data
      expect(settlement?.state).toBe('paid')
    }
    await charger.stop()
    await abroad.cpo.stop()
  })
})

describe('during a session', () => {
  test('F21: a session without power is warned about, then ended on its last meter', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger({
      scenario: 'ghost',
      speed: 1,
      meterIntervalS: 1,
    })
    const session = await start(partner, evse_id)
    const ended = await partner.lane.sessions.waitFor(session.id, 'ended', { timeoutMs: 40_000 })
    expect(ended.end_reason).toBe('ghost')
    const types = await eventTypes(partner, session.id)
    expect(types).toContain('session.ghost_detected')
    expect(types).toContain('session.auto_stopped')
    await eventually(async () =>
      expect((await partner.lane.sessions.get(session.id)).money_status).toBe('released'),
    )
    await assertMoneyIsRight(await partner.lane.sessions.get(session.id))
    await charger.stop()
  })

  test('F24: a charger that loses its line charges on; its queue becomes one record', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger({
      scenario: 'offline_mid_session',
      failAfterS: 120,
      offlineForMs: 4_000,
    })
    const session = await start(partner, evse_id)
    await partner.lane.sessions.waitFor(
      session.id,
      (each) => each.connectivity === 'suspected_offline',
      { timeoutMs: 20_000 },
    )
    await partner.lane.sessions.waitFor(session.id, (each) => each.connectivity === 'recovered', {
      timeoutMs: 20_000,
    })
    await partner.lane.sessions.stop(session.id)
    const sold = await partner.lane.sessions.waitFor(session.id, isCaptured, { timeoutMs: 30_000 })
    const [delivered] = charger.sessions
    expect(sold.energy_wh).toBe((delivered?.meterStopWh ?? 0) - (delivered?.meterStartWh ?? 0))
    expect((await finance.cdrs.list({ session: session.id })).data).toHaveLength(1)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

describe('the record', () => {
  test('F34: a record that never comes is replaced by our own, marked provisional', async () => {
    const partner = await newPartner()
    const { account, cpo } = await newOcpiCpo({ scenario: 'no_cdr' })
    const session = await start(partner, await swissEvse(partner, account.account.id))
    await wait(1_500)
    await partner.lane.sessions.stop(session.id)
    const sold = await partner.lane.sessions.waitFor(session.id, isCaptured, { timeoutMs: 40_000 })
    expect(sold.record_status).toBe('provisional')
    const types = await eventTypes(partner, session.id)
    expect(types).toContain('cdr.overdue')
    expect(types).toContain('session.provisionally_rated')
    await assertMoneyIsRight(sold)
    await cpo.stop()
  })

  test('F38: the same record twice is one record, accepted and paid once', async () => {
    const partner = await newPartner()
    const { account, cpo } = await newOcpiCpo({ scenario: 'duplicate_cdr' })
    const session = await start(partner, await swissEvse(partner, account.account.id))
    await wait(1_500)
    await partner.lane.sessions.stop(session.id)
    const sold = await partner.lane.sessions.waitFor(session.id, isCaptured, { timeoutMs: 40_000 })
    // Both were sent and answered by now.
    await cpo.atRest()
    const records = (await finance.cdrs.list({ session: session.id })).data
    expect(records.map(({ status }) => status)).toEqual(['accepted'])
    expect(await eventTypes(partner, session.id, ['cdr.'])).toEqual(['cdr.accepted'])
    await assertMoneyIsRight(sold)
    await cpo.stop()
  })

  test('F38: the same id with other content is quarantined and named to its operator, and overwrites nothing', async () => {
    const partner = await newPartner()
    const { account, cpo } = await newOcpiCpo({ scenario: 'changed_cdr' })
    const session = await start(partner, await swissEvse(partner, account.account.id))
    await wait(1_500)
    await partner.lane.sessions.stop(session.id)
    const sold = await partner.lane.sessions.waitFor(session.id, isCaptured, { timeoutMs: 40_000 })
    await cpo.atRest()
    await eventually(async () =>
      expect(await eventTypes(partner, session.id)).toContain('cdr.conflict'),
    )
    expect(await eventTypes(account, session.id)).toContain('cdr.conflict')
    const [billed, ...more] = (await finance.cdrs.list({ session: session.id })).data
    expect(more).toEqual([])
    expect(billed?.status).toBe('accepted')
    const others = (await account.lane.cdrs.list()).data.filter(({ id }) => id !== billed?.id)
    expect(others.map(({ status }) => status)).toEqual(['quarantined'])
    const { data: incidents } = await account.lane.incidents.list()
    expect(incidents.map(({ kind, subject }) => [kind, subject.id])).toEqual([
      ['record_disputed', others[0]?.id],
    ])
    expect((await partner.lane.sessions.get(session.id)).totals).toEqual(sold.totals)
    await assertMoneyIsRight(sold)
    await cpo.stop()
  })
})

describe('the money', () => {
  test('F47: energy that cannot be captured becomes a debt that blocks new starts, and the operator is paid when it is', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const session = await start(partner, evse_id)
    await psp.fault({
      operation: 'payment_intents.capture',
      match: { session_id: session.id },
      action: { kind: 'decline', decline_code: 'generic_decline' },
    })
    await wait(800)
    await partner.lane.sessions.stop(session.id)
    const unpaid = await partner.lane.sessions.waitFor(
      session.id,
      (each) => each.money_status === 'capture_failed',
      { timeoutMs: 40_000 },
    )
    expect(unpaid.hold?.captured).toBeNull()
    const types = await eventTypes(partner, session.id)
    expect(types).toContain('payment.failed')
    await eventually(async () =>
      expect(await eventTypes(partner, session.id)).toContain('debt.created'),
    )
    const source = (await partner.lane.quotes.get(session.quote)).payment_source
    await expect(quoteOnce(partner, evse_id, source)).rejects.toMatchObject({
      code: 'outstanding_debt',
    })
    // Nobody has paid and nobody guarantees it: the operator's part waits, and is paid when the debt is.
    const owed = (await platform.debts.list()).data.find((each) => each.session === session.id)
    if (owed === undefined) throw new Error('the debt is listed')
    await platform.settlements.run()
    expect((await cpo.lane.settlements.list()).data).toEqual([])
    await platform.debts.pay(owed.id, {
      amount: owed.outstanding,
      reference: `transfer-${session.id}`,
      received_at: new Date(Date.now() - 1_000).toISOString(),
    })
    await platform.settlements.run()
    await eventually(async () =>
      expect((await cpo.lane.settlements.list()).data[0]?.state).toBe('paid'),
    )
    await assertMoneyIsRight(await partner.lane.sessions.get(session.id))
    await charger.stop()
  })

  test('F48: a capture whose answer is lost is looked up, never repeated', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const session = await start(partner, evse_id)
    await psp.fault({
      operation: 'payment_intents.capture',
      match: { session_id: session.id },
      action: { kind: 'lose_reply' },
      times: 2,
    })
    await wait(800)
    await partner.lane.sessions.stop(session.id)
    const sold = await partner.lane.sessions.waitFor(session.id, isCaptured, { timeoutMs: 60_000 })
    expect(await psp.captures(session.id)).toHaveLength(1)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

describe('the partner', () => {
  test('F72: a webhook that is down gets every event of a session later, in order and signed; sessions go on', async () => {
    const partner = await newPartner()
    const receiver = await startReceiver()
    const endpoint = await partner.lane.webhook_endpoints.create({
      url: receiver.url,
      events: ['session.*', 'payment.*'],
    })
    receiver.secret = endpoint.secret ?? ''
    receiver.isDown = true
    const { evse_id, charger } = await newCharger()
    const sold = await sellOnce(partner, evse_id)
    expect(receiver.refused).toBeGreaterThan(0)
    receiver.isDown = false
    const expected = await eventTypes(partner, sold.id, ['session.', 'payment.'])
    await eventually(
      async () =>
        expect(
          new Set(
            receiver.seen.filter((each) => each.body.includes(sold.id)).map((each) => each.id),
          ).size,
        ).toBeGreaterThanOrEqual(expected.length),
      60_000,
    )
    const sequences = receiver.seen
      .filter((each) => each.objectId === sold.id)
      .map((each) => each.sequence)
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    await charger.stop()
    await receiver.stop()
  })

  test("another partner's key finds none of it", async () => {
    const partner = await newPartner()
    const other = await newPartner()
    const { evse_id, charger } = await newCharger()
    const sold = await sellOnce(partner, evse_id)
    for (const read of [
      () => other.lane.sessions.get(sold.id),
      () => other.lane.sessions.evidence(sold.id),
      () => other.lane.quotes.get(sold.quote),
      () => other.lane.sessions.stop(sold.id),
    ])
      await expect(read()).rejects.toMatchObject({ code: 'resource_missing' })
    expect((await other.lane.sessions.list()).data).toEqual([])
    expect(lane(stack.keys.partner_a)).toBeDefined()
    await charger.stop()
  })
})

function quoteOnce(partner: Partner, evse: string, payment_source: string) {
  return partner.lane.quotes.create({ evse, payment_source })
}

async function eventTypes(
  partner: Pick<Partner, 'lane'>,
  sessionId: string,
  prefixes: readonly string[] = [''],
): Promise<string[]> {
  const types: string[] = []
  for await (const event of partner.lane.events.list({ limit: 100 }))
    if (
      JSON.stringify(event).includes(sessionId) &&
      prefixes.some((prefix) => event.type.startsWith(prefix))
    )
      types.push(event.type)
  return types
}

type Seen = { id: string; objectId: string; sequence: number; body: string }

/** A partner's server: verifies what it gets, and can be down. */
async function startReceiver() {
  const receiver = {
    url: '',
    secret: '',
    isDown: false,
    refused: 0,
    seen: [] as Seen[],
    stop: () => Promise.resolve(),
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (receiver.isDown) {
        receiver.refused++
        response.writeHead(503).end()
        return
      }
      const body = Buffer.concat(chunks).toString()
      const event = verifyWebhook({
        payload: body,
        headers: request.headers,
        secret: receiver.secret,
      })
      receiver.seen.push({
        id: event.id,
        objectId: event.object,
        sequence: event.sequence,
        body,
      })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  receiver.url = `http://127.0.0.1:${port}/hooks`
  receiver.stop = () => new Promise((resolve) => server.close(() => resolve()))
  return receiver
}
