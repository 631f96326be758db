// For tests: our gateway on a real socket and a real database, and what must be in it.
import { supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import { uidColumns } from '@chargelane/db/queries/partners/accounts'
import { tokenColumns } from '@chargelane/db/queries/sessions/opening'
import { readFileSync } from 'node:fs'
import type { Db } from '@chargelane/db'
import {
  changeConnection,
  type ConnectionRow,
  createConnection,
} from '@chargelane/db/queries/locations/connections'
import {
  accounts,
  connectors,
  drivers,
  evses,
  paymentSources,
  quotes,
  sessions,
  tokens,
} from '@chargelane/db/schema'
import * as tables from '@chargelane/db/schema'
import { testDatabase } from '@chargelane/db/testing'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { pino } from 'pino'
import { createRoaming, createRoutes } from './gateway.ts'
import { listen, type TestPeer } from './peer.fake.ts'
import { peerTokenKey } from '@chargelane/db/sealed'
import type { Roaming } from './server.ts'
import type { QuoteBody } from '@chargelane/rules/documents'

export type Answer = {
  http: number
  status: number
  message: string
  data: unknown
  headers: Headers
}

export async function startGateway(
  db: Db,
  options: { allowLoopback?: boolean; now?: () => Date } = {},
) {
  const server = await listen()
  const publicUrl = `${server.url}/ocpi`
  const roaming: Roaming = createRoaming(
    {
      us: { countryCode: 'DE', partyId: 'CLN' },
      businessName: 'Chargelane Betriebs GmbH',
      publicUrl,
      allowLoopback: options.allowLoopback ?? true,
      plausibleSlackMs: 60_000,
    },
    db,
    pino({ level: 'silent' }),
    options.now,
  )
  const app = createRoutes(roaming)
  server.serve((request) => app.fetch(request))
  /** A peer's request; the token goes in Base64 unless `shown` says how it looks. */
  const call = async (
    method: string,
    path: string,
    request: { token?: string; shown?: string; body?: unknown; text?: string } = {},
  ): Promise<Answer> => {
    const { token, body } = request
    const encoded = token === undefined ? undefined : Buffer.from(token).toString('base64')
    const shown = request.shown ?? encoded
    const text = request.text ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${publicUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'req-1',
        'x-correlation-id': 'cor-1',
        ...(shown === undefined ? {} : { authorization: `Token ${shown}` }),
      },
      ...(text === undefined ? {} : { body: text }),
    })
    const envelope = (await response.json()) as {
      status_code: number
      status_message: string
      data?: unknown
    }
    return {
      http: response.status,
      status: envelope.status_code,
      message: envelope.status_message,
      data: envelope.data,
      headers: response.headers,
    }
  }
  return { roaming, publicUrl, call, stop: server.stop }
}
export type Gateway = Awaited<ReturnType<typeof startGateway>>

export const cpoAccount = 'acct_01ARZ3NDEKTSV4RRFFQ69G5FA1'
export const partnerAccount = 'acct_01ARZ3NDEKTSV4RRFFQ69G5FA2'

/** A CPO, a partner with a driver, and the driver's card. */
export async function seedParties(db: Db): Promise<void> {
  const at = new Date().toISOString()
  const party = {
    country: 'NL',
    payoutCurrency: 'EUR',
    vatId: 'NL004495445B01',
    verification: 'verified',
    createdAt: at,
  } as const
  const address = { street: 'Stationsplein 1', city: 'Utrecht', postal_code: '3511 ED' }
  await db.insert(accounts).values([
    { ...party, id: cpoAccount, type: 'cpo', name: 'Laadnet', legalName: 'Laadnet BV', address },
    {
      ...party,
      id: partnerAccount,
      type: 'partner',
      name: 'Vloot',
      legalName: 'Vloot BV',
      address,
    },
  ])
  await db.insert(drivers).values({
    id: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
    accountId: partnerAccount,
    externalId: 'd',
    createdAt: at,
  })
  await db.insert(paymentSources).values({
    id: 'psrc_01ARZ3NDEKTSV4RRFFQ69G5FA4',
    accountId: partnerAccount,
    driverId: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
    kind: 'card',
    pspPaymentMethod: 'pm_card_visa',
    createdAt: at,
  })
  const tokenId = newId('token')
  await db.insert(tokens).values({
    id: tokenId,
    accountId: partnerAccount,
    driverId: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
    paymentSourceId: 'psrc_01ARZ3NDEKTSV4RRFFQ69G5FA4',
    ...uidColumns(tokenId, '04A1B2C3D4E5F6'),
    type: 'RFID',
    contractId: 'DE-CLN-C12345678',
    createdAt: at,
    updatedAt: at,
  })
}

