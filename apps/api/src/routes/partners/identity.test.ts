// Who is who: what an account says of itself, whose a party and an EVSE-ID are, whose a card and a charger's name.
import { claimStation } from '@chargelane/db/queries/chargers/chargers'
import { putPartyAside } from '@chargelane/corridor/supply/inbox'
import { cardStanding } from '@chargelane/db/queries/chargers/cards'
import { type Chargelane, ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addEvse, ocpiTariff, plug, populate, startTestApi } from '../../testing.ts'
import type { TestApi, World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

/** Code, field and reason of the refusal. */
const refusalOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: unknown) => {
      if (!(error instanceof ChargelaneError)) return error
      const more: Record<string, unknown> = { ...error.problem }
      return [error.code, error.param, more['reason']].filter(Boolean).join(' ')
    },
  )

const evse = 'DE*VWL*E1001*1'
const quote = (evseId = evse, lane = world.a.lane, source = world.sources.a.id) =>
  lane.quotes.create({ evse: evseId, payment_source: source })

const decide = (id: string) =>
  api.platform.parties.decide(id, { decision: 'own', reason: 'As the register has it.' })

const company = (change: Record<string, unknown>) =>
  api.platform.accounts.create({
    type: 'partner',
    name: 'Neu',
    legal_name: 'Neu GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    address: { street: 'x', city: 'x', postal_code: '1' },
    ...change,
  })

const card = (lane: Chargelane, payment_source: string) =>
  lane.tokens.create({
    driver: { external_id: 'user-42' },
    payment_source,
    type: 'RFID',
    uid: '04CAFE0001',
  })

const names = async (lane: Chargelane) =>
  (await lane.charge_stations.list()).data.map(({ identity }) => identity)

const place = {
  name: 'Attrappe',
  address: 'Aachener Straße 1044',
  city: 'Köln',
  country: 'DE',
  position: { latitude: 50.9376, longitude: 6.8423 },
  time_zone: 'Europe/Berlin',
}

/** A charger of this operator under its own party, online. */
async function openNode(lane: Chargelane, party_id: string, evseId: string) {
  const { id } = await lane.connections.create({ protocol: 'node', country_code: 'DE', party_id })
  const location = await lane.locations.create({ connection: id, ...place })
  const tariff = await lane.tariffs.create({
    connection: id,
    tariff: { ...ocpiTariff('fake', 0.95), party_id },
  })
  const station = await lane.charge_stations.create({
    location: location.id,
    identity: 'VWL-1001',
    evses: [{ evse_id: evseId, connectors: [plug(tariff.id)] }],
  })
  const at = api.deps.now()
  await claimStation(api.database.db, station.id, { nodeId: 'node-1', protocol: 'ocpp1.6', at })
  return { location, tariff, station }
}

