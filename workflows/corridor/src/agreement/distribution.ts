// What the platform and an account decide about their distribution agreement: one verb per decision, told to the account.
import { inNameOf, type Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  type AgreementRow,
  type AgreementView,
  getAgreement,
  insertAgreement,
  lastAgreementOf,
  lockAgreement,
  moveAgreement,
  type NewAgreement,
  versionsToEnd,
} from '@chargelane/db/queries/partners/agreements'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { agreementView } from '@chargelane/db/views/partners/agreements'
import type { BodyOf, Contract, DistributionAgreement } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import {
  cpoTerms,
  type DistributionTerms,
  partnerTerms,
  versionName,
} from '@chargelane/rules/agreement/distribution'
import { isSoldModel } from '@chargelane/rules/quote/may-start'
import type { Act, Actor } from '../onboarding/act.ts'

type Verbs = Contract['agreements']
type Proposal = BodyOf<Verbs['amend']>

const invalid = (param: string, message: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param })

const wrongState = (row: AgreementRow, wish: string) =>
  new DomainError(
    'invalid_transition',
    `Version ${row.version} of ${row.id} is ${row.status}: ${wish}`,
    { extra: { state: row.status } },
  )

const isPlatform = ({ type }: Actor): boolean => type === 'platform'

/** The account hears of it in its own log, in the tx of the change; public terms are told to nobody in particular. */
async function tell(
  tx: Tx,
  row: AgreementView,
  type: EventTypeOf<'DistributionAgreement'>,
  now: string,
): Promise<void> {
  const { accountId } = row
  if (accountId === null) return
  await inNameOf(tx, accountId, (as) =>
    appendEvent(as, {
      accountId,
      type,
      objectId: row.id,
      data: agreementView(row, now),
      dedupeKey: `${versionName(row)}:${type}:${accountId}`,
      at: now,
    }),
  )
}

function termsOf({ terms }: Proposal): DistributionTerms {
  const common = {
    markets: terms.markets,
    currencies: terms.currencies,
  }
  if (terms.side === 'partner')
    return partnerTerms({
      ...common,
      partnerShareBps: terms.partner_share_bps,
      benefitMode: terms.benefit_mode,
    })
  if (!isSoldModel(terms.supply_model))
    throw new DomainError(
      'not_offered',
      `terms.supply_model: ${terms.supply_model} is not offered yet; use agency.`,
      { param: 'terms.supply_model' },
    )
  const { bps, floor, cap } = terms.commission
  return cpoTerms({
    ...common,
    commission: { bps, ...(floor && { floor }), ...(cap && { cap }) },
    supplyModel: terms.supply_model,
    offlineLiability: terms.offline_liability,
  })
}

function newVersion(
  body: Proposal,
  sides: Pick<NewAgreement, 'accountId' | 'proposedBy'>,
  now: string,
): NewAgreement {
  return {
    ...sides,
    terms: termsOf(body),
    effectiveFrom: body.effective_from ?? now,
    effectiveTo: body.effective_to ?? null,
    reason: body.reason ?? null,
    status: body.draft ? 'draft' : 'proposed',
    at: now,
  }
}

export async function mustSeeAgreement(
  tx: Tx,
  viewer: Actor,
  id: string,
  now: string,
  version?: number,
): Promise<AgreementView> {
  const row = await getAgreement(tx, viewer.sees, id, now, version)
  if (!row) throw missing('agreement')
  return row
}

/** Whom the proposal is to: the platform names it, anybody else is it. */
async function counterOf({ tx, viewer }: Act, body: BodyOf<Verbs['create']>) {
  if (!isPlatform(viewer)) {
    if (viewer.type !== 'cpo' && viewer.type !== 'partner')
      throw new DomainError('insufficient_scope', 'An agreement is with an operator or a partner.')
    if (body.account !== undefined && body.account !== viewer.accountId) throw missing('account')
    return { accountId: viewer.accountId, side: viewer.type }
  }
  if (body.account === undefined) return { accountId: null, side: body.terms.side }
  const account = await getAccount(tx, viewer.sees, body.account)
  if (account?.type !== 'cpo' && account?.type !== 'partner') throw missing('account')
  return { accountId: account.id, side: account.type }
}

const requireSide = (terms: { side: string }, side: string) => {
  if (terms.side !== side) throw invalid('terms.side', `must be ${side}`)
}

/** Nothing else is open between the two: one proposal at a time. */
function requireDecided(before: AgreementRow | undefined): void {
  if (before?.status === 'draft' || before?.status === 'proposed')
    throw wrongState(before, 'decide on it before you propose other terms')
}

/** What is proposed is told; public terms that the platform does not keep to itself count at once. */
async function made(act: Act, row: AgreementRow): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  if (row.status === 'proposed' && row.accountId === null) return publish(act, row)
  const view = await mustSeeAgreement(tx, viewer, row.id, now, row.version)
  if (row.status === 'proposed') await tell(tx, view, 'agreement.proposed', now)
  return agreementView(view, now)
}

/** A proposal of terms; where the account has an agreement already, it is the next version of that. */
export async function proposeTerms(
  act: Act,
  body: BodyOf<Verbs['create']>,
): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  const { accountId, side } = await counterOf(act, body)
  requireSide(body.terms, side)
  const sides = { accountId, proposedBy: viewer.accountId }
  if (accountId === null) return made(act, await insertAgreement(tx, newVersion(body, sides, now)))
  await lockAgreement(tx, accountId)
  const before = await lastAgreementOf(tx, accountId)
  requireDecided(before)
  return made(act, await insertAgreement(tx, newVersion(body, sides, now), before))
}

