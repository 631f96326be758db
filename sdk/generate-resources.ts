// `npm run generate`: the nested calls of the client, one per operation of the contract, in
// `src/generated/resources.gen.ts`.
import { readFileSync, writeFileSync } from 'node:fs'

interface Parameter {
  $ref?: string
  name?: string
  in?: string
  required?: boolean
}
interface Schema {
  $ref?: string
  properties?: Record<string, unknown>
}
interface Operation {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: unknown
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
interface Contract {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

const contract: Contract = JSON.parse(
  readFileSync(new URL('../openapi/openapi.json', import.meta.url), 'utf8'),
)
const pascal = (id: string) => id.replace(/(?:^|[._])([a-z])/g, (_, first) => first.toUpperCase())
const camel = (id: string) => id.replace(/[._]([a-z])/g, (_, first) => first.toUpperCase())

/** The media type and schema of what is answered when all went well. */
function answerOf(operation: Operation): [type: string, schema: Schema] {
  const [, good] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(good?.content ?? {})
  const name = schema.$ref?.split('/').at(-1)
  return [type, name === undefined ? schema : (contract.components.schemas[name] ?? {})]
}

function methodOf(operation: Operation): string {
  const { operationId: id, parameters = [] } = operation
  const [type, schema] = answerOf(operation)
  const data = `t.${pascal(id)}Data`
  const paths = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
  const queries = parameters.filter((each) => each.in === 'query')
  const isList = schema.properties?.['has_more'] !== undefined
  const isKeyed = parameters.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey'))
  // Somebody else's JSON, of any shape, is a file too: its bytes count.
  const isFile = type !== 'application/json' || Object.keys(schema).length === 0
  const taken = [
    ...paths.map((name) => `${name}: ${data}['path']['${name}']`),
    ...(operation.requestBody === undefined ? [] : [`body: ${data}['body']`]),
    ...(queries.length === 0
      ? []
      : [`query: ${data}['query']${queries.some(({ required }) => required) ? '' : ' = {}'}`]),
    'call?: CallOptions',
  ]
  const given = [
    `...lane.${isKeyed ? 'write' : 'read'}(call)`,
    ...(paths.length === 0 ? [] : [`path: { ${paths.join(', ')} }`]),
    ...(operation.requestBody === undefined ? [] : ['body']),
    ...(isList ? ['query: { ...query, ...after(cursor) }'] : queries.length > 0 ? ['query'] : []),
    ...(isFile ? [`parseAs: 'blob'`] : []),
  ]
  const asked = `${isFile ? 'bytes' : 'data'}(sdk.${camel(id)}({ ${given.join(', ')} }))`
  const name = id.slice(id.indexOf('.') + 1)
  return `  /** ${operation.summary.replace(/\.?$/, '')}${operation.summary.endsWith('?') ? '' : '.'} */
  ${name}: (${taken.join(', ')}) =>
    ${isList ? `listOf((cursor) => ${asked})` : asked},`
}

const methods = new Map<string, string[]>()
for (const operation of Object.values(contract.paths).flatMap((path) => Object.values(path))) {
  if (answerOf(operation)[0] === 'text/event-stream') continue
  const [resource = ''] = operation.operationId.split('.')
  methods.set(resource, [...(methods.get(resource) ?? []), methodOf(operation)])
}
const names = [...methods.keys()]

writeFileSync(
  new URL('src/generated/resources.gen.ts', import.meta.url),
  `// Generated from openapi/openapi.json by \`npm run generate\`. Do not edit.
import { after, bytes, data, type Lane } from '../lane.ts'
import { listOf } from '../list.ts'
import type { CallOptions } from '../transport.ts'
import * as sdk from './sdk.gen.ts'
import type * as t from './types.gen.ts'

${names.map((name) => `const ${name} = (lane: Lane) => ({\n${methods.get(name)?.join('\n')}\n})`).join('\n\n')}

/** Every operation of the contract under its own name; streams are the client's. */
export class Resources {
${names.map((name) => `  readonly ${name}: ReturnType<typeof ${name}>`).join('\n')}

  constructor(lane: Lane) {
${names.map((name) => `    this.${name} = ${name}(lane)`).join('\n')}
  }
}
`,
)
