import { changeConnection, createConnection } from '@chargelane/db/queries/locations/connections'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { grantParty } from '@chargelane/db/queries/partners/parties'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { getTariff, tariffVersions } from '@chargelane/db/queries/locations/tariffs'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { createEndpoint } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { findEvses } from '@chargelane/db/queries/locations/search'
import { events } from '@chargelane/db/schema'
import { testDatabase } from '@chargelane/db/testing'
import { afterAll, describe, expect, test } from 'vitest'
import {
  examineTariff,
  publishTariff,
  recheckTariffs,
  takeWithdrawal,
  type Publication,
} from './tariffs.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
let parties = 0

/** An operator of its own with one OCPI connection in Germany. */
async function operator() {
  parties += 1
  const partyId = `V${String(parties).padStart(2, '0')}`
  const cpo = await createAccount(db, {
    type: 'cpo',
    name: partyId,
    legalName: `${partyId} GmbH`,
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Netzweg 1', city: 'Berlin', postal_code: '10115' },
    at,
  })
  const row = await db.tx((tx) =>
    createConnection(tx, { cpoId: cpo.id, protocol: 'ocpi', countryCode: 'DE', partyId, at }),
  )
  return changeConnection(db, row.id, { status: 'live' })
}
type Connection = Awaited<ReturnType<typeof operator>>

const publication = (
  connection: Connection,
  price: number,
  more: Partial<Publication> & { fields?: object } = {},
): Publication => {
  const object = {
    country_code: 'DE',
    party_id: connection.partyId,
    id: 'DC',
    currency: 'EUR',
    elements: [{ price_components: [{ type: 'ENERGY', price, vat: 19, step_size: 1 }] }],
    last_updated: '2026-11-01T00:00:00Z',
    ...more.fields,
  }
  return {
    connection,
    ocpiId: 'DC',
    object,
    text: JSON.stringify(object),
    version: '2.2.1',
    now: at,
    ...more,
  }
}

/** A charger that lists the tariff. */
const openSite = (connection: Connection, maxPowerW: number, countries = ['DE']) =>
  upsertLocations(
    db,
    { connectionId: connection.id, cpoId: connection.cpoId },
    countries.map((country) => ({
      countryCode: 'DE',
      partyId: connection.partyId,
      ocpiId: `L-${country}`,
      address: 'Hafenstraße 1',
      city: 'Hamburg',
      country,
      latitude: 53.55,
      longitude: 9.99,
      timeZone: 'Europe/Berlin',
      lastUpdated: new Date(Date.parse(at) + maxPowerW).toISOString(),
      raw: {},
      evses: [
        {
          ocpiUid: country,
          evseId: `${country}*${connection.partyId}*E1`,
          status: 'AVAILABLE',
          capabilities: [],
          lastUpdated: at,
          connectors: [
            {
              ocpiId: '1',
              standard: 'IEC_62196_T2_COMBO',
              format: 'CABLE',
              powerType: 'DC',
              maxVoltage: 900,
              maxAmperage: 200,
              maxPowerW,
              tariffIds: ['dc'],
              lastUpdated: at,
            },
          ],
        },
      ],
    })),
  )

const eventsAbout = async (id: string) =>
  (await db.select().from(events))
    .filter(({ objectId }) => objectId === id)
    .map(({ type, body }) => [type, body.context])

const typesOf = async (id: string) =>
  (await db.select().from(events)).filter((it) => it.objectId === id).map(({ type }) => type)

