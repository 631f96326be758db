// Past sessions by another policy: what each payee would have been paid. Nothing is booked by it.
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import { getSplitPolicy, type SplitPolicyRow } from '@chargelane/db/queries/partners/split-policies'
import {
  addSimulationLines,
  getSimulation,
  moveSimulation,
  openSimulation,
  type SimulationLine,
  type SimulationRow,
} from '@chargelane/db/queries/partners/split-records'
import {
  accountsOfSale,
  countSales,
  type ReplaySale,
  salesToReplay,
} from '@chargelane/db/queries/sessions/shared-sales'
import { InvariantError } from '@chargelane/rules/assert'
import type { SaleParties, SimulationResult } from '@chargelane/rules/documents'
import { add, money, subtract } from '@chargelane/rules/money'
import { agreeSale } from '@chargelane/rules/split/agreed'
import { partyKey } from '@chargelane/rules/split/parties'
import {
  inOrder,
  passOf,
  periodAt,
  sumsOfPeriod,
  type UnsplitSale,
} from '@chargelane/rules/split/period'
import { policyFor } from '@chargelane/rules/split/precedence'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { Act } from '../../onboarding/act.ts'
import { mustSeePolicy } from './see.ts'

/** More are not replayed at once: the newest count. */
export const simulationMax = 10_000
const pageMax = 200
const dayMs = 86_400_000

const until = (now: string, days: number) => new Date(Date.parse(now) - days * dayMs).toISOString()

export async function beginSimulation(
  { tx, viewer, now }: Act & { tx: Tx },
  { id, policyId, days }: { id: string; policyId: string; days: number },
): Promise<SimulationRow> {
  const { version, revision } = await mustSeePolicy(tx, viewer, policyId)
  return openSimulation(tx, {
    id,
    policyId,
    version,
    revision,
    accountId: viewer.accountId,
    fromAt: until(now, days),
    untilAt: now,
  })
}

type Replayed = { sale: ReplaySale; unsplit: UnsplitSale }

/** The session's agreement with this policy in place of its own; undefined where it is not of its place or parties. */
function inputOf(
  sale: ReplaySale,
  row: SplitPolicyRow,
  payees: SaleParties['accounts'],
): Replayed | undefined {
  const { place, facts, splitInput, agreed } = sale
  const scope = {
    ...row,
    cpo: row.cpoId,
    effectiveFrom: '',
    effectiveUntil: null,
    level: row.level === 'contract' ? ('cpo' as const) : row.level,
  }
  const session = { cpo: sale.cpoId, ...place }
  if (policyFor([scope], session, sale.quotedAt) === undefined) return undefined
  const { id, version, name, level, terms } = row
  const known = new Set(agreed.accounts.map((account) => account.id))
  const kept: SaleParties = {
    ...agreed,
    agreement: { ...agreed.agreement, policy: { ...terms, id, version, name, level, place } },
    accounts: [...agreed.accounts, ...payees.filter((account) => !known.has(account.id))],
  }
  const answer = agreeSale({
    kept,
    cpo: sale.cpoId,
    partner: sale.partnerId,
    driver: sale.driverId,
    discount: sale.discount,
    country: sale.country,
    at: sale.quotedAt,
  })
  if (!answer.ok) return undefined
  const { debtor: _debtor, payouts: _payouts, ...shared } = answer.sale
  const { plan, whole } = splitInput
  const period = periodAt(facts.ended_at, terms)
  const input = {
    ...shared,
    sale: splitInput.sale,
    ...(plan === undefined ? {} : { plan }),
    ...(whole === undefined ? {} : { whole }),
    sharing: { policy: { id, version }, period, place, facts, periods: {} },
  }
  const { sessionId } = sale
  return { sale, unsplit: { sessionId, endedAt: facts.ended_at, input } }
}

// ── What changes ────────────────────────────────────────────────────────────────────────────────────────────────

type Sums = Map<string, SimulationResult['payees'][number]>

function addTo(
  sums: Sums,
  party: PartyRef,
  { before = 0, after = 0, sessions = 0 }: { before?: number; after?: number; sessions?: number },
  currency: string,
): void {
  const none = money(0, currency)
  const known = sums.get(partyKey(party)) ?? { ...party, before: none, after: none, sessions: 0 }
  sums.set(partyKey(party), {
    ...known,
    before: add(known.before, money(before, currency)),
    after: add(known.after, money(after, currency)),
    sessions: known.sessions + sessions,
  })
}

