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
