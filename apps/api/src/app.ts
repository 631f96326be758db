// Binds the contract to its handlers: every request walks the same way, and no route exists beside it.
import { apiVersion, contract, type Contract, type Operation } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { answerJson, answerProblem, dress, type Env, respond } from './http/answer.ts'
import { authorize, type Caller, type Callers, createCallers } from './http/auth.ts'
import { bodyLimitBytes, readJson, refuseUnknownMoney } from './http/body.ts'
import { docsRoutes } from './http/docs.ts'
import { door, refuseUnknown } from './http/door/door.ts'
import { enter, thingOf } from './http/etag.ts'
import { toDomainError, validationError } from './http/errors.ts'
import { type Call, type Deps, type Handler, type Handlers, isOutside } from './http/handler.ts'
import { fingerprintOf, idempotencyKeyOf, type Wish } from './http/once/idempotency.ts'
import { lastEventIdOf } from './http/stream/stream-response.ts'
import { watchStanding } from './http/stream/standing.ts'
import { createOnceOnly, type Guard, type OnceOnly, read, run } from './http/once/once.ts'
import { accountRoutes } from './routes/partners/accounts.ts'
import { apiKeyRoutes } from './routes/partners/api-keys.ts'
import { chargeStationRoutes } from './routes/supply/charge-stations.ts'
import { partyRoutes } from './routes/partners/parties.ts'
import { connectionRoutes } from './routes/supply/connections.ts'
import { tokenRoutes } from './routes/partners/drivers.ts'
import { paymentSourceRoutes } from './routes/partners/payment-sources.ts'
import { healthRoutes } from './routes/health.ts'
import { evseRoutes, locationRoutes } from './routes/supply/locations.ts'
import { cdrRoutes } from './routes/sales/cdrs.ts'
import { accessDenialRoutes } from './routes/operations/access-denials.ts'
import { incidentRoutes } from './routes/operations/incidents.ts'
import { invoiceRoutes } from './routes/money/invoices.ts'
import { holdRoutes } from './routes/money/holds.ts'
import { paymentRoutes } from './routes/money/payments.ts'
import { debtRoutes } from './routes/money/debts.ts'
import { ledgerRoutes } from './routes/money/ledger.ts'
import { payoutRoutes } from './routes/money/payouts.ts'
import { settlementRoutes } from './routes/money/settlements.ts'
import {
  leakageRoutes,
  openItemRoutes,
  reconciliationRoutes,
} from './routes/money/reconciliations.ts'
import { balanceRoutes } from './routes/money/balances.ts'
import { bankAccountRoutes } from './routes/money/bank-accounts.ts'
import { bankLineRoutes } from './routes/money/bank-lines.ts'
import {
  splitItemRoutes,
  splitPolicyRoutes,
  splitSimulationRoutes,
} from './routes/money/split-policies.ts'
import { suspenseRoutes } from './routes/money/suspense.ts'
import { priceProofRoutes, priceReportRoutes } from './routes/sales/price-proofs.ts'
import { creditLineRoutes } from './routes/plans/credit-lines.ts'
import { paymentEndpointRoutes } from './routes/money/payment-endpoints.ts'
import { pspAccountRoutes } from './routes/money/psp-accounts.ts'
import { prepaidBalanceRoutes } from './routes/money/prepaid-balances.ts'
import { disputeRoutes } from './routes/money/disputes.ts'
import { refundRoutes } from './routes/money/refunds.ts'
import { riskPolicyRoutes } from './routes/plans/risk-policies.ts'
import { planRoutes, ratingRoutes } from './routes/plans/plans.ts'
import { quoteRoutes } from './routes/sales/quotes.ts'
import { contractRoutes, driverGroupRoutes } from './routes/plans/contracts.ts'
import { accessRuleRoutes } from './routes/supply/access-rules.ts'
import { policyPackageRoutes } from './routes/plans/policy-packages.ts'
import { agreementRoutes } from './routes/partners/agreements.ts'
import { rateAgreementRoutes } from './routes/plans/rate-agreements.ts'
import {
  reimbursementRateRoutes,
  reimbursementReportRoutes,
} from './routes/plans/reimbursements.ts'
import { accountReportRoutes, reportRoutes } from './routes/plans/reports.ts'
import { platformSettingsRoutes } from './routes/operations/platform-settings.ts'
import { signingKeyRoutes } from './routes/operations/signing-keys.ts'
import { sessionRoutes } from './routes/sales/sessions.ts'
import { subscriptionRoutes } from './routes/plans/subscriptions.ts'
import { tariffRoutes } from './routes/supply/tariffs.ts'
import { eventRoutes } from './routes/partners/events.ts'
import { webhookDeliveryRoutes } from './routes/partners/webhook-deliveries.ts'
import { webhookEndpointRoutes } from './routes/partners/webhooks.ts'
import { accountWebhook, paymentWebhook } from './routes/money/payment-webhooks.ts'

