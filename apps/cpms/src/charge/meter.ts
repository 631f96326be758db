import { exact, exactOf, format, times } from '@chargelane/rules/exact'

/** A register value as chargers write it, in Wh; undefined when it is no number we could store exactly. */
export function registerWh(value: string, unit: 'Wh' | 'kWh'): string | undefined {
  const text = value.trim().replace(',', '.')
  const found = /^(-?)\+?0*(\d{1,12})(?:\.(\d{1,9}))?$/u.exec(text)
  if (found === null) return undefined
  const [, sign = '', whole = '0', fraction] = found
  const register = exact(`${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`)
  return format(unit === 'kWh' ? times(register, exactOf(1_000)) : register)
}
