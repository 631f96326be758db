// The watch over a hold while energy flows (law L1, failures F26, F49): before the session could cost more than is held
// the driver is told and more is asked for; what nobody holds is not delivered. A hold that dies is replaced.
import { pullState } from '../routing/workflow.ts'
import type { Route } from '../routing/workflow.ts'
import { hearPull } from '../charging/rules.ts'
import { clock, instant, millis } from '../clock/clock.ts'
import {
  factsOf,
  forgetPaymentNews,
  hearMore,
  note,
  showMoney,
  stopFor,
  takeUnwritten,
} from '../life.ts'
import type { Life } from '../life.ts'
import { driverWaits, steps } from '../steps.ts'
import type { Cover } from './cover.ts'
import { changed, type HeldPayment, type Hold, withAttempt, without, withPayment } from './hold.ts'
import { answered, askForHold, heldPayment, heldUntil } from './workflow.ts'

export type Watch = {
  hold: Hold
  /** When it is looked at next, in milliseconds; after the session's longest time for one that lasts. */
  lookAt: number
  /** False once nobody raised it and nobody held more. */
  canGrow: boolean
  /** When more is asked for once again, in milliseconds; never where that was the last word. */
  growAt: number
  /** The provider could not say whether it stands. */
  isDoubtful: boolean
}

/** Nearer than that the session is stopped instead of looked at again. */
const shortestLookMs = 15_000
/** A reading that is older says little of what flows. */
const staleMs = 2 * 60_000
/** Between two times that more is asked of a card whose issuer, or whose provider, may say yes later. */
const growAgainMs = 60_000

const isLeft = (life: Life) => life.heard.ended !== undefined || life.stop !== undefined

/** The first look comes with the start: what is told of it is written by the same step. */
export async function beginWatch(life: Life, hold: Hold, until: number): Promise<Watch> {
  const watch = { hold, lookAt: until, canGrow: true, growAt: Infinity, isDoubtful: false }
  if (isLeft(life)) return watch
  const cover = await readCover(life, hold, until)
  return cover === undefined ? watch : { ...watch, lookAt: nextLook(life, watch, cover, until) }
}

/** What cannot be reckoned is not delivered: then charging ends, and a person hears why. */
async function readCover(life: Life, hold: Hold, until: number): Promise<Cover | undefined> {
  const { sessionId } = life
  const asked = { sessionId, held: hold.amount, until: instant(until) }
  const cover = await answered(steps.readCover({ ...asked, changes: takeUnwritten(life) }))
  if (cover !== undefined) return cover
  stopFor(life, { by: 'corridor', reason: 'limit' })
  await note(life, {
    room: 'authorization',
    what: 'cost so far not known',
    incident: {
      kind: 'step_failed',
      subject: { type: 'session', id: sessionId },
      accountId: factsOf(life).accountId,
      cause: 'What the session costs so far cannot be computed, so it was stopped.',
      atStake: hold.amount,
      actions: [],
    },
  })
  return undefined
}

/** As early before the limit as the command to stop takes; earlier while more can be asked for, and told. */
function actAt({ deadlines }: Life, { canGrow }: Watch, { reachesAt }: Cover): number {
  const { limitWarning, stopConfirmation } = deadlines
  const lead = canGrow ? limitWarning + stopConfirmation : stopConfirmation
  return reachesAt === null ? Infinity : millis(reachesAt) - lead
}

function nextLook(life: Life, watch: Watch, cover: Cover, until: number): number {
  const renewals = watch.hold.payments.flatMap(({ renewBy }) =>
    renewBy === null ? [] : [millis(renewBy)],
  )
  const charged = clock() - millis(life.heard.started?.at ?? instant(clock()))
  const longest = clock() + Math.max(life.deadlines.longestLook, charged / 10)
  return Math.min(until, longest, watch.growAt, actAt(life, watch, cover), ...renewals)
}

/** What is due at a look: holds whose time ends are renewed, and more is held where little is left. */
export async function lookAfter(
  life: Life,
  route: Route,
  before: Watch,
  until: number,
): Promise<Watch> {
  let watch = askingAgain(await renewDue(life, before))
  let hasPulled = false
  while (!isLeft(life)) {
    const cover = await readCover(life, watch.hold, until)
    if (cover === undefined) return watch
    if (actAt(life, watch, cover) - clock() >= shortestLookMs)
      return { ...watch, lookAt: nextLook(life, watch, cover, until) }
    if (!hasPulled && isStale(cover)) {
      hasPulled = true
      const state = await pullState(life, route)
      hearMore(life, (heard) => hearPull(heard, state))
    } else if (watch.canGrow) watch = await growFor(life, watch, cover)
    else stopFor(life, { by: 'corridor', reason: 'limit' })
  }
  return watch
}

/** A while after an issuer said later, or after nobody answered, the hold may grow again. */
const askingAgain = (watch: Watch): Watch =>
  watch.growAt <= clock() ? { ...watch, canGrow: true, growAt: Infinity } : watch

const isStale = ({ lastReadingAt }: Cover) =>
  lastReadingAt === null || clock() - millis(lastReadingAt) > staleMs

