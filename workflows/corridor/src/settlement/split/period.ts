// The end of a period: what its sessions come to together, and what nobody was booked with yet, as items of their own.
import { type Db, everyAccount, inNameOf, type Tx } from '@chargelane/db'
import { addPayables } from '@chargelane/db/queries/documents/settlements'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { platformAccount } from '@chargelane/db/queries/partners/accounts'
import {
  changedPeriods,
  isClosed,
  lockPeriod,
  markClosed,
  policiesOfPeriods,
  type SitePeriod,
  siteOf,
  sitesOf,
} from '@chargelane/db/queries/partners/split-periods'
import { getSplitPolicy, type SplitPolicyRow } from '@chargelane/db/queries/partners/split-policies'
import {
  addSplitItem,
  itemsOfPeriod as storedItems,
  type SplitItemRow,
} from '@chargelane/db/queries/partners/split-records'
import { accountsOfSale, salesOfPeriod } from '@chargelane/db/queries/sessions/shared-sales'
import { splitItemView } from '@chargelane/db/views/money/split-policies'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { InvariantError } from '@chargelane/rules/assert'
import { bookingOfItem } from '@chargelane/rules/booking/item'
import { money, netToGross, sum } from '@chargelane/rules/money'
import { partyOf } from '@chargelane/rules/split/agreed'
import {
  endOfPeriod,
  itemsOfPeriod,
  nextPeriod,
  periodAt,
  type PeriodItem,
  rulesInPeriod,
  sumsOfPeriod,
} from '@chargelane/rules/split/period'
import { policyRef, ruleIn, type ShareRule } from '@chargelane/rules/split/policy'
import type { Leg } from '@chargelane/rules/split'
import { treatVat } from '@chargelane/rules/vat'
import { freshRates, publishedRates } from '../../booking/rates.ts'
import type { ReferenceRates } from '../../payment/payment.ts'

/** So long after its end a period waits for records: an operator's may come within two days of the session. */
const waitMs = 3 * 86_400_000
const settleMs = 2 * 86_400_000
const periodsMax = 5_000

const shifted = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()

const isDue = ({ terms }: SplitPolicyRow, period: string, now: string): boolean =>
  endOfPeriod(period, terms) <= shifted(now, -waitMs)

/** Periods of a version that have ended, whatever was sold in them. */
function* periodsOf(row: SplitPolicyRow, now: string): Generator<string> {
  const until = row.effectiveUntil ?? now
  for (
    let period = periodAt(row.effectiveFrom, row.terms);
    isDue(row, period, now) && period <= until;
    period = nextPeriod(period, row.terms.period)
  )
    yield period
}

async function listPeriods(db: Db, { now }: { now: string }): Promise<{ due: SitePeriod[] }> {
  const due = new Map<string, SitePeriod>()
  const put = (period: SitePeriod) => due.set(JSON.stringify(period), period)
  const rows = new Map<string, SplitPolicyRow | undefined>()
  for (const { policyId, version, siteId, period } of await changedPeriods(db, periodsMax)) {
    const ref = policyRef({ id: policyId, version })
    if (!rows.has(ref)) rows.set(ref, await getSplitPolicy(db, everyAccount, policyId, version))
    const row = rows.get(ref)
    if (row !== undefined && isDue(row, period, now)) put({ policyId, version, siteId, period })
  }
  for (const row of await policiesOfPeriods(db))
    for (const siteId of await sitesOf(db, row))
      for (const period of periodsOf(row, now)) {
        const of = { policyId: row.id, version: row.version, siteId, period }
        if (!(await isClosed(db, of))) put(of)
      }
  return { due: [...due.values()].slice(0, periodsMax) }
}

/** A rule of the partner's is of many partners, and comes to nothing beside its sessions. */
const isOfOnePair = ({ supplier, recipient }: ShareRule): boolean =>
  ![supplier.role, recipient.role].includes('partner')

