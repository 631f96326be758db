/**
 * Group commit: what arrives while as many writes run as there are lanes goes together into the next. A lone item waits
 * for nothing, a storm shares its commits. `write` answers one result per item, in order.
 */
export function createBatch<Item, Result>(
  write: (items: Item[]) => Promise<Result[]>,
  maxItems: number,
  lanes = 1,
): { add(item: Item): Promise<Result>; drained(): Promise<void> } {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let free = lanes
  const running = new Set<Promise<void>>()

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems)
      waiting = waiting.slice(maxItems)
      await settle(batch)
    }
    // In the moment nothing waits: what is added from now on starts a run of its own.
    free += 1
  }

  function start(): void {
    free -= 1
    const run = Promise.resolve()
      .then(flush)
      .finally(() => running.delete(run))
    running.add(run)
  }

  async function settle(batch: Waiting[]): Promise<void> {
    try {
      const results = await write(batch.map((each) => each.item))
      for (const [index, result] of results.entries()) batch[index]?.resolve(result)
      for (const each of batch.slice(results.length))
        each.reject(new Error('the batch answered too few results'))
    } catch (error) {
      // One bad item must not spoil the others: halves are tried again until it stands alone.
      const [only] = batch
      const half = Math.ceil(batch.length / 2)
      if (batch.length === 1) only?.reject(error)
      else for (const part of [batch.slice(0, half), batch.slice(half)]) await settle(part)
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        if (free > 0) start()
      }),
    async drained() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
