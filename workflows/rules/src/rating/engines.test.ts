import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  compare,
  type FirstEngine,
  type SecondEngine,
} from '../../../../apps/bench/src/oracles/compare.ts'
import { generatePairs, type Pair } from '../../../../apps/bench/src/oracles/generate.ts'

/** A sample of `npm run test:oracles` with the answers of both engines, so that no Rust is needed here. */
type Recorded = Pair & { first?: FirstEngine; second?: SecondEngine }

const recorded = readFileSync(new URL('./fixtures/generated-pairs.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line))

describe('each reading gives its engine’s totals and dimensions to the last digit', () => {
  test.each(recorded.map((pair) => [pair.id, pair] as const))('%s', (_, pair) => {
    const verdict = compare(pair, pair.first, pair.second)
    expect(verdict.first).not.toBe('differs')
    expect(verdict.second).not.toBe('differs')
    // Where they differ, switches turn one into the other; where they agree, so does the default, but for a difference
    // below what both print.
    expect(verdict.agree !== false || verdict.explanation !== undefined).toBe(true)
    expect(verdict.agree !== true || verdict.ours !== undefined).toBe(true)
  })

  test('the sample holds every class and every switch', () => {
    const tags = new Set(recorded.flatMap((pair) => pair.tags))
    const classes = ['v211', 'v221', 'v230', 'dst', 'midnight', 'wrap', 'midnight-window']
    const money = ['JPY', 'KWD', 'vat-mix', 'min_price', 'max_price', 'tax_included-YES']
    const others = ['well-split', 'partial-time', 'mixed-period', 'reservation']
    for (const name of [...classes, ...money, ...others]) expect(tags).toContain(name)
    const switches = new Set(
      recorded.flatMap((pair) => compare(pair, pair.first, pair.second).explanation ?? []),
    )
    expect([...switches].toSorted()).toEqual([
      'clamp_vat',
      'hours',
      'midnight',
      'missing_power',
      'step_size_base',
    ])
  })
})

const some = (seed: number) => JSON.stringify([...generatePairs(seed, 20)])

test('the generator gives the same pairs for the same seed', () => {
  expect(some(5)).toBe(some(5))
  expect(some(5)).not.toBe(some(6))
})
