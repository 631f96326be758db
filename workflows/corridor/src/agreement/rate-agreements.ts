// What the two sides of a rate agreement decide: one verb per decision, told to both in the tx that makes it.
import { type Db, inNameOf, type Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  getRateAgreement,
  insertRateAgreement,
  lockRateAgreement,
  moveRateAgreement,
  type NewRateAgreement,
  type RateAgreementRow,
  type RateAgreementView,
  versionsToEnd,
} from '@chargelane/db/queries/partners/rate-agreements'
import { rateAgreementView } from '@chargelane/db/views/plans/rate-agreements'
import type { BodyOf, Contract, RateAgreement, RateAgreementTerms } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { RateTerms } from '@chargelane/rules/agreement'
import type { Act, Actor } from '../onboarding/act.ts'
import { mustBeTariff } from './plan/own-tariff.ts'
import { checkActivation } from './activation.ts'

/** Tells both sides, each in its own log, in the tx of the change. */
async function tell(
  tx: Tx,
  row: RateAgreementView,
  type: EventTypeOf<'RateAgreement'>,
  now: string,
): Promise<void> {
  for (const accountId of [row.cpoId, row.partnerId])
    await inNameOf(tx, accountId, (as) =>
      appendEvent(as, {
        accountId,
        type,
        objectId: row.id,
        data: rateAgreementView(row, now),
        dedupeKey: `${row.id}@${row.version}:${type}:${accountId}`,
        at: now,
      }),
    )
}

function termsOf(body: RateAgreementTerms): RateTerms {
  const { price, connector, times } = body
  const rest = {
    ...(connector === undefined ? {} : { connector }),
    ...(times === undefined ? {} : { times }),
  }
  if (price.kind === 'discount') return { price, ...rest }
  const tariff = mustBeTariff(price.tariff, 'price.tariff')
  return { price: { kind: 'tariff', tariff }, ...rest }
}

const newVersion = (
  body: RateAgreementTerms,
  sides: Pick<NewRateAgreement, 'cpoId' | 'partnerId' | 'proposedBy'>,
  now: string,
): NewRateAgreement => ({
  ...sides,
  name: body.name,
  justification: body.justification ?? null,
  terms: termsOf(body),
  evses: body.evses ?? null,
  locations: body.locations ?? null,
  effectiveFrom: body.effective_from ?? now,
  effectiveTo: body.effective_to ?? null,
  status: body.draft ? 'draft' : 'proposed',
  at: now,
})

function isSide(viewer: Actor): viewer is Actor & { type: 'partner' | 'cpo' } {
  return viewer.type === 'partner' || viewer.type === 'cpo'
}

const notASide = () =>
  new DomainError('insufficient_scope', 'An agreement is between a CPO and a partner.')

export async function mustSeeAgreement(
  tx: Tx,
  viewer: Actor,
  id: string,
  now: string,
  version?: number,
) {
  const row = await getRateAgreement(tx, viewer.sees, id, now, version)
  if (!row) throw missing('rate agreement')
  return row
}

const wrongState = (row: RateAgreementRow, wish: string) =>
  new DomainError(
    'invalid_transition',
    `Version ${row.version} of ${row.id} is ${row.status}: ${wish}`,
    {
      extra: { state: row.status },
    },
  )

/** Locks, reads the newest version, changes it, tells both sides. */
async function decide(
  { tx, viewer, now }: Act,
  id: string,
  type: EventTypeOf<'RateAgreement'>,
  change: (row: RateAgreementView) => Promise<RateAgreementRow | undefined>,
): Promise<RateAgreement> {
  if (!isSide(viewer)) throw notASide()
  await lockRateAgreement(tx, id)
  const before = await mustSeeAgreement(tx, viewer, id, now)
  const changed = await change(before)
  if (!changed) throw wrongState(before, 'this is not possible any more')
  const row = await mustSeeAgreement(tx, viewer, id, now, changed.version)
  await tell(tx, row, type, now)
  return rateAgreementView(row, now)
}

const later = (a: string, b: string) => (a > b ? a : b)
const sooner = (a: string | null, b: string) => (a !== null && a < b ? a : b)

type Verbs = Contract['rate_agreements']

