import { z } from 'zod'
import {
  zCountryCode,
  zCreatedAt,
  zEvseRef,
  zIdParam,
  zInstant,
  zLivemode,
  zResidencyRegion,
  zTimeZone,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { chargerIdentity, chargerIdentityText } from '../vocabulary/chargers.ts'
import { evseIdentities } from '../vocabulary/trust/identity.ts'
import { zAccess } from './access-rules.ts'
import { zId } from '../vocabulary/ids.ts'
import { meterCurves } from '../vocabulary/meter.ts'
import { evseStatuses } from '../vocabulary/status.ts'
import { unsoldReasons } from '../vocabulary/tariff.ts'
import { zStorable, zText } from '../vocabulary/text.ts'

const zLatitude = z.number().min(-90).max(90).meta({ description: 'WGS 84, degrees.' })
const zLongitude = z.number().min(-180).max(180).meta({ description: 'WGS 84, degrees.' })
/** OCPI 2.2.1 §8.4.5 ConnectorType, as wide as operators use it. */
export const connectorStandards = [
  'CHADEMO',
  'CHAOJI',
  'DOMESTIC_E',
  'DOMESTIC_F',
  'DOMESTIC_G',
  'DOMESTIC_J',
  'GBT_AC',
  'GBT_DC',
  'IEC_60309_2_single_16',
  'IEC_60309_2_three_16',
  'IEC_60309_2_three_32',
  'IEC_62196_T1',
  'IEC_62196_T1_COMBO',
  'IEC_62196_T2',
  'IEC_62196_T2_COMBO',
  'IEC_62196_T3A',
  'IEC_62196_T3C',
  'TESLA_R',
  'TESLA_S',
] as const
const zStandard = z.enum(connectorStandards).meta({
  id: 'ConnectorStandard',
  description: 'OCPI 2.2.1 ConnectorType. CCS2 is `IEC_62196_T2_COMBO`.',
})

const zPosition = z.object({ latitude: zLatitude, longitude: zLongitude })

export const zLocation = z
  .object({
    id: zId('location'),
    connection: zId('connection'),
    cpo: zId('account'),
    name: z.string().max(255).nullable(),
    address: z.string().max(255),
    city: z.string().max(255),
    postal_code: z.string().max(20).nullable(),
    country: zCountryCode,
    residency_region: zResidencyRegion,
    position: zPosition,
    time_zone: z.string().max(64),
    updated_at: zInstant,
  })
  .meta({ id: 'Location', description: 'A site with chargers.' })

export const zConnector = z
  .object({
    id: zId('connector'),
    standard: z.string().max(40),
    format: z.string().max(10).meta({ description: '`SOCKET` or `CABLE`.' }),
    power_type: z.string().max(12).meta({ description: '`AC_1_PHASE`, `AC_3_PHASE` or `DC`.' }),
    max_power_w: z.int().min(0).meta({ description: 'Watts.' }),
    max_voltage: z.int().min(0).meta({ description: 'Volts.' }),
    max_amperage: z.int().min(0).meta({ description: 'Amperes.' }),
    tariff_ids: z
      .array(z.string().max(36))
      .max(50)
      .meta({ description: "The operator's own ids." }),
  })
  .meta({ id: 'Connector', description: 'A plug of an EVSE.' })

const zEvseStatus = z.enum(evseStatuses)

export const zEvse = z
  .object({
    id: zId('evse'),
    evse_id: z.string().max(48).meta({ description: 'EVSE-ID as the operator writes it.' }),
    identity: z.enum(evseIdentities).meta({
      description:
        '`evse_id`: known by its EVSE-ID. `own_id`: known by our id alone, as its operator gave it no EVSE-ID of its own. `unproven`: its EVSE-ID is of an operator it is not proven to be of; it is not sold.',
    }),
    status: zEvseStatus,
    status_at: zInstant.meta({ description: 'When the operator last told the status.' }),
    capabilities: z.array(z.string().max(60)).max(60),
    cpo: z.object({ id: zId('account'), name: z.string().max(120) }),
    location: zLocation,
    connectors: z.array(zConnector).max(20),
    sellable: z.boolean().meta({
      description:
        'True when a session can be started here now: reachable, priced, not out of use.',
    }),
    access: zAccess,
    price_status: z.enum(['available', 'price_unavailable']).meta({
      description:
        'Whether a public price is for sale at one of the connectors: present, confirmed lately, not on hold, allowed at this power.',
    }),
    price_reason: z.enum(unsoldReasons).nullable().meta({
      description:
        'Why no price is for sale: `none` is published, it is `invalid`, `held` as unusual, `stale` without a confirmation, against a rule of the `market` (its VAT, its currency, what it prices), or `ambiguous` among several. A quote is refused with the same `reason`. Null where a price is for sale.',
    }),
  })
  .meta({ id: 'Evse', description: 'One charging position.' })

const zEvseHit = zEvse
  .extend({ distance_m: z.int().min(0).meta({ description: 'Great-circle distance in metres.' }) })
  .meta({ id: 'EvseHit', description: 'An EVSE found by a search.' })

const zMeterCurve = z.enum(meterCurves)

const zMeterKeyCreate = z
  .strictObject({
    public_key: zStorable(1_000, 1).meta({
      description:
        'As printed on the meter or given by its maker: hex or base64, SubjectPublicKeyInfo or the bare point.',
    }),
    curve: zMeterCurve.optional().meta({
      description: 'Needed for a bare point that is not on `secp256r1`.',
    }),
    meter_serial: zText(50).optional(),
  })
  .meta({ id: 'MeterKeyCreate' })

export const zMeterKey = z
  .object({
    evse: zId('evse'),
    curve: zMeterCurve,
    public_key: z.string().max(1_000).meta({ description: 'SubjectPublicKeyInfo, hex.' }),
    meter_serial: z.string().max(50).nullable(),
    valid_from: zInstant.meta({
      description: 'Sessions that end from here on are checked by it, until the next key.',
    }),
  })
  .meta({ id: 'MeterKey', description: 'The key a calibrated meter signs its values with.' })

const zEvsePath = z.object({ id: zEvseRef })

export const locations = {
  create: operation({
    id: 'locations.create',
    method: 'post',
    path: '/v1/locations',
    summary: 'Publish a location of your own node',
    description:
      'Makes a site for chargers that connect to us. Locations of an OCPI connection are pulled and pushed over OCPI and cannot be made here.',
    scope: 'supply:write',
    body: z
      .strictObject({
        connection: zId('connection'),
        name: zText(120),
        address: zText(45),
        city: zText(45),
        postal_code: zText(10).optional(),
        country: zCountryCode,
        position: z.strictObject({ latitude: zLatitude, longitude: zLongitude }),
        time_zone: zTimeZone.meta({ description: 'Tariffs are read in it.' }),
      })
      .meta({ id: 'LocationCreate' }),
    success: { status: 201, kind: 'json', description: 'The location.', body: zLocation },
    errors: ['resource_missing', 'residency_violation'],
    idempotent: true,
  }),
  get: operation({
    id: 'locations.get',
    method: 'get',
    path: '/v1/locations/{id}',
    summary: 'Read a location',
    description: 'Any location of the marketplace.',
    scope: 'supply:read',
    params: zIdParam('location'),
    success: { status: 200, kind: 'json', description: 'The location.', body: zLocation },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'locations.list',
    method: 'get',
    path: '/v1/locations',
    summary: 'List locations',
    description: 'Every location of the marketplace; an operator sees its own.',
    scope: 'supply:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of locations.',
      body: zListOf('LocationList', zLocation),
    },
    errors: [],
    idempotent: false,
  }),
}