/** One site and period after another, in the order in which its sessions ended. */
function compare(
  replayed: readonly Replayed[],
  { id, terms }: { id: string; terms: SplitPolicyRow['terms'] },
): { lines: SimulationLine[]; sums: Sums } {
  const { currency } = terms
  const [lines, sums]: [SimulationLine[], Sums] = [[], new Map()]
  const groups = Map.groupBy(
    replayed,
    ({ unsplit: { input } }) => `${input.sharing?.period ?? ''} ${input.sharing?.place.site ?? ''}`,
  )
  for (const group of groups.values()) {
    const booked = new Map(group.map(({ sale }) => [sale.sessionId, sale.split]))
    const { made } = passOf(group.map(({ unsplit }) => unsplit).toSorted(inOrder), currency)
    for (const { sessionId, split } of made) {
      const was = new Map(
        (booked.get(sessionId)?.shares ?? []).map((share) => [partyKey(share.party), share]),
      )
      const now = new Map(split.shares.map((share) => [partyKey(share.party), share]))
      for (const key of new Set([...was.keys(), ...now.keys()])) {
        const party = now.get(key)?.party ?? was.get(key)?.party
        if (party === undefined) continue
        const [before, after] = [was, now].map((each) => each.get(key)?.amount.amount ?? 0)
        addTo(sums, party, { before: before ?? 0, after: after ?? 0, sessions: 1 }, currency)
        if (before !== after)
          lines.push({
            simulationId: id,
            sessionId,
            payeeId: party.id,
            role: party.role,
            currency,
            beforeMinor: before ?? 0,
            afterMinor: after ?? 0,
          })
      }
    }
    // What the period comes to beside its sessions, net of tax: minimum rents, tiers, what was carried.
    const rules = made.at(-1)?.input.policy.rules.filter((rule) => rule.shortfall !== undefined)
    for (const { rule, total, booked: legs } of sumsOfPeriod(rules ?? [], made, currency)) {
      const { amount } = subtract(total, legs)
      addTo(sums, rule.supplier, { after: amount }, currency)
      addTo(sums, rule.recipient, { after: -amount }, currency)
    }
  }
  return { lines, sums }
}

/** The sessions of the time, page after page; `tell` says how far it is. */
async function replayAll(
  db: Db,
  simulation: SimulationRow,
  row: SplitPolicyRow,
  tell: (done: number) => Promise<void>,
): Promise<{ replayed: Replayed[]; skipped: number }> {
  const { fromAt: from, untilAt } = simulation
  const window = { cpoId: row.cpoId, currency: row.terms.currency, from, until: untilAt }
  const total = await countSales(db, window, simulationMax)
  await moveSimulation(db, simulation.id, { total })
  const named = row.terms.rules.flatMap(({ supplier, recipient }) => [supplier.id, recipient.id])
  const ids = named.filter((id) => id !== undefined)
  const payees = await accountsOfSale(db, ids, untilAt)
  const replayed: Replayed[] = []
  let [done, skipped, after]: [number, number, string | undefined] = [0, 0, undefined]
  while (done < total) {
    const page: ReplaySale[] = await salesToReplay(db, window, {
      after,
      limit: Math.min(pageMax, total - done),
    })
    if (page.length === 0) break
    for (const sale of page) {
      const made = inputOf(sale, row, payees)
      if (made === undefined) skipped += 1
      else replayed.push(made)
    }
    done += page.length
    after = page.at(-1)?.sessionId
    await tell(done)
  }
  return { replayed, skipped }
}

/** Repeated, it finds what it made. */
async function runSimulation(
  db: Db,
  { simulationId, now }: { simulationId: string; now: string },
  heartbeat: (done: number) => void,
): Promise<void> {
  const simulation = await getSimulation(db, everyAccount, simulationId)
  if (simulation === undefined) throw new InvariantError(`No simulation ${simulationId}.`)
  if (simulation.status !== 'running') return
  const { policyId, version } = simulation
  const row = await getSplitPolicy(db, everyAccount, policyId, version)
  if (row === undefined) throw new InvariantError(`No split policy ${policyId}@${version}.`)
  const { replayed, skipped } = await replayAll(db, simulation, row, async (done) => {
    heartbeat(done)
    await moveSimulation(db, simulationId, { done })
  })
  const { lines, sums } = compare(replayed, { id: simulationId, terms: row.terms })
  for (let at = 0; at < lines.length; at += 1_000) {
    heartbeat(at)
    await addSimulationLines(db, lines.slice(at, at + 1_000))
  }
  const result = { payees: [...sums.values()], skipped }
  await moveSimulation(db, simulationId, { status: 'succeeded', result, endedAt: now })
}

export function createSimulationActivities({
  db,
  heartbeat,
}: {
  db: Db
  heartbeat: (done: number) => void
}) {
  return {
    runSimulation: (input: { simulationId: string; now: string }) =>
      runSimulation(db, input, heartbeat),
    failSimulation: (input: { simulationId: string; failure: string; now: string }) =>
      moveSimulation(db, input.simulationId, {
        status: 'failed',
        failure: input.failure.slice(0, 500),
        endedAt: input.now,
      }),
  }
}

export type SimulationActivities = ReturnType<typeof createSimulationActivities>
