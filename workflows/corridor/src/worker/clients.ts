import {
  Client,
  Connection,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client'
import { defaultPayloadConverter, toPayloads } from '@temporalio/common'
import { sha256 } from '@chargelane/rules/digest'
import type { LateRecordInput } from '../aftercare/workflow.ts'
import {
  aftercareWorkflowId,
  corridorQueue,
  settled,
  supplyEvent,
  workflowTypes,
} from '../contract.ts'
import type { SettledNews, SupplyEvent } from '../contract.ts'
import { dataConverter, sealPayload } from './codec/codec.ts'

export type TemporalSettings = { address: string; namespace: string }

/** A client for starting and signalling; `close` ends its connection. Fails within 10 s when nobody answers. */
export async function connectTemporal(
  settings: TemporalSettings,
): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ address: settings.address, connectTimeout: '10s' })
  const client = new Client({ connection, namespace: settings.namespace, dataConverter })
  return { client, close: () => connection.close() }
}

/** Calls of Temporal within `call` fail after so long, rather than wait for a workflow that takes none. */
export const within = <T>(client: Client, ms: number, call: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + ms, call)

/** False when the workflow has ended or never was: then there is nobody left to tell. */
export async function whileRunning(call: () => Promise<void>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

/** Tells a session what supply told; once its workflow is over, the aftercare of its sale. False when neither runs. */
export async function tellSupply(
  client: Client,
  { sessionId, workflowId }: { sessionId: string; workflowId: string },
  events: SupplyEvent[],
): Promise<boolean> {
  for (const id of [workflowId, aftercareWorkflowId(sessionId)]) {
    const handle = client.workflow.getHandle(id)
    if (await whileRunning(() => handle.signal(supplyEvent, ...events))) return true
  }
  return false
}

/**
 * Starts the aftercare of a sale once, whatever is repeated, and tells it what supply told while it began. A sale that
 * is opened again has another one, after the first is over.
 */
export async function beginAftercare(
  client: Client,
  input: LateRecordInput,
  told: SupplyEvent[],
  workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE' = 'REJECT_DUPLICATE',
): Promise<void> {
  const workflowId = aftercareWorkflowId(input.left.input.sessionId)
  try {
    await client.workflow.start(workflowTypes.lateRecord, {
      workflowId,
      taskQueue: corridorQueue,
      workflowIdReusePolicy,
      args: [input],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  if (told.length > 0)
    await whileRunning(() => client.workflow.getHandle(workflowId).signal(supplyEvent, ...told))
}

/** gRPC's NOT_FOUND: the workflow has ended or never was. */
const isGone = ({ code }: { code: number }) => code === 5

/**
 * Tells a session which of its payees have been paid. Payouts that end together each tell the same; the server takes a
 * request id once, so the session hears it once.
 */
export async function tellSession(
  { workflowService, options: { namespace, identity } }: Client,
  workflowId: string,
  news: readonly SettledNews[],
): Promise<void> {
  try {
    await workflowService.signalWorkflowExecution({
      namespace,
      identity,
      workflowExecution: { workflowId },
      requestId: sha256(
        news
          .map(({ settlementId }) => settlementId)
          .toSorted()
          .join(),
      ),
      signalName: settled.name,
      input: { payloads: (toPayloads(defaultPayloadConverter, ...news) ?? []).map(sealPayload) },
    })
  } catch (error) {
    if (!isGrpcServiceError(error) || !isGone(error)) throw error
  }
}
