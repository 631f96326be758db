// Money that comes in at the bank: each booking counts once, settles what is owed and no more; the rest waits.
import type { Db, Tx } from '@chargelane/db'
import {
  bankLine,
  type BankLine,
  matchBankLine,
  putBankLine,
} from '@chargelane/db/queries/ledger/bank-lines'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { matchedEntry, unmatchedEntry } from '@chargelane/rules/ledger'
import { minimum, money, subtract } from '@chargelane/rules/money'
import type { By } from './decision.ts'

export type Incoming = {
  /** Of the bank's booking; counts once, whatever it is recorded for. */
  reference: string
  accountId: string
  /** What it is recorded for. */
  purpose: string
  amount: Money
  receivedAt: string
}

/** Clocks differ, days do not: what the bank will book tomorrow is not here today. */
const aheadMaxMs = 5 * 60_000

/**
 * Writes the booking down and says how much of it settles what is owed. What is dated ahead, or above what is owed,
 * waits on suspense as an incident. Undefined where the same booking was recorded before: then nothing is to be done.
 */
export async function takeBankLine(
  tx: Tx,
  incoming: Incoming,
  owed: Money,
  { keyId, now }: By,
): Promise<Money | undefined> {
  const { reference, accountId, purpose, amount, receivedAt } = incoming
  const nothing = money(0, amount.currency)
  const isAhead = Date.parse(receivedAt) > Date.parse(now) + aheadMaxMs
  const matched = isAhead || owed.amount <= 0 ? nothing : minimum(owed, amount)
  const unmatched = subtract(amount, matched)
  const { line, isNew } = await putBankLine(tx, {
    ...incoming,
    unmatched,
    recordedBy: keyId,
    recordedAt: now,
  })
  if (!isNew) {
    requireSame(line, incoming)
    return undefined
  }
  if (unmatched.amount === 0) return matched
  const entry = unmatchedEntry({ key: `unmatched:${reference}`, amount: unmatched })
  await postEntry(tx, { ...entry, effectiveAt: now })
  await openIncident(tx, {
    kind: 'unmatched_money',
    subject: { type: 'bank_line', id: reference },
    accountId,
    cause: isAhead
      ? `Bank booking ${reference} is dated ahead, ${receivedAt}.`
      : `Bank booking ${reference} is more than ${purpose} owes.`,
    detail: { amount, owed, received_at: receivedAt, purpose },
    atStake: unmatched,
    actions: ['release'],
    at: now,
  })
  return matched
}

/** The same booking told twice is heard once; another one under its reference is a mistake. */
function requireSame(line: BankLine, { accountId, purpose, amount }: Incoming): void {
  const isSame =
    line.accountId === accountId &&
    line.purpose === purpose &&
    line.amount.currency === amount.currency &&
    line.amount.amount === amount.amount
  if (isSame) return
  throw new DomainError(
    'invalid_transition',
    `reference: bank booking ${line.reference} was recorded for ${line.purpose}.`,
    { param: 'reference' },
  )
}

/** What waited is the partner's: it stands to the credit of its account, where it is room for what comes. */
export function releaseBankLine(
  db: Db,
  reference: string,
  { now }: Pick<By, 'now'>,
): Promise<void> {
  return db.tx(async (tx) => {
    const line = await bankLine(tx, reference)
    if (line === undefined) throw missing('bank booking', 'reference')
    if (line.unmatched.amount === 0) return
    const entry = matchedEntry({
      key: `matched:${reference}`,
      partnerId: line.accountId,
      amount: line.unmatched,
    })
    await postEntry(tx, { ...entry, effectiveAt: now })
    await matchBankLine(tx, reference)
  })
}
