import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../canonical/canonical.ts'
import { canonicalHash } from '../canonical/digest.ts'
import { canonicalTariff, engineVersion, ocpiPolicy } from '../../rating/rating.ts'
import { type PriceProof, type ProofInput, proveSession, verifyProof } from './proof.ts'

const verify = verifyProof

const tariffOf = (price: number) => {
  const made = canonicalTariff({
    country_code: 'DE',
    party_id: 'VWL',
    id: 'DC',
    currency: 'EUR',
    last_updated: '2026-01-01T00:00:00Z',
    elements: [
      {
        price_components: [
          { type: 'ENERGY', price, vat: 19, step_size: 1 },
          { type: 'PARKING_TIME', price: 6, vat: 19, step_size: 60 },
        ],
      },
    ],
  })
  if (!made.ok) throw new Error('the tariff is valid')
  return made.tariff
}

const given = (change: Partial<ProofInput> = {}): Parameters<typeof proveSession>[0] => ({
  rating: 'retail',
  tariff: tariffOf(0.5),
  usage: {
    started_at: '2026-11-21T10:00:00.000Z',
    ended_at: '2026-11-21T11:00:00.000Z',
    time_zone: 'Europe/Berlin',
    periods: [
      {
        start: '2026-11-21T10:00:00.000Z',
        end: '2026-11-21T10:30:00.000Z',
        charging: true,
        energy_kwh: '20',
      },
      {
        start: '2026-11-21T10:30:00.000Z',
        end: '2026-11-21T11:00:00.000Z',
        charging: false,
      },
    ],
  },
  context: {
    session: 'ses_1',
    cdr: 'cdr_1',
    time_zone: 'Europe/Berlin',
    evse: {
      id: 'evs_1',
      evse_id: 'DE*VWL*E1',
      connector: 'con_1',
      power_type: 'DC',
      max_power_w: 150_000,
      country: 'DE',
    },
    market_profile: 'eu-afir-de@2026-01-08',
  },
  agreement: null,
  rating_policy: ocpiPolicy,
  ...change,
})

function prove(change: Partial<ProofInput> = {}): PriceProof {
  const proof = proveSession(given(change))
  if (proof === undefined) throw new Error('these inputs have a price')
  return proof
}

const agreement = (price: number) => ({ id: 'rag_1', version: 1, tariff: tariffOf(price) })

/** The proof as JSON with one piece of its text replaced. */
const tampered = (proof: PriceProof, from: string, to: string): unknown => {
  const text = JSON.stringify(proof)
  expect(text).toContain(from)
  return JSON.parse(text.replace(from, to))
}

const failures = (proof: unknown) =>
  verify(proof)
    .checks.filter((check) => !check.ok)
    .map((check) => `${check.name}: ${check.detail}`)

