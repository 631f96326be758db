import { describe, expect, test } from 'vitest'
import { money } from '../money.ts'
import { judgeCredit } from './record.ts'
import type { CreditInput } from './record.ts'

const totals = (net: number | null, gross: number | null, currency = 'EUR') => ({
  excl: net === null ? null : money(net, currency),
  incl: gross === null ? null : money(gross, currency),
})
const of = (
  credit: CreditInput['credit'],
  original: CreditInput['credit'] | undefined,
  isBilled = false,
  isTakenBack = false,
) => judgeCredit({ credit, original: original && { ...original, isBilled, isTakenBack } })

describe('a credit', () => {
  test.each([
    ['negated', totals(-1_000, -1_190), totals(1_000, 1_190)],
    ['written without its sign', totals(1_000, 1_190), totals(1_000, 1_190)],
    ['that states no gross amount', totals(-1_000, null), totals(1_000, 1_190)],
    ['of a record without a gross amount', totals(-1_000, -1_190), totals(1_000, null)],
  ])('%s cancels its record out', (_what, credit, original) => {
    expect(of(credit, original)).toMatchObject({ rule: 'credit_accepted', reverses: true })
  })

  test('of a billed record is accepted, and the record no longer counts', () => {
    expect(of(totals(-1_000, -1_190), totals(1_000, 1_190), true)).toMatchObject({
      kind: 'accepted',
      rule: 'credit_of_billed',
      reverses: true,
    })
  })

  test.each([
    ['of a part', totals(-500, -595), totals(1_000, 1_190)],
    ['of more', totals(-2_000, -2_380), totals(1_000, 1_190)],
    ['in another currency', totals(-1_000, -1_190, 'CHF'), totals(1_000, 1_190)],
  ])('%s takes nothing back by itself', (_what, credit, original) => {
    expect(of(credit, original)).toMatchObject({ rule: 'credit_partial', reverses: false })
  })

  test('of a record that was taken back before takes nothing back again', () => {
    for (const isBilled of [false, true])
      expect(of(totals(-1_000, -1_190), totals(1_000, 1_190), isBilled, true)).toMatchObject({
        kind: 'quarantined',
        rule: 'credit_unmatched',
        reverses: false,
      })
  })

  test('of nothing we know is put aside', () => {
    expect(of(totals(-1, -1), undefined)).toMatchObject({ rule: 'credit_unmatched' })
  })
})
