import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

// The charge point's side of OCPP-J 1.6: one socket, one CALL in flight, and a queue that outlives the socket.

export type Payload = Record<string, unknown>

export interface LoggedFrame {
  at: string
  direction: 'sent' | 'received'
  frame: string
}

/** The central system answered with a CALLERROR. */
export class CallError extends Error {
  readonly code: string
  constructor(code: string, description: string) {
    super(`${code}: ${description}`)
    this.name = 'CallError'
    this.code = code
  }
}

export interface LinkOptions {
  /** `ws://host:port/ocpp`; the identity is appended as the last segment. */
  url: string
  identity: string
  password: string
  /** How long an answer is awaited before the CALL is sent again (durable) or given up. */
  callTimeoutMs: number
  /** Pause before the first reconnect; doubles up to 16 times. */
  reconnectMs: number
  /** Answers a CALL of the central system; throws `CallError` to refuse it. */
  onCall(action: string, payload: Payload): Payload
  /** A socket is open; what `call` is given with `first` now goes before everything queued. */
  onOpen(): void
  onClose(): void
}

interface Waiting {
  id: string
  action: string
  /** Made when it is sent: an offline MeterValues learns its transactionId only then. */
  payload: () => Payload
  durable: boolean
  resolve: (answer: Payload) => void
  reject: (error: Error) => void
  timer?: NodeJS.Timeout
}

export class Link {
  readonly log: LoggedFrame[] = []
  readonly #options: LinkOptions
  #socket: WebSocket | undefined
  #queue: Waiting[] = []
  #inFlight: Waiting | undefined
  #reconnecting: NodeJS.Timeout | undefined
  #attempts = 0
  #wanted = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get online(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Messages not yet answered, the one in flight included. */
  get queued(): number {
    return this.#queue.length + (this.#inFlight === undefined ? 0 : 1)
  }

  /** Connects and keeps reconnecting until `drop` or `close`. Rejects only when the first attempt is refused. */
  connect(): Promise<void> {
    this.#wanted = true
    clearTimeout(this.#reconnecting)
    if (this.online) return Promise.resolve()
    const { url, identity, password } = this.#options
    const credentials = Buffer.from(`${identity}:${password}`).toString('base64')
    const socket = new WebSocket(`${url}/${encodeURIComponent(identity)}`, ['ocpp1.6'], {
      headers: { authorization: `Basic ${credentials}` },
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    })
    this.#socket = socket
    // `nodebuffer` is the default binary type, so a message is always one Buffer.
    socket.on('message', (data: Buffer) => {
      if (this.#socket === socket) this.#receive(data.toString('utf8'))
    })
    socket.on('close', () => this.#lost(socket))
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        this.#attempts = 0
        this.#options.onOpen()
        this.#pump()
        resolve()
      })
      socket.on('error', reject)
    })
  }

  /** Cuts the line without a word, as a lost mobile network does; durable messages wait for the next `connect`. */
  drop(): void {
    this.#wanted = false
    clearTimeout(this.#reconnecting)
    this.#socket?.terminate()
  }

  /** Forgets what was queued: the memory of a charge point that lost its power. */
  forget(): void {
    for (const waiting of [...this.#queue, ...(this.#inFlight ? [this.#inFlight] : [])])
      this.#settle(waiting, () => waiting.reject(new Error('power lost')))
    this.#queue = []
    this.#inFlight = undefined
  }

  async close(): Promise<void> {
    this.#wanted = false
    clearTimeout(this.#reconnecting)
    this.forget()
    const socket = this.#socket
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => socket.terminate(), 1_000)
      socket.once('close', () => {
        clearTimeout(cut)
        resolve()
      })
      socket.close(1000)
    })
  }

  /** A durable message is sent until it is answered, over as many sockets as it takes, in order. */
  call(
    action: string,
    payload: Payload | (() => Payload),
    options: { durable?: boolean; first?: boolean; id?: string } = {},
  ): Promise<Payload> {
    const durable = options.durable ?? false
    if (!durable && !this.online) return Promise.reject(new Error(`${action}: offline`))
    return new Promise((resolve, reject) => {
      const make = typeof payload === 'function' ? payload : () => payload
      const id = options.id ?? randomUUID()
      const waiting: Waiting = { id, action, payload: make, durable, resolve, reject }
      if (options.first === true) this.#queue.unshift(waiting)
      else this.#queue.push(waiting)
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#inFlight !== undefined || !this.online) return
    const next = this.#queue.shift()
    if (next === undefined) return
    this.#inFlight = next
    next.timer = setTimeout(() => {
      if (this.#inFlight !== next) return
      this.#inFlight = undefined
      if (next.durable) this.#queue.unshift(next)
      else next.reject(new Error(`${next.action}: no answer`))
      this.#pump()
    }, this.#options.callTimeoutMs)
    this.#send(JSON.stringify([2, next.id, next.action, next.payload()]))
  }

  #send(frame: string): void {
    this.#note('sent', frame)
    this.#socket?.send(frame)
  }

  #note(direction: LoggedFrame['direction'], frame: string): void {
    this.log.push({ at: new Date().toISOString(), direction, frame })
    if (this.log.length > 20_000) this.log.shift()
  }

  #receive(text: string): void {
    this.#note('received', text)
    const frame: unknown = JSON.parse(text)
    if (!Array.isArray(frame)) return
    const [type, id, ...rest]: unknown[] = frame
    if (type === 2 && typeof id === 'string') this.#answer(id, rest)
    const waiting = this.#inFlight
    if (waiting === undefined || waiting.id !== id) return
    if (type !== 3 && type !== 4) return
    this.#inFlight = undefined
    this.#settle(waiting, () => {
      if (type === 3) waiting.resolve(asPayload(rest[0]))
      else waiting.reject(new CallError(textOf(rest[0]), textOf(rest[1])))
    })
    this.#pump()
  }

  #answer(id: string, [action, payload]: unknown[]): void {
    try {
      const answer = this.#options.onCall(textOf(action), asPayload(payload))
      this.#send(JSON.stringify([3, id, answer]))
    } catch (error) {
      const code = error instanceof CallError ? error.code : 'InternalError'
      this.#send(JSON.stringify([4, id, code, String(error), {}]))
    }
  }

  #settle(waiting: Waiting, act: () => void): void {
    clearTimeout(waiting.timer)
    act()
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    const inFlight = this.#inFlight
    this.#inFlight = undefined
    if (inFlight !== undefined) {
      clearTimeout(inFlight.timer)
      this.#queue.unshift(inFlight)
    }
    // Only what concerns a transaction survives the line (OCPP 1.6 §3.7.1).
    for (const waiting of this.#queue.filter((each) => !each.durable))
      waiting.reject(new Error(`${waiting.action}: line lost`))
    this.#queue = this.#queue.filter((each) => each.durable)
    this.#options.onClose()
    if (this.#wanted) this.#reconnectLater()
  }

  #reconnectLater(): void {
    const pause = this.#options.reconnectMs * 2 ** Math.min(this.#attempts, 4)
    this.#attempts += 1
    this.#reconnecting = setTimeout(() => {
      this.connect().catch(() => undefined)
    }, pause)
  }
}

function asPayload(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
