import { seal } from '@chargelane/db/sealed'
import { cdrs, priceProofs, suspenseItems } from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { RecordDocument, RecordJudgement, UsageRecord } from '@chargelane/rules/documents'
import { type PriceProof, proveSession } from '@chargelane/rules/proof'
import { canonicalTariff, ocpiPolicy } from '@chargelane/rules/rating'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
let sessionId: string
/** The record that asks 2.38 too much, its proof and its claim. */
let dear: { cdr: string; proof: string; claim: string }

const day = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * day).toISOString()

beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  const quote = await world.a.lane.quotes.create({
    evse: 'DE*VWL*E1001*2',
    payment_source: world.sources.a.id,
  })
  sessionId = (await world.a.lane.sessions.create({ quote: quote.id })).id
  const [cdr, claim] = [newId('cdr'), newId('suspenseItem')]
  await record(cdr, ['tariff_mismatch', 'cpo_asks_more'], 'TARIFF_CHANGED', 238)
  await record(newId('cdr'), [], null, 0)
  await record(newId('cdr'), ['within_rounding'], null, 1)
  await record(newId('cdr'), ['credit_of_billed'], null, 0)
  dear = { cdr, claim, proof: await storeProof(cdr) }
  await api.database.db.insert(suspenseItems).values({
    id: claim,
    sessionId,
    cdrId: cdr,
    cpoId: world.cpo.account.id,
    currency: 'EUR',
    amountMinor: 238,
    account: `suspense:cdr:${world.cpo.account.id}:EUR`,
    entryKey: `${sessionId}:difference:${cdr}`,
    rules: ['tariff_mismatch', 'cpo_asks_more'],
    reasons: ['TARIFF_CHANGED'],
    status: 'open',
    openedAt: ago(8),
    disputeDueAt: ago(1),
  })
})
afterAll(() => api.stop())

const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** A judged record as the corridor keeps it. */
async function record(id: string, rules: string[], reason: string | null, above: number) {
  await api.database.db.insert(cdrs).values({
    id,
    sessionId,
    connectionId: world.connection.id,
    source: 'ocpi',
    countryCode: 'DE',
    partyId: 'VWL',
    ocpiId: id,
    contentHash: 'aa',
    raw: seal('cdrs.raw', id, '{}'),
    usage: {} as UsageRecord,
    document: {} as RecordDocument,
    currency: 'EUR',
    status: above > 1 ? 'adjusted' : 'accepted',
    verdict: {
      input: {},
      verdict: {
        kind: above > 1 ? 'accepted_with_adjustment' : 'accepted',
        rules,
        difference: { amount: eur(above), destination: 'suspense' },
        claimed: eur(1_190 + above),
        ours: eur(1_190),
      },
      diagnosis: {
        reasons:
          reason === null ? [] : [{ code: reason, certainty: 'shown', detail: 'it says so' }],
        lines: [],
        reproduced_by: [],
      },
    } as unknown as RecordJudgement,
    receivedAt: ago(2),
  })
}

function prove(cdr: string): PriceProof {
  const tariff = canonicalTariff(ocpiTariff('dc-2026'))
  if (!tariff.ok) throw new Error('the tariff is valid')
  const proof = proveSession({
    rating: 'retail',
    tariff: tariff.tariff,
    usage: {
      started_at: '2026-11-21T10:00:00.000Z',
      ended_at: '2026-11-21T10:30:00.000Z',
      time_zone: 'Europe/Berlin',
      periods: [
        {
          start: '2026-11-21T10:00:00.000Z',
          end: '2026-11-21T10:30:00.000Z',
          charging: true,
          energy_kwh: '20',
        },
      ],
    },
    context: {
      session: sessionId,
      cdr,
      time_zone: 'Europe/Berlin',
      evse: {
        id: 'evs_1',
        evse_id: 'DE*VWL*E1001*2',
        connector: 'con_1',
        power_type: 'DC',
        max_power_w: 150_000,
        country: 'DE',
      },
      market_profile: 'eu-afir-de@2026-01-08',
    },
    agreement: null,
    rating_policy: ocpiPolicy,
  })
  if (proof === undefined) throw new Error('it has a price')
  return proof
}

async function storeProof(cdr: string): Promise<string> {
  const { hash, input, output } = prove(cdr)
  const id = newId('priceProof')
  await api.database.db.insert(priceProofs).values({
    id,
    sessionId,
    cdrId: cdr,
    rating: 'retail',
    hash,
    input,
    output,
    engineVersion: input.engine_version,
    status: 'valid',
    checkedAt: ago(2),
    createdAt: ago(2),
  })
  return id
}

