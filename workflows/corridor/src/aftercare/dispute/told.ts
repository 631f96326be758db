// Whoever a dispute concerns hears of it, with the object as reading it would show it.
import type { Tx } from '@chargelane/db'
import { type Dispute, ledTo } from '@chargelane/db/queries/disputes/disputes'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { disputeView } from '@chargelane/db/views/money/disputes'

type News =
  | 'dispute.opened'
  | 'dispute.needs_response'
  | 'dispute.evidence_submitted'
  | 'dispute.resolved'

const words = {
  'dispute.opened': 'dispute opened',
  'dispute.needs_response': 'dispute needs a response',
  'dispute.evidence_submitted': 'evidence submitted',
  'dispute.resolved': 'dispute resolved',
} as const

/** A split is its payee's own affair; what a driver or a bank disputes concerns both sides of the session. */
const hearersOf = ({ kind, openedBy, partnerId, cpoId }: Dispute): string[] =>
  kind === 'driver' || kind === 'chargeback'
    ? [partnerId, cpoId]
    : openedBy === null
      ? []
      : [openedBy]

export async function tellOfDispute(
  tx: Tx,
  dispute: Dispute,
  type: News,
  at: string,
): Promise<void> {
  const { id, kind, sessionId, reason, status, outcome, decidedBy, amount, decided } = dispute
  // Evidence that the provider lost is submitted again, and told again.
  const key = type === 'dispute.evidence_submitted' ? `${type}:${dispute.submittedAt}` : type
  const data = disputeView(dispute, await ledTo(tx, dispute))
  for (const accountId of new Set(hearersOf(dispute)))
    await appendEvent(tx, {
      accountId,
      type,
      objectId: id,
      data,
      dedupeKey: `${id}:${key}:${accountId}`,
      at,
    })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      room: 'dispute',
      what: words[type],
      detail: { dispute: id, kind, reason, status, amount, outcome, by: decidedBy, decided },
      dedupeKey: `${id}:${key}`,
      at,
    },
  )
}