/** A connection whose handshake is done: the peer shows `tokenIn`, we show `peer.tokenC`. */
export async function seedRegistered(
  db: Db,
  input: {
    tokenIn: string
    countryCode?: string
    partyId?: string
    peer?: TestPeer
    version?: string
  },
): Promise<ConnectionRow> {
  const row = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpoAccount,
      protocol: 'ocpi',
      countryCode: input.countryCode ?? 'NL',
      partyId: input.partyId ?? 'TNM',
      at: new Date().toISOString(),
      versionsUrl: input.peer?.versionsUrl ?? 'http://127.0.0.1:9/ocpi/versions',
      tokenOut: input.peer?.tokenC ?? 'token-c',
      tokenInDigest: peerTokenKey(input.tokenIn),
    }),
  )
  const modules = ['credentials', 'locations', 'tariffs', 'sessions', 'cdrs', 'tokens', 'commands']
  const base = (input.peer?.versionsUrl ?? 'http://127.0.0.1:9/ocpi/versions').replace(
    '/versions',
    `/${input.version ?? '2.2.1'}`,
  )
  const patch = {
    status: 'live' as const,
    version: input.version ?? '2.2.1',
    endpoints: modules.map((identifier) => ({
      identifier,
      role: identifier === 'tokens' || identifier === 'commands' ? 'RECEIVER' : 'SENDER',
      url: `${base}/${identifier}`,
    })),
  }
  return changeConnection(db, row.id, patch)
}

/** A session of the partner at the connection's first EVSE, waiting for its start. */
export async function seedSession(db: Db, connection: ConnectionRow) {
  const at = new Date().toISOString()
  const rows = await db.select().from(evses)
  const evse = rows.find(({ connectionId }) => connectionId === connection.id)
  const plugs = await db.select().from(connectors)
  const plug = plugs.find(({ evseId }) => evseId === evse?.id)
  if (evse === undefined || plug === undefined) throw new Error('no EVSE of the connection')
  const sessionId = newId('session')
  const quoteId = newId('quote')
  await db.insert(quotes).values({
    id: quoteId,
    accountId: partnerAccount,
    cpoId: cpoAccount,
    evseId: evse.id,
    connectorId: plug.id,
    driverId: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
    paymentSourceId: 'psrc_01ARZ3NDEKTSV4RRFFQ69G5FA4',
    channel: 'app',
    tariffId: 'trf_01ARZ3NDEKTSV4RRFFQ69G5FA5',
    tariffVersion: 1,
    tariffHash: 'hash',
    currency: 'EUR',
    holdMinor: 3_000,
    marketProfile: 'NL',
    body: {} as QuoteBody,
    signature: 's',
    keyId: 'k',
    status: 'consumed',
    expiresAt: at,
    sessionId,
    createdAt: at,
  })
  const tokenUid = `CL${sessionId.slice(-18)}`
  await db.insert(sessions).values({
    id: sessionId,
    accountId: partnerAccount,
    cpoId: cpoAccount,
    quoteId,
    evseId: evse.id,
    connectorId: plug.id,
    connectionId: connection.id,
    driverId: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
    workflowId: `ses:${partnerAccount}:${sessionId}`,
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
  return {
    sessionId,
    tokenUid,
    evseId: evse.id,
    connectorId: plug.id,
    connectorOcpiId: plug.ocpiId,
    evse,
  }
}

export type Json = Record<string, unknown>
/** The specification's own examples (OCPI 2.2.1 §8.3.1, §11.3.1, §9.3.1, §10.3.1), with our peer as their party. */
export const example = (name: 'location' | 'tariff' | 'session' | 'cdr'): Json =>
  JSON.parse(readFileSync(new URL(`../ocpi/v221/fixtures/${name}.json`, import.meta.url), 'utf8'))
export const path = '/2.2.1'
export const own = 'NL/TNM'

/** A database, a gateway, two registered peers, and the first one's location. */
export async function startScene() {
  const database = await testDatabase()
  const { db } = database
  const gateway = await startGateway(db)
  const { call } = gateway
  const [token, stranger] = ['token-b-of-the-peer', 'token-b-of-another-peer']
  await seedParties(db)
  await seedRegistered(db, { tokenIn: stranger, countryCode: 'FR', partyId: 'OTH' })
  const connection = await seedRegistered(db, { tokenIn: token })
  const body = example('location')
  const put = await call('PUT', `${path}/locations/${own}/LOC1`, { token, body })
  if (put.http !== 201) throw new Error(`the location was not taken: ${put.message}`)
  const rows = {
    evses: () => db.select().from(tables.evses),
    events: (sessionId: string) => supplyEventsOf(db, sessionId),
    tariffs: () => db.select().from(tables.tariffs),
    cdrs: () => db.select().from(tables.cdrs),
  }
  const stop = async () => {
    await gateway.stop()
    await database.stop()
  }
  return { db, gateway, call, connection, token, stranger, rows, stop }
}
