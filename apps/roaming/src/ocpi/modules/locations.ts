// OCPI 2.2.1 §8 as receiver: locations, EVSEs and connectors, pushed at three levels or pulled.
import type { Tx } from '@chargelane/db'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  type LocationInput,
  lockReceivedLocation,
  receivedLocation,
} from '@chargelane/db/queries/locations/locations'
import { takeEvseStatus, takeStatus } from '@chargelane/corridor/supply/inbox'
import { z } from 'zod'
import {
  answerOk,
  type OcpiApp,
  type OcpiContext,
  pathId,
  type Roaming,
} from '../../link/server.ts'
import { invalid, unknownObject } from '../../link/status.ts'
import type { Edition, OcpiObject } from '../edition.ts'
import { sameCi, zObject } from '../wire.ts'
import { isBefore, readObject, requireSameIds } from './objects.ts'
import { readAsParty, writeAsParty } from './parties.ts'
import { type Pulled, pullList } from './pull.ts'
import { editionOf } from './versions.ts'

/** Where in a location an object sits: the location itself, an EVSE of it, or a connector of that. */
type Place = { location: string; evse?: string; connector?: string }

export const mountLocations = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const location = `/${edition.version}/locations/:country_code/:party_id/:location`
  for (const path of [location, `${location}/:evse`, `${location}/:evse/:connector`]) {
    app.get(path, async (context) => {
      const connection = await readAsParty(roaming, context)
      const place = placeOf(context)
      const held = await receivedLocation(roaming.db, refOf(connection, place)).then(objectOf)
      const found = held === undefined ? undefined : objectAt(held, place)
      if (found === undefined) throw unknownObject('the object')
      return answerOk(roaming, context, found)
    })
    app.put(path, async (context) => {
      const connection = await writeAsParty(roaming, context)
      const object = await readObject(roaming, context)
      return put(roaming, context, connection, placeOf(context), object)
    })
    app.patch(path, async (context) => {
      const connection = await writeAsParty(roaming, context)
      const patch = edition.patch(await readObject(roaming, context), roaming.now().toISOString())
      return merge(roaming, context, connection, placeOf(context), patch)
    })
  }
}

function placeOf(context: OcpiContext): Place {
  const level = (name: 'evse' | 'connector') =>
    context.req.param(name) === undefined ? {} : { [name]: pathId(context, name) }
  return { location: pathId(context, 'location'), ...level('evse'), ...level('connector') }
}

async function put(
  roaming: Roaming,
  context: OcpiContext,
  connection: ConnectionRow,
  place: Place,
  object: OcpiObject,
): Promise<Response> {
  const isNew = await roaming.db.tx(async (tx) => {
    const held = await lockReceivedLocation(tx, refOf(connection, place)).then(objectOf)
    await store(tx, roaming, connection, inputWith(connection, held, place, object), 'these')
    return held === undefined || objectAt(held, place) === undefined
  })
  return answerOk(roaming, context, undefined, isNew ? 201 : 200)
}

async function merge(
  roaming: Roaming,
  context: OcpiContext,
  connection: ConnectionRow,
  place: Place,
  patch: OcpiObject,
): Promise<Response> {
  if (await isStatusTaken(roaming, connection, place, patch)) return answerOk(roaming, context)
  await roaming.db.tx(async (tx) => {
    const held = await lockReceivedLocation(tx, refOf(connection, place)).then(objectOf)
    const before = held === undefined ? undefined : objectAt(held, place)
    if (held === undefined || before === undefined) throw unknownObject('the object')
    if (isBefore(patch['last_updated'], before['last_updated'])) return
    const after = { ...before, ...patch }
    const concerned = Object.keys(patch).some((key) => priceFields.has(key)) ? 'these' : 'none'
    await store(tx, roaming, connection, inputWith(connection, held, place, after), concerned)
  })
  return answerOk(roaming, context)
}

/** Fields that decide which tariffs hold at which power and in which country; most patches bring a status only. */
const priceFields = new Set([
  'country',
  'evses',
  'connectors',
  'tariff_ids',
  'power_type',
  'max_electric_power',
  'max_voltage',
  'max_amperage',
])

/** Most changes bring a new state of an EVSE and nothing else. */
async function isStatusTaken(
  { db }: Roaming,
  channel: ConnectionRow,
  { location: locationId, evse: evseUid, connector }: Place,
  object: OcpiObject,
): Promise<boolean> {
  if (evseUid === undefined || connector !== undefined) return false
  const told = editionOf(channel).evseStatus(object)
  if (told === undefined) return false
  const place = { locationId, evseUid }
  const { kind } = await takeEvseStatus(db, { channel, place, object, ...told })
  return kind === 'taken'
}

const refOf = ({ id, countryCode, partyId }: ConnectionRow, { location }: Place) => ({
  connectionId: id,
  countryCode,
  partyId,
  locationOcpiId: location,
})

function objectOf(row: { raw: unknown } | undefined): OcpiObject | undefined {
  const read = zObject.safeParse(row?.raw)
  return read.success ? read.data : undefined
}

