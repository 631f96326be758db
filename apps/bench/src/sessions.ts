// Sessions through the whole corridor, over real OCPP and OCPI, as partners make them: with the SDK.
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane, type Session } from '@chargelane/sdk'
import { startChargePoint } from '../../simulator/src/charge-point/charge-point.ts'
import { percentile } from './figures.ts'
import type { Stack } from '../../local/src/state.ts'

export type SessionFigures = {
  slots: number
  sessions: number
  failed: number
  perSecond: number
  /** From the stop command to the captured payment, ms. */
  stopToCaptureMs: { p50: number; p95: number }
  /** From the start command to its answer, with the hold placed, ms. */
  startMs: { p50: number; p95: number }
  /** Mean time until each room's entry in the timeline, since the entry before, ms. */
  rooms: { room: string; meanMs: number }[]
}

type Slot = { lane: Chargelane; evseId: string; paymentSource: string }
type Lap = { lane: Chargelane; id: string; stopToCaptureMs: number; startMs: number }
type Entry = { room: string; at: string }

/** Sells on every slot at once for the given time; a session that does not reach capture is counted. */
export async function benchSessions(stack: Stack, durationMs: number): Promise<SessionFigures> {
  const chargers = await Promise.all(
    stack.test_chargers.map(({ identity, password }) =>
      startChargePoint({
        url: stack.ocpp_url.replace(/\/$/, ''),
        identity,
        password,
        speed: 300,
        plugAfterMs: 0,
        powerW: 50_000,
        meterIntervalS: 60,
      }),
    ),
  )
  try {
    const slots = await prepareSlots(stack)
    const laps: Lap[] = []
    let failed = 0
    const startedAt = performance.now()
    await Promise.all(
      slots.map(async (slot) => {
        while (performance.now() - startedAt < durationMs) {
          try {
            laps.push(await charge(slot))
          } catch {
            failed += 1
            await wait(500)
          }
        }
      }),
    )
    const tookMs = performance.now() - startedAt
    // The last sessions still get their invoice and evidence.
    await wait(5000)
    const timelines: Entry[][] = []
    for (const { lane, id } of laps) timelines.push((await lane.sessions.timeline(id)).data)
    return {
      slots: slots.length,
      sessions: laps.length,
      failed,
      perSecond: Math.round((laps.length * 100_000) / tookMs) / 100,
      stopToCaptureMs: spread(laps.map((lap) => lap.stopToCaptureMs)),
      startMs: spread(laps.map((lap) => lap.startMs)),
      rooms: meanPerRoom(timelines),
    }
  } finally {
    await Promise.all(chargers.map((charger) => charger.stop()))
  }
}

/** One slot per EVSE, each with a driver and a card of its own. */
async function prepareSlots(stack: Stack): Promise<Slot[]> {
  const own = new Chargelane({ apiKey: stack.keys.partner_a, baseUrl: stack.api_url })
  const abroad = new Chargelane({ apiKey: stack.keys.partner_b, baseUrl: stack.api_url })
  const found = await untilSellable(abroad)
  const wanted = [
    ...stack.test_chargers.map(({ evse_id }) => ({ lane: own, evseId: evse_id })),
    ...found.map((evseId) => ({ lane: abroad, evseId })),
  ]
  return Promise.all(
    wanted.map(async ({ lane, evseId }, index) => {
      const source = await lane.payment_sources.create({
        driver: { external_id: `bench-driver-${index}` },
        type: 'card',
        payment_method: 'pm_card_visa',
      })
      return { lane, evseId, paymentSource: source.id }
    }),
  )
}

async function untilSellable(lane: Chargelane): Promise<string[]> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const near = { latitude: 46.948, longitude: 7.4474 }
    const { data } = await lane.evses.search({
      near,
      radius_m: 100_000,
      available_only: true,
      limit: 100,
    })
    const sellable = data.filter((evse) => evse.sellable).map((evse) => evse.evse_id)
    if (sellable.length > 0) return sellable.slice(0, 10)
    if (Date.now() > deadline) throw new Error('nothing can be sold over OCPI')
    await wait(250)
  }
}

const isUnderWay = (session: Session) => session.status === 'charging' || session.failure !== null

const isPaid = ({ money_status: money }: Session) => money !== 'held' && money !== 'capturing'

async function charge({ lane, evseId, paymentSource }: Slot): Promise<Lap> {
  const quote = await lane.quotes.create({
    evse: evseId,
    payment_source: paymentSource,
    est_energy_wh: 20_000,
  })
  const asked = performance.now()
  const { id } = await lane.sessions.create({ quote: quote.id })
  const startMs = performance.now() - asked
  const begun = await lane.sessions.waitFor(id, isUnderWay, { timeoutMs: 30_000 })
  if (begun.failure !== null) throw new Error(begun.failure.code)
  const stopped = performance.now()
  await lane.sessions.stop(id)
  const paid = await lane.sessions.waitFor(id, isPaid, { timeoutMs: 60_000 })
  if (paid.hold?.captured == null && paid.money_status !== 'released') {
    throw new Error(paid.money_status)
  }
  return { lane, id, startMs, stopToCaptureMs: performance.now() - stopped }
}

function spread(values: number[]): { p50: number; p95: number } {
  return { p50: Math.round(percentile(values, 50)), p95: Math.round(percentile(values, 95)) }
}

function meanPerRoom(timelines: Entry[][]): SessionFigures['rooms'] {
  const sums = new Map<string, number>()
  for (const entries of timelines) {
    for (const [index, entry] of entries.entries()) {
      const before = entries[index - 1]
      if (!before) continue
      const ms = Date.parse(entry.at) - Date.parse(before.at)
      sums.set(entry.room, (sums.get(entry.room) ?? 0) + ms)
    }
  }
  return [...sums].map(([room, ms]) => ({ room, meanMs: Math.round(ms / timelines.length) }))
}
