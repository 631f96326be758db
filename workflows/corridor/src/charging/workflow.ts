import { endByDecision } from '../attention/workflow.ts'
import type { EndReason, StartRejection } from '@chargelane/openapi/vocabulary/status'
import { beginWatch, heedPaymentNews, lookAfter } from '../authorization/watch.ts'
import { heldWhileCharging, releaseAll, takeHold } from '../authorization/workflow.ts'
import type { Following, Hold } from '../authorization/workflow.ts'
import { clock, instant, millis } from '../clock/clock.ts'
import {
  endAt,
  factsOf,
  hearMore,
  note,
  noteCommand,
  noteLater,
  stopFor,
  waitFor,
} from '../life.ts'
import type { Life, Note } from '../life.ts'
import { pullState, sendStart, sendStop, sendUnlock } from '../routing/workflow.ts'
import type { CommandQueue } from '../routing/rules.ts'
import type { Route } from '../routing/workflow.ts'
import type { UnlockOutcome } from '../supply/connection.ts'
import { courtesy, steps } from '../steps.ts'
import { guessOf } from './told-end.ts'
import { energyStoppedAt, ghostDue, hearPull, pullTimes, trustedEnd } from './rules.ts'
import { ActivityFailure } from '@temporalio/workflow'

export type StartEnding =
  | { kind: 'charging' }
  | {
      kind: 'failed'
      code: 'start_rejected' | 'cpo_unreachable'
      reason: StartRejection
      detail: string
    }
  | { kind: 'cancelled' }
  | { kind: 'unconfirmed' }

const isStarted = (life: Life) => life.heard.started !== undefined
const isOver = (life: Life) => life.heard.ended !== undefined

/** What is told of a start before it is sent. */
export const startOver = (route: Route): Following => ({
  commands: { evseId: route.evseId, protocol: route.protocol },
  note: {
    room: 'charging',
    what: 'start sent',
    event: 'session.starting',
    patch: { status: 'starting' },
    detail: { connection: route.connectionId },
  },
})

/** Sends the start and waits for energy, not for the promise of it; silence is asked four times (failures F03). */
export async function start(life: Life, route: Route, hold: Hold): Promise<StartEnding> {
  const queue = hold.told ?? (await noteCommand(life, route, startOver(route).note))
  const sentAt = clock()
  const outcome = await sendStart(life, route, queue)
  if (outcome.kind === 'rejected' && !isStarted(life))
    return {
      kind: 'failed',
      code: 'start_rejected',
      reason: outcome.reason,
      detail: outcome.detail,
    }
  if (outcome.kind === 'unreachable' && !isStarted(life))
    return { kind: 'failed', code: 'cpo_unreachable', reason: 'timeout', detail: outcome.detail }
  for (const until of pullTimes(sentAt, life.deadlines.startConfirmation, 4)) {
    await waitForStart(life, until)
    if (!hasNews(life)) await hearByPull(life, route)
    if (hasNews(life) || isPlugAwaited(life)) break
  }
  if (isPlugAwaited(life) && !hasNews(life)) return giveUpPlug(life, route)
  // A stop may cross the charger's begin: what it has begun is stopped as any charge, and paid out of the hold.
  if (life.stop !== undefined && !isStarted(life)) await hearByPull(life, route)
  if (isStarted(life)) return { kind: 'charging' }
  const rejected = life.heard.startRejected
  if (rejected !== undefined) return { kind: 'failed', code: 'start_rejected', ...rejected }
  return life.stop === undefined ? { kind: 'unconfirmed' } : { kind: 'cancelled' }
}

const isPlugAwaited = ({ status }: Life) => status === 'awaiting_plug_in'

/** Nobody plugged in: the charger waits no longer, and what is held goes back at once (failures F08). */
async function giveUpPlug(life: Life, route: Route): Promise<StartEnding> {
  await sendStop(life, route)
  if (isStarted(life)) return { kind: 'charging' }
  const detail = `no car was plugged in within ${life.deadlines.plugIn / 1_000} s`
  return { kind: 'failed', code: 'start_rejected', reason: 'cable_not_connected', detail }
}

