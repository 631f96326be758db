// How the card provider reads a request and words an error: form encoding, parameter checks, lists.

export type Form = { [key: string]: string | Form }

/** An answer in Stripe's error shape. `stored` says whether the idempotency key keeps it. */
export class WireError extends Error {
  readonly status: number
  readonly body: { error: Record<string, unknown> }
  readonly stored: boolean

  constructor(status: number, error: Record<string, unknown>, stored: boolean) {
    super(String(error['message']))
    this.name = 'WireError'
    this.status = status
    this.body = { error }
    this.stored = stored
  }
}

/** A parameter that fails validation: the endpoint never ran, so its key keeps nothing. */
export function badParam(code: string, param: string, message: string): WireError {
  const doc_url = `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
  return new WireError(400, { type: 'invalid_request_error', code, doc_url, message, param }, false)
}

/** The request was sound but the object's state forbids it. */
export function badState(code: string, message: string, more: Record<string, unknown> = {}) {
  const doc_url = `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
  return new WireError(
    400,
    { type: 'invalid_request_error', code, doc_url, message, ...more },
    true,
  )
}

export function missing(what: string, id: string, param: string): WireError {
  return new WireError(
    404,
    {
      type: 'invalid_request_error',
      code: 'resource_missing',
      doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
      message: `No such ${what}: '${id}'`,
      param,
    },
    true,
  )
}

/** `metadata[payment_id]=pay_1&expand[0]=charge` to a tree; the last value of a repeated key wins. */
export function parseForm(text: string): Form {
  const root: Form = Object.create(null)
  for (const [key, value] of new URLSearchParams(text)) {
    const path = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key)
    if (!path) throw badParam('parameter_unknown', key, `Received unknown parameter: ${key}`)
    const steps = [
      path[1] ?? '',
      ...[...(path[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((m) => m[1] ?? ''),
    ]
    insert(root, steps, value, key)
  }
  return root
}

function insert(root: Form, steps: string[], value: string, key: string): void {
  let at = root
  for (const [index, raw] of steps.entries()) {
    // `list[]=a` means the next free index.
    const step = raw === '' ? String(Object.keys(at).length) : raw
    if (index === steps.length - 1) {
      at[step] = value
      return
    }
    const next = at[step] ?? Object.create(null)
    if (typeof next === 'string') {
      throw badParam('parameter_invalid', key, `Invalid object: ${key} is both a value and a hash`)
    }
    at[step] = next
    at = next
  }
}

type ParamType = {
  string: string
  integer: number
  boolean: boolean
  strings: string[]
  metadata: Record<string, string>
  range: { gt?: number; gte?: number; lt?: number; lte?: number }
  tree: Form
}
export type Params = Record<string, keyof ParamType>
export type ParamValues<P extends Params> = { [K in keyof P]?: ParamType[P[K]] }

const readers: { [T in keyof ParamType]: (value: string | Form, name: string) => ParamType[T] } = {
  string: (value, name) => {
    if (typeof value !== 'string')
      throw badParam('parameter_invalid', name, `Invalid string: ${name} is a hash`)
    if (value === '') {
      throw badParam(
        'parameter_invalid_empty',
        name,
        `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset.`,
      )
    }
    if (value.length > 5000) {
      throw badParam(
        'parameter_invalid',
        name,
        `Invalid string: '${name}' must be at most 5000 characters`,
      )
    }
    return value
  },
  integer: (value, name) => {
    const number =
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
    if (number === undefined) {
      throw badParam(
        'parameter_invalid_integer',
        name,
        `Invalid integer: ${typeof value === 'string' ? value : 'hash'}`,
      )
    }
    return number
  },
  boolean: (value, name) => {
    if (value !== 'true' && value !== 'false') {
      throw badParam(
        'parameter_invalid',
        name,
        `Invalid boolean: ${typeof value === 'string' ? value : 'hash'}`,
      )
    }
    return value === 'true'
  },
  strings: (value, name) => {
    if (typeof value === 'string') throw badParam('parameter_invalid', name, 'Invalid array')
    return Object.entries(value).map(([index, item]) => readers.string(item, `${name}[${index}]`))
  },
  metadata: (value, name) => {
    if (typeof value === 'string') throw badParam('parameter_invalid', name, 'Invalid object')
    const entries = Object.entries(value)
    if (entries.length > 50) {
      throw badParam('parameter_invalid', name, 'You can specify up to 50 metadata keys')
    }
    return Object.fromEntries(
      entries.map(([key, item]) => {
        if (typeof item !== 'string' || item.length > 500 || key.length > 40) {
          throw badParam(
            'parameter_invalid',
            `${name}[${key}]`,
            'Metadata keys have at most 40 and values at most 500 characters',
          )
        }
        return [key, item]
      }),
    )
  },
  range: (value, name) => {
    if (typeof value === 'string') {
      const at = readers.integer(value, name)
      return { gte: at, lte: at }
    }
    const allowed: Params = { gt: 'integer', gte: 'integer', lt: 'integer', lte: 'integer' }
    const read = readParams(value, allowed, [], `${name}.`)
    return Object.fromEntries(Object.entries(read)) satisfies ParamType['range']
  },
  tree: (value, name) => {
    if (typeof value === 'string') throw badParam('parameter_invalid', name, 'Invalid object')
    return value
  },
}

/** Every parameter checked by name and type, as Stripe does; what is not listed is refused. */
export function readParams<P extends Params>(
  form: Form,
  params: P,
  required: readonly (keyof P & string)[],
  prefix = '',
): ParamValues<P> {
  for (const name of required) {
    if (form[name] === undefined) {
      throw badParam(
        'parameter_missing',
        `${prefix}${name}`,
        `Missing required param: ${prefix}${name}.`,
      )
    }
  }
  const values: ParamValues<P> = {}
  for (const [name, value] of Object.entries(form)) {
    if (!Object.hasOwn(params, name)) {
      throw badParam(
        'parameter_unknown',
        `${prefix}${name}`,
        `Received unknown parameter: ${prefix}${name}`,
      )
    }
    assign(values, params, name, value, prefix)
  }
  return values
}

function assign<P extends Params>(
  values: ParamValues<P>,
  params: P,
  name: keyof P & string,
  value: string | Form,
  prefix: string,
): void {
  const type: P[typeof name] = params[name]
  const read: (value: string | Form, name: string) => ParamType[P[typeof name]] = readers[type]
  values[name] = read(value, `${prefix}${name}`)
}

export function refuseUnless(
  allowed: readonly string[],
  value: string | undefined,
  param: string,
): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw badParam(
      'parameter_invalid',
      param,
      `Invalid ${param}: must be one of ${allowed.join(', ')}`,
    )
  }
}