/** A first version, proposed at once or kept as a draft. `db` is the process's own: the other side's row is not ours. */
export async function offerAgreement(
  { tx, viewer, now }: Act,
  db: Db,
  body: BodyOf<Verbs['create']>,
): Promise<RateAgreement> {
  if (!isSide(viewer)) throw notASide()
  // That it exists and stands on the other side is all that is asked.
  const other = await getAccount(db, body.counterparty, body.counterparty)
  const wanted = viewer.type === 'cpo' ? 'partner' : 'cpo'
  if (other?.type !== wanted) throw missing(wanted, 'counterparty')
  const isCpo = viewer.type === 'cpo'
  const sides = {
    cpoId: isCpo ? viewer.accountId : other.id,
    partnerId: isCpo ? other.id : viewer.accountId,
    proposedBy: viewer.accountId,
  }
  const made = await insertRateAgreement(tx, newVersion(body, sides, now))
  const row = { ...made, activeVersion: null }
  if (row.status === 'proposed') await tell(tx, row, 'rate_agreement.proposed', now)
  return rateAgreementView(row, now)
}

/** Other terms for what both sides have decided about before. */
export async function amendAgreement(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Verbs['amend']>,
): Promise<RateAgreement> {
  if (!isSide(viewer)) throw notASide()
  await lockRateAgreement(tx, id)
  const before = await mustSeeAgreement(tx, viewer, id, now)
  if (before.status === 'draft' || before.status === 'proposed')
    throw wrongState(before, 'decide on it before you propose other terms')
  const { cpoId, partnerId, activeVersion } = before
  const sides = { cpoId, partnerId, proposedBy: viewer.accountId }
  const made = await insertRateAgreement(tx, newVersion(body, sides, now), before)
  const row = { ...made, activeVersion }
  if (row.status === 'proposed') await tell(tx, row, 'rate_agreement.proposed', now)
  return rateAgreementView(row, now)
}

export const proposeAgreement = (act: Act, id: string): Promise<RateAgreement> =>
  decide(act, id, 'rate_agreement.proposed', (row) =>
    moveRateAgreement(act.tx, row, row.proposedBy === act.viewer.accountId ? ['draft'] : [], {
      status: 'proposed',
    }),
  )

export const acceptAgreement = (act: Act, id: string): Promise<RateAgreement> =>
  decide(act, id, 'rate_agreement.activated', async (row) => {
    const { tx, viewer, now } = act
    if (row.status !== 'proposed') throw wrongState(row, 'there is nothing to accept')
    if (row.proposedBy === viewer.accountId)
      throw wrongState(row, 'the side that proposed does not accept')
    if (row.effectiveTo !== null && row.effectiveTo <= now)
      throw wrongState(row, `it was to end at ${row.effectiveTo}`)
    await checkActivation(tx, row, now)
    // Never in retrospect: quotes made before it was accepted stay what they were.
    const activeFrom = later(row.effectiveFrom, now)
    for (const old of await versionsToEnd(tx, row.id, now))
      await moveRateAgreement(tx, old, ['active'], { endedAt: sooner(old.endedAt, activeFrom) })
    return moveRateAgreement(tx, row, ['proposed'], {
      status: 'active',
      activeFrom,
      endedAt: row.effectiveTo,
      decidedBy: viewer.accountId,
      decidedAt: now,
    })
  })

export const rejectAgreement = (
  act: Act,
  id: string,
  { reason }: BodyOf<Verbs['reject']>,
): Promise<RateAgreement> =>
  decide(act, id, 'rate_agreement.rejected', (row) =>
    moveRateAgreement(act.tx, row, ['draft', 'proposed'], {
      status: 'rejected',
      decidedBy: act.viewer.accountId,
      decidedAt: act.now,
      reason,
    }),
  )

export const endAgreement = (
  act: Act,
  id: string,
  body: BodyOf<Verbs['end']>,
): Promise<RateAgreement> =>
  decide(act, id, 'rate_agreement.ended', async (row) => {
    const { tx, viewer, now } = act
    const at = later(body.at ?? now, now)
    let last: RateAgreementRow | undefined
    for (const version of await versionsToEnd(tx, row.id, now))
      last ??= await moveRateAgreement(tx, version, ['active'], {
        // What never came to count ends before it begins.
        status: at <= now ? 'ended' : 'active',
        endedAt: sooner(version.endedAt, at),
        reason: body.reason,
        decidedBy: viewer.accountId,
        decidedAt: now,
      })
    return last
  })
