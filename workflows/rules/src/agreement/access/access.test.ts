import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatInstant, microsPerSecond, parseInstant } from '../../rating/clock.ts'
import { type AccessRule, accessAt, type Asker } from './access.ts'
import { type OpeningHours, standingAt } from './hours.ts'

const berlin = 'Europe/Berlin'
const office: OpeningHours = { weekly: [{ start_time: '09:00', end_time: '18:00' }] }

const timeOf = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const rule = (over: Partial<AccessRule>): AccessRule => ({
  id: 'arl_1',
  name: 'Everybody',
  level: 'location',
  admits: {},
  hours: {},
  endsAtClose: false,
  ...over,
})

describe('opening hours', () => {
  test.each([
    ['a minute before', '2026-03-30T06:59:59.999Z', false, '2026-03-30T07:00:00.000Z'],
    ['when they begin', '2026-03-30T07:00:00.000Z', true, '2026-03-30T16:00:00.000Z'],
    ['when they end', '2026-03-30T16:00:00.000Z', false, '2026-03-31T07:00:00.000Z'],
    ['in winter an hour later', '2026-03-28T07:30:00.000Z', false, '2026-03-28T08:00:00.000Z'],
    [
      'from a winter evening to the summer',
      '2026-03-28T20:00:00.000Z',
      false,
      '2026-03-29T07:00:00.000Z',
    ],
    [
      'from a summer evening to the winter',
      '2026-10-24T20:00:00.000Z',
      false,
      '2026-10-25T08:00:00.000Z',
    ],
  ])('are those of the wall clock: %s', (_, at, isOpen, until) => {
    expect(standingAt(office, at, berlin)).toEqual({ isOpen, until })
  })

  test('an end in the hour that is skipped is the moment the clock is put forward', () => {
    const hours = { weekly: [{ start_time: '00:00', end_time: '02:30' }] }
    expect(standingAt(hours, '2026-03-29T00:30:00.000Z', berlin)).toEqual({
      isOpen: true,
      until: '2026-03-29T01:00:00.000Z',
    })
  })

  test('a window in the hour that is skipped does not open', () => {
    const hours = { weekly: [{ start_time: '02:10', end_time: '02:50' }] }
    expect(standingAt(hours, '2026-03-29T00:30:00.000Z', berlin).until).toBe(
      '2026-03-30T00:10:00.000Z',
    )
  })

  test('a window in the hour that comes twice is open twice', () => {
    const hours = { weekly: [{ start_time: '02:10', end_time: '02:50' }] }
    const opens = (at: string) => standingAt(hours, at, berlin)
    expect(opens('2026-10-25T00:20:00.000Z')).toEqual({
      isOpen: true,
      until: '2026-10-25T00:50:00.000Z',
    })
    expect(opens('2026-10-25T00:50:00.000Z')).toEqual({
      isOpen: false,
      until: '2026-10-25T01:10:00.000Z',
    })
  })

  test('a night is two windows, and one opening', () => {
    const night = { weekly: [{ start_time: '22:00' }, { end_time: '06:00' }] }
    expect(standingAt(night, '2026-03-28T21:30:00.000Z', berlin)).toEqual({
      isOpen: true,
      until: '2026-03-29T04:00:00.000Z',
    })
  })

  test('a holiday takes the place of its weekday, by the date on the wall', () => {
    const hours = {
      weekly: [{ day_of_week: ['FRIDAY' as const], start_time: '08:00', end_time: '20:00' }],
      special_days: [{ date: '2026-12-25', windows: [] }],
    }
    expect(standingAt(hours, '2026-12-25T10:00:00.000Z', berlin)).toEqual({
      isOpen: false,
      until: '2027-01-01T07:00:00.000Z',
    })
    const half = {
      ...hours,
      special_days: [{ date: '2026-12-25', windows: [{ end_time: '12:00' }] }],
    }
    expect(standingAt(half, '2026-12-24T23:30:00.000Z', berlin)).toEqual({
      isOpen: true,
      until: '2026-12-25T11:00:00.000Z',
    })
  })

  test('without any they are always open, and without windows never', () => {
    const at = '2026-03-29T00:30:00.000Z'
    expect(standingAt({}, at, berlin)).toEqual({ isOpen: true, until: null })
    expect(standingAt({ weekly: [] }, at, berlin)).toEqual({ isOpen: false, until: null })
  })

  const zMinute = fc.integer({ min: 0, max: 1_439 })
  const zHours = fc.array(fc.tuple(zMinute, zMinute), { maxLength: 4 }).map((pairs) => ({
    weekly: pairs
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ start_time: timeOf(Math.min(a, b)), end_time: timeOf(Math.max(a, b)) })),
  }))
  const zones = [
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Asia/Kathmandu',
    'UTC',
    'Atlantic/Azores',
  ]
  /** Around the days on which clocks are changed. */
  const zAt = fc
    .tuple(
      fc.constantFrom(
        '2026-03-28',
        '2026-04-04',
        '2026-10-03',
        '2026-10-24',
        '2026-03-07',
        '2026-11-01',
      ),
      fc.integer({ min: 0, max: 3 * 86_400 }),
    )
    .map(([day, s]) => formatInstant((parseInstant(`${day}T00:00:00Z`) ?? 0) + s * microsPerSecond))

  test('between now and the change that is told nothing changes, minute by minute, and at it it does', () => {
    fc.assert(
      fc.property(zHours, zAt, fc.constantFrom(...zones), (hours, at, zone) => {
        const { isOpen, until } = standingAt(hours, at, zone)
        const from = parseInstant(at) ?? 0
        const to = until === null ? from + 2 * 86_400 * microsPerSecond : (parseInstant(until) ?? 0)
        const open = (instant: number) => standingAt(hours, formatInstant(instant), zone).isOpen
        for (let instant = from; instant < to; instant += 61 * 60 * microsPerSecond)
          expect(open(instant)).toBe(isOpen)
        if (until === null) return
        expect(open(to - 1_000)).toBe(isOpen)
        expect(open(to)).toBe(!isOpen)
      }),
      { numRuns: 150 },
    )
  })
})