/** What a pull finds is added to what came by itself meanwhile. */
async function hearByPull(life: Life, route: Route): Promise<void> {
  const state = await pullState(life, route)
  hearMore(life, (heard) => hearPull(heard, state))
}

const hasNews = (life: Life) =>
  isStarted(life) || life.heard.startRejected !== undefined || life.stop !== undefined

async function waitForStart(life: Life, until: number): Promise<void> {
  const plugNews = () => life.heard.plugAwaited && life.status === 'starting'
  await waitFor(life, 'start of charging', until, () => hasNews(life) || plugNews())
  if (!plugNews() || hasNews(life)) return
  await note(life, {
    room: 'charging',
    what: 'waiting for the plug',
    event: 'session.awaiting_plug_in',
    patch: { status: 'awaiting_plug_in' },
  })
  await waitFor(life, 'plug', Math.max(until, clock() + life.deadlines.plugIn), () => hasNews(life))
}

/**
 * The start is real: from here on somebody pays for what flows, out of the hold if there is one. It is told with the
 * first look at the hold, or with whatever comes before that.
 */
export function confirmStart(life: Life, how: 'started' | 'adopted', hold: Hold | undefined): void {
  const started = life.heard.started
  noteLater(life, {
    room: 'charging',
    what: how === 'started' ? 'charging' : 'late start adopted',
    event: how === 'started' ? 'session.started' : 'session.late_start_adopted',
    patch: {
      status: 'charging',
      recordStatus: 'session_only',
      ...(how === 'adopted' ? { failure: null } : {}),
      ...(started === undefined ? {} : { startedAt: started.at, supplyRef: started.supplyRef }),
    },
    ...(hold === undefined ? {} : { keepsHold: heldWhileCharging(life, hold) }),
  })
}

/** The driver left before energy flowed; whatever starts later is stopped at once (failures F04). */
export async function cancel(life: Life): Promise<void> {
  await note(life, {
    room: 'charging',
    what: 'cancelled before the start',
    event: 'session.cancelled',
    patch: { status: 'cancelled' },
    detail: { by: life.stop?.by },
  })
}

/** The start did not come to be: hold back within a minute, other places to go (failures F05). */
export async function reportFailedStart(
  life: Life,
  ending: StartEnding & { kind: 'failed' },
): Promise<void> {
  let alternatives: Awaited<ReturnType<typeof courtesy.offerAlternatives>> = []
  try {
    alternatives = await courtesy.offerAlternatives({ sessionId: life.sessionId })
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
  }
  const { code, reason, detail } = ending
  await note(life, {
    room: 'charging',
    what: 'start failed',
    event: 'session.start_failed',
    patch: { status: 'start_failed', failure: { code, reason, detail, alternatives } },
    detail: { code, reason, detail, alternatives },
  })
}

/** What is held is that which nobody gave back before energy flowed. */
export type LateStart =
  | { kind: 'adopted'; hold: Hold }
  | { kind: 'stopped'; hold: Hold | undefined }
  | { kind: 'silent' }

/**
 * A start was sent and nothing came of it. Supply may still start on its own (failures F03, F04): the hold goes back at
 * 180 s, or soon after its driver left; the watch stays 24 h. A late start is adopted when it can be paid for, else
 * stopped at once; what is held by then pays for what flowed.
 */
export async function watchLateStart(life: Life, route: Route, hold: Hold): Promise<LateStart> {
  const sentAt = clock()
  const { holdVoidAfterUnconfirmedStart, startConfirmation, stopConfirmation, lateStartWatch } =
    life.deadlines
  const grace = Math.max(0, holdVoidAfterUnconfirmedStart - startConfirmation)
  let held: Hold | undefined = hold
  const hasLeft = life.status === 'cancelled'
  const mayBegin = hasLeft || life.status === 'start_unconfirmed'
  if (mayBegin)
    await waitFor(
      life,
      'late start',
      sentAt + (hasLeft ? Math.min(grace, stopConfirmation) : grace),
      () => isStarted(life) || (!hasLeft && life.stop !== undefined),
    )
  if (!isStarted(life) || !mayBegin) {
    await releaseAll(life, hold, life.status)
    held = undefined
  }
  const pulls = pullTimes(sentAt, lateStartWatch, 6)
  for (let until = pulls.shift(); until !== undefined && !isStarted(life); ) {
    if (life.stop !== undefined && life.status === 'start_unconfirmed') await cancel(life)
    const leaving = () => life.stop !== undefined && life.status === 'start_unconfirmed'
    await waitFor(life, 'late start', until, () => isStarted(life) || leaving())
    if (isStarted(life) || leaving()) continue
    await hearByPull(life, route)
    until = pulls.shift()
  }
  if (!isStarted(life)) return { kind: 'silent' }
  const wanted = life.stop === undefined && life.status !== 'cancelled'
  if (wanted) {
    const again = held ?? (await takeHold(life, hold.lastAttempt + 1))
    if (!('kind' in again)) {
      confirmStart(life, 'adopted', again)
      return { kind: 'adopted', hold: again }
    }
  }
  await stopLateStart(life, route, wanted ? 'not funded' : 'driver left')
  return { kind: 'stopped', hold: held }
}

