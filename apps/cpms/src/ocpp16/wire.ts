import type { OCPP16 } from 'typed-ocpp'
// The schemas alone: the library's entry would compile all three versions' validators as it loads.
import * as schemas from 'typed-ocpp/dist/ocpp16/schemas.js'
import { z } from 'zod'
import type { Fault } from '../line/rpc.ts'

// The OCPP 1.6 messages as the official schemas define them. Inbound they are repaired first (chargers send numbers
// for text, unknown fields and enum values, timestamps without a zone) and what was repaired is noted; outbound they
// hold to the letter.

/** Charger to node: request and answer. */
export interface Inbound {
  Authorize: [OCPP16.AuthorizeRequest, OCPP16.AuthorizeResponse]
  BootNotification: [OCPP16.BootNotificationRequest, OCPP16.BootNotificationResponse]
  DataTransfer: [OCPP16.DataTransferRequest, OCPP16.DataTransferResponse]
  DiagnosticsStatusNotification: [
    OCPP16.DiagnosticsStatusNotificationRequest,
    OCPP16.DiagnosticsStatusNotificationResponse,
  ]
  FirmwareStatusNotification: [
    OCPP16.FirmwareStatusNotificationRequest,
    OCPP16.FirmwareStatusNotificationResponse,
  ]
  Heartbeat: [OCPP16.HeartbeatRequest, OCPP16.HeartbeatResponse]
  LogStatusNotification: [OCPP16.LogStatusNotificationRequest, OCPP16.LogStatusNotificationResponse]
  MeterValues: [OCPP16.MeterValuesRequest, OCPP16.MeterValuesResponse]
  SecurityEventNotification: [
    OCPP16.SecurityEventNotificationRequest,
    OCPP16.SecurityEventNotificationResponse,
  ]
  SignCertificate: [OCPP16.SignCertificateRequest, OCPP16.SignCertificateResponse]
  StartTransaction: [OCPP16.StartTransactionRequest, OCPP16.StartTransactionResponse]
  StatusNotification: [OCPP16.StatusNotificationRequest, OCPP16.StatusNotificationResponse]
  StopTransaction: [OCPP16.StopTransactionRequest, OCPP16.StopTransactionResponse]
}
export type InboundAction = keyof Inbound

/** Node to charger. */
export interface Outbound {
  RemoteStartTransaction: [
    OCPP16.RemoteStartTransactionRequest,
    OCPP16.RemoteStartTransactionResponse,
  ]
  RemoteStopTransaction: [OCPP16.RemoteStopTransactionRequest, OCPP16.RemoteStopTransactionResponse]
  UnlockConnector: [OCPP16.UnlockConnectorRequest, OCPP16.UnlockConnectorResponse]
  TriggerMessage: [OCPP16.TriggerMessageRequest, OCPP16.TriggerMessageResponse]
}
export type OutboundAction = keyof Outbound

/** What a repair changed, for the frame's record: `stripped customData`, `truncated chargePointModel`. */
export type Note = string

export interface Refusal {
  kind: 'refused'
  fault: Fault
  description: string
}

export type Read<T> = { kind: 'read'; value: T; notes: Note[] } | Refusal

/** Values put in where a required field is beyond repair, because the message must be answered all the same. */
export type Fallbacks = Record<string, () => unknown>

interface JsonSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  format?: string
  maxLength?: number
  $ref?: string
  definitions?: Record<string, JsonSchema>
}

const rawSchemas: Record<string, unknown> = { ...schemas }

/** The library's schema objects are draft-07 as published; only the keywords above are read here. */
function schemaOf(name: string): JsonSchema {
  const schema = rawSchemas[name]
  if (typeof schema !== 'object' || schema === null) throw new Error(`No OCPP 1.6 schema ${name}.`)
  return schema
}

const compiled = new Map<string, z.ZodType>()

/** Compiled at first use. The library leaves `$schema` out, and zod would read `definitions` as draft 2020-12. */
function strict(name: string): z.ZodType {
  let schema = compiled.get(name)
  if (schema === undefined) {
    const draft07: unknown = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...schemaOf(name),
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is JSON Schema; zod checks it as it reads
    schema = z.fromJSONSchema(draft07 as Parameters<typeof z.fromJSONSchema>[0])
    compiled.set(name, schema)
  }
  return schema
}

export function readRequest<A extends InboundAction>(
  action: A,
  payload: unknown,
  fallbacks: Fallbacks,
): Read<Inbound[A][0]> {
  return readMessage<Inbound[A][0]>(`${action}Request`, payload, fallbacks)
}

