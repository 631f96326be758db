import {
  changeConnection,
  type ConnectionRow,
  createConnection,
  findConnection,
} from '@chargelane/db/queries/locations/connections'
import type { Tx } from '@chargelane/db'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { type Act, type Actor, isTenant } from './act.ts'
import { requireParty } from './parties.ts'

/** A connection of the caller; another's is not there. */
export async function ownConnection(
  tx: Tx,
  viewer: Actor,
  id: string,
  param?: string,
): Promise<ConnectionRow> {
  const row = await findConnection(tx, id)
  if (!row || (isTenant(viewer) && row.cpoId !== viewer.accountId))
    throw missing('connection', param)
  return row
}

/** Chargers on our own node, or a peer that is called from now on. */
export async function connect(
  act: Act,
  body: BodyOf<Contract['connections']['create']>,
  grantsAtOnce: boolean,
): Promise<ConnectionRow> {
  const { tx, viewer, now } = act
  const { country_code: countryCode, party_id: partyId } = body
  await requireParty(act, { countryCode, partyId }, grantsAtOnce)
  const party = {
    cpoId: viewer.accountId,
    countryCode,
    partyId,
    at: now,
  }
  return body.protocol === 'node'
    ? createConnection(tx, { ...party, protocol: 'node' })
    : createConnection(tx, {
        ...party,
        protocol: 'ocpi',
        versionsUrl: body.versions_url,
        tokenOut: body.token_a,
      })
}

/** How old the tariffs of a connection may be before they are not sold, or count as late. */
export async function limitTariffAge(
  { tx, viewer }: Act,
  id: string,
  body: BodyOf<Contract['connections']['update']>,
): Promise<ConnectionRow> {
  const row = await ownConnection(tx, viewer, id)
  return changeConnection(tx, row.id, {
    ...(body.tariff_max_age_s === undefined ? {} : { tariffMaxAgeS: body.tariff_max_age_s }),
    ...(body.tariff_slo_s === undefined ? {} : { tariffSloS: body.tariff_slo_s }),
  })
}
