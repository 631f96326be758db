// OCPI 2.2.1 §13: a command is answered twice, at once with "will try", later with what came of it.
import { lastCommand } from '@chargelane/db/queries/chargers/commands'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  answerCommand,
  type CommandRow,
  type CommandState,
  finishCommand,
  openCommand,
  timeOutOverdue,
} from '@chargelane/db/queries/roaming/commands'
import type { PeerCommand, SupplyFact } from '@chargelane/rules/documents'
import type { StartRejection } from '@chargelane/openapi/vocabulary/status'
import { z } from 'zod'
import { PeerError } from '../../link/client.ts'
import { recordCall } from '../../link/health.ts'
import { answerOk, type OcpiApp, pathId, readBody, type Roaming } from '../../link/server.ts'
import { ocpiStatus, unknownObject } from '../../link/status.ts'
import type { Edition } from '../edition.ts'
import { editionOf, endpointOf, ourModuleUrl, peerOf } from './versions.ts'
import { unwrapSingle } from '../wire.ts'

const names = {
  start: 'START_SESSION',
  stop: 'STOP_SESSION',
  unlock: 'UNLOCK_CONNECTOR',
} as const
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
  body: (write: Edition['write'], responseUrl: string) => object
  timeoutMs?: number
}

/**
 * Sends a command at most once per session and kind: a repeated call finds the first and says what came of it. A stop
 * may be tried again after it failed, a start never.
 */
export async function sendCommand(roaming: Roaming, order: CommandOrder): Promise<CommandOutcome> {
  const { connection, sessionId, kind, closed } = order
  if (closed !== undefined) {
    const earlier = await lastCommand(roaming.db, sessionId, kind)
    const isFinal = earlier !== undefined && !repeatable[kind].includes(earlier.state)
    return isFinal ? outcomeOf(earlier) : { kind: 'unreachable', detail: closed }
  }
  const at = roaming.now().toISOString()
  const wanted = { sessionId, connectionId: connection.id, kind, at }
  const { isNew, command } = await openCommand(roaming.db, wanted, repeatable[kind])
  if (!isNew) return outcomeOf(command)
  const endpoint = endpointOf(connection, 'commands', 'RECEIVER')
  if (endpoint === undefined) {
    return settle(roaming, command, {
      kind: 'rejected',
      result: 'NOT_SUPPORTED',
      reason: 'not_supported',
      detail: 'the CPO serves no commands',
    })
  }
  const edition = editionOf(connection)
  const responseUrl = `${ourModuleUrl(roaming, edition, 'commands')}/${names[kind]}/${command.id}`
  try {
    const answer = await recordCall(roaming, connection, () =>
      roaming.client.call(peerOf(connection), {
        method: 'POST',
        url: new URL(`${endpoint}/${names[kind]}`),
        module: 'commands',
        body: order.body(edition.write, responseUrl),
        sessionId,
        timeoutMs: order.timeoutMs ?? 15_000,
      }),
    )
    const { outcome, timeoutS } = outcomeOfAnswer(edition, answer.data)
    return await settle(roaming, command, outcome, timeoutS)
  } catch (error) {
    if (!(error instanceof PeerError)) throw error
    return settle(roaming, command, outcomeOfError(error))
  }
}

/** A stop that came to nothing may be sent again, a start never. */
const repeatable: Record<CommandKind, readonly CommandState[]> = {
  start: [],
  stop: ['failed', 'rejected', 'timeout'],
  unlock: ['failed', 'rejected', 'timeout'],
}

function outcomeOfAnswer(
  edition: Edition,
  data: unknown,
): { outcome: CommandOutcome; timeoutS?: number } {
  try {
    const { result, text, timeoutS } = edition.commandAnswer(unwrapSingle(data))
    if (result !== 'ACCEPTED') return { outcome: rejected(result, text) }
    return { outcome: { kind: 'accepted' }, timeoutS }
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    return {
      outcome: { kind: 'ambiguous', detail: 'the answer to the command cannot be read' },
    }
  }
}

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
  const isFinal = outcome.kind === 'rejected' || outcome.kind === 'unreachable'
  const deadline =
    timeoutS === undefined
      ? {}
      : { deadline: new Date(now.getTime() + timeoutS * 1000).toISOString() }
  const overtaken = await answerCommand(roaming.db, command.id, {
    state: stateOf[outcome.kind],
    detail: { ...outcome, ...deadline },
    answeredAt: isFinal ? now.toISOString() : null,
  })
  return overtaken === undefined ? outcome : outcomeOf(overtaken)
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
    const { result, text } = edition.commandResult(unwrapSingle(await readBody(context)))
    const kind = kindOf(pathId(context, 'command'))
    const isAccepted = result === 'ACCEPTED'
    const sessionId =
      kind &&
      (await finishCommand(
        roaming.db,
        { id, connectionId: connection.id, kind },
        {
          state: isAccepted ? 'accepted' : result === 'TIMEOUT' ? 'timeout' : 'rejected',
          detail: { result, detail: text, final: result },
          event: resultFact(kind, roaming.now().toISOString(), result, text),
        },
      ))
    if (sessionId === undefined) throw unknownObject('the command')
    context.set('sessionId', sessionId)
    return answerOk(roaming, context)
  })
}

function kindOf(name: string): CommandKind | undefined {
  const asked = name.toUpperCase()
  if (asked === names.start) return 'start'
  if (asked === names.unlock) return 'unlock'
  return asked === names.stop ? 'stop' : undefined
}

function resultFact(kind: CommandKind, at: string, result: string, detail: string): SupplyFact {
  const text = detail === '' ? result : `${result}: ${detail}`
  // A cable that is free ends the charge as a stop does, and its end is told by itself.
  if (kind !== 'start') {
    return result === 'ACCEPTED'
      ? { kind: 'stop_result', at, result: 'accepted' }
      : { kind: 'stop_result', at, result: 'rejected', detail: text }
  }
  if (result === 'ACCEPTED') return { kind: 'start_result', at, result: 'accepted' }
  const reason = rejections[result] ?? 'unknown'
  return { kind: 'start_result', at, result: 'rejected', reason, detail: text }
}

/**
 * Results that did not come within the CommandResponse's timeout. The session is told nothing: it may start all the
 * same, and its own deadline with a pull of the peer's sessions decides (failures F03). Returns how many there were.
 */
export const timeOutCommands = (roaming: Roaming): Promise<number> =>
  timeOutOverdue(roaming.db, roaming.now().toISOString(), { detail: 'no result in time' })
