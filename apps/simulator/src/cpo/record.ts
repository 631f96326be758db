// A session of the simulated operator and the record that comes of it, as OCPI objects.
import type { CpoEvse, CpoLocation, CpoParty, CpoTariff } from './data.ts'
import { bill, type Flow } from './price.ts'
import { type CpoObject, type CpoState, type CpoToken, iso } from './state.ts'

export const cpoScenarios = [
  'normal',
  /** The command is refused at once. */
  'reject',
  /** Accepted, then EVSE_OCCUPIED. */
  'occupied',
  /** Accepted twice, and nothing ever happens (failures F03). */
  'accept_then_no_session',
  /** Accepted, then TIMEOUT, and the car charges all the same some seconds later (failures F04). */
  'late_start',
  /** Accepted, then TIMEOUT. */
  'timeout',
  /** Nothing is pushed: who wants to know must ask. */
  'silent',
  /** Half-way the car takes no more energy, and the session stays open (failures F21). */
  'ghost',
  /** No CDR, neither pushed nor listed (failures F34). */
  'no_cdr',
  /** The CDR comes some seconds after the session. */
  'late_cdr',
  /** The same CDR twice. */
  'duplicate_cdr',
  /** A second CDR with the same id and another total (failures F38). */
  'changed_cdr',
  /** The price rises by a fifth when the session starts, and the CDR asks the new one (failures F02, F37). */
  'tariff_change',
  /** The CDR asks ten kWh that never flowed (failures F36). */
  'more_energy',
] as const
export type CpoScenario = (typeof cpoScenarios)[number]

export type Plan = {
  scenario: CpoScenario
  /** Seconds of real time that `late_start` and `late_cdr` wait. Default 2. */
  afterS: number
  /** Length of the session in the car's own time, when nobody stops it. Default 25. */
  minutes: number
}

export type Start = {
  location: CpoLocation
  evse: CpoEvse
  token: CpoToken
  reference: string | undefined
  responseUrl?: string
}

export type Running = {
  session: CpoObject
  start: Start
  plan: Plan
  tariff: CpoTariff
  flow: Flow
  stopped: boolean
}

export function begin(state: CpoState, start: Start, plan: Plan): Running {
  const now = Date.now()
  const connector = start.evse.connectors[0]
  const tariff = state.tariffs.find(({ id }) => id === connector?.tariff_ids[0])
  if (connector === undefined || tariff === undefined) {
    throw new Error(`${start.evse.uid} has no connector with a price`)
  }
  state.counter += 1
  const { uid, type, contract_id } = start.token
  return {
    start,
    plan,
    tariff,
    stopped: false,
    flow: [{ at: Math.floor(now / 1000) * 1000, wh: 0 }],
    session: {
      ...state.party,
      id: `${state.party.party_id}-S-${now.toString(36).toUpperCase()}-${state.counter}`,
      start_date_time: iso(Math.floor(now / 1000) * 1000),
      kwh: 0,
      cdr_token: {
        country_code: state.emsp?.country_code ?? '',
        party_id: state.emsp?.party_id ?? '',
        uid,
        type,
        contract_id,
      },
      auth_method: start.responseUrl === undefined ? 'AUTH_REQUEST' : 'COMMAND',
      ...(start.reference === undefined ? {} : { authorization_reference: start.reference }),
      location_id: start.location.id,
      evse_uid: start.evse.uid,
      connector_id: connector.id,
      currency: tariff.currency,
      charging_periods: [],
      status: 'PENDING',
      last_updated: iso(Math.floor(now / 1000) * 1000),
    },
  }
}

export const periodsOf = ({ tariff }: Running, { periods }: ReturnType<typeof bill>) =>
  periods.map(({ start, end, wh }) => ({
    start_date_time: iso(start),
    dimensions: [
      { type: 'ENERGY', volume: wh / 1000 },
      { type: 'TIME', volume: Math.round(((end - start) / 3_600_000) * 10_000) / 10_000 },
    ],
    tariff_id: tariff.id,
  }))

/** OCPI 2.2.1 §10.3.1, with its totals from the operator's own bill. */
export function recordOf(party: CpoParty, run: Running): CpoObject {
  const { session, start, tariff, flow } = run
  const total = bill(flow, tariff)
  const connector = start.evse.connectors[0]
  const ended = iso(flow.at(-1)?.at ?? Date.now())
  return {
    ...party,
    id: session.id.replace('-S-', '-C-'),
    start_date_time: session['start_date_time'],
    end_date_time: ended,
    session_id: session.id,
    cdr_token: session['cdr_token'],
    auth_method: session['auth_method'],
    ...(start.reference === undefined ? {} : { authorization_reference: start.reference }),
    cdr_location: {
      id: start.location.id,
      name: start.location.name,
      address: start.location.address,
      city: start.location.city,
      postal_code: start.location.postal_code,
      country: start.location.country,
      coordinates: start.location.coordinates,
      evse_uid: start.evse.uid,
      evse_id: start.evse.evse_id,
      connector_id: connector?.id ?? '1',
      connector_standard: connector?.standard,
      connector_format: connector?.format,
      connector_power_type: connector?.power_type,
    },
    currency: tariff.currency,
    tariffs: [tariff],
    charging_periods: periodsOf(run, total),
    total_cost: { excl_vat: total.exclVat, incl_vat: total.inclVat },
    total_energy: total.wh / 1000,
    total_time: Math.round((total.seconds / 3600) * 10_000) / 10_000,
    last_updated: ended,
  }
}

/** The record of a meter that ran on by ten kWh after the car had left: what the session itself disproves. */
export function inflated(party: CpoParty, run: Running): CpoObject {
  const last = run.flow.at(-1)
  if (last === undefined) return recordOf(party, run)
  const flow = [...run.flow.slice(0, -1), { at: last.at, wh: last.wh + 1_000_000 }]
  return recordOf(party, { ...run, flow })
}

/** The same record with one kWh and one franc more: what must never replace the first. */
export function dearer(cdr: CpoObject): CpoObject {
  const changed = structuredClone(cdr)
  changed['total_energy'] = Number(changed['total_energy']) + 1
  changed['total_cost'] = { excl_vat: 99.99, incl_vat: 108.09 }
  return changed
}
