import { expect, test } from 'vitest'
import { createBatch } from './batch.ts'

test('what comes while one write runs goes together into the next, and each is answered its own', async () => {
  const written: number[][] = []
  const batch = createBatch(async (items: number[]) => {
    written.push(items)
    await Promise.resolve()
    return items.map((item) => item * 10)
  }, 3)
  const first = batch.add(1)
  await Promise.resolve()
  const others = [2, 3, 4, 5].map((item) => batch.add(item))
  expect(await Promise.all([first, ...others])).toEqual([10, 20, 30, 40, 50])
  expect(written).toEqual([[1], [2, 3, 4], [5]])
  await batch.drained()
})

test('one that cannot be written fails alone', async () => {
  const batch = createBatch(async (items: number[]) => {
    await Promise.resolve()
    if (items.includes(2)) throw new Error('two')
    return items
  }, 10)
  const settled = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)))
  expect(settled.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