describe('a price proof', () => {
  test('is recomputed to the same figures and reads line by line', () => {
    const report = verify(prove())
    expect(report.checks.filter((check) => !check.ok)).toEqual([])
    expect(report).toMatchObject({
      ok: true,
      session: 'ses_1',
      totals: { gross: { amount: 1_547, currency: 'EUR' } },
      engine: { proved_by: engineVersion, checked_by: engineVersion },
    })
    expect(report.lines).toEqual([
      '2026-11-21T10:00:00.000Z to 2026-11-21T10:30:00.000Z: ENERGY 20 kWh at 0.5 EUR, tax 19 %: 10 net, 11.9 gross',
      '2026-11-21T10:30:00.000Z to 2026-11-21T11:00:00.000Z: PARKING_TIME 1800 s at 6 EUR, tax 19 %: 3 net, 3.57 gross',
      'Total 13.00 EUR net, 2.47 EUR tax, 15.47 EUR gross',
    ])
  })

  test('of the same inputs has the same bytes, whatever the order of their keys', () => {
    const shuffled = Object.fromEntries(Object.entries(given()).toReversed())
    const again = proveSession(shuffled as ReturnType<typeof given>)
    expect(again?.hash).toBe(prove().hash)
    expect(canonicalText(again)).toBe(canonicalText(prove()))
  })

  test.each([
    ['the energy', '"energy_kwh":"20"', '"energy_kwh":"21"', /components\.ENERGY\.quantity/],
    ['the unit price', '"price":"0.5"', '"price":"0.4"', /totals\.gross\.amount/],
    ['a moment', '10:30:00.000Z","charging":true', '10:31:00.000Z","charging":true', /./],
    ['the session it is of', 'ses_1', 'ses_2', /hash/],
    ['the EVSE', 'DE*VWL*E1', 'DE*VWL*E2', /hash/],
  ])(
    'with %s changed fails by its hash and says which figures do not follow',
    (_what, from, to, says) => {
      const problems = failures(tampered(prove(), from, to))
      expect(problems.join('\n')).toMatch(/hash: the input was changed/)
      expect(problems.join('\n')).toMatch(says)
    },
  )

  test('with its answer changed fails by the figure, and only by it', () => {
    expect(failures(tampered(prove(), '"amount":1547', '"amount":1546'))).toEqual([
      'price: totals.gross.amount: the proof says 1546, re-execution gives 1547',
    ])
  })

  test('re-hashed after a change still fails, because the answer does not follow', () => {
    const changed = tampered(prove(), '"energy_kwh":"20"', '"energy_kwh":"19"') as PriceProof
    const rehashed = { ...changed, hash: canonicalHash(changed.input) }
    expect(failures(rehashed).join()).toMatch(/^price: .*re-execution gives/)
  })

  test('of an older engine holds while the results are equal, and both versions are named', () => {
    const old = { ...prove().input, engine_version: 'chargelane-rating/0' }
    const proof = {
      ...prove(),
      input: old,
      hash: canonicalHash(old),
    }
    const report = verify(proof)
    expect(report.ok).toBe(true)
    expect(report.checks.at(-1)?.detail).toBe(
      `proved by chargelane-rating/0, checked by ${engineVersion}`,
    )
  })

  test('under an agreement is of the lower price, and a dearer agreement changes nothing', () => {
    const cheaper = prove({ agreement: agreement(0.4) })
    expect(cheaper.output).toMatchObject({
      basis: 'rate_agreement',
      totals: { gross: { amount: 1_309 } },
      public_gross: { amount: 1_547 },
    })
    expect(verify(cheaper).ok).toBe(true)
    expect(prove({ agreement: agreement(0.6) }).output).toMatchObject({
      basis: 'public',
      totals: { gross: { amount: 1_547 } },
    })
  })

  test('is not made where there is no price', () => {
    const ended = { ...tariffOf(0.5), end_date_time: '2026-01-01T00:00:00.000Z' }
    expect(proveSession(given({ tariff: ended }))).toBeUndefined()
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'proof'],
    ['an empty object', {}],
    ['another schema', { ...prove(), schema: 'chargelane-price-proof/9' }],
    ['an exponent', tampered(prove(), '"energy_kwh":"20"', '"energy_kwh":"2e1"')],
    ['a policy of nobody', tampered(prove(), 'gross-total-half-away@1', 'whatever')],
    ['no period', { ...prove(), input: { ...prove().input, usage: {} } }],
  ])('that is %s is a failed check and no exception', (_what, value) => {
    const report = verify(value)
    expect(report.ok).toBe(false)
    expect(report.checks.some((check) => !check.ok && check.detail !== '')).toBe(true)
  })
})

test('any one figure of any proof, changed, is noticed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 1, max: 9_999 }),
      fc.nat(),
      (wh, price, pick) => {
        const proof = prove({ tariff: tariffOf(price / 10_000) })
        const period = proof.input.usage.periods[0]
        if (period !== undefined) period.energy_kwh = String(wh / 1_000)
        const made = proveSession(proof.input)
        if (made === undefined) return
        expect(verify(made).ok).toBe(true)
        const text = JSON.stringify(made)
        const digits = [...text.matchAll(/[1-8](?=[\d".,}])/g)]
        const at = digits[pick % digits.length]?.index ?? 0
        const changed = `${text.slice(0, at)}${Number(text[at]) + 1}${text.slice(at + 1)}`
        expect(verify(JSON.parse(changed)).ok, changed.slice(at - 30, at + 10)).toBe(false)
      },
    ),
    { numRuns: 200 },
  )
})
