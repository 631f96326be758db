// What a request must be before it is anybody's: a plain path, UTF-8, known parameters.
import type { Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { newTrace, traceOf } from '@chargelane/corridor/worker/trace'
import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../answer.ts'

const malformed = (param: string, message: string) =>
  new DomainError('validation_error', `${param}: ${message}`, { param })

/** The request's target as it came: what hono is given has its dots resolved already. */
function targetOf(c: Context): string | undefined {
  const env: unknown = c.env
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null || !('url' in incoming)) return undefined
  return typeof incoming.url === 'string' ? incoming.url : undefined
}

/**
 * A proxy before us and we could read such a path differently: dots, a slash or a backslash in disguise, and what nobody has
 * to encode (RFC 3986 §2.3), by which a rule for `/v1/signing_keys` would not know `/v1/signing%5Fkeys`.
 */
const odd =
  /%(?:[01][0-9a-f]|2[def]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])|\/\/|\\|\/\.{1,2}(?:\/|$)/i

function isUtf8(text: string): boolean {
  if (!text.includes('%')) return true
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Refuses a target that can be read in two ways, and notes the trace that the request counts to. */
export const door: MiddlewareHandler<Env> = (c, next) => {
  const trace = traceOf(c.req.header('traceparent')) ?? newTrace()
  c.set('trace', trace)
  c.get('log')['trace'] = trace
  const target = targetOf(c)
  if (target === undefined) return next()
  const end = target.indexOf('?')
  const path = end === -1 ? target : target.slice(0, end)
  if (odd.test(path)) throw malformed('path', 'is not written plainly')
  if (!isUtf8(path)) throw malformed('path', 'is not UTF-8')
  if (end !== -1 && !isUtf8(target.slice(end))) throw malformed('query', 'is not UTF-8')
  return next()
}

/** What is not known is a slip, and answering without it would answer another question. */
export function refuseUnknown(c: Context, op: Operation): void {
  if (!op.path.startsWith('/v1/')) return
  if (!c.req.url.includes('?')) return
  const known = op.query?.shape ?? {}
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (!Object.hasOwn(known, name))
      throw malformed(name.slice(0, 100), 'is not a known query parameter')
    if (values.length > 1) throw malformed(name, 'is given more than once')
  }
}
