// What the tests of a charge do with a charger: a socket of its own, a card, a meter.
import { tokenColumns } from '@chargelane/db/queries/sessions/opening'
import { stationById, supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import { openTransactions } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { connectors, quotes, sessions } from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { QuoteBody } from '@chargelane/rules/documents'
import { ocpiPolicy } from '@chargelane/rules/rating'
import { expect } from 'vitest'
import { connectRaw, type RawCharger } from '../line/raw-charger.fake.ts'
import { card, type TestNode } from '../testing.ts'

export type Charger = Awaited<ReturnType<TestNode['addCharger']>>
let counter = 0

/** A charger with one free connector, connected and booted. */
export async function online(node: TestNode): Promise<{ charger: Charger; raw: RawCharger }> {
  const charger = await node.addCharger(`LIVE-${++counter}`)
  const raw = await connectRaw(node.url, charger)
  raw.onCall = () => ({ status: 'Accepted' })
  await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
  await report(raw, 'Available')
  return { charger, raw }
}

export const report = (raw: RawCharger, status: string) =>
  raw.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status })

/** A session as the corridor leaves it when charging is about to start: its quote holds the tariff of that moment. */
export async function quotedSession(node: TestNode, charger: Charger) {
  const sessionId = newId('session')
  const quoteId = newId('quote')
  const all = await node.db.select().from(connectors)
  const connectorId = all.find((each) => each.evseId === charger.evseId)?.id ?? ''
  const at = new Date().toISOString()
  await node.db.insert(quotes).values({
    id: quoteId,
    accountId: node.partner.id,
    cpoId: node.cpo.id,
    evseId: charger.evseId,
    connectorId,
    driverId: node.driver.id,
    paymentSourceId: node.source.id,
    channel: 'app',
    tariffId: node.tariff.id,
    tariffVersion: node.tariff.version,
    tariffHash: node.tariff.hash,
    currency: 'EUR',
    holdMinor: 5_000,
    marketProfile: 'DE@1',
    body: { rating_policy: ocpiPolicy } as QuoteBody,
    signature: 'test',
    keyId: 'test',
    status: 'consumed',
    expiresAt: at,
    sessionId,
    createdAt: at,
  })
  const tokenUid = `CL${sessionId.slice(-18)}`
  await node.db.insert(sessions).values({
    id: sessionId,
    accountId: node.partner.id,
    cpoId: node.cpo.id,
    quoteId,
    evseId: charger.evseId,
    connectorId,
    connectionId: node.connectionRow.id,
    driverId: node.driver.id,
    workflowId: `ses:${sessionId}`,
    channel: 'app',
    ...tokenColumns(sessionId, tokenUid),
    status: 'starting',
    connectivity: 'live',
    recordStatus: 'none',
    moneyStatus: 'held',
    currency: 'EUR',
    createdAt: at,
    updatedAt: at,
  })
  return { sessionId, tokenUid, evseId: charger.evseId, connectorId }
}

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
export const meter = (transactionId: number, minutes: number, register: number) => ({
  connectorId: 1,
  transactionId,
  meterValue: [{ timestamp: minutesAgo(minutes), sampledValue: [{ value: String(register) }] }],
})
/** What a session was told. */
export const kinds = async (node: TestNode, sessionId: string) =>
  (await supplyEventsOf(node.db, sessionId)).map(({ event }) => {
    const { kind, state } = event as { kind: string; state?: string }
    return state ?? kind
  })
/** The line of this charger is gone, and the node knows it; returns what its socket was numbered. */
export async function loseLine(
  node: TestNode,
  { station }: Charger,
  raw: RawCharger,
): Promise<number> {
  const epoch = node.gateway.station(station.id)?.epoch ?? 0
  raw.close()
  await expect.poll(async () => (await stationById(node.db, station.id))?.online).toBe(false)
  return epoch
}
/** An hour after now, by the node's clock. */
export const inAnHour = () => new Date(Date.now() + 3_600_000)
export const idTagsAsked = (raw: RawCharger) =>
  raw.received.flatMap((frame) =>
    frame[2] === 'RemoteStartTransaction' ? [frame[3] as { idTag: string }] : [],
  )

export async function startByCard(raw: RawCharger, minutes: number, register: number) {
  const answer = await raw.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: register,
    timestamp: minutesAgo(minutes),
  })
  return Number(answer['transactionId'])
}
export async function sessionAt(node: TestNode, charger: Charger, transactionId: number) {
  const open = await openTransactions(node.db, charger.station.id)
  return open.find((each) => each.transactionId === String(transactionId))?.sessionId ?? ''
}
