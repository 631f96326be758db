// The corridor's pen: changes of a session's row with their timeline lines and events, written once, together.
import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import {
  type NewIncident,
  openIncident,
  settleIncidents,
} from '@chargelane/db/queries/operations/incidents'
import type { IncidentKind } from '@chargelane/openapi/vocabulary/incidents'
import { changePayment, paymentById } from '@chargelane/db/queries/payments/payments'
import { cdrSeenBy } from '@chargelane/db/queries/sessions/cdrs'
import { changeInTurn } from '@chargelane/db/queries/sessions/sessions'
import type { SessionChange, SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import { energyProgress, markSupplyHeard } from '@chargelane/db/queries/sessions/supply'
import { paymentTold } from '@chargelane/db/views/money/payments'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'

/** What the workflow tells of: the session, or an object it only names, which is shown as it is when it is told. */
export type Told =
  | EventTypeOf<'Session'>
  | { type: EventTypeOf<'Payment'>; payment: string }
  | { type: EventTypeOf<'Cdr'>; cdr: string }

export type Change = {
  patch: SessionPatch
  change: Omit<SessionChange, 'event'> & { event?: Told }
  /** The energy that the stored readings tell is written with it. */
  readsEnergy?: boolean
  /** From here on the hold is kept until then. */
  keepsHold?: { payments: readonly string[]; releaseBy: string }
  /** Put aside for a person with it. */
  incident?: Omit<NewIncident, 'sessionId' | 'at'>
  /** Supply's news that came with an answer, by their keys: they need no telling any more. */
  hears?: readonly string[]
  /** What was put aside of the session before and is settled by it. */
  settles?: readonly IncidentKind[]
}

async function newsOf(tx: Tx, told: Told): Promise<NonNullable<SessionChange['event']>> {
  if (typeof told === 'string') return told
  if ('cdr' in told) return { type: told.type, data: await cdrSeenBy(tx, told.cdr, 'partner') }
  const payment = await paymentById(tx, told.payment)
  if (payment === undefined) throw new InvariantError(`No payment ${told.payment}.`)
  return { type: told.type, data: paymentTold(payment) }
}

type Ready = Parameters<typeof changeInTurn>[2][number]

/** Changes with all that they name, to be written in turn. */
export async function readyChanges(
  tx: Tx,
  sessionId: string,
  changes: readonly Change[],
): Promise<Ready[]> {
  const list: Ready[] = []
  for (const { patch, change, readsEnergy, keepsHold, incident, settles, hears } of changes) {
    const { event, ...rest } = change
    const told = event === undefined ? {} : { event: await newsOf(tx, event) }
    const read =
      readsEnergy === true ? { energyWh: (await energyProgress(tx, sessionId)).energyWh } : {}
    if (keepsHold !== undefined)
      for (const payment of keepsHold.payments)
        await changePayment(tx, payment, { releaseBy: keepsHold.releaseBy }, change.at)
    if (hears !== undefined) await markSupplyHeard(tx, hears, change.at)
    if (incident !== undefined) await openIncident(tx, { ...incident, sessionId, at: change.at })
    if (settles !== undefined)
      await settleIncidents(
        tx,
        { kinds: settles, sessionId },
        { cause: change.what, at: change.at },
      )
    list.push({ patch: { ...patch, ...read }, change: { ...rest, ...told } })
  }
  return list
}

/** In the order given; a change that is known is not written again. They are the last thing of their tx. */
export async function writeChanges(
  tx: Tx,
  sessionId: string,
  changes: readonly Change[],
): Promise<void> {
  await changeInTurn(tx, sessionId, await readyChanges(tx, sessionId, changes), { isLast: true })
}
