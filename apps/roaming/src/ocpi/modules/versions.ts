// OCPI 2.2.1 §6: which versions we speak, and where our interfaces are. And the same of a peer.
import { type ConnectionRow, tokenOutOf } from '@chargelane/db/queries/locations/connections'
import { type Peer, PeerError, type PeerModule } from '../../link/client.ts'
import { answerOk, type OcpiApp, type Roaming } from '../../link/server.ts'
import { OcpiRefusal, ocpiStatus } from '../../link/status.ts'
import type { Edition, Endpoint } from '../edition.ts'
import { v211 } from '../v211/map.ts'
import { v221 } from '../v221/map.ts'
import { v230 } from '../v230/map.ts'
import { unwrapSingle, zVersionDetailsIn, zVersionsIn } from '../wire.ts'

/** The editions we speak, the newest first; a peer is spoken to in the newest that both know. */
export const editions: readonly [Edition, ...Edition[]] = [v230, v221, v211]

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
        endpoints: interfaces.map(([identifier, role]) =>
          edition.endpoint({ identifier, role, url: ourModuleUrl(roaming, edition, identifier) }),
        ),
      }),
    )
}

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
  const common = editions.flatMap((edition) => {
    const offer = versions.data.find(({ version }) => version === edition.version)
    return offer === undefined ? [] : [{ edition, url: offer.url }]
  })
  let why: Error | undefined
  // What is offered and cannot be used is no reason against the edition before it.
  for (const { edition, url } of common)
    try {
      return { edition, endpoints: await detailsOf(roaming, peer, new URL(versionsUrl), url) }
    } catch (error) {
      const isUnserved = error instanceof PeerError && error.kind === 'refused'
      if (!isUnserved && !(error instanceof OcpiRefusal)) throw error
      why ??= error
    }
  throw why ?? noCommonVersion(versions.data)
}

const namesOf = (list: readonly { version: string }[]) =>
  list.map(({ version }) => version).join(', ') || 'nothing'

function noCommonVersion(offers: { version: string }[]): OcpiRefusal {
  const message = `we speak ${namesOf(editions)}, the peer offers ${namesOf(offers)}`
  return new OcpiRefusal(ocpiStatus.unsupportedVersion, message)
}

/** The interfaces of one version that we use; of the others nothing is asked, not even an address. */
async function detailsOf(
  roaming: Roaming,
  peer: Peer,
  versionsUrl: URL,
  url: string,
): Promise<Endpoint[]> {
  const details = await roaming.client.call(peer, {
    method: 'GET',
    url: peerUrl(peer, url, versionsUrl),
    module: 'versions',
  })
  const read = zVersionDetailsIn.safeParse(unwrapSingle(details.data))
  if (!read.success) {
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, 'the version details cannot be read')
  }
  const used = new Set<string>(interfaces.map(([identifier]) => identifier))
  const endpoints = read.data.endpoints
    .filter(({ identifier }) => used.has(identifier))
    .map(({ identifier, role, url: named }) => ({
      identifier,
      role,
      url: peerUrl(peer, named, versionsUrl).href,
    }))
  requireEndpoints(endpoints)
  return endpoints
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

/**
 * A URL that the peer names, relative ones as seen from `base`, on the origin it registered with (security fact 26): of
 * its own host the scheme and port are put right, since a proxy in front of it knows better what they are.
 */
export function peerUrl(peer: Peer, text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) {
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, `${text} is not a URL`)
  }
  const url = new URL(text, base)
  const origin = new URL(peer.origin)
  if (url.hostname === origin.hostname) return new URL(`${url.pathname}${url.search}`, peer.origin)
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
