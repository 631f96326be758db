import { randomUUID } from 'node:crypto'
import type { EvseStatus } from '@chargelane/db/queries/chargers/chargers'
import type { NewMessage } from '@chargelane/db/queries/chargers/frames'
import { WebSocket } from 'ws'
import type { ChargingNode } from '../node.ts'
import { nowIso } from '../node.ts'
import {
  callFrame,
  errorFrame,
  type Fault,
  faultCode,
  type Frame,
  parseFrame,
  type ProtocolName,
  resultFrame,
} from './rpc.ts'

// One charge station: the one place where its frames meet. Inbound CALLs are handled one after another, whatever
// socket they came by; outbound CALLs wait in a queue of their own with one in flight, so that two directions that
// cross never block each other (ocpp quirk 22).

/** An inbound CALL, taken. `after` runs when the answer is on its way. */
export type Handled =
  | {
      kind: 'answered'
      answer: unknown
      sessionId?: string | null
      notes?: string[]
      after?: () => Promise<void>
    }
  | { kind: 'refused'; fault: Fault; description: string; close?: string }

export interface InboundCall {
  action: string
  payload: unknown
  receivedAt: string
}

/** What an OCPP version brings: it reads payloads, the station moves frames. */
export interface Protocol {
  name: ProtocolName
  handle(node: ChargingNode, station: Station, call: InboundCall): Promise<Handled>
  /** A repeat of these means "now", so it is handled anew instead of answered from memory. */
  handledAnew: ReadonlySet<string>
  /** The charger's memory begins here: earlier message ids may come again and mean something else. */
  isBoot(action: string): boolean
}

export type CallOutcome =
  | { kind: 'answered'; payload: unknown }
  | { kind: 'refused'; code: string; description: string }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'timeout' }

interface Connection {
  socket: WebSocket
  epoch: number
  protocol: Protocol
  lastFrameMs: number
}

/** A frame with its text as it came, which is what is kept of it. */
interface Received {
  text: string
  frame: Frame
  connection: Connection
  receivedAt: string
}

interface OutboundCall {
  id: string
  action: string
  payload: unknown
  sessionId: string | null
  timeoutMs: number
  settle: (outcome: CallOutcome) => void
}

const inboundHighWater = 64
/** A repeat follows its call closely; what comes later finds in the database what was done. */
const rememberedAnswers = 4
const unknownTagsMax = 20
const askedMax = 20
const keptNoisePerMinute = 20

export class Station {
  readonly id: string
  readonly identity: string
  /** True once it has booted, in this connection or ever before. */
  booted: boolean
  /** What the charger last said of its EVSEs, by their number. */
  readonly evses = new Map<number, { status: EvseStatus; plugged: boolean }>()
  /** What it last said of the flow at each EVSE. */
  readonly flows = new Map<number, string>()
  /** Why none of its EVSEs is in use, by what the charger last said of itself. */
  outOfUse: 'INOPERATIVE' | 'OUTOFORDER' | undefined
  /** The statuses that this connection brought to the database, and that nothing else has changed since. */
  readonly shown = new Map<number, EvseStatus>()
  /** When each credential was last shown on this connection to ask for leave. */
  readonly asked = new Map<string, string>()
  /** Transactions that were told to stop on this connection, because nobody we know pays for them. */
  readonly stopped = new Set<string>()
  readonly counters = { noise: 0, strayResults: 0, repeats: 0 }
  readonly #node: ChargingNode
  #connection: Connection | undefined
  #inbound: Received[] = []
  #working = false
  readonly #noise = createMinuteCount()
  /** More unknown tags in a minute than a queue of drivers ever shows is somebody guessing. */
  readonly #unknownTags = createMinuteCount()
  #outbound: OutboundCall[] = []
  #inFlight: { call: OutboundCall; timer: NodeJS.Timeout } | undefined
  readonly #answers = new Map<string, { frame: string; answer: string }>()

  constructor(node: ChargingNode, row: { id: string; identity: string; booted: boolean }) {
    this.#node = node
    this.id = row.id
    this.identity = row.identity
    this.booted = row.booted
  }

