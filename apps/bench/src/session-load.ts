// The load: drivers who charge at every charger at once, over real OCPP and OCPI, as partners sell them: with the SDK.
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane, type Session } from '@chargelane/sdk'
import { startChargePoint } from '../../simulator/src/charge-point/charge-point.ts'
import type { Stack } from '../../local/src/state.ts'

export type Slot = { lane: Chargelane; evseId: string; paymentSource: string }
export type Lap = { lane: Chargelane; id: string; stopToCaptureMs: number; startMs: number }
/** `abandoned` of the failed ones had begun; the product goes on watching them. */
export type Load = { laps: Lap[]; failed: number; abandoned: number; tookMs: number }

export async function startChargers(stack: Stack): Promise<{ stop: () => Promise<void> }> {
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
  return {
    stop: async () => {
      await Promise.all(chargers.map((charger) => charger.stop()))
    },
  }
}

/** One slot per EVSE, each with a driver and a card of its own. */
export async function prepareSlots(stack: Stack): Promise<Slot[]> {
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

/** Sells on every slot at once for the given time, at least once each; what does not reach capture is counted. */
export async function sellOn(slots: readonly Slot[], durationMs: number): Promise<Load> {
  const laps: Lap[] = []
  let failed = 0
  let abandoned = 0
  const startedAt = performance.now()
  await Promise.all(
    slots.map(async (slot) => {
      do {
        let hasBegun = false
        try {
          laps.push(await charge(slot, () => (hasBegun = true)))
        } catch {
          failed += 1
          if (hasBegun) abandoned += 1
          await wait(500)
        }
      } while (performance.now() - startedAt < durationMs)
    }),
  )
  return { laps, failed, abandoned, tookMs: performance.now() - startedAt }
}

const isUnderWay = (session: Session) => session.status === 'charging' || session.failure !== null

const isPaid = ({ money_status: money }: Session) => money !== 'held' && money !== 'capturing'

async function charge({ lane, evseId, paymentSource }: Slot, hasBegun: () => void): Promise<Lap> {
  const quote = await lane.quotes.create({
    evse: evseId,
    payment_source: paymentSource,
    // A busy machine charges for longer than an idle one; what is held must cover it, or the payer owes and is refused.
    est_energy_wh: 60_000,
  })
  const asked = performance.now()
  const { id } = await lane.sessions.create({ quote: quote.id })
  const startMs = performance.now() - asked
  hasBegun()
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
