// Rows of several tables that one statement joins, each table under a name of its own.
import { getTableColumns, type SQL, sql as raw } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

type Tables = Record<string, PgTable>
type Rows<T extends Tables> = { [Name in keyof T]: T[Name]['$inferSelect'] }
type Found<R extends Tables, O extends Tables> = Rows<R> & {
  [Name in keyof O]: O[Name]['$inferSelect'] | undefined
}

const columnsOf = (name: string, table: PgTable) =>
  Object.entries(getTableColumns(table)).map(([key, column]) => ({
    key,
    column,
    label: `${name}.${key}`,
  }))

/** `columns` for the statement, and how to take its rows apart; a table of `optional` is undefined where none matched. */
export function joined<R extends Tables, O extends Tables>(
  required: R,
  optional: O,
): { columns: SQL; read: (row: object) => Found<R, O> } {
  const groups = Object.entries({ ...required, ...optional }).map(([name, table]) => ({
    name,
    isOptional: name in optional,
    columns: columnsOf(name, table),
  }))
  const all = groups.flatMap(({ columns }) => columns)
  return {
    columns: raw.join(
      all.map(({ column, label }) => raw`${column} as ${raw.identifier(label)}`),
      raw`, `,
    ),
    read(row) {
      const values = new Map<string, unknown>(Object.entries(row))
      const found: Record<string, unknown> = {}
      for (const { name, isOptional, columns } of groups) {
        const isThere = !isOptional || columns.some(({ label }) => values.get(label) !== null)
        found[name] = isThere
          ? Object.fromEntries(columns.map(({ key, label }) => [key, values.get(label)]))
          : undefined
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the statement selects each table's own columns
      return found as Found<R, O>
    },
  }
}