export const listParams = {
  limit: 'integer',
  starting_after: 'string',
  ending_before: 'string',
  created: 'range',
  expand: 'strings',
} as const satisfies Params

/** One page of a list that is kept oldest first and shown newest first. */
export function page<T extends { id: string; created: number }>(
  url: string,
  oldestFirst: Iterable<T>,
  query: ParamValues<typeof listParams>,
  keep: (item: T) => boolean,
) {
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = query.created ?? {}
  const items = [...oldestFirst]
    .filter(
      (item) =>
        item.created > gt &&
        item.created >= gte &&
        item.created < lt &&
        item.created <= lte &&
        keep(item),
    )
    .toReversed()
  const limit = query.limit ?? 10
  if (limit < 1 || limit > 100) {
    throw badParam('parameter_invalid_integer', 'limit', 'limit must be between 1 and 100')
  }
  const index = (id: string, param: string) => {
    const found = items.findIndex((item) => item.id === id)
    if (found < 0) throw missing('object', id, param)
    return found
  }
  if (query.ending_before !== undefined) {
    const end = index(query.ending_before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', url, has_more: start > 0, data: items.slice(start, end) }
  }
  const start =
    query.starting_after === undefined ? 0 : index(query.starting_after, 'starting_after') + 1
  const data = items.slice(start, start + limit)
  return { object: 'list', url, has_more: start + limit < items.length, data }
}