describe('publishing', () => {
  test('the same text many times at once makes one version and tells once', async () => {
    const connection = await operator()
    await publishTariff(db, publication(connection, 0.5))
    const again = Array.from({ length: 6 }, () => publishTariff(db, publication(connection, 0.55)))
    const outcomes = (await Promise.all(again)).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(['new_version', ...Array(5).fill('unchanged')])
    const { tariff } = await publishTariff(db, publication(connection, 0.55))
    expect(tariff.version).toBe(2)
    expect(await typesOf(tariff.id)).toEqual(['tariff.changed'])
  })

  test('trying stores nothing, and says what publishing then does', async () => {
    const connection = await operator()
    const wish = publication(connection, 0.5)
    const tried = await examineTariff(db, wish)
    expect(tried).toMatchObject({ outcome: 'created', findings: [], input: { status: 'valid' } })
    expect(await examineTariff(db, wish)).toEqual(tried)
    const { tariff } = await publishTariff(db, wish)
    expect(tariff).toMatchObject({ version: 1, hash: tried.input.hash, raw: wish.text })
  })

  test('a misspelt condition of the only element is sold as it reads, and its operator is warned of it', async () => {
    const connection = await operator()
    const night = { start_time: '22:00', end_time: '06:00' }
    const components = [{ type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 }]
    const elements = [{ price_components: components, restriction: night }]
    const { tariff } = await publishTariff(
      db,
      publication(connection, 0.5, { fields: { elements } }),
    )
    expect(tariff).toMatchObject({
      status: 'valid',
      problems: [{ path: 'elements[0].restriction', rule: 'unknown_field', severity: 'warning' }],
      canonical: { elements: [{ price_components: [{ price: '0.5' }] }] },
    })
    const confirmed = await publishTariff(
      db,
      publication(connection, 0.5, { fields: { elements } }),
    )
    expect(confirmed).toMatchObject({ outcome: 'unchanged', tariff: { problems: tariff.problems } })
    const quiet = await publishTariff(db, publication(connection, 0.5))
    expect(quiet).toMatchObject({ outcome: 'unchanged', tariff: { problems: [] } })
    const meant = [{ price_components: components, restrictions: night }]
    const mended = await publishTariff(
      db,
      publication(connection, 0.5, { fields: { elements: meant } }),
    )
    expect(mended).toMatchObject({ outcome: 'new_version', tariff: { version: 2 } })
    expect(mended.findings.filter(({ rule }) => rule === 'unknown_field')).toEqual([])
  })

  test('2.1.1 has no party of its own: the connection’s is taken', async () => {
    const connection = await operator()
    const { country_code: _, party_id: __, ...object } = Object(publication(connection, 0.5).object)
    const { tariff } = await publishTariff(
      db,
      publication(connection, 0.5, { object, version: '2.1.1', text: '{"as":"sent"}' }),
    )
    expect(tariff).toMatchObject({
      status: 'valid',
      ocpiVersion: '2.1.1',
      raw: '{"as":"sent"}',
      canonical: { country_code: 'DE', party_id: connection.partyId },
    })
  })

  test('a new wording of a held price stays held, a withdrawn tariff is measured by its past', async () => {
    const connection = await operator()
    await publishTariff(db, publication(connection, 0.5, { now: '2026-11-20T10:00:00.000Z' }))
    const held = await publishTariff(db, publication(connection, 0.05))
    expect(held.tariff.status).toBe('held')
    const words = { fields: { last_updated: '2026-11-02T00:00:00Z' } }
    const later = '2026-11-21T10:20:00.000Z'
    const worded = await publishTariff(db, publication(connection, 0.05, { ...words, now: later }))
    expect(worded.tariff).toMatchObject({ status: 'held', heldUntil: held.tariff.heldUntil })
    const ref = {
      connectionId: connection.id,
      countryCode: 'DE',
      partyId: connection.partyId,
      ocpiId: 'DC',
    }
    await takeWithdrawal(db, ref, '2026-11-21T10:25:00.000Z')
    const back = await publishTariff(
      db,
      publication(connection, 0.04, { now: '2026-11-21T10:26:00.000Z' }),
    )
    expect(back.tariff.status).toBe('held')
    const all = await tariffVersions(db, connection.cpoId, back.tariff.id, { limit: 9 })
    expect(all.map(({ status }) => status)).toEqual(['held', 'withdrawn', 'held', 'held', 'valid'])
  })
})

describe('a partner that listens to prices', () => {
  test('is shown the version that ended where nothing sellable took its place, and that a tariff is gone', async () => {
    const partner = await createAccount(db, {
      type: 'partner',
      name: 'Navi',
      legalName: 'Navi GmbH',
      country: 'DE',
      payoutCurrency: 'EUR',
      address: { street: 'Netzweg 1', city: 'Berlin', postal_code: '10115' },
      at,
    })
    await createEndpoint(db, {
      accountId: partner.id,
      url: 'https://navi.example/hooks',
      secret: 'whsec_test',
      eventTypes: ['tariff.*'],
      at,
    })
    const connection = await operator()
    const { tariff } = await publishTariff(db, publication(connection, 0.5))
    const broken = { fields: { elements: [] } }
    const minutes = (n: number) => new Date(Date.parse(at) + n * 60_000).toISOString()
    await publishTariff(db, publication(connection, 0.5, { ...broken, now: minutes(1) }))
    await publishTariff(db, publication(connection, 0.5, { now: minutes(2) }))
    const ref = {
      connectionId: connection.id,
      countryCode: 'DE',
      partyId: connection.partyId,
      ocpiId: 'DC',
    }
    await takeWithdrawal(db, ref, minutes(3))
    await takeWithdrawal(db, ref, minutes(4))
    const heard = await eventsOfObject(db, partner.id, tariff.id, 0)
    expect(heard.map(({ body }) => [body.type, body.data])).toMatchObject([
      ['tariff.changed', { version: 1, sale: 'superseded', problems: [] }],
      ['tariff.changed', { version: 3, sale: 'sold' }],
      ['tariff.changed', { version: 4, sale: 'withdrawn' }],
    ])
    const told = await eventsOfObject(db, connection.cpoId, tariff.id, 0)
    expect(told.map(({ body }) => body.type)).toEqual([
      'tariff.changed',
      'tariff.invalid',
      'tariff.changed',
      'tariff.changed',
    ])
  })
})

