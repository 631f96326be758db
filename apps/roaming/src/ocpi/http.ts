// One HTTP exchange with a peer: no redirects, a deadline for the whole of it, a limit on the answer, and no way
// into the own network. node:http is used for the `lookup` hook: the address checked is the address connected to.
import { lookup as resolve } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: URL
  headers: Record<string, string>
  body?: string
  /** Milliseconds for the whole exchange, the last byte of the answer included. */
  timeoutMs: number
  maxBytes: number
  /** Loopback peers exist on developers' machines only. */
  allowLoopback: boolean
}

export type HttpAnswer = {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** Why there is no answer. `sent` is false only when the peer cannot have seen the request. */
export class NoAnswer extends Error {
  readonly sent: boolean

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'NoAnswer'
    this.sent = sent
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

// IANA special-purpose registries: nothing a CPO serves OCPI from.
const internal = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  internal.addSubnet(net, bits)
}
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  internal.addSubnet(net, bits, 'ipv6')
}

/** Whether a peer may live at this address. IPv4 in IPv6 clothes is judged as IPv4. */
export function isPeerAddress(address: string, allowLoopback: boolean): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return isPeerAddress(mapped, allowLoopback)
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (loopback.check(address, family)) return allowLoopback
  return !internal.check(address, family)
}

const guardedLookup =
  (allowLoopback: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const allowed = addresses.filter(({ address }) => isPeerAddress(address, allowLoopback))
      const [first] = allowed
      if (first === undefined) {
        return callback(new Error(`${hostname} points into a network we do not call`), '')
      }
      if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }

/** Resolves with whatever the peer answered, rejects with `NoAnswer`. */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { url, timeoutMs, maxBytes, allowLoopback } = request
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') {
    return Promise.reject(new NoAnswer(`${url.protocol} is no web address`, false))
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPeerAddress(host, allowLoopback)) {
    return Promise.reject(new NoAnswer(`${host} lies in a network we do not call`, false))
  }
  return new Promise((fulfil, reject) => {
    let connected = false
    const outgoing = (secure ? https : http).request(
      url,
      {
        method: request.method,
        headers: {
          ...request.headers,
          ...(request.body === undefined
            ? {}
            : { 'content-length': String(Buffer.byteLength(request.body)) }),
        },
        lookup: guardedLookup(allowLoopback),
        // A kept socket may die under a request; only what can be repeated without harm rides on one.
        agent: request.method === 'GET' && (secure ? httpsAgent : httpAgent),
      },
      (answer) => collect(answer, maxBytes, fulfil, fail),
    )
    const deadline = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs)
    function fail(message: string, cause?: unknown) {
      clearTimeout(deadline)
      reject(new NoAnswer(message, connected, cause))
      outgoing.destroy()
    }
    // A reused socket is connected already; the request may have left when it breaks.
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) connected = true
      else socket.once('connect', () => (connected = true))
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error))
    outgoing.on('close', () => clearTimeout(deadline))
    outgoing.end(request.body)
  })
}

const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 16, timeout: 30_000 })
const httpsAgent = new https.Agent({ keepAlive: true, maxSockets: 16, timeout: 30_000 })

function collect(
  answer: http.IncomingMessage,
  maxBytes: number,
  fulfil: (answer: HttpAnswer) => void,
  fail: (message: string, cause?: unknown) => void,
) {
  const chunks: Buffer[] = []
  let size = 0
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) fail(`answer larger than ${maxBytes} bytes`)
    else chunks.push(chunk)
  })
  answer.on('error', (error) => fail('answer broke off', error))
  answer.on('end', () =>
    fulfil({
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    }),
  )
}
