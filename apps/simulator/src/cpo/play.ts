// How the simulated operator charges a car: commands with their later result, the session's pushes, and the CDR, as
// they should be or as they go wrong.
import { setTimeout as wait } from 'node:timers/promises'
import { type CpoEvse, type CpoLocation, type CpoTariff, drawsW } from './data.ts'
import type { Emsp } from './emsp.ts'
import { bill } from './price.ts'
import {
  begin,
  dearer,
  inflated,
  periodsOf,
  type Plan,
  recordOf,
  type Running,
  type Start,
} from './record.ts'
import { type CpoObject, type CpoState, iso, put } from './state.ts'

export type PlayOptions = {
  /** Seconds of the car's time per second of real time. */
  speed: number
  /** Real milliseconds between meter pushes. */
  tickMs: number
  onError: (error: unknown) => void
}

/** Everything that plays: the cars that charge now, and the stories that are being told. */
export type Stage = {
  state: CpoState
  emsp: Emsp
  options: PlayOptions
  running: Map<string, Running>
  stories: Set<Promise<void>>
  ending: AbortController
}

export const createStage = (state: CpoState, emsp: Emsp, options: PlayOptions): Stage => ({
  state,
  emsp,
  options,
  running: new Map(),
  stories: new Set(),
  ending: new AbortController(),
})

export async function endStage({ ending, stories }: Stage): Promise<void> {
  ending.abort()
  await Promise.all(stories)
}

/** Resolves when no story is being told any more: what has not been sent by then is never sent. */
export async function allTold({ stories }: Stage): Promise<void> {
  while (stories.size > 0) await Promise.all(stories)
}

/** Plays on its own; the end of the stage ends it too. */
function play(stage: Stage, story: () => Promise<void>): void {
  const told = story().catch((error: unknown) => {
    if (!stage.ending.signal.aborted) stage.options.onError(error)
  })
  stage.stories.add(told)
  void told.finally(() => stage.stories.delete(told))
}

const pause = (stage: Stage, ms: number) => wait(ms, undefined, { signal: stage.ending.signal })

const pathOf = ({ state: { party } }: Stage, id: string) =>
  `/${party.country_code}/${party.party_id}/${id}`

async function sendResult(stage: Stage, url: string | undefined, result: string): Promise<void> {
  if (url !== undefined) await stage.emsp.send('POST', url, { result })
}

/** Answers a START_SESSION at once and plays the rest. */
export function startSession(stage: Stage, start: Start, plan: Plan): 'ACCEPTED' | 'REJECTED' {
  if (plan.scenario === 'reject') return 'REJECTED'
  play(stage, () => tell(stage, start, plan))
  return 'ACCEPTED'
}

/** Answers a STOP_SESSION at once; the car is let go with the next tick. */
export function stopSession(
  stage: Stage,
  sessionId: string,
  responseUrl: string,
): 'ACCEPTED' | 'UNKNOWN_SESSION' {
  const run = stage.running.get(sessionId)
  if (run === undefined) return 'UNKNOWN_SESSION'
  run.stopped = true
  play(stage, async () => {
    await pause(stage, 50)
    await sendResult(stage, responseUrl, 'ACCEPTED')
  })
  return 'ACCEPTED'
}

export async function setStatus(
  stage: Stage,
  location: CpoLocation,
  evse: CpoEvse,
  status: string,
): Promise<void> {
  evse.status = status
  evse.last_updated = iso(Date.now())
  location.last_updated = evse.last_updated
  const path = `${pathOf(stage, location.id)}/${evse.uid}`
  await stage.emsp.push('PATCH', 'locations', path, { status, last_updated: evse.last_updated })
}

/** Publishes the tariff with every price at `percent` of what it was. */
export async function changePrice(stage: Stage, tariffId: string, percent: number): Promise<void> {
  const tariff = stage.state.tariffs.find(({ id }) => id === tariffId)
  if (tariff === undefined) throw new Error(`no tariff ${tariffId}`)
  const next: CpoTariff = {
    ...tariff,
    elements: tariff.elements.map((element) => ({
      ...element,
      price_components: element.price_components.map((component) => ({
        ...component,
        price: Math.round((component.price * 10_000 * percent) / 100) / 10_000,
      })),
    })),
    last_updated: iso(Date.now()),
  }
  put(stage.state.tariffs, next)
  stage.state.save()
  await pushTariff(stage, next)
}

/** Sends a tariff as it is, also one that no operator should; returns the OCPI status. */
export async function pushTariff(
  stage: Stage,
  tariff: { id: string },
): Promise<number | undefined> {
  const path = pathOf(stage, tariff.id)
  return (await stage.emsp.push('PUT', 'tariffs', path, tariff))?.status
}

/** Takes the tariff back from the eMSP; here cars are charged by it as before. */
export async function deleteTariff(stage: Stage, tariffId: string): Promise<number | undefined> {
  return (await stage.emsp.push('DELETE', 'tariffs', pathOf(stage, tariffId), undefined))?.status
}

