import { z } from 'zod'

/**
 * Roles in which a party takes part in a sale, with their titles on documents. The list is open: a role that is not in
 * it is any word of the same form, so that a new kind of payee is data.
 */
export const partyRoles = {
  driver: 'driver',
  cpo: 'charge point operator',
  partner: 'demand partner',
  platform: 'platform',
  site_host: 'site host',
  landowner: 'landowner',
  municipality: 'municipality',
  fund: 'fund',
} as const satisfies Record<string, string>

export type PartyRole = keyof typeof partyRoles | (string & {})

/** The form of a role, the same in the contract and in the database. */
export const partyRolePattern = '^[a-z][a-z0-9_]{1,31}$'

export const zPartyRole = z
  .string()
  .regex(new RegExp(partyRolePattern))
  .meta({
    id: 'PartyRole',
    description: `In which role a party takes part in a sale: ${Object.keys(partyRoles).join(', ')}, or another word. Take one that you do not know as a payee like any other.`,
  })

/** One account may take part in several roles; role and id together name a party of a sale. */
export type PartyRef = { role: PartyRole; id: string }

const titles = new Map<string, string>(Object.entries(partyRoles))

/** How a document names the role; an unknown one by its own word. */
export const roleTitle = (role: PartyRole): string => titles.get(role) ?? role.replaceAll('_', ' ')

/** How a partner takes its share: paid out to it, or off the price of its drivers. */
export const benefitModes = ['revenue_share', 'discount'] as const
export type BenefitMode = (typeof benefitModes)[number]

/** Who stands for what is not paid of a charge that began at a charger without a line to us. */
export const liableSides = ['partner', 'cpo', 'platform'] as const
export type Liable = (typeof liableSides)[number]

export const zLiable = z.enum(liableSides).meta({
  id: 'Liable',
  description:
    'Who stands for what is not paid; null of a session that we were asked about before it began. `partner`: it owes what its driver does not pay, like any other debt. `platform`: it stands for all of it, and the payees are paid. `cpo`: nobody stands for it, and the payees are paid once the driver has.',
})
