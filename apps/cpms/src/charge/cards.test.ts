import { createToken, updateToken } from '@chargelane/db/queries/partners/accounts'
import {
  createPaymentSource,
  getOrCreateDriver,
  setPaymentSourceStatus,
} from '@chargelane/db/queries/partners/drivers'
import { openTransactions } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { openDebt } from '@chargelane/db/queries/payments/debts'
import { unsolicitedStartOf } from '@chargelane/db/queries/sessions/supply'
import { tariffs } from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestNode } from '../testing.ts'
import { minutesAgo, online, sessionAt } from './charging.fake.ts'

// Which cards may charge: asked at the charger, before any energy flows.

const node = await startTestNode()
afterAll(() => node.stop())

const at = '2026-01-01T00:00:00.000Z'
let cards = 0

async function cardPaidBy(kind: 'card' | 'account') {
  const uid = `CARD${++cards}`
  const driver = await getOrCreateDriver(node.db, node.partner.id, uid, at)
  const payer = { accountId: node.partner.id, driverId: driver.id, at }
  const pspPaymentMethod = kind === 'card' ? 'pm_card_visa' : null
  const source = await createPaymentSource(node.db, { ...payer, kind, pspPaymentMethod })
  const made = await createToken(node.db, {
    ...payer,
    paymentSourceId: source.id,
    uid,
    type: 'RFID',
    contractId: `DECLN${uid}`,
  })
  if (made.kind !== 'created') throw new Error('the card is taken')
  return { uid, sourceId: source.id, tokenId: made.token.id }
}

const status = (answer: Record<string, unknown>) =>
  (answer['idTagInfo'] as { status: string }).status

/** What the charger hears of a card: asked for leave, and at the start itself. */
async function heard(idTag: string, timestamp = minutesAgo(0)) {
  const { charger, raw } = await online(node)
  const asked = await raw.call('Authorize', { idTag })
  const start = { connectorId: 1, idTag, meterStart: 1_000, timestamp }
  const begun = await raw.call('StartTransaction', start)
  const sessionId = await sessionAt(node, charger, Number(begun['transactionId']))
  const [row] = await openTransactions(node.db, charger.station.id)
  return { answers: [status(asked), status(begun)], sessionId, origin: row?.origin }
}

const limit = (amount: number) =>
  node.db.tx((tx) =>
    putCreditLine(tx, {
      accountId: node.partner.id,
      limit: { amount, currency: 'EUR' },
      at,
    }),
  )

describe('a card at the charger', () => {
  test('whose source is good may charge', async () => {
    const { uid } = await cardPaidBy('card')
    expect(await heard(uid)).toMatchObject({ answers: ['Accepted', 'Accepted'], origin: 'token' })
  })

  test('whose source was detached may not', async () => {
    const { uid, sourceId } = await cardPaidBy('card')
    await setPaymentSourceStatus(node.db, node.partner.id, sourceId, 'detached')
    expect(await heard(uid)).toMatchObject({ answers: ['Invalid', 'Invalid'], origin: 'unknown' })
  })

  test('whose source owes may not', async () => {
    const { uid, sourceId } = await cardPaidBy('card')
    await node.db.tx((tx) =>
      openDebt(tx, {
        sessionId: newId('session'),
        accountId: node.partner.id,
        paymentSourceId: sourceId,
        amount: { amount: 1_190, currency: 'EUR' },
        reason: 'capture_failed',
        at,
      }),
    )
    expect((await heard(uid)).answers).toEqual(['Invalid', 'Invalid'])
  })

  test('F13: that is blocked hears so, also after a session played offline', async () => {
    const { uid, tokenId } = await cardPaidBy('card')
    await updateToken(node.db, node.partner.id, tokenId, { status: 'blocked', at })
    expect((await heard(uid)).answers).toEqual(['Blocked', 'Blocked'])
    expect((await heard(uid, minutesAgo(40))).answers).toEqual(['Blocked', 'Blocked'])
  })

  test('that charged while its charger was alone is a session, whoever pays in the end (F25)', async () => {
    const { uid, sourceId } = await cardPaidBy('card')
    await setPaymentSourceStatus(node.db, node.partner.id, sourceId, 'detached')
    const { sessionId, ...told } = await heard(uid, minutesAgo(40))
    expect(told).toEqual({ answers: ['Invalid', 'Accepted'], origin: 'token' })
    expect(await unsolicitedStartOf(node.db, sessionId)).toMatchObject({
      unsolicited: { isOffline: true },
    })
  })

  test('of a partner without a credit line, or with a spent one, may not', async () => {
    const { uid } = await cardPaidBy('account')
    expect((await heard(uid)).answers).toEqual(['Invalid', 'Invalid'])
    await limit(0)
    expect((await heard(uid)).answers).toEqual(['Invalid', 'Invalid'])
    // Something is left, but no session fits into it: only an EVSE tells.
    await limit(100)
    expect((await heard(uid)).answers).toEqual(['Accepted', 'Invalid'])
    await limit(1_000_000)
    expect((await heard(uid)).answers).toEqual(['Accepted', 'Accepted'])
  })

  test('at an EVSE whose price is held may not charge there', async () => {
    const { uid } = await cardPaidBy('card')
    await node.db
      .update(tariffs)
      .set({ status: 'held', heldUntil: new Date(Date.now() + 3_600_000).toISOString() })
    expect((await heard(uid)).answers).toEqual(['Accepted', 'Invalid'])
    await node.db.update(tariffs).set({ status: 'valid', heldUntil: null })
    expect((await heard(uid)).answers).toEqual(['Accepted', 'Accepted'])
  })
})
