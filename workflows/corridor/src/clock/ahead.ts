// How far a workflow's clock is ahead, as its memo says it: told at its start, and changed by a signal.

const name = 'aheadMs'

/** For the start of a workflow in a world that is ahead; nothing where it is not. */
export const aheadMemo = (ms: number): Record<string, number> => ({ [name]: ms })

/** Zero where nothing, or nothing of use, is said. */
export function aheadOf(memo: Record<string, unknown> | undefined): number {
  const said = memo?.[name]
  return isMillis(said) ? said : 0
}

/** Whole milliseconds; whatever else is sent is no time. */
export const isMillis = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
