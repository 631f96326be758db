import type { Sql, Tx } from '@chargelane/db'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  accountCharges,
  creditLine,
  creditLinesOf,
  type CreditLine as CreditLineOfAccount,
  heldOnAccount,
  putCreditLine,
} from '@chargelane/db/queries/plans/credit-lines'
import { balanceOf, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  getPlan,
  insertPlan,
  listPlans,
  lockPlan,
  type PlanRow,
  retirePlan,
} from '@chargelane/db/queries/plans/plans'
import { type RatingRow, ratingsOfSession } from '@chargelane/db/queries/plans/ratings'
import { planOwner } from '@chargelane/db/queries/plans/subscriptions'
import type {
  AccountStatement,
  Contract,
  CreditLine,
  Plan,
  SessionRating,
} from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { accountPaidEntry, accounts } from '@chargelane/rules/ledger'
import { profileFor } from '@chargelane/rules/markets'
import { money, sum } from '@chargelane/rules/money'
import { accessFee, type Overage, type PlanTerms } from '@chargelane/rules/plan'
import { creditLineView } from '@chargelane/db/views/credit-lines'
import { missing } from '../http/errors.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { mustBeTariff } from '../own-tariff.ts'
import { pageRequest } from '../http/page.ts'
import { pageView } from '../http/page.ts'
import { readSession } from './sessions.ts'

/** The fee of a version at an instant, with the VAT of its owner's service. */
export async function feeView(sql: Sql, row: PlanRow, at: string): Promise<Plan['access_fee']> {
  const owner = await planOwner(sql, row.ownerId)
  if (!owner) throw new Error(`owner ${row.ownerId} of plan ${row.id} is gone`)
  const result = accessFee({
    gross: money(row.feeMinor, row.currency),
    owner: { ...owner, business: true },
    country: row.country,
    at,
  })
  if (!result.ok) throw new DomainError('validation_error', result.message, { param: 'country' })
  const { net, vat, gross, treatment } = result.fee
  return {
    net,
    vat,
    gross,
    vat_rate: treatment.rate,
    vat_category: treatment.category,
    legal_ref: treatment.legalRef,
  }
}

/**
 * A reader's `sql` is the process's own: a CPO's tax particulars are on its invoices, but not every tenant's to read.
 * The seller reads its own within its tx, which waits for no second connection while it holds the lock.
 */
async function planView(sql: Sql, row: PlanRow, now: string): Promise<Plan> {
  const { included_kwh, included, overage } = row.terms
  return {
    id: row.id,
    version: row.version,
    owner: row.ownerId,
    owner_type: row.ownerType,
    country: row.country,
    name: row.name,
    access_fee: await feeView(sql, row, now),
    included_kwh,
    included,
    overage,
    retired: row.retired,
    livemode: false,
    created_at: row.createdAt,
  }
}

type Terms = {
  access_fee: { amount: number; currency: string }
  included_kwh: string
  included: PlanTerms['included']
  overage: { kind: 'public' | 'discount' | 'tariff' } & Record<string, unknown>
}

function overageOf(overage: unknown, currency: string): Overage {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the contract has checked every kind of it
  const given = overage as
    | Exclude<Overage, { kind: 'tariff' }>
    | { kind: 'tariff'; tariff: unknown }
  if (given.kind !== 'tariff') return given
  const tariff = mustBeTariff(given.tariff, 'overage.tariff')
  if (tariff.currency !== currency) {
    throw new DomainError(
      'unsupported_currency',
      `overage.tariff.currency: the plan is in ${currency}`,
      { param: 'overage.tariff.currency' },
    )
  }
  return { kind: 'tariff', tariff }
}

/** A plan is sold where we know the market, in its currency. */
function checkMarket(country: string, currency: string, now: string): void {
  const profile = profileFor(country, now)
  if (!profile) {
    throw new DomainError('validation_error', `country: no market profile for ${country}`, {
      param: 'country',
    })
  }
  if (profile.currency !== currency) {
    throw new DomainError(
      'unsupported_currency',
      `access_fee.currency: prices in ${country} are in ${profile.currency}`,
      { param: 'access_fee.currency' },
    )
  }
}

const storedOf = (body: Terms): PlanTerms => ({
  included_kwh: body.included_kwh,
  included: body.included,
  overage: overageOf(body.overage, body.access_fee.currency),
})

