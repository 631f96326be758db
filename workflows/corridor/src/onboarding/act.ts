import type { Tx } from '@chargelane/db'
import type { AccountType } from '@chargelane/openapi'

/** Who acts. `sees` is the filter of what it reads: its own account's id, or `*` for finance and the platform. */
export type Actor = { accountId: string; type: AccountType; sees: string }

/** What every verb of an account gets: who acts, the tx that holds all of it, and the present. */
export type Act = { tx: Tx; viewer: Actor; now: string }

/** Whoever does not see everything acts on what is its own. */
export const isTenant = ({ sees, accountId }: Actor): boolean => sees === accountId
