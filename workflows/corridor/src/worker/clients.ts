import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import { settled } from '../contract.ts'
import type { SettledNews } from '../contract.ts'

export type TemporalSettings = { address: string; namespace: string }

/** A client for starting and signalling; `close` ends its connection. Fails within 10 s when nobody answers. */
export async function connectTemporal(
  settings: TemporalSettings,
): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ address: settings.address, connectTimeout: '10s' })
  const client = new Client({ connection, namespace: settings.namespace })
  return { client, close: () => connection.close() }
}

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

/** Tells a session that one of its payees has been paid. */
export async function tellSession(
  client: Client,
  workflowId: string,
  news: SettledNews,
): Promise<void> {
  await whileRunning(() => client.workflow.getHandle(workflowId).signal(settled, news))
}