/** Other terms for what both sides have decided about before. */
export async function amendTerms(
  act: Act,
  id: string,
  body: Proposal,
): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  const before = await lockedAgreement(act, id)
  requireDecided(before)
  requireSide(body.terms, before.side)
  const sides = { accountId: before.accountId, proposedBy: viewer.accountId }
  return made(act, await insertAgreement(tx, newVersion(body, sides, now), before))
}

/** The newest version, with every other decision about it waiting. */
async function lockedAgreement({ tx, viewer, now }: Act, id: string): Promise<AgreementView> {
  const seen = await mustSeeAgreement(tx, viewer, id, now)
  const { accountId } = seen
  if (accountId === null && !isPlatform(viewer)) return seen
  await lockAgreement(tx, accountId ?? id)
  return mustSeeAgreement(tx, viewer, id, now)
}

async function decided(
  { tx, viewer, now }: Act,
  row: AgreementRow | undefined,
  before: AgreementRow,
  type: EventTypeOf<'DistributionAgreement'>,
): Promise<DistributionAgreement> {
  if (row === undefined) throw wrongState(before, 'this is not possible any more')
  const view = await mustSeeAgreement(tx, viewer, row.id, now, row.version)
  await tell(tx, view, type, now)
  return agreementView(view, now)
}

export async function proposeDraft(act: Act, id: string): Promise<DistributionAgreement> {
  const { tx, viewer } = act
  const before = await lockedAgreement(act, id)
  const from = before.proposedBy === viewer.accountId ? (['draft'] as const) : []
  if (before.accountId === null && before.status === 'draft') return publish(act, before)
  const row = await moveAgreement(tx, before, [...from], { status: 'proposed' })
  return decided(act, row, before, 'agreement.proposed')
}

const later = (a: string, b: string) => (a > b ? a : b)
const sooner = (a: string | null, b: string) => (a !== null && a < b ? a : b)

/**
 * Counts from then on, and what counted before counts until then. Never in retrospect: what was sold under other terms
 * keeps them.
 */
async function activate(
  { tx, now }: Act,
  row: AgreementRow,
  by: string,
): Promise<AgreementRow | undefined> {
  const { effectiveTo } = row
  const activeFrom = later(row.effectiveFrom, now)
  if (effectiveTo !== null && effectiveTo <= now)
    throw wrongState(row, `it was to end at ${effectiveTo}`)
  for (const old of await versionsToEnd(tx, row, activeFrom))
    await moveAgreement(tx, old, ['active'], {
      // What never came to count ends before it begins.
      status: activeFrom <= now ? 'ended' : 'active',
      endedAt: sooner(old.endedAt, activeFrom),
    })
  return moveAgreement(tx, row, ['draft', 'proposed'], {
    status: 'active',
    activeFrom,
    endedAt: effectiveTo,
    decidedBy: by,
    decidedAt: now,
  })
}

/** Public terms have nobody to accept them: they count for whoever joins. */
async function publish(act: Act, row: AgreementRow): Promise<DistributionAgreement> {
  const active = await activate(act, row, act.viewer.accountId)
  return decided(act, active, row, 'agreement.activated')
}

/** Public terms become a version of the account's own, as they stand. */
async function join(act: Act, open: AgreementView): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  if (open.side !== viewer.type) throw wrongState(open, `they are for the side ${open.side}`)
  if (open.activeVersion !== open.version || open.status !== 'active')
    throw wrongState(open, 'these terms cannot be joined')
  await lockAgreement(tx, viewer.accountId)
  const before = await lastAgreementOf(tx, viewer.accountId)
  requireDecided(before)
  const own = await insertAgreement(
    tx,
    {
      accountId: viewer.accountId,
      proposedBy: viewer.accountId,
      terms: open.terms,
      joined: versionName(open),
      effectiveFrom: now,
      status: 'proposed',
      at: now,
    },
    before,
  )
  return decided(act, await activate(act, own, open.proposedBy), own, 'agreement.activated')
}

export async function acceptTerms(act: Act, id: string): Promise<DistributionAgreement> {
  const { viewer } = act
  const row = await lockedAgreement(act, id)
  if (row.accountId === null) return join(act, row)
  if (row.status !== 'proposed') throw wrongState(row, 'there is nothing to accept')
  if (row.proposedBy === viewer.accountId)
    throw wrongState(row, 'the side that proposed does not accept')
  return decided(act, await activate(act, row, viewer.accountId), row, 'agreement.activated')
}

export async function rejectTerms(
  act: Act,
  id: string,
  { reason }: BodyOf<Verbs['reject']>,
): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  const before = await lockedAgreement(act, id)
  const row = await moveAgreement(tx, before, ['draft', 'proposed'], {
    status: 'rejected',
    decidedBy: viewer.accountId,
    decidedAt: now,
    reason,
  })
  return decided(act, row, before, 'agreement.rejected')
}

export async function endTerms(
  act: Act,
  id: string,
  body: BodyOf<Verbs['end']>,
): Promise<DistributionAgreement> {
  const { tx, viewer, now } = act
  const before = await lockedAgreement(act, id)
  if (before.accountId === null && !isPlatform(viewer)) throw missing('agreement')
  const at = later(body.at ?? now, now)
  let last: AgreementRow | undefined
  for (const version of await versionsToEnd(tx, before, now)) {
    const moved = await moveAgreement(tx, version, ['active'], {
      status: at <= now ? 'ended' : 'active',
      endedAt: sooner(version.endedAt, at),
      reason: body.reason,
    })
    last ??= moved
  }
  return decided(act, last, before, 'agreement.ended')
}
