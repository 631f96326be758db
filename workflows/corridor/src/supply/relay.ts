// Brings what supply told from the inbox to the sessions' workflows: in order per session, at least once.
import type { Client } from '@temporalio/client'
import type { Db } from '@chargelane/db'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import {
  markSupplyAttempt,
  markSupplyDelivered,
  pendingSupplyEvents,
  unsolicitedStartOf,
} from '@chargelane/db/queries/sessions/supply'
import type { SupplyEventRow } from '@chargelane/db/queries/sessions/supply'
import type { Logger } from 'pino'
import { whileRunning } from '../worker/clients.ts'
import { corridorQueue, sessionWorkflowId, supplyEvent, workflowTypes } from '../contract.ts'
import type { SessionInput } from '../contract.ts'

const nothing = (): void => undefined

export type Loop = { stop: () => Promise<void> }

/**
 * Runs `work` until it finds nothing more, then waits for a wake-up or the poll time. A failing round is logged and
 * tried again after the poll time; `stop` waits for the round that is running.
 */
export function startLoop(options: {
  name: string
  pollMs: number
  log: Logger
  work: () => Promise<number>
  /** Subscribes to wake-ups, e.g. a LISTEN; returns how to end it. */
  subscribe?: (wake: () => void) => Promise<() => Promise<void>>
}): Loop {
  const state = { isStopping: false, isAwake: false, wake: nothing }
  const nap = () =>
    new Promise<void>((resolve) => {
      if (state.isAwake || state.isStopping) return resolve()
      const timer = setTimeout(resolve, options.pollMs)
      state.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const stir = () => {
    state.isAwake = true
    state.wake()
  }
  const subscription = options.subscribe?.(stir).catch((error: unknown) => {
    // Polling still finds everything, only later.
    options.log.warn({ loop: options.name, err: error }, 'no wake-ups')
    return () => Promise.resolve()
  })
  const run = async () => {
    while (!state.isStopping) {
      state.isAwake = false
      try {
        while (!state.isStopping && (await options.work()) > 0);
      } catch (error) {
        options.log.error({ loop: options.name, err: error }, 'round failed')
      }
      await nap()
    }
  }
  const running = run()
  return {
    async stop() {
      state.isStopping = true
      state.wake()
      await running
      await (await subscription)?.()
    },
  }
}

export type RelayDependencies = { db: Db; client: Client; log: Logger; now: () => string }

/** Delivers one round: the oldest undelivered event of each session. Returns how many were delivered. */
export async function relaySupply(deps: RelayDependencies): Promise<number> {
  const rows = await pendingSupplyEvents(deps.db, 50)
  const delivered = await Promise.all(
    rows.map(async (row) => {
      try {
        await deliver(deps, row)
        await markSupplyDelivered(deps.db, row.id, deps.now())
        return 1
      } catch (error) {
        await markSupplyAttempt(deps.db, row.id)
        deps.log.error(
          { session: row.sessionId, event: row.dedupeKey, attempts: row.attempts, err: error },
          'supply event not delivered',
        )
        return 0
      }
    }),
  )
  return delivered.reduce<number>((sum, one) => sum + one, 0)
}

async function deliver({ db, client, log }: RelayDependencies, row: SupplyEventRow): Promise<void> {
  const event = { eventId: row.dedupeKey, ...row.event }
  const session = await getSession(db, 'all', row.sessionId)
  if (session !== undefined) {
    const handle = client.workflow.getHandle(session.workflowId)
    const isHeard = await whileRunning(() => handle.signal(supplyEvent, event))
    if (!isHeard) log.info({ session: row.sessionId, event: row.dedupeKey }, 'session is over')
    return
  }
  // A start at the charger: its first event starts the workflow, which opens the session's row a moment later.
  const start = await unsolicitedStartOf(db, row.sessionId)
  if (start?.unsolicited === undefined) {
    log.warn({ session: row.sessionId, event: row.dedupeKey }, 'event of an unknown session')
    return
  }
  const { accountId, evseId, tokenUid } = start.unsolicited
  const input: SessionInput = {
    origin: 'supply',
    sessionId: row.sessionId,
    accountId,
    evseId,
    tokenUid,
    supplyRef: start.supplyRef,
    startedAt: start.startedAt,
  }
  await client.workflow.signalWithStart(workflowTypes.session, {
    workflowId: sessionWorkflowId(accountId, `supply-${row.sessionId}`),
    taskQueue: corridorQueue,
    args: [input],
    signal: supplyEvent,
    signalArgs: [event],
  })
}
