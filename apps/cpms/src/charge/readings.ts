import type { Sql } from '@chargelane/db'
import type {
  MeteredTransaction,
  RunningTransaction,
} from '@chargelane/db/queries/chargers/meter-values'
import { flagTransaction } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { takeReadings } from '@chargelane/corridor/supply/inbox'
import { unknownMaxPowerW } from '@chargelane/rules/record/registers'
import { laterInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { putReadingAside } from './aside.ts'
import type { Reading } from './events.ts'

export type Metered = MeteredTransaction & {
  readings: readonly Reading[]
  signed: readonly string[]
  receivedAt: string
}

/** Hands over the readings of several transactions at once, each at the instant we go by. */
export async function storeReadings(
  node: ChargingNode,
  sql: Sql,
  told: readonly Metered[],
): Promise<void> {
  const taken = await takeReadings(
    sql,
    told.map(({ transaction, maxPowerW, last, readings, signed, receivedAt }) => ({
      sessionId: transaction.sessionId,
      source: 'node' as const,
      ...beginOf(transaction),
      last,
      endedAt: transaction.inferred ? null : transaction.stoppedAt,
      readings: readings.map(({ claimedAt, ...reading }) => ({
        ...reading,
        at: instantOf(node, transaction, { ...reading, claimedAt }, receivedAt),
      })),
      signed,
      limit: powerLimit(node, maxPowerW),
      at: receivedAt,
    })),
  )
  for (const [n, { transaction, receivedAt }] of told.entries())
    if ((taken[n]?.flagged ?? 0) > 0) {
      await flagTransaction(sql, transaction.id, 'register_implausible')
      if (transaction.origin !== 'unknown')
        await putReadingAside(sql, transaction, receivedAt, 'a register no meter can have shown')
    }
}

const beginOf = ({ meterStartWh, startedAt }: RunningTransaction) =>
  meterStartWh === null ? {} : { begin: { at: startedAt, registerWh: meterStartWh } }

export const powerLimit = (node: ChargingNode, maxPowerW: number | null) => ({
  maxPowerW: maxPowerW ?? unknownMaxPowerW,
  slackMs: node.config.plausibleSlackMs,
})

/** The opening reading belongs to the start, even when it comes in the frame of the first sample (quirk 11). */
function instantOf(
  node: ChargingNode,
  transaction: RunningTransaction,
  reading: Reading,
  receivedAt: string,
): string {
  if (reading.context === 'Transaction.Begin') return transaction.startedAt
  return laterInstant(reading.claimedAt, receivedAt, node.config, transaction)
}
