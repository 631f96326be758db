import type { Tx } from '@chargelane/db'
import {
  insertMeterValues,
  type MeteredTransaction,
  type MeterRow,
  type RegisterAt,
  registerBefore,
} from '@chargelane/db/queries/chargers/meter-values'
import {
  flagTransaction,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { implausibility, unknownMaxPowerW } from '@chargelane/rules/record/registers'
import { laterInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import type { Reading } from './events.ts'

export type Metered = MeteredTransaction & { readings: readonly Reading[]; receivedAt: string }

/** Stores readings of several transactions at once; what cannot be true is kept and flagged. */
export async function storeReadings(
  node: ChargingNode,
  tx: Tx,
  told: readonly Metered[],
): Promise<void> {
  const rows: MeterRow[] = []
  const implausible = new Set<number>()
  for (const each of told) {
    const judged = await judgeReadings(node, tx, each)
    rows.push(...judged)
    if (judged.some((row) => row.flag === 'backwards' || row.flag === 'jump'))
      implausible.add(each.transaction.id)
  }
  await insertMeterValues(tx, rows)
  for (const id of implausible) await flagTransaction(tx, id, 'register_implausible')
}

async function judgeReadings(node: ChargingNode, tx: Tx, told: Metered): Promise<MeterRow[]> {
  const { transaction, receivedAt } = told
  const limit = {
    maxPowerW: told.maxPowerW ?? unknownMaxPowerW,
    slackMs: node.config.plausibleSlackMs,
  }
  const rows: MeterRow[] = []
  const timed = told.readings
    .map((reading) => ({ reading, at: instantOf(node, transaction, reading, receivedAt) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  for (const { reading, at } of timed) {
    const { registerWh } = reading
    const before =
      registerWh === undefined
        ? undefined
        : (lastBelieved(rows, at) ?? (await believedBefore(tx, told, at)))
    const flag =
      transaction.stoppedAt !== null && at > transaction.stoppedAt
        ? 'after_stop'
        : before === undefined || registerWh === undefined
          ? undefined
          : implausibility(before, { at, registerWh }, limit)
    rows.push(meterRow(transaction, { ...reading, at, receivedAt, flag: flag ?? null }))
  }
  return rows
}

/** The latest register serves what comes in order; what was queued is compared with the one of its own time. */
async function believedBefore(
  tx: Tx,
  { transaction, last }: Metered,
  at: string,
): Promise<RegisterAt | undefined> {
  const { meterStartWh, startedAt } = transaction
  const stored =
    last === null || last.at <= at ? last : await registerBefore(tx, transaction.sessionId, at)
  if (stored != null) return stored
  return meterStartWh === null ? undefined : { at: startedAt, registerWh: meterStartWh }
}

/** The opening reading belongs to the start, even when it comes in the frame of the first sample (quirk 11). */
function instantOf(
  node: ChargingNode,
  transaction: TransactionRow,
  reading: Reading,
  receivedAt: string,
): string {
  if (reading.context === 'Transaction.Begin') return transaction.startedAt
  return laterInstant(reading.claimedAt, receivedAt, node.config, transaction)
}

function lastBelieved(rows: readonly MeterRow[], at: string): RegisterAt | undefined {
  const row = rows.findLast(
    (each) => each.registerWh !== null && each.flag === null && each.at <= at,
  )
  return row?.registerWh == null ? undefined : { at: row.at, registerWh: row.registerWh }
}

type Stored = Omit<Reading, 'claimedAt'> & Pick<MeterRow, 'at' | 'flag' | 'receivedAt'>

export const meterRow = ({ sessionId }: TransactionRow, reading: Stored): MeterRow => ({
  sessionId,
  at: reading.at,
  context: reading.context,
  registerWh: reading.registerWh ?? null,
  powerW: reading.powerW ?? null,
  socPercent: reading.socPercent ?? null,
  source: 'ocpp',
  flag: reading.flag,
  receivedAt: reading.receivedAt,
})
