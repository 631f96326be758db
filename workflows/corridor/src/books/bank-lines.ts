// Money that comes in at the bank: each booking counts once, settles what is owed and no more; the rest waits.
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import {
  type BankLine,
  closeBankLine,
  lockBankLine,
  putBankLine,
} from '@chargelane/db/queries/ledger/bank-lines'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { bankLineView } from '@chargelane/db/views/money/bank-lines'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { BankLine as ShownLine } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { matchedEntry, unclaimedEntry, unmatchedEntry } from '@chargelane/rules/ledger'
import { minimum, money, subtract } from '@chargelane/rules/money'
import { approvedByTwo, type By } from './decision.ts'

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

const isAhead = ({ receivedAt }: Pick<Incoming, 'receivedAt'>, now: string): boolean =>
  Date.parse(receivedAt) > Date.parse(now) + aheadMaxMs

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
  const comesLater = isAhead(incoming, now)
  const matched = comesLater || owed.amount <= 0 ? nothing : minimum(owed, amount)
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
    cause: comesLater
      ? `Bank booking ${reference} is dated ahead, ${receivedAt}.`
      : `Bank booking ${reference} is more than ${purpose} owes.`,
    detail: { amount, owed, received_at: receivedAt, purpose },
    atStake: unmatched,
    actions: ['release', 'write_off'],
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

type Decided = { id: string; reason: string }

async function waitingLine(tx: Tx, id: string): Promise<BankLine> {
  const line = await lockBankLine(tx, id)
  if (line === undefined) throw missing('bank booking')
  if (line.status !== 'waiting')
    throw new DomainError('invalid_transition', `Bank booking ${line.reference} is ${line.status}.`)
  return line
}

/** The incident that was opened with it ends with the decision, wherever that was made. */
async function close(
  tx: Tx,
  line: BankLine,
  decided: { status: 'released' | 'written_off'; to: string | null; reason: string },
  { keyId, now }: By,
): Promise<ShownLine> {
  const after = await closeBankLine(tx, line.id, { ...decided, by: keyId, at: now })
  const action = decided.status === 'released' ? 'release' : 'write_off'
  const subject = { type: 'bank_line', id: line.reference } as const
  await settleIncidents(
    tx,
    { kinds: ['unmatched_money'], subject },
    { cause: decided.reason, at: now, decided: { action, by: keyId } },
  )
  return bankLineView(after)
}

/**
 * What waited is a partner's: it stands to the credit of its account, where it is room for what comes. Of the partner it
 * was recorded for, unless another one turned out to have sent it.
 */
export function releaseBankLine(
  db: Db,
  { id, account, reason }: Decided & { account?: string },
  by: By,
): Promise<ShownLine> {
  return db.tx(async (tx) => {
    const line = await waitingLine(tx, id)
    if (isAhead(line, by.now))
      throw new DomainError(
        'invalid_transition',
        `Bank booking ${line.reference} is dated ahead, ${line.receivedAt}: it is released once it is here.`,
      )
    const to = account ?? line.accountId
    const owner = await getAccount(tx, everyAccount, to)
    if (owner?.type !== 'partner') throw missing('partner', 'account')
    const { reference, unmatched: amount } = line
    const entry = matchedEntry({ key: `matched:${reference}`, partnerId: to, amount })
    await postEntry(tx, { ...entry, effectiveAt: by.now })
    return close(tx, line, { status: 'released', to, reason }, by)
  })
}

/** Nobody claims what waited: it is the platform's, once two keys want it. */
export function writeOffBankLine(db: Db, { id, reason }: Decided, by: By): Promise<ShownLine> {
  return db.tx(async (tx) => {
    const line = await waitingLine(tx, id)
    const { reference, unmatched: amount } = line
    const wish = { action: 'bank_line.write_off', subjectId: id, terms: { amount }, reason }
    const { approval, isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return bankLineView(line, approvalView(approval))
    const entry = unclaimedEntry({ key: `unclaimed:${reference}`, amount })
    await postEntry(tx, { ...entry, effectiveAt: by.now })
    return close(tx, line, { status: 'written_off', to: null, reason: approval.reason }, by)
  })
}
