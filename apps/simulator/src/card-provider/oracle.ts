// Stripe's own OpenAPI document as a judge of answers: their shape, and fields that it does not have.
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

export type Exchange = {
  label: string
  method: string
  path: string
  headers: Record<string, string>
  body: string
  status: number
  answer: string
}
export type Json = { [key: string]: unknown }

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a branch, annotations go. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema)
  if (!isJson(value)) return value
  const { nullable, ...rest } = value
  const schema = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => !key.startsWith('x-') && key !== 'example' && key !== 'discriminator')
      .map(([key, item]) => [key, toJsonSchema(item)]),
  )
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldsOf(schemas: unknown): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>()
  for (const [name, schema] of Object.entries(isJson(schemas) ? schemas : {})) {
    const properties = isJson(schema) ? schema['properties'] : undefined
    if (!isJson(properties)) continue
    // A deleted object calls itself by the name it had.
    const object = name.replace(/^deleted_/, '')
    fields.set(object, new Set([...(fields.get(object) ?? []), ...Object.keys(properties)]))
  }
  return fields
}

export class Oracle {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  private readonly paths: Json
  private readonly compiled = new Map<string, ValidateFunction>()
  private readonly fields: Map<string, Set<string>>

  constructor(specPath: string) {
    const spec: unknown = JSON.parse(readFileSync(specPath, 'utf8'))
    const paths = isJson(spec) ? toJsonSchema(spec['paths']) : undefined
    const components = isJson(spec) ? spec['components'] : undefined
    if (!isJson(paths) || !isJson(components)) throw new Error(`${specPath} is no OpenAPI document`)
    this.paths = paths
    this.fields = fieldsOf(components['schemas'])
    this.ajv.addSchema({ $id: 'stripe', components: toJsonSchema(components), paths })
  }

  /** What is wrong with an answer by Stripe's own description of the operation. */
  problem(exchange: Exchange): string | undefined {
    const template = this.template(exchange.path)
    if (template === undefined) return `Stripe has no path ${exchange.path}`
    const status = exchange.status === 200 ? '200' : 'default'
    const pointer = [
      'paths',
      template,
      exchange.method.toLowerCase(),
      'responses',
      status,
      'content',
      'application/json',
      'schema',
    ]
    const reference = `stripe#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
    const validate = this.compiled.get(reference) ?? this.ajv.compile({ $ref: reference })
    this.compiled.set(reference, validate)
    if (validate(JSON.parse(exchange.answer))) return undefined
    return this.ajv.errorsText(validate.errors?.slice(0, 4))
  }

  /** Fields of an answer that Stripe's description does not have: typing errors pass every schema. */
  unknownFields(exchange: Exchange): string[] {
    return this.strangers(JSON.parse(exchange.answer))
  }

  private strangers(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.strangers(item))
    if (!isJson(value)) return []
    const inner = Object.values(value).flatMap((item) => this.strangers(item))
    const name = value['object']
    const known = typeof name === 'string' ? this.fields.get(name) : undefined
    if (typeof name !== 'string' || !known) return inner
    return [
      ...inner,
      ...Object.keys(value)
        .filter((key) => !known.has(key))
        .map((key) => `${name}.${key}`),
    ]
  }

  private template(path: string): string | undefined {
    const parts = path.split('?')[0]?.split('/') ?? []
    const fits = (template: string) => {
      const wanted = template.split('/')
      return (
        wanted.length === parts.length &&
        wanted.every((part, index) => part.startsWith('{') || part === parts[index])
      )
    }
    const found = Object.keys(this.paths).filter(fits)
    return found.toSorted((a, b) => a.split('{').length - b.split('{').length)[0]
  }
}
