/**
 * The only list of error codes. Status and retryability are derived from it at every edge; a new code does
 * not compile until each edge knows it.
 */
export const errorCodes = {
  validation_error: { status: 400, retryable: false, title: 'The request is malformed' },
  idempotency_key_required: {
    status: 400,
    retryable: false,
    title: 'Idempotency-Key header is required',
  },
  invalid_key: { status: 401, retryable: false, title: 'API key missing or unknown' },
  key_expired: { status: 401, retryable: false, title: 'API key expired or revoked' },
  insufficient_scope: { status: 403, retryable: false, title: 'API key lacks the scope' },
  account_restricted: { status: 403, retryable: false, title: 'Account is restricted' },
  site_access_denied: {
    status: 403,
    retryable: false,
    title: 'The place is for others, or closed now',
  },
  start_refused_by_operator: {
    status: 403,
    retryable: false,
    title: "The operator's own rules refuse this start",
  },
  authentication_required: { status: 402, retryable: false, title: 'The payer must authenticate' },
  payment_declined: { status: 402, retryable: false, title: 'Payment declined' },
  outstanding_debt: { status: 402, retryable: false, title: 'An earlier session is unpaid' },
  credit_limit_exceeded: {
    status: 402,
    retryable: false,
    title: 'The account may not owe more',
  },
  insufficient_wallet_funds: {
    status: 402,
    retryable: false,
    title: 'Too little has been paid in',
  },
  residency_violation: {
    status: 403,
    retryable: false,
    title: 'The data must stay in another region',
  },
  resource_missing: { status: 404, retryable: false, title: 'No such resource' },
  method_not_allowed: { status: 405, retryable: false, title: 'Method not allowed' },
  party_not_granted: {
    status: 403,
    retryable: false,
    title: 'The party is not proven to be yours',
  },
  idempotency_key_reused: {
    status: 409,
    retryable: false,
    title: 'Idempotency-Key was used with another request',
  },
  idempotency_in_progress: {
    status: 409,
    retryable: true,
    title: 'The first request is still in progress',
  },
  quote_expired: { status: 409, retryable: false, title: 'Quote expired' },
  quote_consumed: { status: 409, retryable: false, title: 'Quote already used' },
  session_already_active: {
    status: 409,
    retryable: false,
    title: 'The driver already charges at this EVSE',
  },
  invalid_transition: { status: 409, retryable: false, title: 'Not possible in the present state' },
  period_closed: { status: 409, retryable: false, title: 'The books of that time are closed' },
  limit_reached: { status: 409, retryable: false, title: 'An account may have no more of these' },
  precondition_failed: {
    status: 412,
    retryable: false,
    title: 'It is no longer what you read',
  },
  body_too_large: { status: 413, retryable: false, title: 'Request body too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'Send application/json' },
  // Well-formed, but it cannot be: two fields contradict each other, or it contradicts what we know.
  invalid_value: { status: 422, retryable: false, title: 'A value cannot be as it is given' },
  unsupported_currency: { status: 422, retryable: false, title: 'Currency not supported here' },
  invalid_cursor: { status: 422, retryable: false, title: 'Cursor is not one of ours' },
  price_unavailable: {
    status: 422,
    retryable: false,
    title: 'No valid public price for this EVSE',
  },
  market_rule_violation: {
    status: 422,
    retryable: false,
    title: 'A rule of the market forbids it',
  },
  not_offered: { status: 422, retryable: false, title: 'Not offered yet' },
  tariff_held: {
    status: 422,
    retryable: true,
    title: 'The operator must confirm an unusual price first',
  },
  evse_not_available: { status: 422, retryable: true, title: 'EVSE is not available' },
  evse_not_reachable: { status: 422, retryable: true, title: 'EVSE cannot be reached' },
  start_rejected: { status: 422, retryable: false, title: 'The charger refused to start' },
  token_blocked: { status: 422, retryable: false, title: 'Charging token is blocked' },
  webhook_url_refused: { status: 422, retryable: false, title: 'Webhook URL is not allowed' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  cpo_unreachable: { status: 503, retryable: true, title: 'The operator cannot be reached' },
  cpo_error: { status: 503, retryable: true, title: 'The operator answered with an error' },
  psp_unavailable: {
    status: 503,
    retryable: true,
    title: 'The payment provider cannot be reached',
  },
  rates_unavailable: {
    status: 503,
    retryable: true,
    title: 'No exchange rate can be had now',
  },
  service_unavailable: { status: 503, retryable: true, title: 'Temporarily unavailable' },
  internal_error: { status: 500, retryable: true, title: 'Something broke on our side' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>

export type ErrorCode = keyof typeof errorCodes

/** `message` is for the partner; `context` and `cause` are for the log and never leave. */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly param: string | undefined
  /** Public additions to the problem document, e.g. { new_quote } or { session }. */
  readonly extra: Record<string, unknown>

  constructor(
    code: ErrorCode,
    message: string,
    options: { param?: string; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DomainError'
    this.code = code
    this.param = options.param
    this.extra = options.extra ?? {}
  }
}

/** Also for what is somebody else's. */
export const missing = (what: string, param?: string): DomainError =>
  new DomainError('resource_missing', `No such ${what}.`, param === undefined ? {} : { param })
