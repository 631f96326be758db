import { inNameOf, type Tx } from '@chargelane/db'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { publicPrices, tariffContents } from '@chargelane/db/queries/locations/offers'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  getRateAgreement,
  insertRateAgreement,
  listRateAgreements,
  lockRateAgreement,
  moveRateAgreement,
  type NewRateAgreement,
  type RateAgreementRow,
  type RateAgreementView,
  versionsToEnd,
} from '@chargelane/db/queries/partners/rate-agreements'
import type { Contract, RateAgreement } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { RateAgreementTerms } from '@chargelane/openapi'
import { problemsOfActivation, type RateTerms } from '@chargelane/rules/agreement'
import { profileFor } from '@chargelane/rules/markets'
import { connectorFacts } from '@chargelane/rules/quote/choose'
import { missing } from '../http/errors.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { mustBeTariff } from '../own-tariff.ts'
import { pageRequest } from '../http/page.ts'
import { pageView } from '../http/page.ts'

export function rateAgreementView(row: RateAgreementView, now: string): RateAgreement {
  const { price, connector, times } = row.terms
  const isOver = row.status === 'active' && row.endedAt !== null && row.endedAt <= now
  return {
    id: row.id,
    version: row.version,
    status: isOver ? 'ended' : row.status,
    active_version: row.activeVersion,
    cpo: row.cpoId,
    partner: row.partnerId,
    proposed_by: row.proposedBy,
    name: row.name,
    justification: row.justification,
    price,
    connector: connector ?? null,
    times: times ?? null,
    evses: row.evses,
    locations: row.locations,
    effective_from: row.effectiveFrom,
    effective_to: row.effectiveTo,
    active_from: row.activeFrom,
    ended_at: row.endedAt,
    decided_by: row.decidedBy,
    decided_at: row.decidedAt,
    reason: row.reason,
    livemode: false,
    created_at: row.createdAt,
  }
}

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

function isSide(viewer: Viewer): viewer is Viewer & { type: 'partner' | 'cpo' } {
  return viewer.type === 'partner' || viewer.type === 'cpo'
}

const notASide = () =>
  new DomainError('insufficient_scope', 'An agreement is between a CPO and a partner.')

async function mustSee(tx: Tx, viewer: Viewer, id: string, now: string, version?: number) {
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
  call: { tx: Tx; viewer: Viewer; params: { id: string }; now: string },
  type: EventTypeOf<'RateAgreement'>,
  change: (row: RateAgreementView) => Promise<RateAgreementRow | undefined>,
): Promise<RateAgreement> {
  const { tx, viewer, params, now } = call
  if (!isSide(viewer)) throw notASide()
  await lockRateAgreement(tx, params.id)
  const before = await mustSee(tx, viewer, params.id, now)
  const changed = await change(before)
  if (!changed) throw wrongState(before, 'this is not possible any more')
  const row = await mustSee(tx, viewer, params.id, now, changed.version)
  await tell(tx, row, type, now)
  return rateAgreementView(row, now)
}

/** What the public prices in its scope and the market's rules say to an activation; throws the first objection. */
async function checkActivation(tx: Tx, row: RateAgreementRow, now: string): Promise<void> {
  const scope = { cpoId: row.cpoId, evses: row.evses, locations: row.locations }
  const found = await publicPrices(tx, scope, now)
  const contents = new Map(
    (await tariffContents(tx, found)).map((each) => [
      `${each.id}@${each.version}`,
      each.canonical ?? undefined,
    ]),
  )
  const prices = found.flatMap((price) => {
    const tariff = contents.get(`${price.id}@${price.version}`)
    const profile = profileFor(price.country, now)
    if (tariff === undefined || profile === undefined) return []
    return [{ tariff, profile, timeZone: price.timeZone, connector: connectorFacts(price) }]
  })
  const [problem] = problemsOfActivation({
    terms: row.terms,
    justification: row.justification,
    prices,
    at: now,
  })
  if (problem === undefined) return
  const code = {
    justification_required: 'market_rule_violation',
    above_public: 'market_rule_violation',
    currency_differs: 'unsupported_currency',
    no_public_price: 'price_unavailable',
  } as const
  throw new DomainError(code[problem.code], `${problem.param}: ${problem.message}`, {
    param: problem.param,
    extra: { rule: problem.code },
  })
}

