// What the simulated operator has: sites in Swiss towns, three classes of chargers, one price for each.
import { z } from 'zod'

export type CpoParty = { country_code: string; party_id: string }
export const cpoName = 'Alpenstrom Lade AG'
export const cpoTimeZone = 'Europe/Zurich'

export const zComponent = z.object({
  type: z.enum(['ENERGY', 'TIME']),
  price: z.number(),
  vat: z.number(),
  step_size: z.number(),
})
export const zCpoTariff = z.object({
  country_code: z.string(),
  party_id: z.string(),
  id: z.string(),
  currency: z.string(),
  type: z.string(),
  tariff_alt_text: z.array(z.object({ language: z.string(), text: z.string() })),
  elements: z.array(
    z.object({
      price_components: z.array(zComponent),
      restrictions: z
        .object({
          start_time: z.string().optional(),
          end_time: z.string().optional(),
          min_duration: z.number().optional(),
        })
        .optional(),
    }),
  ),
  last_updated: z.string(),
})
export type CpoTariff = z.infer<typeof zCpoTariff>

const vat = 8.1
const component = (type: 'ENERGY' | 'TIME', price: number) => ({ type, price, vat, step_size: 1 })
const published = '2026-09-01T06:00:00Z'

/**
 * Prices as Swiss operators publish them, including 8.1 % VAT: 0.49 CHF/kWh on AC, 0.59 at 50 kW, 0.69 at 150 kW and
 * more (0.59 at night), and from some minute on a fee by the minute, by day only. OCPI 2.2.1 §11.4.2 wants them
 * without VAT, and by the hour.
 */
export const cpoTariffs = (party: CpoParty): CpoTariff[] => [
  {
    ...party,
    id: 'ALP-AC-22',
    currency: 'CHF',
    type: 'REGULAR',
    tariff_alt_text: [
      {
        language: 'de',
        text: 'CHF 0.49/kWh; ab der 4. Stunde CHF 0.02/min zwischen 07:00 und 22:00. Inkl. 8.1 % MWST.',
      },
    ],
    elements: [
      { price_components: [component('ENERGY', 0.4533)] },
      {
        price_components: [component('TIME', 1.1101)],
        restrictions: { min_duration: 14_400, start_time: '07:00', end_time: '22:00' },
      },
    ],
    last_updated: published,
  },
  {
    ...party,
    id: 'ALP-DC-50',
    currency: 'CHF',
    type: 'REGULAR',
    tariff_alt_text: [
      {
        language: 'de',
        text: 'CHF 0.59/kWh; ab Minute 60 CHF 0.10/min zwischen 07:00 und 22:00. Inkl. 8.1 % MWST.',
      },
    ],
    elements: [
      { price_components: [component('ENERGY', 0.5458)] },
      {
        price_components: [component('TIME', 5.5504)],
        restrictions: { min_duration: 3_600, start_time: '07:00', end_time: '22:00' },
      },
    ],
    last_updated: published,
  },
  {
    ...party,
    id: 'ALP-HPC-150',
    currency: 'CHF',
    type: 'REGULAR',
    tariff_alt_text: [
      {
        language: 'de',
        text: 'CHF 0.69/kWh, 22:00 bis 06:00 CHF 0.59/kWh; ab Minute 15 zusätzlich CHF 0.05/min zwischen 06:00 und 22:00. Inkl. 8.1 % MWST.',
      },
    ],
    elements: [
      {
        price_components: [component('ENERGY', 0.5458)],
        restrictions: { start_time: '22:00', end_time: '06:00' },
      },
      { price_components: [component('ENERGY', 0.6383)] },
      {
        price_components: [component('TIME', 2.7752)],
        restrictions: { min_duration: 900, start_time: '06:00', end_time: '22:00' },
      },
    ],
    last_updated: published,
  },
]

