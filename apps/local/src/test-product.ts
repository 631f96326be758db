// What the journeys run against: the whole product, started by the launcher in a home of its own, with every deadline
// of a session shortened so that "after two minutes" is a test of seconds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSecondProduct } from './second-product.ts'

/** Milliseconds, by the names of `Deadlines` in workflows/corridor/src/contract.ts. */
const shortDeadlines = {
  scaRequired: 8_000,
  startConfirmation: 3_000,
  holdVoidAfterUnconfirmedStart: 5_000,
  lateStartWatch: 40_000,
  plugIn: 5_000,
  ghost: 6_000,
  longestLook: 500,
  stopConfirmation: 5_000,
  record: 8_000,
}

export async function setup(): Promise<() => Promise<void>> {
  const running = process.env['JOURNEY_STACK']
  if (running !== undefined) return () => Promise.resolve()
  const home = mkdtempSync(join(tmpdir(), 'chargelane-journeys-'))
  const product = await startSecondProduct({
    state: home,
    env: {
      SESSION_DEADLINES: JSON.stringify(shortDeadlines),
      OCPP_OFFLINE_GRACE_MS: '1000',
      OCPP_POWER_LOSS_GRACE_MS: '1500',
      SETTLEMENT_INTERVAL_S: '86400',
    },
  })
  process.env['JOURNEY_STACK'] = product.stackFile
  return async () => {
    await product.stop()
    if (process.env['JOURNEY_KEEP'] === undefined) rmSync(home, { recursive: true, force: true })
  }
}