/** Sends a record as it is; for records made by hand. Returns the HTTP status. */
export async function pushRecord(stage: Stage, cdr: CpoObject): Promise<number | undefined> {
  put(stage.state.cdrs, cdr)
  stage.state.save()
  return (await stage.emsp.push('POST', 'cdrs', '', cdr))?.http
}

async function tell(stage: Stage, start: Start, plan: Plan): Promise<void> {
  await pause(stage, Math.min(stage.options.tickMs, 300))
  const result = (word: string) => sendResult(stage, start.responseUrl, word)
  switch (plan.scenario) {
    case 'reject':
      return
    case 'occupied':
      return result('EVSE_OCCUPIED')
    case 'timeout':
      return result('TIMEOUT')
    case 'accept_then_no_session':
      return result('ACCEPTED')
    case 'late_start':
      await result('TIMEOUT')
      await pause(stage, plan.afterS * 1000)
      return charge(stage, start, plan)
    case 'tariff_change':
      await changePrice(stage, start.evse.connectors[0]?.tariff_ids[0] ?? '', 120)
      await result('ACCEPTED')
      return charge(stage, start, plan)
    case 'normal':
    case 'silent':
    case 'ghost':
    case 'no_cdr':
    case 'late_cdr':
    case 'duplicate_cdr':
    case 'changed_cdr':
    case 'more_energy':
      await result('ACCEPTED')
      return charge(stage, start, plan)
  }
}

async function charge(stage: Stage, start: Start, plan: Plan): Promise<void> {
  const run = begin(stage.state, start, plan)
  stage.running.set(run.session.id, run)
  await pushSession(stage, run, true, {})
  await pause(stage, Math.min(stage.options.tickMs, 300))
  await setStatus(stage, start.location, start.evse, 'CHARGING')
  await flowEnergy(stage, run)
  stage.running.delete(run.session.id)
  await setStatus(stage, start.location, start.evse, 'AVAILABLE')
  await sendRecord(stage, run)
}

async function pushSession(
  stage: Stage,
  run: Running,
  whole: boolean,
  change: Record<string, unknown>,
): Promise<void> {
  Object.assign(run.session, change)
  put(stage.state.sessions, run.session)
  stage.state.save()
  if (run.plan.scenario === 'silent') return
  const path = pathOf(stage, run.session.id)
  await (whole
    ? stage.emsp.push('PUT', 'sessions', path, run.session)
    : stage.emsp.push('PATCH', 'sessions', path, {
        ...change,
        last_updated: run.session.last_updated,
      }))
}

/** From plug to unplug: the meter's instants run at the car's speed, from the real start on. */
async function flowEnergy(stage: Stage, run: Running): Promise<void> {
  const { speed, tickMs } = stage.options
  const begun = Date.now()
  const from = run.flow[0]?.at ?? begun
  const powerW = drawsW(run.start.evse.connectors[0]?.max_electric_power ?? 0)
  const fullS = run.plan.minutes * 60
  const isGhost = run.plan.scenario === 'ghost'
  for (let isFirst = true; ; isFirst = false) {
    const playedS = Math.round(((Date.now() - begun) / 1000) * speed)
    const sinceS = isGhost ? playedS : Math.min(playedS, fullS)
    const wh = Math.floor((powerW * (isGhost ? Math.min(sinceS, fullS / 2) : sinceS)) / 3600)
    if (sinceS > 0) run.flow.push({ at: from + sinceS * 1000, wh })
    const now = { kwh: wh / 1000, last_updated: iso(from + sinceS * 1000) }
    if (run.stopped || (sinceS >= fullS && !isGhost)) {
      const total = bill(run.flow, run.tariff)
      await pushSession(stage, run, true, {
        ...now,
        status: 'COMPLETED',
        end_date_time: now.last_updated,
        charging_periods: periodsOf(run, total),
        total_cost: { excl_vat: total.exclVat, incl_vat: total.inclVat },
      })
      return
    }
    await pushSession(stage, run, false, isFirst ? { ...now, status: 'ACTIVE' } : now)
    await pause(stage, tickMs)
  }
}

async function sendRecord(stage: Stage, run: Running): Promise<void> {
  const { scenario, afterS } = run.plan
  if (scenario === 'no_cdr') return
  const make = scenario === 'more_energy' ? inflated : recordOf
  const cdr = make(stage.state.party, run)
  if (scenario === 'late_cdr') await pause(stage, afterS * 1000)
  put(stage.state.cdrs, cdr)
  stage.state.save()
  if (scenario === 'silent') return
  await stage.emsp.push('POST', 'cdrs', '', cdr)
  if (scenario === 'duplicate_cdr') await stage.emsp.push('POST', 'cdrs', '', cdr)
  if (scenario === 'changed_cdr') await stage.emsp.push('POST', 'cdrs', '', dearer(cdr))
}
