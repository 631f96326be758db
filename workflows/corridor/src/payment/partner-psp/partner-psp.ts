// A card at the partner's own payment provider as a kind of payment: held and captured on the partner's account, owed by
// the partner within its credit line. The partner's account may close its door at any time, which costs the partner.
import type { Db } from '@chargelane/db'
import { paymentById, paymentOfProvider } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { pspAccountById } from '@chargelane/db/queries/payments/psp-accounts'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { money } from '@chargelane/rules/money'
import { holdOnLine, raiseOnLine } from '../account/line.ts'
import { verifyWebhook } from '../card/stripe-webhook.ts'
import { MoneyFailure } from '../payment.ts'
import type {
  AccountEvents,
  CaptureOutcome,
  KnowsMethod,
  PaymentKindTraits,
  PaymentPort,
  PaymentProcess,
  PaymentState,
  ReadProviderEvent,
} from '../payment.ts'
import { type Accounts, atProvider, isRefused, openProviders } from './accounts.ts'

export const partnerPsp: PaymentKindTraits = {
  ...kindFacts.partner_psp,
  // The provider keeps its fee from the partner.
  hasFee: false,
  canBeChallenged: true,
  holdEnds: 'at_provider',
  can: { raise: true, refund: true },
  open: ({ db, env, now }) => createPartnerPayments({ db, now, open: openProviders(env) }),
  openAccountEvents:
    ({ db, now }) =>
    (id) =>
      eventsOf(db, id, now().toISOString()),
  openMethods: (process) => knowsMethod(process),
}

async function rowOf(db: Db, query: { pspId: string } | { paymentId: string }): Promise<Payment> {
  // Until the provider has answered, a payment's own id is its reference: it stands for what is reserved on the line.
  const row =
    'paymentId' in query
      ? await paymentById(db, query.paymentId)
      : query.pspId.startsWith('pay_')
        ? await paymentById(db, query.pspId)
        : await paymentOfProvider(db, 'partner_psp', query.pspId)
  if (row?.kind === 'partner_psp') return row
  throw new MoneyFailure('No payment at a partner’s provider.', {
    code: 'unknown',
    retryable: false,
  })
}

/** The fee is the partner's own business. */
const withoutFee = <T extends CaptureOutcome | PaymentState>(outcome: T): T =>
  outcome.kind === 'captured' ? { ...outcome, fee: null } : outcome

/** By our own row, where the provider tells us nothing more. */
function rememberedState(row: Payment): PaymentState {
  const pspId = row.pspId ?? row.id
  switch (row.status) {
    case 'captured': {
      const amount = row.captured ?? money(0, row.hold.currency)
      return { kind: 'captured', pspId, amount, fee: null, balanceTransaction: row.id }
    }
    case 'authorized':
    case 'capture_failed':
      return { kind: 'authorized', pspId, captureBefore: row.captureBefore, amount: row.hold }
    case 'voided':
      return { kind: 'voided', pspId, reason: 'requested' }
    case 'declined':
      return { kind: 'declined', declineCode: row.declineCode ?? 'psp_account_revoked' }
    case 'created':
    case 'requires_action':
      return { kind: 'none' }
  }
}

async function find(accounts: Accounts, row: Payment): Promise<PaymentState> {
  const { pspId, id: paymentId, createdAt: createdAfter } = row
  const query =
    pspId === null || pspId === paymentId ? { paymentId, createdAfter } : ({ pspId } as const)
  const state = await atProvider(accounts, row.accountId, ({ payments }) => payments.find(query))
  return isRefused(state) ? rememberedState(row) : withoutFee(state)
}

export function createPartnerPayments(accounts: Accounts): PaymentPort {
  const { db } = accounts
  return {
    async authorize(request) {
      const row = await rowOf(db, { paymentId: request.paymentId })
      const reserved =
        row.pspId === null ? await db.tx((tx) => holdOnLine(tx, row, request.amount)) : undefined
      if (reserved?.kind === 'declined') return reserved
      const outcome = await atProvider(accounts, row.accountId, ({ payments }) =>
        payments.authorize(request),
      )
      return isRefused(outcome)
        ? { kind: 'declined', declineCode: outcome.refused, pspId: row.id }
        : outcome
    },
    async increase(request) {
      const row = await rowOf(db, request)
      const outcome = await atProvider(accounts, row.accountId, ({ payments }) =>
        payments.increase(request),
      )
      if (isRefused(outcome)) return { kind: 'refused', code: outcome.refused }
      if (outcome.kind === 'refused') return outcome
      // What the card's bank grants and the line does not is given back with the rest at the end.
      const raised = await db.tx((tx) => raiseOnLine(tx, row, request.amount))
      return raised.kind === 'increased' ? outcome : raised
    },
    async capture(request) {
      const row = await rowOf(db, request)
      const outcome = await atProvider(accounts, row.accountId, ({ payments }) =>
        payments.capture(request),
      )
      return isRefused(outcome) ? { kind: 'refused', code: outcome.refused } : withoutFee(outcome)
    },
    async void(request) {
      const row = await rowOf(db, request)
      const outcome = await atProvider(accounts, row.accountId, ({ payments }) =>
        payments.void(request),
      )
      // Nothing will be captured by us: ours is free, and the provider gives its hold up by itself.
      return isRefused(outcome)
        ? { kind: 'voided', pspId: request.pspId, reason: 'requested' }
        : outcome
    },
    async refund(request) {
      const row = await rowOf(db, request)
      const outcome = await atProvider(accounts, row.accountId, ({ payments }) =>
        payments.refund(request),
      )
      return isRefused(outcome) ? { kind: 'refused', code: outcome.refused } : outcome
    },
    async find(query) {
      return find(accounts, await rowOf(db, query))
    },
  }
}

/** The secret before counts as long as the key before. */
async function eventsOf(db: Db, id: string, now: string): Promise<AccountEvents | undefined> {
  const account = await pspAccountById(db, id)
  if (account === undefined) return undefined
  const { accountId, webhookSecret, previousWebhookSecret, previousUntil } = account
  const isPreviousGood = previousUntil !== null && previousUntil > now
  const read: ReadProviderEvent = (rawBody, header) => {
    const signature = header('stripe-signature') ?? ''
    try {
      return verifyWebhook(rawBody, signature, webhookSecret)
    } catch (error) {
      if (previousWebhookSecret === null || !isPreviousGood) throw error
      return verifyWebhook(rawBody, signature, previousWebhookSecret)
    }
  }
  return { accountId, read }
}

function knowsMethod({ db, env, now }: PaymentProcess): KnowsMethod {
  const open = openProviders(env)
  return async (paymentMethod, accountId) => {
    const known = await atProvider({ db, now, open }, accountId, async (provider) => ({
      isKnown: await provider.knowsMethod(paymentMethod, accountId),
    }))
    return !isRefused(known) && known.isKnown
  }
}
