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

test('with several lanes as many writes run at once, and only what comes beside all of them waits', async () => {
  const written: number[][] = []
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const write = async (items: number[]) => {
    await gates[written.push(items) - 1]?.promise
    return items
  }
  const batch = createBatch(write, 10, 2)
  const asked: Promise<number>[] = []
  for (const item of [1, 2, 3, 4]) {
    asked.push(batch.add(item))
    await Promise.resolve()
  }
  expect(written).toEqual([[1], [2]])
  gates[1]?.resolve()
  expect(await Promise.all(asked.slice(1))).toEqual([2, 3, 4])
  expect(written).toEqual([[1], [2], [3, 4]])
  gates[0]?.resolve()
  expect(await asked[0]).toBe(1)
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

test('what comes in the moment a run ends is written all the same', async () => {
  for (let turns = 0; turns < 20; turns++) {
    const batch = createBatch((items: number[]) => Promise.resolve(items), 10)
    await batch.add(1)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    expect(await batch.add(2)).toBe(2)
  }
})
