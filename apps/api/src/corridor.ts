// What the API asks of the session workflows: five calls, each with a deadline.
import type {
  Decision,
  GiveBackInput,
  PaymentEvent,
  SessionInput,
  StopAnswer,
} from '@chargelane/corridor/contract'
import {
  act,
  type AuthorizationAnswer,
  authorize,
  corridorQueue,
  disputeChanged,
  disputeWorkflowId,
  paymentEvent,
  requestStop,
  sessionWorkflowId,
  workflowTypes,
} from '@chargelane/corridor/contract'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'

export type PartnerInput = SessionInput & { origin: 'partner' }

export interface Corridor {
  /** Starts the session's workflow, or finds it, and waits for the payment authorization's outcome. */
  authorize(input: PartnerInput, key: string): Promise<AuthorizationAnswer>
  stop(workflowId: string): Promise<StopAnswer>
  /** Tells a workflow that waits for it what a person decided; refused when it does not, or not for that. */
  decide(workflowId: string, decision: Decision): Promise<void>
  /** False when no such workflow runs any more: the event is then of no interest. */
  paymentChanged(workflowId: string, event: PaymentEvent): Promise<boolean>
  /** Sends what was decided to give back, once for each refund. */
  giveBack(refundId: string, input: GiveBackInput): Promise<void>
  /** Something of a dispute is to be done or waited for: its workflow is started, or hears of it. */
  followDispute(disputeId: string): Promise<void>
  /** Starts a settlement batch; the same batch again finds the first. */
  settle(batch: string): Promise<{ workflowId: string }>
  /** Compares everything now; the same run again finds the first. */
  reconcile(run: string, asOf: string | undefined): Promise<{ workflowId: string }>
  /** Starts a replay of past sessions; the same again finds the first. */
  simulate(simulationId: string): Promise<void>
  isUp(): Promise<boolean>
}

/** Milliseconds. An authorization waits for the card and for the operator's liveness; a command only for the engine. */
export const corridorDeadlines = { authorizeMs: 55_000, commandMs: 15_000 }

const unavailable = (cause: unknown) =>
  new DomainError('service_unavailable', 'The workflow engine does not answer in time.', { cause })

export function createCorridor(client: Client, deadlines = corridorDeadlines): Corridor {
  const { authorizeMs, commandMs } = deadlines
  const within = async <T>(ms: number, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, call)
    } catch (error) {
      if (isGrpcServiceError(error) || isTimeout(error)) throw unavailable(error)
      throw error
    }
  }
  return {
    authorize: (input, key) => within(authorizeMs, () => authorizeSession(client, input, key)),
    stop: (workflowId) => within(commandMs, () => stopSession(client, workflowId)),
    paymentChanged: (workflowId, event) =>
      within(commandMs, async () => {
        try {
          await client.workflow.getHandle(workflowId).signal(paymentEvent, event)
          return true
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false
          throw error
        }
      }),
    decide: (workflowId, decision) =>
      within(commandMs, () => decideStep(client, workflowId, decision)),
    giveBack: (refundId, input) => within(commandMs, () => startGiveBack(client, refundId, input)),
    followDispute: (disputeId) => within(commandMs, () => followDispute(client, disputeId)),
    settle: (batch) => within(commandMs, () => startSettlement(client, batch)),
    reconcile: (run, asOf) => within(commandMs, () => startReconciliation(client, run, asOf)),
    simulate: (simulationId) => within(commandMs, () => startSimulation(client, simulationId)),
    isUp: () => Promise.race([answers(client), after(1_000)]),
  }
}

async function startGiveBack(
  client: Client,
  refundId: string,
  input: GiveBackInput,
): Promise<void> {
  try {
    await client.workflow.start(workflowTypes.givenBack, {
      workflowId: `refund:${refundId}`,
      taskQueue: corridorQueue,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

const answers = (client: Client): Promise<boolean> =>
  client.connection.workflowService.getSystemInfo({}).then(
    () => true,
    () => false,
  )

async function followDispute(client: Client, disputeId: string): Promise<void> {
  await client.workflow.signalWithStart(workflowTypes.dispute, {
    workflowId: disputeWorkflowId(disputeId),
    taskQueue: corridorQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ disputeId }],
    signal: disputeChanged,
  })
}

/** A connection that is still dialling ignores deadlines, so health does not wait for it. */
const after = (ms: number) =>
  new Promise<boolean>((resolve) => {
    setTimeout(resolve, ms, false).unref()
  })

/** The client wraps a missed deadline in errors of its own; the cause keeps the gRPC status. */
function isTimeout(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return true
    if (at.name.includes('RpcTimeoutOrCancelled')) return true
  }
  return false
}

async function authorizeSession(client: Client, input: PartnerInput, key: string) {
  const workflowId = sessionWorkflowId(input.accountId, key)
  const start = new WithStartWorkflowOperation(workflowTypes.session, {
    workflowId,
    taskQueue: corridorQueue,
    args: [input],
    ...(input.trace === undefined ? {} : { memo: { trace: input.trace } }),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  })
  try {
    return await client.workflow.executeUpdateWithStart(authorize, {
      startWorkflowOperation: start,
      updateId: input.sessionId,
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    // The session of this key is over already; its history still knows what it answered.
    return client.workflow
      .getHandle(workflowId)
      .getUpdateHandle<AuthorizationAnswer>(input.sessionId)
      .result()
  }
}

async function stopSession(client: Client, workflowId: string): Promise<StopAnswer> {
  try {
    return await client.workflow
      .getHandle(workflowId)
      .executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    return { kind: 'refused', code: 'invalid_transition', message: 'The session is over.' }
  }
}

async function decideStep(client: Client, workflowId: string, decision: Decision): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).executeUpdate(act, { args: [decision] })
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError))
      throw error
    const why = error.cause instanceof Error ? error.cause.message : 'the workflow is over'
    throw new DomainError('invalid_transition', `Not decided: ${why}.`, { param: 'action' })
  }
}

async function startSettlement(client: Client, batch: string) {
  const workflowId = `stl:${batch}`
  try {
    await client.workflow.start(workflowTypes.settlement, {
      workflowId,
      taskQueue: corridorQueue,
      args: [{ batch }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return { workflowId }
}

async function startSimulation(client: Client, simulationId: string): Promise<void> {
  try {
    await client.workflow.start(workflowTypes.replayPolicy, {
      workflowId: `split:${simulationId}`,
      taskQueue: corridorQueue,
      args: [{ simulationId }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

async function startReconciliation(client: Client, run: string, asOf: string | undefined) {
  const workflowId = `rec:${run}`
  try {
    await client.workflow.start(workflowTypes.reconciliation, {
      workflowId,
      taskQueue: corridorQueue,
      args: [asOf === undefined ? {} : { asOf }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return { workflowId }
}