const handlers: { [R in keyof Contract]: Handlers<Contract[R]> } = {
  health: healthRoutes,
  accounts: accountRoutes,
  api_keys: apiKeyRoutes,
  payment_sources: paymentSourceRoutes,
  tokens: tokenRoutes,
  parties: partyRoutes,
  connections: connectionRoutes,
  locations: locationRoutes,
  evses: evseRoutes,
  charge_stations: chargeStationRoutes,
  tariffs: tariffRoutes,
  quotes: quoteRoutes,
  agreements: agreementRoutes,
  rate_agreements: rateAgreementRoutes,
  contracts: contractRoutes,
  driver_groups: driverGroupRoutes,
  access_rules: accessRuleRoutes,
  policy_packages: policyPackageRoutes,
  split_policies: splitPolicyRoutes,
  split_simulations: splitSimulationRoutes,
  split_items: splitItemRoutes,
  plans: planRoutes,
  subscriptions: subscriptionRoutes,
  reimbursement_rates: reimbursementRateRoutes,
  reports: {
    ...leakageRoutes,
    ...reportRoutes,
    ...priceReportRoutes,
    ...reimbursementReportRoutes,
    ...accountReportRoutes,
  },
  sessions: sessionRoutes,
  ratings: ratingRoutes,
  holds: holdRoutes,
  payments: paymentRoutes,
  credit_lines: creditLineRoutes,
  prepaid_balances: prepaidBalanceRoutes,
  payment_endpoints: paymentEndpointRoutes,
  psp_accounts: pspAccountRoutes,
  risk_policies: riskPolicyRoutes,
  cdrs: cdrRoutes,
  price_proofs: priceProofRoutes,
  signing_keys: signingKeyRoutes,
  platform_settings: platformSettingsRoutes,
  suspense: suspenseRoutes,
  bank_accounts: bankAccountRoutes,
  bank_lines: bankLineRoutes,
  open_items: openItemRoutes,
  reconciliations: reconciliationRoutes,
  invoices: invoiceRoutes,
  settlements: settlementRoutes,
  balances: balanceRoutes,
  payouts: payoutRoutes,
  refunds: refundRoutes,
  disputes: disputeRoutes,
  debts: debtRoutes,
  ledger: ledgerRoutes,
  incidents: incidentRoutes,
  webhook_endpoints: webhookEndpointRoutes,
  webhook_deliveries: webhookDeliveryRoutes,
  events: eventRoutes,
  access_denials: accessDenialRoutes,
}

type AnyHandler = Handler<Operation>

/** The map above was checked per operation; what is lost here is only the link between the two loops. */
const bindings = (): { op: Operation; handler: AnyHandler }[] =>
  Object.entries(contract).flatMap(([resource, verbs]) => {
    const byVerb: Record<string, unknown> =
      Object.entries(handlers).find(([name]) => name === resource)?.[1] ?? {}
    return Object.entries(verbs).map(([verb, op]) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- type-checked per operation in `handlers`
      return { op, handler: byVerb[verb] as AnyHandler }
    })
  })

