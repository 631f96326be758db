import { z } from 'zod'
import { zProblem } from './common.ts'
import { errorsOf, operations, readerOf } from './contract.ts'
import { linksOf } from './links.ts'
import { tags } from './tags.ts'
import {
  etagsPattern,
  hasEtag,
  idempotencyKeyPattern,
  lastEventIdPattern,
  type Operation,
} from './operation.ts'
import { errorCodes, type ErrorCode } from './vocabulary/errors.ts'
import { eventObjects } from './vocabulary/event-types.ts'
import { apiVersion, apiVersions } from './vocabulary/versions.ts'
import { zEvent } from './partners/events.ts'

type Json = z.core.util.JSONType
type JsonObject = { [key: string]: Json }

const zJsonObject = z.record(z.string(), z.json())

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Collects the named schemas met on the way, so that each is printed once and referred to. */
class Components {
  readonly schemas: Record<string, JsonObject> = {}
  /** Names met in requests: only these stay closed to unknown fields. */
  readonly inRequests = new Set<string>()

  schema(schema: z.ZodType, place: 'request' | 'response'): JsonObject {
    const printed = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
    const { $schema: _, $defs: defs, id, ...rest } = zJsonObject.parse(printed)
    const named: [string, JsonObject][] = isObject(defs)
      ? Object.entries(defs).flatMap(([name, def]) => (isObject(def) ? [[name, def]] : []))
      : []
    if (typeof id === 'string') named.push([id, rest])
    for (const [name, def] of named) {
      const { id: _own, ...body } = def
      const known = this.schemas[name]
      const next = refsToComponents(body)
      if (known && JSON.stringify(known) !== JSON.stringify(next)) {
        throw new Error(`two schemas are named ${name}`)
      }
      this.schemas[name] = next
      if (place === 'request') this.inRequests.add(name)
    }
    return typeof id === 'string' ? { $ref: `#/components/schemas/${id}` } : refsToComponents(rest)
  }

  /** Sorted; response schemas are open, so that a new field is no breaking change. */
  print(): JsonObject {
    const names = Object.keys(this.schemas).toSorted()
    return Object.fromEntries(
      names.map((name): [string, Json] => {
        const schema = this.schemas[name] ?? {}
        return [name, this.inRequests.has(name) ? schema : opened(schema)]
      }),
    )
  }
}

function refsToComponents(value: JsonObject): JsonObject {
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(walk)
    if (!isObject(node)) return node
    return Object.fromEntries(
      Object.entries(node).map(([key, child]): [string, Json] =>
        key === '$ref' && typeof child === 'string'
          ? [key, child.replace('#/$defs/', '#/components/schemas/')]
          : [key, walk(child)],
      ),
    )
  }
  const walked = walk(value)
  return isObject(walked) ? walked : {}
}

function opened(value: JsonObject): JsonObject {
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(walk)
    if (!isObject(node)) return node
    const entries = Object.entries(node).filter(
      ([key, child]) => !(key === 'additionalProperties' && child === false),
    )
    return Object.fromEntries(entries.map(([key, child]): [string, Json] => [key, walk(child)]))
  }
  const walked = walk(value)
  return isObject(walked) ? walked : {}
}

function parameters(op: Operation, components: Components): Json[] {
  const list: Json[] = []
  const add = (place: 'path' | 'query', object: z.ZodObject | undefined) => {
    for (const [name, field] of Object.entries(object?.shape ?? {})) {
      if (!(field instanceof z.ZodType)) throw new Error(`${op.id}: ${name} is no schema`)
      const { description, ...schema } = components.schema(field, 'request')
      const optional = field.safeParse(undefined).success
      list.push({
        name,
        in: place,
        required: place === 'path' || !optional,
        ...(description === undefined ? {} : { description }),
        schema,
      })
    }
  }
  add('path', op.params)
  add('query', op.query)
  const header = (name: string) => list.push({ $ref: `#/components/parameters/${name}` })
  if (op.idempotent) header('IdempotencyKey')
  if (readerOf(op)) header('IfMatch')
  if (hasEtag(op)) header('IfNoneMatch')
  if (op.path.startsWith('/v1/')) header('ApiVersion')
  if (op.success.kind === 'stream') header('LastEventId')
  return list
}

const headerOf = (name: string) => ({ $ref: `#/components/headers/${name}` })

/** One message of a stream as WHATWG HTML §9.2 names its fields: what we say is the JSON text in `data`. */
const sseOf = (event: JsonObject): JsonObject => ({
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 60 },
    event: { type: 'string', maxLength: 60 },
    data: {
      type: 'string',
      maxLength: 1_000_000,
      contentMediaType: 'application/json',
      contentSchema: event,
    },
  },
  required: ['data'],
})

function headersOf(op: Operation): JsonObject {
  return {
    'Request-Id': headerOf('RequestId'),
    'Api-Version': headerOf('ApiVersion'),
    traceparent: headerOf('Traceparent'),
    ...(hasEtag(op) || op.method === 'patch' ? { ETag: headerOf('ETag') } : {}),
    ...(op.scope === 'public'
      ? {}
      : { RateLimit: headerOf('RateLimit'), 'RateLimit-Policy': headerOf('RateLimitPolicy') }),
  }
}

function successOf(op: Operation, components: Components): JsonObject {
  const { success } = op
  const headers = headersOf(op)
  if (success.kind === 'file') {
    // A document of JSON is read as what it holds, everything else as bytes.
    const isJson = success.media === 'application/json'
    const schema = isJson ? {} : { type: 'string', format: 'binary' }
    return {
      description: success.description,
      headers,
      content: { [success.media]: { schema } },
    }
  }
  if (success.kind === 'stream') {
    const schema = sseOf(components.schema(success.event, 'response'))
    return {
      description: success.description,
      headers,
      content: { 'text/event-stream': { schema } },
    }
  }
  const schema = components.schema(success.body, 'response')
  const links = zJsonObject.parse(linksOf(op, operations))
  return {
    description: success.description,
    headers,
    content: { 'application/json': { schema } },
    ...(Object.keys(links).length === 0 ? {} : { links }),
  }
}

