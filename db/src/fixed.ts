// Statements of the hot paths: their text is built once per process, and each connection prepares it once.
import { type AnyColumn, getTableColumns, is, Placeholder, type SQL, sql as raw } from 'drizzle-orm'
import { PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from './client.ts'
import type { Client } from './pipeline.ts'

const dialect = new PgDialect({ casing: 'snake_case' })

/** drizzle keeps the postgres.js client, or the tx of it, in its session and does not show it. */
export function clientOf(sql: Sql): Client {
  // oxlint-disable-next-line no-underscore-dangle, typescript/no-unsafe-type-assertion -- see above
  return (sql._.session as unknown as { client: Client }).client
}

/** A value that is given with each call: `arg('now')`. */
export const arg = (name: string): SQL => raw`${raw.placeholder(name)}`

/** An instant as our text, inside JSON: `2026-11-21T10:15:00.120Z`. */
export const isoText = (instant: SQL): SQL =>
  raw`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Columns under the names they have in our rows, for a select or a returning that drizzle does not map. */
export const namedColumns = (columns: Record<string, AnyColumn>): SQL =>
  raw.join(
    Object.entries(columns).map(([name, column]) => raw`${column} as ${raw.identifier(name)}`),
    raw`, `,
  )

/** Every column of a table, as `$inferSelect` names them. */
export const rowOf = (table: PgTable): SQL => namedColumns(getTableColumns(table))

/** A parameter is a value that stands in the statement, or the name of one that is given with each call. */
type Param = { name: string } | { value: unknown }
type Text = { text: string; params: Param[] }

/** The statement as it is sent. An `arg` that stands in several places under one cast is one parameter. */
function textOf(statement: SQL): Text {
  const { sql: text, params: given } = dialect.sqlToQuery(statement)
  const params: unknown[] = []
  const places = new Map<string, number>()
  const numbered = text.replaceAll(
    /\$(\d+)(::\w+(?:\[\])?)?/g,
    (_, number: string, cast: string = '') => {
      const param = given[Number(number) - 1]
      const name = cast !== '' && is(param, Placeholder) ? `${param.name}${cast}` : `$${number}`
      const place = places.get(name) ?? params.push(param)
      places.set(name, place)
      return `$${place}${cast}`
    },
  )
  const named = params.map(
    (param): Param => (is(param, Placeholder) ? { name: param.name } : { value: param }),
  )
  return { text: numbered, params: named }
}

/** A statement whose text never changes; `build` runs once, its `arg`s are the values of each call. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the columns are what its caller says they are
export function fixedStatement<Row extends object, Args extends object>(
  build: () => SQL,
): (sql: Sql, args: Args) => Promise<Row[]> {
  let known: Text | undefined
  return async (sql, args) => {
    known ??= textOf(build())
    const params = known.params.map((param): unknown =>
      'name' in param ? Reflect.get(args, param.name) : param.value,
    )
    // `execute` sends it at once: statements of one tx that wait for nothing go out together, in their order.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the statement names its columns as the row does
    return (await clientOf(sql).unsafe(known.text, params).execute()) as Row[]
  }
}
