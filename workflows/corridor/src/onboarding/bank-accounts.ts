// Where a payee is paid, and how that is changed by nobody alone: a stolen key names its own account (take-over fraud).
import type { Db, Tx } from '@chargelane/db'
import { keySince } from '@chargelane/db/queries/partners/api-keys'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  activateBankAccount,
  activeBankAccount,
  addBankAccount,
  type BankAccountRow,
  bankAccountsDue,
  bankAccountsToCheck,
  keepPayeeCheck,
  lockBankAccount,
  type OpenBankAccount,
  numberKeyOf,
  refuseBankAccount,
  standForBankAccount,
} from '@chargelane/db/queries/partners/bank-accounts'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { bankAccountView } from '@chargelane/db/views/money/bank-accounts'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { PayeeCheck } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import {
  type BankNumbers,
  canReceive,
  payeeCheckPolicy,
  problemOf,
} from '@chargelane/rules/bank/account'
import { isKnownCurrency } from '@chargelane/rules/money'
import { eachApart } from '../attention/apart.ts'
import { MoneyFailure } from '../payment/payment.ts'
import type { Actor } from './act.ts'

/** Asks the payee’s bank whether the name and the number belong together; thrown where it does not answer. */
export type PayeeCheckPort = {
  check(asked: {
    numbers: BankNumbers
    holder: string
  }): Promise<{ check: PayeeCheck; name: string | null }>
}

/** Refuses a number that is unsound, and one that cannot receive the currency: at the account, not at the first payout. */
export function requirePayable(numbers: BankNumbers, currency: string): void {
  // No rail of ours reaches one: its payouts would wait for ever.
  if (numbers.type === 'connected')
    throw new DomainError('not_offered', 'Accounts at the card provider are not paid yet.', {
      param: 'type',
    })
  const problem = problemOf(numbers)
  if (problem !== undefined)
    throw new DomainError('invalid_value', `${problem.param}: ${problem.message}`, {
      param: problem.param,
    })
  if (!isKnownCurrency(currency) || !canReceive(numbers, currency))
    throw new DomainError(
      'unsupported_currency',
      `An account of type ${numbers.type} of that bank cannot receive ${currency}.`,
      { param: 'currency' },
    )
}

const tell = (
  tx: Tx,
  row: BankAccountRow,
  type: EventTypeOf<'BankAccount'>,
  at: string,
  key = '',
) =>
  appendEvent(tx, {
    accountId: row.accountId,
    type,
    objectId: row.id,
    data: bankAccountView(row),
    dedupeKey: `${row.id}:${type}${key}`,
    at,
  })

const later = (at: string, seconds: number) =>
  new Date(Date.parse(at) + seconds * 1000).toISOString()

const coolingOf = async (tx: Tx) => {
  const { bank_account_cooling_s: set } = await settingsNow(tx)
  return set ?? settingDefaults.bank_account_cooling_s
}

type Wish = { id: string; account: string; currency: string; holder: string; numbers: BankNumbers }

/** Names an account, which waits; whoever hears the payee’s events hears of it before anything is paid there. */
export function nameBankAccount(
  db: Db,
  wish: Wish,
  { keyId, now }: { keyId: string; now: string },
): Promise<BankAccountRow> {
  const { id, account, currency, holder, numbers } = wish
  requirePayable(numbers, currency)
  return db.tx(async (tx) => {
    const payee = await getAccount(tx, account, account)
    if (payee === undefined) throw missing('account')
    if (payee.type === 'finance')
      throw new DomainError('invalid_value', 'account: finance is paid nothing', {
        param: 'account',
      })
    const standing = await activeBankAccount(tx, account, currency)
    if (standing?.numberKey === numberKeyOf(numbers) && standing.holder === holder)
      throw new DomainError('invalid_transition', 'Payouts go to that account already.')
    const row = await addBankAccount(tx, {
      id,
      accountId: account,
      currency,
      numbers,
      holder,
      state: 'pending',
      usableFrom: later(now, await coolingOf(tx)),
      proposedBy: keyId,
      at: now,
    })
    if (row === undefined)
      throw new DomainError('invalid_transition', `Another account for ${currency} waits.`)
    await tell(tx, row, 'bank_account.proposed', now)
    return row
  })
}

