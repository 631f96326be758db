// Money that a partner pays in ahead of its sessions. The books are not a tenant's to read or write, so this is done in the
// process's own name.
import { type Db, everyAccount } from '@chargelane/db'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { listPrepaid, lockPrepaid, putPrepaid } from '@chargelane/db/queries/payments/prepaid'
import type { BodyOf, Contract, PrepaidBalance } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { paidInEntry } from '@chargelane/rules/ledger'
import { showPrepaid, tellOfRoom } from '../payment/prepaid/balance.ts'
import { takeBankLine } from './bank-lines.ts'
import type { By } from './decision.ts'

type Payment = BodyOf<Contract['prepaid_balances']['record_payment']>

export async function showAllPrepaid(
  db: Db,
  accountId: string,
): Promise<{ data: PrepaidBalance[] }> {
  const rows = await listPrepaid(db, accountId)
  const data = []
  for (const row of rows) data.push(await showPrepaid(db, row))
  return { data }
}

export function openPrepaid(
  db: Db,
  { accountId, lowBelow, now }: { accountId: string; lowBelow: Money; now: string },
): Promise<PrepaidBalance> {
  const { amount, currency } = lowBelow
  return db.tx(async (tx) => {
    if ((await getAccount(tx, everyAccount, accountId))?.type !== 'partner')
      throw missing('partner', 'account')
    return showPrepaid(tx, await putPrepaid(tx, { accountId, currency, lowBelow: amount, at: now }))
  })
}

/** All of a booking is the partner's to use; once by the bank's reference. */
export function payIn(db: Db, body: Payment, by: By): Promise<PrepaidBalance> {
  const { account: accountId, amount, reference, received_at: receivedAt } = body
  const { currency } = amount
  const key = `prepaid_paid_in:${reference}`
  return db.tx(async (tx) => {
    if ((await getAccount(tx, everyAccount, accountId))?.type !== 'partner')
      throw missing('partner', 'account')
    await lockPrepaid(tx, { accountId, currency })
    const row = await putPrepaid(tx, { accountId, currency, at: by.now })
    const incoming = { reference, accountId, purpose: `prepaid:${accountId}`, amount, receivedAt }
    const taken = await takeBankLine(tx, incoming, amount, by)
    if (taken === undefined || taken.amount === 0) return showPrepaid(tx, row)
    const entry = paidInEntry({ key, partnerId: accountId, amount: taken, by: 'bank' })
    await postEntry(tx, { ...entry, effectiveAt: receivedAt })
    await tellOfRoom(tx, { accountId, currency }, by.now)
    const after = await showPrepaid(tx, await putPrepaid(tx, { accountId, currency, at: by.now }))
    await appendEvent(tx, {
      accountId,
      type: 'prepaid_balance.paid_in',
      objectId: accountId,
      data: after,
      context: { amount: taken, reference, received_at: receivedAt },
      dedupeKey: key,
      at: by.now,
    })
    return after
  })
}
