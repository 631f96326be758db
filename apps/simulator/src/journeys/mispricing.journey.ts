import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { verifyProof } from '@chargelane/sdk/verify'
import type { CpoScenario } from '../cpo/record.ts'
import {
  assertMoneyIsRight,
  eventually,
  finance,
  isCaptured,
  isCharging,
  newOcpiCpo,
  newPartner,
  platform,
  quote,
} from './product.ts'
import type { Partner } from './product.ts'

/** A session at a CPO that plays this scenario, from quote to captured. */
async function sellAt(partner: Partner, scenario: CpoScenario) {
  const { account, cpo } = await newOcpiCpo({ scenario })
  const evse = await eventually(async () => {
    const found = await partner.lane.evses.search({
      near: { latitude: 46.948, longitude: 7.4474 },
      radius_m: 100_000,
      limit: 100,
      available_only: true,
    })
    const own = found.data.find((each) => each.cpo.id === account.account.id && each.sellable)
    if (own === undefined) throw new Error('not there yet')
    return own.id
  })
  const offer = await quote(partner, evse, await partner.source())
  const started = await partner.lane.sessions.create({ quote: offer.id })
  await partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 30_000 })
  await wait(2_500)
  await partner.lane.sessions.stop(started.id)
  const session = await partner.lane.sessions.waitFor(started.id, isCaptured, {
    timeoutMs: 60_000,
  })
  return { account, cpo, offer, session }
}

type Sold = Awaited<ReturnType<typeof sellAt>>

/** Everything about the record that its CPO can see, and the ledger that finance sees. */
async function followed({ account, session }: Sold) {
  const claim = await eventually(async () => {
    const [item] = (await account.lane.suspense.list({ session: session.id })).data
    if (item === undefined) throw new Error('no claim yet')
    return item
  })
  // Read once the sale is booked: the claim is part of that.
  const [row] = (await account.lane.cdrs.list({ session: session.id })).data
  const record = await account.lane.cdrs.get(row?.id ?? '')
  const entries = (await finance.ledger.entries({ session: session.id, limit: 100 })).data
  const entry = entries.find((each) => each.key === claim.entry)
  const proof = await account.lane.price_proofs.get(record.price_proof ?? '')
  return { record, claim, entry, proof }
}

const tell = (title: string, facts: Record<string, unknown>) =>
  process.stdout.write(`${title}\n${JSON.stringify(facts, null, 2)}\n`)

describe('a CPO that asks too much', () => {
  test('F37, R069: by a tariff raised during the session is paid the price of the quote and sees why', async () => {
    const reason = 'TARIFF_CHANGED'
    const partner = await newPartner()
    const sold = await sellAt(partner, 'tariff_change')
    const { session, account } = sold
    const { record, claim, entry, proof } = await followed(sold)

    expect(record).toMatchObject({ status: 'adjusted', suspense: { id: claim.id } })
    expect(record.dispute?.reasons).toContainEqual(
      expect.objectContaining({ code: reason, certainty: 'shown' }),
    )
    const asked = record.total_incl_tax?.amount ?? 0
    const paid = session.totals?.incl_tax.amount ?? 0
    expect(paid).toBeLessThan(asked)
    expect(claim.amount).toEqual({ amount: asked - paid, currency: 'CHF' })
    expect(claim).toMatchObject({ status: 'open', dispute_due: false, cpo: account.account.id })
    expect(entry?.postings).toEqual(
      expect.arrayContaining([
        { account: claim.account, amount: claim.amount },
        {
          account: `liability:cpo:${account.account.id}:CHF:disputed`,
          amount: { amount: paid - asked, currency: 'CHF' },
        },
      ]),
    )

    const verified = await verifyProof(proof)
    expect(verified).toMatchObject({ ok: true, session: session.id })
    expect(verified.totals?.gross).toEqual(session.totals?.incl_tax)
    const [figure] = (await account.lane.reports.price_accuracy()).data
    expect(figure).toMatchObject({ records: 1, matching: 0, accuracy: '0' })
    expect(figure?.by_reason).toMatchObject({ [reason]: 1 })
    const told = await account.lane.events.list({ limit: 50 })
    expect(told.data.map(({ type, object }) => [type, object])).toContainEqual([
      'cdr.tariff_mismatch',
      record.id,
    ])

    await partner.lane.sessions.waitFor(session.id, (each) => each.evidence_ready)
    await platform.settlements.run()
    const settled = await partner.lane.sessions.waitFor(
      session.id,
      (each) => each.money_status === 'settled',
      { timeoutMs: 40_000 },
    )
    await assertMoneyIsRight(settled)
    tell('tariff_change: from record to suspense account', {
      session: session.id,
      quote: sold.offer.id,
      tariff: sold.offer.tariff,
      cdr: record.id,
      ocpi_id: record.ocpi_id,
      asked: record.total_incl_tax,
      paid: session.totals?.incl_tax,
      verdict: record.verdict?.kind,
      rules: record.verdict?.['rules'],
      reasons: record.dispute?.reasons,
      reproduced_by: record.dispute?.reproduced_by,
      suspense: { id: claim.id, amount: claim.amount, account: claim.account, entry: claim.entry },
      dispute_due_at: claim.dispute_due_at,
      price_proof: { id: proof.id, hash: proof.hash },
      recomputed: verified.lines,
    })
    await sold.cpo.stop()
  })

  // Decision 0020: what the operator told while it charged bounds what its connector can have given.
  test('F36: for more energy than its connector can give waits for a person, and the driver pays what was told', async () => {
    const partner = await newPartner()
    const { session, account, cpo } = await sellAt(partner, 'more_energy')
    const records = (await account.lane.cdrs.list({ session: session.id })).data
    const claimed = records.find((each) => each.status === 'quarantined')
    expect(claimed?.verdict?.['rules']).toEqual(['energy_differs_from_session'])
    expect(claimed?.total_incl_tax?.amount).toBeGreaterThan(50_000)
    expect(session.record_status).toBe('provisional')
    expect(session.totals?.incl_tax.amount).toBeLessThan(10_000)
    const told = await account.lane.events.list({ limit: 50 })
    expect(told.data.map(({ type, object }) => [type, object])).toContainEqual([
      'cdr.mismatch',
      claimed?.id,
    ])
    await partner.lane.sessions.waitFor(session.id, (each) => each.evidence_ready)
    await platform.settlements.run()
    const settled = await partner.lane.sessions.waitFor(
      session.id,
      (each) => each.money_status === 'settled_provisionally',
      { timeoutMs: 40_000 },
    )
    await assertMoneyIsRight(settled)
    await cpo.stop()
  })
})