export const evses = {
  search: operation({
    id: 'evses.search',
    method: 'post',
    path: '/v1/search',
    summary: 'Find EVSEs near a position',
    description:
      'Nearest first, at most 100. Reads only, so it needs no `Idempotency-Key`. Ask for a quote to get a binding price.',
    scope: 'supply:read',
    body: z
      .strictObject({
        near: z.strictObject({ latitude: zLatitude, longitude: zLongitude }),
        radius_m: z.int().min(1).max(100_000).default(5_000).meta({ description: 'Metres.' }),
        connector: zStandard.optional(),
        min_power_w: z.int().min(0).max(10_000_000).optional().meta({ description: 'Watts.' }),
        available_only: z
          .boolean()
          .default(false)
          .meta({ description: 'Free now, and open to you or any of your driver groups.' }),
        limit: z.int().min(1).max(100).default(20),
      })
      .meta({ id: 'EvseSearch' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'EVSEs in reach, nearest first.',
      body: z.object({ data: z.array(zEvseHit).max(100) }).meta({ id: 'EvseSearchResult' }),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'evses.get',
    method: 'get',
    path: '/v1/evses/{id}',
    summary: 'Read an EVSE',
    description: 'By our id or by the EVSE-ID printed on the charger.',
    scope: 'supply:read',
    params: zEvsePath,
    success: { status: 200, kind: 'json', description: 'The EVSE.', body: zEvse },
    errors: [],
    idempotent: false,
  }),
  add_meter_key: operation({
    id: 'evses.add_meter_key',
    method: 'post',
    path: '/v1/evses/{id}/meter_keys',
    summary: 'Register the key of a meter',
    description:
      'From now on the signed values (OCMF) of every record of this EVSE are checked against it. Where the market forbids to bill energy that its meter did not sign, a record without valid values is then paid without its energy. A new meter is a new key; earlier sessions stay with the key of their time.',
    scope: 'supply:write',
    params: zEvsePath,
    body: zMeterKeyCreate,
    success: { status: 201, kind: 'json', description: 'The key in force.', body: zMeterKey },
    errors: [],
    idempotent: true,
  }),
  meter_keys: operation({
    id: 'evses.meter_keys',
    method: 'get',
    path: '/v1/evses/{id}/meter_keys',
    summary: 'Read the keys of a meter',
    description: 'The one in force first. Public, so that anyone can check what was measured.',
    scope: 'supply:read',
    params: zEvsePath,
    success: {
      status: 200,
      kind: 'json',
      description: 'Every key since the first; empty where none is registered.',
      body: z.object({ data: z.array(zMeterKey).max(50) }).meta({ id: 'MeterKeyList' }),
    },
    errors: [],
    idempotent: false,
  }),
}

export const zChargeStation = z
  .object({
    id: zId('chargeStation'),
    cpo: zId('account'),
    connection: zId('connection'),
    identity: z.string().max(48),
    ocpp_url: z
      .string()
      .max(500)
      .meta({ description: 'WebSocket URL to set in the charger, identity included.' }),
    password: z.string().max(60).nullable().meta({
      description: 'HTTP Basic password: only in the answer that makes it, null ever after.',
    }),
    evses: z
      .array(
        z.object({
          id: zId('evse'),
          evse_id: z.string().max(48),
          ocpp_connector_id: z.int().min(1),
        }),
      )
      .max(20),
    vendor: z.string().max(50).nullable(),
    model: z.string().max(50).nullable(),
    serial_number: z.string().max(50).nullable(),
    firmware_version: z.string().max(50).nullable(),
    protocol: z.string().max(12).nullable().meta({ description: 'OCPP version last spoken.' }),
    online: z.boolean(),
    last_seen_at: zInstant.nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'ChargeStation', description: 'A charger that connects to our node.' })

const zConnectorCreate = z.strictObject({
  standard: zStandard,
  format: z.enum(['SOCKET', 'CABLE']),
  power_type: z.enum(['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC']),
  max_power_w: z.int().min(1).max(10_000_000),
  max_voltage: z.int().min(1).max(10_000),
  max_amperage: z.int().min(1).max(10_000),
  tariffs: z
    .array(zId('tariff'))
    .min(1)
    .max(10)
    .meta({ description: 'Tariffs you published, `trf_…`.' }),
})

export const charge_stations = {
  create: operation({
    id: 'charge_stations.create',
    method: 'post',
    path: '/v1/charge_stations',
    summary: 'Provision a charger',
    description:
      'Registers a charger, its EVSEs and connectors, and makes its password (OCPP security profile 1). The charger connects to `ocpp_url` with its identity as user name.',
    scope: 'supply:write',
    body: z
      .strictObject({
        location: zId('location'),
        identity: z
          .string()
          .regex(chargerIdentity, `must be ${chargerIdentityText}`)
          .meta({
            description:
              'Last segment of the WebSocket URL, percent-encoded there; unique among your chargers.',
            examples: ['VWL-1001'],
          }),
        evses: z
          .array(
            z.strictObject({
              evse_id: z
                .string()
                .regex(
                  /^[A-Z]{2}\*?[A-Z0-9]{3}\*?E[A-Z0-9][A-Z0-9*]{0,30}$/,
                  'must be an EVSE-ID such as DE*VWL*E1001*1',
                )
                .meta({ examples: ['DE*VWL*E1001*1'] }),
              ocpp_connector_id: z.int().min(1).max(20).optional().meta({
                description: 'connectorId in OCPP 1.6; the position in this list by default.',
              }),
              connectors: z.array(zConnectorCreate).min(1).max(4),
              meter_key: zMeterKeyCreate
                .optional()
                .meta({ description: 'Of a meter that signs its values.' }),
            }),
          )
          .min(1)
          .max(20),
      })
      .meta({ id: 'ChargeStationCreate' }),
    success: {
      status: 201,
      kind: 'json',
      description: 'The charger with its password, shown once.',
      body: zChargeStation,
    },
    errors: ['resource_missing', 'market_rule_violation', 'party_not_granted'],
    idempotent: true,
  }),
  get: operation({
    id: 'charge_stations.get',
    method: 'get',
    path: '/v1/charge_stations/{id}',
    summary: 'Read a charger',
    description: 'What it said at boot, and whether it is online.',
    scope: 'supply:write',
    params: zIdParam('chargeStation'),
    success: { status: 200, kind: 'json', description: 'The charger.', body: zChargeStation },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'charge_stations.list',
    method: 'get',
    path: '/v1/charge_stations',
    summary: 'List chargers',
    description: 'Newest first.',
    scope: 'supply:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of chargers.',
      body: zListOf('ChargeStationList', zChargeStation),
    },
    errors: [],
    idempotent: false,
  }),
}
