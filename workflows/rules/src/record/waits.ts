/** How long a record is waited for. It imports nothing, because workflows carry it. */

const minute = 60_000
const hour = 60 * minute

/**
 * When a missing record is pulled: 5 min, 1 h, 6 h after the end, and at the deadline (24 h; failures F34). A shorter
 * deadline keeps the proportions.
 */
export function pullsAfter(endedAtMs: number, deadlineMs: number): number[] {
  const scale = deadlineMs / (24 * hour)
  return [5 * minute, hour, 6 * hour, 24 * hour].map((after) => endedAtMs + after * scale)
}