export function readAnswer<A extends OutboundAction>(
  action: A,
  payload: unknown,
): Read<Outbound[A][1]> {
  return readMessage<Outbound[A][1]>(`${action}Response`, payload, {})
}

/** Throws when we are about to send what the schema forbids: our own fault, never the charger's. */
export function writeRequest<A extends OutboundAction>(
  action: A,
  payload: Outbound[A][0],
): unknown {
  return strict(`${action}Request`).parse(payload)
}

export function writeAnswer<A extends InboundAction>(action: A, payload: Inbound[A][1]): unknown {
  return strict(`${action}Response`).parse(payload)
}

/** The generated type and the schema come from the same file, so what the schema accepts is of the type. */
function readMessage<T>(name: string, payload: unknown, fallbacks: Fallbacks): Read<T> {
  const schema = schemaOf(name)
  const notes: Note[] = []
  const repaired = repair({ root: schema, notes, fallbacks }, schema, payload, '')
  if (repaired.kind === 'refused') return repaired
  const checked = strict(name).safeParse(repaired.value)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  if (checked.success) return { kind: 'read', value: checked.data as T, notes }
  const issue = checked.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return {
    kind: 'refused',
    fault: 'property_constraint',
    description: `${path === '' ? 'payload' : path}: ${issue?.message ?? 'not valid'}`,
  }
}

// ── Repair ──────────────────────────────────────────────────────────────────────────────────────

interface Repairing {
  root: JsonSchema
  notes: Note[]
  fallbacks: Fallbacks
}
type Repaired = { kind: 'repaired'; value: unknown } | Refusal

const repaired = (value: unknown): Repaired => ({ kind: 'repaired', value })
const refused = (fault: Fault, path: string, description: string): Refusal => ({
  kind: 'refused',
  fault,
  description: `${path === '' ? 'payload' : path}: ${description}`,
})

/** Identifiers decide who pays: one that is too long is wrong, never cut to somebody else's. */
const neverTruncated = new Set(['idTag', 'parentIdTag', 'csr'])

/** Without these a sample's defaults would apply (energy in Wh), so an unreadable one spoils its sample. */
const meaningBearing = new Set(['unit', 'measurand', 'format', 'phase'])

function repair(at: Repairing, schema: JsonSchema, value: unknown, path: string): Repaired {
  const { $ref } = schema
  if ($ref !== undefined) {
    const target = at.root.definitions?.[$ref.replace('#/definitions/', '')]
    if (target === undefined) throw new Error(`Schema reference ${$ref} leads nowhere.`)
    return repair(at, target, value, path)
  }
  switch (schema.type) {
    case 'object':
      return repairObject(at, schema, value, path)
    case 'array':
      return repairArray(at, schema, value, path)
    case 'string':
      return repairString(at, schema, value, path)
    case 'integer':
    case 'number':
      return repairNumber(at, schema.type, value, path)
    case 'boolean':
      return repairBoolean(at, value, path)
    case undefined:
    default:
      return repaired(value)
  }
}

function repairObject(at: Repairing, schema: JsonSchema, value: unknown, path: string): Repaired {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused('type_constraint', path, 'must be an object')
  const input: Record<string, unknown> = { ...value }
  const output: Record<string, unknown> = {}
  const properties = schema.properties ?? {}
  for (const key of Object.keys(input))
    if (!(key in properties)) at.notes.push(`stripped ${path}${key}`.slice(0, 80))
  for (const [key, property] of Object.entries(properties)) {
    const inside = `${path}${key}`
    const given = input[key] ?? undefined
    const required = schema.required?.includes(key) ?? false
    if (given === undefined && !required) continue
    const result =
      given === undefined
        ? refused('occurrence_constraint', inside, 'is required')
        : repair(at, property, given, property.type === 'object' ? `${inside}.` : inside)
    if (result.kind === 'repaired') {
      output[key] = result.value
      continue
    }
    if (meaningBearing.has(key)) return result
    const fallback = at.fallbacks[inside]
    if (fallback !== undefined) output[key] = fallback()
    else if (required) return result
    at.notes.push(`${fallback === undefined ? 'dropped' : 'replaced'} ${result.description}`)
  }
  return repaired(output)
}

