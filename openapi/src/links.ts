// Where an answer leads. Derived from the kinds of ids that answers name and operations take, so that no operation lists
// its neighbours: https://spec.openapis.org/oas/v3.1.0#link-object.
import { z } from 'zod'
import type { Operation } from './operation.ts'
import { type IdKind, idKinds } from './vocabulary/ids.ts'

/** A runtime expression, as `$response.body#/id`. */
type Expression = `$${string}`

export interface Link {
  operationId: string
  description: string
  parameters?: Record<string, Expression>
  requestBody?: Record<string, Expression>
}

/** An id that an answer names, and where. */
interface Named {
  kind: IdKind
  pointer: string
}

type Schema = z.core.$ZodType

/** The schema without what only says that a value may be absent. */
function bare(schema: Schema): Schema {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  return isWrapped ? bare(schema.unwrap()) : schema
}

/** The ids in what a schema describes; of a union those that each of its members has, of a list those of its first item. */
function idsIn(schema: Schema, pointer = ''): Named[] {
  const inner = bare(schema)
  const own = idKinds.get(inner)
  if (own !== undefined) return [{ kind: own.kind, pointer }]
  if (inner instanceof z.ZodArray) return idsIn(inner.element, `${pointer}/0`)
  if (inner instanceof z.ZodObject)
    return Object.entries<Schema>(inner.shape).flatMap(([name, field]) =>
      idsIn(field, `${pointer}/${name}`),
    )
  if (!(inner instanceof z.ZodUnion)) return []
  const [first = [], ...others] = inner.options.map((option) => idsIn(option, pointer))
  return first.filter((id) =>
    others.every((ids) => ids.some((other) => JSON.stringify(other) === JSON.stringify(id))),
  )
}

/** Whether an id of this kind is one of the things that may be given. */
function takes(schema: Schema, kind: IdKind): boolean {
  const inner = bare(schema)
  if (idKinds.get(inner)?.kind === kind) return true
  return inner instanceof z.ZodUnion && inner.options.some((option) => takes(option, kind))
}

/** The fields of a request's object that take an id of this kind. */
const fieldsOf = (object: z.ZodType | undefined, kind: IdKind): string[] =>
  object instanceof z.ZodObject
    ? Object.entries<Schema>(object.shape).flatMap(([name, field]) =>
        takes(field, kind) ? [name] : [],
      )
    : []

const isRequired = (body: z.ZodType | undefined, field: string): boolean => {
  const schema: unknown = body instanceof z.ZodObject ? body.shape[field] : undefined
  return schema instanceof z.ZodType && !schema.safeParse(undefined).success
}

/** An answer's own id: of the resource itself, or of the first in a list. */
const ownPointers = ['/id', '/data/0/id']

/** What may be done with the thing that the answer is about: read it, change it, use it, list what belongs to it. */
function uses(from: Operation, { kind, pointer }: Named, to: Operation): [string, Link][] {
  const value: Expression = `$response.body#${pointer}`
  const base = { operationId: to.id, description: `${to.summary}.` }
  const inPath = fieldsOf(to.params, kind)
  if (inPath.length > 0 && to !== from)
    return inPath.map((name) => [to.id, { ...base, parameters: { [name]: value } }])
  if (to.params !== undefined) return []
  const inBody = fieldsOf(to.body, kind).filter((name) => isRequired(to.body, name))
  return [
    ...fieldsOf(to.query, kind).map((name): [string, Link] => [
      `${to.id}.${name}`,
      { ...base, parameters: { [name]: value } },
    ]),
    ...inBody.map((name): [string, Link] => [
      `${to.id}.${name}`,
      { ...base, requestBody: { [name]: value } },
    ]),
  ]
}

/** Where a thing is read that the answer names besides its own. */
function reads({ kind, pointer }: Named, to: Operation): [string, Link][] {
  if (to.method !== 'get' || !/^\/v1\/\w+\/\{id\}$/.test(to.path)) return []
  const place = pointer.split('/').filter((part) => part !== '' && part !== '0' && part !== 'data')
  return fieldsOf(to.params, kind).map((name) => [
    `${to.id}.${place.join('-')}`,
    {
      operationId: to.id,
      description: `${to.summary}.`,
      parameters: { [name]: `$response.body#${pointer}` },
    },
  ])
}

/** The page behind this one, asked for as this one was. */
function nextPage(op: Operation): [string, Link][] {
  const names = Object.keys(op.query?.shape ?? {})
  if (!names.includes('cursor')) return []
  const others = names.filter((name) => name !== 'cursor')
  return [
    [
      'next_page',
      {
        operationId: op.id,
        description: 'The next page, while there is one.',
        parameters: {
          ...Object.fromEntries(Object.keys(op.params?.shape ?? {}).map(fromPath)),
          ...Object.fromEntries(
            others.map((name): [string, Expression] => [name, `$request.query.${name}`]),
          ),
          cursor: '$response.body#/next_cursor',
        },
      },
    ],
  ]
}

const fromPath = (name: string): [string, Expression] => [name, `$request.path.${name}`]

/** The links of an operation's success, by name; what was deleted leads nowhere. */
export function linksOf(op: Operation, operations: readonly Operation[]): Record<string, Link> {
  if (op.success.kind !== 'json' || op.method === 'delete') return {}
  const links = idsIn(op.success.body).flatMap((id) =>
    operations.flatMap((to) =>
      ownPointers.includes(id.pointer) ? uses(op, id, to) : reads(id, to),
    ),
  )
  return Object.fromEntries([...links, ...nextPage(op)])
}
