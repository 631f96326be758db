import { z } from 'zod'
import type { ErrorCode } from './vocabulary/errors.ts'
import type { Scope } from './vocabulary/trust/scopes.ts'

/** What a success looks like: one JSON resource, one file, or a stream of server-sent events. */
export type Success =
  | { status: 200 | 201 | 202; kind: 'json'; description: string; body: z.ZodType }
  | { status: 200; kind: 'file'; description: string; media: string }
  | { status: 200; kind: 'stream'; description: string; event: z.ZodType }

/**
 * One operation of the API. The server implements it, `openapi.json` and the SDK are printed from it;
 * nothing about an operation is said anywhere else.
 */
export interface Operation {
  /** `resource.verb`; the dot nests in the SDK. */
  id: `${string}.${string}`
  method: 'get' | 'post' | 'patch' | 'delete'
  /** OpenAPI path template, e.g. `/v1/sessions/{id}`. */
  path: `/${string}`
  summary: string
  description: string
  /** Scope the API key needs; `public` needs no key. */
  scope: Scope | 'public'
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  success: Success
  /** Codes of this operation beside those every operation shares (`commonErrors`). */
  errors: readonly ErrorCode[]
  /** True where a repeated call could do harm: `Idempotency-Key` is then required. */
  idempotent: boolean
}

/** Keeps the literal types, so that handlers and the contract cannot drift apart. */
export const operation = <const O extends Operation>(definition: O): O => definition

/** A page of a list has no version of its own; everything else that is read has. */
const isList = ({ success }: Operation) =>
  success.kind === 'json' && success.body instanceof z.ZodObject && 'has_more' in success.body.shape

/** Whether the answer is one thing that can be told from another by its `ETag`. */
export const hasEtag = (op: Operation): boolean =>
  op.method === 'get' && op.path.startsWith('/v1/') && op.success.kind !== 'stream' && !isList(op)

/** Codes any operation may answer with; printed on each so that a client has one place to look. */
export function errorsOf(op: Operation, isConditional: boolean): ErrorCode[] {
  const codes = new Set<ErrorCode>(op.errors)
  codes.add('internal_error').add('service_unavailable')
  if (op.path.startsWith('/v1/')) codes.add('validation_error')
  if (op.scope !== 'public') {
    codes.add('invalid_key').add('key_expired').add('insufficient_scope')
    codes.add('account_restricted').add('rate_limited')
  }
  if (op.params) codes.add('resource_missing')
  if (op.body || op.query) codes.add('invalid_value')
  if (op.query?.shape['cursor']) codes.add('invalid_cursor')
  if (op.body) codes.add('body_too_large').add('unsupported_media_type')
  if (isConditional) codes.add('precondition_failed')
  if (op.idempotent) {
    codes
      .add('idempotency_key_required')
      .add('idempotency_key_reused')
      .add('idempotency_in_progress')
  }
  return [...codes].toSorted()
}

/** Printable ASCII, 1 to 255 characters: what a partner may choose as an idempotency key. */
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/

/** RFC 9110 §13.1: one entity tag or several, or `*`. */
export const etagsPattern =
  /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*)$/

/** What a stream's `id` looks like when it comes back as `Last-Event-ID`; empty from a client that has seen none. */
export const lastEventIdPattern = /^(?:\d{1,9}@[0-9TZ:.-]{0,30})?$/

export const zPage = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'Items per page, 1 to 100.' }),
  cursor: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]{1,200}$/)
    .optional()
    .meta({ description: '`next_cursor` of the page before. Opaque; valid as long as the list.' }),
})

/** A page of a list, newest first unless the operation says otherwise. */
export const zListOf = <T extends z.ZodType>(id: string, item: T) =>
  z
    .object({
      data: z.array(item).max(100),
      has_more: z.boolean(),
      next_cursor: z.string().max(200).nullable().meta({
        description: 'Pass as `cursor` to read the next page; null on the last one.',
      }),
    })
    .meta({ id, description: 'One page of a list.' })

/** What an operation is asked with, as its handler gets it. */
export type BodyOf<O> = O extends { body: infer S extends z.ZodType } ? z.output<S> : undefined