/** What its subscribers do not pay is kept back from the seller's payouts, so both are in one currency. */
async function checkPayout(tx: Tx, viewer: Viewer, currency: string): Promise<void> {
  const account = await getAccount(tx, viewer.sees, viewer.accountId)
  if (account !== undefined && account.payoutCurrency !== currency)
    throw new DomainError(
      'unsupported_currency',
      `access_fee.currency: your payouts are in ${account.payoutCurrency}, and what subscribers do not pay is kept back from them`,
      { param: 'access_fee.currency' },
    )
}

type Seller = Viewer & { type: 'partner' | 'cpo' }
const sells = (viewer: Viewer): viewer is Seller =>
  viewer.type === 'partner' || viewer.type === 'cpo'

function mustSell(viewer: Viewer): asserts viewer is Seller {
  if (!sells(viewer))
    throw new DomainError('insufficient_scope', 'Plans are sold by a partner or a CPO.')
}

async function tell(
  tx: Tx,
  plan: Plan,
  type: 'plan.created' | 'plan.version_added' | 'plan.retired',
  at: string,
) {
  await appendEvent(tx, {
    accountId: plan.owner,
    type,
    objectId: plan.id,
    data: plan,
    dedupeKey: `${plan.id}@${plan.version}:${type}`,
    at,
  })
}

/** Its newest version, if it is the caller's own, locked for whoever changes it. */
async function ownPlan(tx: Tx, viewer: Viewer, id: string): Promise<PlanRow> {
  await lockPlan(tx, id)
  const row = await getPlan(tx, id)
  if (row?.ownerId !== viewer.accountId) throw missing('plan')
  return row
}

export const planRoutes: Handlers<Contract['plans']> = {
  async create({ tx, viewer, body, now }) {
    mustSell(viewer)
    checkMarket(body.country, body.access_fee.currency, now)
    await checkPayout(tx, viewer, body.access_fee.currency)
    const row = await insertPlan(tx, {
      ownerId: viewer.accountId,
      ownerType: viewer.type,
      name: body.name,
      country: body.country,
      currency: body.access_fee.currency,
      feeMinor: body.access_fee.amount,
      terms: storedOf(body),
      at: now,
    })
    const plan = await planView(tx, row, now)
    await tell(tx, plan, 'plan.created', now)
    return plan
  },

  async add_version({ tx, viewer, params, body, now }) {
    mustSell(viewer)
    const before = await ownPlan(tx, viewer, params.id)
    if (before.retired) throw new DomainError('invalid_transition', `Plan ${before.id} is retired.`)
    if (body.access_fee.currency !== before.currency) {
      throw new DomainError(
        'unsupported_currency',
        `access_fee.currency: the plan is in ${before.currency}`,
        { param: 'access_fee.currency' },
      )
    }
    const row = await insertPlan(
      tx,
      {
        ownerId: before.ownerId,
        ownerType: before.ownerType,
        name: body.name,
        country: before.country,
        currency: before.currency,
        feeMinor: body.access_fee.amount,
        terms: storedOf(body),
        at: now,
      },
      before,
    )
    const plan = await planView(tx, row, now)
    await tell(tx, plan, 'plan.version_added', now)
    return plan
  },

  async retire({ tx, viewer, params, now }) {
    mustSell(viewer)
    await ownPlan(tx, viewer, params.id)
    await retirePlan(tx, viewer.accountId, params.id)
    const plan = await planView(tx, await ownPlan(tx, viewer, params.id), now)
    await tell(tx, plan, 'plan.retired', now)
    return plan
  },

  async get({ deps, tx, params, query, now }) {
    const row = await getPlan(tx, params.id, query.version)
    if (!row) throw missing('plan')
    return planView(deps.db, row, now)
  },

  async list({ deps, tx, query, now }) {
    const page = await listPlans(tx, { ...pageRequest(query, 'plan'), ownerId: query.owner })
    const data = await Promise.all(page.data.map((row) => planView(deps.db, row, now)))
    return pageView({ ...page, data }, (plan) => plan)
  },
}

// ── Ratings ─────────────────────────────────────────────────────────────────────────────────────────────────────

function ratingView(row: RatingRow): SessionRating {
  const { net, vat, gross } = row.totals
  return {
    session: row.sessionId,
    purpose: row.purpose,
    revision: row.revision,
    cdr: row.cdrId,
    usage_hash: row.usageHash,
    energy_kwh: row.energyKwh,
    tariff_hash: row.tariffHash,
    engine_version: row.engineVersion,
    total: { net, vat, gross },
    reference: row.reference,
    price_proof: row.proofId,
    created_at: row.createdAt,
  }
}

