// The operator's objects in the words of the OCPI edition that it speaks; it keeps them in those of 2.2.1.
export const cpoEditions = ['2.1.1', '2.2.1', '2.3.0'] as const
export type CpoEdition = (typeof cpoEditions)[number]

export type CpoModule = 'locations' | 'tariffs' | 'sessions' | 'cdrs'
type Words = Record<string, unknown>
type Translation = Record<CpoModule, (object: Words) => Words>

const isWords = (value: unknown): value is Words => typeof value === 'object' && value !== null
const listOf = (value: unknown): Words[] => (Array.isArray(value) ? value.filter(isWords) : [])

/** Only what an object has: a PATCH brings a part of one. */
const withEach = (object: Words, changes: Record<string, (value: unknown) => unknown>): Words =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, changes[name]?.(value) ?? value]),
  )

const renamed = (object: Words, names: Record<string, string>): Words =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value]))

function without(object: Words, names: readonly string[]): Words {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

// ── 2.1.1: no parties, whole locations in place of ids, net amounts as numbers ──────────────────────────────────

const parties = ['country_code', 'party_id']

function connector211(connector: Words) {
  const { max_voltage: voltage, max_amperage: amperage, tariff_ids: tariffs } = connector
  const [tariff] = Array.isArray(tariffs) ? tariffs : []
  const later = ['max_voltage', 'max_amperage', 'max_electric_power', 'tariff_ids']
  return { ...without(connector, later), voltage, amperage, tariff_id: tariff }
}

const evse211 = (evse: Words) =>
  withEach(evse, { connectors: (list) => listOf(list).map(connector211) })

const location211 = (location: Words) => ({
  ...withEach(without(location, [...parties, 'publish']), {
    evses: (list) => listOf(list).map(evse211),
  }),
  ...(location['evses'] === undefined ? {} : { type: 'PARKING_LOT' }),
})

const uidOf = (token: unknown) => (isWords(token) ? token['uid'] : undefined)

const net = (price: unknown) => (isWords(price) ? price['excl_vat'] : price)

const tariff211 = (tariff: Words) =>
  withEach(without(tariff, [...parties, 'type']), {
    elements: (list) =>
      listOf(list).map((element) =>
        withEach(element, {
          price_components: (parts) => listOf(parts).map((part) => without(part, ['vat'])),
        }),
      ),
  })

const placeOf = (location: unknown, evse: unknown, connector: unknown) => ({
  id: location,
  evses: [{ uid: evse, connectors: [{ id: connector }] }],
})

function session211(session: Words): Words {
  const {
    cdr_token: token,
    location_id: location,
    evse_uid: evse,
    connector_id: plug,
    ...rest
  } = without(session, [...parties, 'authorization_reference'])
  return {
    ...renamed(withEach(rest, { total_cost: net }), {
      start_date_time: 'start_datetime',
      end_date_time: 'end_datetime',
    }),
    ...(token === undefined ? {} : { auth_id: uidOf(token) }),
    ...(location === undefined ? {} : { location: placeOf(location, evse, plug) }),
  }
}

function record211(record: Words): Words {
  const {
    cdr_token: token,
    cdr_location: place,
    ...rest
  } = without(record, [...parties, 'authorization_reference', 'session_id'])
  const { id, evse_uid: uid, evse_id: evseId, connector_id: plug } = isWords(place) ? place : {}
  return {
    ...renamed(
      withEach(rest, { total_cost: net, tariffs: (list) => listOf(list).map(tariff211) }),
      { end_date_time: 'stop_date_time' },
    ),
    auth_id: uidOf(token),
    location: { id, evses: [{ uid, evse_id: evseId, connectors: [{ id: plug }] }] },
  }
}

// ── 2.3.0: prices name their taxes ──────────────────────────────────────────────────────────────────────────────

const cents = (value: unknown) => Math.round(Number(value) * 10_000)

function price230(price: unknown): unknown {
  if (!isWords(price)) return price
  const { excl_vat: before, incl_vat: after } = price
  const amount = (cents(after) - cents(before)) / 10_000
  return { before_taxes: before, taxes: [{ name: 'VAT', amount }] }
}

const tariff230 = (tariff: Words) => ({ ...tariff, tax_included: 'NO' })

const same = (object: Words) => object

const translations: Record<CpoEdition, Translation> = {
  '2.1.1': {
    locations: (object) => (object['uid'] === undefined ? location211(object) : evse211(object)),
    tariffs: tariff211,
    sessions: session211,
    cdrs: record211,
  },
  '2.2.1': { locations: same, tariffs: same, sessions: same, cdrs: same },
  '2.3.0': {
    locations: same,
    tariffs: tariff230,
    sessions: (session) => withEach(session, { total_cost: price230 }),
    cdrs: (record) =>
      withEach(record, {
        total_cost: price230,
        tariffs: (list) => listOf(list).map(tariff230),
      }),
  },
}

/** An object of a module, or a part of one, as the edition has it. */
export const inWords = (edition: CpoEdition, module: string, object: unknown): unknown =>
  isWords(object) && isModule(module) ? translations[edition][module](object) : object

const isModule = (name: string): name is CpoModule => Object.hasOwn(translations['2.2.1'], name)