/** One response per status, naming the codes it may carry. */
function problemsOf(codes: ErrorCode[]): [string, Json][] {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = errorCodes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return [...byStatus].map(([status, list]) => [
    String(status),
    {
      description: list
        .map((code) => `\`${code}\`: ${errorCodes[code].title}.${retryNote(code)}`)
        .join('\n\n'),
      headers: {
        'Request-Id': headerOf('RequestId'),
        ...(list.includes('precondition_failed') ? { ETag: headerOf('ETag') } : {}),
      },
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    },
  ])
}

const notModified: [string, Json] = [
  '304',
  {
    description: 'You have it as it is: its `ETag` is one of `If-None-Match`.',
    headers: { 'Request-Id': headerOf('RequestId'), ETag: headerOf('ETag') },
  },
]

const retryNote = (code: ErrorCode) =>
  errorCodes[code].retryable ? ' May succeed later without a change.' : ''

function operationObject(op: Operation, components: Components): JsonObject {
  const responses: [string, Json][] = [
    [String(op.success.status), successOf(op, components)],
    ...problemsOf(errorsOf(op)),
    ...(hasEtag(op) ? [notModified] : []),
  ]
  responses.sort(([a], [b]) => a.localeCompare(b))
  const params = parameters(op, components)
  return {
    operationId: op.id,
    tags: [op.id.slice(0, op.id.indexOf('.'))],
    summary: op.summary,
    description: op.description,
    ...(params.length === 0 ? {} : { parameters: params }),
    ...(op.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.schema(op.body, 'request') } },
          },
        }
      : {}),
    responses: Object.fromEntries(responses),
    ...(op.scope === 'public'
      ? { security: [] }
      : { security: [{ apiKey: [] }], 'x-scope': op.scope }),
  }
}

const etagsSchema: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 500,
  pattern: etagsPattern.source,
  examples: ['"dC31brjlhn2Jqt3iolenBI"'],
}

const parameterComponents: JsonObject = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description:
      'Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: idempotencyKeyPattern.source,
    },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.',
    schema: etagsSchema,
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` that you have: answered with 304 and without a body while it holds.',
    schema: etagsSchema,
  },
  ApiVersion: {
    name: 'Api-Version',
    in: 'header',
    required: false,
    description:
      'The version that this request is made in; without it the one your key was made with (`api_version`).',
    schema: { type: 'string', enum: [...apiVersions] },
  },
  LastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The `id` of the last event you saw; the stream goes on behind it.',
    schema: { type: 'string', maxLength: 40, pattern: lastEventIdPattern.source },
  },
}

const headerComponents: JsonObject = {
  RequestId: {
    description: 'Name it when you ask us about this request. Yours is taken when you send one.',
    schema: { type: 'string', maxLength: 60 },
  },
  ApiVersion: {
    description:
      'The version of the contract that this answer is made in: the one the request named, or else the one its key was made with.',
    schema: { type: 'string', maxLength: 10, examples: [apiVersion] },
  },
  ETag: {
    description: 'What you read, as it is now; another when anything in it is another.',
    schema: { type: 'string', maxLength: 60, examples: ['"3q2-7w"'] },
  },
  Traceparent: {
    description:
      'The trace that this request counts to (W3C Trace Context): yours, or one of its own. A session keeps it.',
    schema: { type: 'string', maxLength: 60 },
  },
  RateLimitPolicy: {
    description:
      'What your key may ask: `q` requests within `w` seconds, apart for `requests`, `commands` and `stops`.',
    schema: { type: 'string', maxLength: 60 },
  },
  RateLimit: {
    description: '`r` requests are left now; in `t` seconds all of them are.',
    schema: { type: 'string', maxLength: 60 },
  },
}

const objectsOfEvents = () =>
  Object.entries(eventObjects)
    .map(([type, object]) => `\`${type}\` ${object}`)
    .join(', ')

/** The whole contract as one OpenAPI 3.1 document. */
export function openApiDocument(version: string): JsonObject {
  const components = new Components()
  components.schema(zProblem, 'response')
  const event = components.schema(zEvent, 'response')
  const paths: Record<string, JsonObject> = {}
  for (const op of operations) {
    const path = paths[op.path] ?? {}
    path[op.method] = operationObject(op, components)
    paths[op.path] = path
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chargelane API',
      version,
      description:
        'One API for EV charging at the operator’s own public price: quote, start, follow, settle, prove. Amounts are integers in minor units, energy is in Wh, instants are RFC 3339 in UTC, durations are in seconds. Errors are RFC 9457 problems; branch on `code`.',
      contact: { name: 'Chargelane', url: 'https://chargelane.dev' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    security: [{ apiKey: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: {
      event: {
        post: {
          operationId: 'webhooks.event',
          summary: 'An event happened',
          description: `Signed by the Standard Webhooks scheme: \`webhook-id\`, \`webhook-timestamp\`, \`webhook-signature\` over the raw body. Types of this version, each with the object in its \`data\`: ${objectsOfEvents()}.`,
          requestBody: { required: true, content: { 'application/json': { schema: event } } },
          responses: { '200': { description: 'Any 2xx within 10 s ends the delivery.' } },
        },
      },
    },
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A secret key, `Authorization: Bearer sk_test_…`.',
        },
      },
      parameters: parameterComponents,
      headers: headerComponents,
      schemas: components.print(),
    },
  }
}
