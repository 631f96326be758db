/** The value below which `percent` of the values lie (nearest rank); NaN of nothing. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

export type Rate = { perSecond: number; p50Ms: number; p99Ms: number; failed: number }

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

/** Repeats a call on so many lines at once for so long. */
export async function rateOf(
  lines: number,
  durationMs: number,
  call: () => Promise<void>,
): Promise<Rate> {
  const times: number[] = []
  let failed = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: lines }, async () => {
      while (performance.now() - startedAt < durationMs) {
        const at = performance.now()
        try {
          await call()
          times.push(performance.now() - at)
        } catch {
          failed += 1
        }
      }
    }),
  )
  const tookMs = performance.now() - startedAt
  return {
    perSecond: Math.round((times.length * 1000) / tookMs),
    p50Ms: tenth(percentile(times, 50)),
    p99Ms: tenth(percentile(times, 99)),
    failed,
  }
}
