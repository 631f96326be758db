import { whyClosed } from '@chargelane/rules/quote/may-start'

/** Where a command to a charger must go at this moment. */
export type CommandQueue = { kind: 'queue'; queue: string } | { kind: 'offline'; detail: string }

/** One way to reach an EVSE, and why it stands where it stands in the order to try. */
export type Candidate = {
  connectionId: string
  evseId: string
  connectorId: string
  protocol: 'node' | 'ocpi'
  usable: boolean
  reason: string
  /** Where its commands went when the channels were ranked. */
  queue: CommandQueue
}

export type Channel = {
  evseId: string
  connectorId: string
  connectionId: string
  protocol: 'node' | 'ocpi'
  status: 'handshaking' | 'live' | 'degraded' | 'paused'
  openUntil: string | null
  queue: CommandQueue
}

/** Our own node first, then live before degraded; one candidate per connection, the quoted EVSE's channel first. */
export function rankChannels(channels: readonly Channel[], now: string): Candidate[] {
  const first = new Map<string, Channel>()
  for (const channel of channels)
    if (!first.has(channel.connectionId)) first.set(channel.connectionId, channel)
  return [...first.values()]
    .map((channel) => ({ channel, ...judge(channel, now) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ channel, usable, reason }) => ({
      connectionId: channel.connectionId,
      evseId: channel.evseId,
      connectorId: channel.connectorId,
      protocol: channel.protocol,
      usable,
      reason,
      queue: channel.queue,
    }))
}

function judge(channel: Channel, now: string): { rank: number; usable: boolean; reason: string } {
  // Whether the charger of our node is online is known only to the command that looks for it.
  const closed = whyClosed({ ...channel, connection: channel.status, online: null }, now)
  if (closed !== undefined) return { rank: 9, usable: false, reason: closed }
  if (channel.protocol === 'node') return { rank: 0, usable: true, reason: 'our own node' }
  if (channel.status === 'degraded') return { rank: 2, usable: true, reason: 'OCPI, degraded' }
  return { rank: 1, usable: true, reason: 'OCPI, live' }
}