describe("an operator who takes over another's identity", () => {
  test('gets no connection under its party, whatever it says of itself', async () => {
    const party = { protocol: 'node', country_code: 'DE', party_id: 'VWL' } as const
    const stranger = world.otherCpo.lane
    expect(await refusalOf(stranger.connections.create(party))).toBe('party_not_granted party_id')
    const claimed = await stranger.parties.claim({ country_code: 'DE', party_id: 'VWL' })
    expect(claimed).toMatchObject({ status: 'review', kind: 'own' })
    // What waits for the platform opens nothing, however often it is asked.
    expect(await refusalOf(stranger.connections.create(party))).toBe('party_not_granted party_id')
    const waiting = await api.platform.parties.list({ status: 'review' })
    expect(waiting.data.map(({ id }) => id)).toEqual([claimed.id])
    const refused = await api.platform.parties.decide(claimed.id, {
      decision: 'refused',
      reason: 'The register knows another holder.',
    })
    expect(refused).toMatchObject({ status: 'refused' })
    expect((await world.cpo.lane.parties.list()).data).toMatchObject([{ status: 'verified' }])
    expect((await world.a.lane.parties.list()).data).toEqual([])
  })

  test('gets no EVSE under its EVSE-ID, so drivers stay with the one they stand before', async () => {
    const stranger = world.otherCpo.lane
    const { location, tariff } = await openNode(stranger, 'SCW', 'DE*SCW*E1*1')
    const wish = (evse_id: string) =>
      stranger.charge_stations.create({
        location: location.id,
        identity: 'SCW-2',
        evses: [{ evse_id, connectors: [plug(tariff.id)] }],
      })
    for (const id of [evse, 'DEVWLE10011', 'DE*VWL*E9999*9'])
      expect(await refusalOf(wish(id)), id).toBe('party_not_granted evses.0.evse_id')
    expect((await quote()).seller.name).toBe('Voltwerk GmbH')
    expect((await quote('DE*SCW*E1*1')).seller.name).toBe('Konkurrenz GmbH')
  })

  test('is paused with all it sells when the platform gives the party to its owner', async () => {
    const [first] = (await world.cpo.lane.parties.list()).data
    const claimed = await world.otherCpo.lane.parties.claim({ country_code: 'DE', party_id: 'VWL' })
    await decide(claimed.id)
    expect((await world.cpo.lane.parties.list()).data).toMatchObject([{ status: 'ended' }])
    expect((await world.cpo.lane.connections.get(world.connection.id)).status).toBe('paused')
    expect(await refusalOf(quote())).toBe('resource_missing evse')
    const id = world.station.evses[0]?.id ?? ''
    expect(await refusalOf(quote(id))).toBe('price_unavailable evse evse_identity')
    expect(await world.a.lane.evses.get(id)).toMatchObject({
      identity: 'unproven',
      sellable: false,
    })
    await decide(first?.id ?? '')
    expect((await world.otherCpo.lane.parties.list()).data.map(({ status }) => status)).toContain(
      'ended',
    )
    expect((await world.a.lane.evses.get(evse)).id).toBe(id)
    expect((await quote()).seller.name).toBe('Voltwerk GmbH')
  })

  test("uses a hub's party with the leave of the platform, and nobody else's EVSE-IDs", async () => {
    const grant = { country_code: 'DE', party_id: 'HUB', account: world.otherCpo.account.id }
    expect(await refusalOf(world.cpo.lane.parties.claim(grant))).toBe('resource_missing account')
    const [connection] = (await world.otherCpo.lane.connections.list()).data
    await putPartyAside(
      api.database.db,
      {
        id: connection?.id ?? '',
        cpoId: world.otherCpo.account.id,
        countryCode: 'DE',
        partyId: 'SCW',
      },
      { countryCode: 'DE', partyId: 'HUB' },
      { charge: undefined, at: api.deps.now() },
    )
    const aside = async () =>
      (await world.otherCpo.lane.incidents.list({ kind: 'party_not_granted', status: 'all' })).data
    expect(await aside()).toMatchObject([{ status: 'open', subject: { type: 'party' } }])
    expect(await api.platform.parties.claim(grant)).toMatchObject({
      kind: 'granted',
      status: 'verified',
    })
    expect(await aside()).toMatchObject([{ status: 'resolved' }])
    const owner = await world.cpo.lane.parties.claim({ country_code: 'DE', party_id: 'HUB' })
    expect(owner).toMatchObject({ kind: 'own', status: 'verified' })
  })
})