export function createApp(deps: Deps): Hono<Env> {
  const app = new Hono<Env>()
  app.use(requestLog(deps))
  app.use(door)
  app.use(limitBody())
  const bound = bindings()
  const house = {
    deps,
    callers: createCallers(deps.db),
    onceOnly: createOnceOnly(deps),
    handlersById: new Map(bound.map(({ op, handler }) => [op.id, handler])),
  }
  for (const { op, handler } of bound) {
    const path = op.path.replaceAll(/\{(\w+)\}/g, ':$1')
    app.on(op.method.toUpperCase(), path, (c) => serve(house, { op, handler }, c))
  }
  app.post('/webhooks/payments/:kind', (c) => paymentWebhook(deps, c))
  app.post('/webhooks/payments/:kind/:account', (c) => accountWebhook(deps, c))
  app.route('/', docsRoutes(deps))
  app.notFound((c) => answerProblem(c, wrongRoute(c)))
  app.onError((error, c) => answerProblem(c, toDomainError(error)))
  return app
}

function refuseBody(): never {
  throw new DomainError('body_too_large', `A body has at most ${bodyLimitBytes} bytes.`)
}

/** A told length is enough, for Node keeps to it; only a body without one is read and counted by the middleware. */
function limitBody(): MiddlewareHandler<Env> {
  const counted = bodyLimit({ maxSize: bodyLimitBytes, onError: refuseBody })
  return (c, next) => {
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined)
      return counted(c, next)
    return Number(length) > bodyLimitBytes ? refuseBody() : next()
  }
}

/** One wide line per request: who, what, how long, how it ended. Never a body, never a key. */
function requestLog(deps: Deps) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const given = c.req.header('request-id')
    const requestId = given && /^[\w.:-]{1,60}$/.test(given) ? given : newId('request')
    const facts: Record<string, unknown> = { requestId, method: c.req.method }
    c.set('requestId', requestId)
    c.set('log', facts)
    const startedAt = performance.now()
    await next()
    dress(c)
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    const line = { ...facts, status: c.res.status, ms }
    noteDenial(deps, c, facts)
    if (c.res.status >= 500) deps.log.error(line, 'request')
    // Who was refused a look, apart from what is merely wrong: to be read, and counted, by itself (R124).
    else if (c.res.status === 401 || c.res.status === 403)
      deps.log.warn({ ...line, path: c.req.path }, 'access denied')
    else deps.log.info(line, 'request')
  }
}

/** What the platform may read of it: a refusal of who asks, and a thing that is missing to who asks. */
function noteDenial(deps: Deps, c: Context<Env>, facts: Record<string, unknown>): void {
  const { status } = c.res
  const { operation, code, account, key } = facts
  const objectId = /\/([a-z]{2,4}_[0-9A-Z]{26})(?:\/|$)/.exec(c.req.path)?.[1] ?? null
  const isRefused = status === 401 || status === 403 || (status === 404 && objectId !== null)
  if (!isRefused || typeof operation !== 'string' || typeof code !== 'string') return
  deps.denials.note({
    account: typeof account === 'string' ? account : null,
    key: typeof key === 'string' ? key : null,
    operation,
    path: c.req.path,
    objectId,
    code,
    requestId: c.get('requestId'),
  })
}