export const ratingRoutes: Handlers<Contract['ratings']> = {
  async list({ tx, viewer, params }) {
    await readSession(tx, viewer, params.id)
    return { data: (await ratingsOfSession(tx, params.id)).map(ratingView) }
  },
}

// ── Credit lines ────────────────────────────────────────────────────────────────────────────────────────────────

/** The books are one and no tenant reads them, so what is owed is asked in the process's own name. */
async function creditView(sql: Sql, row: CreditLineOfAccount): Promise<CreditLine> {
  const { accountId, limit } = row
  const { currency } = limit
  const [owed, held] = await Promise.all([
    balanceOf(sql, accounts.onAccount(accountId, currency)),
    heldOnAccount(sql, { accountId, currency }),
  ])
  return creditLineView(row, { owed: money(owed, currency), held })
}

export const creditLineRoutes: Handlers<Contract['credit_lines']> = {
  async set({ deps, tx, viewer, body, now }) {
    const account = await getAccount(tx, viewer.sees, body.account)
    if (account?.type !== 'partner') throw missing('partner', 'account')
    const row = await putCreditLine(tx, {
      accountId: account.id,
      limit: body.limit,
      at: now,
    })
    return creditView(deps.db, row)
  },
  record_payment: {
    // The books are not a tenant's to write, so it is posted in the process's own name, once under the chosen id.
    async outside({ deps, body, resourceId, now }) {
      const { amount, account, reference } = body
      const row = await creditLine(deps.db, account, amount.currency)
      if (!row) throw missing('credit line', 'account')
      const entry = accountPaidEntry({
        key: `account_paid:${resourceId}`,
        partnerId: account,
        amount,
      })
      await deps.db.tx(async (tx) => {
        await postEntry(tx, {
          key: entry.key,
          kind: entry.kind,
          effectiveAt: body.received_at,
          postings: entry.postings,
        })
        await appendEvent(tx, {
          accountId: account,
          type: 'credit_line.paid',
          objectId: account,
          data: await creditView(tx, row),
          context: { amount, reference, received_at: body.received_at },
          dedupeKey: entry.key,
          at: now,
        })
      })
      return creditView(deps.db, row)
    },
  },
  async list({ deps, tx, viewer }) {
    const rows = await creditLinesOf(tx, viewer.sees)
    return { data: await Promise.all(rows.map((row) => creditView(deps.db, row))) }
  },
}

// ── What was charged to an account ──────────────────────────────────────────────────────────────────────────────

/** A statement holds at most this many sessions; a longer time is asked for in parts. */
const chargesMax = 10_000

type Charge = Awaited<ReturnType<typeof accountCharges>>[number]

function chargeView(row: Charge): AccountStatement['lines'][number] {
  const { invoice } = row
  return {
    session: row.sessionId,
    driver: { id: row.driverId, external_id: row.driverExternalId },
    ended_at: row.endedAt ?? '',
    evse_id: row.evseId,
    country: row.country,
    energy_wh: row.energyWh,
    charged: row.charged,
    invoice: invoice && {
      id: invoice.id,
      document_number: invoice.documentNumber,
      net: invoice.net,
      vat: invoice.vat,
      gross: invoice.gross,
    },
  }
}

/** Whose account; a partner's own, finance and the platform name one. */
async function accountOf(tx: Tx, viewer: Viewer, asked: string | undefined): Promise<string> {
  const id = asked ?? viewer.accountId
  const account = await getAccount(tx, viewer.sees, id)
  if (account?.type !== 'partner') throw missing('partner', 'account')
  return account.id
}

export const accountReportRoutes: Pick<Handlers<Contract['reports']>, 'account_statement'> = {
  async account_statement({ deps, tx, viewer, query }) {
    const { from, to } = query
    if (to <= from)
      throw new DomainError('validation_error', 'to: must be after from', { param: 'to' })
    const account = await accountOf(tx, viewer, query.account)
    const rows = await accountCharges(tx, account, { from, to, limit: chargesMax + 1 })
    if (rows.length > chargesMax) {
      throw new DomainError(
        'validation_error',
        `to: more than ${chargesMax} sessions, ask for a shorter time`,
        { param: 'to' },
      )
    }
    const byCurrency = Map.groupBy(rows, ({ charged }) => charged.currency)
    const totals = await Promise.all(
      [...byCurrency].map(async ([currency, own]) => ({
        currency,
        sessions: own.length,
        charged: sum(
          own.map(({ charged }) => charged),
          currency,
        ),
        owed: money(await balanceOf(deps.db, accounts.onAccount(account, currency)), currency),
      })),
    )
    return { from, to, account, lines: rows.map(chargeView), totals }
  },
}
