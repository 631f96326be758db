// What the roaming process does on its own: takes up new connections, pulls what pushes may have missed, and times
// out commands. Several processes share the work; each piece is claimed in the database.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  changeConnection,
  claimHandshake,
  claimPull,
  type ConnectionRow,
  connectionsChannel,
  learnQuirk,
} from '@chargelane/db/queries/locations/connections'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { connectionView } from '@chargelane/db/views/supply/connections'
import { pullCdrs } from '../ocpi/modules/cdrs.ts'
import { PeerError } from './client.ts'
import { timeOutCommands } from '../ocpi/modules/commands.ts'
import { register } from '../ocpi/modules/credentials.ts'
import { pullLocations } from '../ocpi/modules/locations.ts'
import type { Roaming } from './server.ts'
import { pullSessions } from '../ocpi/modules/sessions.ts'
import { OcpiRefusal } from './status.ts'
import { pullTariffs } from '../ocpi/modules/tariffs.ts'
import { endpointOf, peerOf } from '../ocpi/modules/versions.ts'

export type KeeperOptions = {
  /** Between looks for work; a new connection is noticed at once all the same. Default 2 s. */
  pollMs?: number
  /** Between pulls of one connection. Default 5 min. */
  pullEveryMs?: number
}

/** Rows move between pages while they are read (ocpi/ocpi #161): each pull asks again for the last minutes. */
const overlapMs = 5 * 60_000
/** A delta can miss what a peer forgot to date: once a day everything is read. */
const fullPullEveryMs = 24 * 3_600_000
const leaseMs = 60_000
const handshakeBackOffMs = 2_000
const handshakeBackOffMsMax = 5 * 60_000

/** Connections dealt with side by side, so that a peer which hangs keeps no other waiting. */
const sideBySideMax = 16

type Under = {
  /** By connection: what is under way with its peer. */
  way: Map<string, Promise<void>>
  stopping: AbortSignal
  /** Something is over: there is room for the next. */
  onOver: () => void
}

