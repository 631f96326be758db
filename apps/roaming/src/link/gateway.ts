// Puts the OCPI side together: one client, one set of routes.
import { traceOfSession } from '@chargelane/db/queries/sessions/owners'
import type { Db } from '@chargelane/db'
import { learnQuirk } from '@chargelane/db/queries/locations/connections'
import { createMessageLog } from '@chargelane/db/queries/chargers/frames'
import type { Logger } from 'pino'
import { mountCdrs } from '../ocpi/modules/cdrs.ts'
import { createCallers } from './callers.ts'
import { createOcpiClient, type Party } from './client.ts'
import { mountCommands } from '../ocpi/modules/commands.ts'
import { mountCredentials } from '../ocpi/modules/credentials.ts'
import { mountLocations } from '../ocpi/modules/locations.ts'
import { createOcpiApp, type OcpiApp, type Roaming } from './server.ts'
import { mountSessions } from '../ocpi/modules/sessions.ts'
import { mountTariffs } from '../ocpi/modules/tariffs.ts'
import { mountTokens } from '../ocpi/modules/tokens.ts'
import { editions, mountVersions } from '../ocpi/modules/versions.ts'

/** Every module is served in every edition we speak. */
const modules = [
  mountCredentials,
  mountLocations,
  mountTariffs,
  mountTokens,
  mountSessions,
  mountCdrs,
  mountCommands,
]

export type GatewaySettings = {
  us: Party
  businessName: string
  publicUrl: string
  allowLoopback: boolean
  plausibleSlackMs: number
}

export function createRoaming(
  settings: GatewaySettings,
  db: Db,
  log: Logger,
  now: () => Date = () => new Date(),
): Roaming {
  const { us, businessName, publicUrl, allowLoopback, plausibleSlackMs } = settings
  const messages = createMessageLog(db)
  const callers = createCallers(db, now)
  const client = createOcpiClient({
    us,
    allowLoopback,
    now,
    record: (...told) => messages.add(...told),
    learn: (connectionId, name, value) => learnQuirk(db, connectionId, name, value),
    traceOf: (sessionId) => traceOfSession(db, sessionId),
  })
  return {
    db,
    client,
    callers,
    messages,
    us,
    businessName,
    publicUrl,
    allowLoopback,
    plausibleSlackMs,
    now,
    log,
  }
}

export function createRoutes(roaming: Roaming): OcpiApp {
  return createOcpiApp(roaming, [
    mountVersions(roaming),
    ...editions.flatMap((edition) => modules.map((mount) => mount(roaming, edition))),
  ])
}
