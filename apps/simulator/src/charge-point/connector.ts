import { registerWhOf, type RunningTransaction } from './energy.ts'
import type { Payload } from './link.ts'
import type { ChargePointOptions, FinishedSession } from './options.ts'

/** One socket of the simulated charge point, as it stands now. */
export interface Connector {
  id: number
  status: string
  plugged: boolean
  registerWh: number
  transaction: RunningTransaction | undefined
  pending: { idTag: string; timer: NodeJS.Timeout } | undefined
}

/** What tests and the sandbox see of a connector. */
export function stateOf({ id, status, plugged, transaction }: Connector) {
  return {
    connectorId: id,
    status,
    plugged,
    transaction: transaction
      ? {
          transactionId: transaction.id,
          idTag: transaction.idTag,
          startedAt: new Date(transaction.realStartMs).toISOString(),
          energyWh: registerWhOf(transaction) - transaction.meterStartWh,
        }
      : null,
  }
}

/** The charge point's own account of a session that has ended. */
export const accountOf = (
  { id, registerWh }: Connector,
  transaction: RunningTransaction,
  reason: string,
): FinishedSession => ({
  transactionId: transaction.id,
  connectorId: id,
  idTag: transaction.idTag,
  startedAt: new Date(transaction.realStartMs).toISOString(),
  endedAt: new Date(transaction.sampledMs).toISOString(),
  meterStartWh: transaction.meterStartWh,
  meterStopWh: registerWh,
  reason,
})

/** The status inside an `idTagInfo`; empty when there is none. */
export function statusOf(idTagInfo: unknown): string {
  if (typeof idTagInfo !== 'object' || idTagInfo === null || !('status' in idTagInfo)) return ''
  return typeof idTagInfo.status === 'string' ? idTagInfo.status : ''
}

const configurationKey = (key: string, value: string | number) => ({
  key,
  readonly: false,
  value: String(value),
})

/** The answer to GetConfiguration (OCPP 1.6 §9.1 names the keys). */
export const configurationOf = (options: ChargePointOptions, connectors: number): Payload => ({
  configurationKey: [
    configurationKey('MeterValueSampleInterval', options.meterIntervalS ?? 60),
    configurationKey('NumberOfConnectors', connectors),
    configurationKey('AuthorizeRemoteTxRequests', 'false'),
    configurationKey('StopTransactionOnInvalidId', 'true'),
  ],
})