/** One bad sample does not spoil a batch: it is dropped, and the frame as received keeps it. */
function repairArray(at: Repairing, schema: JsonSchema, value: unknown, path: string): Repaired {
  const given: unknown[] = Array.isArray(value) ? value : [value]
  if (!Array.isArray(value)) at.notes.push(`wrapped ${path}`)
  const items: unknown[] = []
  for (const item of given) {
    const result = repair(at, schema.items ?? {}, item, `${path}.`)
    if (result.kind === 'repaired') items.push(result.value)
    else at.notes.push(`dropped ${result.description}`)
  }
  return repaired(items)
}

function repairString(at: Repairing, schema: JsonSchema, value: unknown, path: string): Repaired {
  let text: string
  if (typeof value === 'string') text = value
  else if (typeof value === 'number' || typeof value === 'boolean') {
    text = String(value)
    at.notes.push(`coerced ${path}`)
  } else return refused('type_constraint', path, 'must be a string')
  // PostgreSQL cannot store NUL, and no OCPP text has a use for it.
  if (text.includes('\u0000')) text = text.replaceAll('\u0000', '')
  if (schema.enum !== undefined && !schema.enum.includes(text)) {
    const same = schema.enum.find(
      (each) => typeof each === 'string' && each.toLowerCase() === text.trim().toLowerCase(),
    )
    if (same === undefined)
      return refused('property_constraint', path, `"${text.slice(0, 50)}" is not a known value`)
    at.notes.push(`respelled ${path}`)
    return repaired(same)
  }
  if (schema.format === 'date-time') return repairTimestamp(at, text, path)
  if (schema.maxLength !== undefined && text.length > schema.maxLength) {
    if (neverTruncated.has(path))
      return refused('property_constraint', path, `longer than ${schema.maxLength}`)
    at.notes.push(`truncated ${path}`)
    return repaired(text.slice(0, schema.maxLength))
  }
  return repaired(text)
}

/** What a clock says that never was set, year 0 too, is kept as 1970; later than this no text of ours can hold. */
const instantMaxMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Quirk 13: `2026-11-21T10:15:00` and `2026-11-21 10:15:00` are taken as UTC, and flagged. */
function repairTimestamp(at: Repairing, text: string, path: string): Repaired {
  const found =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/iu.exec(
      text.trim(),
    )
  const zone = zoneOf(found?.[3])
  if (found !== null && zone === undefined) at.notes.push(`no zone in ${path}`)
  const ms = found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2]}${zone ?? 'Z'}`)
  if (Number.isNaN(ms)) return refused('property_constraint', path, 'must be an RFC 3339 date-time')
  return repaired(new Date(Math.min(Math.max(ms, 0), instantMaxMs)).toISOString())
}

/** OCPP's integers have 32 bits, as our columns; a register may have counted further. */
const int32Max = 2 ** 31 - 1
const quantities = new Set(['meterStart', 'meterStop'])

/** `+01` and ` UTC` are as clear as `+01:00` and `Z`. */
function zoneOf(text: string | undefined): string | undefined {
  const found = /^([+-]\d\d):?(\d\d)?$/u.exec(text ?? '')
  if (found !== null) return `${found[1]}:${found[2] ?? '00'}`
  return text === undefined ? undefined : 'Z'
}

function repairNumber(
  at: Repairing,
  type: 'integer' | 'number',
  value: unknown,
  path: string,
): Repaired {
  let number = value
  if (typeof value === 'string' && /^\s*[+-]?\d+(?:\.\d+)?\s*$/u.test(value)) {
    number = Number(value)
    at.notes.push(`coerced ${path}`)
  }
  if (typeof number !== 'number') return refused('type_constraint', path, 'must be a number')
  if (!Number.isFinite(number)) return refused('property_constraint', path, 'must be finite')
  if (type === 'number') return repaired(number)
  const whole = Math.round(number)
  if (whole !== number) at.notes.push(`rounded ${path}`)
  // Some stacks send the int64 maximum for "unset".
  if (Math.abs(whole) > (quantities.has(path) ? Number.MAX_SAFE_INTEGER : int32Max))
    return refused('property_constraint', path, 'out of range')
  return repaired(whole)
}

function repairBoolean(at: Repairing, value: unknown, path: string): Repaired {
  if (typeof value === 'boolean') return repaired(value)
  const text =
    typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : ''
  if (!['true', 'false', '0', '1'].includes(text))
    return refused('type_constraint', path, 'must be a boolean')
  at.notes.push(`coerced ${path}`)
  return repaired(text === 'true' || text === '1')
}
