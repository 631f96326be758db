// A charge that began at the charger and is not sold: what it took has an owner all the same.
import { endOf } from '@chargelane/db/sealed'
import type { Db } from '@chargelane/db'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { placeOfEvse } from '@chargelane/db/queries/sessions/terms'
import type { Refusal } from '@chargelane/rules/quote/may-start'
import type { SessionInput } from '../contract.ts'
import type { Reach } from '../routing/channels.ts'

export type RefusedStart = {
  session: SessionInput & { origin: 'supply' }
  refusal: Pick<Refusal, 'code' | 'message'>
  now: string
}

export function createRefusalActivities({ db }: { db: Db }) {
  return {
    /**
     * Puts a start that was refused aside, for its operator, with the energy that was read until now. Answers where the
     * charger is told to stop. Called again, it is the same incident with what was taken since.
     */
    refuseStart: ({ session, refusal, now: at }: RefusedStart): Promise<Reach> =>
      db.tx(async (tx) => {
        const { sessionId, evseId, accountId: partner, tokenUid, supplyRef, startedAt } = session
        const place = await placeOfEvse(tx, evseId)
        if (place === undefined) throw new Error(`No EVSE ${evseId}.`)
        const { energyWh } = await energyProgress(tx, sessionId)
        await openIncident(tx, {
          kind: 'start_refused_at_charger',
          subject: { type: 'session', id: sessionId },
          accountId: place.cpoId,
          sessionId,
          cause: `the charger began before it was refused: ${refusal.message}`,
          detail: {
            code: refusal.code,
            evse: place.evseCode,
            partner,
            token: endOf(tokenUid),
            supply_ref: supplyRef,
            started_at: startedAt,
          },
          energyWh,
          actions: [],
          at,
        })
        return { evseId, protocol: place.protocol }
      }),
  }
}

export type RefusalActivities = ReturnType<typeof createRefusalActivities>