/** Town, postal code, street, coordinates as OCPI writes them, and the chargers: a (AC), d (DC 50), h (DC 150+). */
const sites = [
  ['Zürich', '8005', 'Hardturmstrasse 161', '47.392210', '8.507640', 'hhha'],
  ['Zürich', '8050', 'Thurgauerstrasse 40', '47.412260', '8.556310', 'hhdd'],
  ['Bern', '3018', 'Riedbachstrasse 100', '46.944180', '7.374520', 'hhhh'],
  ['Basel', '4058', 'Fasanenstrasse 221', '47.571530', '7.611020', 'hhda'],
  ['Genève', '1215', 'Route de Pré-Bois 20', '46.230620', '6.105910', 'hhda'],
  ['Lausanne', '1007', 'Route de Chavannes 33', '46.523610', '6.589440', 'hhaa'],
  ['Winterthur', '8404', 'Seenerstrasse 201', '47.501220', '8.759980', 'hhd'],
  ['Luzern', '6003', 'Pilatusstrasse 4', '47.049720', '8.309440', 'aaaa'],
  ['St. Gallen', '9014', 'Zürcher Strasse 464', '47.408050', '9.305270', 'hhda'],
  ['Lugano', '6900', 'Via Pietro Peri 21', '46.007220', '8.951660', 'dda'],
  ['Biel/Bienne', '2504', 'Boulevard des Sports 18', '47.155270', '7.281110', 'hhd'],
  ['Thun', '3604', 'Weststrasse 14', '46.742770', '7.625550', 'dda'],
  ['Chur', '7000', 'Kalchbühlstrasse 40', '46.851110', '9.508880', 'hhda'],
  ['Fribourg', '1763', 'Route du Lac 12', '46.823050', '7.160270', 'dda'],
  ['Neuchâtel', '2000', 'Quai du Port 1', '46.990270', '6.930550', 'aaa'],
  ['Sion', '1950', 'Route des Casernes 19', '46.226110', '7.358330', 'dda'],
  ['Schaffhausen', '8207', 'Ebnatstrasse 149', '47.706660', '8.651660', 'hda'],
  ['Zug', '6300', 'Baarerstrasse 122', '47.178880', '8.515270', 'hda'],
  ['Olten', '4600', 'Industriestrasse 78', '47.343330', '7.897770', 'hhd'],
  ['Egerkingen', '4622', 'Höhenstrasse 30', '47.321110', '7.792220', 'hhhh'],
  ['Würenlos', '5436', 'Autobahn-Raststätte A1', '47.438330', '8.351110', 'hhhh'],
  ['Erstfeld', '6472', 'Raststätte Gotthard A2', '46.832770', '8.646110', 'hhhd'],
  ['Davos', '7270', 'Talstrasse 49', '46.796380', '9.821660', 'aa'],
  ['Martigny', '1920', 'Rue des Neuvilles 11', '46.113330', '7.074720', 'hhd'],
] as const

const classes = {
  a: {
    standard: 'IEC_62196_T2',
    format: 'SOCKET',
    power_type: 'AC_3_PHASE',
    volts: 230,
    amperes: 32,
    watts: 22_000,
    tariff: 'ALP-AC-22',
    drawsW: 11_000,
  },
  d: {
    standard: 'IEC_62196_T2_COMBO',
    format: 'CABLE',
    power_type: 'DC',
    volts: 500,
    amperes: 125,
    watts: 50_000,
    tariff: 'ALP-DC-50',
    drawsW: 46_000,
  },
  h: {
    standard: 'IEC_62196_T2_COMBO',
    format: 'CABLE',
    power_type: 'DC',
    volts: 920,
    amperes: 500,
    watts: 150_000,
    tariff: 'ALP-HPC-150',
    drawsW: 118_000,
  },
} as const

export type CpoEvse = {
  uid: string
  evse_id: string
  status: string
  capabilities: string[]
  connectors: {
    id: string
    standard: string
    format: string
    power_type: string
    max_voltage: number
    max_amperage: number
    max_electric_power: number
    tariff_ids: string[]
    last_updated: string
  }[]
  last_updated: string
}
export type CpoLocation = {
  country_code: string
  party_id: string
  id: string
  publish: boolean
  name: string
  address: string
  city: string
  postal_code: string
  country: string
  coordinates: { latitude: string; longitude: string }
  operator: { name: string }
  time_zone: string
  opening_times: { twentyfourseven: boolean }
  evses: CpoEvse[]
  last_updated: string
}

export const cpoLocations = (party: CpoParty): CpoLocation[] =>
  sites.map(([city, postal_code, address, latitude, longitude, kinds], site) => ({
    ...party,
    id: `LOC-${postal_code}-${site + 1}`,
    publish: true,
    name: `Alpenstrom ${city}, ${address}`,
    address,
    city,
    postal_code,
    country: 'CHE',
    coordinates: { latitude, longitude },
    operator: { name: cpoName },
    time_zone: cpoTimeZone,
    opening_times: { twentyfourseven: true },
    evses: Array.from(kinds, (kind, index) => evse(party, site, index, kind)),
    last_updated: published,
  }))

function evse(party: CpoParty, site: number, index: number, kind: string): CpoEvse {
  const it = kind === 'a' ? classes.a : kind === 'd' ? classes.d : classes.h
  const number = `${String(site + 1).padStart(3, '0')}${index + 1}`
  return {
    uid: `EVSE-${number}`,
    evse_id: `${party.country_code}*${party.party_id}*E${number}`,
    status: 'AVAILABLE',
    capabilities: ['REMOTE_START_STOP_CAPABLE', 'RFID_READER', 'CONTACTLESS_CARD_SUPPORT'],
    connectors: [
      {
        id: '1',
        standard: it.standard,
        format: it.format,
        power_type: it.power_type,
        max_voltage: it.volts,
        max_amperage: it.amperes,
        max_electric_power: it.watts,
        tariff_ids: [it.tariff],
        last_updated: published,
      },
    ],
    last_updated: published,
  }
}

/** What a car draws on average at a connector of this power, in W. */
export function drawsW(connectorW: number): number {
  const found = Object.values(classes).find(({ watts }) => watts === connectorW)
  return found?.drawsW ?? classes.a.drawsW
}
