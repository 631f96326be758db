// Which account an OCPI party, the operator of EVSE-IDs, belongs to.
import {
  claimOf,
  claimParty,
  decideClaim,
  getPartyClaim,
  grantParty,
  type PartyClaimRow,
  type PartyName,
} from '@chargelane/db/queries/partners/parties'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Act } from './act.ts'

type Verbs = Contract['parties']

/** An account claims for itself; the platform grants what belongs to another as well. */
export async function claim(
  { tx, viewer, now }: Act,
  body: BodyOf<Verbs['claim']>,
  grantsAtOnce: boolean,
): Promise<PartyClaimRow> {
  const party = { countryCode: body.country_code, partyId: body.party_id }
  const accountId = body.account ?? viewer.accountId
  if (accountId === viewer.accountId)
    return (
      (await claimOf(tx, accountId, party)) ??
      claimParty(tx, { ...party, accountId, at: now, isAutomatic: grantsAtOnce })
    )
  if (viewer.type !== 'platform' || !(await getAccount(tx, viewer.sees, accountId)))
    throw missing('account', 'account')
  return grantParty(tx, { ...party, accountId, at: now })
}

export async function decide(
  { tx, viewer, now }: Act,
  id: string,
  { decision, reason }: BodyOf<Verbs['decide']>,
): Promise<PartyClaimRow> {
  const found = await getPartyClaim(tx, viewer.sees, id)
  if (found === undefined) throw missing('party')
  return decision === 'refused'
    ? decideClaim(tx, found, { kind: found.kind, status: 'refused', reason, at: now })
    : decideClaim(tx, found, { kind: decision, status: 'verified', reason, at: now })
}

/** A connection speaks for its party: a free one is claimed with it where nobody has to look, another's is refused. */
export async function requireParty(
  { tx, viewer, now }: Act,
  party: PartyName,
  grantsAtOnce: boolean,
): Promise<void> {
  const { accountId } = viewer
  const known = await claimOf(tx, accountId, party)
  const held =
    known ?? (await claimParty(tx, { ...party, accountId, at: now, isAutomatic: grantsAtOnce }))
  if (held.status === 'verified') return
  const name = `${party.countryCode}*${party.partyId}`
  throw new DomainError(
    'party_not_granted',
    `party_id: ${name} is not proven to be yours; claim it (POST /v1/parties), and the platform looks into it`,
    { param: 'party_id', extra: { party: name } },
  )
}
