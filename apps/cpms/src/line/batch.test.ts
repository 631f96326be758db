import { expect, test } from 'vitest'
import { allOf } from './batch.ts'

test('work side by side fails only when none of it runs any more', async () => {
  const slow = Promise.withResolvers<string>()
  let failed = false
  const all = allOf([Promise.reject(new Error('the first')), slow.promise]).catch(() => {
    failed = true
  })
  // More turns than a promise takes to hear of a failure.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  expect(failed).toBe(false)
  slow.resolve('done')
  await all
  expect(failed).toBe(true)
})
