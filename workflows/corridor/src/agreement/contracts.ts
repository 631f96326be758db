// What the two sides of a contract decide: one verb per decision, told to both in the tx that makes it.
import { type Db, inNameOf, type Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  activeContracts,
  contractOf,
  type ContractRow,
  getContract,
  hasSplitPolicy,
  insertContract,
  lockContracts,
  moveContract,
  type NewContract,
} from '@chargelane/db/queries/partners/contracts'
import { ownGroups } from '@chargelane/db/queries/partners/driver-groups'
import { getRateAgreement } from '@chargelane/db/queries/partners/rate-agreements'
import { contractView } from '@chargelane/db/views/plans/contracts'
import type {
  BodyOf,
  Contract as Operations,
  ContractResource as Contract,
} from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { isOfEqualRank } from '@chargelane/rules/agreement/contract'
import type { Act, Actor } from '../onboarding/act.ts'

type Verbs = Operations['contracts']

async function tell(
  tx: Tx,
  row: ContractRow,
  type: EventTypeOf<'Contract'>,
  now: string,
): Promise<void> {
  for (const accountId of [row.cpoId, row.partnerId])
    await inNameOf(tx, accountId, (as) =>
      appendEvent(as, {
        accountId,
        type,
        objectId: row.id,
        data: contractView(row, now),
        dedupeKey: `${row.id}@${row.version}:${type}:${accountId}`,
        at: now,
      }),
    )
}

const newVersion = (
  body: BodyOf<Verbs['amend']>,
  sides: Pick<NewContract, 'cpoId' | 'partnerId' | 'proposedBy'>,
  now: string,
): NewContract => ({
  ...sides,
  name: body.name,
  driverGroups: body.driver_groups ?? null,
  evses: body.evses ?? null,
  locations: body.locations ?? null,
  rateAgreement: body.rate_agreement ?? null,
  splitPolicy: body.split_policy ?? null,
  effectiveFrom: body.effective_from ?? now,
  effectiveTo: body.effective_to ?? null,
  status: body.draft ? 'draft' : 'proposed',
  at: now,
})

const isSide = (viewer: Actor): boolean => viewer.type === 'partner' || viewer.type === 'cpo'

const notASide = () =>
  new DomainError('insufficient_scope', 'A contract is between an operator and a partner.')

export async function mustSeeContract(tx: Tx, viewer: Actor, id: string, version?: number) {
  const row = await getContract(tx, viewer.sees, id, version)
  if (!row) throw missing('contract')
  return row
}

const wrongState = (row: ContractRow, wish: string) =>
  new DomainError(
    'invalid_transition',
    `Version ${row.version} of ${row.id} is ${row.status}: ${wish}`,
    {
      extra: { state: row.status },
    },
  )

/** A partner names groups of its own; what an operator names is looked at when the partner accepts. */
async function mustOwnGroups(tx: Tx, viewer: Actor, groups: readonly string[] | null) {
  if (viewer.type !== 'partner' || groups === null) return
  const own = await ownGroups(tx, viewer.accountId, groups)
  const stranger = groups.find((id) => !own.includes(id))
  if (stranger !== undefined) throw missing('driver group', 'driver_groups')
}

/** Locks, reads the newest version, changes it, tells both sides. */
async function decide(
  { tx, viewer, now }: Act,
  id: string,
  type: EventTypeOf<'Contract'>,
  change: (row: ContractRow) => Promise<ContractRow | undefined>,
): Promise<Contract> {
  if (!isSide(viewer)) throw notASide()
  await lockContracts(tx, await mustSeeContract(tx, viewer, id))
  const before = await mustSeeContract(tx, viewer, id)
  const changed = await change(before)
  if (!changed) throw wrongState(before, 'this is not possible any more')
  await tell(tx, changed, type, now)
  return contractView(changed, now)
}

const later = (a: string, b: string) => (a > b ? a : b)
const sooner = (a: string | null, b: string) => (a !== null && a < b ? a : b)

/** A first version, proposed at once or kept as a draft. `db` is the process's own: the other side's row is not ours. */
export async function offerContract(
  { tx, viewer, now }: Act,
  db: Db,
  body: BodyOf<Verbs['create']>,
): Promise<Contract> {
  if (!isSide(viewer)) throw notASide()
  const other = await getAccount(db, body.counterparty, body.counterparty)
  const wanted = viewer.type === 'cpo' ? 'partner' : 'cpo'
  if (other?.type !== wanted) throw missing(wanted, 'counterparty')
  await mustOwnGroups(tx, viewer, body.driver_groups ?? null)
  const [cpoId, partnerId] =
    viewer.type === 'cpo' ? [viewer.accountId, other.id] : [other.id, viewer.accountId]
  const sides = { cpoId, partnerId, proposedBy: viewer.accountId }
  const row = await insertContract(tx, newVersion(body, sides, now))
  if (row.status === 'proposed') await tell(tx, row, 'contract.proposed', now)
  return contractView(row, now)
}

