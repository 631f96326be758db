import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { describe, expect, test } from 'vitest'
import { workflowBundle } from '../worker/bundle.ts'

const folder = fileURLToPath(new URL('../../histories', import.meta.url))
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []

describe('recorded histories', () => {
  test('are there for the corridor and its settlement', () => {
    expect(files.length).toBeGreaterThanOrEqual(4)
  })

  for (const file of files)
    test(`${file} replays against the code of today`, async () => {
      const history = historyFromJSON(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
      const replay = Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history)
      await expect(replay).resolves.toBeUndefined()
    })
})
