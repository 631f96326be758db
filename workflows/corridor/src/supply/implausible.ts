// Readings that no meter can have shown (failures F30): kept and never billed, told to partner and CPO, and an incident.
import type { Sql } from '@chargelane/db'
import type { MeterRow } from '@chargelane/db/queries/chargers/meter-values'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'

const impossible = new Set(['backwards', 'jump', 'implausible'])

export const implausibleOf = (rows: readonly MeterRow[]): MeterRow[] =>
  rows.filter(({ flag }) => flag !== null && impossible.has(flag))

/** In the tx in which they are kept; the partner hears once a session, the incident counts on. */
export async function tellImplausible(
  sql: Sql,
  rows: readonly MeterRow[],
  at: string,
): Promise<void> {
  const bySession = Map.groupBy(implausibleOf(rows), ({ sessionId }) => sessionId)
  for (const [sessionId, flagged] of bySession)
    await sql.transaction(async (tx) => {
      const readings = flagged.slice(-20).map((row) => ({
        at: row.at,
        register_wh: row.registerWh,
        flag: row.flag,
        source: row.source,
      }))
      const session = await getSession(tx, 'all', sessionId)
      await openIncident(tx, {
        kind: 'implausible_reading',
        subject: { type: 'session', id: sessionId },
        ...(session === undefined ? {} : { accountId: session.cpoId }),
        sessionId,
        cause: 'the meter cannot have shown this; it is kept and neither captured nor billed',
        detail: { readings },
        actions: [],
        at,
      })
      if (session === undefined) return
      await changeSession(
        tx,
        sessionId,
        {},
        {
          event: 'meter.implausible',
          room: 'charging',
          what: 'a reading that no meter can have shown',
          detail: { readings },
          dedupeKey: `${sessionId}:meter.implausible`,
          at,
        },
      )
    })
}