async function lockedOf(tx: Tx, { sees }: Actor, id: string): Promise<BankAccountRow> {
  const row = await lockBankAccount(tx, id)
  if (row === undefined || (sees !== '*' && sees !== row.accountId)) throw missing('bank account')
  return row
}

const notNow = (message: string) => new DomainError('invalid_transition', message)

/** Another key than the one that named it; of a tenant one that a thief cannot have made for the purpose. */
async function requireSecond(
  tx: Tx,
  { proposedBy, usableFrom, createdAt }: BankAccountRow,
  { sees, keyId }: Actor & { keyId: string },
): Promise<void> {
  if (proposedBy === keyId) throw notNow('It needs another key than the one that named it.')
  if (sees === '*') return
  const since = await keySince(tx, keyId)
  const coolingMs = Date.parse(usableFrom) - Date.parse(createdAt)
  if (since === undefined || Date.parse(since) > Date.parse(createdAt) - coolingMs)
    throw notNow('It needs a key that is older than the cooling-off time, or the platform.')
}

type By = Actor & { keyId: string; now: string }

export function confirmBankAccount(
  db: Db,
  { id, reason }: { id: string; reason: string },
  by: By,
): Promise<BankAccountRow> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, by, id)
    await requireSecond(tx, row, by)
    const { keyId: confirmedBy, now: at } = by
    if (row.state === 'active' && row.payeeCheck === 'no_match' && row.confirmedBy === null)
      return (await standForBankAccount(tx, id, confirmedBy)) ?? row
    if (row.state !== 'pending')
      throw new DomainError('invalid_transition', `${id} is ${row.state}.`)
    const active = await activateBankAccount(tx, row, { at, confirmedBy })
    if (active === undefined) throw missing('bank account')
    await tell(tx, active, 'bank_account.activated', at, `:${reason.length}`)
    return active
  })
}

export function refuseNamedAccount(
  db: Db,
  { id, reason }: { id: string; reason: string },
  by: By,
): Promise<BankAccountRow> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, by, id)
    const refused = await refuseBankAccount(tx, id, { reason, at: by.now })
    if (refused === undefined) throw new DomainError('invalid_transition', `${id} is ${row.state}.`)
    await tell(tx, refused, 'bank_account.refused', by.now)
    return refused
  })
}

/** Whether its time suffices, by what its bank said of the name; a bank that was not asked yet is asked first. */
const isUsable = ({ payeeCheck }: Pick<BankAccountRow, 'payeeCheck'>) =>
  payeeCheck !== null && payeeCheckPolicy[payeeCheck] === 'use'

const askAgainMs = 86_400_000

/** A bank that does not answer has said nothing; it is asked again tomorrow. */
function unanswered(error: unknown): { check: PayeeCheck; name: null } {
  if (error instanceof MoneyFailure) return { check: 'unavailable', name: null }
  throw error
}

async function checkOne(
  { db, payeeCheck }: { db: Db; payeeCheck: PayeeCheckPort },
  { id, numbers, holder }: OpenBankAccount,
  now: string,
): Promise<void> {
  const said = await payeeCheck.check({ numbers, holder }).catch(unanswered)
  await db.tx(async (tx) => {
    const row = await keepPayeeCheck(tx, id, { ...said, at: now })
    if (row !== undefined) await tell(tx, row, 'bank_account.checked', now, `:${said.check}:${now}`)
  })
}

/** Asks about names, then lets those count whose time has come. One that cannot be asked about keeps no other waiting. */
export async function lookAtBankAccounts(
  deps: { db: Db; payeeCheck: PayeeCheckPort },
  { now }: { now: string },
): Promise<{ checked: number; activated: number }> {
  const { db } = deps
  const before = new Date(Date.parse(now) - askAgainMs).toISOString()
  const asked = await bankAccountsToCheck(db, before)
  await eachApart(asked, (account) => checkOne(deps, account, now))
  let activated = 0
  await eachApart((await bankAccountsDue(db, now)).filter(isUsable), (due) =>
    db.tx(async (tx) => {
      await lockBankAccount(tx, due.id)
      const row = await activateBankAccount(tx, due, { at: now })
      if (row === undefined) return
      await tell(tx, row, 'bank_account.activated', now)
      activated += 1
    }),
  )
  return { checked: asked.length, activated }
}
