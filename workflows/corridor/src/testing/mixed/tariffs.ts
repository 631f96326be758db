// Tariffs of every shape that a price can have: by energy, time, standing and session, by steps, limits, hours and amounts.
type Component = {
  type: 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT'
  price: string
  step_size: number
  vat?: string
}
type Element = { price_components: Component[]; restrictions?: Record<string, unknown> }

export type TariffShape = {
  elements: Element[]
  tax_included?: 'YES' | 'NO'
  min_price?: { excl_vat: number; incl_vat?: number }
  max_price?: { excl_vat: number; incl_vat?: number }
}

const energy = (price: string, step_size = 1): Component => ({ type: 'ENERGY', price, step_size })
const time = (price: string, step_size = 1): Component => ({ type: 'TIME', price, step_size })
const standing = (price: string, step_size = 1): Component => ({
  type: 'PARKING_TIME',
  price,
  step_size,
})
const flat = (price: string): Component => ({ type: 'FLAT', price, step_size: 1 })
const always = (...price_components: Component[]): Element => ({ price_components })

export const shapes: Record<string, TariffShape> = {
  energy: { elements: [always(energy('0.4958'))] },
  energy_time: { elements: [always(energy('0.39'), time('1.80', 60))] },
  energy_standing: { elements: [always(energy('0.4958'), standing('6.00', 300))] },
  energy_flat: { elements: [always(energy('0.37'), flat('0.99'))] },
  time_only: { elements: [always(time('4.20', 900))] },
  stepped: { elements: [always(energy('0.4123', 1_000), standing('3.333', 600))] },
  least: {
    elements: [always(energy('0.49'))],
    min_price: { excl_vat: 2.5, incl_vat: 2.98 },
  },
  least_net: { elements: [always(energy('0.4711'))], min_price: { excl_vat: 3.01 } },
  most: {
    elements: [always(energy('0.79'), flat('0.5'))],
    max_price: { excl_vat: 12, incl_vat: 14.28 },
  },
  most_net: { elements: [always(energy('0.8317'))], max_price: { excl_vat: 9.99 } },
  tiers: {
    elements: [
      { ...always(energy('0.59')), restrictions: { max_kwh: 10 } },
      { ...always(energy('0.44')), restrictions: { min_kwh: 10 } },
    ],
  },
  hours: {
    elements: [
      { ...always(energy('0.35')), restrictions: { start_time: '22:00', end_time: '06:00' } },
      { ...always(energy('0.52')), restrictions: { day_of_week: ['SATURDAY', 'SUNDAY'] } },
      always(energy('0.61')),
    ],
  },
  long_stay: {
    elements: [
      { ...always(time('6.00', 60)), restrictions: { min_duration: 1_800 } },
      always(energy('0.4958')),
    ],
  },
  gross: { elements: [always(energy('0.59'), standing('3.00', 60))], tax_included: 'YES' },
  small: { elements: [always(energy('0.0219'))] },
}
