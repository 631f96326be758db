/** A broken invariant: our own fault, so the workflow task stops where it stands instead of moving money. */
export function broken(message: string): never {
  throw new Error(`Invariant broken: ${message}`)
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) broken(message)
}