/** The driver is told before anything is asked of the card. */
async function growFor(life: Life, watch: Watch, cover: Cover): Promise<Watch> {
  const { costSoFar, reachesAt, wanted } = cover
  await note(life, {
    room: 'authorization',
    what: 'limit approaching',
    event: 'session.limit_approaching',
    detail: {
      held: watch.hold.amount,
      cost_so_far: costSoFar,
      reached_at_the_earliest: reachesAt,
      insured: cover.insured,
    },
  })
  const more = wanted.amount - watch.hold.amount.amount
  const least = Math.max(...watch.hold.payments.map((payment) => payment.least))
  const raised = await raise(watch.hold, more)
  const hold = raised ?? watch.hold
  if (raised?.amount.amount === wanted.amount) return { ...watch, hold }
  const held = await holdMore(life, hold, {
    ...wanted,
    amount: Math.max(more, least),
  })
  const growAt = held.isLater ? clock() + growAgainMs : Infinity
  return { ...watch, hold: held.hold, canGrow: held.isHeld, growAt }
}

/** The newest payment that may still be raised, by this much; undefined where there is none. */
async function raise(hold: Hold, more: number): Promise<Hold | undefined> {
  const payment = hold.payments.findLast(({ canBeRaised }) => canBeRaised)
  if (payment === undefined) return undefined
  const { paymentId } = payment
  const amount = { ...payment.amount, amount: payment.amount.amount + more }
  const outcome = await answered(driverWaits.increaseHold({ paymentId, amount }))
  if (outcome?.kind === 'increased') {
    const { amount: whole, most } = outcome
    return changed(hold, paymentId, { amount: whole, most })
  }
  // Nobody answered: it may be asked for once more, and is found then if it was raised after all.
  return outcome === undefined ? hold : changed(hold, paymentId, { canBeRaised: false })
}

/** `isLater` where asking once more may help. */
type More = { hold: Hold; isHeld: boolean; isLater: boolean }

/** A further authorization beside what is held. Nobody is there to answer a challenge. */
async function holdMore(life: Life, hold: Hold, amount: Hold['amount']): Promise<More> {
  const attempt = hold.lastAttempt + 1
  const asked = { attempt, amount, offSession: true, releaseBy: heldUntil(life) }
  const outcome = await askForHold(life, asked)
  // Nothing was begun, so the attempt is still to be made.
  if (outcome?.kind === 'unavailable') return { hold, isHeld: false, isLater: true }
  if (outcome?.kind !== 'held') {
    const isDeclined = outcome?.kind === 'declined'
    return {
      hold: withAttempt(hold, attempt, !isDeclined),
      isHeld: false,
      isLater: outcome === undefined || (isDeclined && outcome.advice === 'try_again_later'),
    }
  }
  showMoney(life, 'held')
  return {
    hold: withPayment(hold, heldPayment(outcome, attempt)),
    isHeld: true,
    isLater: false,
  }
}

/** A hold whose time ends is held anew; where that fails charging ends, and what was delivered is captured in time. */
async function renewDue(life: Life, before: Watch): Promise<Watch> {
  let watch = before.isDoubtful ? await heedPaymentNews(life, before) : before
  for (const payment of watch.hold.payments) {
    if (payment.renewBy === null || millis(payment.renewBy) > clock() || isLeft(life)) continue
    const more = await holdMore(life, watch.hold, payment.amount)
    watch = {
      ...watch,
      hold: more.isHeld
        ? without(more.hold, payment)
        : changed(more.hold, payment.paymentId, { canBeRaised: false }),
    }
    if (!more.isHeld) stopFor(life, { by: 'corridor', reason: 'deauthorized' })
  }
  return watch
}

/** The provider says that something became of a payment: what is lost is held anew, else charging ends. */
export async function heedPaymentNews(life: Life, before: Watch): Promise<Watch> {
  forgetPaymentNews(life)
  let watch: Watch = { ...before, isDoubtful: false }
  for (const payment of watch.hold.payments) {
    const { paymentId } = payment
    const standing = await answered(driverWaits.checkHold({ paymentId }))
    if (standing === undefined)
      watch = { ...watch, isDoubtful: true, lookAt: Math.min(watch.lookAt, clock() + 60_000) }
    if (standing?.kind !== 'lost') continue
    const more = await holdMore(life, watch.hold, payment.amount)
    watch = { ...watch, hold: without(more.hold, payment) }
    if (!more.isHeld) await endUncovered(life, payment, standing.reason)
  }
  return watch
}

/** Energy flowed that nobody holds money for any more: it ends, and a person hears what is open. */
async function endUncovered(life: Life, payment: HeldPayment, reason: string): Promise<void> {
  stopFor(life, { by: 'corridor', reason: 'deauthorized' })
  const { accountId } = factsOf(life)
  await note(life, {
    room: 'authorization',
    what: 'cover lost',
    detail: { payment: payment.paymentId, amount: payment.amount, reason },
    incident: {
      kind: 'hold_lost',
      subject: { type: 'payment', id: payment.paymentId },
      accountId,
      cause: `The provider gave up the hold (${reason}), and no other could be had.`,
      atStake: payment.amount,
      actions: [],
    },
  })
}