  get connected(): boolean {
    return this.#connection?.socket.readyState === WebSocket.OPEN
  }

  get epoch(): number | undefined {
    return this.#connection?.epoch
  }

  get protocol(): ProtocolName | undefined {
    return this.#connection?.protocol.name
  }

  /** Takes a new socket; the one before is closed, because a charger that connects again has lost it. */
  attach(socket: WebSocket, epoch: number, protocol: Protocol): void {
    const before = this.#connection
    const connection = { socket, epoch, protocol, lastFrameMs: Date.now() }
    this.#connection = connection
    // Message ids are unique on one connection only (OCPP-J 1.6 §4.1.4).
    this.#answers.clear()
    this.shown.clear()
    this.asked.clear()
    this.stopped.clear()
    this.#dropOutbound('the charger connected anew')
    before?.socket.close(1000, 'replaced by a newer connection')
    socket.on('message', (data: Buffer) => {
      connection.lastFrameMs = Date.now()
      // Binary frames are read as UTF-8 as well: some modems send their text so.
      this.#receive(data.toString('utf8'), connection)
    })
  }

  /** The socket of this epoch is gone. False when it was not the current one. */
  detach(epoch: number): boolean {
    if (this.#connection?.epoch !== epoch) return false
    this.#connection = undefined
    this.#dropOutbound('the line was lost')
    return true
  }

  close(code: number, reason: string): void {
    this.#connection?.socket.close(code, reason)
  }

  /** Whether the charger answers now: a frame in the last seconds, or a pong within the time given. */
  async isAlive(timeoutMs: number): Promise<boolean> {
    const connection = this.#connection
    if (connection === undefined || !this.connected) return false
    if (Date.now() - connection.lastFrameMs < 5_000) return true
    return new Promise((resolve) => {
      const done = (alive: boolean) => {
        clearTimeout(timer)
        connection.socket.off('pong', onPong)
        resolve(alive)
      }
      const onPong = () => done(true)
      const timer = setTimeout(() => done(false), timeoutMs)
      connection.socket.once('pong', onPong)
      connection.socket.ping()
    })
  }

  /** Too many unknown tags within the minute (security 40): all are refused until it is over. */
  isGuessing(): boolean {
    return this.#unknownTags.now() >= unknownTagsMax
  }

  /** The latest few are enough: a start follows the question closely. */
  noteAsked(idToken: string, at: string): void {
    this.asked.delete(idToken)
    this.asked.set(idToken, at)
    const [oldest] = this.asked.keys()
    if (this.asked.size > askedMax && oldest !== undefined) this.asked.delete(oldest)
  }

  noteUnknownTag(): void {
    if (this.#unknownTags.next() === unknownTagsMax)
      this.#node.log.warn({ station: this.id }, 'the charger asks for many unknown tags')
  }

  // ── Inbound ───────────────────────────────────────────────────────────────────────────────────

  #receive(text: string, connection: Connection): void {
    const frame = parseFrame(text)
    if (frame.kind === 'result' || frame.kind === 'error') {
      this.#settle(text, frame, connection)
      return
    }
    this.#inbound.push({ text, frame, connection, receivedAt: nowIso() })
    if (this.#inbound.length > inboundHighWater) connection.socket.pause()
    if (!this.#working) void this.#work()
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let next = this.#inbound.shift(); next !== undefined; next = this.#inbound.shift()) {
      try {
        await this.#take(next)
      } catch (error) {
        this.#node.log.error({ err: error, station: this.id }, 'a frame could not be taken')
      }
      if (this.#inbound.length < inboundHighWater / 4 && next.connection.socket.isPaused)
        next.connection.socket.resume()
    }
    this.#working = false
  }

  /** Thousands of calls wait for their commits at once, so they wait in as few functions as can be. */
  #take({ text, frame, connection, receivedAt }: Received): Promise<void> {
    return frame.kind === 'call'
      ? this.#takeCall(text, frame, connection, receivedAt)
      : this.#takeOther(text, frame, connection, receivedAt)
  }

  async #takeOther(
    text: string,
    frame: Exclude<Frame, { kind: 'call' }>,
    connection: Connection,
    receivedAt: string,
  ): Promise<void> {
    switch (frame.kind) {
      case 'malformed': {
        if (this.#noise.next() <= keptNoisePerMinute)
          await this.#keep('in', frame.action, text, receivedAt, frame.fault, connection)
        const { name } = connection.protocol
        return this.#send(connection, errorFrame(name, frame.id, frame.fault, frame.description))
      }
      case 'noise':
        this.counters.noise += 1
        // A flood of garbage is counted, not stored: the first frames of a minute tell what it is.
        if (this.#noise.next() <= keptNoisePerMinute)
          await this.#keep('in', '', text, receivedAt, `noise: ${frame.reason}`, connection)
        return undefined
      case 'result':
      case 'error':
        return undefined
      default:
        return frame satisfies never
    }
  }

  async #takeCall(
    text: string,
    { id, action, payload }: Extract<Frame, { kind: 'call' }>,
    connection: Connection,
    receivedAt: string,
  ): Promise<void> {
    const { protocol } = connection
    const key = `${typeof id}:${id}`
    const remembered = this.#answers.get(key)
    if (remembered?.frame === text) {
      this.counters.repeats += 1
      this.#send(connection, remembered.answer)
      return
    }
    if (protocol.isBoot(action)) this.#answers.clear()
    const call = { action, payload, receivedAt }
    const handled = await protocol
      .handle(this.#node, this, call)
      .catch((error: unknown) => this.#notHandled(action, error))
    const answer =
      handled.kind === 'answered'
        ? resultFrame(id, handled.answer)
        : errorFrame(protocol.name, id, handled.fault, handled.description)
    const status =
      handled.kind === 'answered'
        ? (handled.notes ?? []).join('; ').slice(0, 500) || 'ok'
        : faultCode(protocol.name, handled.fault)
    const sessionId = handled.kind === 'answered' ? (handled.sessionId ?? null) : null
    // Frame and answer are on record before the charger hears it; what it asked for was committed before that.
    if (action !== 'Heartbeat') {
      const kept = { action, status, sessionId }
      await this.#node.frames.add(
        this.#message('in', text, receivedAt, connection, kept),
        this.#message('out', answer, nowIso(), connection, kept),
      )
    }
    this.#send(connection, answer)
    if (handled.kind === 'answered' && !protocol.handledAnew.has(action))
      this.#remember(key, text, answer)
    if (handled.kind === 'refused' && handled.close !== undefined)
      connection.socket.close(1002, handled.close)
    // Answered first; what follows may be slow, and its failure is ours to log, not the charger's to hear.
    if (handled.kind === 'answered' && handled.after !== undefined)
      await handled.after().catch((error: unknown) => {
        this.#node.log.error({ err: error, station: this.id, action }, 'after the answer')
      })
  }

  /** No answer that promises anything: the charger keeps the message and sends it again. */
  #notHandled(action: string, error: unknown): Handled {
    this.#node.log.error({ err: error, station: this.id, action }, 'not handled')
    return { kind: 'refused', fault: 'internal', description: 'temporarily not possible' }
  }

  #remember(key: string, frame: string, answer: string): void {
    this.#answers.delete(key)
    this.#answers.set(key, { frame, answer })
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > rememberedAnswers && oldest !== undefined) this.#answers.delete(oldest)
  }

