import { describe, expect, test } from 'vitest'
import { contestAt, contestTexts, textMax, withinLimit } from './contest.ts'

const facts = {
  pack: { id: 'evd_1', manifestHash: 'abc' },
  service: ['Session: ses_1'],
  endedAt: '2026-11-30T10:30:00.000Z',
  receipt: ['Receipt: 2026-1'],
  log: ['2026-11-30T10:00:00.000Z charging'],
  said: [],
}

describe('what a chargeback is contested with', () => {
  test('fits the provider’s fields however much there is, with whole lines and how many are left out', () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index} ${'x'.repeat(90)}`)
    const texts = contestTexts({ ...facts, service: lines, receipt: lines, log: lines })
    for (const text of Object.values(texts)) expect(text.length).toBeLessThanOrEqual(textMax)
    const [first, ...rest] = texts.access_activity_log?.split('\n') ?? []
    expect(first).toBe(lines[0])
    expect(rest.at(-2)).toBe(lines[rest.length - 1])
    expect(rest.at(-1)).toBe(`(${1_000 - rest.length} more lines are in the evidence pack.)`)
  })

  test('is cut at no line that fits', () => {
    expect(withinLimit(['a', 'b'], 3)).toBe('a\nb')
    expect(withinLimit(['x'.repeat(60), 'b'], 50)).toBe('(2 more lines are in the evidence pack.)')
  })

  test('names the pack, whatever was said, and leaves an empty log out', () => {
    const said = { by: 'operator', text: 'We saw the car.', at: facts.endedAt } as const
    const texts = contestTexts({
      ...facts,
      log: [],
      said: [{ ...said, facts: [{ fact: 'camera', value: 'plate read' }] }],
    })
    expect(texts.uncategorized_text.split('\n')).toEqual([
      'Receipt: 2026-1',
      'Evidence pack evd_1, sealed and signed; SHA-256 of its manifest abc.',
      'The operator of the charger says: We saw the car.',
      'camera: plate read',
    ])
    expect(texts).not.toHaveProperty('access_activity_log')
    expect(texts.service_date).toBe('2026-11-30')
  })

  test('goes three days before the last, and at once where there is less or no day', () => {
    const opened = '2026-11-30T10:00:00.000Z'
    expect(contestAt('2026-12-09T10:00:00.000Z', opened)).toBe('2026-12-06T10:00:00.000Z')
    expect(contestAt('2026-12-01T10:00:00.000Z', opened)).toBe(opened)
    expect(contestAt(null, opened)).toBe(opened)
  })
})
