// One script of a partner, unchanged, at operators of every edition of OCPI and at a charger of our own node (R001): it
// never learns which protocol served it.
import { expect, test } from 'vitest'
import type { Chargelane } from '@chargelane/sdk'
import { cpoEditions } from '../cpo/words.ts'
import {
  assertMoneyIsRight,
  isCaptured,
  isCharging,
  newCharger,
  newOcpiCpo,
  newPartner,
} from './product.ts'

/** What a partner writes: an EVSE of its own choice, a price, a charge, and what it cost. */
async function charge(lane: Chargelane, driver: string, evse: string) {
  const source = await lane.payment_sources.create({
    driver: { external_id: driver },
    type: 'card',
    payment_method: 'pm_card_visa',
  })
  const quote = await lane.quotes.create({
    evse,
    payment_source: source.id,
    est_energy_wh: 24_000,
  })
  const { id } = await lane.sessions.create({ quote: quote.id })
  await lane.sessions.waitFor(id, isCharging, { timeoutMs: 30_000 })
  await lane.sessions.waitFor(id, ({ energy_wh }) => energy_wh > 0, { timeoutMs: 30_000 })
  await lane.sessions.stop(id)
  return lane.sessions.waitFor(id, isCaptured, { timeoutMs: 60_000 })
}

type Supply = { evse: string; stop: () => Promise<void> }

async function atOurNode(): Promise<Supply> {
  const { evse_id, charger } = await newCharger()
  return { evse: evse_id, stop: () => charger.stop() }
}

async function overOcpi(
  lane: Chargelane,
  options: Parameters<typeof newOcpiCpo>[0],
): Promise<Supply> {
  const { account, cpo } = await newOcpiCpo(options)
  const near = { latitude: 46.944, longitude: 7.374 }
  const found = await lane.evses.search({ near, radius_m: 5_000, limit: 100 })
  const evse = found.data.find((each) => each.cpo.id === account.account.id && each.sellable)
  if (evse === undefined) throw new Error('nothing of the operator is sold')
  return { evse: evse.id, stop: () => cpo.stop() }
}

test.each([...cpoEditions, 'our own node'] as const)(
  'one script charges at an operator of %s, and everybody gets their money',
  async (kind) => {
    const partner = await newPartner()
    const supply =
      kind === 'our own node'
        ? await atOurNode()
        : // Operators that grew up with 2.1.1 take a token as it is.
          await overOcpi(partner.lane, {
            edition: kind,
            rawToken: kind === '2.1.1',
            begins: kind === '2.2.1' ? 'us' : 'cpo',
          })
    const sold = await charge(partner.lane, `driver-${kind}`, supply.evse)
    expect(sold.record_status).toBe('cdr_accepted')
    expect(sold.energy_wh).toBeGreaterThan(0)
    expect(sold.hold?.captured).toEqual(sold.totals?.incl_tax)
    await assertMoneyIsRight(sold)
    await supply.stop()
  },
)
