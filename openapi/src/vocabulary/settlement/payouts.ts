/** Words of payouts and of the accounts they go to, shared by the contract and the database. */

/** `ch` is an IBAN of Switzerland or Liechtenstein; `connected` an account at the card provider. */
export const bankAccountTypes = ['iban', 'uk', 'us', 'ch', 'connected'] as const
export type BankAccountType = (typeof bankAccountTypes)[number]

/** `pending` waits for a second person or for its time; one is `active` for each account and currency. */
export const bankAccountStates = ['pending', 'active', 'replaced', 'refused'] as const

/** What the payee’s bank says of the holder’s name. */
export const payeeChecks = ['match', 'close_match', 'no_match', 'unavailable'] as const
export type PayeeCheck = (typeof payeeChecks)[number]

/** How the money travels. */
export const payoutRails = ['bank', 'sepa_file', 'connect'] as const
export type PayoutRail = (typeof payoutRails)[number]

export const payoutStates = ['created', 'sent', 'paid', 'failed', 'returned', 'cancelled'] as const
export type PayoutStateName = (typeof payoutStates)[number]

export const payoutFileStates = ['built', 'accepted', 'partly', 'rejected'] as const
