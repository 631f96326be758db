import { type Sealed, sealedText } from '../sealed/sealed.ts'

type Value = Sealed | string | number | boolean | null

/** A PostgreSQL array literal: one parameter for as many rows as there are, so that the statement is prepared once. */
export const arrayOf = (values: readonly Value[]): string =>
  `{${values.map((value) => textOf(value)).join(',')}}`

function textOf(value: Value): string {
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'object' && value !== null ? quoted(sealedText(value)) : String(value)
}

/** Most values have nothing to escape. */
const quoted = (value: string): string =>
  /["\\]/u.test(value) ? `"${value.replaceAll(/["\\]/gu, '\\$&')}"` : `"${value}"`

/** Rows as one such array per column, under the columns' names: what `unnest` makes rows of again. */
export function columnsOf<Name extends string>(
  names: readonly Name[],
  rows: readonly {
    readonly [Each in Name]?: Value | undefined
  }[],
): Record<Name, string> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are the names given
  return Object.fromEntries(
    names.map((name) => [name, arrayOf(rows.map((row) => row[name] ?? null))]),
  ) as Record<Name, string>
}
