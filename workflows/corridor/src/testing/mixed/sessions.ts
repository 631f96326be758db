// One session of the mixed world: what was wished, how it charges, and what becomes of it afterwards.
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { billedCdrOf, markCredited } from '@chargelane/db/queries/sessions/cdrs'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { money } from '@chargelane/rules/money'
import { giveUpDebt, payDebt } from '../../books/debts.ts'
import { giveBack } from '../../books/give-back.ts'
import {
  aftercareWorkflowId,
  authorize,
  corridorQueue,
  nextAction,
  sessionWorkflowId,
  workflowTypes,
} from '../../contract.ts'
import type { SessionInput } from '../../contract.ts'
import { makeQuote } from '../../quote/make.ts'
import { relaySupply } from '../../supply/relay.ts'
import type { Corridor } from '../corridor.ts'
import type { Dice } from './dice.ts'
import type { Operator } from './operators.ts'
import type { Payer } from './payers.ts'

const stories = {
  plain: 36,
  stays: 8,
  small: 4,
  nothing: 3,
  asks_one_more: 4,
  asks_more: 5,
  asks_less: 5,
  declined: 2,
  capture_refused: 4,
  refunded_in_part: 9,
  refunded_twice: 3,
  refunded: 5,
  late_record: 3,
  late_lower_record: 6,
  credited: 3,
} as const
export type Story = keyof typeof stories

export type MixedSession = {
  sessionId: string
  workflowId: string
  story: Story
  payer: Payer
  paymentSource: string
  evseId: string
  energyWh: number
  /** Minutes of charging, and of standing after it. */
  charges: number
  stands: number
  /** Of what it is refunded, basis points; and by how much its record differs, minor units. */
  refundBps: number
  differs: number
  isRefused: boolean
}

type World = { operators: readonly Operator[]; payers: readonly Payer[] }

/** A place in its group has an EVSE and a driver of its own everywhere. */
export function wishOf(dice: Dice, { operators, payers }: World, place: number): MixedSession {
  const [operator, payer] = [dice.pick(operators), dice.pick(payers)]
  const story = dice.weighed(stories)
  // No whole quarter of an hour: the corridor's own clocks are due at those.
  const charges = dice.pick([13, 28, 44])
  const most = Math.floor((operator.plan.power === 'DC' ? 120_000 : 40_000) * (charges / 60))
  const [evseId, paymentSource] = [operator.evseIds[place], payer.sources[place]]
  if (evseId === undefined || paymentSource === undefined) throw new Error(`no place ${place}`)
  const sessionId = newId('session')
  return {
    sessionId,
    workflowId: sessionWorkflowId(payer.partnerId, sessionId),
    story,
    payer,
    paymentSource,
    evseId,
    energyWh: story === 'nothing' ? 0 : story === 'small' ? 700 : dice.whole(2_000, most),
    charges,
    stands: story === 'stays' ? dice.pick([6, 19, 33]) : 0,
    refundBps: dice.whole(500, 9_500),
    differs: dice.whole(2, 60),
    isRefused: false,
  }
}

export const endAt = ({ charges, stands }: MixedSession): number => charges + stands

function behave(corridor: Corridor, { sessionId, story, differs }: MixedSession): void {
  const { payments, operator } = corridor
  if (story === 'declined') payments.plans.set(sessionId, { authorize: 'declined' })
  if (story === 'capture_refused') payments.plans.set(sessionId, { refuseCapture: 'card_declined' })
  const overclaim = { asks_one_more: 1, asks_more: differs, asks_less: -differs }
  const isLate = story === 'late_record' || story === 'late_lower_record'
  operator.scripts.set(sessionId, {
    overclaim:
      story in overclaim
        ? (Object.entries(overclaim).find(([name]) => name === story)?.[1] ?? 0)
        : 0,
    sendsRecord: !isLate,
  })
}

/** Quoted, started and read to its end; the time of its readings is passed by the group. */
export async function begin(corridor: Corridor, session: MixedSession): Promise<void> {
  const { payer, paymentSource, evseId, energyWh } = session
  const now = await corridor.nowIso()
  const made = await corridor.db.tx((sql) =>
    makeQuote(
      { sql, signer: corridor.signer, now },
      {
        accountId: payer.partnerId,
        evse: evseId,
        paymentSource,
        channel: 'app',
        energyWh: Math.max(5_000, energyWh),
      },
    ),
  )
  if (made.kind === 'refused') {
    // Of a source with a debt nothing more is sold; that nothing else is in the way is what is proven here.
    if (made.code !== 'outstanding_debt') throw new Error(`${payer.kind}: ${made.message}`)
    session.isRefused = true
    return
  }
  behave(corridor, session)
  const input: SessionInput = {
    origin: 'partner',
    sessionId: session.sessionId,
    accountId: payer.partnerId,
    quoteId: made.row.id,
  }
  const handle = await corridor.client.workflow.start(workflowTypes.session, {
    workflowId: session.workflowId,
    taskQueue: corridorQueue,
    args: [input],
  })
  const answer = await handle.executeUpdate(authorize, { updateId: session.sessionId })
  session.isRefused = answer.kind !== 'authorized'
  if (session.isRefused) return
  await corridor.reaches(session.sessionId, { status: 'charging' })
  await readMeter(corridor, session)
}

