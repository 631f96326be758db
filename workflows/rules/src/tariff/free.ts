/**
 * What a tariff leaves without a price. Where no element matches there are no costs for that dimension (OCPI 2.2.1
 * §11.4.4), so usage beside what is priced is free; a day on which nothing at all is priced is a missing price.
 */
import type {
  Tariff,
  TariffDimension,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'
import {
  type Box,
  boxesOf,
  type Budget,
  everything,
  type Grid,
  gridOf,
  newBudget,
  restrictionsOf,
  uncovered,
} from './space.ts'

type Element = Tariff['elements'][number]

const isCharging = ({ restrictions }: Element) => restrictions?.reservation === undefined

function boxesPricing(
  tariff: Tariff,
  grid: Grid,
  types: readonly TariffDimension[] | undefined,
): Box[] {
  return tariff.elements
    .filter(isCharging)
    .filter(({ price_components }) =>
      price_components.some(({ type }) => types === undefined || types.includes(type)),
    )
    .flatMap(({ restrictions }) => boxesOf(restrictions, grid))
}

/** The box without its bounds on energy and duration (axes 3 and 4). */
const withWhole = (box: Box, all: Box): Box =>
  box.map((span, axis) => (axis === 3 || axis === 4 ? (all[axis] ?? span) : span))

export type Unpriced = {
  /** Stretches of days on which no element prices anything. */
  missing: Box[]
  /** Usage that costs nothing on days that have a price: of energy, or of what the tariff prices in its place. */
  free: { type: TariffDimension; boxes: Box[] }
}

/**
 * Energy may be paid by the minute instead; a fee for occupying may start late or rest at night, which is a grace and
 * not worth a word.
 */
export function unpricedOf(tariff: Tariff, grid: Grid, budget: Budget): Unpriced {
  const all = everything(grid)
  const priced = boxesPricing(tariff, grid, undefined)
  const missing = grid.date.flatMap((_day, cell): Box[] =>
    priced.some(([date]) => date !== undefined && date[0] <= cell && cell < date[1])
      ? []
      : [all.with(0, [cell, cell + 1])],
  )
  const types = new Set(
    tariff.elements
      .filter(isCharging)
      .flatMap(({ price_components }) => price_components.map(({ type }) => type)),
  )
  const type = (['ENERGY', 'TIME', 'FLAT'] as const).find((each) => types.has(each))
  const asked =
    type === undefined
      ? []
      : boxesPricing(tariff, grid, type === 'FLAT' ? ['FLAT'] : ['ENERGY', 'TIME'])
  // A flat price counts once, whenever its element is reached during the session.
  const boxes = type === 'FLAT' ? asked.map((box) => withWhole(box, all)) : asked
  return {
    missing,
    free: { type: type ?? 'ENERGY', boxes: uncovered([...boxes, ...missing], all, budget) ?? [] },
  }
}

/** Free usage from a day on, as the restrictions under which it is free. */
export function freeUsage(
  tariff: Tariff,
  fromDay: number,
): { type: TariffDimension; restrictions: TariffRestrictions }[] {
  const grid = gridOf(tariff, fromDay)
  const { free } = unpricedOf(tariff, grid, newBudget())
  return free.boxes.map((box) => ({ type: free.type, restrictions: restrictionsOf(box, grid) }))
}
