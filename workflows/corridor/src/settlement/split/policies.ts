// What is decided about a split policy: one verb per decision, told to its operator and its payees in the tx that makes it.
import { type Db, inNameOf, type Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  insertSplitPolicy,
  lockSplitPolicies,
  moveSplitPolicy,
  type NewSplitPolicy,
  policiesInForce,
  type SplitPolicyRow,
  updateSplitPolicy,
} from '@chargelane/db/queries/partners/split-policies'
import { knownAccounts, knownPlaces } from '@chargelane/db/queries/partners/split-records'
import { splitPolicyView } from '@chargelane/db/views/money/split-policies'
import type { BodyOf, Contract, SplitPolicy, SplitPolicyTerms } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { PolicyTerms } from '@chargelane/rules/documents'
import { isKnownCurrency } from '@chargelane/rules/money'
import { faultsOfPolicy } from '@chargelane/rules/split/check'
import { policyRef } from '@chargelane/rules/split/policy'
import { areOfEqualRank, type PolicyScope } from '@chargelane/rules/split/precedence'
import { type Act, isTenant } from '../../onboarding/act.ts'
import { checkGoldens } from './goldens.ts'
import { mustSeePolicy } from './see.ts'

type Verbs = Contract['split_policies']

// ── What may be kept ────────────────────────────────────────────────────────────────────────────────────────────

const notAnOwner = () =>
  new DomainError(
    'insufficient_scope',
    'A split policy is drafted by an operator for its own sales, or by the platform.',
  )

/** Whose sales it is to share: an operator's own; the platform names one, or none for its default. */
async function cpoFor(
  { viewer }: Act,
  db: Db,
  { cpo, level }: { cpo?: string | undefined; level: SplitPolicyTerms['level'] },
): Promise<string | null> {
  if (viewer.type === 'cpo') {
    if (cpo !== undefined && cpo !== viewer.accountId) throw missing('cpo', 'cpo')
    if (level === 'default')
      throw new DomainError('invalid_value', 'The default is the platform’s.', { param: 'level' })
    return viewer.accountId
  }
  if (viewer.type !== 'platform') throw notAnOwner()
  if ((level === 'default') !== (cpo === undefined))
    throw new DomainError('invalid_value', 'The default is of no operator, every other of one.', {
      param: 'cpo',
    })
  if (cpo === undefined) return null
  if ((await getAccount(db, cpo, cpo))?.type !== 'cpo') throw missing('cpo', 'cpo')
  return cpo
}

const termsOf = ({ text, currency, time_zone, period, rules }: SplitPolicyTerms): PolicyTerms => ({
  text,
  currency,
  time_zone,
  period,
  rules,
})

const wrongPlaces = (message: string) =>
  new DomainError('invalid_value', message, { param: 'places' })

async function checkPlaces(
  db: Db,
  cpoId: string | null,
  { level, places }: Pick<SplitPolicyTerms, 'level' | 'places'>,
): Promise<void> {
  if (level !== 'evse' && level !== 'site') {
    if (places.length > 0) throw wrongPlaces(`At level ${level} there are no places to name.`)
    return
  }
  if (places.length === 0) throw wrongPlaces(`At level ${level} it names its places.`)
  const known = await knownPlaces(db, level, { cpoId: cpoId ?? '', ids: places })
  const strange = places.find((id) => !known.has(id))
  if (strange !== undefined) throw missing(level === 'evse' ? 'evse' : 'location', 'places')
}

/** Refused with the field that no session could be shared by; the other faults stand beside it. */
async function checkTerms(
  { viewer }: Act,
  db: Db,
  cpoId: string | null,
  body: SplitPolicyTerms,
): Promise<void> {
  const { rules, currency, effective_from: from, effective_until: until } = body
  if (!isKnownCurrency(currency))
    throw new DomainError('unsupported_currency', `${currency} is not supported.`, {
      param: 'currency',
    })
  if (from !== undefined && until !== undefined && until <= from)
    throw new DomainError('invalid_value', 'must be after effective_from', {
      param: 'effective_until',
    })
  await checkPlaces(db, cpoId, body)
  const ids = rules.flatMap(({ supplier, recipient }) => [supplier.id, recipient.id])
  const accounts = await knownAccounts(
    db,
    ids.filter((id) => id !== undefined),
  )
  const faults = faultsOfPolicy(termsOf(body), {
    cpo: cpoId,
    isPlatform: !isTenant(viewer),
    accounts,
  })
  const [first] = faults
  if (first !== undefined)
    throw new DomainError('invalid_value', `${first.param} ${first.message}`, {
      param: first.param,
      extra: { faults },
    })
}

const draftOf = (body: SplitPolicyTerms, now: string) => ({
  name: body.name,
  level: body.level,
  places: body.places,
  terms: termsOf(body),
  effectiveFrom: body.effective_from ?? now,
  effectiveUntil: body.effective_until ?? null,
  at: now,
})

// ── Drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The newest version, to be changed by whoever may. */
async function mustOwnPolicy(act: Act, id: string): Promise<SplitPolicyRow> {
  const row = await mustSeePolicy(act.tx, act.viewer, id)
  if (isTenant(act.viewer) ? row.ownerId !== act.viewer.accountId : act.viewer.type !== 'platform')
    throw notAnOwner()
  return row
}

const wrongState = (row: SplitPolicyRow, wish: string, extra: Record<string, unknown> = {}) =>
  new DomainError('invalid_transition', `${policyRef(row)} is ${row.status}: ${wish}`, {
    extra: { state: row.status, ...extra },
  })

