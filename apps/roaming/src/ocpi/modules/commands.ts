// OCPI 2.2.1 §13: a command is answered twice, at once with "will try", later with what came of it.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  changeCommand,
  type CommandRow,
  insertCommand,
  latestCommand,
  lockCommand,
  overdueCommands,
} from '@chargelane/db/queries/roaming/ocpi'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { PeerCommand, SupplyFact } from '@chargelane/rules/documents'
import type { StartRejection } from '@chargelane/openapi/vocabulary/status'
import { PeerError } from '../../link/client.ts'
import { recordCall } from '../../link/health.ts'
import { answerOk, type OcpiApp, pathId, readBody, type Roaming } from '../../link/server.ts'
import { ocpiStatus, unknownObject } from '../../link/status.ts'
import type { Edition } from '../edition.ts'
import { editionOf, endpointOf, ourModuleUrl, peerOf } from './versions.ts'
import { unwrapSingle, zCommandResponseIn, zCommandResultIn } from '../v221/wire.ts'

const names = { start: 'START_SESSION', stop: 'STOP_SESSION' } as const
type CommandKind = keyof typeof names

/** OCPI 2.2.1 §13.4.1 and §13.4.2 in our closed list; what is not named here is `unknown`. */
const rejections: Record<string, StartRejection> = {
  EVSE_OCCUPIED: 'evse_occupied',
  EVSE_INOPERATIVE: 'evse_faulted',
  NOT_SUPPORTED: 'not_supported',
  REJECTED: 'cpo_policy',
  TIMEOUT: 'timeout',
}

/** `ambiguous`: the peer may have got the command; only its session can tell. */
export type CommandOutcome =
  | { kind: 'accepted' }
  | { kind: 'ambiguous'; detail: string }
  | { kind: 'rejected'; result: string; reason: StartRejection; detail: string }
  | { kind: 'unreachable'; detail: string }

export type CommandOrder = {
  connection: ConnectionRow
  /** Why the peer must not be called now; an earlier command of the session still answers. */
  closed: string | undefined
  sessionId: string
  kind: CommandKind
  /** The command's object, given the URL the result is to be sent to. */
  body: (responseUrl: string) => unknown
  timeoutMs?: number
}

/**
 * Sends a command at most once per session and kind: a repeated call finds the first and says what came of it. A stop
 * may be tried again after it failed, a start never.
 */
export async function sendCommand(roaming: Roaming, order: CommandOrder): Promise<CommandOutcome> {
  const earlier = await latestCommand(roaming.db, order.sessionId, order.kind)
  if (earlier !== undefined && !mayRepeat(earlier)) return outcomeOf(earlier)
  if (order.closed !== undefined) return { kind: 'unreachable', detail: order.closed }
  const { connection, sessionId, kind } = order
  const command = await insertCommand(roaming.db, {
    sessionId,
    connectionId: connection.id,
    kind,
    at: roaming.now().toISOString(),
  })
  const endpoint = endpointOf(connection, 'commands', 'RECEIVER')
  if (endpoint === undefined) {
    return settle(roaming, command, {
      kind: 'rejected',
      result: 'NOT_SUPPORTED',
      reason: 'not_supported',
      detail: 'the CPO serves no commands',
    })
  }
  const responseUrl = `${ourModuleUrl(roaming, editionOf(connection), 'commands')}/${names[kind]}/${command.id}`
  try {
    const answer = await recordCall(roaming, connection, () =>
      roaming.client.call(peerOf(connection), {
        method: 'POST',
        url: new URL(`${endpoint}/${names[kind]}`),
        module: 'commands',
        body: order.body(responseUrl),
        sessionId,
        timeoutMs: order.timeoutMs ?? 15_000,
      }),
    )
    const response = zCommandResponseIn.safeParse(unwrapSingle(answer.data))
    if (!response.success) {
      const detail = 'the answer to the command cannot be read'
      return await settle(roaming, command, { kind: 'ambiguous', detail })
    }
    const { result, timeout } = response.data
    if (result === 'ACCEPTED') return await settle(roaming, command, { kind: 'accepted' }, timeout)
    return await settle(roaming, command, rejected(result, textOf(response.data.message)))
  } catch (error) {
    if (!(error instanceof PeerError)) throw error
    return settle(roaming, command, outcomeOfError(error))
  }
}

const mayRepeat = ({ kind, state }: CommandRow) =>
  kind === 'stop' && (state === 'failed' || state === 'rejected' || state === 'timeout')

function rejected(
  result: string,
  detail: string,
  reason: StartRejection = rejections[result] ?? 'unknown',
): CommandOutcome {
  return { kind: 'rejected', result, reason, detail }
}

function outcomeOfError(error: PeerError): CommandOutcome {
  if (error.kind === 'unreachable') {
    // No answer to a request that left may mean that the charger starts all the same (failures F03, F04).
    const isAmbiguous = error.sent && error.http === undefined
    return { kind: isAmbiguous ? 'ambiguous' : 'unreachable', detail: error.message }
  }
  if (error.status === ocpiStatus.unknownLocation)
    return rejected('UNKNOWN_LOCATION', error.message)
  if (error.status === ocpiStatus.unknownToken) {
    return rejected('UNKNOWN_TOKEN', error.message, 'token_rejected')
  }
  if ((error.http ?? 0) >= 500 || error.http === 401 || error.http === 403) {
    return { kind: 'unreachable', detail: error.message }
  }
  return rejected('REFUSED', error.message)
}

