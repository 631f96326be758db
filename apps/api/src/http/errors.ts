// The one place where an error becomes an answer. Nothing that was not written for partners leaves here.
import { sqlState } from '@chargelane/db'
import type { Problem } from '@chargelane/openapi'
import { driverTextsDe } from '@chargelane/openapi/vocabulary/driver-texts/de'
import { driverTextsEn } from '@chargelane/openapi/vocabulary/driver-texts/en'
import { DomainError, errorCodes, type ErrorCode } from '@chargelane/openapi/vocabulary/errors'
import type { Refusal } from '@chargelane/rules/quote/may-start'
import type { z } from 'zod'

export const problemType = (code: ErrorCode) => `https://chargelane.dev/errors/${code}`

/** The problem document of an error, with the additions its code may carry. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { status, retryable, title } = errorCodes[error.code]
  return {
    ...error.extra,
    type: problemType(error.code),
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(error.param === undefined ? {} : { param: error.param }),
    retryable,
    driver_message: { en: driverTextsEn[error.code], de: driverTextsDe[error.code] },
    request_id: requestId,
  }
}

/** PostgreSQL states that pass by themselves: lock and statement timeouts, deadlocks, connection trouble. */
const passing = /^(?:08|40|53|55P03|57)/
const offline = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
])

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && offline.has(at.code)) return at.code
  }
  return undefined
}

/** Everything thrown becomes a `DomainError`; what we did not expect says nothing of itself. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  const state = sqlState(error)
  if ((state !== undefined && passing.test(state)) || codeOf(error) !== undefined) {
    return new DomainError('service_unavailable', 'A part of the service does not answer.', {
      cause: error,
    })
  }
  return new DomainError(
    'internal_error',
    'Something broke on our side. Repeat the request with the same Idempotency-Key, or name the request_id to us.',
    { cause: error },
  )
}

/** A rule's refusal as a partner is answered. */
export const refusalError = ({ code, message, param, extra }: Refusal) =>
  new DomainError(code, message, {
    ...(param === undefined ? {} : { param }),
    ...(extra === undefined ? {} : { extra }),
  })

/** What the printed schema cannot say, as the order of two instants: well-formed, and impossible. */
const isBeyondSchema = (issue: z.core.$ZodIssue) =>
  issue.code === 'custom' && issue.params?.['isSaidInSchema'] !== true

/** A field that is not there is said to be missing. */
const inWords = (message: string): string =>
  message.endsWith(', received undefined') ? 'is missing' : message.replace(/^Invalid input: /, '')

/** What zod found, as the first field at fault and the list of all of them. */
export function validationError(error: z.ZodError, place: 'body' | 'query'): DomainError {
  const faults = error.issues.slice(0, 20).flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') return [{ path, message: inWords(issue.message) }]
    return issue.keys.map((key) => ({
      path: [...path, key.slice(0, 100)],
      message: 'is not a known field',
    }))
  })
  const fields = faults.map(({ path, message }) => ({
    param: path.length === 0 ? place : path.join('.').slice(0, 300),
    message,
  }))
  const first = fields[0] ?? { param: place, message: 'is malformed' }
  const code = error.issues.every(isBeyondSchema) ? 'invalid_value' : 'validation_error'
  return new DomainError(code, `${first.param}: ${first.message}`, {
    param: first.param,
    extra: { errors: fields },
  })
}