/** The rules as they count in the period, for the operator of the site. */
function rulesOf(
  row: SplitPolicyRow,
  { period, cpo, platform }: { period: string; cpo: string; platform: string },
): ShareRule[] {
  const sides = {
    seller: { role: 'cpo', id: cpo },
    partner: { role: 'partner', id: '' },
    platform: { role: 'platform', id: platform },
  }
  const rules = row.terms.rules.map((rule) => ruleIn(rule, sides)).filter(isOfOnePair)
  const { effectiveFrom: from, effectiveUntil: until } = row
  return rulesInPeriod(rules, { period, terms: row.terms, from, until })
}

export type PeriodWorld = { db: Db; rates: ReferenceRates }

type Closing = SitePeriod & {
  world: PeriodWorld
  row: SplitPolicyRow
  country: string
  now: string
}

type Item = PeriodItem & { sequence: number; settled: number }

/** The service as the parties are now, taxed as of the period's end; whoever is paid abroad is so at the newest rates. */
async function legOf(tx: Tx, { world, row, country, now, ...of }: Closing, item: Item) {
  const { supplier, recipient, net, sums } = item
  const { currency } = row.terms
  const at = endOfPeriod(of.period, row.terms)
  const accounts = await accountsOfSale(tx, [supplier.id, recipient.id], now)
  const accountOf = (id: string) => {
    const found = accounts.find((account) => account.id === id)
    if (found === undefined) throw new InvariantError(`No account ${id} takes part in ${row.id}.`)
    return found
  }
  const sides = [supplier, recipient].map((party) => ({ party, account: accountOf(party.id) }))
  const taxed = treatVat({
    fee: sums.rule.fee_type,
    supplier: partyOf(supplier.role, accountOf(supplier.id)),
    recipient: partyOf(recipient.role, accountOf(recipient.id)),
    placeCountry: country,
    at,
  })
  if (!taxed.ok) throw new Error(`The item cannot be taxed: ${taxed.message}.`)
  const { treatment } = taxed
  const amounts = netToGross(net, treatment.rate)
  const payouts = sides.map(({ party, account }) => ({
    payee: party,
    currency: account.payoutCurrency,
  }))
  const currencies = [...new Set([currency, ...payouts.map((payout) => payout.currency)])]
  const held = currencies.length === 1 ? [] : await freshRates(tx, now.slice(0, 10), currencies)
  const rates = held ?? (await publishedRates(world, { now, currencies }))
  if (rates === undefined) throw new Error(`No rates lead from ${currencies.join(' to ')}.`)
  const { id, fee_type: feeType, document } = sums.rule
  const leg: Leg = { id, supplier, recipient, feeType, ...amounts, treatment, document }
  return { leg, payouts, rates }
}

async function bookItem(tx: Tx, closing: Closing, item: Item): Promise<SplitItemRow> {
  const { world: _world, row, country: _country, now, ...of } = closing
  const { supplier, recipient, sums } = item
  const { terms } = row
  const { currency } = terms
  const { leg, payouts, rates } = await legOf(tx, closing, item)
  const { net, vat, gross, treatment } = leg
  const id = newId('splitItem')
  const { rule } = sums
  const { entries, payables } = bookingOfItem({ id, leg, payouts, rates })
  const stored: SplitItemRow = {
    id,
    ...of,
    ruleId: rule.id,
    sequence: item.sequence,
    supplierRole: supplier.role,
    supplierId: supplier.id,
    recipientRole: recipient.role,
    recipientId: recipient.id,
    currency,
    netMinor: net.amount,
    vatMinor: vat.amount,
    grossMinor: gross.amount,
    detail: {
      policy: policyRef(row),
      text: terms.text,
      rule,
      sums: { energy_wh: sums.energy_wh, turnover: sums.turnover, sessions: sums.sessions },
      total: sums.total,
      booked: sums.booked,
      settled: money(item.settled, currency),
      tax: `VAT ${treatment.category} ${treatment.rate} %`,
    },
    createdAt: now,
  }
  await addSplitItem(tx, stored)
  await postEntries(
    tx,
    entries.map((entry) => ({ ...entry, effectiveAt: now })),
  )
  await addPayables(
    tx,
    payables.map((payable) => ({
      ...payable,
      splitItemId: id,
      waits: false,
      revision: item.sequence,
      provisional: false,
      slaDeadline: shifted(now, settleMs),
      at: now,
    })),
  )
  return stored
}

