// F25: a charge that began where nobody could ask us, and who stands for what is not paid of it.
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { cpoTerms } from '@chargelane/rules/agreement/distribution'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Liable } from '@chargelane/openapi/vocabulary/parties'
import { verifyPack } from '@chargelane/sdk/verify'
import { relaySupply } from '../../supply/relay.ts'
import type { Corridor } from '../corridor.ts'
import { resultNow, settle, useCorridor } from '../market.ts'
import type { Market } from '../market.ts'

const minute = 60_000
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

async function agree(offlineLiability: Liable) {
  await signAgreement(corridor.db, {
    accountId: market.cpo.id,
    terms: cpoTerms({ commission: { bps: 1_000 }, supplyModel: 'agency', offlineLiability }),
    at: await corridor.nowIso(),
  })
}

/** A card at a charger takes 9 kWh, and its issuer pays nothing of it. */
async function unpaidCharge(isOffline: boolean) {
  const { db, client, operator, payments } = corridor
  const sessionId = newId('session')
  const at = await corridor.nowIso()
  payments.plans.set(sessionId, { refuseCapture: 'card_declined' })
  operator.charges.set(sessionId, { startedAt: at, reason: 'local' })
  const [evseId = ''] = market.evseIds
  const unsolicited = { accountId: market.partner.id, evseId, tokenUid: market.token.uid }
  await db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:start`, {
      at,
      kind: 'charging_started',
      startedAt: at,
      supplyRef: '77',
      unsolicited: { ...unsolicited, ...(isOffline && { isOffline }) },
    }),
  )
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
  await corridor.reaches(sessionId, { status: 'charging', moneyStatus: 'held' })
  await operator.meter(sessionId, 0, 0)
  await operator.meter(sessionId, 9_000, 9)
  await corridor.pass(10 * minute)
  await operator.endCharging(sessionId)
  const row = await corridor.reaches(sessionId, { moneyStatus: 'capture_failed' })
  await corridor.pass(minute)
  const handle = client.workflow.getHandle(row.workflowId)
  // Payees are paid what somebody stands for, and only then the session is over.
  if (row.offlineLiability === 'platform') await settle(corridor, { handle })
  else await resultNow(handle)
  const zip = new Uint8Array((await evidenceZip(db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return {
    session: row.offlineLiability,
    kept: (await keptSaleTerms(db, sessionId)).agreed.liable,
    debt: await debtOfSession(db, sessionId),
    incidents: (await listIncidents(db, 'all', { limit: 10, sessionId })).data.filter(
      ({ kind }) => kind === 'awaiting_funds',
    ),
    failed: checks.filter(({ ok }) => !ok),
  }
}

test('the partner stands for it where the agreement names nobody else, within its credit', async () => {
  const seen = await unpaidCharge(true)
  expect(seen).toMatchObject({ session: 'partner', kept: 'partner', failed: [] })
  expect(seen.debt).toMatchObject({ liable: 'partner', guaranteed: { amount: 0 } })
  expect(seen.incidents).toMatchObject([{ status: 'open', detail: { liable: 'partner' } }])
})

test('the platform stands for all of it where the agreement says so, and nobody waits', async () => {
  await agree('platform')
  const seen = await unpaidCharge(true)
  expect(seen).toMatchObject({ session: 'platform', kept: 'platform', failed: [], incidents: [] })
  expect(seen.debt).toMatchObject({ liable: 'platform', status: 'open' })
  expect(seen.debt?.guaranteed).toEqual(seen.debt?.amount)
})

test('nobody stands for it where the operator does, who is paid once the driver has', async () => {
  await agree('cpo')
  const seen = await unpaidCharge(true)
  expect(seen).toMatchObject({ session: 'cpo', kept: 'cpo', failed: [] })
  expect(seen.debt).toMatchObject({ liable: 'cpo', guaranteed: { amount: 0 } })
  expect(seen.incidents).toMatchObject([{ status: 'open', detail: { liable: 'cpo' } }])
})

test('a start that we were asked about is the partner’s, whatever the agreement says of others', async () => {
  await agree('platform')
  const seen = await unpaidCharge(false)
  expect(seen).toMatchObject({ session: null, debt: { liable: 'partner' }, failed: [] })
  expect(seen.kept).toBeUndefined()
})
