// A mixed world: sessions of every kind of price, payer and ending, made through the corridor in moved time. The same seed
// makes the same wishes.
import { setTimeout } from 'node:timers/promises'
import { platformAccount } from '@chargelane/db/queries/partners/accounts'
import type { Corridor } from '../corridor.ts'
import { setPlanLimit, settleAll } from '../market.ts'
import { type Dice, diceOf } from './dice.ts'
import { openAccount, openOperator, type Operator, operatorPlans } from './operators.ts'
import { openPayer, type Payer, payerKinds } from './payers.ts'
import {
  afterDays,
  afterSettlement,
  begin,
  endAt,
  type MixedSession,
  rest,
  type Story,
  wishOf,
} from './sessions.ts'

const minute = 60_000
const hour = 60 * minute

export type MixedWorld = {
  sessions: number
  refused: number
  stories: Partial<Record<Story, number>>
}

/** Per euro; other figures each day, since the day's rates are the ones that count. */
function publishRates(corridor: Corridor, dice: Dice): void {
  const around = (rate: number, digits: number) =>
    (rate * (1 + dice.whole(-200, 200) / 10_000)).toFixed(digits)
  const drawn = {
    CHF: around(0.9312, 4),
    GBP: around(0.8675, 5),
    USD: around(1.0812, 4),
    JPY: around(162.4, 2),
    HUF: around(398.5, 2),
  }
  corridor.publisher.daily = async () => ({
    source: 'ECB eurofxref-daily',
    asOf: (await corridor.nowIso()).slice(0, 10),
    base: 'EUR' as const,
    rates: drawn,
  })
}

async function openWorld(corridor: Corridor, atOnce: number) {
  const { db } = corridor
  const now = await corridor.nowIso()
  if ((await platformAccount(db)) === undefined)
    await openAccount(db, {
      name: 'platform',
      type: 'platform',
      country: 'DE',
      payoutCurrency: 'EUR',
    })
  await setPlanLimit(db, 100_000_000)
  const operators: Operator[] = []
  for (const [number, plan] of operatorPlans.entries())
    operators.push(
      await openOperator(db, plan, { name: `operator ${number}`, evses: atOnce, number }),
    )
  const payers: Payer[] = []
  for (const kind of payerKinds)
    payers.push(await openPayer(db, kind, { operators, drivers: atOnce, now }))
  return { operators, payers }
}

/** As many at a time as the machine bears; nobody waits for the slowest of a group. */
async function onLanes<T>(all: readonly T[], lanes: number, work: (each: T) => Promise<unknown>) {
  const queue = all.toReversed()
  const lane = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await work(next)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

const lanes = 6

/** A record below nothing is put aside, and another is waited for. */
const takesMore = ['settlement', 'overdue record']
const takesDays = [...takesMore, 'charge detail record']

/** A group that charges at once: started, ended one after the other, settled, changed afterwards, settled again. */
async function runGroup(corridor: Corridor, group: MixedSession[]): Promise<number> {
  await onLanes(group, lanes, (session) => begin(corridor, session))
  const begun = group.filter(({ isRefused }) => !isRefused)
  let passed = 0
  for (const minutes of [...new Set(begun.map(endAt))].toSorted((a, b) => a - b)) {
    await corridor.pass((minutes - passed) * minute)
    passed = minutes
    for (const session of begun)
      if (endAt(session) === minutes) await corridor.operator.endCharging(session.sessionId)
  }
  await onLanes(begun, lanes, (session) => rest(corridor, session, takesDays))
  await settleAll(corridor)
  await corridor.pass(hour)
  await onLanes(begun, 1, (session) => afterSettlement(corridor, session))
  // A record has a day to come.
  await corridor.pass(25 * hour + 7 * minute)
  await onLanes(begun, lanes, (session) => rest(corridor, session, takesMore))
  await settleAll(corridor)
  await corridor.pass(hour)
  await onLanes(begun, 1, (session) => afterDays(corridor, session))
  await settleAll(corridor)
  await corridor.pass(hour)
  // The time server answers nobody while it is busy with a jump.
  await setTimeout(0)
  return group.length - begun.length
}

export async function makeMixedWorld(
  corridor: Corridor,
  { sessions: wanted, seed, atOnce = 20 }: { sessions: number; seed: number; atOnce?: number },
  tell: (text: string) => void = () => undefined,
): Promise<MixedWorld> {
  const dice = diceOf(seed)
  const world = await openWorld(corridor, atOnce)
  const made: MixedWorld = { sessions: 0, refused: 0, stories: {} }
  while (made.sessions < wanted) {
    publishRates(corridor, dice)
    const count = Math.min(atOnce, wanted - made.sessions)
    const group = Array.from({ length: count }, (_, place) => wishOf(dice, world, place))
    made.refused += await runGroup(corridor, group)
    made.sessions += count
    for (const { story } of group) made.stories[story] = (made.stories[story] ?? 0) + 1
    tell(`${made.sessions} of ${wanted} sessions`)
  }
  return made
}