function wrongRoute(c: Context): DomainError {
  const fitting = bindings().filter(({ op }) =>
    new RegExp(`^${op.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(c.req.path),
  )
  // A path of its own, as `/v1/events/replay`, is no id of `/v1/events/{id}`.
  const own = fitting.filter(({ op }) => op.path === c.req.path)
  const allowed = (own.length > 0 ? own : fitting).map(({ op }) => op.method.toUpperCase())
  if (allowed.length === 0)
    return new DomainError('resource_missing', 'No such route; /docs shows every one.')
  const allow = allowed.join(', ')
  return new DomainError('method_not_allowed', `This path takes ${allow}.`, { extra: { allow } })
}

const nobody: Caller = {
  secret: '',
  viewer: {
    accountId: '',
    type: 'partner',
    sees: '',
    keyId: '',
    scopes: [],
    uncheckedKey: null,
    expiresAt: null,
    apiVersion,
  },
}

type Binding = { op: Operation; handler: AnyHandler }

/** Whether the first tx of the request is one as the caller, which checks its key. */
const checksKey = ({ op, handler }: Binding) =>
  !isOutside(handler) || op.idempotent || handler.looksFirst === true

type House = {
  deps: Deps
  callers: Callers
  onceOnly: OnceOnly
  handlersById: ReadonlyMap<string, AnyHandler>
}

/** Key → limit → scope → contract → idempotency → handler → answer. */
async function serve(house: House, binding: Binding, c: Context<Env>) {
  const { deps, callers } = house
  const now = deps.now()
  const { op } = binding
  c.get('log')['operation'] = op.id
  if (op.scope === 'public') return answerCaller(house, nobody, binding, c, now)
  const key = c.req.header('authorization')
  const caller = await callers.identify(key, now, checksKey(binding))
  try {
    return await answerCaller(house, caller, binding, c, now)
  } catch (error) {
    // A refusal, too, is only for a key that still counts; for one that does not, this is the reason.
    if (caller.viewer.uncheckedKey !== null) await callers.confirm(key, now)
    throw error
  }
}

async function answerCaller(
  house: House,
  caller: Caller,
  { op, handler }: Binding,
  c: Context<Env>,
  now: string,
): Promise<Response> {
  const { deps, onceOnly } = house
  const { viewer } = caller
  if (op.scope !== 'public') {
    const facts = c.get('log')
    facts['account'] = viewer.accountId
    facts['key'] = viewer.keyId
    c.set('limits', await deps.rateLimit.take(viewer, op))
    authorize(viewer, op)
  }
  const version = deps.versions.of(c.req.header('api-version'), viewer.apiVersion)
  c.set('version', version)
  const key = op.idempotent ? idempotencyKeyOf(c.req.header('idempotency-key')) : undefined
  const call = await parse(house, op, caller, c, now)
  const told = (body: Record<string, unknown>) => deps.versions.writeAnswer(version, op, body)
  const guard = guardOf(house, op, call, c)
  if (key === undefined) return respond(op, c, await run(deps, handler, call, guard), told)
  const wish: Wish = {
    accountId: viewer.accountId,
    key,
    op,
    fingerprint: fingerprintOf(c.req.method, c.req.path, call.body),
    resourceId: newId(('resource' in handler ? handler.resource : undefined) ?? 'session'),
    now,
    secret: caller.secret,
  }
  const { answer, isReplay } = await onceOnly(handler, call, wish, guard)
  return answerJson(
    c,
    answer.status < 400 ? { ...answer, body: told(answer.body) } : answer,
    isReplay,
  )
}

/** How the thing that an operation changes is read, by the caller itself. */
function guardOf(
  { deps, handlersById }: House,
  op: Operation,
  call: Call<Operation>,
  c: Context<Env>,
): Guard | undefined {
  const thing = thingOf(op, c.req.path, c.req.header('if-match'))
  if (thing === undefined) return undefined
  const { reader } = thing
  const reading = { ...call, body: undefined, query: reader.query?.parse({}) ?? {} }
  const handler = handlersById.get(reader.id)
  if (handler === undefined) throw new Error(`${reader.id} has no handler`)
  return (tx) =>
    enter(tx, thing, async () => JSON.stringify(await read(deps, handler, reading, tx)))
}

async function parse(
  { deps, callers }: House,
  op: Operation,
  caller: Caller,
  c: Context<Env>,
  now: string,
): Promise<Call<Operation>> {
  refuseUnknown(c, op)
  const params = op.params?.safeParse(c.req.param())
  // An id that cannot be one is as missing as an id of somebody else.
  if (params?.success === false) throw missing(op.id.split('.')[0]?.replace(/s$/, '') ?? 'resource')
  const query = op.query?.safeParse(c.req.query())
  if (query?.success === false) throw validationError(query.error, 'query')
  if (op.success.kind === 'stream') lastEventIdOf(c)
  const json = op.body && (await readJson(c))
  const asked = json && deps.versions.readRequest(c.get('version') ?? apiVersion, op, json.value)
  const body = op.body?.safeParse(asked)
  if (body?.success === false) throw validationError(body.error, 'body')
  if (op.errors.includes('unsupported_currency')) refuseUnknownMoney(body?.data)
  return {
    deps,
    viewer: caller.viewer,
    requestId: c.get('requestId'),
    trace: c.get('trace') ?? '',
    params: params?.data ?? {},
    query: query?.data ?? {},
    body: body?.data,
    text: json?.text ?? '',
    now,
    watch: () =>
      watchStanding(deps, {
        viewer: caller.viewer,
        op,
        confirm: () => callers.confirm(c.req.header('authorization'), deps.now()),
      }),
  }
}