describe('a price proof', () => {
  it('is read by the partner and the operator of its session, and by nobody else', async () => {
    for (const { lane } of [world.a, world.cpo, world.finance])
      expect(await lane.price_proofs.get(dear.proof)).toMatchObject({
        id: dear.proof,
        session: sessionId,
        status: 'valid',
      })
    for (const { lane } of [world.b, world.otherCpo]) {
      await expect(lane.price_proofs.get(dear.proof)).rejects.toMatchObject({
        code: 'resource_missing',
      })
      await expect(lane.sessions.price_proof(sessionId)).rejects.toMatchObject({
        code: 'resource_missing',
      })
    }
    expect((await world.a.lane.sessions.price_proof(sessionId)).id).toBe(dear.proof)
  })

  it('as the API hands it out verifies, and one changed digit of it does not', async () => {
    const proof = { ...(await world.a.lane.price_proofs.get(dear.proof)) }
    const good = await world.cpo.lane.price_proofs.verify({ proof })
    expect(good).toMatchObject({
      ok: true,
      session: sessionId,
      totals: { gross: { amount: 1_180 } },
    })
    expect(good.lines.at(-1)).toBe('Total 9.92 EUR net, 1.88 EUR tax, 11.80 EUR gross')
    const text = JSON.stringify(proof).replace('"energy_kwh":"20"', '"energy_kwh":"21"')
    const bad = await world.cpo.lane.price_proofs.verify({
      proof: JSON.parse(text) as Record<string, unknown>,
    })
    expect(bad.ok).toBe(false)
    expect(bad.checks.find((check) => check.name === 'price')?.detail).toContain(
      'components.ENERGY.quantity: the proof says "20", re-execution gives "21"',
    )
  })

  it('of anything else is an answer and no error', async () => {
    for (const proof of [{}, { schema: 'x' }, { input: { tariff: 1 } }])
      expect(await world.a.lane.price_proofs.verify({ proof })).toMatchObject({ ok: false })
  })

  it('is verified on a page that asks the network for nothing', async () => {
    const page = await fetch(`${api.url}/open/verify`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    const text = await page.text()
    expect(text).toContain("default-src 'none'")
    expect(text).not.toMatch(/(?:src|href)=/)
  })
})

const ids = async (query: Parameters<typeof world.cpo.lane.cdrs.list>[0]) =>
  (await world.cpo.lane.cdrs.list(query)).data.map((each) => each.id)

describe('a record', () => {
  it('shows its operator the verdict, the reasons, the proof and the claim in suspense', async () => {
    const seen = await world.cpo.lane.cdrs.get(dear.cdr)
    expect(seen).toMatchObject({
      status: 'adjusted',
      verdict: { kind: 'accepted_with_adjustment', rules: ['tariff_mismatch', 'cpo_asks_more'] },
      dispute: { reasons: [{ code: 'TARIFF_CHANGED', certainty: 'shown' }] },
      price_proof: dear.proof,
      suspense: { id: dear.claim, amount: { amount: 238, currency: 'EUR' }, status: 'open' },
    })
    // The claim is between us and the operator.
    expect(await world.a.lane.cdrs.get(dear.cdr)).toMatchObject({
      price_proof: dear.proof,
      suspense: null,
    })
  })

  it('is found by status, by rule and by reason', async () => {
    for (const query of [
      { status: 'adjusted' as const },
      { rule: 'cpo_asks_more' },
      { reason: 'TARIFF_CHANGED' },
    ])
      expect(await ids(query)).toEqual([dear.cdr])
    expect(await ids({ reason: 'STEP_SIZE' })).toEqual([])
    expect(await ids({})).toHaveLength(4)
  })
})

describe('a claim above the price', () => {
  it('is followed by its operator with age, account and the week it falls due', async () => {
    expect(await world.cpo.lane.suspense.get(dear.claim)).toMatchObject({
      cdr: dear.cdr,
      age_days: 8,
      dispute_due: true,
      account: `suspense:cdr:${world.cpo.account.id}:EUR`,
    })
    expect((await world.cpo.lane.suspense.list({ due: 'true' })).data).toHaveLength(1)
    expect((await world.cpo.lane.suspense.list({ due: 'false' })).data).toEqual([])
    expect((await world.finance.lane.suspense.aging()).data).toEqual([
      expect.objectContaining({
        cpo: world.cpo.account.id,
        items: 1,
        amount: { amount: 238, currency: 'EUR' },
        due_items: 1,
        due_amount: { amount: 238, currency: 'EUR' },
      }),
    ])
  })

  it('is no partner’s and no other operator’s', async () => {
    for (const { lane } of [world.a, world.otherCpo]) {
      expect((await lane.suspense.list()).data).toEqual([])
      expect((await lane.suspense.aging()).data).toEqual([])
      await expect(lane.suspense.get(dear.claim)).rejects.toMatchObject({
        code: 'resource_missing',
      })
    }
  })
})

describe('price accuracy', () => {
  it('R070: counts records that ask the quoted price of all that were judged, with their reasons', async () => {
    const { data } = await world.cpo.lane.reports.price_accuracy()
    expect(data).toEqual([
      expect.objectContaining({
        cpo: world.cpo.account.id,
        records: 3,
        matching: 2,
        accuracy: '0.6667',
        by_verdict: { accepted: 2, accepted_with_adjustment: 1 },
        by_rule: { tariff_mismatch: 1, cpo_asks_more: 1, within_rounding: 1 },
        by_reason: { TARIFF_CHANGED: 1 },
        claimed_above: [{ amount: 239, currency: 'EUR' }],
      }),
    ])
    const finance = await world.finance.lane.reports.price_accuracy({ cpo: world.cpo.account.id })
    expect(finance.data[0]?.records).toBe(3)
  })

  it('shows an operator nothing of another, and nothing outside the time asked for', async () => {
    const cpo = world.cpo.account.id
    expect((await world.otherCpo.lane.reports.price_accuracy({ cpo })).data).toEqual([])
    expect((await world.otherCpo.lane.reports.price_accuracy()).data).toEqual([])
    expect((await world.cpo.lane.reports.price_accuracy({ from: ago(1) })).data).toEqual([])
    expect((await world.cpo.lane.reports.price_accuracy({ to: ago(3) })).data).toEqual([])
  })
})
