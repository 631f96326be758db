// THE CORRIDOR. One charging session from quote to payout, read top to bottom. Each room promises what its comment
// says and nothing more; how it keeps the promise is in the folder of the same name.
import { allHandlersFinished, TemporalFailure } from '@temporalio/workflow'
import { endAsDecided } from './attention/workflow.ts'
import { leaveToAftercare } from './aftercare/workflow.ts'
import { captureBy, collect, closeZero, isUnpaid } from './capture/workflow.ts'
import { awaitRecord } from './record/workflow.ts'
import {
  cancel,
  confirmStart,
  follow,
  reportFailedStart,
  start,
  startOver,
  watchLateStart,
} from './charging/workflow.ts'
import { refuseAtCharger } from './charging/refused.ts'
import { refuse, takeHold } from './authorization/workflow.ts'
import type { Hold } from './authorization/workflow.ts'
import type { SessionInput, SessionResult } from './contract.ts'
import { clock, instant, waitUntil } from './clock/clock.ts'
import {
  answerStart,
  hearMore,
  note,
  openLife,
  openWith,
  ownWorkflowId,
  showOperator,
  stopFor,
  takeUnwritten,
} from './life.ts'
import type { Life } from './life.ts'
import { chooseRoute, routeInUse } from './routing/workflow.ts'
import type { Route } from './routing/workflow.ts'
import { awaitSettlement } from './settlement/workflow.ts'
import { dueOf } from '@chargelane/rules/split'
import { bookSale } from './booking/workflow.ts'
import { steps } from './steps.ts'

export async function sessionLifecycle(input: SessionInput): Promise<SessionResult> {
  const life = openLife(input)
  const result = async (outcome: SessionResult['outcome']) => {
    await putRestAside(life, outcome)
    // Whoever waits for the authorization's answer gets it before the workflow ends.
    await waitUntil(Infinity, allHandlersFinished)
    // A session that is over and was captured is settled: nobody has to search for that.
    if (outcome !== 'settled') showOperator(life)
    return { sessionId: life.sessionId, outcome }
  }

  try {
    return await result(await fromQuoteToPayout(life, input))
  } catch (error) {
    // A step failed for good, and somebody decided to end it here.
    return result(await endAsDecided(life, error))
  }
}

async function fromQuoteToPayout(
  life: Life,
  input: SessionInput,
): Promise<SessionResult['outcome']> {
  // quote: consumed once, by one session; from here on the price is locked.
  const opened = await openQuote(input)
  if (opened.kind === 'refused') {
    answerStart(life, opened)
    if (input.origin === 'supply') await refuseAtCharger(life, input, opened)
    return 'refused'
  }
  openWith(life, opened)

  // routing, authorization, charging: no energy for an unfunded payer, no money held without energy in sight.
  const charge =
    input.origin === 'partner' ? await startFor(life) : await adoptFromCharger(life, input)
  if (charge === 'refused' || charge === 'not_started') return charge
  const { route, hold } = charge
  const endedAt = life.endedAt ?? instant(clock())

  // cdr, public-price: the CPO's record, or our own after 24 h, priced by the quote; the driver never pays more.
  const isFunded = hold !== undefined
  const found = await awaitRecord(life, route, { endedAt, isFunded, captureBy: captureBy(hold) })
  // Nothing was proven, it costs nothing, or it is forgiven.
  if (found === undefined || found.sale === null) {
    await closeZero(life, hold)
    await steps.issuePapers({ sessionId: life.sessionId, extends: 0 })
    return 'closed_zero'
  }

  // split, vat: who gets what, decided with the record, before anybody's money moves.
  const { record: billed, sale } = found

  // capture: at most the hold, exactly once; what cannot be captured is a debt, and the CPO is settled all the same.
  const due = dueOf(sale.split)
  const collected = await collect(life, hold, { due, provisional: billed.provisional })

  // fx, ledger: every cent has one owner, and all of it is booked in one tx or not at all.
  const booked = await bookSale(life, sale, billed, collected, endedAt)

  // invoice, evidence: the tax document, and the sealed pack from which anyone can recompute the price.
  const papers = await steps.issuePapers({ sessionId: life.sessionId, extends: 0 })

  // settlement: the payees have their money within 48 h of the end, or everybody hears that they have not.
  const unpaid = isUnpaid(collected)
  await awaitSettlement(life, { billed, booked, endedAt, unpaid })
  await steps.extendEvidence({
    sessionId: life.sessionId,
    extends: papers.revision,
    changes: takeUnwritten(life),
  })

  // aftercare: a sale on our own record is trued up by the CPO's, if that comes within the contract's term.
  if (billed.provisional || life.heard.isInvalid || life.heard.credited !== undefined)
    await leaveToAftercare(life, { route, booked, endedAt })
  return collected.captured.amount > 0 || !unpaid ? 'settled' : 'unpaid'
}

