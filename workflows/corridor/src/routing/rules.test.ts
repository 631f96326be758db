// Which of the channels that sell one EVSE takes its commands, and in which order the others are tried.
import { describe, expect, test } from 'vitest'
import { type Channel, rankChannels } from './rules.ts'

const now = '2026-11-30T10:00:00.000Z'
const later = '2026-11-30T10:05:00.000Z'

const channel = (connectionId: string, more: Partial<Channel> = {}): Channel => ({
  evseId: `evs_${connectionId}`,
  connectorId: `con_${connectionId}`,
  connectionId,
  protocol: 'ocpi',
  status: 'live',
  openUntil: null,
  queue: { kind: 'queue', queue: 'roaming' },
  ...more,
})

const ranked = (...channels: Channel[]) =>
  rankChannels(channels, now).map(({ connectionId, usable, reason }) => [
    connectionId,
    usable,
    reason,
  ])

describe('the channels to one EVSE', () => {
  test('are tried our own node first, then those that are live, then those that are degraded', () => {
    expect(
      ranked(
        channel('degraded', { status: 'degraded' }),
        channel('live'),
        channel('node', { protocol: 'node' }),
      ),
    ).toEqual([
      ['node', true, 'our own node'],
      ['live', true, 'OCPI, live'],
      ['degraded', true, 'OCPI, degraded'],
    ])
  })

  test('of one rank keep their order: the one that was quoted comes first', () => {
    expect(ranked(channel('quoted'), channel('other')).map(([id]) => id)).toEqual([
      'quoted',
      'other',
    ])
    expect(ranked(channel('other'), channel('quoted')).map(([id]) => id)).toEqual([
      'other',
      'quoted',
    ])
  })

  test.each([
    ['paused', { status: 'paused' }, 'connection is paused'],
    ['still shaking hands', { status: 'handshaking' }, 'connection is handshaking'],
    ['behind an open circuit', { openUntil: later }, `circuit open until ${later}`],
  ] as const)('that are %s come last and take nothing, with the reason', (_, closed, reason) => {
    expect(ranked(channel('closed', { protocol: 'node', ...closed }), channel('live'))).toEqual([
      ['live', true, 'OCPI, live'],
      ['closed', false, reason],
    ])
  })

  test('whose circuit has had its time are tried again', () => {
    expect(ranked(channel('healed', { openUntil: now }))).toEqual([['healed', true, 'OCPI, live']])
  })

  test('are one for each connection, by the first of its connectors', () => {
    const connectors = ['con_quoted', 'con_second'].map((connectorId) =>
      channel('one', { connectorId }),
    )
    expect(rankChannels([...connectors, channel('two')], now)).toMatchObject([
      { connectionId: 'one', connectorId: 'con_quoted' },
      { connectionId: 'two' },
    ])
  })
})
