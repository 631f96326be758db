// What an employer pays its drivers per kWh, and what that comes to.
import type { Tx } from '@chargelane/db'
import { getDriver } from '@chargelane/db/queries/partners/drivers'
import { reimbursementsBetween } from '@chargelane/db/queries/plans/ratings'
import {
  endReimbursementRate,
  getReimbursementRate,
  insertReimbursementRate,
  type ReimbursementRateRow,
} from '@chargelane/db/queries/plans/reimbursements'
import type { ReimbursementLine } from '@chargelane/db/views/plans/reimbursements'
import { type BodyOf, type Contract, reimbursementLinesMax } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency } from '@chargelane/rules/money'
import type { Act, Actor } from '../../onboarding/act.ts'

export async function mustSeeRate(
  tx: Tx,
  viewer: Actor,
  id: string,
): Promise<ReimbursementRateRow> {
  const row = await getReimbursementRate(tx, viewer.sees, id)
  if (!row) throw missing('reimbursement rate')
  return row
}

function timesOf(from: string | undefined, to: string | undefined, now: string) {
  const effectiveFrom = from ?? now
  if (effectiveFrom < now) {
    throw new DomainError('invalid_value', 'effective_from: is in the past', {
      param: 'effective_from',
    })
  }
  if (to !== undefined && to <= effectiveFrom) {
    throw new DomainError('invalid_value', 'effective_to: must be after effective_from', {
      param: 'effective_to',
    })
  }
  return { effectiveFrom, effectiveTo: to ?? null }
}

type Verbs = Contract['reimbursement_rates']

export async function setRate(
  { tx, viewer, now }: Act,
  body: BodyOf<Verbs['create']>,
): Promise<ReimbursementRateRow> {
  if (viewer.type !== 'partner')
    throw new DomainError('insufficient_scope', 'An employer sets what its drivers are paid.')
  if (!isKnownCurrency(body.currency)) {
    throw new DomainError('unsupported_currency', `currency: ${body.currency}`, {
      param: 'currency',
    })
  }
  for (const [index, id] of (body.drivers ?? []).entries())
    if (!(await getDriver(tx, viewer.accountId, id))) throw missing('driver', `drivers.${index}`)
  return insertReimbursementRate(tx, {
    accountId: viewer.accountId,
    name: body.name,
    kind: body.kind,
    country: body.country,
    price: body.price_per_kwh,
    currency: body.currency,
    drivers: body.drivers ?? null,
    evses: body.evses ?? null,
    locations: body.locations ?? null,
    ...timesOf(body.effective_from, body.effective_to, now),
    at: now,
  })
}

/** Never in retrospect. */
export async function endRate(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Verbs['end']>,
): Promise<ReimbursementRateRow> {
  await mustSeeRate(tx, viewer, id)
  const at = body.at < now ? now : body.at
  const row = await endReimbursementRate(tx, viewer.sees, id, at)
  if (!row) throw new DomainError('invalid_transition', 'The rate ends earlier already.')
  return row
}

type Query = { from: string; to: string; driver?: string | undefined }

/** Every reimbursed session of a time, or a refusal where they are too many for one answer. */
export async function reimbursedSessions(
  { tx, viewer }: Act,
  query: Query,
): Promise<ReimbursementLine[]> {
  if (query.to <= query.from)
    throw new DomainError('invalid_value', 'to: must be after from', { param: 'to' })
  const lines = await reimbursementsBetween(tx, viewer.sees, {
    ...query,
    limit: reimbursementLinesMax + 1,
  })
  if (lines.length > reimbursementLinesMax) {
    throw new DomainError(
      'invalid_value',
      `to: more than ${reimbursementLinesMax} sessions, ask for a shorter time`,
      { param: 'to' },
    )
  }
  return lines
}
