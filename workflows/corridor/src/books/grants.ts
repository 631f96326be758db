// Energy of a record whose session bills nothing any more: its operator is paid for it by the platform, once two keys
// want it. The driver pays nothing.
import type { Db, Tx } from '@chargelane/db'
import { addPayables, payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import type { SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { concededClaim } from '@chargelane/rules/booking'
import { grantedEntry } from '@chargelane/rules/ledger'
import { reviseSale } from '../booking/revise.ts'
import { endRecord, lockedRecord, ownerOf } from '../record/adopt.ts'
import { grantable, whyNotBillable } from '../record/exits.ts'
import { approvedByTwo, type By } from './decision.ts'

const settleWithinMs = 48 * 3_600_000
const refused = (message: string) => new DomainError('invalid_transition', message)

type Granted = { cdrId: string; session: SessionRow; amount: Money; now: string }

/** Where a sale was booked it is a revision of it; else an entry and a payable of their own. */
async function book(tx: Tx, { cdrId, session, amount, now }: Granted): Promise<void> {
  const { id: sessionId, cpoId } = session
  const slaDeadline = new Date(Date.parse(now) + settleWithinMs).toISOString()
  const name = `record_granted:${cdrId}`
  if ((await saleOf(tx, sessionId)) !== undefined) {
    await reviseSale(tx, {
      sessionId,
      name,
      kind: 'claim_granted',
      slaDeadline,
      now,
      change: (before) => ({ ...before, claim: concededClaim(before.claim, amount) }),
    })
    return
  }
  const payee = { role: 'cpo', id: cpoId } as const
  const entry = grantedEntry({ key: `${sessionId}:${name}`, sessionId, payee, amount })
  await postEntry(tx, { ...entry, effectiveAt: now })
  const earlier = (await payablesOfSession(tx, sessionId)).map(({ revision }) => revision)
  await addPayables(tx, [
    {
      sessionId,
      payee,
      amount,
      detail: { share: amount, lines: [], rate: null },
      waits: false,
      revision: Math.max(0, ...earlier) + 1,
      provisional: false,
      slaDeadline,
      at: now,
    },
  ])
}

/** False where it was only proposed. What is given is what its operator asks, within the price of the quote. */
export function grantRecord(
  db: Db,
  { cdrId, reason }: { cdrId: string; reason: string },
  by: By,
): Promise<boolean> {
  const { now } = by
  return db.tx(async (tx) => {
    const cdr = await lockedRecord(tx, cdrId, undefined)
    if (cdr.status !== 'quarantined') throw refused(`Record ${cdrId} is ${cdr.status}.`)
    const session = await ownerOf(tx, cdr, undefined)
    if ((await whyNotBillable(tx, cdr, session, now)) === undefined)
      throw refused(`${session.id} can still bill record ${cdrId}: adopt it.`)
    const amount = await grantable(tx, cdr, session.id)
    if (amount === undefined || amount.amount <= 0)
      throw refused(`Record ${cdrId} has no price that could be granted.`)
    const wish = { action: 'cdr.grant', subjectId: cdrId, terms: { amount }, reason }
    const { approval, isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return false
    await book(tx, { cdrId, session, amount, now })
    await endRecord(
      tx,
      cdr,
      { what: 'record granted', reason: approval.reason, granted: amount },
      by,
    )
    return true
  })
}
