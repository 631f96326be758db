// The card provider's operations on payments: path, parameters, and what each does.
import {
  type Act,
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  incrementHold,
  mustFind,
} from './payments.ts'
import type { Asked } from './objects.ts'
import type { Intent, Store } from './store.ts'
import {
  badParam,
  type Form,
  page,
  type Params,
  type ParamValues,
  readParams,
  refuseUnless,
} from './wire.ts'

export type Route = {
  /** Names the operation to fault control, e.g. `payment_intents.capture`. */
  operation: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** Checks the parameters and only then returns the work. */
  prepare: (form: Form, id: string) => (act: Act) => object
}

/** A route whose parameters are checked by name and type; `expand` is understood by all. */
export function route<P extends Params>(
  operation: string,
  method: Route['method'],
  path: string,
  params: P,
  required: readonly (keyof P & string)[],
  run: (act: Act, values: ParamValues<P>, id: string) => object,
): Route {
  return {
    operation,
    method,
    path,
    prepare: (form, id) => {
      const { expand, ...rest } = form
      const paths =
        expand === undefined ? [] : (readParams({ expand }, { expand: 'strings' }, []).expand ?? [])
      const values = readParams(rest, params, required)
      return (act) => expandAll(act.store, run(act, values, id), paths)
    },
  }
}

function expandAll(store: Store, object: object, paths: readonly string[]): object {
  let expanded: unknown = object
  for (const path of paths) expanded = expandPath(store, expanded, path.split('.'), path)
  return isRecord(expanded) ? expanded : object
}

function expandPath(store: Store, value: unknown, steps: string[], path: string): unknown {
  const [step, ...rest] = steps
  if (step === undefined || value === null) return value
  if (Array.isArray(value)) return value.map((item) => expandPath(store, item, steps, path))
  if (!isRecord(value) || !Object.hasOwn(value, step) || steps.length > 4) {
    throw badParam('parameter_invalid', 'expand', `This property cannot be expanded (${path}).`)
  }
  const next = value[step]
  const object = typeof next === 'string' ? lookup(store, next, path) : next
  return { ...value, [step]: expandPath(store, object, rest, path) }
}