describe('access', () => {
  const anybody: Asker = {
    partner: 'acct_a',
    driverGroups: [],
    tokenType: 'APP_USER',
    contracts: [],
  }
  const noon = '2026-03-30T10:00:00.000Z'
  const night = '2026-03-30T20:00:00.000Z'
  const ask = (rules: AccessRule[], asker: Partial<Asker> = {}, at = noon) =>
    accessAt({ rules, timeZone: berlin }, { ...anybody, ...asker }, at)

  test('a place without rules is open to everybody', () => {
    expect(ask([])).toEqual({ kind: 'admitted', rule: null, closesAt: null, endsAtClose: false })
  })

  test('all that a rule names has to hold, and any of a list', () => {
    const staff = rule({
      name: 'Staff',
      admits: { partners: ['acct_a', 'acct_b'], driver_groups: ['grp_1'], token_types: ['RFID'] },
    })
    const own = { driverGroups: ['grp_2', 'grp_1'], tokenType: 'RFID' as const }
    expect(ask([staff], own).kind).toBe('admitted')
    for (const other of [
      { ...own, partner: 'acct_c' },
      { ...own, driverGroups: ['grp_2'] },
      { ...own, tokenType: 'APP_USER' as const },
    ])
      expect(ask([staff], other)).toMatchObject({
        kind: 'denied',
        reason: 'not_admitted',
        message: 'Charging here is for: Staff.',
      })
  })

  test('a contract admits whoever charges under it', () => {
    const only = rule({ admits: { contracts: ['ctr_1'] } })
    expect(ask([only], { contracts: ['ctr_1'] }).kind).toBe('admitted')
    expect(ask([only]).kind).toBe('denied')
  })

  test('rules grant: staff at any time, and everybody by day', () => {
    const rules = [
      rule({ id: 'arl_staff', name: 'Staff', admits: { driver_groups: ['grp_1'] } }),
      rule({ id: 'arl_day', name: 'Visitors', hours: office }),
    ]
    expect(ask(rules)).toMatchObject({ kind: 'admitted', closesAt: '2026-03-30T16:00:00.000Z' })
    expect(ask(rules, {}, night)).toMatchObject({
      kind: 'denied',
      reason: 'closed',
      opensAt: '2026-03-31T07:00:00.000Z',
      message: 'Closed now for: Visitors. Opens at 2026-03-31T07:00:00.000Z.',
    })
    expect(ask(rules, { driverGroups: ['grp_1'] }, night)).toMatchObject({
      kind: 'admitted',
      closesAt: null,
    })
  })

  test('the narrowest rules count alone', () => {
    const rules = [
      rule({ level: 'operator' }),
      rule({ level: 'location', admits: { partners: ['acct_b'] } }),
      rule({ level: 'evse', admits: { partners: ['acct_c'] } }),
    ]
    expect(ask(rules).kind).toBe('denied')
    expect(ask(rules, { partner: 'acct_b' }).kind).toBe('denied')
    expect(ask(rules, { partner: 'acct_c' }).kind).toBe('admitted')
  })

  test('of two rules that admit, the one that cuts nobody off counts', () => {
    const rules = [
      rule({ id: 'arl_a', hours: office, endsAtClose: true }),
      rule({ id: 'arl_b', hours: office }),
    ]
    expect(ask(rules)).toMatchObject({ endsAtClose: false, rule: { id: 'arl_b' } })
    expect(ask(rules.slice(0, 1))).toMatchObject({ endsAtClose: true })
    expect(ask([rule({ endsAtClose: true })])).toMatchObject({ endsAtClose: false, closesAt: null })
  })

  test('the order of rules changes nothing', () => {
    const zRule = fc.record({
      id: fc.constantFrom('arl_1', 'arl_2', 'arl_3', 'arl_4'),
      level: fc.constantFrom('evse', 'location', 'operator'),
      admits: fc.constantFrom<AccessRule['admits'][]>(
        {},
        { partners: ['acct_a'] },
        { partners: ['acct_b'] },
      ),
      hours: fc.constantFrom<OpeningHours[]>({}, office, { weekly: [] }),
      endsAtClose: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.uniqueArray(zRule, { selector: ({ id }) => id }), (found) => {
        const rules = found.map((each) => rule(each as Partial<AccessRule>))
        const { rules: _, ...seen } = { rules: [], ...ask(rules) }
        const { rules: _2, ...turned } = { rules: [], ...ask(rules.toReversed()) }
        expect(turned).toEqual(seen)
      }),
    )
  })
})