describe('an account', () => {
  test.each([
    ['invalid_value iban', { iban: 'DE89370400440532013001' }],
    ['invalid_value vat_id', { vat_id: 'DE123456789' }],
    ['invalid_value vat_id', { vat_id: 'XX136695976' }],
    ['invalid_value vat_id', { vat_id: 'CHE116281710' }],
    ['invalid_value tax_ids.0.vat_id', { tax_ids: [{ vat_id: 'DE123456789' }] }],
    [
      'invalid_value tax_ids.1.vat_id',
      { tax_ids: [{ vat_id: 'DE136695976' }, { vat_id: 'DE811907980' }] },
    ],
    [
      'invalid_value tax_ids.0.vat_id',
      { vat_id: 'DE136695976', tax_ids: [{ vat_id: 'DE811907980' }] },
    ],
    ['validation_error country', { country: 'XX' }],
  ])('that cannot be is refused: %s', async (refused, change) => {
    expect(await refusalOf(company(change))).toBe(refused)
  })

  test('of a name or a number that another has waits for the platform and sells nothing', async () => {
    const twin = await company({ name: 'Neu', legal_name: 'VOLTWERK  Gmbh', vat_id: 'DE136695976' })
    expect(twin).toMatchObject({
      verification: 'review',
      verification_reasons: ['name_in_use', 'vat_id_in_use'],
    })
    expect(await company({ name: 'Anders', legal_name: 'Anders GmbH' })).toMatchObject({
      verification: 'verified',
      verification_reasons: [],
    })

    const evseId = await addEvse(api, world, 'DE*VWL*E2*1')
    const renamed = (id: string, name: string) => api.platform.accounts.update(id, { name })
    expect(await renamed(world.otherCpo.account.id, 'Voltwerk')).toMatchObject({
      verification: 'review',
    })
    expect(await refusalOf(quote('DE*SCW*E1*1'))).toBe('price_unavailable evse verification')
    expect((await world.a.lane.evses.get('DE*SCW*E1*1')).sellable).toBe(false)
    const b = () => quote(evseId, world.b.lane, world.sources.b.id)
    await renamed(world.b.account.id, 'Voltwerk')
    expect(await refusalOf(b())).toBe('account_restricted verification')
    const note = { note: 'Two companies of one group; asked both.' }
    for (const { account } of [world.b, world.otherCpo])
      expect(await api.platform.accounts.verify(account.id, note)).toMatchObject({
        verification: 'verified',
      })
    expect((await quote('DE*SCW*E1*1')).seller.name).toBe('Konkurrenz GmbH')
  })

  test('is charged by reverse charge only once its tax office was asked, about this very number', async () => {
    const { id } = world.b.account
    const check = (vat_id: string, valid = true, checked_at = api.deps.now()) =>
      api.platform.accounts.check_vat(id, {
        vat_id,
        valid,
        source: 'vies',
        reference: 'WAPIAAAAYVdyVzXx',
        checked_at,
      })
    expect(await refusalOf(check('DE136695976'))).toBe('invalid_transition vat_id')
    expect(await refusalOf(check('DE143586809', true, '2100-01-01T00:00:00.000Z'))).toBe(
      'invalid_value checked_at',
    )
    expect((await check('DE143586809')).vat_checked_at).not.toBeNull()
    expect((await check('DE143586809', false)).vat_checked_at).toBeNull()
    await check('DE143586809')
    const changed = await api.platform.accounts.update(id, { vat_id: 'GB980780684' })
    expect(changed.vat_checked_at).toBeNull()
    await api.platform.accounts.update(id, { vat_id: 'DE143586809' })
  })

  test('of an operator without a VAT number sells nothing', async () => {
    const account = await company({
      type: 'cpo',
      name: 'Kleinnetz',
      legal_name: 'Kleinnetz e. K.',
      agreement: { commission_bps: 800, supply_model: 'agency' },
    })
    const { key } = await api.platform.api_keys.create({ name: 'test', account: account.id })
    await openNode(api.lane(key ?? ''), 'KLN', 'DE*KLN*E1')
    expect(await refusalOf(quote('DE*KLN*E1'))).toBe('price_unavailable evse tax_id')
  })

  test('of an operator from abroad sells here once it has a number of the country, and not by a One-Stop Shop yet', async () => {
    const account = await company({
      type: 'cpo',
      name: 'Lumière',
      legal_name: 'Lumière SAS',
      country: 'FR',
      vat_id: 'FR83404833048',
      tax_ids: [{ vat_id: 'FR83404833048', scheme: 'oss' }],
      agreement: { commission_bps: 800, supply_model: 'agency' },
    })
    const { key } = await api.platform.api_keys.create({ name: 'test', account: account.id })
    await openNode(api.lane(key ?? ''), 'LUM', 'DE*LUM*E1')
    await expect(quote('DE*LUM*E1')).rejects.toThrow('no VAT registration for DE')
    const registered = await api.platform.accounts.update(account.id, {
      tax_ids: [{ vat_id: 'DE298765402' }],
    })
    expect(registered.tax_ids).toEqual([
      { country: 'DE', vat_id: 'DE298765402', scheme: 'local', checked_at: null },
    ])
    await api.platform.accounts.verify(account.id, { note: 'the number is its own' })
    expect((await quote('DE*LUM*E1')).seller).toEqual({
      name: 'Lumière SAS',
      vat_id: 'DE298765402',
    })
    const checked = await api.platform.accounts.check_vat(account.id, {
      vat_id: 'DE298765402',
      valid: true,
      source: 'vies',
      reference: 'WAPIAAAAYVdyVzXy',
      checked_at: api.deps.now(),
    })
    expect(checked).toMatchObject({
      vat_checked_at: null,
      tax_ids: [{ checked_at: expect.any(String) }],
    })
  })
})

