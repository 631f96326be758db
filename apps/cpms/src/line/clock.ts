// Chargers' clocks are evidence, ours decides (failures F31): what a clock claims is believed within limits.

/** Older than this is no queued message but a clock that never was set (1970). */
const behindMaxMs = 30 * 24 * 3_600_000
/** A charger cannot have begun before it was told to; a little disagreement of clocks is normal. */
const commandToleranceMs = 300_000
/** Nor before its driver was shown to us on the same line: a clock in another zone is an hour off or more. */
const askedToleranceMs = 45 * 60_000
/** Some chargers read the meter a moment before the time they give as the start. */
const readAheadMs = 60_000

export interface ClockLimits {
  clockAheadMaxMs: number
}

/** A minute of delay is no longer the network: the message waited in the charger's queue. */
export const isLate = (at: string, receivedAt: string): boolean =>
  Date.parse(receivedAt) - Date.parse(at) > 60_000

/** A second witness of when a start can have been: our command, or the question whether the driver may charge. */
export interface StartWitness {
  sentAt?: string | undefined
  askedAt?: string | undefined
}

/** Where a transaction begins: the instant we go by, and what to add to the charger's clock from then on. */
export function startInstant(
  claimed: string | undefined,
  receivedAt: string,
  limits: ClockLimits,
  { sentAt, askedAt }: StartWitness = {},
): { startedAt: string; offsetMs: number } {
  const received = Date.parse(receivedAt)
  const said = claimed === undefined ? Number.NaN : Date.parse(claimed)
  const earliest = Math.max(
    received - behindMaxMs,
    sentAt === undefined ? 0 : Date.parse(sentAt) - commandToleranceMs,
    askedAt === undefined ? 0 : Date.parse(askedAt) - askedToleranceMs,
  )
  if (said >= earliest && said <= received + limits.clockAheadMaxMs)
    return { startedAt: iso(said), offsetMs: 0 }
  return {
    startedAt: receivedAt,
    offsetMs: Number.isNaN(said) ? 0 : received - said,
  }
}

type Clocked = { startedAt: string; clockOffsetMs: number }

/**
 * The claim as an instant of the transaction; undefined when it is none. The offset found at its start keeps durations
 * true on a wrong clock; a clock corrected meanwhile is believed as it stands.
 */
export function believedInstant(
  claimed: string | undefined,
  receivedAt: string,
  limits: ClockLimits,
  transaction: Clocked,
): string | undefined {
  const said = claimed === undefined ? Number.NaN : Date.parse(claimed)
  const start = Date.parse(transaction.startedAt)
  const latest = Date.parse(receivedAt) + limits.clockAheadMaxMs
  const received = Date.parse(receivedAt)
  // Both may be possible where a clock far ahead is believed: what is told as it happens is of about now.
  const [instant] = [said + transaction.clockOffsetMs, said]
    .filter((candidate) => candidate >= start && candidate <= latest)
    .toSorted((a, b) => Math.abs(a - received) - Math.abs(b - received))
  return instant === undefined ? undefined : iso(instant)
}

/** Whether what is claimed to be of before the start is of it all the same: a moment ahead, or by a clock never set. */
export function isOfStart(
  claimed: string,
  receivedAt: string,
  limits: ClockLimits,
  transaction: Clocked,
): boolean {
  const isSet = startInstant(claimed, receivedAt, limits).offsetMs === 0
  const startedAt = iso(Date.parse(transaction.startedAt) - readAheadMs)
  const ahead = { ...transaction, startedAt }
  return !isSet || believedInstant(claimed, receivedAt, limits, ahead) !== undefined
}

/** A later instant of the transaction: as claimed where that is believed, else our own time of receipt. */
export function laterInstant(
  claimed: string | undefined,
  receivedAt: string,
  limits: ClockLimits,
  transaction: Clocked,
): string {
  const believed = believedInstant(claimed, receivedAt, limits, transaction)
  if (believed !== undefined) return believed
  // Both clocks may stand a hair apart at the very start.
  return Date.parse(receivedAt) < Date.parse(transaction.startedAt)
    ? transaction.startedAt
    : receivedAt
}

const iso = (ms: number) => new Date(ms).toISOString()
