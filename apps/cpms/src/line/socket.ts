import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  claimStation,
  passwordDigest,
  releaseStation,
  stationByLogin,
  type StationRow,
} from '@chargelane/db/queries/chargers/chargers'
import { type WebSocket, WebSocketServer } from 'ws'
import { chargerIdentity, chargerIdentityText } from '@chargelane/openapi/vocabulary/chargers'
import { createBackOff } from './back-off.ts'
import { lineLost, lineRestored } from '../charge/connectivity.ts'
import { type ChargingNode, nowIso } from '../node.ts'
import { frameBytes, negotiate, protocolNames, type ProtocolName } from './rpc.ts'
import { type Protocol, Station } from './station.ts'

// Where chargers connect: `ws://host:port/ocpp/{identity}`. A socket exists only after its password was checked, so
// an impostor never touches the connection of the charger it plays.

export interface Gateway {
  port: number
  /** The station whose socket this process holds, or held since it started. */
  station(id: string): Station | undefined
  connected(): number
  /** Closes every socket with 1012 (service restart) and waits until each is released. */
  close(): Promise<void>
}

export interface GatewayOptions {
  host: string
  port: number
  protocols: Record<ProtocolName, Protocol>
}

type Refusal = { status: number; reason: string; headers?: Record<string, string> }
/** No more of the station than its socket needs for as long as it lives: there are thousands. */
type Admission = { station: StationFacts; protocol: ProtocolName }
type StationFacts = Pick<StationRow, 'id' | 'identity'> & { booted: boolean }

export async function openGateway(node: ChargingNode, options: GatewayOptions): Promise<Gateway> {
  const stations = new Map<string, Station>()
  const serving = new Set<Promise<void>>()
  const backOff = createBackOff()
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const healthy = request.method === 'GET' && request.url === '/health'
    response.writeHead(healthy ? 200 : 426, { 'content-type': 'application/json' })
    const connected = [...stations.values()].filter((each) => each.connected).length
    response.end(
      JSON.stringify(
        healthy
          ? { status: 'ok', node: node.config.nodeId, connected }
          : { error: 'Connect by WebSocket to /ocpp/{identity}.' },
      ),
    )
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytes.hardMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => negotiate([...offered])?.spelled ?? false,
  })

  const pinger = createPinger(sockets, node.config.pingMs)

  // Apart from the upgrade: what lives as long as the socket must not hold on to the request it came with.
  const take = (socket: WebSocket, admission: Admission) => {
    pinger.watch(socket)
    const served = serve(node, stations, options, admission, socket)
    serving.add(served)
    void served.finally(() => serving.delete(served))
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', hangUpOf(socket))
    admit(node, backOff, request)
      .then((admission) => {
        if ('status' in admission) return refuse(socket, admission)
        if (socket.destroyed) return undefined
        return sockets.handleUpgrade(request, socket, head, (accepted) => take(accepted, admission))
      })
      .catch((error: unknown) => {
        node.log.error({ err: error }, 'a charger could not be admitted')
        refuse(socket, { status: 503, reason: 'Try again', headers: { 'retry-after': '5' } })
      })
  })

  await listen(server, options)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    station: (id) => stations.get(id),
    connected: () => [...stations.values()].filter((each) => each.connected).length,
    async close() {
      pinger.stop()
      server.close()
      for (const socket of sockets.clients) socket.close(1012, 'service restart')
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, 1_000)
      await Promise.all(serving)
      clearTimeout(cut)
      server.closeAllConnections()
    },
  }
}

/** A peer that hangs up during the check is no error of ours. Made apart, so that it does not hold on to the request. */
const hangUpOf = (socket: Duplex) => () => {
  socket.destroy()
}

// ── Admission ───────────────────────────────────────────────────────────────────────────────────

