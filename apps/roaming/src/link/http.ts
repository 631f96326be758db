// One HTTP exchange with a peer: no redirects, a deadline for the whole of it, a limit on the answer, and no way
// into the own network. node:http is used for the `lookup` hook: the address checked is the address connected to.
import { lookup as resolve } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { isAllowedAddress, urlObjection } from '@chargelane/corridor/worker/addresses'

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

const guardedLookup =
  (allowLoopback: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, allowLoopback))
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
  const objection = urlObjection(url, allowLoopback)
  if (objection !== undefined)
    return Promise.reject(new NoAnswer(`we do not call ${url.host}: it ${objection}`, false))
  const secure = url.protocol === 'https:'
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
