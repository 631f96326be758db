/** A new quote beside an old one: all that a driver must see to agree again. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import { canonicalText } from '../evidence/canonical/canonical.ts'
import type { PriceBasis, QuoteBody, QuoteComponent } from './body.ts'

type UnitPrice = QuoteComponent['unit_price']

export type QuoteDiff = {
  price_changed: boolean
  basis: { from: PriceBasis; to: PriceBasis }
  tariff: { from: string; to: string }
  est_total: { from: Money; to: Money }
  components: {
    type: TariffDimension
    conditions: QuoteComponent['conditions']
    from: UnitPrice | null
    to: UnitPrice | null
  }[]
}

const keyOf = ({ type, conditions }: QuoteComponent) => canonicalText({ type, conditions })

const keyed = (body: QuoteBody) => {
  const seen = new Map<string, QuoteComponent>()
  // A second component under the same conditions never counts (OCPI 2.2.1 §11.4.4).
  for (const each of body.components) if (!seen.has(keyOf(each))) seen.set(keyOf(each), each)
  return seen
}

/** What changed between two quotes of one wish: all that a driver must see to agree again (failures F02). */
export function quoteDiff(before: QuoteBody, after: QuoteBody): QuoteDiff {
  const [old, fresh] = [keyed(before), keyed(after)]
  const components = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) => {
    const [a, b] = [old.get(key), fresh.get(key)]
    const one = a ?? b
    const isSame =
      a !== undefined &&
      b !== undefined &&
      canonicalText([a.unit_price, a.step_size]) === canonicalText([b.unit_price, b.step_size])
    if (one === undefined || isSame) return []
    const { type, conditions } = one
    return [{ type, conditions, from: a?.unit_price ?? null, to: b?.unit_price ?? null }]
  })
  const [from, to] = [before.applied_price_total, after.applied_price_total]
  return {
    price_changed:
      components.length > 0 ||
      canonicalText([from, before.limits ?? null]) !== canonicalText([to, after.limits ?? null]),
    basis: { from: before.basis, to: after.basis },
    tariff: { from: before.tariff, to: after.tariff },
    est_total: { from, to },
    components,
  }
}
