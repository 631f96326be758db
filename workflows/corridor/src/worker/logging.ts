import { activityInfo, ApplicationFailure } from '@temporalio/activity'
import type {
  ActivityInboundCallsInterceptor,
  LogLevel,
  Logger as TemporalLogger,
} from '@temporalio/worker'
import type { Logger } from 'pino'

/** Names of inputs that may be logged: ids and codes, never a person, a card or a payload. */
const loggable = ['sessionId', 'settlementId', 'paymentId', 'cdrId', 'evseId'] as const

function idsOf(args: unknown[]): Record<string, string> {
  const [input] = args
  if (typeof input !== 'object' || input === null) return {}
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(input))
    if (loggable.some((name) => name === key) && typeof value === 'string') found.set(key, value)
  return Object.fromEntries(found)
}

function outcomeOf(result: unknown): string {
  if (typeof result === 'object' && result !== null && 'kind' in result) return String(result.kind)
  return 'done'
}

/** One wide event per activity attempt: which session, which step, how long, how it ended. */
export function wideEvents(log: Logger): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const info = activityInfo()
      const startedAt = performance.now()
      const event = {
        activity: info.activityType,
        attempt: info.attempt,
        workflow: info.workflowExecution?.workflowId,
        ...idsOf(input.args),
      }
      const ms = () => Math.round(performance.now() - startedAt)
      try {
        const result: unknown = await next(input)
        log.info({ ...event, ms: ms(), outcome: outcomeOf(result) }, 'activity')
        return result
      } catch (error) {
        const code = error instanceof ApplicationFailure ? error.type : nameOf(error)
        log.warn({ ...event, ms: ms(), outcome: 'thrown', code, err: error }, 'activity')
        throw error
      }
    },
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown')

/** Temporal's own messages, in the same lines as ours. */
export function temporalLogger(log: Logger): TemporalLogger {
  const at = (level: LogLevel) => (message: string, meta?: Record<string, unknown>) => {
    const { error, workflowId, activityType } = meta ?? {}
    const fields = { workflow: workflowId, activity: activityType, err: error }
    if (level === 'ERROR') log.error(fields, message)
    else if (level === 'WARN') log.warn(fields, message)
    else if (level === 'INFO') log.debug(fields, message)
    else log.debug(fields, message)
  }
  return {
    log: (level, message, meta) => at(level)(message, meta),
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  }
}