function lookup(store: Store, id: string, path: string): object {
  const { tables } = store
  for (const rows of [
    tables.charges,
    tables.balance_transactions,
    tables.payment_intents,
    tables.customers,
    tables.payment_methods,
    tables.setup_intents,
    tables.refunds,
    tables.payouts,
  ]) {
    const row = rows.get(id)
    if (row !== undefined) return row
  }
  throw badParam('parameter_invalid', 'expand', `This property cannot be expanded (${path}).`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const list = {
  limit: 'integer',
  starting_after: 'string',
  ending_before: 'string',
  created: 'range',
} as const satisfies Params

export function intentOf(act: Act, id: string): Intent {
  return mustFind(act.store.tables.payment_intents, 'payment_intent', id, 'intent')
}

export const intentRoutes: Route[] = [
  route(
    'payment_intents.create',
    'POST',
    '/v1/payment_intents',
    {
      amount: 'integer',
      currency: 'string',
      capture_method: 'string',
      confirm: 'boolean',
      off_session: 'boolean',
      payment_method: 'string',
      allowed_payment_method_types: 'strings',
      customer: 'string',
      description: 'string',
      metadata: 'metadata',
      statement_descriptor_suffix: 'string',
      transfer_group: 'string',
      receipt_email: 'string',
      payment_method_options: 'tree',
      setup_future_usage: 'string',
    },
    ['amount', 'currency'],
    (act, values) => {
      const { amount, currency, allowed_payment_method_types: types } = values
      if (amount === undefined || currency === undefined)
        throw new Error('required parameters were checked')
      if (!/^[a-z]{3}$/.test(currency))
        throw badParam('parameter_invalid', 'currency', `Invalid currency: ${currency}`)
      refuseUnless(
        ['automatic', 'automatic_async', 'manual'],
        values.capture_method,
        'capture_method',
      )
      if (types !== undefined && types.join() !== 'card') {
        throw badParam(
          'parameter_invalid',
          'allowed_payment_method_types',
          'The sandbox takes cards only',
        )
      }
      return createIntent(act, {
        amount,
        currency,
        capture_method: values.capture_method ?? 'automatic_async',
        confirm: values.confirm ?? false,
        offSession: values.off_session ?? false,
        paymentMethod: values.payment_method,
        customer: values.customer ?? null,
        description: values.description ?? null,
        metadata: values.metadata ?? {},
        statementDescriptorSuffix: values.statement_descriptor_suffix ?? null,
        transferGroup: values.transfer_group ?? null,
        receiptEmail: values.receipt_email ?? null,
        setupFutureUsage: readUsage(values.setup_future_usage),
        asked: readAsked(values.payment_method_options),
      })
    },
  ),
  route(
    'payment_intents.list',
    'GET',
    '/v1/payment_intents',
    { ...list, customer: 'string' },
    [],
    (act, values) =>
      page(
        '/v1/payment_intents',
        act.store.tables.payment_intents.values(),
        values,
        (intent) => values.customer === undefined || intent.customer === values.customer,
      ),
  ),
  route(
    'payment_intents.retrieve',
    'GET',
    '/v1/payment_intents/:id',
    { client_secret: 'string' },
    [],
    (act, _, id) => intentOf(act, id),
  ),
  route(
    'payment_intents.update',
    'POST',
    '/v1/payment_intents/:id',
    { metadata: 'metadata', description: 'string' },
    [],
    (act, values, id) => {
      const intent = intentOf(act, id)
      const changed: Intent = {
        ...intent,
        metadata: { ...intent.metadata, ...values.metadata },
        description: values.description ?? intent.description,
      }
      act.store.put('payment_intents', changed)
      return changed
    },
  ),
  route(
    'payment_intents.confirm',
    'POST',
    '/v1/payment_intents/:id/confirm',
    { payment_method: 'string', off_session: 'boolean', client_secret: 'string' },
    [],
    (act, values, id) =>
      confirmIntent(act, intentOf(act, id), {
        paymentMethod: values.payment_method,
        offSession: values.off_session ?? false,
      }),
  ),
  route(
    'payment_intents.capture',
    'POST',
    '/v1/payment_intents/:id/capture',
    { amount_to_capture: 'integer', final_capture: 'boolean' },
    [],
    (act, values, id) =>
      captureIntent(act, intentOf(act, id), values.amount_to_capture, values.final_capture),
  ),
  route(
    'payment_intents.cancel',
    'POST',
    '/v1/payment_intents/:id/cancel',
    { cancellation_reason: 'string' },
    [],
    (act, values, id) => {
      refuseUnless(
        ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'],
        values.cancellation_reason,
        'cancellation_reason',
      )
      return cancelIntent(act, intentOf(act, id), values.cancellation_reason ?? null)
    },
  ),
  route(
    'payment_intents.increment_authorization',
    'POST',
    '/v1/payment_intents/:id/increment_authorization',
    { amount: 'integer' },
    ['amount'],
    (act, values, id) => incrementHold(act, intentOf(act, id), values.amount ?? 0),
  ),
]

function readUsage(usage: string | undefined): 'off_session' | 'on_session' | null {
  refuseUnless(['off_session', 'on_session'], usage, 'setup_future_usage')
  return usage === 'off_session' || usage === 'on_session' ? usage : null
}

function readAsked(options: Form | undefined): Asked {
  const { card = {} } = readParams(options ?? {}, { card: 'tree' }, [], 'payment_method_options.')
  const place = 'payment_method_options.card.'
  const asked = readParams(
    card,
    {
      request_incremental_authorization: 'string',
      request_extended_authorization: 'string',
      request_multicapture: 'string',
      request_overcapture: 'string',
    },
    [],
    place,
  )
  for (const [name, value] of Object.entries(asked))
    refuseUnless(['if_available', 'never'], value, name)
  return {
    incremental: asked.request_incremental_authorization === 'if_available',
    extended: asked.request_extended_authorization === 'if_available',
    multicapture: asked.request_multicapture === 'if_available',
    overcapture: asked.request_overcapture === 'if_available',
  }
}

/**
 * Stripe's search, as far as metadata, status, currency and customer go. The index lags: an intent
 * younger than `lagS` is not found yet (docs.stripe.com/search#data-freshness).
 */
export function searchRoute(lagS: number): Route {
  return route(
    'payment_intents.search',
    'GET',
    '/v1/payment_intents/search',
    { query: 'string', limit: 'integer', page: 'string' },
    ['query'],
    (act, values) => {
      const clauses = (values.query ?? '').split(/\s+AND\s+/i).map(readClause)
      const { data, has_more } = page(
        '/v1/payment_intents/search',
        act.store.tables.payment_intents.values(),
        values.limit === undefined ? {} : { limit: values.limit },
        (intent) =>
          intent.created + lagS <= act.store.nowS() && clauses.every((clause) => clause(intent)),
      )
      return {
        object: 'search_result',
        url: '/v1/payment_intents/search',
        has_more,
        next_page: null,
        data,
      }
    },
  )
}

function readClause(text: string): (intent: Intent) => boolean {
  const found =
    /^(?:metadata\[["']([^"']+)["']\]|(status|currency|customer))\s*:\s*["']([^"']*)["']$/.exec(
      text.trim(),
    )
  if (!found)
    throw badParam(
      'parameter_invalid',
      'query',
      `We were unable to parse your search query near ${text}.`,
    )
  const [, key, field, value] = found
  if (key !== undefined) return (intent) => intent.metadata[key] === value
  if (field === 'status') return (intent) => intent.status === value
  if (field === 'currency') return (intent) => intent.currency === value
  return (intent) => intent.customer === value
}
