import { ActivityFailure } from '@temporalio/workflow'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { ErrorCode } from '@chargelane/openapi/vocabulary/errors'
import { clock, instant } from '../clock/clock.ts'
import {
  answerStart,
  draft,
  factsOf,
  forgetPaymentNews,
  note,
  showMoney,
  taken,
  waitFor,
} from '../life.ts'
import type { Life, Note } from '../life.ts'
import type { Candidate } from '../routing/rules.ts'
import { courtesy, driverWaits, money } from '../steps.ts'
import type { HoldOutcome, ReleaseOutcome } from './activities.ts'
import { type HeldPayment, type Hold, holdOf, renewalOf } from './hold.ts'

export type { Hold } from './hold.ts'

/** A command that follows as soon as the money is held, and what is told of it. */
export type Following = { note: Note; commands: Pick<Candidate, 'evseId' | 'protocol'> }

export type Refusal = {
  kind: 'refused'
  code: ErrorCode
  message: string
  reason?: string
  extra?: Record<string, unknown>
}

const unavailable = (retryAfterS = 30): Refusal => ({
  kind: 'refused',
  code: 'psp_unavailable',
  message: 'The payment provider did not answer. Nothing is held.',
  extra: { retry_after_ms: retryAfterS * 1_000, next_action: { type: 'use_other_source' } },
})

/** The partner's own account may not come to owe more. */
const ofCredit = ['credit_limit', 'no_credit_line']

const codeOfDecline = (declineCode: string): ErrorCode => {
  if (declineCode === 'prepaid_exhausted') return 'insufficient_wallet_funds'
  return ofCredit.includes(declineCode) ? 'credit_limit_exceeded' : 'payment_declined'
}

/** What can be done about a refusal: as the issuer advises, else another source is named. */
const nextActions = {
  try_again_later: 'try_again_later',
  confirm_card_data: 'confirm_card_data',
  do_not_try_again: 'use_other_source',
} as const

type Decline = Omit<HoldOutcome & { kind: 'declined' }, 'kind' | 'paymentId'>

const declined = ({ declineCode, advice, networkCode }: Decline): Refusal => ({
  kind: 'refused',
  code: codeOfDecline(declineCode),
  message: `The payment was declined: ${declineCode}.`,
  extra: {
    decline_code: declineCode,
    ...(advice === undefined ? {} : { decline_advice: advice }),
    ...(networkCode === undefined ? {} : { network_decline_code: networkCode }),
    next_action: { type: nextActions[advice ?? 'do_not_try_again'] },
  },
})

/** An unanswered provider is an answer for the driver who waits. */
export async function answered<Outcome>(step: Promise<Outcome>): Promise<Outcome | undefined> {
  try {
    return await step
  } catch (error) {
    if (error instanceof ActivityFailure) return undefined
    throw error
  }
}

/**
 * Holds the quote's amount before anything is sent to the charger (law L1). Returns a hold, or the reason why there is
 * none; then nothing is held either. A payer who must authenticate gets ten minutes (failures F10). The command that
 * follows is told of in the tx in which the hold is kept, where the provider answers at once.
 */
export async function takeHold(
  life: Life,
  attempt: number,
  following?: Following,
): Promise<Hold | Refusal> {
  const facts = factsOf(life)
  const now = clock()
  // Enough for the start; once energy flows the deadline moves on. The reaper takes what nobody came for (F12).
  const { scaRequired, holdVoidAfterUnconfirmedStart } = life.deadlines
  const releaseBy = instant(now + scaRequired + holdVoidAfterUnconfirmedStart + 600_000)
  const offSession = facts.offSession || attempt > 1
  const asked = { attempt, amount: facts.hold, offSession, releaseBy }
  let outcome = await askForHold(life, asked, following)
  const told = outcome?.kind === 'held' ? outcome.queue : undefined
  if (told !== undefined && following !== undefined) taken(life, following.note)
  if (outcome?.kind === 'requires_action')
    outcome = offSession
      ? { kind: 'declined', paymentId: outcome.paymentId, declineCode: 'authentication_required' }
      : await waitForPayer(life, outcome)
  else if (outcome?.kind === 'pending') outcome = await waitForProvider(life, outcome)
  if (outcome?.kind === 'held') {
    showMoney(life, 'held')
    return holdOf(heldPayment(outcome, attempt), told)
  }
  if (outcome?.kind === 'unavailable') return unavailable(outcome.retryAfterS)
  const refusal = outcome?.kind === 'declined' ? declined(outcome) : unavailable()
  // The driver hears it at once; giving back what may be held takes as long as the provider takes.
  if (attempt === 1) answerStart(life, refusal)
  await release(life, attempt, refusal.code)
  return refusal
}

export type AskedHold = {
  attempt: number
  amount: Money
  offSession: boolean
  releaseBy: string
}

