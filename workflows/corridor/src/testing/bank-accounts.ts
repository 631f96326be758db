import type { Db } from '@chargelane/db'
import { activateBankAccount, addBankAccount } from '@chargelane/db/queries/partners/bank-accounts'
import { type BankNumbers, ofIban } from '@chargelane/rules/bank/account'

import type { Corridor } from './corridor.ts'

type Payee = { id: string; payoutCurrency: string; legalName: string }

/** The payee has no account that counts. */
export async function payNowhere(
  { admin }: Pick<Corridor, 'admin'>,
  { id }: Pick<Payee, 'id'>,
): Promise<void> {
  await admin(`update bank_accounts set state = 'replaced' where account_id = '${id}'`)
}

/** From now on the payee is paid there, as if a second person had confirmed it. */
export async function payTo(db: Db, payee: Payee, to: string | BankNumbers): Promise<void> {
  const at = new Date().toISOString()
  const whose = { accountId: payee.id, currency: payee.payoutCurrency }
  await db.tx(async (tx) => {
    const row = await addBankAccount(tx, {
      ...whose,
      numbers: typeof to === 'string' ? ofIban(to) : to,
      holder: payee.legalName,
      state: 'pending',
      usableFrom: at,
      proposedBy: null,
      at,
    })
    if (row === undefined) throw new Error(`another account of ${payee.id} waits`)
    await activateBankAccount(tx, row, { at })
  })
}
