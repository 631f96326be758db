// The breaker of a connection (failures F06): what each call tells about the peer, and whether one is made at all.
import {
  type ConnectionRow,
  recordPeerAnswer,
  recordPeerFailure,
} from '@chargelane/db/queries/locations/connections'
import { PeerError } from './client.ts'
import type { Roaming } from './server.ts'

/** Runs a call and counts how it went. An answer of any kind proves the peer is there. */
export async function recordCall<T>(
  roaming: Roaming,
  connection: ConnectionRow,
  call: () => Promise<T>,
): Promise<T> {
  try {
    const result = await call()
    await recordPeerAnswer(roaming.db, connection, roaming.now().toISOString())
    return result
  } catch (error) {
    if (error instanceof PeerError) await recordError(roaming, connection, error)
    throw error
  }
}

async function recordError(roaming: Roaming, connection: ConnectionRow, error: PeerError) {
  const at = roaming.now().toISOString()
  const isTokenRefused = error.http === 401 || error.http === 403
  if (isTokenRefused) {
    // Nothing works until the CPO takes our token again or registers anew (failures F76).
    const reason = `the peer refuses our token: ${error.message}`
    await recordPeerFailure(roaming.db, connection.id, at, reason)
  } else if (error.kind === 'unreachable') {
    await recordPeerFailure(roaming.db, connection.id, at, error.message)
  } else {
    await recordPeerAnswer(roaming.db, connection, at)
  }
}

/** Why no call may be made now, or undefined. */
export function whyClosed(connection: ConnectionRow, now: Date): string | undefined {
  if (connection.endpoints === null || connection.tokenOut === null) {
    return connection.statusReason ?? 'the connection is not registered'
  }
  if (connection.openUntil === null || Date.parse(connection.openUntil) <= now.getTime()) {
    return undefined
  }
  return `not called until ${connection.openUntil}: ${connection.statusReason ?? 'it failed before'}`
}
