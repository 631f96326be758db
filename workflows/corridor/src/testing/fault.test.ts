// Every step of the corridor fails once, fails until somebody repairs it, loses its reply and is repeated, and runs
// twice. After each: the books sum to zero, the driver paid the rule or nothing, and no hold is left behind.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { activityInfo } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { changeConnection } from '@chargelane/db/queries/locations/connections'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Script } from '../supply/operator.fake.ts'
import {
  aftercareWorkflowId,
  corridorQueue,
  nextAction,
  requestStop,
  sessionWorkflowId,
  workflowTypes,
} from '../contract.ts'
import type { SessionInput } from '../contract.ts'
import { checkBooks, createMarket, createOffer, settleAll, tellPayment } from './market.ts'
import type { Market } from './market.ts'
import { startCorridor } from './corridor.ts'
import type { Corridor } from './corridor.ts'
import type { CorridorSteps } from '../steps.ts'

const faults = [
  'fails once',
  'fails until repaired',
  'reply lost, repeated',
  'executed twice',
] as const
type Fault = (typeof faults)[number]

/** What happens around a session so that the step is taken at all. */
type Story =
  | 'charge'
  | 'answered'
  | 'authenticate'
  | 'reject'
  | 'stale record'
  | 'taken back'
  | 'other record'
  | 'silent'
  | 'pull'
  | 'no end'
  | 'limit'
  | 'hold lost'
  | 'no record'
  | 'unpaid'
  | 'late payout'
  | 'refused at the charger'

type Step = keyof CorridorSteps

/** Every activity that `session.ts` can call, and the story in which it does. */
const faultTable: Record<Step, Story> = {
  openSession: 'charge',
  findQueue: 'pull',
  probe: 'charge',
  holdPayment: 'charge',
  readCover: 'charge',
  increaseHold: 'limit',
  checkHold: 'hold lost',
  readPayment: 'authenticate',
  releaseHold: 'reject',
  offerAlternatives: 'reject',
  recordChanges: 'charge',
  start: 'answered',
  lookup: 'silent',
  readProgress: 'no end',
  stop: 'answered',
  unlock: 'no end',
  fetchRecord: 'pull',
  judgeRecord: 'charge',
  makeProvisionalRecord: 'no record',
  putUnbilledAside: 'stale record',
  judgeTakenBack: 'taken back',
  refundSale: 'taken back',
  trueUpSale: 'other record',
  capturePayment: 'charge',
  openDebt: 'unpaid',
  readRates: 'charge',
  postSale: 'charge',
  issuePapers: 'charge',
  extendEvidence: 'charge',
  beginAftercare: 'no record',
  readSettlement: 'late payout',
  refuseStart: 'refused at the charger',
}

const isStep = (name: string): name is Step => Object.hasOwn(faultTable, name)

const scripts: Record<Story, Partial<Script>> = {
  charge: {},
  answered: { tellsWithAnswer: true },
  authenticate: {},
  reject: { start: { kind: 'rejected', reason: 'evse_faulted', detail: 'Faulted' } },
  'taken back': { sendsRecord: false },
  // Less than we billed by our own readings.
  'other record': { sendsRecord: false, overclaim: -100 },
  'stale record': { start: { kind: 'rejected', reason: 'cpo_policy', detail: 'Rejected' } },
  silent: { isSilent: true, hasRecordOnPull: true },
  pull: { sendsRecord: false, hasRecordOnPull: true },
  'no end': { endsOnStop: false, hasRecordOnPull: true },
  limit: {},
  'hold lost': {},
  'no record': { sendsRecord: false },
  unpaid: {},
  'late payout': {},
  'refused at the charger': {},
}

/** 20 kWh at 0.55 CHF net and 8.1 % VAT. */
const ruleGross = 1189
/** Of a quote for the market's usual session. */
const firstHold = 3500

type Case = {
  step: Step
  fault: Fault
  story: Story
  sessionId: string
  calls: number
  isRepaired: boolean
  seenWhileBroken: string | undefined
  outcome: string
}

const cases = new Map<string, Case>()
let corridor: Corridor

/** The case an activity belongs to is found by the workflow that called it. */
function caseOf(step: string): Case | undefined {
  const workflowId = activityInfo().workflowExecution?.workflowId ?? ''
  const found = cases.get(workflowId)
  return found?.step === step ? found : undefined
}

