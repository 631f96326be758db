import type { Db } from '@chargelane/db'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { SessionChange, SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { storedTariff } from '../quote/activities.ts'
import { isParkingPriced } from './rules.ts'

export type Progress = {
  energyWh: string
  lastGrowthAt: string | null
  lastReadingAt: string | null
  /** A disclosed price for occupying the place is running now. */
  parkingPriced: boolean
}

export function createChargingActivities({ db }: { db: Db }) {
  return {
    /** The corridor's pen: changes of the session's row with their timeline lines and events, written once, together. */
    async recordChanges(input: {
      sessionId: string
      changes: readonly { patch: SessionPatch; change: SessionChange }[]
    }): Promise<void> {
      await db.tx(async (tx) => {
        for (const { patch, change } of input.changes)
          await changeSession(tx, input.sessionId, patch, change)
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
      const elapsedS = (Date.parse(input.now) - Date.parse(input.startedAt)) / 1000
      const canonical = terms?.tariff?.canonical ?? null
      return {
        energyWh,
        lastGrowthAt,
        lastReadingAt,
        parkingPriced: canonical !== null && isParkingPriced(storedTariff(canonical), elapsedS),
      }
    },
  }
}

export type ChargingActivities = ReturnType<typeof createChargingActivities>
