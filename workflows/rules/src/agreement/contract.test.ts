import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Contract, contractFor, isOfEqualRank } from './contract.ts'

const place = { id: 'evs_1', locationId: 'loc_1' }
const contract = (over: Partial<Contract>): Contract => ({
  id: 'ctr_1',
  version: 1,
  name: 'Fleet',
  evses: null,
  locations: null,
  driverGroups: null,
  activeFrom: '2026-01-01T00:00:00.000Z',
  rateAgreement: null,
  splitPolicy: null,
  ...over,
})

const later = '2026-02-01T00:00:00.000Z'
const chosen = (contracts: Contract[], groups: string[] = []) =>
  contractFor(contracts, place, groups)?.contract.id

describe('the contract of a session', () => {
  test('names its place and its drivers, or is none', () => {
    expect(chosen([contract({ evses: ['evs_2'] })])).toBeUndefined()
    expect(chosen([contract({ locations: ['loc_2'], evses: ['evs_1'] })])).toBe('ctr_1')
    expect(chosen([contract({ driverGroups: ['grp_1'] })])).toBeUndefined()
    expect(chosen([contract({ driverGroups: ['grp_1'] })], ['grp_1'])).toBe('ctr_1')
  })

  test('is the narrowest place, then a group, then the later start', () => {
    const all = contract({ id: 'ctr_all', activeFrom: later })
    const group = contract({ id: 'ctr_group', driverGroups: ['grp_1'] })
    const site = contract({ id: 'ctr_site', locations: ['loc_1'] })
    const siteLater = contract({ id: 'ctr_later', locations: ['loc_1'], activeFrom: later })
    const evse = contract({ id: 'ctr_evse', evses: ['evs_1'] })
    expect(chosen([all, group], ['grp_1'])).toBe('ctr_group')
    expect(chosen([all, group, site], ['grp_1'])).toBe('ctr_site')
    expect(chosen([site, siteLater])).toBe('ctr_later')
    expect(chosen([siteLater, evse, all])).toBe('ctr_evse')
    expect(contractFor([evse], place, [])?.precedence).toEqual({
      site: 'evse',
      drivers: 'all',
      from: '2026-01-01T00:00:00.000Z',
    })
  })

  const zContract = fc
    .record({
      evses: fc.constantFrom(null, ['evs_1'], ['evs_2']),
      locations: fc.constantFrom(null, ['loc_1'], ['loc_2']),
      driverGroups: fc.constantFrom(null, ['grp_1'], ['grp_2'], ['grp_1', 'grp_2']),
      activeFrom: fc.constantFrom('2026-01-01T00:00:00.000Z', later),
    })
    .map((over) => contract(over))
  const zContracts = fc
    .array(zContract, { maxLength: 6 })
    .map((all) => all.map((each, at) => ({ ...each, id: `ctr_${at}` })))
  const zGroups = fc.subarray(['grp_1', 'grp_2'])

  test('does not depend on the order in which contracts are read', () => {
    fc.assert(
      fc.property(zContracts, zGroups, (all, groups) => {
        expect(contractFor(all.toReversed(), place, groups)).toEqual(
          contractFor(all, place, groups),
        )
      }),
    )
  })

  test('stays the same when one that loses is gone', () => {
    fc.assert(
      fc.property(zContracts, zGroups, (all, groups) => {
        const best = chosen(all, groups)
        const losers = all.filter(({ id }) => id !== best)
        const without = losers.map((loser) =>
          chosen(
            all.filter((each) => each !== loser),
            groups,
          ),
        )
        expect(without).toEqual(losers.map(() => best))
      }),
    )
  })

  test('is never decided by a name where activation refuses equal ranks of drivers in one group', () => {
    fc.assert(
      fc.property(zContract, zContract, fc.constantFrom('grp_1', 'grp_2'), (a, b, group) => {
        const [one, two] = [
          { ...a, id: 'ctr_1' },
          { ...b, id: 'ctr_2' },
        ]
        const best = contractFor([one, two], place, [group])
        const swapped = contractFor(
          [
            { ...one, id: 'ctr_2' },
            { ...two, id: 'ctr_1' },
          ],
          place,
          [group],
        )
        const isTold =
          best !== undefined && swapped !== undefined && best.contract.id === swapped.contract.id
        const both = [one, two].every((each) => contractFor([each], place, [group]) !== undefined)
        // Whoever stands first whatever it is called was decided by rank; a name decides only between equals.
        expect(both && isTold && !isOfEqualRank(one, two)).toBe(false)
      }),
    )
  })
})
