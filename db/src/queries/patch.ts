const names = new Map<string, string>()

/** A column's name in SQL, of the name it has in our rows. */
export function columnName(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const made = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  names.set(name, made)
  return made
}

/** Values of a row for `jsonb_populate_record`: JSON under the names of the columns. */
export const rowText = (values: object): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [columnName(name), value])),
  )
