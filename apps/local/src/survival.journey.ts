// Every process of the product is killed while a car charges; each time the launcher starts it again, the session
// goes on, and the money is right to the cent.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSecondProduct } from './second-product.ts'

const names = ['api', 'worker', 'cpms', 'roaming', 'temporal', 'postgres'] as const

const zStack = z.object({
  api_url: z.string(),
  simulator_url: z.string(),
  keys: z.object({
    partner_a: z.string(),
    partner_b: z.string(),
    finance: z.string(),
    platform: z.string(),
  }),
  processes: z.object({
    api: z.int(),
    worker: z.int(),
    cpms: z.int(),
    roaming: z.int(),
    temporal: z.int(),
    postgres: z.int(),
  }),
})
const zWorld = z.object({
  accounts: z.object({ cpo_ocpi: z.string() }),
  payment_sources: z.object({ partner_a: z.string(), partner_b: z.string() }),
  demo_charger: z.object({ evse_id: z.string() }),
})

const home = mkdtempSync(join(tmpdir(), 'chargelane-survival-'))
let stop: () => Promise<void> = () => Promise.resolve()
let stackFile = ''

beforeAll(async () => {
  const product = await startSecondProduct({
    state: home,
    env: { SIMULATOR_SPEED: '20', SETTLEMENT_INTERVAL_S: '86400' },
  })
  stop = product.stop
  stackFile = product.stackFile
})

afterAll(async () => {
  await stop()
  rmSync(home, { recursive: true, force: true })
})

const stack = () => zStack.parse(JSON.parse(readFileSync(stackFile, 'utf8')))

/** Patience for a product of which a part is missing: a retry finds the same resource under the same key. */
function laneOf(key: 'partner_a' | 'partner_b' | 'finance' | 'platform') {
  return new Chargelane({
    apiKey: stack().keys[key],
    baseUrl: stack().api_url,
    maxRetries: 12,
    timeoutMs: 30_000,
  })
}

async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await wait(250)
    }
  }
}

/** Kills the process outright and waits until the launcher has another one. */
async function kill(name: (typeof names)[number]) {
  const before = stack().processes[name]
  process.kill(before, 'SIGKILL')
  await eventually(async () => {
    const now = stack().processes[name]
    if (now === before) throw new Error(`${name} was not started again`)
  })
}

async function evseOf(chapter: 'node' | 'ocpi') {
  const world = zWorld.parse(await (await fetch(`${stack().simulator_url}/world`)).json())
  if (chapter === 'node')
    return {
      partner: laneOf('partner_a'),
      source: world.payment_sources.partner_a,
      evse: world.demo_charger.evse_id,
    }
  const partner = laneOf('partner_b')
  const near = { latitude: 46.948, longitude: 7.4474 }
  const evse = await eventually(async () => {
    const found = await partner.evses.search({
      near,
      radius_m: 100_000,
      available_only: true,
      limit: 100,
    })
    const free = found.data.find((each) => each.cpo.id === world.accounts.cpo_ocpi && each.sellable)
    if (free === undefined) throw new Error('no free charger abroad')
    return free.id
  })
  return { partner, source: world.payment_sources.partner_b, evse }
}

describe('while a car charges', () => {
  test.each([
    ['api', 'node'],
    ['worker', 'node'],
    ['cpms', 'node'],
    ['roaming', 'ocpi'],
    ['temporal', 'node'],
    ['postgres', 'node'],
  ] as const)('%s may die: the session goes on and is paid once', async (name, chapter) => {
    const { partner, source, evse } = await evseOf(chapter)
    const quote = await eventually(() =>
      partner.quotes.create({ evse, payment_source: source, est_energy_wh: 60_000 }),
    )
    const { id } = await eventually(() =>
      partner.sessions.create({ quote: quote.id }, { idempotencyKey: `survival-${quote.id}` }),
    )
    await eventually(() => partner.sessions.waitFor(id, 'charging', { timeoutMs: 30_000 }))
    await kill(name)
    await wait(1_000)
    await eventually(() => partner.sessions.stop(id, { idempotencyKey: `stop-${id}` }))
    const sold = await eventually(
      () =>
        partner.sessions.waitFor(id, (session) => session.money_status === 'captured', {
          timeoutMs: 60_000,
        }),
      90_000,
    )
    expect(sold.hold?.captured).toEqual(sold.totals?.incl_tax)
    const records = await laneOf('finance').cdrs.list({ session: id })
    expect(records.data).toHaveLength(1)
    const balance = await laneOf('finance').ledger.trial_balance()
    expect(balance.totals.map((total) => total.difference)).toEqual(balance.totals.map(() => '0'))
  })

  test('and afterwards everybody is paid', async () => {
    const finance = laneOf('finance')
    const sessions = (await finance.sessions.list({ limit: 50 })).data
    for (const session of sessions)
      await finance.sessions.waitFor(session.id, (each) => each.evidence_ready, {
        timeoutMs: 60_000,
      })
    await laneOf('platform').settlements.run()
    for (const session of sessions) {
      const settled = await finance.sessions.waitFor(
        session.id,
        (each) => each.money_status === 'settled',
        { timeoutMs: 60_000 },
      )
      expect(settled.settlement.settled_at).not.toBeNull()
    }
  })
})
