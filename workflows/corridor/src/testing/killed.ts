// A process that dies at one of the steps that reach outside it: before the step was done, or right after.
import type { Db } from '@chargelane/db'

export class Killed extends Error {}

/** Counts what a process does to the outside, and dies at one of them: before it was done, or right after. */
export class Process {
  steps = 0
  readonly dieAt: number
  constructor(dieAt: number) {
    this.dieAt = dieAt
  }
  async does<T>(work: () => Promise<T>): Promise<T> {
    this.steps += 1
    if (this.steps === this.dieAt) throw new Killed('before')
    const done = await work()
    this.steps += 1
    if (this.steps === this.dieAt) throw new Killed('after')
    return done
  }
}

/** Each tx is a step. */
export const mortalDb = (db: Db, process: Process): Db =>
  new Proxy(db, {
    get: (target, name, receiver) =>
      name === 'tx'
        ? (work: Parameters<Db['tx']>[0]) => process.does(() => target.tx(work))
        : Reflect.get(target, name, receiver),
  })