const attach = (payment_method: string) =>
  world.a.lane.payment_sources.create({
    driver: { external_id: 'user-43' },
    type: 'card',
    payment_method,
  })

test('a payment method that its provider does not know becomes no source', async () => {
  expect(await refusalOf(attach('pm_nonsense'))).toBe('invalid_value payment_method')
  expect((await attach('pm_card_visa')).status).toBe('active')
})

describe('names that only their owner knows', () => {
  test('a card is unique within its account, and at chargers that of the account that had it first', async () => {
    await card(world.a.lane, world.sources.a.id)
    expect((await card(world.b.lane, world.sources.b.id)).status).toBe('active')
    expect(await refusalOf(card(world.a.lane, world.sources.a.id))).toBe('invalid_value uid')
    expect(await cardStanding(api.database.db, '04cafe0001')).toMatchObject({
      accountId: world.a.account.id,
    })
  })

  test('a card that a second account registers is decided by the platform, of which neither is told', async () => {
    const contested = () => api.platform.incidents.list({ kind: 'card_contested', status: 'all' })
    const holder = async () => (await cardStanding(api.database.db, '04cafe0001'))?.accountId
    const [incident] = (await contested()).data
    expect(incident).toMatchObject({
      status: 'open',
      account: null,
      detail: { claimed_by: world.b.account.id },
      actions: ['grant', 'refuse', 'dismiss'],
    })
    for (const { lane } of [world.a, world.b])
      expect((await lane.incidents.list({ kind: 'card_contested' })).data).toEqual([])
    expect(await holder()).toBe(world.a.account.id)
    const reason = 'The card was sold on.'
    await api.platform.incidents.resolve(incident?.id ?? '', { action: 'grant', reason })
    expect(await holder()).toBe(world.b.account.id)
    expect((await contested()).data).toMatchObject([{ status: 'resolved' }])
  })

  test('a charger is unique within its operator', async () => {
    // The other operator gave the name of our first charger above.
    expect(await names(world.otherCpo.lane)).toContain('VWL-1001')
    expect(await names(world.cpo.lane)).toContain('VWL-1001')
    const again = world.cpo.lane.charge_stations.create({
      location: world.location.id,
      identity: 'VWL-1001',
      evses: [{ evse_id: 'DE*VWL*E77', connectors: [plug(world.tariff.id)] }],
    })
    expect(await refusalOf(again)).toBe('invalid_value identity')
  })
})

test('outside a sandbox the platform looks at every account and every party first', async () => {
  const strict = await startTestApi({ grantsAtOnce: false })
  try {
    const account = await strict.platform.accounts.create({
      type: 'cpo',
      name: 'Erster',
      legal_name: 'Erster GmbH',
      country: 'DE',
      payout_currency: 'EUR',
      vat_id: 'DE136695976',
      address: { street: 'x', city: 'x', postal_code: '1' },
      agreement: { commission_bps: 800, supply_model: 'agency' },
    })
    expect(account.verification_reasons).toEqual(['not_yet_verified'])
    const { key } = await strict.platform.api_keys.create({ name: 'test', account: account.id })
    const lane = strict.lane(key ?? '')
    const connect = () =>
      lane.connections.create({ protocol: 'node', country_code: 'DE', party_id: 'ERS' })
    expect(await refusalOf(connect())).toBe('party_not_granted party_id')
    const claimed = await lane.parties.claim({ country_code: 'DE', party_id: 'ERS' })
    expect(claimed.status).toBe('review')
    await strict.platform.parties.decide(claimed.id, { decision: 'own', reason: 'Registered.' })
    expect((await connect()).party_id).toBe('ERS')
  } finally {
    await strict.stop()
  }
})
