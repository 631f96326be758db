// OCPP-J framing: what a text frame is, and how a refusal is spelled. It knows versions only by their names.

/** WebSocket subprotocols this node speaks; a new version is a name here and a folder beside `ocpp16`. */
export type ProtocolName = 'ocpp1.6'
export const protocolNames: readonly ProtocolName[] = ['ocpp1.6']

/** Most chargers send text; some send numbers, and must get numbers back. */
export type MessageId = string | number

export type Frame =
  | { kind: 'call'; id: MessageId; action: string; payload: unknown }
  | { kind: 'result'; id: MessageId; payload: unknown }
  | { kind: 'error'; id: MessageId; code: string; description: string }
  /** No valid frame, but we know whom to tell: answered with a CALLERROR. */
  | { kind: 'malformed'; id: MessageId; action: string; fault: Fault; description: string }
  /** Nothing that could be answered: counted and ignored, the socket stays open. */
  | { kind: 'noise'; reason: string }

/** Why a CALL is refused, whatever the version calls it. */
export type Fault =
  | 'not_implemented'
  | 'not_supported'
  | 'internal'
  | 'protocol'
  | 'security'
  | 'formation'
  | 'property_constraint'
  | 'occurrence_constraint'
  | 'type_constraint'
  | 'generic'

/** OCPP-J 1.6 §4.2.3, its two misspellings included: they are what chargers compare with. */
const faultCodes: Record<ProtocolName, Record<Fault, string>> = {
  'ocpp1.6': {
    not_implemented: 'NotImplemented',
    not_supported: 'NotSupported',
    internal: 'InternalError',
    protocol: 'ProtocolError',
    security: 'SecurityError',
    formation: 'FormationViolation',
    property_constraint: 'PropertyConstraintViolation',
    occurrence_constraint: 'OccurenceConstraintViolation',
    type_constraint: 'TypeConstraintViolation',
    generic: 'GenericError',
  },
}

/**
 * A frame longer than `softMax` is refused with a CALLERROR and the socket lives (a 300 kB DataTransfer is a mistake, no
 * attack), unless it carries readings: those of a night in one stop are long, and a refused stop is sent for ever. Longer
 * than `hardMax` the socket closes with 1009 before the frame is in memory.
 */
export const frameBytes = { softMax: 64 * 1024, hardMax: 8 * 1024 * 1024 }
const carriesReadings = new Set(['StopTransaction', 'MeterValues', 'TransactionEvent'])

/** Deeper nesting than any OCPP message has; checked before JSON.parse so that no parser meets a bomb. */
const depthMax = 24
const idLengthMax = 64

export function parseFrame(text: string): Frame {
  if (Buffer.byteLength(text) > frameBytes.softMax) {
    const head = salvage(text.slice(0, 1_000), `frame longer than ${frameBytes.softMax} bytes`)
    if (head.kind !== 'malformed' || !carriesReadings.has(head.action)) return head
  }
  if (isTooDeep(text)) return salvage(text, `nested deeper than ${depthMax}`)
  let value: unknown
  try {
    value = JSON.parse(cleaned(text))
  } catch {
    return salvage(text, 'not valid JSON')
  }
  return Array.isArray(value) ? frameOf(value) : { kind: 'noise', reason: 'no JSON array' }
}

function frameOf(value: unknown[]): Frame {
  const [type, id, ...rest] = value
  if (!isMessageId(id)) return { kind: 'noise', reason: 'no message id' }
  const [first, second] = rest
  switch (type) {
    case 2:
      if (typeof first !== 'string' || first.length === 0)
        return malformed(id, '', 'formation', 'a CALL names its action')
      if (second !== undefined && (typeof second !== 'object' || second === null))
        return malformed(id, first, 'formation', 'the payload must be a JSON object')
      if (Array.isArray(second))
        return malformed(id, first, 'formation', 'the payload must be a JSON object')
      return { kind: 'call', id, action: first, payload: second ?? {} }
    case 3:
      return { kind: 'result', id, payload: first ?? {} }
    case 4:
      return { kind: 'error', id, code: textOf(first), description: textOf(second) }
    default:
      // OCPP-J 1.6 §4.1.3: a message with an unknown type number shall be ignored.
      return { kind: 'noise', reason: 'unknown message type' }
  }
}

const malformed = (id: MessageId, action: string, fault: Fault, description: string): Frame => ({
  kind: 'malformed',
  id,
  action,
  fault,
  description,
})

/** The one repair pass: padding that some stacks leave around an otherwise sound frame. */
function cleaned(text: string): string {
  return text
    .replace(/^\uFEFF/u, '')
    .replaceAll('\u0000', '')
    .trim()
}

/** Finds out whom a broken frame is from, so that the charger is told instead of left to wait. */
function salvage(text: string, description: string): Frame {
  const found =
    /^\s*\[?\s*2?\s*,\s*("(?:[^"\\]|\\.){1,64}"|\d{1,15})\s*,?\s*(?:"(\w{1,40})")?/u.exec(
      cleaned(text),
    )
  const literal = found?.[1]
  if (literal === undefined) return { kind: 'noise', reason: description }
  const id = idOf(literal)
  return id === undefined
    ? { kind: 'noise', reason: description }
    : malformed(id, found?.[2] ?? '', 'formation', description)
}

function idOf(literal: string): MessageId | undefined {
  try {
    const id: unknown = JSON.parse(literal)
    return isMessageId(id) ? id : undefined
  } catch {
    return undefined
  }
}

function isMessageId(value: unknown): value is MessageId {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  return typeof value === 'string' && value.length > 0 && value.length <= idLengthMax
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (inString) {
      if (char === 0x5c) at++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x5b || char === 0x7b) {
      depth++
      if (depth > depthMax) return true
    } else if (char === 0x5d || char === 0x7d) depth--
  }
  return false
}

export function callFrame(id: MessageId, action: string, payload: unknown): string {
  return JSON.stringify([2, id, action, payload])
}

export function resultFrame(id: MessageId, payload: unknown): string {
  return JSON.stringify([3, id, payload])
}

export function errorFrame(
  protocol: ProtocolName,
  id: MessageId,
  fault: Fault,
  description: string,
): string {
  return JSON.stringify([4, id, faultCodes[protocol][fault], description.slice(0, 255), {}])
}

export const faultCode = (protocol: ProtocolName, fault: Fault) => faultCodes[protocol][fault]

/** The subprotocol to speak, in the client's own spelling; undefined when it offers only what we do not speak. */
export function negotiate(
  offered: readonly string[],
): { protocol: ProtocolName; spelled: string | undefined } | undefined {
  // A charger that names no version is one of the old ones, which all speak 1.6.
  if (offered.length === 0) return { protocol: 'ocpp1.6', spelled: undefined }
  for (const protocol of protocolNames) {
    const spelled = offered.find((each) => each.toLowerCase() === protocol)
    if (spelled !== undefined) return { protocol, spelled }
  }
  return undefined
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