async function readMeter({ operator }: Corridor, session: MixedSession): Promise<void> {
  const { sessionId, energyWh, charges, stands } = session
  for (let at = 5; at < charges + stands; at += 5)
    await operator.meter(sessionId, Math.floor((energyWh * Math.min(at, charges)) / charges), at)
  // Half a minute before the end, so that the register at the end is that of the charge.
  await operator.meter(sessionId, energyWh, charges + stands - 0.5)
}

/** Waits, in real time, until it waits for one of these, which take days, or is over. */
export async function rest(
  corridor: Corridor,
  { sessionId, workflowId, story }: MixedSession,
  awaited: readonly string[],
): Promise<void> {
  const handle = corridor.client.workflow.getHandle(workflowId)
  const deadline = Date.now() + 60_000
  for (;;) {
    if ((await handle.describe()).status.name !== 'RUNNING') return
    const { waitingFor } = await handle.query(nextAction)
    if (awaited.includes(waitingFor)) return
    if (Date.now() > deadline) {
      throw new Error(`${sessionId} (${story}) waits for ${waitingFor}`)
    }
    await setTimeout(30)
  }
}

async function finished(corridor: Corridor, workflowId: string): Promise<void> {
  const handle = corridor.client.workflow.getHandle(workflowId)
  const deadline = Date.now() + 60_000
  while ((await handle.describe()).status.name === 'RUNNING') {
    if (Date.now() > deadline) throw new Error(`${workflowId} is still running`)
    await setTimeout(30)
  }
}

/** Given back as the API does it: decided, then sent. */
async function refund(corridor: Corridor, { sessionId }: MixedSession, bps: number): Promise<void> {
  const payment = (await paymentsOf(corridor.db, sessionId)).find(
    ({ status }) => status === 'captured',
  )
  if (payment?.captured == null) return
  const { amount, currency } = payment.captured
  const part = money(Math.max(1, Math.floor((amount * bps) / 10_000)), currency)
  const by = { keyId: 'key_finance', now: await corridor.nowIso() }
  const refundId = newId('refund')
  const wish = { refundId, paymentId: payment.id, reason: 'goodwill' } as const
  const { revision, amount: gets } = await giveBack(
    corridor.db,
    bps === 10_000 ? wish : { ...wish, amount: part },
    by,
  )
  const workflowId = `refund:${refundId}`
  await corridor.client.workflow.start(workflowTypes.givenBack, {
    workflowId,
    taskQueue: corridorQueue,
    args: [{ sessionId, revision, amount: gets }],
  })
  await finished(corridor, workflowId)
}

/** What is asked of a sale whose payees are paid. */
export async function afterSettlement(corridor: Corridor, session: MixedSession): Promise<void> {
  const { story, refundBps } = session
  if (story === 'refunded') await refund(corridor, session, 10_000)
  if (story === 'refunded_in_part') await refund(corridor, session, refundBps)
  if (story === 'refunded_twice')
    for (const part of [3, 4]) await refund(corridor, session, Math.ceil(refundBps / part))
  if (story === 'credited') await credit(corridor, session)
}

/** The operator takes its record back, and no other follows. */
async function credit(corridor: Corridor, { sessionId }: MixedSession): Promise<void> {
  const record = await billedCdrOf(corridor.db, sessionId)
  if (record === undefined) return
  await corridor.db.tx((tx) => markCredited(tx, record.id))
  const at = await corridor.nowIso()
  const fact = { kind: 'record_credited', cdrId: record.id, at } as const
  const { db, client } = corridor
  await db.tx((tx) => recordSupplyEvent(tx, sessionId, `${sessionId}:credited`, fact))
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
}

/** What could not be captured comes in at the bank, or nobody pays it. */
async function endDebt(corridor: Corridor, { sessionId, refundBps }: MixedSession): Promise<void> {
  const { db } = corridor
  const debt = await debtOfSession(db, sessionId)
  if (debt === undefined || debt.status !== 'open') return
  const now = await corridor.nowIso()
  const { id, amount } = debt
  if (refundBps > 5_000) {
    const body = { amount, reference: `PAID-${sessionId}`, received_at: now }
    await payDebt(db, id, body, { keyId: 'key_1', now })
    return
  }
  const verb = refundBps > 2_500 ? 'waive' : 'write_off'
  for (const keyId of ['key_1', 'key_2'])
    await giveUpDebt(db, { id, verb, reason: 'a test' }, { keyId, now })
}

/** The record that did not come in its day comes after all, and may ask less than our own readings came to. */
export async function afterDays(corridor: Corridor, session: MixedSession): Promise<void> {
  const { sessionId, story, differs } = session
  if (story === 'capture_refused') return endDebt(corridor, session)
  if (story !== 'late_record' && story !== 'late_lower_record') return
  const overclaim = story === 'late_record' ? 0 : -differs
  corridor.operator.scripts.set(sessionId, { sendsRecord: false, overclaim })
  await rest(corridor, session, ['settlement'])
  await corridor.operator.sendRecord(sessionId)
  // A payee that owes more than it earns is settled later, and so is what waits for it.
  const { status } = await corridor.client.workflow.getHandle(session.workflowId).describe()
  if (status.name !== 'RUNNING') await finished(corridor, aftercareWorkflowId(sessionId))
}
