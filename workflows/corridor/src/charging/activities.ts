import type { Db, Tx } from '@chargelane/db'
import { changePayment, paymentById } from '@chargelane/db/queries/payments/payments'
import { cdrSeenBy } from '@chargelane/db/queries/sessions/cdrs'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { SessionChange, SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { paymentView } from '@chargelane/db/views/payments'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { isParkingPriced } from '@chargelane/rules/rating'

export type Progress = {
  energyWh: string
  lastGrowthAt: string | null
  lastReadingAt: string | null
  /** A disclosed price for occupying the place is running now. */
  parkingPriced: boolean
}

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
  keepsHold?: { paymentId: string; releaseBy: string }
}

async function newsOf(tx: Tx, told: Told): Promise<NonNullable<SessionChange['event']>> {
  if (typeof told === 'string') return told
  if ('cdr' in told) return { type: told.type, data: await cdrSeenBy(tx, told.cdr, 'partner') }
  const payment = await paymentById(tx, told.payment)
  if (payment === undefined) throw new Error(`No payment ${told.payment}.`)
  return { type: told.type, data: paymentView(payment) }
}

export function createChargingActivities({ db }: { db: Db }) {
  return {
    /** The corridor's pen: changes of the session's row with their timeline lines and events, written once, together. */
    async recordChanges(input: { sessionId: string; changes: readonly Change[] }): Promise<void> {
      await db.tx(async (tx) => {
        for (const { patch, change, readsEnergy, keepsHold } of input.changes) {
          const { event, ...rest } = change
          const told = event === undefined ? {} : { event: await newsOf(tx, event) }
          const read =
            readsEnergy === true
              ? { energyWh: (await energyProgress(tx, input.sessionId)).energyWh }
              : {}
          await changeSession(tx, input.sessionId, { ...patch, ...read }, { ...rest, ...told })
          if (keepsHold !== undefined)
            await changePayment(
              tx,
              keepsHold.paymentId,
              { releaseBy: keepsHold.releaseBy },
              change.at,
            )
        }
      })
    },

    /** How far the energy register has come, from the stored readings; none of them passes through the workflow. */
    async readProgress(input: {
      sessionId: string
      startedAt: string
      now: string
    }): Promise<Progress> {
      const { energyWh, lastGrowthAt, lastReadingAt } = await energyProgress(db, input.sessionId)
      const terms = await sessionTerms(db, input.sessionId)
      const canonical = terms?.tariff?.canonical ?? null
      return {
        energyWh,
        lastGrowthAt,
        lastReadingAt,
        parkingPriced:
          canonical !== null &&
          isParkingPriced(canonical, {
            ...input,
            timeZone: terms?.timeZone ?? 'UTC',
            energyWh,
          }),
      }
    },
  }
}

export type ChargingActivities = ReturnType<typeof createChargingActivities>
