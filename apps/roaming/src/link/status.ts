// How we answer peers: OCPI 2.2.1 §5. HTTP speaks of the transport, the envelope of the content; every answer
// has the envelope, also a refused one.
import { databaseMessage, sqlState } from '@chargelane/db'
import { DomainError, errorCodes } from '@chargelane/openapi/vocabulary/errors'
import { z } from 'zod'

/** OCPI 2.2.1 §5: 1xxx success, 2xxx the client's fault, 3xxx the server's. */
export const ocpiStatus = {
  ok: 1000,
  clientError: 2000,
  invalidParameters: 2001,
  notEnoughInformation: 2002,
  unknownLocation: 2003,
  unknownToken: 2004,
  serverError: 3000,
  peerApiUnusable: 3001,
  unsupportedVersion: 3002,
  missingEndpoints: 3003,
} as const

export type OcpiStatus = (typeof ocpiStatus)[keyof typeof ocpiStatus]
export type AnswerHttp = 200 | 201 | 400 | 401 | 404 | 405 | 413 | 500 | 503

/** A refusal of a peer's request; the message is for the peer. */
export class OcpiRefusal extends Error {
  readonly status: OcpiStatus
  readonly http: AnswerHttp

  constructor(status: OcpiStatus, message: string, http: AnswerHttp = 200) {
    super(message)
    this.name = 'OcpiRefusal'
    this.status = status
    this.http = http
  }
}

/** §5: a request that reached the OCPI layer gets HTTP 200 and the reason as status code. */
export const invalid = (message: string) => new OcpiRefusal(ocpiStatus.invalidParameters, message)

/** Also for other parties' objects: what is not the peer's does not exist for it. */
export const unknownObject = (what: string) =>
  new OcpiRefusal(ocpiStatus.unknownLocation, `${what} is not known`, 404)

export type Envelope = {
  data?: unknown
  status_code: number
  status_message: string
  timestamp: string
}

export function envelope(
  status: OcpiStatus,
  message: string,
  at: string,
  data?: unknown,
): Envelope {
  return {
    ...(data === undefined ? {} : { data }),
    status_code: status,
    status_message: message,
    timestamp: at,
  }
}

/** SQLSTATE class 22: a value of the peer's that none of our columns holds. No repetition would make it fit. */
const isUnstorable = (error: unknown): boolean => sqlState(error)?.startsWith('22') === true

/** Whatever was thrown as an answer to the peer; causes stay in our log. */
export function refusalOf(error: unknown): OcpiRefusal {
  if (error instanceof OcpiRefusal) return error
  if (error instanceof z.ZodError) return invalid(issueText(error))
  if (error instanceof DomainError) {
    const http = errorCodes[error.code].status
    if (http === 404) return unknownObject('the object')
    if (http < 500) return new OcpiRefusal(ocpiStatus.clientError, error.message)
    return new OcpiRefusal(ocpiStatus.serverError, errorCodes[error.code].title, 503)
  }
  if (isUnstorable(error)) return invalid(databaseMessage(error) ?? 'a value is out of range')
  return new OcpiRefusal(ocpiStatus.serverError, errorCodes.internal_error.title, 500)
}

/** Each object of a list is taken on its own: what is wrong with one, in words; undefined when it was taken. */
export async function problemOf(take: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await take()
    return undefined
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof OcpiRefusal || isUnstorable(error))
      return refusalOf(error).message
    throw error
  }
}

/** `evses.0.uid: must be …`: names the field at fault, five at most. */
export function issueText(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`)
    .join('; ')
}
