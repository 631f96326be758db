// `npm run reseal`: the database is sealed anew with the key that writes. What Temporal keeps is not rewritten, so an earlier
// key is needed until the last workflow that began under it is gone. DATABASE_URL, TEMPORAL_ADDRESS and the keys are needed.
import { connect, type Db } from '@chargelane/db'
import { agedDataKeys, forgetDataKey, markEveryMs } from '@chargelane/db/data-keys-in-use'
import { reseal } from '@chargelane/db/reseal'
import type { Client } from '@temporalio/client'
import { connectTemporal } from '../clients.ts'

/** What a namespace keeps: workflows by a query of its visibility, closed ones for so many days. */
export type Histories = { retentionDays: number; count: (query: string) => Promise<number> }

const dayMs = 86_400_000
const isoOf = (ms: number) => new Date(ms).toISOString()

/** `until` is the day by which the closed are gone; while one runs, that day is not known yet. */
export type Kept = { workflows: number; running: number; until: string }

/** The workflows that began before a key was last written with; undefined once none is left. */
export async function keptFrom(
  { retentionDays, count }: Histories,
  lastUsedAt: string,
  now: string,
): Promise<Kept | undefined> {
  const began = `StartTime <= "${isoOf(Date.parse(lastUsedAt) + markEveryMs)}"`
  const workflows = await count(began)
  if (workflows === 0) return undefined
  const running = await count(`${began} and ExecutionStatus = "Running"`)
  // How many whole days ago the last of them closed: halved until it is known.
  let [low, high] = [0, running > 0 ? 0 : retentionDays]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const since = isoOf(Date.parse(now) - middle * dayMs)
    if ((await count(`${began} and CloseTime > "${since}"`)) === 0) low = middle
    else high = middle - 1
  }
  return { workflows, running, until: isoOf(Date.parse(now) + (retentionDays - low) * dayMs) }
}

/** Forgets the keys that nothing needs any more; says of each earlier one what becomes of it. */
export async function settleKeys(db: Db, histories: Histories, now: string): Promise<string[]> {
  const said: string[] = []
  for (const { keyId, lastUsedAt } of await agedDataKeys(db)) {
    const kept = await keptFrom(histories, lastUsedAt, now)
    if (kept === undefined) {
      await forgetDataKey(db, keyId)
      said.push(`${keyId} may be dropped: nothing is sealed with it.`)
      continue
    }
    const day = kept.until.slice(0, 10)
    const end =
      kept.running > 0
        ? `${kept.running} still run: not before ${day}`
        : `the last is gone by ${day}`
    said.push(
      `${keyId} is needed for the histories of ${kept.workflows} workflows, ${end}. Keep it and run this again then.`,
    )
  }
  return said
}

async function historiesOf(client: Client): Promise<Histories> {
  const { namespace } = client.options
  const { config } = await client.workflowService.describeNamespace({ namespace })
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0)
  return {
    retentionDays: Math.ceil((seconds * 1_000) / dayMs),
    count: async (query) => (await client.workflow.count(query)).count,
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const { DATABASE_URL: url, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: name } = process.env
  if (!url) throw new Error('DATABASE_URL is missing: the database to reseal')
  if (!address) throw new Error('TEMPORAL_ADDRESS is missing: whose histories need the keys')
  const db = connect({ url, max: 2, name: 'reseal', statementTimeoutMs: 0 })
  const temporal = await connectTemporal({ address, namespace: name ?? 'default' })
  try {
    const now = new Date().toISOString()
    await reseal(db, now, ({ place, rows }) => say(`${place}: ${rows} sealed anew`))
    const said = await settleKeys(db, await historiesOf(temporal.client), now)
    for (const line of said.length === 0 ? ['No earlier key is in use.'] : said) say(line)
  } finally {
    await temporal.close()
    await db.close()
  }
}

if (import.meta.main)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  })