/** `db` is the process's own: the payees that a policy names are no rows of its maker. */
export async function draftPolicy(
  act: Act,
  db: Db,
  { cpo, ...body }: BodyOf<Verbs['create']>,
): Promise<SplitPolicy> {
  const cpoId = await cpoFor(act, db, { cpo, level: body.level })
  await checkTerms(act, db, cpoId, body)
  const owned = { cpoId, ownerId: act.viewer.accountId }
  return splitPolicyView(await insertSplitPolicy(act.tx, { ...draftOf(body, act.now), ...owned }))
}

export async function updatePolicy(
  act: Act,
  db: Db,
  { id, body }: { id: string; body: SplitPolicyTerms },
): Promise<SplitPolicy> {
  const row = await mustOwnPolicy(act, id)
  if (row.status !== 'draft') throw wrongState(row, 'other terms are its next version')
  await checkTerms(act, db, row.cpoId, body)
  const changed = await updateSplitPolicy(act.tx, row, draftOf(body, act.now))
  if (changed === undefined) throw wrongState(row, 'somebody else has changed it')
  return splitPolicyView(changed)
}

export async function amendPolicy(
  act: Act,
  db: Db,
  { id, body }: { id: string; body: SplitPolicyTerms },
): Promise<SplitPolicy> {
  await lockSplitPolicies(act.tx)
  const row = await mustOwnPolicy(act, id)
  if (row.status === 'draft') throw wrongState(row, 'change the draft instead')
  await checkTerms(act, db, row.cpoId, body)
  const next: NewSplitPolicy = {
    ...draftOf(body, act.now),
    cpoId: row.cpoId,
    ownerId: act.viewer.accountId,
  }
  return splitPolicyView(await insertSplitPolicy(act.tx, next, row))
}

// ── Decisions ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Its operator, whoever made it and everybody whom a rule names hears of it, each in its own log. */
async function tell(
  tx: Tx,
  row: SplitPolicyRow,
  type: EventTypeOf<'SplitPolicy'>,
  now: string,
): Promise<void> {
  const sides = [row.ownerId, ...(row.cpoId === null ? [] : [row.cpoId])]
  for (const accountId of new Set(sides))
    await inNameOf(tx, accountId, (as) =>
      appendEvent(as, {
        accountId,
        type,
        objectId: row.id,
        data: splitPolicyView(row),
        dedupeKey: `${policyRef(row)}:${type}:${accountId}`,
        at: now,
      }),
    )
}

const scopeOf = (row: SplitPolicyRow): PolicyScope => ({
  id: row.id,
  version: row.version,
  level: row.level,
  places: row.places,
  cpo: row.cpoId,
  effectiveFrom: row.effectiveFrom,
  effectiveUntil: row.effectiveUntil,
})

/** Two of equal rank are never in force together: refused with both names. */
function checkRank(row: SplitPolicyRow, others: readonly SplitPolicyRow[]): void {
  const equal = others.find(
    (other) =>
      other.terms.currency === row.terms.currency &&
      other.level !== 'contract' &&
      areOfEqualRank(scopeOf(other), scopeOf(row)),
  )
  if (equal === undefined) return
  throw wrongState(
    row,
    `${policyRef(row)} and ${policyRef(equal)} would count for the same sessions from ${row.effectiveFrom} on`,
    { overlaps: [policyRef(row), policyRef(equal)] },
  )
}

const later = (a: string, b: string) => (a > b ? a : b)

/** Shares what is quoted from then on; the version before it ends at the same instant. `db` sees all policies. */
export async function activatePolicy(act: Act, db: Db, id: string): Promise<SplitPolicy> {
  const { tx, now } = act
  await lockSplitPolicies(tx)
  const row = await mustOwnPolicy(act, id)
  if (row.status !== 'draft') throw wrongState(row, 'there is no draft to activate')
  const { effectiveUntil: until } = row
  const effectiveFrom = later(row.effectiveFrom, now)
  if (until !== null && until <= effectiveFrom) throw wrongState(row, `it was to end at ${until}`)
  const inForce = await policiesInForce(db, now)
  checkRank({ ...row, effectiveFrom }, inForce)
  await checkGoldens(tx, row)
  for (const old of inForce.filter((each) => each.id === id))
    if (old.effectiveUntil === null || old.effectiveUntil > effectiveFrom)
      await moveSplitPolicy(tx, old, ['active', 'retired'], {
        status: 'retired',
        effectiveUntil: later(effectiveFrom, old.effectiveFrom),
        updatedAt: now,
      })
  const active = await moveSplitPolicy(tx, row, ['draft'], {
    status: 'active',
    effectiveFrom,
    activatedAt: now,
    decidedBy: act.viewer.accountId,
    updatedAt: now,
  })
  if (active === undefined) throw wrongState(row, 'there is no draft to activate')
  await tell(tx, active, 'split_policy.activated', now)
  return splitPolicyView(active)
}

export async function retirePolicy(
  act: Act,
  id: string,
  { reason, at }: BodyOf<Verbs['retire']>,
): Promise<SplitPolicy> {
  const { tx, now } = act
  await lockSplitPolicies(tx)
  const newest = await mustOwnPolicy(act, id)
  const row =
    newest.status === 'draft' && newest.version > 1
      ? await mustSeePolicy(tx, act.viewer, id, newest.version - 1)
      : newest
  const retired = await moveSplitPolicy(tx, row, ['active'], {
    status: 'retired',
    effectiveUntil: later(at ?? now, now),
    reason,
    decidedBy: act.viewer.accountId,
    updatedAt: now,
  })
  if (retired === undefined) throw wrongState(row, 'only an active version is retired')
  await tell(tx, retired, 'split_policy.retired', now)
  return splitPolicyView(retired)
}
