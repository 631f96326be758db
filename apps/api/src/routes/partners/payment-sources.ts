import { asAccount, type Sql } from '@chargelane/db'
import {
  createPaymentSource,
  getDriver,
  getOrCreateDriver,
  getPaymentSource,
  listPaymentSources,
  namePaymentMethod,
  setPaymentSourceStatus,
  type DriverRow,
  type PaymentSourceRow,
} from '@chargelane/db/queries/partners/drivers'
import { paymentSourceView } from '@chargelane/db/views/partners/drivers'
import type { PaymentSetup } from '@chargelane/corridor/payment/payment'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { paymentKindTexts } from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { Deps, Handlers, Viewer } from '../../http/handler.ts'
import { pageRequest } from '../../http/page.ts'

/** A row's driver; the foreign key guarantees that it is there. */
export async function driverOf(
  tx: Sql,
  row: { accountId: string; driverId: string },
): Promise<DriverRow> {
  const driver = await getDriver(tx, row.accountId, row.driverId)
  if (!driver) throw new Error(`driver ${row.driverId} is gone`)
  return driver
}

const unavailable = (message: string, cause?: unknown) =>
  new DomainError('psp_unavailable', message, cause === undefined ? {} : { cause })

/** An unanswered provider is an answer: nothing was changed. */
const answered = <Result>(ask: Promise<Result>): Promise<Result> =>
  ask.catch((cause: unknown) => {
    throw unavailable('The provider did not answer.', cause)
  })

function setupOf(deps: Deps, kind: PaymentKind): PaymentSetup {
  const setup = deps.paymentSetups(kind)
  if (setup === undefined) throw unavailable(`Nobody can be asked about payments by ${kind}.`)
  return setup
}

type Named = Pick<PaymentSourceRow, 'pspPaymentMethod'> &
  Partial<Pick<PaymentSourceRow, 'pspCustomer' | 'pspSetup' | 'card' | 'status'>>
type Begun = { named: Named; waiting?: { clientSecret: string; publishableKey: string | null } }

const unknownMethod = () =>
  new DomainError('invalid_value', 'payment_method: its provider has none of this id', {
    param: 'payment_method',
  })

/** A source counts as active from its start, so its provider is asked whether there is such a method. */
async function requireMethod(
  deps: Deps,
  accountId: string,
  { type, method }: { type: PaymentKind; method: string },
): Promise<Named> {
  const setup = deps.paymentSetups(type)
  if (setup !== undefined) {
    const kept = await answered(setup.read(method))
    if (kept === undefined) throw unknownMethod()
    // A test id of the provider makes a method of its own with each use: it is kept as it was named.
    return { pspPaymentMethod: method, pspCustomer: kept.customer, card: kept.card }
  }
  const knows = deps.paymentMethods(type)
  if (knows === undefined) throw unavailable(`Nobody can be asked for methods of type ${type}.`)
  if (!(await answered(knows(method, accountId)))) throw unknownMethod()
  return { pspPaymentMethod: method }
}

async function begin(
  deps: Deps,
  { id, accountId }: { id: string; accountId: string },
  { type, method }: { type: PaymentKind; method: string | undefined },
): Promise<Begun> {
  if (paymentKindTexts[type].method !== 'of_provider')
    return { named: { pspPaymentMethod: method ?? null } }
  if (method !== undefined) return { named: await requireMethod(deps, accountId, { type, method }) }
  const { setup, customer, ...waiting } = await answered(setupOf(deps, type).begin(id))
  const named = { pspPaymentMethod: null, pspCustomer: customer, pspSetup: setup } as const
  return { named: { ...named, status: 'requires_action' }, waiting }
}

type Call = { deps: Deps; viewer: Viewer }

async function sourceOf({ deps, viewer }: Call, id: string): Promise<PaymentSourceRow> {
  const row = await asAccount(deps.db, viewer.sees, (tx) => getPaymentSource(tx, viewer.sees, id))
  if (!row) throw missing('payment source')
  return row
}

const inTx = <Result>({ deps, viewer }: Call, work: (tx: Sql) => Promise<Result>) =>
  asAccount(deps.db, viewer.sees, work)

/** What became of what the payer was asked for; a source that has failed counts again. */
async function confirm(call: Call, row: PaymentSourceRow) {
  const { deps } = call
  const { accountId, id, kind, pspSetup } = row
  if (row.status === 'detached')
    throw new DomainError('invalid_transition', 'The payment source was detached.')
  const view = (after: PaymentSourceRow, waiting?: Begun['waiting']) =>
    inTx(call, async (tx) => paymentSourceView(after, await driverOf(tx, after), waiting))
  if (row.status === 'active') return view(row)
  if (row.status === 'failing') {
    await inTx(call, (tx) => setPaymentSourceStatus(tx, accountId, id, 'active'))
    return view({ ...row, status: 'active' })
  }
  const state = await answered(setupOf(deps, kind).look(pspSetup ?? ''))
  if (state.kind === 'waiting') return view(row, state)
  if (state.kind === 'refused')
    throw new DomainError('payment_declined', `The payer named nothing: ${state.code}.`, {
      extra: { decline_code: state.code },
    })
  const named = await inTx(call, (tx) => namePaymentMethod(tx, accountId, id, state))
  return view(named ?? row)
}

export const paymentSourceRoutes: Handlers<Contract['payment_sources']> = {
  create: {
    resource: 'paymentSource',
    async outside({ deps, viewer, body, now, resourceId: id }) {
      const { accountId } = viewer
      const { type: kind, payment_method: method } = body
      const { named, waiting } = await begin(deps, { id, accountId }, { type: kind, method })
      return asAccount(deps.db, viewer.sees, async (tx) => {
        const driver = await getOrCreateDriver(tx, accountId, body.driver.external_id, now)
        const source = { id, accountId, driverId: driver.id, kind, ...named, at: now }
        return paymentSourceView(await createPaymentSource(tx, source), driver, waiting)
      })
    },
  },

  async get({ tx, viewer, params }) {
    const row = await getPaymentSource(tx, viewer.sees, params.id)
    if (!row) throw missing('payment source')
    return paymentSourceView(row, await driverOf(tx, row))
  },

  async list({ tx, viewer, query }) {
    const { driver } = query
    const page = await listPaymentSources(tx, viewer.sees, {
      ...pageRequest(query, 'paymentSource'),
      ...(driver === undefined ? {} : { driverId: driver }),
    })
    const data = []
    for (const row of page.data) data.push(paymentSourceView(row, await driverOf(tx, row)))
    return { data, has_more: page.hasMore, next_cursor: page.nextCursor }
  },

  confirm: {
    outside: async ({ deps, viewer, params }) =>
      confirm({ deps, viewer }, await sourceOf({ deps, viewer }, params.id)),
  },

  detach: {
    async outside({ deps, viewer, params }) {
      const call = { deps, viewer }
      const row = await sourceOf(call, params.id)
      const { pspPaymentMethod: method, kind, accountId, id } = row
      const setup = deps.paymentSetups(kind)
      if (row.status !== 'detached' && method !== null && setup !== undefined)
        await answered(setup.detach(method))
      return inTx(call, async (tx) => {
        const after = await setPaymentSourceStatus(tx, accountId, id, 'detached')
        return paymentSourceView(after ?? row, await driverOf(tx, row))
      })
    },
  },
}