/** Writes what the answer was, unless the asynchronous result overtook it. */
async function settle(
  roaming: Roaming,
  command: CommandRow,
  outcome: CommandOutcome,
  timeoutS?: number,
): Promise<CommandOutcome> {
  const now = roaming.now()
  return roaming.db.tx(async (tx) => {
    const present = await lockCommand(tx, command.id)
    if (present === undefined) throw new Error(`command ${command.id} is gone`)
    if (present.state !== 'sent') return outcomeOf(present)
    const isFinal = outcome.kind === 'rejected' || outcome.kind === 'unreachable'
    const deadline =
      timeoutS === undefined
        ? {}
        : { deadline: new Date(now.getTime() + timeoutS * 1000).toISOString() }
    await changeCommand(tx, command.id, {
      state: stateOf[outcome.kind],
      detail: { ...outcome, ...deadline },
      ...(isFinal ? { answeredAt: now.toISOString() } : {}),
    })
    return outcome
  })
}

const stateOf = {
  accepted: 'accepted',
  ambiguous: 'timeout',
  rejected: 'rejected',
  unreachable: 'failed',
} as const satisfies Record<CommandOutcome['kind'], CommandRow['state']>

/** What an earlier command came to, for a repeated call. */
function outcomeOf(command: CommandRow): CommandOutcome {
  const detail = detailOf(command)
  if (command.state === 'accepted') return { kind: 'accepted' }
  if (command.state === 'rejected') return rejected(detail.result ?? '', detail.detail ?? '')
  const words = detail.detail ?? 'not answered'
  return { kind: command.state === 'failed' ? 'unreachable' : 'ambiguous', detail: words }
}

/** A command of this app holds a peer's answer, or nothing yet. */
const detailOf = ({ detail }: CommandRow): PeerCommand =>
  detail === null || 'chargeStationId' in detail ? {} : detail

// ── The asynchronous result ─────────────────────────────────────────────────────────────────────────────────────

export const mountCommands = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  app.post(`/${edition.version}/commands/:command/:id`, async (context) => {
    const { connection } = context.get('caller')
    const id = pathId(context, 'id').replace(
      /^cmd_.*/i,
      (text) => `cmd_${text.slice(4).toUpperCase()}`,
    )
    const read = zCommandResultIn.parse(unwrapSingle(await readBody(context)))
    const sessionId = await roaming.db.tx(async (tx) => {
      const command = await lockCommand(tx, id)
      const isKnown =
        command?.connectionId === connection.id &&
        names[command.kind] === pathId(context, 'command').toUpperCase()
      if (command === undefined || !isKnown) throw unknownObject('the command')
      if (detailOf(command).final !== undefined) return command.sessionId
      const at = roaming.now().toISOString()
      const isAccepted = read.result === 'ACCEPTED'
      const detail = textOf(read.message)
      await changeCommand(tx, id, {
        state: isAccepted ? 'accepted' : read.result === 'TIMEOUT' ? 'timeout' : 'rejected',
        detail: { result: read.result, detail, final: read.result },
        answeredAt: at,
      })
      await recordSupplyEvent(
        tx,
        command.sessionId,
        `ocpi:${id}:result`,
        resultFact(command.kind, at, read.result, detail),
      )
      return command.sessionId
    })
    context.set('sessionId', sessionId)
    return answerOk(roaming, context)
  })
}

function resultFact(kind: CommandKind, at: string, result: string, detail: string): SupplyFact {
  const text = detail === '' ? result : `${result}: ${detail}`
  if (kind === 'stop') {
    return result === 'ACCEPTED'
      ? { kind: 'stop_result', at, result: 'accepted' }
      : { kind: 'stop_result', at, result: 'rejected', detail: text }
  }
  if (result === 'ACCEPTED') return { kind: 'start_result', at, result: 'accepted' }
  const reason = rejections[result] ?? 'unknown'
  return { kind: 'start_result', at, result: 'rejected', reason, detail: text }
}

const textOf = (message: unknown): string => {
  const first: unknown = Array.isArray(message) ? message[0] : message
  if (typeof first !== 'object' || first === null || !('text' in first)) return ''
  return typeof first.text === 'string' ? first.text.slice(0, 500) : ''
}

/**
 * Results that did not come within the CommandResponse's timeout. The session is told nothing: it may start all the
 * same, and its own deadline with a pull of the peer's sessions decides (failures F03). Returns how many there were.
 */
export async function timeOutCommands(roaming: Roaming): Promise<number> {
  const at = roaming.now().toISOString()
  const overdue = await overdueCommands(roaming.db, at, 100)
  for (const { id } of overdue) {
    await roaming.db.tx(async (tx) => {
      const command = await lockCommand(tx, id)
      if (command?.state !== 'accepted' || command.answeredAt !== null) return
      await changeCommand(tx, id, { state: 'timeout', detail: { detail: 'no result in time' } })
    })
  }
  return overdue.length
}
