// OCPI 2.2.1 §6: which versions we speak, and where our interfaces are. And the same of a peer.
import { type ConnectionRow, tokenOutOf } from '@chargelane/db/queries/locations/connections'
import type { Peer, PeerModule } from '../../link/client.ts'
import { answerOk, type OcpiApp, type Roaming } from '../../link/server.ts'
import { OcpiRefusal, ocpiStatus } from '../../link/status.ts'
import type { Edition } from '../edition.ts'
import { v221 } from '../v221/map.ts'
import { unwrapSingle, zVersionDetailsIn, zVersionsIn } from '../wire.ts'

/** The editions we speak, the newest first; a peer is spoken to in the newest that both know. */
export const editions: readonly [Edition, ...Edition[]] = [v221]

/** The edition a connection was registered with; before that, the newest. */
export const editionOf = ({ version }: Pick<ConnectionRow, 'version'>): Edition =>
  editions.find((edition) => edition.version === version) ?? editions[0]

/** Our interfaces as an eMSP: we receive a CPO's objects, and send tokens and commands. */
const interfaces = [
  ['credentials', 'SENDER'],
  ['locations', 'RECEIVER'],
  ['tariffs', 'RECEIVER'],
  ['sessions', 'RECEIVER'],
  ['cdrs', 'RECEIVER'],
  ['tokens', 'SENDER'],
  ['commands', 'SENDER'],
] as const

export const ourVersionsUrl = (roaming: Roaming) => `${roaming.publicUrl}/versions`
export const ourModuleUrl = (roaming: Roaming, edition: Edition, module: string) =>
  `${roaming.publicUrl}/${edition.version}/${module}`

export const mountVersions = (roaming: Roaming) => (app: OcpiApp) => {
  app.get('/versions', (context) =>
    answerOk(
      roaming,
      context,
      editions.map(({ version }) => ({ version, url: `${roaming.publicUrl}/${version}` })),
    ),
  )
  for (const edition of editions)
    app.get(`/${edition.version}`, (context) =>
      answerOk(roaming, context, {
        version: edition.version,
        endpoints: interfaces.map(([identifier, role]) => ({
          identifier,
          role,
          url: ourModuleUrl(roaming, edition, identifier),
        })),
      }),
    )
}

export type Endpoint = { identifier: string; role: string; url: string }

/** Reads versions and details of a peer. Throws `OcpiRefusal` 3001–3003 when they cannot be used, `PeerError` when unreachable. */
export async function discover(
  roaming: Roaming,
  peer: Peer,
  versionsUrl: string,
): Promise<{ edition: Edition; endpoints: Endpoint[] }> {
  const listed = await roaming.client.call(peer, {
    method: 'GET',
    url: new URL(versionsUrl),
    module: 'versions',
  })
  const versions = zVersionsIn.safeParse(listed.data)
  if (!versions.success) {
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, 'the versions list is not one')
  }
  const [common] = editions.flatMap((edition) => {
    const offer = versions.data.find(({ version }) => version.trim() === edition.version)
    return offer === undefined ? [] : [{ edition, url: offer.url }]
  })
  if (common === undefined) {
    const spoken = editions.map(({ version }) => version).join(', ')
    const offered = versions.data.map(({ version }) => version).join(', ')
    throw new OcpiRefusal(
      ocpiStatus.unsupportedVersion,
      `we speak ${spoken}, the peer offers ${offered || 'nothing'}`,
    )
  }
  const details = await roaming.client.call(peer, {
    method: 'GET',
    url: peerUrl(peer, common.url),
    module: 'versions',
  })
  const read = zVersionDetailsIn.safeParse(unwrapSingle(details.data))
  if (!read.success) {
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, 'the version details cannot be read')
  }
  const endpoints = read.data.endpoints.map(({ identifier, role, url }) => ({
    identifier: identifier.toLowerCase(),
    role,
    url: peerUrl(peer, url).href,
  }))
  requireEndpoints(endpoints)
  return { edition: common.edition, endpoints }
}

/** What we cannot sell a CPO without. */
function requireEndpoints(endpoints: Endpoint[]): void {
  const missing = ['credentials', 'locations', 'tariffs', 'sessions', 'cdrs'].filter(
    (module) => !endpoints.some(({ identifier }) => identifier === module),
  )
  if (missing.length > 0) {
    throw new OcpiRefusal(
      ocpiStatus.missingEndpoints,
      `the peer serves no ${missing.join(', no ')}`,
    )
  }
}

/** A URL the peer names must lie on the origin it registered with (security fact 26). */
export function peerUrl(peer: Peer, text: string): URL {
  if (!URL.canParse(text)) {
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, `${text} is not a URL`)
  }
  const url = new URL(text)
  if (url.origin === peer.origin) return url
  throw new OcpiRefusal(
    ocpiStatus.peerApiUnusable,
    `${url.origin} is not the registered ${peer.origin}`,
  )
}

/** Where a peer serves a module; roles are compared last, because peers mix them up. */
export function endpointOf(
  connection: ConnectionRow,
  module: PeerModule,
  role: 'SENDER' | 'RECEIVER',
): string | undefined {
  const learned = connection.quirks[`endpoint.${module}`]
  if (learned !== undefined) return learned
  const served = (connection.endpoints ?? []).filter(({ identifier }) => identifier === module)
  const found = served.find((endpoint) => endpoint.role === role) ?? served[0]
  return found?.url.replace(/\/+$/, '')
}

/** The connection as the client calls it. Throws when it has no address or token, which only a registered one has. */
export function peerOf(connection: ConnectionRow): Peer {
  const token = tokenOutOf(connection)
  if (connection.versionsUrl === null || token === null) {
    throw new Error(`connection ${connection.id} is not registered`)
  }
  return {
    connectionId: connection.id,
    token,
    origin: new URL(connection.versionsUrl).origin,
    party: { countryCode: connection.countryCode, partyId: connection.partyId },
    version: connection.version,
    quirks: connection.quirks,
  }
}
