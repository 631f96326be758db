// Kinds of payment that a partner keeps: its own wallet, its instalment provider, the issuer of its fuel cards. The partner
// is asked before every step and denies by silence; what it approved and we captured it owes, within its credit line.
import type { Db } from '@chargelane/db'
import { paymentEndpoint } from '@chargelane/db/queries/payments/payment-endpoints'
import { paymentById, paymentSourceById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import type { CallbackKind } from '@chargelane/openapi/vocabulary/payment'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { compare, money } from '@chargelane/rules/money'
import { createSafeAgent } from '../../worker/safe-agent.ts'
import { holdOnLine, raiseOnLine } from '../account/line.ts'
import { MoneyFailure } from '../payment.ts'
import type {
  AuthorizeOutcome,
  Captured,
  PaymentKindTraits,
  PaymentPort,
  PaymentState,
} from '../payment.ts'
import { approvedOf, ask, type Answer, type Caller, type Question } from './ask.ts'

/** Four exchanges fit into the time a driver waits for an authorization. */
const timeoutMs = 4_000

type Asker = { db: Db; caller: Caller; kind: CallbackKind; can: PaymentKindTraits['can'] }
type Wish = Omit<Question, 'method'>

function callbackKind(kind: CallbackKind, can: PaymentKindTraits['can']): PaymentKindTraits {
  return {
    ...kindFacts[kind],
    hasFee: false,
    canBeChallenged: false,
    holdEnds: 'as_told',
    can,
    open({ db, env, now }) {
      const allowLoopback = env['WEBHOOK_ALLOW_LOOPBACK'] === 'true'
      const agent = createSafeAgent({ allowLoopback })
      const caller = { agent, allowLoopback, now, timeoutMs }
      return createCallbackPayments({ db, caller, kind, can })
    },
  }
}

export const wallet = callbackKind('wallet', { raise: true, refund: true })
export const bnpl = callbackKind('bnpl', { raise: false, refund: true })
export const fuelCard = callbackKind('fuel_card', { raise: false, refund: true })

/** With the partner's own row of it: its id is the reference of everything that is asked. */
async function paymentOf({ db, kind }: Asker, paymentId: string): Promise<Payment> {
  const row = await paymentById(db, paymentId)
  if (row?.kind === kind) return row
  throw new MoneyFailure(`No ${kind} payment ${paymentId}.`, { code: 'unknown', retryable: false })
}

/** Undefined where the partner has named no endpoint (any more). */
async function askOf(asker: Asker, row: Payment, wish: Wish): Promise<Answer | undefined> {
  const endpoint = await paymentEndpoint(asker.db, row.accountId, asker.kind)
  if (endpoint === undefined) return undefined
  const source = await paymentSourceById(asker.db, row.paymentSourceId)
  return ask(asker.caller, endpoint, { ...wish, method: source?.pspPaymentMethod ?? null }, row)
}

const codeOf = (answer: Answer | undefined): string => {
  if (answer === undefined) return 'no_payment_endpoint'
  if (answer.status === 'approved') return 'partial_approval'
  return answer.decline_code ?? 'declined_by_partner'
}

const isWhole = (answer: Answer | undefined, asked: Captured['amount']): boolean => {
  const approved = approvedOf(answer, asked)
  return approved !== undefined && compare(approved, asked) === 0
}

const heldBy = (row: Payment, { reference, expires_at: expiresAt }: Answer) => ({
  kind: 'authorized' as const,
  pspId: row.id,
  captureBefore: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  ...(reference === undefined ? {} : { reference }),
})

async function authorize(
  asker: Asker,
  { paymentId, amount, idempotencyKey: id }: Parameters<PaymentPort['authorize']>[0],
): Promise<AuthorizeOutcome> {
  const row = await paymentOf(asker, paymentId)
  // Reserved first: what two drivers are approved for at once must fit into what the partner may owe.
  const reserved =
    row.pspId === null ? await asker.db.tx((tx) => holdOnLine(tx, row, amount)) : undefined
  if (reserved?.kind === 'declined') return reserved
  const answer = await askOf(asker, row, { id, type: 'payment.authorize', amount })
  if (answer !== undefined && isWhole(answer, amount)) return heldBy(row, answer)
  // Less than the quote's hold is no hold, and what it held of it is given back at once.
  if (answer?.status === 'approved')
    await askOf(asker, row, { id: `${row.id}:void`, type: 'payment.void' })
  return { kind: 'declined', declineCode: codeOf(answer), pspId: row.id }
}

const capturedOf = (row: Payment, amount: Captured['amount']): Captured => ({
  kind: 'captured',
  pspId: row.id,
  amount,
  fee: null,
  balanceTransaction: row.id,
})

/** What the partner says of a payment whose answer we never had. */
async function lookUp(asker: Asker, row: Payment): Promise<PaymentState> {
  if (row.pspId === null) return { kind: 'none' }
  const answer = await askOf(asker, row, { id: `${row.id}:lookup`, type: 'payment.lookup' })
  switch (answer?.status) {
    case 'approved':
    case 'authorized':
      return { ...heldBy(row, answer), amount: row.hold }
    case 'voided':
      return { kind: 'voided', pspId: row.id, reason: 'requested' }
    case 'captured':
      throw new MoneyFailure(`${row.id} was captured before it was asked for`, {
        code: 'captured_unasked',
        retryable: true,
      })
    case 'declined':
      return { kind: 'declined', declineCode: codeOf(answer), pspId: row.id }
    case 'none':
    case undefined:
      return { kind: 'none' }
  }
}

/** What was decided is ours to know; only what nobody answered is asked for. */
async function stateOf(asker: Asker, row: Payment): Promise<PaymentState> {
  switch (row.status) {
    case 'captured':
      return capturedOf(row, row.captured ?? money(0, row.hold.currency))
    case 'authorized':
    case 'capture_failed': {
      const { captureBefore } = row
      return captureBefore !== null && captureBefore <= asker.caller.now().toISOString()
        ? { kind: 'voided', pspId: row.id, reason: 'expired' }
        : { kind: 'authorized', pspId: row.id, captureBefore, amount: row.hold }
    }
    case 'voided':
      return { kind: 'voided', pspId: row.id, reason: 'requested' }
    case 'declined':
      return { kind: 'declined', declineCode: row.declineCode ?? 'declined_by_partner' }
    case 'created':
    case 'requires_action':
      return lookUp(asker, row)
  }
}

export function createCallbackPayments(asker: Asker): PaymentPort {
  return {
    authorize: (request) => authorize(asker, request),
    async increase({ pspId, amount, idempotencyKey: id }) {
      const row = await paymentOf(asker, pspId)
      if (!asker.can.raise) return { kind: 'refused', code: 'not_supported_by_kind' }
      // The partner first: what it approves and its line does not take is given back with the rest at the end.
      const answer = await askOf(asker, row, { id, type: 'payment.increase', amount })
      if (!isWhole(answer, amount)) return { kind: 'refused', code: codeOf(answer) }
      const raised = await asker.db.tx((tx) => raiseOnLine(tx, row, amount))
      return raised.kind === 'increased' ? { ...raised, captureBefore: row.captureBefore } : raised
    },
    async capture({ pspId, amount, idempotencyKey: id }) {
      const row = await paymentOf(asker, pspId)
      const answer = await askOf(asker, row, { id, type: 'payment.capture', amount })
      const taken = approvedOf(answer, amount)
      return taken === undefined
        ? { kind: 'refused', code: codeOf(answer), mayAskAgain: true }
        : capturedOf(row, taken)
    },
    async void({ pspId, idempotencyKey: id }) {
      const row = await paymentOf(asker, pspId)
      if (row.status === 'captured')
        return {
          kind: 'already_captured',
          pspId,
          amount: row.captured ?? money(0, row.hold.currency),
        }
      // Whatever the partner says to it, nothing will be captured: it is told, and ours is free.
      await askOf(asker, row, { id, type: 'payment.void' })
      return { kind: 'voided', pspId, reason: 'requested' }
    },
    async refund({ pspId, refundId, amount, idempotencyKey: id }) {
      const row = await paymentOf(asker, pspId)
      const answer = await askOf(asker, row, { id, type: 'payment.refund', amount })
      return isWhole(answer, amount)
        ? { kind: 'refunded', reference: answer?.reference ?? refundId, amount }
        : { kind: 'refused', code: codeOf(answer) }
    },
    async find(query) {
      const row = await paymentOf(asker, 'pspId' in query ? query.pspId : query.paymentId)
      return stateOf(asker, row)
    },
  }
}
