// What is printed is bounded: a client can size its fields, and a request beyond what the books or the tables hold is
// refused by the schema.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operations } from './contract.ts'
import { openApiDocument } from './document.ts'

const document = openApiDocument('1')

type Schema = Record<string, unknown>
type Place = { schema: Schema; path: string }

/** Every object in a tree of schemas, with where it stands. */
function placesIn(node: unknown, path: string): Place[] {
  if (Array.isArray(node)) return node.flatMap((child, i) => placesIn(child, `${path}/${i}`))
  if (typeof node !== 'object' || node === null) return []
  const schema: Schema = { ...node }
  const below = Object.entries(schema).filter(([key]) => key !== 'links' && key !== 'examples')
  return [{ schema, path }, ...below.flatMap(([key, child]) => placesIn(child, `${path}/${key}`))]
}

const printed = [document['paths'], document['components']].flatMap((part) => placesIn(part, ''))

/** The schemas of all that a request may name. */
const asked = operations.flatMap((op) =>
  [op.params, op.query, op.body].flatMap((schema) =>
    schema === undefined
      ? []
      : placesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), op.id),
  ),
)

const isOf = ({ schema }: Place, type: string): boolean => [schema['type']].flat().includes(type)
const isNumber = (place: Place) => isOf(place, 'integer') || isOf(place, 'number')
const says = ({ schema }: Place, ...words: string[]) => words.some((word) => word in schema)
const paths = (places: Place[]) => places.map(({ path }) => path)

/** Whether a pattern holds from the beginning to the end and repeats nothing without an end. */
function isClosed(pattern: string): boolean {
  const bare = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x')
  return /^\^.*\$$/.test(bare) && !/[*+]|,\}/.test(bare)
}

describe('the contract bounds', () => {
  it('every string by a length, a list of values or a pattern that ends', () => {
    const open = printed.filter((place) => {
      const { pattern, format } = place.schema
      if (!isOf(place, 'string') || format === 'binary') return false
      if (says(place, 'maxLength', 'enum', 'const')) return false
      return typeof pattern !== 'string' || !isClosed(pattern)
    })
    expect(paths(open)).toEqual([])
  })

  it('every string of a request by the characters that are taken, so that no NUL is', () => {
    const open = asked.filter(
      (place) => isOf(place, 'string') && !says(place, 'pattern', 'enum', 'const'),
    )
    expect(paths(open)).toEqual([])
  })

  it('every list by a number of items', () => {
    const open = printed.filter((place) => isOf(place, 'array') && !says(place, 'maxItems'))
    expect(paths(open)).toEqual([])
  })

  it('every number from below and above, in a request to what the books can bear', () => {
    const open = printed.filter(
      (place) => isNumber(place) && !(says(place, 'minimum') && says(place, 'maximum')),
    )
    expect(paths(open)).toEqual([])
    const beyond = asked.filter(
      (place) => isNumber(place) && !(Number(place.schema['maximum']) <= 1_000_000_000_000),
    )
    expect(paths(beyond)).toEqual([])
  })

  it('every object of a request: its fields are known, or their number and the length of their names', () => {
    const open = asked.filter((place) => {
      if (!isOf(place, 'object')) return false
      if (place.schema['additionalProperties'] === false) return false
      return !says(place, 'maxProperties') || !says(place, 'propertyNames')
    })
    // Path and query are objects only here: what they do not know is refused by name.
    const ids: string[] = operations.map((op) => op.id)
    expect(paths(open).filter((path) => !ids.includes(path))).toEqual([])
  })

  it('every instant by its format, which is said wherever its pattern is', () => {
    const instants = printed.filter(({ schema }) => String(schema['pattern']).includes('T(?:'))
    expect(instants.map(({ schema }) => schema['format'])).toEqual(instants.map(() => 'date-time'))
    const named = printed.flatMap(({ schema, path }) =>
      path.endsWith('/properties') ? Object.entries(schema).map((field) => ({ field, path })) : [],
    )
    const untimed = named.filter(({ field: [name, schema] }) => {
      const isTime = /(?:_at|_since|_from|_until|_deadline)$/.test(name)
      return (
        isTime &&
        !/Instant|"format":"date(?:-time)?"|"boolean"|"const"/.test(JSON.stringify(schema))
      )
    })
    expect(untimed.map(({ field: [name], path }) => `${path}/${name}`)).toEqual([])
  })
})
