import type { EndReason } from '@chargelane/openapi/vocabulary/status'

/** OCPP 1.6 §7.36 Reason; OCPP 2.x keeps these words and adds others. */
const endReasons: Record<string, EndReason> = {
  EmergencyStop: 'fault',
  EVDisconnected: 'ev_disconnected',
  HardReset: 'other',
  SoftReset: 'other',
  Reboot: 'other',
  Local: 'local',
  Other: 'other',
  PowerLoss: 'power_loss',
  Remote: 'remote',
  UnlockCommand: 'remote',
  DeAuthorized: 'deauthorized',
}

/** A stop without a reason was local (OCPP 1.6 §6.45). */
export const endReasonOf = (stopReason: string | null | undefined): EndReason =>
  endReasons[stopReason ?? 'Local'] ?? 'other'
