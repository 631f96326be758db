import { createBatch } from '@chargelane/db/batch'
import type { ChargingNode } from '../node.ts'

/** Group commit as a function, with one batch per node. */
export function batched<Item, Result>(
  write: (node: ChargingNode, items: Item[]) => Promise<Result[]>,
  maxItems: number,
): (node: ChargingNode, item: Item) => Promise<Result> {
  const batches = new WeakMap<ChargingNode, ReturnType<typeof createBatch<Item, Result>>>()
  return (node, item) => {
    const batch = batches.get(node) ?? createBatch((items) => write(node, items), maxItems)
    batches.set(node, batch)
    return batch.add(item)
  }
}

/** Writes that have nothing to answer. */
export function batchedWrite<Item>(
  write: (node: ChargingNode, items: Item[]) => Promise<void>,
  maxItems: number,
): (node: ChargingNode, item: Item) => Promise<void> {
  return batched(async (node, items: Item[]) => {
    await write(node, items)
    return items.map(() => undefined)
  }, maxItems)
}

/**
 * Work side by side in one database tx. Unlike `Promise.all` it waits for all of it before it throws the first failure:
 * what still ran when its tx was rolled back would run outside of any.
 */
export async function allOf<T>(work: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work)
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
}