async function stopLateStart(life: Life, route: Route, why: string): Promise<void> {
  const started = life.heard.started
  const queue = await noteCommand(life, route, {
    room: 'charging',
    what: 'late start stopped',
    event: 'session.late_start_stopped',
    patch: {
      ...(life.status === 'cancelled' ? {} : { status: 'cancelled' }),
      ...(started === undefined ? {} : { startedAt: started.at, supplyRef: started.supplyRef }),
    },
    detail: { why },
  })
  const endedAt = await askSupplyToStop(life, route, queue)
  endAt(life, endedAt, guessOf(life, 'deauthorized'))
  await note(life, {
    room: 'charging',
    what: 'late start ended',
    patch: { endedAt, endReason: 'deauthorized' },
  })
}

/**
 * Follows the charge to its end, and its hold with it; returns what is held then. Every way out has a deadline: stop,
 * ghost, longest duration, and the end of what is held (failures F21, F24, F26).
 */
export async function follow(
  life: Life,
  route: Route,
  hold: Hold | undefined,
): Promise<Hold | undefined> {
  const startedAt = life.heard.started?.at ?? instant(clock())
  const held = { hold }
  try {
    await followToEnd(life, route, startedAt, held)
  } catch (error) {
    endByDecision(life, error)
  }
  await confirmEnd(life, startedAt)
  return held.hold
}

/** `held` is what is held now, also for whoever ends the charge from outside. */
async function followToEnd(
  life: Life,
  route: Route,
  startedAt: string,
  held: { hold: Hold | undefined },
): Promise<void> {
  const closes = closingTime(life)
  const longest = Math.min(closes, clock() + life.deadlines.maxDuration)
  let check = clock() + (life.deadlines.ghost * 2) / 3
  let idle: Idle = { restedUntil: 0, warned: false }
  let watch = held.hold && (await beginWatch(life, held.hold, longest))
  const isLeft = () => isOver(life) || life.stop !== undefined
  const hasFlowNews = () =>
    life.heard.connectivity !== life.connectivity || isPaused(life) !== isShownPaused(life)
  while (!isLeft()) {
    const until = Math.min(check, longest, watch?.lookAt ?? longest)
    const hasPaymentNews = () => watch !== undefined && life.paymentNews.size > 0
    const stirred = await waitFor(
      life,
      'end of charging',
      until,
      () => isLeft() || hasFlowNews() || hasPaymentNews(),
    )
    if (hasFlowNews() && !isLeft()) {
      await noteFlow(life)
      // A rest that ends begins the time anew, and one that begins is no idleness.
      check = clock()
    }
    if (watch !== undefined && hasPaymentNews()) watch = await heedPaymentNews(life, watch)
    held.hold = watch?.hold
    if (stirred || isLeft()) continue
    if (clock() >= longest)
      stopFor(life, {
        by: 'corridor',
        reason: clock() >= closes ? 'site_closed' : 'max_duration',
      })
    else if (watch !== undefined && clock() >= watch.lookAt)
      watch = await lookAfter(life, route, watch, longest)
    else {
      const next = await checkGhost(life, startedAt, idle)
      check = next.check
      idle = next.idle
    }
  }
  held.hold = watch?.hold
  if (!isOver(life)) await stop(life, route)
}

