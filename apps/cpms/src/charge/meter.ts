import { exact, exactOf, format, times } from '@chargelane/rules/exact'

/** A register value as chargers write it, in Wh; undefined when it is no number we could store exactly. */
export function registerWh(value: string, unit: 'Wh' | 'kWh'): string | undefined {
  const decimal = decimalOf(value)
  if (decimal === undefined) return undefined
  const register = exact(decimal)
  return format(unit === 'kWh' ? times(register, exactOf(1_000)) : register)
}

const wholeDigitsMax = 12
const decimalsMax = 9

/** Chargers print `1234.`, `.5`, `1,5`, `1.2340000000000001` and `1.234E4` for numbers; digits below a nano are noise. */
function decimalOf(value: string): string | undefined {
  const text = value.trim().replace(',', '.')
  const found = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,2}))?$/iu.exec(text)
  if (found === null) return undefined
  const [, sign, before = '', after = '', exponent = '0'] = found
  const digits = before + after
  if (digits === '') return undefined
  const point = before.length + Number(exponent)
  const whole = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')
  const rest = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  const integer = whole.replace(/^0+/u, '') || '0'
  if (integer.length > wholeDigitsMax) return undefined
  const decimals = rest.slice(0, decimalsMax).replace(/0+$/u, '')
  return `${sign === '-' ? '-' : ''}${integer}${decimals === '' ? '' : `.${decimals}`}`
}
