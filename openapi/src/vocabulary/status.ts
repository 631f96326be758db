import { z } from 'zod'

/** The four independent axes of a session. One enum would need their product; partners need each alone. */
export const sessionStatuses = [
  'authorizing',
  'starting',
  'awaiting_plug_in',
  'charging',
  'suspended',
  'stopping',
  'ended',
  'start_failed',
  'start_unconfirmed',
  'cancelled',
] as const
export const connectivities = ['live', 'delayed', 'suspected_offline', 'recovered'] as const
export const recordStatuses = [
  'none',
  'session_only',
  'provisional',
  'cdr_received',
  'cdr_accepted',
  'cdr_adjusted',
  'cdr_quarantined',
  'cdr_overdue',
  'credited',
] as const
export const moneyStatuses = [
  'unfunded',
  'held',
  'released',
  'capturing',
  'captured',
  'capture_failed',
  'refunded',
  'partially_refunded',
  'disputed',
  'settled',
  'settled_provisionally',
  'adjusted',
] as const

export type SessionStatus = (typeof sessionStatuses)[number]
export type Connectivity = (typeof connectivities)[number]
export type RecordStatus = (typeof recordStatuses)[number]
export type MoneyStatus = (typeof moneyStatuses)[number]

export const zSessionStatus = z
  .enum(sessionStatuses)
  .meta({ id: 'SessionStatus', description: 'What happens at the charger.' })
export const zConnectivity = z
  .enum(connectivities)
  .meta({ id: 'Connectivity', description: 'Whether we hear the charger.' })
export const zRecordStatus = z
  .enum(recordStatuses)
  .meta({ id: 'RecordStatus', description: 'What we know of the charge detail record.' })
export const zMoneyStatus = z
  .enum(moneyStatuses)
  .meta({ id: 'MoneyStatus', description: 'Where the money is.' })

/** Which status may follow which. The database refuses anything else. */
export const statusTransitions: Record<SessionStatus, readonly SessionStatus[]> = {
  authorizing: ['starting', 'charging', 'start_failed', 'cancelled'],
  starting: [
    'awaiting_plug_in',
    'charging',
    'start_failed',
    'start_unconfirmed',
    'stopping',
    'cancelled',
    'ended',
  ],
  awaiting_plug_in: [
    'charging',
    'stopping',
    'cancelled',
    'start_failed',
    'start_unconfirmed',
    'ended',
  ],
  charging: ['suspended', 'stopping', 'ended'],
  suspended: ['charging', 'stopping', 'ended'],
  stopping: ['ended', 'charging', 'cancelled'],
  ended: [],
  start_failed: ['charging', 'cancelled'],
  start_unconfirmed: ['charging', 'cancelled'],
  cancelled: [],
}

/** A session that has begun and not ended: it has its EVSE to itself. */
export const liveStatuses = [
  'authorizing',
  'starting',
  'awaiting_plug_in',
  'charging',
  'suspended',
  'stopping',
] as const satisfies readonly SessionStatus[]

export const endReasons = [
  'requested',
  'local',
  'remote',
  'ev_disconnected',
  'ghost',
  'fault',
  'power_loss',
  'deauthorized',
  'inferred',
  'max_duration',
  'limit',
  'site_closed',
  'other',
] as const
export type EndReason = (typeof endReasons)[number]
export const zEndReason = z
  .enum(endReasons)
  .meta({ id: 'EndReason', description: 'Why energy stopped.' })

/** OCPI 2.2.1 §8.4.22, the words of every supply protocol here. */
export const evseStatuses = [
  'AVAILABLE',
  'BLOCKED',
  'CHARGING',
  'INOPERATIVE',
  'OUTOFORDER',
  'PLANNED',
  'REMOVED',
  'RESERVED',
  'UNKNOWN',
] as const
export type EvseStatus = (typeof evseStatuses)[number]

export const connectionStatuses = ['handshaking', 'live', 'degraded', 'paused'] as const
export type ConnectionStatus = (typeof connectionStatuses)[number]

export const supplyModels = ['agency', 'commissionaire', 'direct'] as const
export type SupplyModel = (typeof supplyModels)[number]

/** `start_rejected.reason`: closed list, mapped from OCPI, OICP and OCPP by table. */
export const startRejections = [
  'evse_occupied',
  'evse_faulted',
  'cable_not_connected',
  'token_rejected',
  'not_supported',
  'cpo_policy',
  'timeout',
  'unknown',
] as const
export type StartRejection = (typeof startRejections)[number]
export const zStartRejection = z
  .enum(startRejections)
  .meta({ id: 'StartRejection', description: 'Why the charger refused to start.' })
