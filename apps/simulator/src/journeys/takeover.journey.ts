// An operator who would be another one: its party, its EVSE-ID, its charger's name and its card, over real sockets.
import { expect, test } from 'vitest'
import {
  eventually,
  newCharger,
  newPartner,
  problemOf,
  quote,
  sellOnce,
  unique,
} from './product.ts'

const partyOf = (evseId: string) => evseId.split('*')[1] ?? ''

test("nobody is sold another operator's charger, whoever is online", async () => {
  const partner = await newPartner()
  const victim = await newCharger()
  const stranger = await newCharger()
  const { lane } = stranger.cpo
  const party = { country_code: 'DE', party_id: partyOf(victim.evse_id) }

  const connection = { protocol: 'node' as const, ...party }
  expect((await problemOf(lane.connections.create(connection))).code).toBe('party_not_granted')
  expect((await lane.parties.claim(party)).status).toBe('review')
  expect((await problemOf(lane.connections.create(connection))).code).toBe('party_not_granted')

  const [location] = (await lane.locations.list()).data
  const [tariff] = (await lane.tariffs.list()).data
  const twin = {
    location: location?.id ?? '',
    identity: victim.identity,
    evses: [
      {
        evse_id: victim.evse_id,
        connectors: [
          {
            standard: 'IEC_62196_T2_COMBO' as const,
            format: 'CABLE' as const,
            power_type: 'DC' as const,
            max_voltage: 920,
            max_amperage: 200,
            max_power_w: 150_000,
            tariffs: [tariff?.id ?? ''],
          },
        ],
      },
    ],
  }
  const refused = await problemOf(lane.charge_stations.create(twin))
  expect([refused.code, refused.param]).toEqual(['party_not_granted', 'evses.0.evse_id'])
  // The name of a charger is its owner's business: this one is the stranger's own, and opens nothing of the victim's.
  const [evse] = twin.evses
  const own = { ...evse, evse_id: `DE*${partyOf(stranger.evse_id)}*E${unique()}` }
  const namesake = await lane.charge_stations.create({
    ...twin,
    evses: [{ ...own, connectors: evse?.connectors ?? [] }],
  })
  expect(namesake.identity).toBe(victim.identity)

  // The victim's charger goes away; the stranger's stays online beside it.
  await victim.charger.stop()
  await eventually(async () => {
    const source = await partner.source()
    const offer = partner.lane.quotes.create({ evse: victim.evse_id, payment_source: source })
    expect((await problemOf(offer)).code).toBe('evse_not_reachable')
  })

  // Guessed at without end, it comes back by its own password at once.
  for (let guess = 0; guess < 9; guess++)
    await expect(victim.connect({ password: `guess ${guess}` })).rejects.toThrow()
  await victim.connect()
  const offer = await quote(partner, victim.evse_id, await partner.source())
  expect(offer.seller.name).toBe(victim.cpo.account.legal_name)
  const sold = await sellOnce(partner, victim.evse_id)
  expect(sold.cpo).toBe(victim.cpo.account.id)
  await stranger.charger.stop()
})

test('a card is charged to the partner who registered it first, and nobody learns of the other', async () => {
  const [first, second] = [await newPartner(), await newPartner()]
  const { charger } = await newCharger()
  const uid = unique()
  for (const partner of [first, second]) {
    const driver = `driver-${unique()}`
    const payment_source = await partner.source('pm_card_visa', driver)
    const card = await partner.lane.tokens.create({
      driver: { external_id: driver },
      payment_source,
      type: 'RFID',
      uid,
    })
    expect(card.status).toBe('active')
  }
  expect(await charger.startLocal(uid)).toMatchObject({ accepted: true })
  await eventually(async () => {
    const [session] = (await first.lane.sessions.list()).data
    expect(session?.status).toBe('charging')
  })
  expect((await second.lane.sessions.list()).data).toEqual([])
  await charger.stop()
})