describe('what others ask', () => {
  test('holds a first price that is far from it, once chargers show its class', async () => {
    for (const price of [0.46, 0.48, 0.5, 0.52, 0.49, 0.51]) {
      const peer = await operator()
      await openSite(peer, 150_000)
      expect(await publishTariff(db, publication(peer, price))).toMatchObject({
        tariff: { status: 'valid', powerClass: 'hpc', marketCountry: 'DE' },
      })
    }
    const connection = await operator()
    const first = await publishTariff(db, publication(connection, 0.05))
    // Its feed named the tariff before any charger: there was nothing to compare with, and nothing to sell.
    expect(first.tariff).toMatchObject({ status: 'valid', powerClass: null })
    await openSite(connection, 150_000)
    expect(await recheckTariffs(db, connection, at)).toBe(1)
    const held = await getTariff(db, connection.cpoId, first.tariff.id)
    expect(held).toMatchObject({
      status: 'held',
      version: 2,
      confirmedAt: first.tariff.confirmedAt,
      anomaly: { basis: 'peers', price: 119, median: 1_166, sample: 6 },
    })
    expect(await recheckTariffs(db, connection, at)).toBe(0)
    // Another class of power is another market: of these nobody is known.
    const slow = await operator()
    await openSite(slow, 50_000)
    expect((await publishTariff(db, publication(slow, 0.05))).tariff.status).toBe('valid')
  })

  test('a change that reaches what others ask is a correction, not a slip', async () => {
    const connection = await operator()
    await openSite(connection, 150_000)
    const cheap = await publishTariff(db, publication(connection, 0.05))
    expect(cheap.tariff.status).toBe('held')
    const released = '2026-11-21T10:31:00.000Z'
    const right = await publishTariff(db, publication(connection, 0.5, { now: released }))
    expect(right.tariff).toMatchObject({ status: 'valid', version: 2 })
  })
})

describe('VAT that the market contradicts', () => {
  const at7 = [{ price_components: [{ type: 'ENERGY', price: 0.5, vat: 7, step_size: 1 }] }]

  test('of a feed keeps its tariff from sale until it is mended; the EVSE says why and the operator hears it', async () => {
    const connection = await operator()
    await openSite(connection, 22_000)
    const evse = `DE*${connection.partyId}*E1`
    const standing = async () => (await findEvses(db, evse, at))[0]
    expect(await standing()).toMatchObject({ priced: false, unsold: 'none' })
    const wrong = publication(connection, 0.5, { fields: { elements: at7 } })
    const { tariff } = await publishTariff(db, wrong)
    expect(tariff).toMatchObject({
      status: 'invalid',
      problems: [{ rule: 'vat_contradicted', path: 'elements[0].price_components[0].vat' }],
    })
    expect(await standing()).toMatchObject({ priced: false, unsold: 'market' })
    await publishTariff(db, wrong)
    expect(await eventsAbout(tariff.id)).toEqual([
      ['tariff.invalid', { rule: 'vat_contradicted', sellable: false }],
    ])
    await publishTariff(db, publication(connection, 0.5))
    expect(await standing()).toMatchObject({ priced: true, unsold: null })
  })

  test('at some of its chargers is heard when they come, and the others go on selling', async () => {
    const connection = await operator()
    const { cpoId: accountId, partyId } = connection
    await db.tx((tx) => grantParty(tx, { countryCode: 'FR', partyId, accountId, at }))
    const { tariff } = await publishTariff(db, publication(connection, 0.5))
    await openSite(connection, 22_000)
    const french = (countries: string[]) =>
      openSite(connection, 22_000, countries).then(() => recheckTariffs(db, connection, at))
    await french(['DE', 'FR'])
    expect(await eventsAbout(tariff.id)).toEqual([
      ['tariff.invalid', { rule: 'vat_contradicted', sellable: true }],
    ])
    const states = async (code: string) =>
      (await findEvses(db, `${code}*${connection.partyId}*E1`, at)).map(({ unsold }) => unsold)
    expect(await states('DE')).toEqual([null])
    expect(await states('FR')).toEqual(['market'])
  })
})
