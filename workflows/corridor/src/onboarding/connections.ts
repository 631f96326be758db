import { randomBytes } from 'node:crypto'
import {
  changeConnection,
  type ConnectionRow,
  createConnection,
  findConnection,
} from '@chargelane/db/queries/locations/connections'
import type { Tx } from '@chargelane/db'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { peerTokenKey } from '@chargelane/db/sealed'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
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

/** 256 bits, written so that every peer's header parser takes it. */
const newTokenA = () => randomBytes(32).toString('base64url')

/** A connection, and the token by which its operator registers with us, where one was made. */
export type Connected = { row: ConnectionRow; tokenA: string | null }

/** Chargers on our own node, or a peer: called from now on, or awaited with the token of the answer. */
export async function connect(
  act: Act,
  body: BodyOf<Contract['connections']['create']>,
  grantsAtOnce: boolean,
): Promise<Connected> {
  const { tx, viewer, now } = act
  const { country_code: countryCode, party_id: partyId } = body
  await requireParty(act, { countryCode, partyId }, grantsAtOnce)
  const party = { cpoId: viewer.accountId, countryCode, partyId, at: now }
  if (body.protocol === 'node')
    return { row: await createConnection(tx, { ...party, protocol: 'node' }), tokenA: null }
  const { versions_url: versionsUrl, token_a: tokenOut } = body
  if (versionsUrl !== undefined && tokenOut !== undefined) {
    const row = await createConnection(tx, { ...party, protocol: 'ocpi', versionsUrl, tokenOut })
    return { row, tokenA: null }
  }
  const tokenA = newTokenA()
  const tokenInDigest = peerTokenKey(tokenA)
  const row = await createConnection(tx, { ...party, protocol: 'ocpi', tokenInDigest })
  return { row, tokenA }
}

/** A peer; our own node has nobody at its other end. */
async function requirePeer({ tx, viewer }: Act, id: string): Promise<ConnectionRow> {
  const row = await ownConnection(tx, viewer, id)
  if (row.protocol !== 'ocpi')
    throw new DomainError('invalid_transition', 'Chargers of our own node have no peer.')
  return row
}

/** Forgets what both sides were known by: the operator registers with us anew (OCPI 2.2.1 §7.1.1). */
export async function invite(act: Act, id: string): Promise<Connected> {
  const { id: known } = await requirePeer(act, id)
  const tokenA = newTokenA()
  const row = await changeConnection(act.tx, known, {
    status: 'handshaking',
    statusReason: null,
    failures: 0,
    openUntil: null,
    versionsUrl: null,
    tokenOut: null,
    tokenInDigest: peerTokenKey(tokenA),
    previousTokenInDigest: null,
    previousTokenInUntil: null,
    endpoints: null,
    quirks: {},
  })
  return { row, tokenA }
}

/** Nothing new is sold over it, and nothing is pulled. */
export async function pause(act: Act, id: string): Promise<ConnectionRow> {
  const row = await requirePeer(act, id)
  if (row.status === 'paused') return row
  return changeConnection(act.tx, row.id, {
    status: 'paused',
    statusReason: 'paused by the operator',
  })
}

/** Read anew from the beginning, at once. */
export async function resume(act: Act, id: string): Promise<ConnectionRow> {
  const row = await requirePeer(act, id)
  if (row.status === 'live') return row
  if (row.versionsUrl === null)
    throw new DomainError(
      'invalid_transition',
      'Nobody is registered yet: your system registers with us by its token_a, see invite.',
    )
  return changeConnection(act.tx, row.id, {
    status: 'handshaking',
    statusReason: null,
    failures: 0,
    openUntil: null,
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