const wrap =
  (step: string, run: (...args: never[]) => Promise<unknown>) =>
  async (...args: never[]): Promise<unknown> => {
    const at = caseOf(step)
    if (at === undefined) return run(...args)
    at.calls += 1
    switch (at.fault) {
      case 'fails once':
        if (at.calls === 1) throw new Error(`${step} failed once`)
        return run(...args)
      case 'fails until repaired':
        if (!at.isRepaired) throw new Error(`${step} is broken`)
        return run(...args)
      case 'reply lost, repeated': {
        const result = await run(...args)
        if (at.calls === 1) throw new Error(`the reply of ${step} was lost`)
        return result
      }
      case 'executed twice':
        await run(...args)
        return run(...args)
    }
  }

beforeAll(async () => {
  const minute = 60_000
  corridor = await startCorridor({
    faults: { wrap },
    // A charge of hours is told here within seconds, so what a connector can give in a time bounds nothing.
    plausibleSlackMs: 600 * minute,
    // Only waits for things that never come in this test are shortened.
    deadlines: {
      lateStartWatch: 30 * minute,
      record: 30 * minute,
      ghost: 300 * minute,
      scaRequired: 300 * minute,
    },
  })
}, 120_000)
afterAll(() => corridor.stop())

const isOver = async (it: Case) =>
  (await corridor.client.workflow.getHandle(idOf(it)).describe()).status.name !== 'RUNNING'
const ids = new Map<string, string>()
const idOf = (it: Case) => ids.get(it.sessionId) ?? ''

async function begin(step: Step, fault: Fault): Promise<Case> {
  const story = faultTable[step]
  const market = await createMarket(corridor, { currency: 'CHF' })
  const sessionId = newId('session')
  const workflowId = sessionWorkflowId(market.partner.id, sessionId)
  const it: Case = {
    step,
    fault,
    story,
    sessionId,
    calls: 0,
    isRepaired: false,
    seenWhileBroken: undefined,
    outcome: '',
  }
  cases.set(workflowId, it)
  ids.set(sessionId, workflowId)
  // What comes after the sale is the aftercare's.
  if (isOfAftercare(it)) cases.set(aftercareWorkflowId(sessionId), it)
  corridor.operator.scripts.set(sessionId, scripts[story])
  if (story === 'authenticate')
    corridor.payments.plans.set(sessionId, { authorize: 'requires_action' })
  if (story === 'unpaid') corridor.payments.plans.set(sessionId, { refuseCapture: 'card_declined' })
  await corridor.client.workflow.start(workflowTypes.session, {
    workflowId,
    taskQueue: corridorQueue,
    args: [await inputOf(it, market)],
  })
  return it
}

/** Its operator says that the session was none, after it was billed on our own record and settled. */
const declareInvalid = async ({ sessionId }: Case) =>
  corridor.operator.tell(sessionId, 'invalid', {
    at: await corridor.nowIso(),
    kind: 'declared_invalid',
    supplyRef: `sup-${sessionId}`,
  })

/** A partner's start, or a card at a charger whose price nobody has confirmed for too long. */
async function inputOf({ story, sessionId }: Case, market: Market): Promise<SessionInput> {
  const { partner, connection, token, evseIds } = market
  const session = { sessionId, accountId: partner.id }
  if (story !== 'refused at the charger')
    return { origin: 'partner', ...session, quoteId: await createOffer(corridor, market) }
  await changeConnection(corridor.db, connection.id, { tariffMaxAgeS: 1 })
  return {
    origin: 'supply',
    ...session,
    evseId: evseIds[0] ?? '',
    tokenUid: token.uid,
    supplyRef: '77',
    startedAt: await corridor.nowIso(),
  }
}

const isOfAftercare = ({ story }: Case) => story === 'taken back' || story === 'other record'

/** What its operator says after it was billed on our own record; true once that is booked. */
async function isTold(it: Case): Promise<boolean> {
  const { moneyStatus } = (await getSession(corridor.db, 'all', it.sessionId)) ?? {}
  const isBooked = moneyStatus === (it.story === 'taken back' ? 'refunded' : 'adjusted')
  if (isBooked) it.outcome = it.story
  else if (it.story === 'taken back') await declareInvalid(it)
  else await corridor.operator.sendRecord(it.sessionId)
  return isBooked
}

