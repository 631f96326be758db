// Chargers' clocks are evidence, ours decides (failures F31): what a clock claims is believed within limits.

/** Older than this is no queued message but a clock that never was set (1970). */
const behindMaxMs = 30 * 24 * 3_600_000
/** A charger cannot have begun before it was told to; a little disagreement of clocks is normal. */
const commandToleranceMs = 300_000

export interface ClockLimits {
  clockAheadMaxMs: number
}

/** Where a transaction begins: the instant we go by, and what to add to the charger's clock from then on. */
export function startInstant(
  claimed: string | undefined,
  receivedAt: string,
  limits: ClockLimits,
  commandSentAt?: string,
): { startedAt: string; offsetMs: number } {
  const received = Date.parse(receivedAt)
  const said = claimed === undefined ? Number.NaN : Date.parse(claimed)
  const earliest =
    commandSentAt === undefined
      ? received - behindMaxMs
      : Math.max(received - behindMaxMs, Date.parse(commandSentAt) - commandToleranceMs)
  if (said >= earliest && said <= received + limits.clockAheadMaxMs)
    return { startedAt: iso(said), offsetMs: 0 }
  return {
    startedAt: receivedAt,
    offsetMs: Number.isNaN(said) ? 0 : received - said,
  }
}

/**
 * A later instant of the transaction. The offset found at its start keeps durations true on a wrong clock; a clock
 * corrected meanwhile is believed as it stands; else our own time of receipt counts.
 */
export function laterInstant(
  claimed: string | undefined,
  receivedAt: string,
  limits: ClockLimits,
  transaction: { startedAt: string; clockOffsetMs: number },
): string {
  const said = claimed === undefined ? Number.NaN : Date.parse(claimed)
  const start = Date.parse(transaction.startedAt)
  const latest = Date.parse(receivedAt) + limits.clockAheadMaxMs
  for (const candidate of [said + transaction.clockOffsetMs, said])
    if (candidate >= start && candidate <= latest) return iso(candidate)
  // Both clocks may stand a hair apart at the very start.
  return Date.parse(receivedAt) < start ? transaction.startedAt : receivedAt
}

const iso = (ms: number) => new Date(ms).toISOString()
