import { expect, test } from 'vitest'
import { eachApart } from './apart.ts'

test('one that fails holds up none behind it, and its failure is told once all were tried', async () => {
  const done: number[] = []
  const deed = async (n: number) => {
    if (n % 2 === 0) throw new Error(`not ${n}`)
    done.push(n)
  }
  await expect(eachApart([1, 2, 3, 4, 5], deed)).rejects.toThrow('not 2')
  expect(done).toEqual([1, 3, 5])
  await expect(eachApart([7, 9], deed)).resolves.toBeUndefined()
})
