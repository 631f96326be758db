import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { keepSignedValues, signedValuesOf } from '@chargelane/db/queries/chargers/meter-values'
import { stationTransaction } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, expect, test } from 'vitest'
import { connectRaw, type RawCharger } from '../line/raw-charger.fake.ts'
import { card, startTestNode } from '../testing.ts'

// F44: what a charger's meter signs, over a real socket, up to the record.

const node = await startTestNode()
afterAll(() => node.stop())

let counter = 0
async function online() {
  const charger = await node.addCharger(`SIGN-${++counter}`)
  const raw = await connectRaw(node.url, charger)
  return { raw, stationId: charger.station.id }
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

async function begin(on: { raw: RawCharger; stationId: string }, minutes: number) {
  const answer = await on.raw.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: 1_000,
    timestamp: minutesAgo(minutes),
  })
  const transactionId = Number(answer['transactionId'])
  const transaction = await stationTransaction(node.db, on.stationId, String(transactionId))
  return { transactionId, sessionId: transaction?.sessionId ?? '' }
}

const stop = (transactionId: number, minutes: number, transactionData: unknown[] = []) => ({
  transactionId,
  meterStop: 11_000,
  timestamp: minutesAgo(minutes),
  transactionData,
})

const signed = (value: string, minutes: number, context?: string) => ({
  timestamp: minutesAgo(minutes),
  sampledValue: [
    {
      value,
      format: 'SignedData',
      measurand: 'Energy.Active.Import.Register',
      ...(context === undefined ? {} : { context }),
    },
  ],
})

test('what it signed at start and end is in the record, each text once, and no register is read from it', async () => {
  const { raw, stationId } = await online()
  const { transactionId, sessionId } = await begin({ raw, stationId }, 30)
  const texts = ['OCMF|{"PG":"T1"}|{"SD":"00"}', 'OCMF|{"PG":"T2"}|{"SD":"00"}'] as const
  for (const _ of [1, 2])
    await raw.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [signed(texts[0], 30, 'Transaction.Begin')],
    })
  const plain = { timestamp: minutesAgo(10), sampledValue: [{ value: '6000' }] }
  await raw.call('MeterValues', { connectorId: 1, transactionId, meterValue: [plain] })
  await raw.call(
    'StopTransaction',
    stop(transactionId, 0, [signed(texts[1], 0, 'Transaction.End')]),
  )
  const [record] = await cdrsOfSession(node.db, sessionId)
  expect(JSON.parse(record ? recordText(record) : '')).toMatchObject({ energy_wh: '10000' })
  expect(record?.document.signed_values.toSorted()).toEqual(texts)
})

test('samples called periodic are not kept; what has no context or comes with the stop is', async () => {
  const { raw, stationId } = await online()
  const { transactionId, sessionId } = await begin({ raw, stationId }, 30)
  await raw.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [
      signed('begin', 30),
      signed('periodic', 20, 'Sample.Periodic'),
      signed('clock', 15, 'Sample.Clock'),
      signed('power lost', 10, 'Interruption.Begin'),
    ],
  })
  await raw.call(
    'StopTransaction',
    stop(transactionId, 0, [signed('almost', 1), signed('end', 0, 'Sample.Periodic')]),
  )
  const kept = await signedValuesOf(node.db, sessionId)
  expect(kept.toSorted()).toEqual(['almost', 'begin', 'end', 'power lost'])
})

test('of more than a record can hold, the first and the last are in it', async () => {
  const sessionId = newId('session')
  const between = Array.from({ length: 1_100 }, (_, index) => `sample ${index}`)
  for (const [minutes, values] of [
    [30, ['begin']],
    [20, between],
    [0, ['end']],
  ] as const)
    await keepSignedValues(
      node.db,
      values.map((value) => ({ sessionId, value, receivedAt: minutesAgo(minutes) })),
    )
  const kept = await signedValuesOf(node.db, sessionId)
  expect(kept).toHaveLength(1_000)
  expect([kept[0], kept.at(-1)]).toEqual(['begin', 'end'])
})

test('a value queued without a transaction is of the one that ran at its time, never of the next', async () => {
  const { raw, stationId } = await online()
  const first = await begin({ raw, stationId }, 60)
  await raw.call('StopTransaction', stop(first.transactionId, 30))
  const second = await begin({ raw, stationId }, 10)
  for (const value of [
    signed('of the first', 31),
    signed('of nobody', 20),
    signed('a moment before the second', 10.5),
    signed('of the second', 5),
  ])
    await raw.call('MeterValues', { connectorId: 1, meterValue: [value] })
  expect(await signedValuesOf(node.db, first.sessionId)).toEqual(['of the first'])
  expect(await signedValuesOf(node.db, second.sessionId)).toEqual([
    'a moment before the second',
    'of the second',
  ])
})
