// What an operator decides about its own code: uploaded, tried, put in force, taken out of it.
import type { Db, Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  activeOf,
  countPolicyPackages,
  getPolicyPackage,
  insertPolicyPackage,
  lockPolicyPackages,
  movePolicyPackage,
  type PolicyPackageRow,
  policyRunOf,
} from '@chargelane/db/queries/policies/packages'
import { policyPackageView } from '@chargelane/db/views/policies/packages'
import type { BodyOf, Contract, PolicyDryRun } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { PolicyFacts } from '@chargelane/openapi/vocabulary/policy-hooks'
import { canonicalHash, sha256 } from '@chargelane/rules/digest'
import type { Actor } from '../onboarding/act.ts'
import { callPackage } from './call.ts'
import { brokenGolden } from './goldens.ts'
import type { PolicyLanes } from './lanes.ts'

type Verbs = Contract['policy_packages']
export type PackageAct = { db: Db; lanes: PolicyLanes; viewer: Actor; now: string }

/** Drafts and retired versions count: each keeps its source. */
const packagesMax = 200

export async function mustSeePackage(sql: Db | Tx, viewer: Actor, id: string) {
  const row = await getPolicyPackage(sql, viewer.sees, id)
  if (!row) throw missing('policy package')
  return row
}

export const tellOfPackage = (
  tx: Tx,
  row: PolicyPackageRow,
  type: EventTypeOf<'PolicyPackage'>,
  at: string,
): Promise<unknown> =>
  appendEvent(tx, {
    accountId: row.cpoId,
    type,
    objectId: row.id,
    data: policyPackageView(row),
    dedupeKey: `${row.id}:${type}:${at}`,
    at,
  })

async function mustHold(lanes: PolicyLanes, tried: Parameters<typeof brokenGolden>[1]) {
  const broken = await brokenGolden(lanes, tried)
  if (broken !== undefined) throw new DomainError('invalid_value', broken, { param: 'goldens' })
}

/** A draft, once its golden tests hold. Called again with the same id it finds the first. */
export async function uploadPackage(
  { db, lanes, viewer, now }: PackageAct,
  id: string,
  body: BodyOf<Verbs['create']>,
): Promise<PolicyPackageRow> {
  if (viewer.type !== 'cpo')
    throw new DomainError('insufficient_scope', 'A policy package is an operator’s.')
  const known = await getPolicyPackage(db, viewer.accountId, id)
  if (known !== undefined) return known
  const { schema_version: schemaVersion, on_error: onError, ...rest } = body
  for (const { facts, name } of body.goldens)
    if (!body.hooks.includes(facts.hook))
      throw new DomainError('invalid_value', `golden ${name}: ${facts.hook} is none of its hooks`, {
        param: 'goldens',
      })
  const cpoId = viewer.accountId
  await mustHold(lanes, { cpoId, ...rest })
  return db.tx(async (tx) => {
    if ((await countPolicyPackages(tx, cpoId)) >= packagesMax)
      throw new DomainError('limit_reached', `You have ${packagesMax} packages.`)
    const made = await insertPolicyPackage(tx, {
      ...rest,
      id,
      cpoId,
      schemaVersion,
      onError,
      sha256: sha256(body.source),
      at: now,
    })
    if (made === undefined)
      throw new DomainError('invalid_value', `${body.name} ${body.version} exists already`, {
        param: 'version',
      })
    return made
  })
}

const wrongState = (row: PolicyPackageRow, wish: string) =>
  new DomainError('invalid_transition', `Package ${row.id} is ${row.status}: ${wish}`, {
    extra: { state: row.status },
  })

/** Takes the place of the versions of its name; one hook is never two packages'. */
export async function activatePackage(
  { db, lanes, viewer, now }: PackageAct,
  id: string,
): Promise<PolicyPackageRow> {
  const { cpoId, source, goldens, hooks } = await mustSeePackage(db, viewer, id)
  // It can be drafted and tried; no sale asks it yet, and what is in force must be asked.
  if (hooks.includes('split'))
    throw new DomainError('not_offered', 'The hook split is not asked yet: use a split policy.', {
      param: 'hooks',
    })
  await mustHold(lanes, { cpoId, source, goldens })
  return db.tx(async (tx) => {
    await lockPolicyPackages(tx, cpoId)
    const row = await mustSeePackage(tx, viewer, id)
    if (row.status === 'active') throw wrongState(row, 'it is in force')
    for (const other of await activeOf(tx, cpoId)) {
      const shared = other.hooks.find((hook) => row.hooks.includes(hook))
      if (other.name === row.name) {
        const reason = `${row.name} ${row.version} took its place`
        const old = await movePolicyPackage(tx, other.id, ['active'], {
          status: 'retired',
          endedAt: now,
          reason,
        })
        if (old !== undefined) await tellOfPackage(tx, old, 'policy_package.retired', now)
      } else if (shared !== undefined)
        throw wrongState(row, `${other.name} ${other.version} has the hook ${shared}`)
    }
    const active = await movePolicyPackage(tx, id, ['draft', 'retired', 'switched_off'], {
      status: 'active',
      activatedAt: now,
      endedAt: null,
      reason: null,
      faultsInRow: 0,
    })
    if (active === undefined) throw wrongState(row, 'this is not possible any more')
    await tellOfPackage(tx, active, 'policy_package.activated', now)
    return active
  })
}

export async function retirePackage(
  { tx, viewer, now }: { tx: Tx; viewer: Actor; now: string },
  id: string,
): Promise<PolicyPackageRow> {
  const row = await mustSeePackage(tx, viewer, id)
  const retired = await movePolicyPackage(tx, id, ['draft', 'active', 'switched_off'], {
    status: 'retired',
    endedAt: now,
    reason: 'retired by its operator',
  })
  if (retired === undefined) throw wrongState(row, 'it is over')
  await tellOfPackage(tx, retired, 'policy_package.retired', now)
  return retired
}

/** What a call would answer, of given facts or of those that a session was decided by. */
export async function dryRunPackage(
  { db, lanes, viewer }: Omit<PackageAct, 'now'>,
  id: string,
  body: BodyOf<Verbs['dry_run']>,
): Promise<PolicyDryRun> {
  const { cpoId, source } = await mustSeePackage(db, viewer, id)
  const facts = body.facts ?? (await factsOfSession(db, cpoId, body))
  const said = await callPackage(lanes, { cpoId, source }, facts)
  const isAnswer = said.kind === 'answered'
  return {
    outcome: said.kind,
    hook: facts.hook,
    answer: isAnswer ? said.answer : null,
    fault: isAnswer ? null : said.fault,
    message: isAnswer ? null : said.message,
    facts,
    facts_hash: canonicalHash(facts),
    steps: isAnswer ? said.polls : null,
  }
}

async function factsOfSession(
  db: Db,
  cpoId: string,
  { session: sessionId, hook }: BodyOf<Verbs['dry_run']>,
): Promise<PolicyFacts> {
  const run = sessionId && (await policyRunOf(db, cpoId, { sessionId, hook }))
  if (!run) throw missing('session that a package was asked about', 'session')
  return run.facts
}
