import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operations } from './contract.ts'
import { openApiDocument } from './document.ts'
import { type Link, linksOf } from './links.ts'

const zSchema = z.looseObject({})
const zPrinted = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        parameters: z
          .array(z.object({ name: z.string().optional(), in: z.string().optional() }))
          .default([]),
        requestBody: z.object({ content: z.record(z.string(), zSchema) }).optional(),
        responses: z.record(
          z.string(),
          z.object({
            content: z.record(z.string(), z.object({ schema: zSchema })).optional(),
            links: z
              .record(
                z.string(),
                z.object({
                  operationId: z.string(),
                  parameters: z.record(z.string(), z.string()).default({}),
                  requestBody: z.record(z.string(), z.string()).default({}),
                }),
              )
              .default({}),
          }),
        ),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

const printed = zPrinted.parse(openApiDocument('1'))
const printedOperations = Object.values(printed.paths).flatMap((verbs) => Object.values(verbs))
const links = printedOperations.flatMap((from) =>
  Object.values(from.responses).flatMap((response) =>
    Object.entries(response.links).map(([name, link]) => ({
      place: `${from.operationId} → ${name}`,
      from,
      schema: Object.values(response.content ?? {})[0]?.schema,
      link,
    })),
  ),
)

const zNode = z.object({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
})

/** Whether a value of the schema can stand at the pointer. */
function has(schema: unknown, pointer: string[]): boolean {
  const node = zNode.safeParse(schema).data
  if (node === undefined) return false
  if (node.$ref !== undefined)
    return has(printed.components.schemas[node.$ref.split('/').at(-1) ?? ''], pointer)
  const [head, ...rest] = pointer
  if (head === undefined) return true
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  if (options.some((option) => has(option, pointer))) return true
  return has(head === '0' ? node.items : node.properties?.[head], rest)
}

/** Whether the answer, or the request behind it, can hold what a runtime expression names. */
function isTold(expression: string, from: (typeof links)[number]['from'], answer: unknown) {
  const [, pointer] = /^\$response\.body#\/([\w/]+)$/.exec(expression) ?? []
  if (pointer !== undefined) return has(answer, pointer.split('/'))
  const [, place, name] = /^\$request\.(path|query)\.(\w+)$/.exec(expression) ?? []
  return from.parameters.some((of) => of.name === name && of.in === place)
}

describe('a link of the contract', () => {
  it('leads to an operation that is there, which takes what it gives', () => {
    expect(links.length).toBeGreaterThan(700)
    for (const { place, link } of links) {
      const to = printedOperations.find((op) => op.operationId === link.operationId)
      expect(to, place).toBeDefined()
      const known = to?.parameters.map((parameter) => parameter.name) ?? []
      for (const name of Object.keys(link.parameters)) expect(known, place).toContain(name)
      const body = Object.values(to?.requestBody?.content ?? {})[0]?.['schema']
      for (const name of Object.keys(link.requestBody)) expect(has(body, [name]), place).toBe(true)
      const inPath = to?.parameters.flatMap((of) => (of.in === 'path' ? [of.name ?? ''] : [])) ?? []
      expect(Object.keys(link.parameters), place).toEqual(expect.arrayContaining(inPath))
    }
  })

  it('takes what the answer or its own request holds', () => {
    const untold = links.flatMap(({ place, link, from, schema }) =>
      Object.values({ ...link.parameters, ...link.requestBody })
        .filter((expression) => !isTold(expression, from, schema))
        .map((expression) => `${place}: ${expression}`),
    )
    expect(untold).toEqual([])
  })

  it('is there from every answer that tells an id to every operation that takes it in its path', () => {
    const others = links.filter(({ from, link }) => from.operationId !== link.operationId)
    const reached = new Set(others.map(({ link }) => link.operationId))
    const byId = operations.filter((op) => op.params !== undefined).map((op) => op.id)
    expect(byId.filter((id) => !reached.has(id))).toEqual([
      // Their ids stand in no object of their own: keys are read publicly, entries with the session they are of.
      'signing_keys.packs',
      'ledger.entry',
      'ledger.reverse',
    ])
  })

  it('names each thing that can be done with a session', () => {
    const create = operations.find((op) => op.id === 'sessions.create')
    const found: Record<string, Link> = create === undefined ? {} : linksOf(create, operations)
    expect(found).toMatchObject({
      'sessions.stop': { operationId: 'sessions.stop', parameters: { id: '$response.body#/id' } },
      'invoices.list.session': { parameters: { session: '$response.body#/id' } },
      'quotes.get.quote': { parameters: { id: '$response.body#/quote' } },
    })
  })
})
