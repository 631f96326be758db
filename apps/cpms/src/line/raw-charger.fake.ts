import { WebSocket } from 'ws'

// A charger for tests that sends exactly what it is told, however wrong.

export interface RawCharger {
  socket: WebSocket
  /** The subprotocol the node agreed to; empty when none. */
  protocol: string
  /** Every frame received, parsed. */
  received: unknown[][]
  /** Calls of the node, answered by `onCall`. */
  onCall: (action: string, payload: Record<string, unknown>) => unknown
  sendRaw(data: string | Buffer): void
  /** The answer to a frame by its message id; rejects after 20 s. */
  answerTo(id: string | number): Promise<unknown[]>
  /** Sends a CALL and waits for its payload; rejects with the CALLERROR code. */
  call(action: string, payload: unknown, id?: string): Promise<Record<string, unknown>>
  closed: Promise<{ code: number; reason: string }>
  close(): void
}

let counter = 0

export function connectRaw(
  url: string,
  login: { identity: string; password: string; as?: string },
  protocols: string[] = ['ocpp1.6'],
): Promise<RawCharger> {
  const credentials = Buffer.from(`${login.as ?? login.identity}:${login.password}`)
  const socket = new WebSocket(`${url}/${encodeURIComponent(login.identity)}`, protocols, {
    headers: { authorization: `Basic ${credentials.toString('base64')}` },
  })
  const received: unknown[][] = []
  const waiting = new Map<string | number, (frame: unknown[]) => void>()
  const charger: RawCharger = {
    socket,
    protocol: '',
    received,
    onCall: () => ({}),
    sendRaw: (data) => socket.send(data),
    answerTo: (id) =>
      new Promise((resolve, reject) => {
        const known = received.find((frame) => frame[0] !== 2 && frame[1] === id)
        if (known !== undefined) {
          resolve(known)
          return
        }
        const timer = setTimeout(() => reject(new Error(`no answer to ${id}`)), 20_000)
        waiting.set(id, (frame) => {
          clearTimeout(timer)
          resolve(frame)
        })
      }),
    async call(action, payload, id = `m${++counter}`) {
      received.splice(0, received.length, ...received.filter((frame) => frame[1] !== id))
      socket.send(JSON.stringify([2, id, action, payload]))
      const [type, , first] = await charger.answerTo(id)
      if (type !== 3) throw new Error(String(first))
      return first as Record<string, unknown>
    },
    closed: new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }))
    }),
    close: () => socket.close(),
  }
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as unknown[]
    received.push(frame)
    const [type, id, action, payload] = frame
    if (type === 2) {
      const answer = charger.onCall(String(action), payload as Record<string, unknown>)
      if (answer !== undefined) socket.send(JSON.stringify([3, id, answer]))
      return
    }
    waiting.get(id as string)?.(frame)
    waiting.delete(id as string)
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      charger.protocol = socket.protocol
      resolve(charger)
    })
    socket.on('unexpected-response', (_, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
      response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)))
    })
    socket.on('error', reject)
  })
}
