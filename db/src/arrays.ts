// Arrays of PostgreSQL's own types. postgres.js would ask the server for them on every new connection, and a failure of
// that question ends the process: nobody can catch it.
import type postgres from 'postgres'

/** Element type and array type, by the numbers that every server has (src/include/catalog/pg_type.dat). */
const arrayTypes: readonly (readonly [element: number, array: number])[] = [
  [16, 1000], // boolean
  [17, 1001], // bytea
  [18, 1002], // "char"
  [19, 1003], // name
  [20, 1016], // bigint
  [21, 1005], // smallint
  [23, 1007], // integer
  [25, 1009], // text
  [26, 1028], // oid
  [114, 199], // json
  [700, 1021], // real
  [701, 1022], // double precision
  [1043, 1015], // varchar
  [1082, 1182], // date
  [1184, 1185], // timestamptz
  [1700, 1231], // numeric
  [2950, 2951], // uuid
  [3802, 3807], // jsonb
]

const element = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs

/** `{a,"b, \"c\"",NULL}` → its elements as text; an array of arrays is none of ours. */
function elementsOf(text: string): (string | null)[] {
  if (!text.startsWith('{') || text.startsWith('{{'))
    throw new RangeError('not an array of one dimension')
  return [...text.matchAll(element)].map(([, quoted, bare]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/gs, '$1')
    return bare === 'NULL' ? null : (bare ?? '')
  })
}

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** Each array type is read and written as its elements are. */
export function setArrayTypes({ parsers, serializers }: postgres.Sql['options']): void {
  for (const [of, array] of arrayTypes) {
    parsers[array] = (text: string) =>
      elementsOf(text).map((each) => (each === null ? null : (parsers[of]?.(each) ?? each)))
    serializers[array] = (values: unknown) => {
      // drizzle writes the arrays of its columns itself.
      if (!Array.isArray(values)) return values
      const written = values.map((value: unknown) => {
        if (value === undefined) throw new TypeError('an array lacks one of its values')
        if (value === null) return 'null'
        const text: unknown = serializers[of]?.(value) ?? value
        return quoted(typeof text === 'string' ? text : JSON.stringify(text))
      })
      return `{${written.join(',')}}`
    }
  }
}
