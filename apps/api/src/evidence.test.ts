import { insertEvidence } from '@chargelane/db/queries/documents/evidence'
import type { ChargelaneError, Quote } from '@chargelane/sdk'
import { readArchive, writeArchive } from '@chargelane/rules/evidence/archive'
import { seal } from '@chargelane/rules/evidence/commitment'
import { quoteSigningText } from '@chargelane/rules/evidence'
import { bytesOfBase64, trustIn } from '@chargelane/rules/evidence/keys'
import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from './testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

const makeQuote = (): Promise<Quote> =>
  world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id })

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

/** A pack in which each side has something of its own. */
function packOf(session: string): Buffer {
  const document = { commission: 137, share: 41, session }
  const { disclosures } = seal(new Uint8Array(32), 'split.json', document, [
    { at: '/commission', readers: ['cpo', 'auditor'] },
    { at: '/share', readers: ['partner', 'auditor'] },
  ])
  const entries = new Map([
    ['manifest.json', bytes({ sealed: true })],
    ['disclosures.json', bytes({ 'split.json': disclosures })],
    ['split.json', bytes(document)],
  ])
  return Buffer.from(writeArchive(entries))
}

const hidden = { committed: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }

describe('the evidence of a session', () => {
  it('is one sealed thing of which partner, operator and finance each read their own', async () => {
    const session = await world.a.lane.sessions.create({ quote: (await makeQuote()).id })
    const { id } = session
    expect((await refusal(world.a.lane.sessions.evidence(id))).status).toBe(404)
    await api.database.db.tx((tx) =>
      insertEvidence(tx, {
        sessionId: id,
        revision: 1,
        manifestHash: 'aa',
        keyId: api.deps.signer.keyId,
        zip: packOf(id),
        sealedAt: api.deps.now(),
      }),
    )
    const seenBy = async ({ lane }: { lane: TestApi['platform'] }) => {
      const { entries } = readArchive(await lane.sessions.evidence(id))
      const read = (path: string) => Buffer.from(entries.get(path) ?? '').toString()
      expect(read('manifest.json')).toBe('{"sealed":true}')
      const seen: unknown = JSON.parse(read('split.json'))
      return seen
    }
    expect(await seenBy(world.a)).toEqual({ commission: hidden, share: 41, session: id })
    expect(await seenBy(world.cpo)).toEqual({ commission: 137, share: hidden, session: id })
    expect(await seenBy(world.finance)).toEqual({ commission: 137, share: 41, session: id })
    expect((await world.a.lane.sessions.get(id)).evidence_ready).toBe(true)
    expect((await refusal(world.b.lane.sessions.evidence(id))).status).toBe(404)
  })

  it('begins in the timeline, where the driver’s payment is for its partner alone', async () => {
    const [session] = (await world.a.lane.sessions.list()).data
    const holdSeenBy = async ({ lane }: { lane: TestApi['platform'] }) => {
      const { data } = await lane.sessions.timeline(session?.id ?? '')
      return data.find(({ what }) => what === 'quote consumed')?.detail
    }
    const facts = {
      quote: session?.quote,
      hold: expect.objectContaining({ currency: 'EUR' }),
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
    }
    expect(await holdSeenBy(world.a)).toEqual(facts)
    expect(await holdSeenBy(world.finance)).toEqual(facts)
    expect(await holdSeenBy(world.cpo)).toEqual(hidden)
  })
})

function isSignedBy(spki: string, quote: Quote): boolean {
  const key = createPublicKey({
    key: Buffer.from(bytesOfBase64(spki)),
    format: 'der',
    type: 'spki',
  })
  const text = quoteSigningText(quote.signed_body as Parameters<typeof quoteSigningText>[0])
  return verify(null, Buffer.from(text), key, Buffer.from(quote.signature.value, 'base64'))
}

describe('the signing keys', () => {
  it('are published, and one is replaced while the product runs', async () => {
    const before = await makeQuote()
    const [first] = (await api.platform.signing_keys.list()).keys
    expect(first).toMatchObject({ key_id: before.signature.key_id, valid_until: null })
    const made = await api.platform.signing_keys.rotate({ reason: 'once a year' })
    expect(made.key_id).not.toBe(before.signature.key_id)
    const after = await makeQuote()
    expect(after.signature.key_id).toBe(made.key_id)
    expect(isSignedBy(made.public_key_spki, after)).toBe(true)
    expect(isSignedBy(first?.public_key_spki ?? '', before)).toBe(true)
    const list = await world.a.lane.signing_keys.list()
    expect(list.keys.map(({ key_id: id }) => id)).toEqual([made.key_id, before.signature.key_id])
    const old = first?.public_key_spki ?? ''
    expect(trustIn([list], old, before.created_at)).toMatchObject({ kind: 'trusted' })
    const nextYear = new Date(Date.parse(before.created_at) + 31_536_000_000).toISOString()
    expect(trustIn([list], old, nextYear)).toMatchObject({ kind: 'outside' })
    expect(trustIn([list], made.public_key_spki, after.created_at)).toMatchObject({
      kind: 'trusted',
      issuer: 'Chargelane Betriebs GmbH',
    })
  })

  it('of which one was lost vouch for nothing by it, and its packs are named', async () => {
    const lost = api.deps.signer.keyId
    const since = api.deps.now()
    await api.platform.signing_keys.rotate({ reason: 'lost', compromised_since: since })
    const list = await api.platform.signing_keys.list()
    const key = list.keys.find((each) => each.key_id === lost)
    expect(key).toMatchObject({ compromised_since: since })
    expect(trustIn([list], key?.public_key_spki ?? '', '2026-11-30T00:00:00Z')).toMatchObject({
      kind: 'compromised',
    })
    const [oldest] = list.keys.toReversed()
    const packs = await world.finance.lane.signing_keys.packs(oldest?.key_id ?? '')
    expect(packs.data).toMatchObject([{ revision: 1, manifest_sha256: 'aa' }])
  })

  it('are replaced by the platform alone', async () => {
    for (const { lane } of [world.a, world.cpo, world.finance])
      expect((await refusal(lane.signing_keys.rotate({ reason: 'mine' }))).code).toBe(
        'insufficient_scope',
      )
  })
})