/** Before anything is held or sent a failure is an answer: no quote is consumed, and nothing is left behind. */
async function openQuote(session: SessionInput) {
  try {
    return await steps.openSession({ session, workflowId: ownWorkflowId() })
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error
    const message = 'The session could not be opened. Nothing is held.'
    return { kind: 'refused', code: 'service_unavailable', message } as const
  }
}

/** A record that came and was not judged, because its session bills nothing (any more), is for a person to decide. */
async function putRestAside(life: Life, outcome: SessionResult['outcome']): Promise<void> {
  const { sessionId } = life
  const { records: cdrIds, judged } = life.heard
  // What was put aside before is offered what can work from now on.
  const isGivenUp = outcome === 'closed_zero' && judged.length > 0
  const cause = `the record came to a session that ended as ${outcome} without it`
  if (cdrIds.length > 0 || isGivenUp) await steps.putUnbilledAside({ sessionId, cdrIds, cause })
}

type Charged = { route: Route; hold: Hold | undefined }

/** The partner's start: probe before money, money before the command, the answer before the energy. */
async function startFor(life: Life): Promise<Charged | 'refused' | 'not_started'> {
  const choice = await chooseRoute(life)
  if (choice.kind !== 'route') {
    const { detail: message } = choice
    const refusal =
      choice.kind === 'unreachable'
        ? ({ kind: 'refused', code: 'cpo_unreachable', message } as const)
        : ({ kind: 'refused', code: 'evse_not_available', message, reason: choice.reason } as const)
    await refuse(life, refusal, { offerAlternatives: true })
    return 'refused'
  }
  const { route } = choice

  const hold = await takeHold(life, 1, startOver(route))
  if ('kind' in hold) {
    await refuse(life, hold, { offerAlternatives: false })
    return 'refused'
  }
  answerStart(life, { kind: 'authorized' })

  const ending = await start(life, route, hold)
  if (ending.kind === 'charging') {
    confirmStart(life, 'started', hold)
    return { route, hold: await follow(life, route, hold) }
  }
  if (ending.kind === 'failed') await reportFailedStart(life, ending)
  else if (ending.kind === 'cancelled') await cancel(life)
  else
    await note(life, {
      room: 'charging',
      what: 'start not confirmed',
      event: 'session.start_unconfirmed',
      patch: { status: 'start_unconfirmed' },
    })

  const late = await watchLateStart(life, route, hold)
  if (late.kind === 'silent') return 'not_started'
  if (late.kind === 'stopped') return { route, hold: late.hold }
  return { route, hold: await follow(life, route, late.hold) }
}

/** The driver started with a card at the charger: energy may flow already, so it is funded now or stopped at once. */
async function adoptFromCharger(
  life: Life,
  input: SessionInput & { origin: 'supply' },
): Promise<Charged> {
  const { startedAt: at, supplyRef } = input
  hearMore(life, (heard) => ({ ...heard, started: heard.started ?? { at, supplyRef } }))
  const route = routeInUse(life)
  const taken = await takeHold(life, 1)
  const hold = 'kind' in taken ? undefined : taken
  answerStart(life, { kind: 'authorized' })
  confirmStart(life, 'started', hold)
  if (hold === undefined) stopFor(life, { by: 'corridor', reason: 'deauthorized' })
  return { route, hold: await follow(life, route, hold) }
}
