import {
  countDriverGroups,
  type DriverGroupRow,
  getDriverGroup,
  insertDriverGroup,
  namesOfDrivers,
  updateDriverGroup,
} from '@chargelane/db/queries/partners/driver-groups'
import { getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { driverGroupView } from '@chargelane/db/views/plans/contracts'
import type { Tx } from '@chargelane/db'
import type { BodyOf, Contract, DriverGroup } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Act, Actor } from './act.ts'

type Verbs = Contract['driver_groups']
const groupsMax = 1_000
const membersMax = 10_000

async function idsOf({ tx, viewer, now }: Act, names: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of new Set(names))
    ids.push((await getOrCreateDriver(tx, viewer.accountId, name, now)).id)
  return ids
}

export const showGroup = async (tx: Tx, row: DriverGroupRow): Promise<DriverGroup> =>
  driverGroupView(row, await namesOfDrivers(tx, row.drivers))

export async function mustSeeGroup(tx: Tx, viewer: Actor, id: string): Promise<DriverGroupRow> {
  const row = await getDriverGroup(tx, viewer.sees, id)
  if (!row) throw missing('driver group')
  return row
}

export async function makeGroup(act: Act, body: BodyOf<Verbs['create']>): Promise<DriverGroup> {
  const { tx, viewer, now } = act
  if (viewer.type !== 'partner')
    throw new DomainError('insufficient_scope', 'Drivers are a partner’s.')
  if ((await countDriverGroups(tx, viewer.accountId)) >= groupsMax)
    throw new DomainError('limit_reached', `You have ${groupsMax} groups of drivers.`)
  const drivers = await idsOf(act, body.drivers)
  const row = await insertDriverGroup(tx, {
    accountId: viewer.accountId,
    name: body.name,
    drivers,
    at: now,
  })
  return showGroup(tx, row)
}

export async function changeGroup(
  act: Act,
  id: string,
  body: BodyOf<Verbs['update']>,
): Promise<DriverGroup> {
  const { tx, viewer, now } = act
  const before = await mustSeeGroup(tx, viewer, id)
  const owner = { ...act, viewer: { ...viewer, accountId: before.accountId } }
  const out = new Set(await idsOf(owner, body.remove ?? []))
  const into = await idsOf(owner, body.add ?? [])
  const drivers = [...new Set([...before.drivers, ...into])].filter((each) => !out.has(each))
  if (drivers.length > membersMax)
    throw new DomainError('limit_reached', `A group has at most ${membersMax} drivers.`)
  const row = await updateDriverGroup(tx, viewer.sees, id, {
    drivers,
    ...(body.name === undefined ? {} : { name: body.name }),
    at: now,
  })
  if (row === undefined) throw missing('driver group')
  return showGroup(tx, row)
}