async function admit(
  node: ChargingNode,
  backOff: ReturnType<typeof createBackOff>,
  request: IncomingMessage,
): Promise<Admission | Refusal> {
  const identity = identityOf(request.url)
  if (identity === undefined)
    return {
      status: 404,
      reason: `Connect to /ocpp/{identity}, the identity ${chargerIdentityText}.`,
    }
  const password = passwordOf(request, identity)
  const digest = passwordDigest(password ?? '')
  const login = { identity, proof: digest.toString('base64') }
  const waitS = backOff.waitS(login)
  if (waitS > 0) return tooMany(waitS)
  const row =
    password === undefined ? undefined : await stationByLogin(node.db, { identity, digest })
  if (row === undefined) {
    node.log.warn({ identity, address: request.socket.remoteAddress }, 'a charger was refused')
    // A charger that has not been asked for its password yet has guessed nothing.
    const failedWaitS = request.headers.authorization === undefined ? 0 : backOff.failed(login)
    return failedWaitS > 0 ? tooMany(failedWaitS) : unknownLogin
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const agreed = negotiate(offered)
  if (agreed === undefined)
    return {
      status: 400,
      reason: `This node speaks ${protocolNames.join(', ')}; the charger offered ${offered.join(', ').slice(0, 100)}.`,
    }
  backOff.succeeded(login)
  const { id, lastBootAt } = row
  return { station: { id, identity, booted: lastBootAt !== null }, protocol: agreed.protocol }
}

function identityOf(url: string | undefined): string | undefined {
  // Chargers join address and identity with one slash or two.
  const found = /^\/ocpp\/{1,2}([^/?#]{1,150})\/?(?:\?.*)?$/u.exec(url ?? '')
  if (found?.[1] === undefined) return undefined
  try {
    const identity = decodeURIComponent(found[1])
    return chargerIdentity.test(identity) ? identity : undefined
  } catch {
    return undefined
  }
}

/** An identity that does not exist is answered like a wrong password. */
const unknownLogin: Refusal = {
  status: 401,
  reason: 'Wrong identity or password.',
  headers: { 'www-authenticate': 'Basic realm="ocpp", charset="UTF-8"' },
}

const tooMany = (waitS: number): Refusal => ({
  status: 429,
  reason: 'Too many wrong passwords.',
  headers: { 'retry-after': String(waitS) },
})

/** The Basic password, where the user is the identity in the URL (OCPP security profile 1). */
function passwordOf(request: IncomingMessage, identity: string): string | undefined {
  const encoded = /^Basic\s+([\w+/=-]+)\s*$/iu.exec(request.headers.authorization ?? '')?.[1]
  const credentials = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  // The identity may itself contain a colon, so it is cut off by its length.
  const isNamed = credentials.startsWith(`${identity}:`)
  const password = isNamed ? credentials.slice(identity.length + 1) : ''
  return password === '' ? undefined : password
}

function refuse(socket: Duplex, refusal: Refusal): void {
  if (socket.destroyed) return
  const headers = {
    connection: 'close',
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(refusal.reason)),
    ...refusal.headers,
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`
  socket.end(`${[status, ...head].join('\r\n')}\r\n\r\n${refusal.reason}`)
}

// ── Service ─────────────────────────────────────────────────────────────────────────────────────

/** Resolves when the socket is gone and released. */
async function serve(
  node: ChargingNode,
  stations: Map<string, Station>,
  options: GatewayOptions,
  { station: facts, protocol }: Admission,
  socket: WebSocket,
): Promise<void> {
  const { id } = facts
  // Frames that arrive while the claim is written wait in the socket.
  socket.pause()
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    socket.on('error', (error) => {
      node.log.warn({ err: error, station: id }, 'socket error')
    })
  })
  let epoch: number | undefined
  try {
    epoch = await claimStation(node.db, id, {
      nodeId: node.config.nodeId,
      protocol,
      at: nowIso(),
    })
    const station = stations.get(id) ?? new Station(node, facts)
    stations.set(id, station)
    // Two sockets may be claimed in either order; only the higher epoch is the charger's newest.
    if ((station.epoch ?? 0) > epoch) {
      socket.close(1000, 'replaced by a newer connection')
    } else {
      station.attach(socket, epoch, options.protocols[protocol])
      await lineRestored(node, id, epoch)
    }
    socket.resume()
    await closed
  } catch (error) {
    node.log.error({ err: error, station: id }, 'a socket could not be served')
    socket.close(1011, 'try again')
  }
  if (epoch !== undefined) await release(node, stations, id, epoch)
}

/** What the database does not hear now it hears at the next start of the node, or from the charger's next socket. */
async function release(
  node: ChargingNode,
  stations: Map<string, Station>,
  stationId: string,
  epoch: number,
): Promise<void> {
  stations.get(stationId)?.detach(epoch)
  try {
    if (await releaseStation(node.db, stationId, epoch, nowIso())) lineLost(node, stationId, epoch)
  } catch (error) {
    node.log.error({ err: error, station: stationId }, 'a lost line could not be recorded')
  }
}

/** A peer that has not answered the last ping is dead, however long TCP would go on hoping (quirk 18). */
function createPinger(sockets: WebSocketServer, everyMs: number) {
  const silent = new WeakSet<WebSocket>()
  function heard(this: WebSocket) {
    silent.delete(this)
  }
  let lastMs = performance.now()
  const timer = setInterval(() => {
    // After a stall of our own (a suspended machine), answers wait unread: nobody is judged by this round.
    const stalled = performance.now() - lastMs > everyMs * 1.5
    lastMs = performance.now()
    for (const socket of sockets.clients) {
      // A socket we do not read (its queue is full) cannot be heard; that is our silence, not the peer's.
      if (socket.isPaused || stalled) silent.delete(socket)
      else if (silent.has(socket)) socket.terminate()
      else {
        silent.add(socket)
        socket.ping()
      }
    }
  }, everyMs)
  return {
    watch(socket: WebSocket): void {
      socket.on('pong', heard)
      socket.on('message', heard)
    },
    stop: () => clearInterval(timer),
  }
}

function listen(server: Server, options: GatewayOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
