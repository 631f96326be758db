import { cardKey } from '@chargelane/db/sealed'
import { supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import { insertNodeCommand } from '@chargelane/db/queries/chargers/commands'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import {
  openTransactions,
  stationTransaction,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { OCPP20 } from 'typed-ocpp'
import { afterAll, expect, test } from 'vitest'
import { card, priceOf, startTestNode } from '../testing.ts'
import { beginTransaction } from './begin.ts'
import { endTransaction } from './end.ts'
import type { Reading } from './events.ts'
import { registerWh } from './meter.ts'
import { updateTransaction } from './update.ts'

// A charge told in OCPP 2.0.1's own messages: what a map of that version has to do stands in `told`, and nothing in this
// folder or in the database knows that 1.6 came first.

const node = await startTestNode()
afterAll(() => node.stop())

type TransactionEvent = OCPP20.TransactionEventRequest

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function told(stationId: string, event: TransactionEvent) {
  const { evse, idToken, transactionInfo: info } = event
  return {
    stationId,
    transactionId: info.transactionId,
    claimedAt: event.timestamp,
    receivedAt: new Date().toISOString(),
    readings: (event.meterValue ?? []).flatMap(readingsOf),
    signed: [],
    seqNo: event.seqNo,
    triggerReason: event.triggerReason,
    ...(event.offline === undefined ? {} : { offline: event.offline }),
    ...(info.chargingState === undefined ? {} : { chargingState: info.chargingState }),
    ...(evse === undefined
      ? {}
      : {
          evse: {
            id: evse.id,
            ...(evse.connectorId === undefined ? {} : { connectorId: evse.connectorId }),
          },
        }),
    ...(idToken === undefined
      ? {}
      : { idToken: { value: idToken.idToken.toUpperCase(), type: idToken.type } }),
  }
}

type MeterValue = NonNullable<TransactionEvent['meterValue']>[number]

const readingsOf = ({ timestamp, sampledValue }: MeterValue): Reading[] =>
  sampledValue.flatMap(({ value, context = 'Sample.Periodic', measurand }) => {
    const register = registerWh(String(value), 'Wh')
    return measurand === 'Energy.Active.Import.Register' && register !== undefined
      ? [{ claimedAt: timestamp, context, registerWh: register }]
      : []
  })

const register = (
  value: number,
  minutes: number,
  context: 'Sample.Periodic' | 'Transaction.End' = 'Sample.Periodic',
): MeterValue => ({
  timestamp: minutesAgo(minutes),
  sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register' }],
})

const event = (
  transactionId: string,
  seqNo: number,
  minutes: number,
  more: Omit<Partial<TransactionEvent>, 'transactionInfo'> &
    Pick<TransactionEvent, 'eventType' | 'triggerReason'> & {
      info?: Partial<TransactionEvent['transactionInfo']>
    },
): TransactionEvent => {
  const { info, ...rest } = more
  return {
    timestamp: minutesAgo(minutes),
    seqNo,
    transactionInfo: { transactionId, ...info },
    ...rest,
  }
}

const kinds = async (sessionId: string) =>
  (await supplyEventsOf(node.db, sessionId)).map((row) => (row.event as { kind: string }).kind)

const evse = { id: 1, connectorId: 1 }
const rfid = { idToken: card.toLowerCase(), type: 'ISO14443' } as const
const ended = { stoppedReason: 'EVDisconnected', reason: 'ev_disconnected' } as const
let counter = 0
const station = async () => (await node.addCharger(`NEW-${++counter}`)).station.id

test('a charge without a register at its begin is billed from the first reading to the last', async () => {
  const id = await station()
  const name = 'a6f1c7e2-0b47-4d6e-9a51-1f2e3d4c5b6a'
  const started = event(name, 0, 30, {
    eventType: 'Started',
    triggerReason: 'Authorized',
    evse,
    idToken: rfid,
    info: { chargingState: 'EVConnected' },
  })
  const begun = await beginTransaction(node.node, told(id, started))
  expect(begun).toMatchObject({ transactionId: name, verdict: 'accepted' })
  // An event told again, with a clock put right meanwhile, is the same transaction.
  expect(
    await beginTransaction(node.node, told(id, { ...started, timestamp: minutesAgo(29) })),
  ).toEqual(begun)
  for (const [seqNo, minutes, wh] of [
    [1, 25, 5_000],
    [2, 15, 15_000],
  ] as const)
    expect(
      await updateTransaction(
        node.node,
        told(
          id,
          event(name, seqNo, minutes, {
            eventType: 'Updated',
            triggerReason: 'MeterValuePeriodic',
            meterValue: [register(wh, minutes)],
            info: { chargingState: 'Charging' },
          }),
        ),
      ),
    ).toEqual({ sessionId: begun.sessionId })
  const last = event(name, 3, 0, {
    eventType: 'Ended',
    triggerReason: 'EVDeparted',
    meterValue: [register(25_000, 0, 'Transaction.End')],
    info: { chargingState: 'Idle', stoppedReason: 'EVDisconnected' },
  })
  expect(await endTransaction(node.node, { ...told(id, last), ...ended })).toMatchObject({
    kind: 'closed',
    sessionId: begun.sessionId,
  })
  const sessionId = begun.sessionId ?? ''
  expect(await stationTransaction(node.db, id, name)).toMatchObject({
    ocppEvseId: 1,
    ocppConnectorId: 1,
    idTokenType: 'ISO14443',
    meterStartWh: null,
    meterStopWh: '25000',
    seqNo: 3,
    chargingState: 'Idle',
    triggerReason: 'EVDeparted',
  })
  // 20 kWh at 0.49.
  const [record] = await cdrsOfSession(node.db, sessionId)
  expect(priceOf(record).net).toBe(980)
  expect(await kinds(sessionId)).toEqual(['charging_started', 'charging_ended', 'record_received'])
})

test('a charge that begins with the plug belongs to the driver who is identified later', async () => {
  const id = await station()
  const begun = await beginTransaction(
    node.node,
    told(
      id,
      event('plug-first', 0, 10, { eventType: 'Started', triggerReason: 'CablePluggedIn', evse }),
    ),
  )
  expect(begun).toMatchObject({ sessionId: null, verdict: 'invalid' })
  const sessionId = newId('session')
  await insertNodeCommand(node.db, {
    sessionId,
    connectionId: node.connectionRow.id,
    kind: 'start',
    command: {
      chargeStationId: id,
      ocppEvseId: 1,
      tokenKey: cardKey('A-CREDENTIAL-OF-MORE-THAN-20-CHARACTERS'),
    },
    at: minutesAgo(9),
  })
  const identified = event('plug-first', 1, 9, {
    eventType: 'Updated',
    triggerReason: 'RemoteStart',
    idToken: { idToken: 'A-credential-of-more-than-20-characters', type: 'Central' },
    meterValue: [register(1_000, 9)],
  })
  expect(await updateTransaction(node.node, told(id, identified))).toEqual({
    sessionId,
    verdict: 'accepted',
  })
  expect(await kinds(sessionId)).toEqual(['charging_started'])
  expect(await meterSeries(node.db, sessionId)).toHaveLength(1)
})

test('what was queued tells the past and leaves the live state as it is', async () => {
  const id = await station()
  const update = (
    seqNo: number,
    minutes: number,
    offline: boolean,
    chargingState: 'Charging' | 'SuspendedEV',
  ) =>
    updateTransaction(
      node.node,
      told(
        id,
        event('queue', seqNo, minutes, {
          eventType: 'Updated',
          triggerReason: 'ChargingStateChanged',
          offline,
          info: { chargingState },
          meterValue: [register(1_000 * seqNo, minutes)],
        }),
      ),
    )
  await beginTransaction(
    node.node,
    told(
      id,
      event('queue', 0, 30, {
        eventType: 'Started',
        triggerReason: 'Authorized',
        evse,
        idToken: rfid,
      }),
    ),
  )
  await update(1, 20, false, 'Charging')
  await update(3, 10, true, 'SuspendedEV')
  await update(2, 15, false, 'SuspendedEV')
  const [open] = await openTransactions(node.db, id)
  expect(open).toMatchObject({ seqNo: 3, chargingState: 'Charging' })
  const series = await meterSeries(node.db, open?.sessionId ?? '')
  expect(series.map((row) => [row.registerWh, row.flag])).toEqual([
    ['1000', null],
    ['2000', null],
    ['3000', null],
  ])
})

test('names of two chargers never meet', async () => {
  const [one, other] = [await station(), await station()]
  for (const id of [one, other])
    await beginTransaction(
      node.node,
      told(
        id,
        event('same', 0, 5, {
          eventType: 'Started',
          triggerReason: 'Authorized',
          evse,
          idToken: rfid,
        }),
      ),
    )
  const last = event('same', 1, 0, { eventType: 'Ended', triggerReason: 'EVDeparted' })
  await endTransaction(node.node, { ...told(other, last), ...ended })
  expect(await openTransactions(node.db, one)).toHaveLength(1)
  expect(await openTransactions(node.db, other)).toHaveLength(0)
})
