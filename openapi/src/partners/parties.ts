import { z } from 'zod'
import { zCountryCode, zCreatedAt, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { partyClaimKinds, partyClaimStatuses } from '../vocabulary/trust/identity.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'

/** Also the operator of an EVSE-ID of DIN 91286, whose country is a telephone code. */
const zPartyCountry = z
  .union([zCountryCode, z.string().regex(/^\+[0-9]{1,3}$/)])
  .meta({ description: 'ISO 3166-1 alpha-2, or `+49` for an operator of DIN 91286.' })
const zPartyName = z
  .string()
  .regex(/^[A-Z0-9]{3,6}$/, 'must be three letters or digits (up to six digits in DIN 91286)')
  .meta({ examples: ['ALP'] })

export const zParty = z
  .object({
    id: zId('partyClaim'),
    account: zId('account'),
    country_code: z.string().max(4),
    party_id: z.string().max(6),
    kind: z.enum(partyClaimKinds).meta({
      description:
        '`granted`: used with the leave of the platform beside its owner, as a hub does.',
    }),
    status: z.enum(partyClaimStatuses).meta({
      description:
        '`verified`: connections and EVSE-IDs of it are taken. `review`: the platform decides. `ended`: it went to another account.',
    }),
    reason: z.string().max(500).nullable(),
    decided_at: zInstant.nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'Party',
    description: 'Whose an OCPI party, the operator of EVSE-IDs, is. It belongs to one account.',
  })

export const parties = {
  claim: operation({
    id: 'parties.claim',
    method: 'post',
    path: '/v1/parties',
    summary: 'Claim a party',
    description:
      'The first verified claim stands; a second one is a `review` for the platform. In the sandbox a free party is verified at once. The platform names an `account` and so grants it the party beside its owner.',
    scope: 'supply:write',
    body: z
      .strictObject({
        country_code: zPartyCountry,
        party_id: zPartyName,
        account: zId('account').optional().meta({ description: 'Only for the platform.' }),
      })
      .meta({ id: 'PartyClaim' }),
    success: { status: 201, kind: 'json', description: 'The party as it stands.', body: zParty },
    errors: ['resource_missing'],
    idempotent: true,
  }),
  decide: operation({
    id: 'parties.decide',
    method: 'post',
    path: '/v1/parties/{id}/decide',
    summary: 'Decide about a claim',
    description:
      'For the platform. `own` takes the party from whoever had it: its connections pause and its EVSEs are not sold. `granted` lets the account use it beside its owner. `refused` takes it away.',
    scope: 'accounts:write',
    params: zIdParam('partyClaim'),
    body: z
      .strictObject({
        decision: z.enum(['own', 'granted', 'refused']),
        reason: zText(500),
      })
      .meta({ id: 'PartyDecision' }),
    success: { status: 200, kind: 'json', description: 'The party.', body: zParty },
    errors: [],
    idempotent: true,
  }),
  list: operation({
    id: 'parties.list',
    method: 'get',
    path: '/v1/parties',
    summary: 'List parties',
    description: 'Your own, newest first; the platform and finance see all.',
    scope: 'accounts:read',
    query: zPage.extend({ status: z.enum(partyClaimStatuses).optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of parties.',
      body: zListOf('PartyList', zParty),
    },
    errors: [],
    idempotent: false,
  }),
}