/** No running session is cut off by a closing time that its quote did not say it ends at. */
const closingTime = (life: Life): number => {
  const { closesAt } = factsOf(life)
  return closesAt === undefined ? Infinity : millis(closesAt)
}

const isPaused = ({ heard }: Life) => heard.pausedAt !== undefined
const isShownPaused = ({ status }: Life) => status === 'suspended'

/** What is told of the charger while energy flows, or waits: whether it is heard, and whether it holds energy back. */
async function noteFlow(life: Life): Promise<void> {
  const { connectivity } = life.heard
  if (connectivity !== life.connectivity)
    await note(life, {
      room: 'charging',
      what: `charger ${connectivity}`,
      event: 'session.connectivity_changed',
      patch: { connectivity },
    })
  if (isPaused(life) === isShownPaused(life)) return
  await note(life, {
    room: 'charging',
    what: isPaused(life) ? 'paused by the charger' : 'charging goes on',
    event: isPaused(life) ? 'session.suspended' : 'session.resumed',
    patch: { status: isPaused(life) ? 'suspended' : 'charging' },
  })
}

/** What is known of a charge on which nothing flows: the end of the last rest (ms), and whether its driver was warned. */
type Idle = { restedUntil: number; warned: boolean }

/** First a warning, then the stop when the ghost time is over; new energy disarms it. */
async function checkGhost(
  life: Life,
  startedAt: string,
  before: Idle,
): Promise<{ check: number; idle: Idle }> {
  const { sessionId, deadlines, heard } = life
  const progress = await steps.readProgress({ sessionId, startedAt })
  const { energyWh, parkingPriced } = progress
  const stoppedAtMs = energyStoppedAt(progress.flow)
  const told = heard.restedUntil === undefined ? 0 : millis(heard.restedUntil)
  const due = ghostDue({
    startedAtMs: millis(startedAt),
    stoppedAtMs,
    nowMs: clock(),
    ghostMs: deadlines.ghost,
    isResting: life.connectivity === 'suspected_offline' || isPaused(life),
    parkingPriced,
    restedUntilMs: Math.max(before.restedUntil, told),
  })
  const isIdle = due.kind === 'warn' || due.kind === 'ghost'
  if (isIdle && !before.warned)
    await note(life, {
      room: 'charging',
      what: 'no energy flows',
      event: 'session.ghost_detected',
      detail: {
        stopped_at: stoppedAtMs === undefined ? null : instant(stoppedAtMs),
        energy_wh: energyWh,
      },
    })
  if (due.kind === 'ghost') stopFor(life, { by: 'corridor', reason: 'ghost' })
  const restedUntil = due.kind === 'resting' ? clock() : before.restedUntil
  return { check: due.checkAtMs, idle: { restedUntil, warned: isIdle } }
}

async function stop(life: Life, route: Route): Promise<void> {
  const cause = life.stop ?? { by: 'corridor', reason: 'other' as const }
  const automatic = cause.by === 'corridor'
  const queue = await noteCommand(life, route, {
    room: 'charging',
    what: automatic ? 'stopped by rule' : 'stop asked',
    event: automatic ? 'session.auto_stopped' : 'session.stopping',
    patch: { status: 'stopping' },
    detail: cause,
  })
  await askSupplyToStop(life, route, queue)
}

/**
 * Three confirmation times long: a command that arrived gets one to be obeyed, one that did not is sent again soon, as
 * a node that restarts is back in seconds. Then the cable is freed where the charger can, and the end is inferred
 * (failures F22, F23); the record, when it comes, corrects it. Returns the instant of the end.
 */
