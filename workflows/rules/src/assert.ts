/** Our own fault, which no repetition mends: a step that throws it ends and waits for a person, and moves no money. */
export class InvariantError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`Invariant broken: ${message}`, options)
    this.name = 'InvariantError'
  }
}

export function broken(message: string): never {
  throw new InvariantError(message)
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) broken(message)
}
