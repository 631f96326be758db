/** A partner's own account as a payment source: no card, a credit line instead. */

/** What the payment method of such a source is called, where a card has `pm_…`. */
export const accountMethod = 'account'

/** References of holds on an account begin with it, so that nobody asks the card provider about them. */
export const accountPrefix = 'acc_'

export const isOnAccount = ({ pspId }: { pspId: string | null }): boolean =>
  pspId?.startsWith(accountPrefix) ?? false

/** Whether a hold fits: what is owed and held already, and this one, are within the line. Minor units. */
export const fitsCredit = (line: { limit: number; owed: number; held: number }, wish: number) =>
  Math.max(0, line.owed) + line.held + wish <= line.limit
