import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { describe, expect, test } from 'vitest'
import { dataConverter } from '../worker/codec/codec.ts'
import { workflowBundle } from '../worker/bundle.ts'

const folder = fileURLToPath(new URL('../../histories', import.meta.url))
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []

type Recorded = { eventId: string; eventType: string } & Record<string, unknown>

/** The same history after an older version of the corridor failed the task that brought the first `forceStop`. */
function brokenByForceStop(text: string): unknown {
  const { events } = JSON.parse(text) as { events: Recorded[] }
  const signalled = events.findIndex(({ workflowExecutionSignaledEventAttributes: signal }) =>
    JSON.stringify(signal ?? '').includes('forceStop'),
  )
  const next = events.findIndex(
    (event, index) => index > signalled && 'workflowTaskScheduledEventAttributes' in event,
  )
  const before = events.slice(0, next)
  const asked = events.slice(next, next + 2)
  const failed = {
    eventId: String(next + 3),
    eventTime: asked[1]?.['eventTime'],
    eventType: 'EVENT_TYPE_WORKFLOW_TASK_FAILED',
    workflowTaskFailedEventAttributes: {
      scheduledEventId: String(next + 1),
      startedEventId: String(next + 2),
      cause: 'WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE',
      failure: { message: "Cannot read properties of undefined (reading 'by')" },
    },
  }
  const later = JSON.stringify(events.slice(next)).replaceAll(
    /("\w*[eE]ventId":")(\d+)"/g,
    (_, name: string, id: string) => `${name}${Number(id) > next ? Number(id) + 3 : id}"`,
  )
  return { events: [...before, ...asked, failed, ...(JSON.parse(later) as Recorded[])] }
}

describe('recorded histories', () => {
  test('a session that a signal without payload had broken goes on with the code of today', async () => {
    const text = readFileSync(`${folder}/strange-signals.json`, 'utf8')
    const history = historyFromJSON(brokenByForceStop(text))
    expect(JSON.stringify(history)).toContain("reading 'by'")
    const replay = Worker.runReplayHistory(
      { workflowBundle: await workflowBundle(), dataConverter },
      history,
    )
    await expect(replay).resolves.toBeUndefined()
  })

  test('are there for the corridor and its settlement', () => {
    expect(files.length).toBeGreaterThanOrEqual(4)
  })

  for (const file of files)
    test(`${file} replays against the code of today`, async () => {
      const history = historyFromJSON(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
      const replay = Worker.runReplayHistory(
        { workflowBundle: await workflowBundle(), dataConverter },
        history,
      )
      await expect(replay).resolves.toBeUndefined()
    })
})