export async function amendContract(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Verbs['amend']>,
): Promise<Contract> {
  if (!isSide(viewer)) throw notASide()
  await lockContracts(tx, await mustSeeContract(tx, viewer, id))
  const before = await mustSeeContract(tx, viewer, id)
  if (before.status === 'draft' || before.status === 'proposed')
    throw wrongState(before, 'decide on it before you propose other terms')
  await mustOwnGroups(tx, viewer, body.driver_groups ?? null)
  const { cpoId, partnerId } = before
  const sides = { cpoId, partnerId, proposedBy: viewer.accountId }
  const row = await insertContract(tx, newVersion(body, sides, now), before)
  if (row.status === 'proposed') await tell(tx, row, 'contract.proposed', now)
  return contractView(row, now)
}

export const proposeContract = (act: Act, id: string): Promise<Contract> =>
  decide(act, id, 'contract.proposed', (row) =>
    moveContract(act.tx, row, row.proposedBy === act.viewer.accountId ? ['draft'] : [], {
      status: 'proposed',
    }),
  )

const cannotBe = (param: string, message: string, rule?: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, {
    param,
    ...(rule === undefined ? {} : { extra: { rule } }),
  })

/** What it names is there and in force from its first day, and no other contract would stand beside it as an equal. */
async function checkContract(
  { tx, viewer, now }: Act,
  row: ContractRow,
  activeFrom: string,
): Promise<void> {
  await mustOwnGroups(tx, viewer, row.driverGroups)
  if (row.rateAgreement !== null) {
    const rate = await getRateAgreement(tx, viewer.accountId, row.rateAgreement, now)
    const isOurs = rate?.cpoId === row.cpoId && rate.partnerId === row.partnerId
    if (!isOurs || rate.activeVersion === null)
      throw cannotBe('rate_agreement', 'is none in force between the two sides')
  }
  if (
    row.splitPolicy !== null &&
    !(await inNameOf(tx, row.cpoId, (as) =>
      hasSplitPolicy(as, { ref: row.splitPolicy ?? '', of: row.cpoId, at: activeFrom }),
    ))
  )
    throw cannotBe('split_policy', 'is none of the operator in force for contracts')
  const own = contractOf({ ...row, activeFrom })
  for (const other of await activeContracts(tx, row, now))
    if (other.id !== row.id && isOfEqualRank(contractOf(other), own))
      throw cannotBe('effective_from', `${other.id} has the same rank there`, 'equal_rank')
}

export const acceptContract = (act: Act, id: string): Promise<Contract> =>
  decide(act, id, 'contract.activated', async (row) => {
    const { tx, viewer, now } = act
    if (row.status !== 'proposed') throw wrongState(row, 'there is nothing to accept')
    if (row.proposedBy === viewer.accountId)
      throw wrongState(row, 'the side that proposed does not accept')
    if (row.effectiveTo !== null && row.effectiveTo <= now)
      throw wrongState(row, `it was to end at ${row.effectiveTo}`)
    // Never in retrospect: quotes made before it was accepted stay what they were.
    const activeFrom = later(row.effectiveFrom, now)
    await checkContract(act, row, activeFrom)
    for (const old of await activeContracts(tx, row, now))
      if (old.id === row.id)
        await moveContract(tx, old, ['active'], { endedAt: sooner(old.endedAt, activeFrom) })
    return moveContract(tx, row, ['proposed'], {
      status: 'active',
      activeFrom,
      endedAt: row.effectiveTo,
      decidedBy: viewer.accountId,
      decidedAt: now,
    })
  })

export const rejectContract = (
  act: Act,
  id: string,
  { reason }: BodyOf<Verbs['reject']>,
): Promise<Contract> =>
  decide(act, id, 'contract.rejected', (row) =>
    moveContract(act.tx, row, ['draft', 'proposed'], {
      status: 'rejected',
      decidedBy: act.viewer.accountId,
      decidedAt: act.now,
      reason,
    }),
  )

export const endContract = (act: Act, id: string, body: BodyOf<Verbs['end']>): Promise<Contract> =>
  decide(act, id, 'contract.ended', async (row) => {
    const { tx, viewer, now } = act
    const at = later(body.at ?? now, now)
    let last: ContractRow | undefined
    for (const version of await activeContracts(tx, row, now)) {
      if (version.id !== row.id) continue
      last ??= await moveContract(tx, version, ['active'], {
        // What never came to count ends before it begins.
        status: at <= now ? 'ended' : 'active',
        endedAt: sooner(version.endedAt, at),
        reason: body.reason,
        decidedBy: viewer.accountId,
        decidedAt: now,
      })
    }
    return last
  })
