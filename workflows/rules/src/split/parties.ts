/** The parties of a sale: who they are and how two of them are told apart. */
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { TaxParty } from '../vat/vat.ts'

/** A party with what tax asks of it. */
export type Party = TaxParty & PartyRef

/** Role and id as one text; parties are sorted by it wherever an order is needed. */
export const partyKey = ({ role, id }: PartyRef): string => `${role}:${id}`

export const sameParty = (a: PartyRef, b: PartyRef): boolean => a.role === b.role && a.id === b.id

export const refOf = ({ role, id }: PartyRef): PartyRef => ({ role, id })

/** The books are the platform's, so its own services stand there net of the VAT that it passes on. */
export const isPlatform = ({ role }: PartyRef): boolean => role === 'platform'
