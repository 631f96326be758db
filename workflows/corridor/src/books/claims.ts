// What became of a claim above the price: released, or granted by two keys. Where a sale holds it, that is a revision of
// the sale, so that books, payables and pack follow from one state; the driver pays nothing more either way.
import type { Db, Tx } from '@chargelane/db'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import {
  closeSuspense,
  lockSuspense,
  type Suspense,
  suspenseOfCdr,
} from '@chargelane/db/queries/ledger/suspense'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { suspenseView } from '@chargelane/db/views/money/suspense'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { SuspenseItem } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { concededClaim, decidedClaim } from '@chargelane/rules/booking'
import { suspenseReleaseEntry } from '@chargelane/rules/ledger'
import { reviseSale } from '../booking/revise.ts'
import { asideKeyOf } from '../record/suspense.ts'
import { approvedByTwo, type By } from './decision.ts'

const settleWithinMs = 48 * 3_600_000

const words = { release: 'released', grant: 'granted' } as const
type Verb = keyof typeof words

const refused = (message: string) => new DomainError('invalid_transition', message)

/** Takes the claim off the books; what is granted is owed to the operator by the sale. */
async function book(tx: Tx, item: Suspense, verb: Verb, { now }: By): Promise<void> {
  const { id, sessionId, cdrId, cpoId, amount, entryKey } = item
  const isAside = entryKey === asideKeyOf(sessionId, cdrId)
  if (isAside) {
    const entry = suspenseReleaseEntry({
      key: `${entryKey}:${words[verb]}`,
      sessionId,
      cpoId,
      amount,
    })
    await postEntry(tx, { ...entry, effectiveAt: now })
    if (verb === 'release') return
  }
  await reviseSale(tx, {
    sessionId,
    name: `claim_${words[verb]}:${id}`,
    kind: verb === 'grant' ? 'claim_granted' : 'suspense_release',
    slaDeadline: new Date(Date.parse(now) + settleWithinMs).toISOString(),
    now,
    change: (before) => ({
      ...before,
      claim: isAside
        ? concededClaim(before.claim, amount)
        : decidedClaim(before.claim, amount, verb),
    }),
  })
}

async function tell(tx: Tx, item: Suspense, verb: Verb, now: string): Promise<SuspenseItem> {
  const { id, cpoId, sessionId } = item
  const shown = suspenseView(item, now)
  await appendEvent(tx, {
    accountId: cpoId,
    type: verb === 'grant' ? 'suspense.granted' : 'suspense.released',
    objectId: id,
    data: shown,
    dedupeKey: `${id}:${verb}`,
    at: now,
  })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      room: 'cdr',
      what: `claim ${words[verb]}`,
      detail: { claim: id },
      dedupeKey: `${id}:${verb}`,
      at: now,
    },
  )
  return shown
}

/** A record that its operator takes back claims nothing any more; what a sale holds of it changes with the sale. */
export async function withdrawClaim(tx: Tx, cdrId: string, now: string): Promise<void> {
  const claim = await suspenseOfCdr(tx, cdrId)
  const item = claim && (await lockSuspense(tx, claim.id))
  if (item?.status !== 'open' || item.entryKey !== asideKeyOf(item.sessionId, cdrId)) return
  const by = { keyId: 'corridor', now }
  await book(tx, item, 'release', by)
  const reason = 'Its operator took the record back.'
  const closed = { status: words.release, reason, by: by.keyId, at: now }
  await tell(tx, await closeSuspense(tx, item.id, closed), 'release', now)
}

/** Nobody is paid a claim that is released; one that is granted is paid by the platform, once two keys want it. */
export function decideClaim(
  db: Db,
  { id, verb, reason }: { id: string; verb: Verb; reason: string },
  by: By,
): Promise<SuspenseItem> {
  const { keyId, now } = by
  return db.tx(async (tx) => {
    const item = await lockSuspense(tx, id)
    if (item === undefined) throw missing('claim')
    if (item.status !== 'open') throw refused(`Claim ${id} is ${item.status}.`)
    let why = reason
    if (verb === 'grant') {
      if ((await saleOf(tx, item.sessionId)) === undefined)
        throw refused(`Nothing was sold in ${item.sessionId}: its claim can only be released.`)
      const { amount } = item
      const wish = { action: 'suspense.grant', subjectId: id, terms: { amount }, reason }
      const { approval, isApproved } = await approvedByTwo(tx, wish, by)
      if (!isApproved) return suspenseView(item, now, approvalView(approval))
      why = approval.reason
    }
    await book(tx, item, verb, by)
    const status = words[verb]
    const after = await closeSuspense(tx, id, { status, reason: why, by: keyId, at: now })
    return tell(tx, after, verb, now)
  })
}
