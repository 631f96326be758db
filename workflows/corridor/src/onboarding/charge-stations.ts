// A charger of our own node: its station, its EVSEs with the tariffs they are sold at, and the keys of their meters.
import { randomBytes } from 'node:crypto'
import { sqlState, type Tx } from '@chargelane/db'
import { createStation, type StationRow } from '@chargelane/db/queries/chargers/chargers'
import {
  addNodeEvses,
  evsesOfStations,
  type StationEvse,
} from '@chargelane/db/queries/chargers/node-evses'
import { type ConnectionRow, findConnection } from '@chargelane/db/queries/locations/connections'
import { knownEvseId } from '@chargelane/db/queries/locations/evse-identity'
import { usableOperators } from '@chargelane/db/queries/partners/parties'
import { getLocation } from '@chargelane/db/queries/locations/locations'
import { getTariff } from '@chargelane/db/queries/locations/tariffs'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { recheckTariffs } from '../supply/tariffs.ts'
import { operatorOf, readEvseId } from '@chargelane/rules/identity/evse-id'
import type { Act } from './act.ts'
import { registerMeterKey } from './meter-keys.ts'

type Body = BodyOf<Contract['charge_stations']['create']>

const invalid = (param: string, message: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param })

/** 32 hexadecimal characters: within the 40 that OCPP 1.6 security profile 1 allows, and no charger stumbles on them. */
const newPassword = () => randomBytes(16).toString('hex')

/** The operator's own ids of tariffs that can be sold on this connection; connectors refer to them as in OCPI. */
async function tariffIdsOf(
  tx: Tx,
  connection: { id: string; cpoId: string },
  plug: { ids: readonly string[]; powerW: number; country: string },
  param: string,
): Promise<string[]> {
  const found: string[] = []
  for (const [index, id] of plug.ids.entries()) {
    const place = `${param}.${index}`
    const tariff = await getTariff(tx, connection.cpoId, id)
    if (tariff?.connectionId !== connection.id) throw missing('tariff', place)
    if (tariff.status === 'invalid' || tariff.status === 'withdrawn')
      throw invalid(place, `is ${tariff.status}`)
    const limit = tariff.marketLimits[plug.country]
    if (limit !== undefined && plug.powerW >= limit)
      throw new DomainError(
        'market_rule_violation',
        `${place}: is not allowed at ${plug.powerW} W in ${plug.country}; its problems say why`,
        { param: place },
      )
    found.push(tariff.ocpiId)
  }
  return found
}

async function evsesOf(tx: Tx, body: Body, connection: ConnectionRow, country: string) {
  const evses = []
  for (const [index, evse] of body.evses.entries()) {
    const connectors = []
    for (const [plug, connector] of evse.connectors.entries()) {
      const param = `evses.${index}.connectors.${plug}.tariffs`
      connectors.push({
        standard: connector.standard,
        format: connector.format,
        powerType: connector.power_type,
        maxVoltage: connector.max_voltage,
        maxAmperage: connector.max_amperage,
        maxPowerW: connector.max_power_w,
        tariffIds: await tariffIdsOf(
          tx,
          connection,
          { ids: connector.tariffs, powerW: connector.max_power_w, country },
          param,
        ),
      })
    }
    evses.push({
      evseId: evse.evse_id,
      ocppEvseId: evse.ocpp_connector_id ?? index + 1,
      connectors,
    })
  }
  const numbers = evses.map((evse) => evse.ocppEvseId)
  if (new Set(numbers).size !== numbers.length)
    throw invalid('evses', 'two of them have the same ocpp_connector_id')
  await requireOwnEvses(tx, connection, body)
  const known = await knownEvseId(
    tx,
    evses.map((evse) => evse.evseId),
  )
  if (known !== undefined) throw invalid('evses', `${known} exists already`)
  return evses
}

/** An EVSE-ID begins with its operator, which is the connection's party or one granted to the account. */
async function requireOwnEvses(tx: Tx, connection: ConnectionRow, { evses }: Body): Promise<void> {
  const { cpoId, countryCode, partyId } = connection
  const own = [operatorOf(countryCode, partyId), ...(await usableOperators(tx, cpoId))]
  const at = evses.findIndex(({ evse_id: id }) => !own.includes(readEvseId(id)?.operator ?? ''))
  const stranger = evses[at]
  if (stranger === undefined) return
  const param = `evses.${at}.evse_id`
  const party = readEvseId(stranger.evse_id)?.operator ?? stranger.evse_id
  throw new DomainError(
    'party_not_granted',
    `${param}: ${party} is neither the party of the connection, ${own[0]}, nor granted to you`,
    { param, extra: { party } },
  )
}

async function insertStation(tx: Tx, input: Parameters<typeof createStation>[1]) {
  try {
    return await createStation(tx, input)
  } catch (error) {
    if (sqlState(error) === '23505') throw invalid('identity', 'names another charger of yours')
    throw error
  }
}

export type MadeStation = { row: StationRow; evses: StationEvse[]; password: string }

/** Its password is known in this answer and nowhere after. */
export async function addStation(act: Act, body: Body): Promise<MadeStation> {
  const { tx, viewer, now } = act
  const location = await getLocation(tx, body.location)
  if (!location || (viewer.type !== 'platform' && location.cpoId !== viewer.accountId))
    throw missing('location', 'location')
  const connection = await findConnection(tx, location.connectionId)
  if (connection?.protocol !== 'node')
    throw invalid('location', 'belongs to an OCPI connection; its chargers connect elsewhere')
  const wanted = await evsesOf(tx, body, connection, location.country)
  const password = newPassword()
  const row = await insertStation(tx, {
    cpoId: connection.cpoId,
    connectionId: connection.id,
    identity: body.identity,
    password,
    at: now,
  })
  const station = {
    id: row.id,
    locationId: location.id,
    connectionId: connection.id,
    cpoId: connection.cpoId,
    at: now,
  }
  await addNodeEvses(tx, station, wanted)
  const made = await evsesOfStations(tx, [row.id])
  for (const [index, { evse_id, meter_key }] of body.evses.entries()) {
    const evse = made.find((each) => each.evseId === evse_id)
    if (evse === undefined || meter_key === undefined) continue
    const param = `evses.${index}.meter_key.public_key`
    const owner = { id: evse.id, cpoId: connection.cpoId }
    await registerMeterKey(tx, owner, meter_key, { now, param })
  }
  // What is usual, and allowed, depends on the connectors a tariff is used at.
  await recheckTariffs(tx, connection, now, location.ocpiId)
  return { row, evses: made, password }
}
