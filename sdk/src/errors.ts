import type { ErrorCode, Problem } from './generated/types.gen.ts'

/** What went wrong, for both sides of the wire: the API's own codes, and two of ours for no answer at all. */
export type ChargelaneErrorCode = ErrorCode | 'connection_error' | 'timeout'

/**
 * Every failed call throws this. Branch on `code`; show `problem.driver_message` to the driver.
 * `status` is undefined when no answer came.
 */
export class ChargelaneError extends Error {
  readonly code: ChargelaneErrorCode
  readonly status: number | undefined
  /** True when the same wish may succeed later without a change. */
  readonly retryable: boolean
  /** Dotted path of the field at fault. */
  readonly param: string | undefined
  readonly requestId: string | undefined
  /** The whole problem document, with the additions of its code (`new_quote`, `client_secret`, …). */
  readonly problem: Problem | undefined

  constructor(
    code: ChargelaneErrorCode,
    message: string,
    from: { problem?: Problem; retryable?: boolean; status?: number; cause?: unknown } = {},
  ) {
    super(message, from.cause === undefined ? undefined : { cause: from.cause })
    this.name = 'ChargelaneError'
    this.code = code
    this.problem = from.problem
    this.status = from.problem?.status ?? from.status
    this.retryable = from.problem?.retryable ?? from.retryable ?? false
    this.param = from.problem?.param
    this.requestId = from.problem?.request_id
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'

/** An answer that is not a success, as an error. A proxy's HTML page is an error of ours, too. */
export async function errorOf(response: Response): Promise<ChargelaneError> {
  const text = await response.text().catch(() => '')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return problemError(body, response.status, text)
}

export function problemError(body: unknown, status: number, text = ''): ChargelaneError {
  if (isProblem(body)) {
    const param = body.param === undefined ? '' : ` (${body.param})`
    return new ChargelaneError(body.code, `${body.code}${param}: ${body.detail}`, { problem: body })
  }
  return new ChargelaneError(
    status >= 500 ? 'service_unavailable' : 'internal_error',
    `HTTP ${status} without a problem document: ${text.slice(0, 200)}`,
    { status, retryable: status >= 500 },
  )
}
