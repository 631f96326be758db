// What a signal must be to be heard. Temporal delivers whatever anybody sends, with no payload or any other, and a
// handler that throws would stop its session for ever: the rest is ignored, and the session notes that it was.
import type { EndReason, StartRejection } from '@chargelane/openapi/vocabulary/status'
import type { PaymentEvent, SettledNews, SupplyEvent } from '../contract.ts'

type Fields = Partial<Record<string, unknown>>
type Check = (value: unknown) => boolean

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isText: Check = (value) => typeof value === 'string' && value !== ''
const isInstant: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))
/** Words by name, so that one which is added to the vocabulary is missed here; the list itself needs a parser. */
const oneOf =
  <Word extends string>(words: Record<Word, true>): Check =>
  (value) =>
    typeof value === 'string' && Object.hasOwn(words, value)
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const isResult = oneOf({ accepted: true, rejected: true })
const isString: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'

const isEndReason = oneOf<EndReason>({
  requested: true,
  local: true,
  remote: true,
  ev_disconnected: true,
  ghost: true,
  fault: true,
  power_loss: true,
  deauthorized: true,
  inferred: true,
  max_duration: true,
  site_closed: true,
  limit: true,
  other: true,
})
const isRejection = oneOf<StartRejection>({
  evse_occupied: true,
  evse_faulted: true,
  cable_not_connected: true,
  token_rejected: true,
  not_supported: true,
  cpo_policy: true,
  timeout: true,
  unknown: true,
})

/** The fields of each fact of supply that a session decides by. */
const factFields: Record<SupplyEvent['kind'], Record<string, Check>> = {
  start_result: {
    result: isResult,
    reason: orAbsent(isRejection),
    detail: orAbsent(isString),
  },
  stop_result: { result: isResult, detail: orAbsent(isString) },
  plug_awaited: {},
  charging_started: { startedAt: isInstant, supplyRef: isText },
  connectivity_changed: { state: oneOf({ suspected_offline: true, recovered: true }) },
  charging_paused: {},
  charging_resumed: {},
  charging_ended: { endedAt: isInstant, reason: isEndReason, isInferred: orAbsent(isFlag) },
  declared_invalid: { supplyRef: isText },
  record_received: { cdrId: isText, isAdopted: orAbsent((value) => value === true) },
  record_credited: { cdrId: isText },
}

const isKind = (kind: unknown): kind is SupplyEvent['kind'] =>
  typeof kind === 'string' && Object.hasOwn(factFields, kind)

const holds = (value: Fields, checks: Record<string, Check>): boolean =>
  Object.entries(checks).every(([name, check]) => check(value[name]))

export const isSupplyEvent = (value: unknown): value is SupplyEvent =>
  isFields(value) &&
  isKind(value['kind']) &&
  holds(value, { eventId: isText, ...factFields[value['kind']] })

export const isPaymentEvent = (value: unknown): value is PaymentEvent =>
  isFields(value) && holds(value, { pspId: isText })

export const isSettledNews = (value: unknown): value is SettledNews =>
  isFields(value) && isFields(value['payee']) && holds(value['payee'], { role: isText, id: isText })

export const isStopOrder = (value: unknown): value is { by: string; reason: string } =>
  isFields(value) && holds(value, { by: isText, reason: isText })

/** The heard part of what a signal brought; `ignore` is told when something of it, or all, is not what it must be. */
export function heardOf<T>(
  brought: readonly unknown[],
  isHeard: (value: unknown) => value is T,
  ignore: () => void,
): T[] {
  const heard = brought.filter(isHeard)
  if (heard.length === 0 || heard.length < brought.length) ignore()
  return heard
}