/** Does what driver, charger and repair crew would do now; true when the session is over. */
async function attend(it: Case, mayRepair: boolean): Promise<boolean> {
  const handle = corridor.client.workflow.getHandle(idOf(it))
  if (it.fault === 'fails until repaired' && !it.isRepaired && it.calls >= 3 && mayRepair) {
    await checkMoney(it)
    const row = await getSession(corridor.db, 'all', it.sessionId)
    it.seenWhileBroken = row === undefined ? 'no session yet' : `${row.status}, ${row.moneyStatus}`
    it.isRepaired = true
  }
  if (await isOver(it)) {
    if (isOfAftercare(it)) return isTold(it)
    const result = (await handle.result()) as { outcome: string }
    it.outcome = result.outcome
    return true
  }
  const row = await getSession(corridor.db, 'all', it.sessionId)
  const [payment] = await paymentsOf(corridor.db, it.sessionId)
  const intent = payment?.pspId ? corridor.payments.intents.get(payment.pspId) : undefined
  if (intent?.state.kind === 'requires_action' && row?.status === 'authorizing') {
    corridor.payments.authenticate(intent.state.pspId, true)
    await tellPayment({ handle }, intent.state.pspId)
  }
  // The operator's record comes late, after everybody was paid on ours.
  if (
    it.story !== 'taken back' &&
    row?.moneyStatus === 'settled_provisionally' &&
    row.recordStatus === 'provisional'
  )
    await corridor.operator.sendRecord(it.sessionId)
  // A record of a session that never began is heard, and must not be forgotten.
  if (it.story === 'stale record' && row?.status === 'start_failed')
    await corridor.operator.tell(it.sessionId, 'record', {
      at: await corridor.nowIso(),
      kind: 'record_received',
      cdrId: `cdr_of_${it.sessionId}`,
    })
  const charge = corridor.operator.charges.get(it.sessionId)
  if (row?.status === 'charging' && charge !== undefined && charge.endedAt === undefined) {
    await corridor.operator.meter(it.sessionId, 20_000, 0.2)
    if (!(await isCoveredAgain(it, handle))) return false
    const { waitingFor } = await handle.query(nextAction)
    if (waitingFor === 'end of charging')
      await handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  }
  return false
}

/** What is held is used up by what could flow, or its provider gives it up; true once it was made good. */
async function isCoveredAgain(it: Case, handle: WorkflowHandle): Promise<boolean> {
  const [first, ...more] = await paymentsOf(corridor.db, it.sessionId)
  if (it.story === 'limit') return more.length > 0 || (first?.hold.amount ?? 0) > firstHold
  if (it.story !== 'hold lost' || first === undefined || first.pspId === null) return true
  if (corridor.payments.intents.get(first.pspId)?.state.kind !== 'authorized')
    return more.length > 0
  corridor.payments.giveUp(first.pspId)
  await tellPayment({ handle }, first.pspId)
  return false
}

/** Holds at every moment, whatever is broken. */
async function checkMoney(it: Case): Promise<void> {
  const where = `${it.step} ${it.fault}`
  for (const payment of await paymentsOf(corridor.db, it.sessionId)) {
    expect(payment.captured?.amount ?? 0, where).toBeLessThanOrEqual(payment.hold.amount)
    const intents = [...corridor.payments.intents.values()].filter(
      ({ request }) => request.paymentId === payment.id,
    )
    expect(intents.length, `${where}: one hold per payment`).toBeLessThanOrEqual(1)
  }
  const kinds = (await entriesOfSession(corridor.db, it.sessionId)).map((entry) => entry.kind)
  const sales = kinds.filter((kind) => ['sale', 'provisional_sale', 'debt'].includes(kind))
  expect(sales.length, `${where}: one sale`).toBeLessThanOrEqual(1)
}

const nothing = { captured: 0, owed: 0, payees: 0, total: 0 }
const moneyAfter: Record<string, typeof nothing> = {
  settled: { captured: ruleGross, owed: 0, payees: 2, total: ruleGross },
  // Given back by refunds of their own; each of both payees is paid, and pays it back.
  'taken back': { captured: ruleGross, owed: 0, payees: 4, total: 0 },
  'other record': { captured: ruleGross, owed: 0, payees: 4, total: ruleGross - 100 },
  unpaid: { captured: 0, owed: ruleGross, payees: 2, total: ruleGross },
  refused: nothing,
  not_started: nothing,
}
/** A start that is refused before there is a session has none. */
const statusAfter: Record<string, (string | undefined)[]> = {
  settled: ['ended'],
  'taken back': ['ended'],
  'other record': ['ended'],
  unpaid: ['ended'],
  refused: ['start_failed', 'cancelled', undefined],
  not_started: ['start_failed', 'start_unconfirmed', 'cancelled'],
}

