import { expect, test } from 'vitest'
import { connectIndependent } from '../src/line/ocpp-rpc.fake.ts'
import { openProduct } from './product.ts'

// A charge point we did not write (npm `ocpp-rpc`, with its own strict schemas) at the running product.

const product = openProduct(process.env['JOURNEY_STACK'] ?? '.local/stack.json')
const charger = product.stack.test_chargers[2]

test('a charge point we did not write charges with a card, and the operator gets the money', async () => {
  const known = await product.sessionIds()
  const client = await connectIndependent({
    url: product.stack.ocpp_url,
    identity: charger?.identity ?? '',
    password: charger?.password ?? '',
  })
  const boot = { chargePointVendor: 'outside', chargePointModel: 'ocpp-rpc' }
  expect(await client.call('BootNotification', boot)).toMatchObject({ status: 'Accepted' })
  expect(await client.call('Authorize', { idTag: charger?.rfid })).toEqual({
    idTagInfo: { status: 'Accepted' },
  })
  const startMs = Date.now() - 20 * 60_000
  const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString()
  const { transactionId } = await client.call('StartTransaction', {
    connectorId: 1,
    idTag: charger?.rfid,
    meterStart: 700_000,
    timestamp: at(0),
  })
  for (const minutes of [5, 10, 15])
    await client.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: at(minutes),
          sampledValue: [{ value: String(700 + minutes), unit: 'kWh', context: 'Sample.Periodic' }],
        },
      ],
    })
  await client.call('StopTransaction', {
    transactionId,
    meterStop: 720_000,
    timestamp: at(20),
    reason: 'EVDisconnected',
  })
  await client.close()

  const { id } = await product.newSessionAt(charger?.evse_id ?? '', known)
  const captured = await product.hasMoney(id, ['captured', 'settled'])
  const record = await product.record(captured.cdr ?? '')
  expect(captured).toMatchObject({
    energy_wh: 20_000,
    end_reason: 'ev_disconnected',
    record_status: 'cdr_accepted',
    totals: { incl_tax: record.total_incl_tax },
    hold: { captured: record.total_incl_tax },
  })
  expect(record.total_incl_tax?.amount).toBeGreaterThan(0)
  await product.settle()
  await product.hasMoney(id, ['settled'])
})