  // ── Outbound ──────────────────────────────────────────────────────────────────────────────────

  /** Sends one CALL when those before it are answered. Never throws; a lost line is `unreachable`. */
  call(
    action: string,
    payload: unknown,
    options: { sessionId?: string; timeoutMs?: number } = {},
  ): Promise<CallOutcome> {
    if (!this.connected)
      return Promise.resolve({ kind: 'unreachable', detail: 'the charger is not connected' })
    return new Promise((settle) => {
      this.#outbound.push({
        id: randomUUID(),
        action,
        payload,
        sessionId: options.sessionId ?? null,
        timeoutMs: options.timeoutMs ?? this.#node.config.callTimeoutMs,
        settle,
      })
      void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    const connection = this.#connection
    if (this.#inFlight !== undefined || connection === undefined) return
    const call = this.#outbound.shift()
    if (call === undefined) return
    const timer = setTimeout(() => this.#finish(call, { kind: 'timeout' }), call.timeoutMs)
    this.#inFlight = { call, timer }
    const frame = callFrame(call.id, call.action, call.payload)
    try {
      await this.#keep('out', call.action, frame, nowIso(), 'sent', connection, call.sessionId)
    } catch {
      this.#finish(call, { kind: 'unreachable', detail: 'the command could not be recorded' })
      return
    }
    if (this.#inFlight?.call === call) this.#send(connection, frame)
  }

  #settle(
    text: string,
    frame: Extract<Frame, { kind: 'result' | 'error' }>,
    connection: Connection,
  ): void {
    const call = this.#inFlight?.call
    const isOurs = call !== undefined && call.id === frame.id && connection === this.#connection
    const status = isOurs ? (frame.kind === 'result' ? 'ok' : frame.code) : 'stray'
    const kept = this.#keep(
      'in',
      isOurs ? call.action : '',
      text,
      nowIso(),
      status,
      connection,
      isOurs ? call.sessionId : null,
    )
    if (!isOurs) {
      // An answer to nothing we asked: late, repeated or invented. The socket lives.
      this.counters.strayResults += 1
      this.#later(kept)
      return
    }
    const outcome: CallOutcome =
      frame.kind === 'result'
        ? { kind: 'answered', payload: frame.payload }
        : { kind: 'refused', code: frame.code, description: frame.description }
    this.#later(kept.finally(() => this.#finish(call, outcome)))
  }

  #finish(call: OutboundCall, outcome: CallOutcome): void {
    if (this.#inFlight?.call !== call) return
    clearTimeout(this.#inFlight.timer)
    this.#inFlight = undefined
    call.settle(outcome)
    void this.#pump()
  }

  #dropOutbound(detail: string): void {
    const calls = this.#outbound
    this.#outbound = []
    if (this.#inFlight !== undefined)
      this.#finish(this.#inFlight.call, { kind: 'unreachable', detail })
    for (const call of calls) call.settle({ kind: 'unreachable', detail })
  }

  // ── Frames ────────────────────────────────────────────────────────────────────────────────────

  #send(connection: Connection, frame: string): void {
    if (connection.socket.readyState === WebSocket.OPEN) connection.socket.send(frame)
  }

  #keep(
    direction: 'in' | 'out',
    action: string,
    payload: string,
    at: string,
    status: string,
    connection: Connection,
    sessionId: string | null = null,
  ): Promise<void> {
    const kept = { action, status, sessionId }
    return this.#node.frames.add(this.#message(direction, payload, at, connection, kept))
  }

  #message(
    direction: 'in' | 'out',
    payload: string,
    at: string,
    connection: Connection,
    kept: { action: string; status: string; sessionId: string | null },
  ): NewMessage {
    return {
      at,
      protocol: connection.protocol.name,
      direction,
      peerId: this.id,
      sessionId: kept.sessionId,
      // PostgreSQL text holds no NUL; a frame with one is kept with the replacement character in its place.
      action: readable(kept.action.slice(0, 60)),
      payload: readable(payload),
      status: kept.status,
    }
  }

  #later(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#node.log.error({ err: error, station: this.id }, 'a frame was not kept')
    })
  }
}

const readable = (text: string): string =>
  text.includes('\u0000') ? text.replaceAll('\u0000', '\uFFFD') : text

/** Counts within the minute that began with the first of them. */
function createMinuteCount() {
  let count = 0
  let sinceMs = 0
  const now = () => {
    if (Date.now() - sinceMs >= 60_000) count = 0
    return count
  }
  return {
    now,
    next: () => {
      if (now() === 0) sinceMs = Date.now()
      count += 1
      return count
    },
  }
}
