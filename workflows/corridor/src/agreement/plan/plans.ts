// What a partner or a CPO does with the plans it sells: one verb per decision, told in the tx that makes it.
import type { Sql, Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  getPlan,
  insertPlan,
  lockPlan,
  type PlanRow,
  retirePlan as closePlan,
} from '@chargelane/db/queries/plans/plans'
import { planOwner } from '@chargelane/db/queries/plans/subscriptions'
import { planView } from '@chargelane/db/views/plans/plans'
import type { BodyOf, Contract, Plan } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { profileFor } from '@chargelane/rules/markets'
import { taxFaults } from '@chargelane/rules/tariff'
import { money } from '@chargelane/rules/money'
import { accessFee, type Overage, type PlanTerms } from '@chargelane/rules/plan'
import type { Act, Actor } from '../../onboarding/act.ts'
import { mustBeTariff } from './own-tariff.ts'

/** The fee of a version at an instant, with the VAT of its owner's service. */
export async function planFee(sql: Sql, row: PlanRow, at: string): Promise<Plan['access_fee']> {
  const owner = await planOwner(sql, row.ownerId, at)
  if (!owner) throw new Error(`owner ${row.ownerId} of plan ${row.id} is gone`)
  const result = accessFee({
    gross: money(row.feeMinor, row.currency),
    owner: { ...owner, business: true },
    country: row.country,
    at,
  })
  if (!result.ok) throw new DomainError('invalid_value', result.message, { param: 'country' })
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
export async function showPlan(sql: Sql, row: PlanRow, now: string): Promise<Plan> {
  return planView(row, await planFee(sql, row, now))
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
    throw new DomainError('invalid_value', `country: no market profile for ${country}`, {
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

function storedOf(body: Terms, country: string, now: string): PlanTerms {
  const overage = overageOf(body.overage, body.access_fee.currency)
  const profile = profileFor(country, now)
  if (overage.kind === 'tariff' && profile !== undefined) {
    const [fault] = taxFaults(overage.tariff, profile, now)
    const param = `overage.tariff.${fault?.path}`
    if (fault !== undefined)
      throw new DomainError('market_rule_violation', `${param}: ${fault.message}`, { param })
  }
  return { included_kwh: body.included_kwh, included: body.included, overage }
}

/** What its subscribers do not pay is kept back from the seller's payouts, so both are in one currency. */
async function checkPayout(tx: Tx, viewer: Actor, currency: string): Promise<void> {
  const account = await getAccount(tx, viewer.sees, viewer.accountId)
  if (account !== undefined && account.payoutCurrency !== currency)
    throw new DomainError(
      'unsupported_currency',
      `access_fee.currency: your payouts are in ${account.payoutCurrency}, and what subscribers do not pay is kept back from them`,
      { param: 'access_fee.currency' },
    )
}

type Seller = Actor & { type: 'partner' | 'cpo' }
const sells = (viewer: Actor): viewer is Seller =>
  viewer.type === 'partner' || viewer.type === 'cpo'

function mustSell(viewer: Actor): asserts viewer is Seller {
  if (!sells(viewer))
    throw new DomainError('insufficient_scope', 'Plans are sold by a partner or a CPO.')
}

async function tell(tx: Tx, plan: Plan, type: EventTypeOf<'Plan'>, at: string) {
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
async function ownPlan(tx: Tx, viewer: Actor, id: string): Promise<PlanRow> {
  await lockPlan(tx, id)
  const row = await getPlan(tx, id)
  if (row?.ownerId !== viewer.accountId) throw missing('plan')
  return row
}

type Create = BodyOf<Contract['plans']['create']>
type AddVersion = BodyOf<Contract['plans']['add_version']>

export async function createPlan({ tx, viewer, now }: Act, body: Create): Promise<Plan> {
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
    terms: storedOf(body, body.country, now),
    at: now,
  })
  const plan = await showPlan(tx, row, now)
  await tell(tx, plan, 'plan.created', now)
  return plan
}

/** Other terms; subscriptions keep theirs until they are moved. */
export async function addPlanVersion(
  { tx, viewer, now }: Act,
  id: string,
  body: AddVersion,
): Promise<Plan> {
  mustSell(viewer)
  const before = await ownPlan(tx, viewer, id)
  if (before.retired) throw new DomainError('invalid_transition', `Plan ${before.id} is retired.`)
  if (body.access_fee.currency !== before.currency) {
    throw new DomainError(
      'unsupported_currency',
      `access_fee.currency: the plan is in ${before.currency}`,
      { param: 'access_fee.currency' },
    )
  }
  const { ownerId, ownerType, country, currency } = before
  const row = await insertPlan(
    tx,
    {
      ownerId,
      ownerType,
      name: body.name,
      country,
      currency,
      feeMinor: body.access_fee.amount,
      terms: storedOf(body, country, now),
      at: now,
    },
    before,
  )
  const plan = await showPlan(tx, row, now)
  await tell(tx, plan, 'plan.version_added', now)
  return plan
}

export async function retirePlan({ tx, viewer, now }: Act, id: string): Promise<Plan> {
  mustSell(viewer)
  await ownPlan(tx, viewer, id)
  await closePlan(tx, viewer.accountId, id)
  const plan = await showPlan(tx, await ownPlan(tx, viewer, id), now)
  await tell(tx, plan, 'plan.retired', now)
  return plan
}