/** Starts the loop; `stop` waits for the work under way. */
export async function startKeeper(
  roaming: Roaming,
  options: KeeperOptions = {},
): Promise<{ stop: () => Promise<void> }> {
  const stopping = new AbortController()
  let nap = new AbortController()
  const under: Under = { way: new Map(), stopping: stopping.signal, onOver: () => nap.abort() }
  const unlisten = await roaming.db.listen(connectionsChannel, () => nap.abort())
  const attend = (work: Promise<unknown>) =>
    work.catch((error: unknown) => roaming.log.error({ err: error }, 'keeper'))
  const running = (async () => {
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      await attend(timeOutCommands(roaming))
      await attend(takeUp(roaming, options, under))
      const signal = AbortSignal.any([nap.signal, stopping.signal])
      await sleep(options.pollMs ?? 2_000, undefined, { signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await running
      await Promise.all(under.way.values())
      await unlisten()
    },
  }
}

/** Begins with every connection that has something to do, as far as there is room; what it begins goes on by itself. */
async function takeUp(roaming: Roaming, options: KeeperOptions, under: Under): Promise<void> {
  const at = () => roaming.now().toISOString()
  const later = (ms: number) => new Date(roaming.now().getTime() + ms).toISOString()
  const pullAgainMs = options.pullEveryMs ?? 5 * 60_000
  const next = async () => {
    const busy = [...under.way.keys()]
    const fresh = await claimHandshake(roaming.db, at(), later(leaseMs), busy)
    if (fresh !== undefined) return { connection: fresh, deed: bringUp }
    const due = await claimPull(roaming.db, at(), later(pullAgainMs), busy)
    return due === undefined ? undefined : { connection: due, deed: catchUp }
  }
  while (!under.stopping.aborted && under.way.size < sideBySideMax) {
    const found = await next()
    if (found === undefined) return
    const { connection, deed } = found
    const work = deed(roaming, connection)
      .catch((error: unknown) =>
        roaming.log.error({ connection: connection.id, err: error }, 'keeper'),
      )
      .finally(() => {
        under.way.delete(connection.id)
        if (under.way.size === sideBySideMax - 1) under.onOver()
      })
    under.way.set(connection.id, work)
  }
}

/** Handshake, then the public prices, then the chargers that have them: live. A failure is kept with its reason. */
async function bringUp(roaming: Roaming, connection: ConnectionRow): Promise<void> {
  const startedAt = roaming.now().toISOString()
  try {
    const registered = await register(roaming, connection)
    await learnCommandsEndpoint(roaming, registered)
    const tariffs = await pullTariffs(roaming, registered)
    const locations = await pullLocations(roaming, registered, undefined, async () => {
      const openUntil = new Date(roaming.now().getTime() + leaseMs).toISOString()
      await changeConnection(roaming.db, connection.id, { openUntil })
    })
    await roaming.db.tx(async (tx) => {
      const now = roaming.now()
      const live = await changeConnection(tx, connection.id, {
        status: 'live',
        statusReason: null,
        failures: 0,
        openUntil: null,
        lastOkAt: now.toISOString(),
        lastPulledAt: startedAt,
        nextPullAt: new Date(now.getTime() + overlapMs).toISOString(),
      })
      await appendEvent(tx, {
        accountId: connection.cpoId,
        type: 'connection.registered',
        objectId: connection.id,
        data: connectionView(live, roaming.publicUrl),
        context: { tariffs, locations },
        dedupeKey: `${connection.id}:live:${startedAt}`,
        at: now.toISOString(),
      })
    })
    roaming.log.info({ connection: connection.id, tariffs, locations }, 'connection live')
  } catch (error) {
    const failures = connection.failures + 1
    const backOff = Math.min(handshakeBackOffMs * 2 ** (failures - 1), handshakeBackOffMsMax)
    await changeConnection(roaming.db, connection.id, {
      failures,
      openUntil: new Date(roaming.now().getTime() + backOff).toISOString(),
      statusReason: reasonOf(error).slice(0, 500),
    })
    roaming.log.warn({ connection: connection.id, failures, err: error }, 'handshake failed')
  }
}

/** For the CPO who reads why its connection is not live; our own faults are for our log. */
function reasonOf(error: unknown): string {
  if (error instanceof PeerError || error instanceof OcpiRefusal) return error.message
  return 'an internal error; it is retried'
}

/**
 * Some peers serve commands without listing them (py-ocpi). The URL is guessed from a sibling of the same role and
 * taken when something other than "not found" lives there.
 */
async function learnCommandsEndpoint(roaming: Roaming, connection: ConnectionRow): Promise<void> {
  if (endpointOf(connection, 'commands', 'RECEIVER') !== undefined) return
  const sibling =
    connection.endpoints?.find((it) => it.identifier === 'tokens' && it.role === 'RECEIVER') ??
    connection.endpoints?.find((it) => it.identifier === 'sessions')
  if (sibling === undefined) return
  const guess = sibling.url.replace(/[a-z]+\/*$/i, 'commands')
  const peer = peerOf(connection)
  const exists = await roaming.client
    .call(peer, {
      method: 'GET',
      url: new URL(`${guess}/START_SESSION`),
      module: 'commands',
      attempts: 1,
    })
    .then(
      () => true,
      (error: unknown) => error instanceof PeerError && isRoute(error.http),
    )
  if (!exists) return
  await learnQuirk(roaming.db, connection.id, 'endpoint.commands', guess)
  connection.quirks['endpoint.commands'] = guess
}

/** 405 for a GET where only POST is served; 400 and 422 from routers that validate first. */
const isRoute = (http: number | undefined) => http === 405 || http === 400 || http === 422

/** After an outage the receiver pulls: there is no queue and no duty to push again (OCPI 2.2.1 §4.2.2). */
async function catchUp(roaming: Roaming, connection: ConnectionRow): Promise<void> {
  const startedAt = roaming.now()
  const last = connection.lastPulledAt === null ? undefined : Date.parse(connection.lastPulledAt)
  const from = last === undefined ? undefined : new Date(last - overlapMs).toISOString()
  // The first pull of a UTC day reads every tariff and location.
  const isFull =
    last === undefined ||
    Math.floor(last / fullPullEveryMs) !== Math.floor(startedAt.getTime() / fullPullEveryMs)
  const since = from ?? connection.createdAt
  const lists = [
    () => pullTariffs(roaming, connection, isFull ? undefined : from),
    () => pullLocations(roaming, connection, isFull ? undefined : from),
    () => pullSessions(roaming, connection, since),
    () => pullCdrs(roaming, connection, since),
  ]
  let isWhole = true
  let unanswered = 0
  for (const pull of lists)
    try {
      if ((await pull()).isCut === true) isWhole = false
      unanswered = 0
    } catch (error) {
      // The breaker has counted it; the next pull asks from the same instant.
      if (!(error instanceof PeerError)) throw error
      roaming.log.warn({ connection: connection.id, problem: error.message }, 'pull failed')
      isWhole = false
      unanswered = error.http === undefined ? unanswered + 1 : 0
      // One list that fails keeps no other of the peer from being read; a peer that answers none of two is away.
      if (unanswered > 1) return
    }
  // What was cut off is asked for again, for a day: a peer that always counts wrong is read on all the same.
  const isGivenUp = startedAt.getTime() - Date.parse(since) > fullPullEveryMs
  if (isWhole || isGivenUp)
    await changeConnection(roaming.db, connection.id, { lastPulledAt: startedAt.toISOString() })
}
