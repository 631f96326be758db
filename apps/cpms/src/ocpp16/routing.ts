import type { Protocol } from '../line/station.ts'
import { authorize } from './authorize.ts'
import { bootNotification } from './boot-notification.ts'
import { dataTransfer } from './data-transfer.ts'
import { diagnosticsStatusNotification } from './diagnostics-status-notification.ts'
import { firmwareStatusNotification } from './firmware-status-notification.ts'
import { heartbeat } from './heartbeat.ts'
import { logStatusNotification } from './log-status-notification.ts'
import { meterValues } from './meter-values.ts'
import { securityEventNotification } from './security-event-notification.ts'
import { signCertificate } from './sign-certificate.ts'
import { startTransaction } from './start-transaction.ts'
import { statusNotification } from './status-notification.ts'
import { stopTransaction } from './stop-transaction.ts'
import type { InboundAction } from './wire.ts'
import type { Route } from './action.ts'

/** The one routing table: what a charger may send, and which file answers it. */
const routes: Record<InboundAction, Route> = {
  Authorize: authorize,
  BootNotification: bootNotification,
  DataTransfer: dataTransfer,
  DiagnosticsStatusNotification: diagnosticsStatusNotification,
  FirmwareStatusNotification: firmwareStatusNotification,
  Heartbeat: heartbeat,
  LogStatusNotification: logStatusNotification,
  MeterValues: meterValues,
  SecurityEventNotification: securityEventNotification,
  SignCertificate: signCertificate,
  StartTransaction: startTransaction,
  StatusNotification: statusNotification,
  StopTransaction: stopTransaction,
}

const byName = new Map<string, Route>(Object.entries(routes))

export const ocpp16: Protocol = {
  name: 'ocpp1.6',
  handledAnew: new Set(['Heartbeat', 'BootNotification']),
  isBoot: (action) => action === 'BootNotification',
  handle(node, station, call) {
    const found = byName.get(call.action)
    if (found === undefined)
      return Promise.resolve({
        kind: 'refused',
        fault: 'not_implemented',
        description: `${call.action.slice(0, 50)} is not an action of OCPP 1.6`,
      })
    if (call.action === 'BootNotification' && isLaterVersion(call.payload))
      return Promise.resolve({
        kind: 'refused',
        fault: 'protocol',
        description: 'the payload is of OCPP 2.x, the connection speaks ocpp1.6',
        close: 'OCPP 2.x payload on an ocpp1.6 connection',
      })
    return found.handle({ node, station, receivedAt: call.receivedAt }, call)
  },
}

/** Quirk 16: a charger that negotiated 1.6 and speaks 2.x would never boot; it is told so instead. */
function isLaterVersion(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'chargingStation' in payload
}