async function checkEnding(it: Case): Promise<string> {
  const where = `${it.step} ${it.fault}`
  await checkMoney(it)
  const row = await getSession(corridor.db, 'all', it.sessionId)
  const payments = await paymentsOf(corridor.db, it.sessionId)
  for (const payment of payments) {
    expect(['captured', 'voided', 'declined'], `${where}: no hold is left`).toContain(
      payment.status,
    )
    const intent = payment.pspId === null ? undefined : corridor.payments.intents.get(payment.pspId)
    expect(intent?.state.kind ?? 'declined', `${where}: the provider agrees`).toBe(payment.status)
  }
  const captured = payments.reduce((sum, payment) => sum + (payment.captured?.amount ?? 0), 0)
  const debt = await debtOfSession(corridor.db, it.sessionId)
  const payables = await payablesOfSession(corridor.db, it.sessionId)
  const money = {
    captured,
    owed: debt?.amount.amount ?? 0,
    payees: payables.length,
    total: row?.totalGrossMinor ?? 0,
  }
  expect(money, where).toEqual(moneyAfter[it.outcome])
  expect(statusAfter[it.outcome] ?? [], where).toContain(row?.status)
  return `${it.outcome}, ${row?.status}, captured ${captured}`
}

async function play(list: Case[], options: { settles: boolean }): Promise<void> {
  let open = list
  for (let round = 0; open.length > 0; round++) {
    if (round > 400) throw new Error(`not over: ${JSON.stringify(open)}`)
    const over = await Promise.all(open.map((it) => attend(it, round > 3)))
    open = open.filter((_, index) => over[index] === false)
    await corridor.pass(round < 20 ? 15_000 : 120_000)
    if (options.settles && round % 10 === 9) await settleAll(corridor)
  }
}

/** Outcomes that a broken step changes: supply or provider never answered, so the start did not happen. */
const expectedWhenBroken: Record<string, string> = {
  probe: 'refused',
  holdPayment: 'refused',
  start: 'not_started',
  releaseHold: 'not_started',
  offerAlternatives: 'not_started',
  openDebt: 'unpaid',
}
const expectedOf = (it: Case): string => {
  if (it.story === 'refused at the charger') return 'refused'
  const isRejected = it.story === 'reject' || it.story === 'stale record'
  const usual = isRejected ? 'not_started' : it.story === 'unpaid' ? 'unpaid' : 'settled'
  if (isOfAftercare(it)) return it.story
  if (it.fault === 'fails until repaired') return expectedWhenBroken[it.step] ?? usual
  return usual
}

const lines: string[] = []

async function checkAll(list: Case[]): Promise<void> {
  for (const it of list) {
    const ending = await checkEnding(it)
    expect(it.outcome, `${it.step} ${it.fault}`).toBe(expectedOf(it))
    expect(it.calls, `${it.step} was reached`).toBeGreaterThan(0)
    const meanwhile = it.seenWhileBroken === undefined ? '' : ` (meanwhile ${it.seenWhileBroken})`
    lines.push(`| ${it.step} | ${it.story} | ${it.fault} | ${ending}${meanwhile} |`)
  }
  await checkBooks(corridor)
}

describe('the fault table', () => {
  const all = Object.keys(faultTable).filter(isStep)
  const late = all.filter((step) => faultTable[step] === 'late payout')
  const usual = all.filter((step) => !late.includes(step))

  test.each(faults)(
    'each step of the corridor %s, and no money is lost, made or taken twice',
    async (fault) => {
      const list = await Promise.all(usual.map((step) => begin(step, fault)))
      await play(list, { settles: true })
      await checkAll(list)
      expect(list.length).toBe(usual.length)
    },
    240_000,
  )

  test('the same holds when the payout comes after its deadline', async () => {
    const list = await Promise.all(
      faults.flatMap((fault) => late.map((step) => begin(step, fault))),
    )
    for (let round = 0; round < 40; round++) {
      await Promise.all(list.map((it) => attend(it, true)))
      await corridor.pass(round < 10 ? 30_000 : 2 * 3_600_000)
    }
    await play(list, { settles: true })
    await checkAll(list)
    expect(list.length).toBe(faults.length * late.length)
  }, 240_000)

  afterAll(() => {
    const head = '| step | story | fault | outcome |\n| --- | --- | --- | --- |'
    const table = `${head}\n${lines.toSorted().join('\n')}\n`
    const folder = fileURLToPath(new URL('../../../../.bench', import.meta.url))
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/fault-table.md`, `# Fault table\n\n${table}`)
    process.stdout.write(`\n${table}\n`)
  })
})
