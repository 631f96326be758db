// Whether energy flows, as the charger says: a car that takes nothing is one thing, a charger that holds it back another.
import type { Sql, Tx } from '@chargelane/db'
import {
  changeFlow,
  type FlowChanged,
  type FlowTold,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { batchedWrite } from '../line/batch.ts'

/** OCPP 2.x ChargingStateEnumType: a schedule, a charging profile, or the load of the site. */
const pausedState = 'SuspendedEVSE'

/** Only of a session that somebody waits for, and only where it changes whether the charger holds energy back. */
async function tellPause(
  tx: Tx,
  { sessionId, origin, before, state, at }: FlowChanged,
): Promise<void> {
  if (origin === 'unknown' || (before === pausedState) === (state === pausedState)) return
  const kind = state === pausedState ? 'charging_paused' : 'charging_resumed'
  await recordSupplyEvent(tx, sessionId, `${sessionId}:${kind}:${at}`, { kind, at })
}

/** Kept with the transaction that runs there, and told where its session decides by it. */
export async function keepFlows(sql: Sql, told: readonly FlowTold[]): Promise<void> {
  if (told.length === 0) return
  // The last word of each EVSE counts.
  const last = new Map(told.map((each) => [`${each.stationId} ${each.ocppEvseId}`, each]))
  await sql.transaction(async (tx) => {
    for (const changed of await changeFlow(tx, [...last.values()])) await tellPause(tx, changed)
  })
}

export const showFlow = batchedWrite((node, told: FlowTold[]) => keepFlows(node.db, told), 200)
