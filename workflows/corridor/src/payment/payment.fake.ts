// A card provider in memory: keeps state, honours idempotency keys, and fails in the ways a provider fails.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type {
  AuthorizeRequest,
  ContestRequest,
  Declined,
  Outage,
  PaymentPort,
  PaymentState,
} from './payment.ts'
import { MoneyFailure } from './payment.ts'

type Call = 'authorize' | 'increase' | 'capture' | 'refund' | 'contest' | 'void' | 'find'
type Intent = {
  request: AuthorizeRequest
  state: Exclude<PaymentState, { kind: 'none' }>
  /** Given back, by the refund's own id. */
  refunds: Map<string, Money>
}
/** How things end for one session only. */
type Plan = {
  authorize?: FakePayments['next'][number]
  /** Every authorization of the session after the first. */
  again?: FakePayments['next'][number]
  /** What the issuer says where it declines; not enough money by default. */
  decline?: Omit<Declined, 'kind' | 'pspId'>
  refuseCapture?: string
  /** Captures refused one after the other, each of which may be asked for again. */
  refuseCaptureForNow?: string[]
  refuseIncrease?: string
  refuseRefund?: string
  /** A refund that was given back comes back. */
  returnRefund?: string
}

export type FakePayments = PaymentPort & {
  /** What was said of each chargeback, by the provider's id of it, with the key it came under. */
  contested: Map<string, ContestRequest>
  /** Chargebacks of which it takes nothing any more, with the code it says. */
  refuseContest: Map<string, string>
  intents: Map<string, Intent>
  calls: { call: Call; pspId: string | undefined }[]
  /** How the next authorizations end; `authorized` when the list is empty. */
  next: ('authorized' | 'declined' | 'requires_action')[]
  /** What the issuers of those say that are declined. */
  declineWith: Omit<Declined, 'kind' | 'pspId'>
  plans: Map<string, Plan>
  /** The call does its work and then its reply is lost, this many times. */
  loseReply: Partial<Record<Call, number>>
  /** The call fails before it does anything, this many times. */
  unavailable: Partial<Record<Call, number>>
  /** Captures are refused with this code. */
  refuseCapture: string | undefined
  /** The provider gives a hold up by itself. */
  giveUp(pspId: string): void
  /** The payer completes (or fails) the 3-D Secure challenge. */
  authenticate(pspId: string, passed: boolean): void
  captureBefore: string
  /** A capture of what is held from now on may exceed it by so much. */
  overcapture: number
  /** It is known to be out. */
  isOut: Outage | undefined
  /** Forgets every fault that was asked for. */
  behaveWell(): void
}

/** As card providers have it in most currencies. */
const smallest = 50

const authorized = (pspId: string, amount: Money, captureBefore: string, over = 0) =>
  ({
    kind: 'authorized',
    pspId,
    amount,
    captureBefore,
    ...(over > 0 ? { most: { ...amount, amount: amount.amount + over } } : {}),
  }) as const
const lost = () => new MoneyFailure('the reply was lost', { code: 'timeout', retryable: true })

