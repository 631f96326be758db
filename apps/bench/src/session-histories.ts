import type { Client } from '@temporalio/client'
import { workflowTypes } from '@chargelane/corridor/contract'

/** Means over the histories that were read, per session. */
export type HistoryFigures = {
  read: number
  events: number
  activities: number
  localActivities: number
  workflowTasks: number
  signals: number
  /** How often each ordinary and each local activity was taken, per session. */
  byActivity: Record<string, number>
  byEvent: Record<string, number>
}

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number]

const localMarker = 'core_local_activity'

function localActivityOf(event: Event): string {
  const payload = event.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0]?.data
  const detail: unknown = payload == null ? {} : JSON.parse(Buffer.from(payload).toString('utf8'))
  return typeof detail === 'object' && detail !== null && 'activity_type' in detail
    ? String(detail.activity_type)
    : 'unknown'
}

/** Which kind of event it is, told by the attributes it carries. */
function kindOf(event: Event): string {
  const key = Object.keys(event).find((name) => name.endsWith('EventAttributes'))
  return key?.replace(/EventAttributes$/, '') ?? 'unknown'
}

/** Reads the histories of at most `limit` sessions that ran since, spread evenly over them. */
export async function readHistories(
  client: Client,
  since: Date,
  limit: number,
): Promise<HistoryFigures> {
  const query = `WorkflowType = '${workflowTypes.session}' AND ExecutionStatus = 'Completed' AND StartTime > '${since.toISOString()}'`
  const ids: string[] = []
  const { namespace } = client.options
  let nextPageToken: Uint8Array | undefined
  // Asked of the server itself: what a session keeps is encrypted, and only counted here.
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    })
    for (const { execution } of page.executions)
      if (execution?.workflowId != null) ids.push(execution.workflowId)
    nextPageToken = page.nextPageToken.length === 0 ? undefined : page.nextPageToken
  } while (nextPageToken !== undefined)
  const every = Math.max(1, Math.floor(ids.length / limit))
  const chosen = ids.filter((_, index) => index % every === 0).slice(0, limit)
  const counts = new Map<string, number>()
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const workflowId of chosen) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
    for (const event of events ?? []) {
      count('event')
      const kind = kindOf(event)
      count(`event ${kind}`)
      const scheduled = event.activityTaskScheduledEventAttributes?.activityType?.name
      if (scheduled != null) count(`activity ${scheduled}`)
      if (event.markerRecordedEventAttributes?.markerName === localMarker)
        count(`local ${localActivityOf(event)}`)
    }
  }
  const mean = (name: string) => round((counts.get(name) ?? 0) / Math.max(1, chosen.length))
  const named = (prefix: string) =>
    Object.fromEntries(
      [...counts.keys()]
        .filter((name) => name.startsWith(prefix))
        .toSorted()
        .map((name) => [name.replace(/^event /, ''), mean(name)]),
    )
  const byActivity = { ...named('activity '), ...named('local ') }
  const sum = (prefix: string) =>
    round(
      Object.entries(byActivity)
        .filter(([name]) => name.startsWith(prefix))
        .reduce((total, [, value]) => total + value, 0),
    )
  return {
    read: chosen.length,
    events: mean('event'),
    activities: sum('activity '),
    localActivities: sum('local '),
    workflowTasks: mean('event workflowTaskCompleted'),
    signals: mean('event workflowExecutionSignaled'),
    byActivity,
    byEvent: named('event '),
  }
}

const round = (value: number) => Math.round(value * 100) / 100
