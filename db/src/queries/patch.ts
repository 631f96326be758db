import { toSnakeCase } from 'drizzle-orm/casing'

/** Values of a row for `jsonb_populate_record`: JSON under the names the columns have in SQL. */
export const rowText = (values: object): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [toSnakeCase(name), value])),
  )
