import { contract } from '@chargelane/openapi'
import { takeTokens } from '@chargelane/db/queries/partners/rate-buckets'
import { testDatabase } from '@chargelane/db/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { populate, startTestApi } from '../../testing.ts'
import { createApp } from '../../app.ts'
import { serve } from '../serve.ts'
import { createRateLimit, type RateLimit, type Take } from './rate-limit.ts'

const { sessions } = contract
const key = (keyId: string, accountId = 'acct_a') => ({ keyId, accountId })

/** The database's bucket with a clock that a test moves. */
function bucketsAt(now: () => number): Take & { asked: number } {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const take = ({ name, rate, burst, asked }: Parameters<Take>[0]) => {
    self.asked += 1
    const bucket = buckets.get(name) ?? { tokens: burst, at: now() }
    const there = Math.min(burst, bucket.tokens + ((now() - bucket.at) / 1_000) * rate)
    const granted = Math.min(asked, Math.floor(there))
    buckets.set(name, { tokens: there - granted, at: now() })
    return Promise.resolve({ granted, tokens: there - granted })
  }
  const self = Object.assign(take, { asked: 0 })
  return self
}

/** How many of so many come through. */
async function taken(limits: RateLimit[], many: number, op = sessions.get): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: many }, async (_, n) => {
      try {
        await limits[n % limits.length]?.take(key('key_1'), op)
        return true
      } catch {
        return false
      }
    }),
  )
  return answers.filter(Boolean).length
}

describe('the rate limit', () => {
  it('refuses a key beyond two seconds of burst, tells when to come back, and spares commands and stops', async () => {
    let at = 0
    const limit = createRateLimit(
      5,
      bucketsAt(() => at),
      () => at,
    )
    for (let n = 0; n < 10; n++)
      expect(await limit.take(key('key_1'), sessions.get)).toEqual({
        'RateLimit-Policy': '"requests";q=10;w=2',
        RateLimit: `"requests";r=${9 - n};t=${Math.ceil((n + 1) / 5)}`,
      })
    await expect(limit.take(key('key_1'), sessions.get)).rejects.toMatchObject({
      code: 'rate_limited',
      extra: { retry_after_ms: 200 },
    })
    for (let n = 0; n < 10; n++) await limit.take(key('key_1'), sessions.create)
    await expect(limit.take(key('key_1'), sessions.create)).rejects.toThrow('At most 5 commands')
    const stop = await limit.take(key('key_1'), sessions.stop)
    expect(stop).toMatchObject({ RateLimit: '"stops";r=9;t=1' })
    await limit.take(key('key_2'), sessions.get)
    at = 200
    await limit.take(key('key_1'), sessions.get)
  })

  it('gives an account with many keys no more than four of them, and takes no stop from it', async () => {
    const limit = createRateLimit(
      1,
      bucketsAt(() => 0),
      () => 0,
    )
    for (let n = 0; n < 8; n++) await limit.take(key(`key_${n}`), sessions.get)
    await expect(limit.take(key('key_9'), sessions.get)).rejects.toThrow('At most 1 requests')
    await limit.take(key('key_b', 'acct_b'), sessions.get)
    for (let n = 0; n < 20; n++) await limit.take(key(`key_${n}`), sessions.stop)
  })

  it('is one for all processes, and few of their requests ask the database', async () => {
    const shared = bucketsAt(() => 0)
    const limits = [1, 2, 3].map(() => createRateLimit(100, shared, () => 0))
    const first = await taken(limits, 600)
    // What another process holds unspent is at most a share of 20 each.
    expect(first).toBeGreaterThan(200 - 3 * 20)
    expect(first).toBeLessThanOrEqual(200)
    expect(shared.asked).toBeLessThan(60)
  })

  it('answers while the database is away for as long as its share lasts, and then says so', async () => {
    let isAway = false
    const shared = bucketsAt(() => 0)
    const limit = createRateLimit(
      100,
      (share) => (isAway ? Promise.reject(new Error('away')) : shared(share)),
      () => 0,
    )
    await limit.take(key('key_1'), sessions.stop)
    isAway = true
    for (let n = 0; n < 19; n++) await limit.take(key('key_1'), sessions.stop)
    await expect(limit.take(key('key_1'), sessions.stop)).rejects.toThrow('away')
  })
})

describe('the bucket in the database', () => {
  it('gives nothing twice, however many ask at once', async () => {
    const database = await testDatabase()
    const share = { name: 'key_1 requests', rate: 0.000_001, burst: 50, asked: 8 }
    const given = await Promise.all(
      Array.from({ length: 20 }, () => takeTokens(database.db, share)),
    )
    const granted = given.map((each) => each.granted)
    expect(granted.reduce((sum, each) => sum + each, 0)).toBe(50)
    expect(Math.max(...granted)).toBe(8)
    await database.stop()
  })
})

describe('two processes on one database', async () => {
  const api = await startTestApi()
  const world = await populate(api)
  afterAll(() => api.stop())
  // The bucket never fills again, so that no time counts.
  const take: Take = (share) => takeTokens(api.database.db, { ...share, rate: 0.000_001 })

  it('together answer no more than the limit', async () => {
    const perSecond = 10
    const servers = await Promise.all(
      [1, 2].map(() =>
        serve(createApp({ ...api.deps, rateLimit: createRateLimit(perSecond, take) }), {
          host: '127.0.0.1',
          port: 0,
        }),
      ),
    )
    const { key: secret } = await world.a.lane.api_keys.create({ name: 'fast' })
    const headers = { Authorization: `Bearer ${secret}` }
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        fetch(`${servers[n % 2]?.url}/v1/accounts`, { headers }),
      ),
    )
    const passed = answers.filter(({ status }) => status === 200).length
    expect(passed).toBe(2 * perSecond)
    for (const refused of answers.filter(({ status }) => status !== 200)) {
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    }
    const stops = servers.map(({ url }) =>
      fetch(`${url}/v1/sessions/ses_01M8MR15ZKW69A0SCF9SCVXJNQ/stop`, {
        method: 'POST',
        headers: { ...headers, 'Idempotency-Key': crypto.randomUUID() },
      }),
    )
    expect((await Promise.all(stops)).map(({ status }) => status)).toEqual([404, 404])
    await Promise.all(servers.map((server) => server.close()))
  })
})