const later = (a: string, b: string) => (a > b ? a : b)
const sooner = (a: string | null, b: string) => (a !== null && a < b ? a : b)

export const rateAgreementRoutes: Handlers<Contract['rate_agreements']> = {
  async create({ deps, tx, viewer, body, now }) {
    if (!isSide(viewer)) throw notASide()
    // The other side's row is not ours to see; that it exists and stands on the other side is all that is asked.
    const other = await getAccount(deps.db, body.counterparty, body.counterparty)
    const wanted = viewer.type === 'cpo' ? 'partner' : 'cpo'
    if (other?.type !== wanted) throw missing(wanted, 'counterparty')
    const isCpo = viewer.type === 'cpo'
    const sides = {
      cpoId: isCpo ? viewer.accountId : other.id,
      partnerId: isCpo ? other.id : viewer.accountId,
      proposedBy: viewer.accountId,
    }
    const row = {
      ...(await insertRateAgreement(tx, newVersion(body, sides, now))),
      activeVersion: null,
    }
    if (row.status === 'proposed') await tell(tx, row, 'rate_agreement.proposed', now)
    return rateAgreementView(row, now)
  },

  async amend({ tx, viewer, params, body, now }) {
    if (!isSide(viewer)) throw notASide()
    await lockRateAgreement(tx, params.id)
    const before = await mustSee(tx, viewer, params.id, now)
    if (before.status === 'draft' || before.status === 'proposed')
      throw wrongState(before, 'decide on it before you propose other terms')
    const { cpoId, partnerId } = before
    const sides = { cpoId, partnerId, proposedBy: viewer.accountId }
    const row = {
      ...(await insertRateAgreement(tx, newVersion(body, sides, now), before)),
      activeVersion: before.activeVersion,
    }
    if (row.status === 'proposed') await tell(tx, row, 'rate_agreement.proposed', now)
    return rateAgreementView(row, now)
  },

  propose: (call) =>
    decide(call, 'rate_agreement.proposed', (row) =>
      moveRateAgreement(call.tx, row, row.proposedBy === call.viewer.accountId ? ['draft'] : [], {
        status: 'proposed',
      }),
    ),

  accept: (call) =>
    decide(call, 'rate_agreement.activated', async (row) => {
      const { tx, viewer, now } = call
      if (row.status !== 'proposed') throw wrongState(row, 'there is nothing to accept')
      if (row.proposedBy === viewer.accountId)
        throw wrongState(row, 'the side that proposed does not accept')
      if (row.effectiveTo !== null && row.effectiveTo <= now)
        throw wrongState(row, `it was to end at ${row.effectiveTo}`)
      await checkActivation(tx, row, now)
      // Never in retrospect: quotes made before it was accepted stay what they were.
      const activeFrom = later(row.effectiveFrom, now)
      for (const old of await versionsToEnd(tx, row.id, now))
        await moveRateAgreement(tx, old, ['active'], {
          endedAt: sooner(old.endedAt, activeFrom),
        })
      return moveRateAgreement(tx, row, ['proposed'], {
        status: 'active',
        activeFrom,
        endedAt: row.effectiveTo,
        decidedBy: viewer.accountId,
        decidedAt: now,
      })
    }),

  reject: (call) =>
    decide(call, 'rate_agreement.rejected', (row) =>
      moveRateAgreement(call.tx, row, ['draft', 'proposed'], {
        status: 'rejected',
        decidedBy: call.viewer.accountId,
        decidedAt: call.now,
        reason: call.body.reason,
      }),
    ),

  end: (call) =>
    decide(call, 'rate_agreement.ended', async (row) => {
      const { tx, viewer, body, now } = call
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
    }),

  async get({ tx, viewer, params, query, now }) {
    return rateAgreementView(await mustSee(tx, viewer, params.id, now, query.version), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = await listRateAgreements(tx, viewer.sees, pageRequest(query, 'rateAgreement'), now)
    return pageView(page, (row) => rateAgreementView(row, now))
  },
}