async function store(
  tx: Tx,
  roaming: Roaming,
  channel: ConnectionRow,
  location: LocationInput,
  concernsPrice: 'none' | 'these',
): Promise<void> {
  const at = roaming.now().toISOString()
  await takeStatus(tx, { channel, locations: [location], concernsPrice, at })
}

/** The location that is held once an object stands at its place. */
function inputWith(
  connection: ConnectionRow,
  held: OcpiObject | undefined,
  place: Place,
  object: OcpiObject,
): LocationInput {
  const edition = editionOf(connection)
  if (place.evse !== undefined) {
    if (held === undefined) throw unknownObject('the location')
    const whole = placed(held, place, checkedPart(connection, place, object))
    return edition.location(whole, connection).input
  }
  const { named, input } = edition.location(object, connection)
  requireSameIds(connection, place.location, named)
  return input
}

const partsOf = (object: OcpiObject, list: 'evses' | 'connectors'): OcpiObject[] => {
  const read = z.array(zObject).safeParse(object[list])
  return read.success ? read.data : []
}

const hasId = (object: OcpiObject, name: 'uid' | 'id', id: string) => {
  const value = object[name]
  return typeof value === 'string' && sameCi(value, id)
}

/** The part of a held location that a place names. */
function objectAt(location: OcpiObject, { evse, connector }: Place): OcpiObject | undefined {
  if (evse === undefined) return location
  const found = partsOf(location, 'evses').find((part) => hasId(part, 'uid', evse))
  if (found === undefined || connector === undefined) return found
  return partsOf(found, 'connectors').find((part) => hasId(part, 'id', connector))
}

/** A part that may go where its URL says. */
function checkedPart(
  connection: ConnectionRow,
  { evse, connector }: Place,
  object: OcpiObject,
): OcpiObject {
  const edition = editionOf(connection)
  if (connector !== undefined) {
    const id = edition.connectorId(object)
    if (!sameCi(id, connector)) throw invalid(`id: ${id} is not the ${connector} of the URL`)
  } else if (evse !== undefined) {
    const uid = edition.evseUid(object)
    if (!sameCi(uid, evse)) throw invalid(`uid: ${uid} is not the ${evse} of the URL`)
  }
  return object
}

/** The location with a part put in; a change of a part is a change of all that hold it (OCPI 2.2.1 §8.2.2.3). */
function placed(location: OcpiObject, place: Place, part: OcpiObject): OcpiObject {
  const { evse, connector } = place
  if (evse === undefined) return part
  const parent =
    connector === undefined ? part : withPart(requireEvse(location, evse), 'connectors', 'id', part)
  return withPart(location, 'evses', 'uid', parent)
}

function requireEvse(location: OcpiObject, evse: string): OcpiObject {
  const found = objectAt(location, { location: '', evse })
  if (found === undefined) throw unknownObject('the EVSE')
  return found
}

function withPart(
  parent: OcpiObject,
  list: 'evses' | 'connectors',
  name: 'uid' | 'id',
  part: OcpiObject,
): OcpiObject {
  const id = part[name]
  const others = partsOf(parent, list).filter(
    (other) => typeof id !== 'string' || !hasId(other, name, id),
  )
  const isNewer = isBefore(parent['last_updated'], part['last_updated'])
  return {
    ...parent,
    [list]: [...others, part],
    last_updated: isNewer ? part['last_updated'] : parent['last_updated'],
  }
}

/** Locations are stored in batches: a feed has thousands. */
const batchMax = 100

/** What a batch cannot store for the sake of one of its locations is stored without that one. */
async function takeEach(
  { log }: Roaming,
  locations: readonly LocationInput[],
  take: (one: LocationInput[]) => Promise<unknown>,
  failure: unknown,
): Promise<void> {
  let taken = 0
  for (const location of locations)
    try {
      await take([location])
      taken += 1
    } catch (error) {
      log.error({ location: location.ocpiId, err: error }, 'a location cannot be stored')
    }
  if (taken === 0) throw failure
}

/** The peer's locations, all or those changed since an instant. Throws `PeerError`. */
export function pullLocations(
  roaming: Roaming,
  channel: ConnectionRow,
  dateFrom?: string,
  onBatch: () => Promise<void> = async () => undefined,
): Promise<Pulled> {
  let batch: LocationInput[] = []
  const at = () => roaming.now().toISOString()
  // A location names its party itself.
  const take = (locations: LocationInput[]) =>
    takeStatus(roaming.db, { channel, locations, concernsPrice: 'none', at: at() })
  const flush = async () => {
    const locations = batch
    batch = []
    await take(locations).catch((error: unknown) => takeEach(roaming, locations, take, error))
    await onBatch()
  }
  return pullList(roaming, channel, {
    module: 'locations',
    dateFrom,
    timeoutMs: 30_000,
    read: editionOf(channel).location,
    take: async ({ input }) => {
      batch.push(input)
      if (batch.length >= batchMax) await flush()
    },
    close: async () => {
      await flush()
      // The tariffs came before the chargers that use them: all are judged by where they are used.
      await takeStatus(roaming.db, { channel, locations: [], concernsPrice: 'all', at: at() })
    },
  })
}
