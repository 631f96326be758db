/** The value below which `percent` of the values lie (nearest rank); NaN of nothing. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

export type Rate = { perSecond: number; p50Ms: number; p99Ms: number; failed: number }

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

type Sample = { times: number[]; failed: number; tookMs: number }

async function sampleOf(
  lines: number,
  durationMs: number,
  call: () => Promise<void>,
): Promise<Sample> {
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
  return { times, failed, tookMs: performance.now() - startedAt }
}

function rateFrom(samples: readonly Sample[]): Rate {
  const times = samples.flatMap((sample) => sample.times)
  const tookMs = samples.reduce((sum, sample) => sum + sample.tookMs, 0)
  return {
    perSecond: Math.round((times.length * 1000) / tookMs),
    p50Ms: tenth(percentile(times, 50)),
    p99Ms: tenth(percentile(times, 99)),
    failed: samples.reduce((sum, sample) => sum + sample.failed, 0),
  }
}

/** Repeats a call on so many lines at once for so long. */
export const rateOf = async (
  lines: number,
  durationMs: number,
  call: () => Promise<void>,
): Promise<Rate> => rateFrom([await sampleOf(lines, durationMs, call)])

/** Two calls in turns, so that whatever else the machine does meanwhile slows both alike. */
export async function ratesInTurns(
  { lines, durationMs, turns }: { lines: number; durationMs: number; turns: number },
  first: () => Promise<void>,
  second: () => Promise<void>,
): Promise<[Rate, Rate]> {
  const samples: [Sample[], Sample[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    samples[0].push(await sampleOf(lines, durationMs / turns, first))
    samples[1].push(await sampleOf(lines, durationMs / turns, second))
  }
  return [rateFrom(samples[0]), rateFrom(samples[1])]
}