/** Asks for one authorization; undefined when nobody answered in time. */
export function askForHold(
  life: Life,
  asked: AskedHold,
  following?: Following,
): Promise<HoldOutcome | undefined> {
  const { accountId, paymentSourceId } = factsOf(life)
  return answered(
    driverWaits.holdPayment({
      sessionId: life.sessionId,
      accountId,
      paymentSourceId,
      ...asked,
      ...(following === undefined
        ? {}
        : { following: { changes: draft(life, following.note), commands: following.commands } }),
    }),
  )
}

export const heldPayment = (
  { paymentId, amount, most, least, captureBefore }: HoldOutcome & { kind: 'held' },
  attempt: number,
): HeldPayment => ({
  paymentId,
  attempt,
  amount,
  most,
  least,
  renewBy: renewalOf(captureBefore, clock()),
  canBeRaised: true,
})

/** The partner gets 402 with what the payer needs; a webhook or a last look tells how it ended. */
async function waitForPayer(
  life: Life,
  asked: HoldOutcome & { kind: 'requires_action' },
): Promise<HoldOutcome | undefined> {
  answerStart(life, {
    kind: 'refused',
    code: 'authentication_required',
    message: 'The payer must authenticate with the card issuer within ten minutes.',
    extra: {
      client_secret: asked.clientSecret,
      publishable_key: asked.publishableKey,
      session: life.sessionId,
      payment: asked.paymentId,
    },
  })
  const deadline = clock() + life.deadlines.scaRequired
  for (;;) {
    const news = () => life.paymentNews.size > 0 || life.stop !== undefined
    const heard = await waitFor(life, 'payer authentication', deadline, news)
    forgetPaymentNews(life)
    const outcome = await answered(driverWaits.readPayment({ paymentId: asked.paymentId }))
    if (outcome?.kind === 'held' || outcome?.kind === 'declined') return outcome
    if (!heard || life.stop !== undefined)
      return {
        kind: 'declined',
        paymentId: asked.paymentId,
        declineCode: 'authentication_not_completed',
      }
  }
}

async function waitForProvider(
  life: Life,
  pending: HoldOutcome & { kind: 'pending' },
): Promise<HoldOutcome | undefined> {
  await waitFor(life, 'payment provider', clock() + 15_000, () => life.paymentNews.size > 0)
  forgetPaymentNews(life)
  return answered(driverWaits.readPayment({ paymentId: pending.paymentId }))
}

/** Gives the hold back, or learns that the provider captured it after all. */
export function release(life: Life, attempt: number, reason: string): Promise<ReleaseOutcome> {
  return money.releaseHold({ sessionId: life.sessionId, attempt, reason })
}

/** Gives back all that a hold still has, also of attempts nothing was captured from. */
export async function releaseAll(life: Life, hold: Hold, reason: string): Promise<void> {
  for (const attempt of [...hold.payments.map((each) => each.attempt), ...hold.surplus])
    await release(life, attempt, reason)
}

/** Energy flows: a hold must now last until the last pull of the record, and a day for the capture. */
export const heldUntil = ({ deadlines: { maxDuration, record } }: Life): string =>
  instant(clock() + maxDuration + record + 86_400_000)

export const heldWhileCharging = (life: Life, { payments }: Hold) => ({
  payments: payments.map(({ paymentId }) => paymentId),
  releaseBy: heldUntil(life),
})

/** Ends a start that did not come to be: the reason and up to three places to go instead (failures F05, F06, F11). */
export async function refuse(
  life: Life,
  refusal: Refusal,
  options: { offerAlternatives: boolean },
): Promise<void> {
  let alternatives: Awaited<ReturnType<typeof courtesy.offerAlternatives>> = []
  if (options.offerAlternatives) {
    try {
      alternatives = await courtesy.offerAlternatives({ sessionId: life.sessionId })
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error
    }
  }
  answerStart(life, { ...refusal, extra: { ...refusal.extra, alternatives } })
  const cancelled = life.stop !== undefined
  await note(life, {
    room: 'authorization',
    what: cancelled ? 'start cancelled' : 'start refused',
    event: cancelled ? 'session.cancelled' : 'session.start_failed',
    // A driver who left has met no failure.
    patch: cancelled
      ? { status: 'cancelled' }
      : {
          status: 'start_failed',
          failure: {
            code: refusal.code,
            detail: refusal.message,
            ...(refusal.reason === undefined ? {} : { reason: refusal.reason }),
            ...(refusal.extra === undefined ? {} : { extra: withoutSecret(refusal.extra) }),
            alternatives,
          },
        },
    detail: { code: refusal.code, alternatives },
  })
}

/** The secret that lets a payer authenticate is for the caller of that moment, never for the record. */
function withoutSecret(extra: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra).filter(([key]) => key !== 'client_secret'))
}
