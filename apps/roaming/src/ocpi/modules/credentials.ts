// OCPI 2.2.1 §7: the exchange of tokens, A → B → C, from either side.
import { randomBytes } from 'node:crypto'
import { changeConnection, type ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { urlObjection } from '@chargelane/corridor/worker/addresses'
import { type Peer, PeerError } from '../../link/client.ts'
import { z } from 'zod'
import { peerTokenKey } from '@chargelane/db/sealed'
import {
  answerOk,
  type OcpiApp,
  type OcpiContext,
  readBody,
  type Roaming,
} from '../../link/server.ts'
import { OcpiRefusal, ocpiStatus } from '../../link/status.ts'
import { discover, ourVersionsUrl, peerOf, peerUrl } from './versions.ts'
import type { Edition, Endpoint, PeerCredentials } from '../edition.ts'
import { sameCi, unwrapSingle } from '../wire.ts'

/** 256 bits, written so that every peer's header parser takes it. */
const newToken = () => randomBytes(32).toString('base64url')

/** How long the old token still opens the door after a rotation. */
const overlapMs = 10 * 60_000

const isRegistered = (connection: ConnectionRow) => connection.endpoints !== null

const ourCredentials = (roaming: Roaming, edition: Edition, token: string) =>
  edition.write.credentials({
    token,
    url: ourVersionsUrl(roaming),
    businessName: roaming.businessName,
    party: roaming.us,
  })

// ── The peer registers with us ──────────────────────────────────────────────────────────────────────────────────

const refuseMethod = (message: string) => new OcpiRefusal(ocpiStatus.clientError, message, 405)

export const mountCredentials = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/credentials`

  // We hold only digests: the token given back is the one the peer just showed.
  app.get(path, (context) =>
    answerOk(roaming, context, ourCredentials(roaming, edition, context.get('caller').token)),
  )
  app.post(path, async (context) => {
    // §7.2.2: POST only while not registered, PUT and DELETE only when registered.
    if (isRegistered(context.get('caller').connection)) throw refuseMethod('already registered')
    return answerOk(roaming, context, await takeCredentials(roaming, edition, context))
  })
  app.put(path, async (context) => {
    if (!isRegistered(context.get('caller').connection)) throw refuseMethod('not registered')
    return answerOk(roaming, context, await takeCredentials(roaming, edition, context))
  })
  app.delete(path, async (context) => {
    const { connection } = context.get('caller')
    if (!isRegistered(connection)) throw refuseMethod('not registered')
    await changeConnection(roaming.db, connection.id, {
      status: 'paused',
      statusReason: 'the CPO ended the registration',
      tokenInDigest: null,
      previousTokenInDigest: null,
      previousTokenInUntil: null,
      tokenOut: null,
      endpoints: null,
    })
    return answerOk(roaming, context)
  })
}

/** Before the new token is given out, the peer's own interface is read with the one it gave us (§7.1.1). */
async function takeCredentials(roaming: Roaming, spoken: Edition, context: OcpiContext) {
  const { connection } = context.get('caller')
  const given = spoken.credentials(unwrapSingle(await readBody(context)))
  requireParty(connection, given)
  const peer = peerFrom(roaming, connection, given)
  const { edition, endpoints } = await discover(roaming, peer, given.url).catch(
    (error: unknown) => {
      if (!(error instanceof PeerError)) throw error
      throw new OcpiRefusal(
        ocpiStatus.peerApiUnusable,
        `your versions cannot be read: ${error.message}`,
      )
    },
  )
  const token = newToken()
  const now = roaming.now()
  await changeConnection(roaming.db, connection.id, {
    versionsUrl: given.url,
    version: edition.version,
    tokenOut: given.token,
    endpoints,
    tokenInDigest: peerTokenKey(token),
    // A CREDENTIALS_TOKEN_A is spent by its use (§7.1.1); a full token overlaps with the next.
    ...(isRegistered(connection)
      ? {
          previousTokenInDigest: connection.tokenInDigest,
          previousTokenInUntil: new Date(now.getTime() + overlapMs).toISOString(),
        }
      : { status: 'handshaking', statusReason: null, failures: 0, openUntil: null }),
    quirks: peer.quirks,
  })
  return ourCredentials(roaming, spoken, token)
}

function requireParty(connection: ConnectionRow, { roles }: PeerCredentials): void {
  const isOwn = roles.some(
    ({ role, countryCode, partyId }) =>
      role === 'CPO' &&
      sameCi(countryCode, connection.countryCode) &&
      sameCi(partyId, connection.partyId),
  )
  if (isOwn) return
  const named = roles.map((role) => `${role.role} ${role.countryCode}*${role.partyId}`)
  throw new OcpiRefusal(
    ocpiStatus.invalidParameters,
    `roles: expected CPO ${connection.countryCode}*${connection.partyId}, got ${named.join(', ')}`,
  )
}

function peerFrom(roaming: Roaming, connection: ConnectionRow, given: PeerCredentials): Peer {
  if (!URL.canParse(given.url)) {
    throw new OcpiRefusal(ocpiStatus.invalidParameters, 'url: must be a URL')
  }
  const objection = urlObjection(new URL(given.url), roaming.allowLoopback)
  if (objection !== undefined)
    throw new OcpiRefusal(ocpiStatus.invalidParameters, `url: ${objection}`)
  return {
    connectionId: connection.id,
    token: given.token,
    origin: new URL(given.url).origin,
    party: { countryCode: connection.countryCode, partyId: connection.partyId },
    version: connection.version,
    // Learnt of the token before; a rotation may come with new habits.
    quirks: { ...connection.quirks },
  }
}

// ── We register with the peer ───────────────────────────────────────────────────────────────────────────────────

/**
 * Versions, details, POST of our credentials. Returns the registered connection; one that registered with us already
 * is returned as it is. Throws `PeerError` or `OcpiRefusal` with the reason.
 */
export async function register(
  roaming: Roaming,
  connection: ConnectionRow,
): Promise<ConnectionRow> {
  if (isRegistered(connection)) return connection
  const peer = peerOf(connection)
  const { versionsUrl } = connection
  if (versionsUrl === null) throw new Error(`connection ${connection.id} has no versions URL`)
  const { edition, endpoints } = await discover(roaming, peer, versionsUrl)
  const token = newToken()
  // Known before it is sent: the peer reads our versions with it while it answers the POST.
  await changeConnection(roaming.db, connection.id, { tokenInDigest: peerTokenKey(token) })
  const theirs = await sendCredentials(roaming, peer, { edition, endpoints }, token)
  requireParty(connection, theirs)
  return changeConnection(roaming.db, connection.id, {
    version: edition.version,
    versionsUrl: peerUrl(peer, theirs.url, new URL(versionsUrl)).href,
    tokenOut: theirs.token,
    endpoints,
  })
}

async function sendCredentials(
  roaming: Roaming,
  peer: Peer,
  { edition, endpoints }: { edition: Edition; endpoints: Endpoint[] },
  token: string,
): Promise<PeerCredentials> {
  const endpoint = endpoints.find(({ identifier }) => identifier === 'credentials')
  if (endpoint === undefined) {
    throw new OcpiRefusal(ocpiStatus.missingEndpoints, 'the peer serves no credentials')
  }
  const send = (method: 'POST' | 'PUT') =>
    roaming.client.call(peer, {
      method,
      url: peerUrl(peer, endpoint.url),
      module: 'credentials',
      body: ourCredentials(roaming, edition, token),
      timeoutMs: 30_000,
    })
  const answer = await send('POST').catch((error: unknown) => {
    // 405: it took an earlier POST whose answer we lost (§7.2.2). PUT replaces that registration.
    if (error instanceof PeerError && error.http === 405) return send('PUT')
    throw error
  })
  try {
    return edition.credentials(unwrapSingle(answer.data))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new OcpiRefusal(ocpiStatus.peerApiUnusable, 'the credentials answered cannot be read')
  }
}
