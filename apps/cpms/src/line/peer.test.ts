import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { pendingSupplyEvents } from '@chargelane/db/queries/sessions/supply'
import { afterAll, expect, test } from 'vitest'
import { connectIndependent } from './ocpp-rpc.fake.ts'
import { card, priceOf, startTestNode } from '../testing.ts'

const node = await startTestNode()
afterAll(() => node.stop())

test('a charge point we did not write charges from Boot to Stop and its session is recorded once', async () => {
  const charger = await node.addCharger('PEER-1')
  const client = await connectIndependent({ ...charger, url: node.url })
  const boot = await client.call('BootNotification', {
    chargePointVendor: 'independent',
    chargePointModel: 'ocpp-rpc',
  })
  expect(boot['status']).toBe('Accepted')
  await client.call('StatusNotification', {
    connectorId: 1,
    errorCode: 'NoError',
    status: 'Available',
  })
  expect(await client.call('Authorize', { idTag: card.toLowerCase() })).toEqual({
    idTagInfo: { status: 'Accepted' },
  })
  const startMs = Date.now() - 30 * 60_000
  const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString()
  const { transactionId, idTagInfo } = await client.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: 10_000,
    timestamp: at(0),
  })
  expect(idTagInfo).toEqual({ status: 'Accepted' })
  for (const minutes of [10, 20])
    await client.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: at(minutes),
          sampledValue: [
            {
              value: String(10_000 + minutes * 1_000),
              measurand: 'Energy.Active.Import.Register',
              unit: 'Wh',
            },
          ],
        },
      ],
    })
  await client.call('StopTransaction', {
    transactionId,
    idTag: card,
    meterStop: 40_000,
    timestamp: at(30),
    reason: 'Local',
  })
  await client.close()

  const facts = await pendingSupplyEvents(node.db, {
    sessionsMax: 10,
    now: '9999-01-01T00:00:00.000Z',
  })
  const sessionId = facts[0]?.sessionId ?? ''
  expect(facts[0]?.event).toMatchObject({
    kind: 'charging_started',
    startedAt: at(0),
    unsolicited: { accountId: node.partner.id, evseId: charger.evseId, tokenUid: card },
  })
  const [record, ...others] = await cdrsOfSession(node.db, sessionId)
  expect(others).toEqual([])
  // 30 kWh × 0.49 = 14.70 net, + 19 % = 17.493.
  expect(priceOf(record)).toEqual({ net: 1470, gross: 1749 })
  expect(record?.source).toBe('node')
  expect(JSON.parse(record ? recordText(record) : '')).toMatchObject({ energy_wh: '30000' })
  expect((await meterSeries(node.db, sessionId)).map((row) => row.registerWh)).toEqual([
    '10000',
    '20000',
    '30000',
    '40000',
  ])
})
