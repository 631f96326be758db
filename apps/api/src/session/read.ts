import { meterOf, metersOf } from '@chargelane/corridor/authorization/cover'
import { asAccount, lastOf, type Sql, type Tx } from '@chargelane/db'
import type { SessionRow, SessionScope } from '@chargelane/db/queries/sessions/sessions'
import { sessionExtras, shownSession } from '@chargelane/db/queries/sessions/session-views'
import { meteredView, sessionView } from '@chargelane/db/views/sales/sessions'
import type { Session } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Deps, Viewer } from '../http/handler.ts'

const charging = new Set<Session['status']>(['charging', 'suspended', 'stopping'])

export function scopeOf(viewer: Viewer): SessionScope {
  if (viewer.type === 'partner') return { partner: viewer.accountId }
  return viewer.type === 'cpo' ? { cpo: viewer.accountId } : 'all'
}

/** Reads as the viewer, in a tx of its own: for handlers that wait or reach outside. */
export const asViewer = <T>(deps: Deps, viewer: Viewer, fn: (tx: Tx) => Promise<T>): Promise<T> =>
  asAccount(deps.db, viewer.sees, fn, viewer.uncheckedKey)

/** A page of sessions as the viewer may see them, each as it would be shown alone. */
export async function listShown(
  deps: Deps,
  viewer: Viewer,
  read: (tx: Tx) => Promise<SessionRow[]>,
): Promise<Session[]> {
  const sessions = await asViewer(deps, viewer, async (tx) => {
    const rows = await read(tx)
    const extras = await sessionExtras(
      tx,
      rows.map((row) => row.id),
    )
    return rows.flatMap((row) => {
      const extra = extras.get(row.id)
      return extra ? [sessionView(row, extra)] : []
    })
  })
  const running = sessions.filter(({ status }) => charging.has(status)).map(({ id }) => id)
  const meters = await metersOf(deps.db, running, deps.now())
  return sessions.map((session) => {
    const meter = meters.get(session.id)
    return meter === undefined ? session : meteredView(session, meter)
  })
}

/** One session as the viewer may see it, or `resource_missing`. */
export async function readSession(tx: Sql, viewer: Viewer, id: string): Promise<Session> {
  const row = await shownSession(tx, scopeOf(viewer), id)
  if (!row) throw missing('session')
  return sessionView(row, row.extras)
}

/** The same in a tx of its own, in one round trip; while it charges with its meter as it stands. */
export async function sessionAlone(deps: Deps, viewer: Viewer, id: string): Promise<Session> {
  const session = await asViewer(deps, viewer, (tx) => lastOf(tx, readSession(tx, viewer, id)))
  if (!charging.has(session.status)) return session
  const meter = await meterOf(deps.db, id, deps.now())
  return meter === undefined ? session : meteredView(session, meter)
}
