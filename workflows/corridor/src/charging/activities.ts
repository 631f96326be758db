import type { Db } from '@chargelane/db'
import { type EnergyFlow, energyFlow, energyProgress } from '@chargelane/db/queries/sessions/supply'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { isParkingPriced } from '@chargelane/rules/rating'
import { queueOf } from '../routing/channels.ts'
import type { Reach } from '../routing/channels.ts'
import type { CommandQueue } from '../routing/rules.ts'
import { writeChanges } from './changes.ts'
import type { Change } from './changes.ts'

export type Progress = {
  energyWh: string
  lastReadingAt: string | null
  flow: EnergyFlow
  /** A disclosed price for occupying the place is running now. */
  parkingPriced: boolean
}

export function createChargingActivities({ db }: { db: Db }) {
  return {
    /** Writes changes, and answers where the command that follows them must go, if one follows. */
    async recordChanges(input: {
      sessionId: string
      changes: readonly Change[]
      commands?: Reach
    }): Promise<{ queue: CommandQueue | null }> {
      const { sessionId, changes, commands } = input
      return db.tx(async (tx) => {
        const [queue] = await Promise.all([
          commands === undefined ? null : queueOf(tx, commands),
          writeChanges(tx, sessionId, changes),
        ])
        return { queue }
      })
    },

    /** How far the energy register has come, from the stored readings; none of them passes through the workflow. */
    async readProgress(input: {
      sessionId: string
      startedAt: string
      now: string
    }): Promise<Progress> {
      const { sessionId } = input
      const [{ energyWh, lastReadingAt }, flow, terms] = await Promise.all([
        energyProgress(db, sessionId),
        energyFlow(db, sessionId),
        sessionTerms(db, sessionId),
      ])
      const canonical = terms?.tariff?.canonical ?? null
      return {
        energyWh,
        lastReadingAt,
        flow,
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