async function askSupplyToStop(life: Life, route: Route, queue: CommandQueue): Promise<string> {
  const { stopConfirmation } = life.deadlines
  const until = clock() + 3 * stopConfirmation
  const over = () => isOver(life) || life.heard.forced
  let acceptedAt: string | undefined
  let isUnknown = false
  for (let attempt = 0; clock() < until && !over() && !isUnknown; attempt++) {
    const outcome = await sendStop(life, route, attempt === 0 ? queue : undefined)
    if (outcome.kind === 'accepted') acceptedAt ??= instant(clock() - (outcome.keptMs ?? 0))
    isUnknown = outcome.kind === 'unknown_session'
    if (!isUnknown) {
      const soon = Math.min(stopConfirmation, 1_000 * 2 ** attempt)
      const patience = outcome.kind === 'unreachable' ? soon : stopConfirmation
      await waitFor(life, 'end after stop', Math.min(until, clock() + patience), over)
    }
    if (!isOver(life)) await hearByPull(life, route)
  }
  freezeFees(life, acceptedAt)
  const unlocked = over() || isUnknown ? undefined : await sendUnlock(life, route)
  if (unlocked?.kind === 'accepted')
    await waitFor(life, 'end after unlock', clock() + stopConfirmation, over)
  return life.heard.ended?.at ?? inferEnd(life, route, { acceptedAt, unlocked })
}

/**
 * Who asked to stop pays for no more time once the charger has taken it (failures F23). One that obeys within its
 * confirmation time ends when it says; what flows meanwhile is paid for, since it was delivered.
 */
function freezeFees(life: Life, acceptedAt: string | undefined): void {
  const { stopConfirmation } = life.deadlines
  if (acceptedAt === undefined || clock() < millis(acceptedAt) + stopConfirmation) return
  noteLater(life, {
    room: 'charging',
    what: 'fees frozen',
    patch: { feesFrozenAt: acceptedAt },
    detail: { from: acceptedAt },
  })
}

/**
 * The end that nobody confirmed is where the register stood last, but not after the charger took the stop: who asked to
 * stop pays for no more time (failures F23).
 */
async function inferEnd(
  life: Life,
  { evseId }: Route,
  tried: { acceptedAt: string | undefined; unlocked: UnlockOutcome | undefined },
): Promise<string> {
  const { sessionId } = life
  const now = instant(clock())
  const startedAt = life.heard.started?.at ?? now
  const progress = await steps.readProgress({ sessionId, startedAt })
  const last = progress.lastReadingAt ?? now
  const { acceptedAt = last } = tried
  const at = millis(acceptedAt) < millis(last) ? acceptedAt : last
  hearMore(life, (heard) => ({ ...heard, ended: heard.ended ?? { at, reason: 'inferred' } }))
  const { forced } = life.heard
  const incident: NonNullable<Note['incident']> = {
    kind: 'stop_failed',
    subject: { type: 'session', id: sessionId },
    accountId: factsOf(life).cpoId,
    cause: `the charger did not end the charge after three stops; ${unlockWords(tried.unlocked)}`,
    detail: { evse: evseId, inferred_end: at },
    energyWh: progress.energyWh,
    actions: [],
  }
  await note(life, {
    room: 'charging',
    what: 'stop not confirmed',
    event: 'session.stop_failed',
    detail: { inferred_end: at, forced, accepted_at: tried.acceptedAt ?? null },
    ...(forced ? {} : { incident }),
  })
  return at
}

function unlockWords(unlocked: UnlockOutcome | undefined): string {
  if (unlocked === undefined) return 'it was not unlocked'
  return unlocked.kind === 'accepted' ? 'it was unlocked' : `not unlocked: ${unlocked.detail}`
}

async function confirmEnd(life: Life, startedAt: string): Promise<void> {
  const now = instant(clock())
  const ended = life.heard.ended ?? { at: now, reason: 'inferred' as EndReason }
  const endedAt = trustedEnd(millis(ended.at), millis(startedAt), millis(now))
  endAt(life, instant(endedAt), guessOf(life, life.stop?.reason))
  // Supply reports our own remote stop as its reason; the partner is told who asked for it.
  const reason = ended.reason === 'inferred' ? 'inferred' : (life.stop?.reason ?? ended.reason)
  const ending: Note = {
    room: 'charging',
    what: 'charging ended',
    event: 'session.ended',
    patch: {
      status: 'ended',
      endedAt: instant(endedAt),
      endReason: reason,
      slaDeadline: instant(endedAt + life.deadlines.sla),
    },
    readsEnergy: true,
    detail: { evse: factsOf(life).evseId },
  }
  // A record that came together with the end is judged at once, by a step that writes the end first.
  if (life.heard.records.length > 0) noteLater(life, ending)
  else await note(life, ending)
}
