/** What one call of an operator's code may take. Whoever changes one runs every operator's golden tests first. */
export const sandboxLimits = {
  sourceChars: 131_072,
  factsChars: 65_536,
  answerChars: 32_768,
  memoryBytes: 8 * 1024 * 1024,
  stackBytes: 256 * 1024,
  /** The engine asks after about every 10,000 branches and calls whether it shall go on. */
  polls: 500,
  /** The last resort, for what the engine does without asking, such as printing an array of a billion holes. */
  wallMs: 2_000,
} as const

/** Of one operator: calls that wait beside the one under way. Of all: operators that have a thread. */
export const laneLimits = { waiting: 32, threads: 16, idleMs: 30_000 } as const

/** Faults in a row after which a package is switched off. */
export const faultsInARow = 5