export function createFakePayments(): FakePayments {
  const intents = new Map<string, Intent>()
  const byKey = new Map<string, string>()
  let count = 0

  const begin = (fake: FakePayments, call: Call, pspId?: string) => {
    fake.calls.push({ call, pspId })
    const left = fake.unavailable[call] ?? 0
    if (left > 0) {
      fake.unavailable[call] = left - 1
      throw new MoneyFailure('no connection', { code: 'unreachable', retryable: true })
    }
  }
  const reply = <T>(fake: FakePayments, call: Call, value: T): T => {
    const left = fake.loseReply[call] ?? 0
    if (left === 0) return value
    fake.loseReply[call] = left - 1
    throw lost()
  }
  const isKnown = (sessionId: string) =>
    [...intents.values()].some(({ request }) => request.sessionId === sessionId)
  const intentOf = (pspId: string): Intent => {
    const intent = intents.get(pspId)
    if (intent === undefined)
      throw new MoneyFailure(`no ${pspId}`, { code: 'missing', retryable: false })
    return intent
  }

  const fake: FakePayments = {
    intents,
    contested: new Map(),
    refuseContest: new Map(),
    calls: [],
    next: [],
    declineWith: { declineCode: 'insufficient_funds' },
    plans: new Map(),
    loseReply: {},
    unavailable: {},
    refuseCapture: undefined,
    captureBefore: '2099-01-01T00:00:00.000Z',
    overcapture: 0,
    isOut: undefined,
    outage: () => fake.isOut,
    async authorize(request) {
      begin(fake, 'authorize')
      const known = byKey.get(request.idempotencyKey)
      const pspId = known ?? `pi_${++count}`
      if (known === undefined) {
        byKey.set(request.idempotencyKey, pspId)
        const plan = fake.plans.get(request.sessionId)
        const isFirst = !isKnown(request.sessionId)
        const planned = isFirst ? plan?.authorize : (plan?.again ?? plan?.authorize)
        const ending = planned ?? fake.next.shift() ?? 'authorized'
        const state =
          ending === 'authorized'
            ? authorized(pspId, request.amount, fake.captureBefore, fake.overcapture)
            : ending === 'declined'
              ? ({
                  kind: 'declined',
                  pspId,
                  ...(plan?.decline ?? fake.declineWith),
                } as const)
              : ({
                  kind: 'requires_action',
                  pspId,
                  clientSecret: `${pspId}_secret`,
                  publishableKey: 'pk_test_fake',
                } as const)
        intents.set(pspId, { request, state, refunds: new Map() })
      }
      const { state } = intentOf(pspId)
      if (
        state.kind !== 'authorized' &&
        state.kind !== 'declined' &&
        state.kind !== 'requires_action'
      )
        throw new Error(`authorize answered again after ${state.kind}`)
      return reply(fake, 'authorize', state)
    },
    async increase({ pspId, amount }) {
      begin(fake, 'increase', pspId)
      const intent = intentOf(pspId)
      const refusal = fake.plans.get(intent.request.sessionId)?.refuseIncrease
      if (refusal !== undefined) return { kind: 'refused', code: refusal }
      if (intent.state.kind !== 'authorized') return { kind: 'refused', code: 'unexpected_state' }
      const raised = Math.max(amount.amount, intent.state.amount.amount)
      intent.state = { ...intent.state, amount: { ...amount, amount: raised } }
      const { captureBefore } = intent.state
      const whole = intent.state.amount
      return reply(fake, 'increase', { kind: 'increased', pspId, amount: whole, captureBefore })
    },
    async refund({ pspId, refundId, amount }) {
      begin(fake, 'refund', pspId)
      const { request, state, refunds } = intentOf(pspId)
      const refusal = fake.plans.get(request.sessionId)?.refuseRefund
      if (refusal !== undefined) return { kind: 'refused', code: refusal }
      const returned = fake.plans.get(request.sessionId)?.returnRefund
      if (returned !== undefined && refunds.has(refundId))
        return { kind: 'refused', code: returned }
      if (state.kind !== 'captured') return { kind: 'refused', code: 'not_captured' }
      const given = [...refunds].reduce(
        (sum, [id, each]) => sum + (id === refundId ? 0 : each.amount),
        0,
      )
      if (given + amount.amount > state.amount.amount)
        return { kind: 'refused', code: 'amount_too_large' }
      refunds.set(refundId, amount)
      return reply(fake, 'refund', { kind: 'refunded', reference: `re_${refundId}`, amount })
    },
    async contest(request) {
      const { reference, idempotencyKey } = request
      begin(fake, 'contest', reference)
      if (fake.contested.has(reference)) return { kind: 'submitted', wasKnown: true }
      const code = fake.refuseContest.get(reference)
      if (code !== undefined) return { kind: 'refused', code }
      // A key that was used has its answer, and nothing else comes of it.
      if (!byKey.has(idempotencyKey)) fake.contested.set(reference, request)
      byKey.set(idempotencyKey, reference)
      return reply(fake, 'contest', { kind: 'submitted', wasKnown: false })
    },
    async capture({ pspId, amount }) {
      begin(fake, 'capture', pspId)
      const intent = intentOf(pspId)
      const plan = fake.plans.get(intent.request.sessionId)
      const passing = plan?.refuseCaptureForNow?.shift()
      if (passing !== undefined) return { kind: 'refused', code: passing, mayAskAgain: true }
      const refusal = plan?.refuseCapture ?? fake.refuseCapture
      if (refusal !== undefined) return { kind: 'refused', code: refusal }
      if (intent.state.kind !== 'authorized')
        throw new Error(`double capture: ${pspId} is ${intent.state.kind}`)
      const { most = intent.state.amount } = intent.state
      if (amount.amount > most.amount) return { kind: 'refused', code: 'amount_too_large' }
      if (amount.amount < smallest) return { kind: 'refused', code: 'amount_too_small' }
      const fee = { amount: Math.ceil(amount.amount * 0.015) + 25, currency: amount.currency }
      const state = {
        kind: 'captured',
        pspId,
        amount,
        fee,
        balanceTransaction: `txn_${pspId}`,
      } as const
      intent.state = state
      return reply(fake, 'capture', state)
    },
    async void({ pspId }) {
      begin(fake, 'void', pspId)
      const intent = intentOf(pspId)
      if (intent.state.kind === 'captured')
        return { kind: 'already_captured', pspId, amount: intent.state.amount }
      if (intent.state.kind === 'voided') throw new Error(`double void of ${pspId}`)
      const state = { kind: 'voided', pspId, reason: 'requested' } as const
      intent.state = state
      return reply(fake, 'void', state)
    },
    async find(query) {
      begin(fake, 'find', 'pspId' in query ? query.pspId : undefined)
      const found =
        'pspId' in query
          ? intents.get(query.pspId)
          : [...intents.values()].find((intent) => intent.request.paymentId === query.paymentId)
      return reply(fake, 'find', found?.state ?? { kind: 'none' as const })
    },
    behaveWell() {
      fake.next = []
      fake.declineWith = { declineCode: 'insufficient_funds' }
      fake.loseReply = {}
      fake.unavailable = {}
      fake.isOut = undefined
      fake.overcapture = 0
      fake.refuseCapture = undefined
    },
    giveUp(pspId) {
      intentOf(pspId).state = { kind: 'voided', pspId, reason: 'expired' }
    },
    authenticate(pspId, passed) {
      const intent = intentOf(pspId)
      intent.state = passed
        ? authorized(pspId, intent.request.amount, fake.captureBefore)
        : { kind: 'declined', declineCode: 'authentication_failed', pspId }
    },
  }
  return fake
}
