import { expect, test } from 'vitest'
import { type Histories, keptFrom } from './reseal.ts'

const now = '2026-11-30T12:00:00.000Z'
const lastUsedAt = '2026-10-01T00:00:00.000Z'

/** Workflows that began under the key, by when they closed; the answers are those of Temporal's visibility. */
function holding(closed: readonly (string | null)[]): Histories {
  return {
    retentionDays: 90,
    count: (query) => {
      expect(query).toContain('StartTime <= "2026-10-01T00:01:00.000Z"')
      const [, since] = /CloseTime > "(.+?)"/.exec(query) ?? []
      const isAsked = (at: string | null) => {
        if (query.includes('Running')) return at === null
        return since === undefined || (at !== null && at > since)
      }
      return Promise.resolve(closed.filter(isAsked).length)
    },
  }
}

test('a key is needed by nothing once no workflow that began under it is kept', async () => {
  expect(await keptFrom(holding([]), lastUsedAt, now)).toBeUndefined()
})

test('a key is needed until the retention of the last closed workflow has passed', async () => {
  const kept = holding(['2026-10-02T08:00:00.000Z', '2026-11-20T18:00:00.000Z'])
  expect(await keptFrom(kept, lastUsedAt, now)).toEqual({
    workflows: 2,
    running: 0,
    until: '2027-02-19T12:00:00.000Z',
  })
})

test('while a workflow of it runs, a key is needed for the whole retention from now at least', async () => {
  const kept = holding(['2026-10-02T08:00:00.000Z', null])
  expect(await keptFrom(kept, lastUsedAt, now)).toEqual({
    workflows: 2,
    running: 1,
    until: '2027-02-28T12:00:00.000Z',
  })
})
