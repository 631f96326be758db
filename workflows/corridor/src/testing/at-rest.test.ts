// A copy of the database and of what Temporal keeps, in the hands of a stranger: what would harm others is not in it.
import { readArchive } from '@chargelane/rules/evidence/archive'
import { Client } from '@temporalio/client'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { dumpOf } from '@chargelane/db/testing'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { completeIdempotent, claimKey } from '@chargelane/db/queries/outbox/idempotency'
import { createEndpoint } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { changeConnection } from '@chargelane/db/queries/locations/connections'
import { getSession, tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { keepSignedValues } from '@chargelane/db/queries/chargers/meter-values'
import { putPaymentEndpoint } from '@chargelane/db/queries/payments/payment-endpoints'
import { peerTokenKey } from '@chargelane/db/sealed'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { relaySupply } from '../supply/relay.ts'
import type { Corridor } from './corridor.ts'
import {
  charge,
  type Market,
  paymentOf,
  settle,
  startSession,
  tellPayment,
  useCorridor,
} from './market.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const iban = 'DE89370400440532013000'
const hook = 'whsec_YXQgcmVzdCBub2JvZHkgcmVhZHM'
const token = 'token-that-we-show-to-a-peer'
const tokenIn = 'token-that-a-peer-shows-to-us'
const callback = 'callback-secret-that-nobody-reads'
const reference = 'employee-4711@example.com'

/** What the relay logs, of every level. */
const logged: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })

/** What is planted, by name, and the workflows of two sessions: one of the API, one of a card at the charger. */
async function plant() {
  const { db, client, operator } = corridor
  const at = await corridor.nowIso()
  await createEndpoint(db, {
    accountId: market.partner.id,
    url: 'https://partner.example/hook',
    eventTypes: [],
    secret: hook,
    at,
  })
  await changeConnection(db, market.connection.id, {
    tokenOut: token,
    tokenInDigest: peerTokenKey(tokenIn),
  })
  await putPaymentEndpoint(db, {
    accountId: market.partner.id,
    kind: 'wallet',
    url: 'https://wallet.example/callback',
    secret: callback,
    at,
  })
  const value = `OCMF|{"ID":"${market.token.uid}"}|{"SA":"ECDSA-secp256r1-SHA256"}`
  await keepSignedValues(db, [{ sessionId: newId('session'), value, receivedAt: at }])
  const request = {
    accountId: market.partner.id,
    key: 'a-key',
    operation: 'POST /v1/payment_sources',
    fingerprint: Buffer.alloc(32),
    resourceId: 'psrc_1',
    at,
  }
  await claimKey(db, request)
  const response = { id: 'psrc_1', driver: { external_id: reference } }
  await completeIdempotent(db, market.partner.id, 'a-key', { status: 201, response })
  corridor.payments.next = ['requires_action']
  const sold = await startSession(corridor, market)
  const { pspId } = (await paymentOf(corridor, sold)) ?? {}
  if (!pspId) throw new Error('nobody has to authenticate')
  corridor.payments.authenticate(pspId, true)
  await tellPayment(sold, pspId)
  await charge(corridor, market, 20_000, sold)
  await corridor.reaches(sold.sessionId, { moneyStatus: 'captured' })
  await settle(corridor, sold)
  const sessionId = newId('session')
  const startedAt = await corridor.nowIso()
  operator.charges.set(sessionId, { startedAt, reason: 'local' })
  const [evseId = ''] = market.evseIds
  const unsolicited = { accountId: market.partner.id, evseId, tokenUid: market.token.uid }
  const start = { at: startedAt, kind: 'charging_started', startedAt, supplyRef: '77' } as const
  await db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:start`, { ...start, unsolicited }),
  )
  await relaySupply({ db, client, log, now: () => startedAt })
  await corridor.reaches(sessionId, { status: 'charging', moneyStatus: 'held' })
  await operator.meter(sessionId, 0, 0)
  await operator.meter(sessionId, 9_000, 9)
  await operator.endCharging(sessionId)
  await corridor.reaches(sessionId, { moneyStatus: 'captured' })
  const rows = await Promise.all([sold.sessionId, sessionId].map((id) => getSession(db, 'all', id)))
  const [ofApi, ofCard] = rows
  if (ofApi === undefined || ofCard === undefined) throw new Error('a session has no row')
  return {
    secrets: {
      iban,
      hook,
      token,
      tokenIn,
      callback,
      clientSecret: `${pspId}_secret`,
      reference,
      card: market.token.uid,
      credential: tokenUidOf(ofApi),
    },
    sourceId: market.source.id,
    sessions: [ofApi],
    workflowIds: [ofApi.workflowId, ofCard.workflowId],
  }
}

/** Once for all tests: each of them reads the same copies. */
let planted: Awaited<ReturnType<typeof plant>> | undefined
beforeEach(async () => {
  planted ??= await plant()
})

const foundIn = (text: string) =>
  Object.entries(planted?.secrets ?? {})
    .filter(([, secret]) => text.toUpperCase().includes(secret.toUpperCase()))
    .map(([name]) => name)

test('no table has what was planted in any column', async () => {
  const tables = await dumpOf(corridor.db)
  expect(tables.size).toBeGreaterThan(50)
  const found = Object.fromEntries(
    [...tables].map(([name, text]) => [name, foundIn(text)]).filter(([, names]) => names?.length),
  )
  expect(found).toEqual({})
})

test('the relay logs none of it, at any level', () => {
  expect(foundIn(logged.join('\n'))).toEqual([])
})

test('nor has an evidence pack, which is stored compressed', async () => {
  for (const { id } of planted?.sessions ?? []) {
    const zip = await evidenceZip(corridor.db, id)
    const { entries } = readArchive(new Uint8Array(zip ?? []))
    expect(entries.size).toBeGreaterThan(5)
    const text = [...entries.values()].map((each) => Buffer.from(each).toString('utf8')).join('\n')
    expect(foundIn(text)).toEqual([])
  }
})

test('Temporal keeps what workflows were told, answered and decided encrypted', async () => {
  const stranger = new Client({ connection: corridor.environment.connection })
  for (const workflowId of planted?.workflowIds ?? []) {
    const { events } = await stranger.workflow.getHandle(workflowId).fetchHistory()
    expect(events?.length).toBeGreaterThan(20)
    const text = textOf(events)
    expect(text).toContain('binary/encrypted')
    expect(foundIn(text)).toEqual([])
    for (const word of ['energyWh', 'paymentSourceId', planted?.sourceId ?? ''])
      expect(text).not.toContain(word)
  }
})

/** Bytes as the text they are, wherever they stand. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, each]) => `${name}=${textOf(each)}`)
    .join('\n')
}