async function tellOfItem(tx: Tx, row: SplitItemRow, now: string): Promise<void> {
  for (const accountId of new Set([row.supplierId, row.recipientId]))
    await inNameOf(tx, accountId, (as) =>
      appendEvent(as, {
        accountId,
        type: 'split_item.booked',
        objectId: row.id,
        data: splitItemView(row),
        dedupeKey: `${row.id}:booked:${accountId}`,
        at: now,
      }),
    )
}

const subjectOf = ({ policyId, version, siteId, period }: SitePeriod) =>
  ({ type: 'workflow', id: `split:${policyId}@${version}:${siteId}:${period}` }) as const

/** All in one tx under the period's lock: repeated, it finds everything settled. */
async function closePeriod(
  world: PeriodWorld,
  { now, ...of }: SitePeriod & { now: string },
): Promise<{ items: number }> {
  return world.db.tx(async (tx) => {
    await lockPeriod(tx, of)
    const row = await getSplitPolicy(tx, everyAccount, of.policyId, of.version)
    const [site, platform] = [await siteOf(tx, of.siteId), await platformAccount(tx)]
    if (row === undefined || site === undefined || platform === undefined)
      throw new InvariantError(
        `${policyRef({ id: of.policyId, version: of.version })} is of nobody.`,
      )
    const sales = await salesOfPeriod(tx, of)
    const known = await storedItems(tx, of)
    const { currency } = row.terms
    const rules = rulesOf(row, { period: of.period, cpo: site.cpoId, platform: platform.id })
    const settledOf = ({ id }: ShareRule) =>
      sum(
        known
          .filter(({ ruleId }) => ruleId === id)
          .map(({ netMinor }) => money(netMinor, currency)),
        currency,
      )
    const items = itemsOfPeriod(sumsOfPeriod(rules, sales, currency), settledOf)
    for (const item of items) {
      const earlier = known.filter(({ ruleId }) => ruleId === item.sums.rule.id)
      const stored = await bookItem(
        tx,
        { ...of, world, row, country: site.country, now },
        { ...item, sequence: earlier.length + 1, settled: settledOf(item.sums.rule).amount },
      )
      await tellOfItem(tx, stored, now)
    }
    await markClosed(tx, of, now)
    const settles = { kinds: ['step_failed'], subject: subjectOf(of) } as const
    await settleIncidents(tx, settles, { cause: 'The period was settled.', at: now })
    return { items: items.length }
  })
}

/** A period that cannot be settled is a person's to look at, and the others are settled. */
async function reportPeriod(
  db: Db,
  { cause, now, ...of }: SitePeriod & { cause: string; now: string },
): Promise<void> {
  const row = await getSplitPolicy(db, everyAccount, of.policyId, of.version)
  const platform = await platformAccount(db)
  await openIncident(db, {
    kind: 'step_failed',
    subject: subjectOf(of),
    accountId: row?.cpoId ?? platform?.id ?? '',
    cause: `The period from ${of.period} of ${of.siteId} was not settled: ${cause}`,
    detail: { policy: policyRef({ id: of.policyId, version: of.version }) },
    actions: [],
    at: now,
  })
}

export function createPeriodActivities({ db, rates }: PeriodWorld) {
  return {
    listPeriods: (input: { now: string }) => listPeriods(db, input),
    closePeriod: (input: SitePeriod & { now: string }) => closePeriod({ db, rates }, input),
    reportPeriod: (input: SitePeriod & { cause: string; now: string }) => reportPeriod(db, input),
  }
}

export type PeriodActivities = ReturnType<typeof createPeriodActivities>
