import type { ChargePointOptions } from './options.ts'

// How energy flows in a simulated charge point, in claimed time and whole watt-milliseconds.

export interface RunningTransaction {
  id: number | null
  idTag: string
  realStartMs: number
  speed: number
  meterStartWh: number
  /** Delivered so far in watt-milliseconds: whole numbers, so that no energy is lost in rounding. */
  deliveredWms: number
  sampledMs: number
  failed: boolean
  begun: Promise<unknown>
}

const wmsPerWh = 3_600_000

/** The charge point's clock while a transaction runs. */
export function claimedNow(transaction: RunningTransaction): number {
  return Math.round(
    transaction.realStartMs + (Date.now() - transaction.realStartMs) * transaction.speed,
  )
}

export const registerWhOf = (transaction: RunningTransaction): number =>
  transaction.meterStartWh + Math.floor(transaction.deliveredWms / wmsPerWh)

export function powerAt(
  options: ChargePointOptions,
  transaction: RunningTransaction,
  sinceStartS: number,
): number {
  if (options.scenario === 'ghost') return 0
  const { powerW = 50_000, batteryWh } = options
  if (batteryWh !== undefined && transaction.deliveredWms >= batteryWh * wmsPerWh) return 0
  return Math.max(0, Math.round(typeof powerW === 'number' ? powerW : powerW(sinceStartS)))
}

/** Lets energy flow up to a claimed instant: power is constant between two samples. Returns that power in W. */
export function advance(
  options: ChargePointOptions,
  transaction: RunningTransaction,
  toMs: number,
): number {
  const sinceStartS = (transaction.sampledMs - transaction.realStartMs) / 1_000
  const powerW = powerAt(options, transaction, sinceStartS)
  transaction.deliveredWms += powerW * Math.max(0, Math.round(toMs - transaction.sampledMs))
  if (options.batteryWh !== undefined)
    transaction.deliveredWms = Math.min(
      transaction.deliveredWms,
      Math.round(options.batteryWh * wmsPerWh),
    )
  transaction.sampledMs = Math.max(transaction.sampledMs, toMs)
  return powerW
}

export function readingOf(transaction: RunningTransaction, powerW: number, context: string) {
  const register = { value: String(registerWhOf(transaction)), context, unit: 'Wh' }
  return {
    timestamp: new Date(transaction.sampledMs).toISOString(),
    sampledValue: [
      { ...register, measurand: 'Energy.Active.Import.Register', location: 'Outlet' },
      { value: String(powerW), context, measurand: 'Power.Active.Import', unit: 'W' },
    ],
  }
}
