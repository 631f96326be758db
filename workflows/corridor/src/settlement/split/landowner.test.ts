// One session with a landowner's share, posting by posting: sold, settled, given back in part, charged back, its month settled.
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { entriesOfSession, listEntries } from '@chargelane/db/queries/ledger/ledger'
import { sumsBefore } from '@chargelane/db/queries/partners/split-shares'
import { listSplitItems } from '@chargelane/db/queries/partners/split-records'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { PolicyRule } from '@chargelane/openapi/vocabulary/settlement/shares'
import type { Entry } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import { giveBack } from '../../books/give-back.ts'
import { hearProvider } from '../../books/told-by-provider.ts'
import { corridorQueue, type GiveBackInput, workflowTypes } from '../../contract.ts'
import type { Corridor } from '../../testing/corridor.ts'
import {
  charge,
  type Market,
  paymentOf,
  resultNow,
  settle,
  useCorridor,
} from '../../testing/market.ts'
import { addPayee, putPolicy } from '../../testing/site-host.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

const eur = (amount: number) => money(amount, 'EUR')

/** `sale: asset:psp:EUR 590, liability:cpo:…`; account ids by their role alone. */
const told = (entries: readonly (Pick<Entry, 'postings'> & { kind: string })[]) =>
  entries.map(
    ({ kind, postings }) =>
      `${kind}: ${postings.map(({ account, amount }) => `${account.replaceAll(/acct_\w+/g, '…')} ${amount.amount}`).join(', ')}`,
  )

test('a landowner’s session, posting by posting', async () => {
  const landowner = await addPayee(corridor, 'Grundstück am Markt GmbH')
  const rule: PolicyRule = {
    id: 'ground_rent',
    fee_type: 'revenue_share',
    supplier: { role: 'landowner', id: landowner.id },
    recipient: { role: 'cpo' },
    base: 'sale',
    share: {
      kind: 'tiered',
      by: 'period_turnover',
      mode: 'marginal',
      tiers: [
        { from: 0, share: { kind: 'percentage', bps: 1_000 } },
        { from: 400, share: { kind: 'percentage', bps: 2_000 } },
      ],
    },
    document: 'self_billed_invoice',
    period_floor: eur(5_000),
    shortfall: 'carry',
  }
  const policy = await putPolicy(corridor, market, { rules: [rule] })
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  const { sessionId } = session
  const entries = () => entriesOfSession(corridor.db, sessionId)
  const sale = (await saleOf(corridor.db, sessionId))?.split
  // 5.90 gross are 4.96 net: 10 % of 4.00 and 20 % of 0.96.
  expect(sale?.legs.find(({ id }) => id === 'ground_rent')).toMatchObject({
    net: eur(59),
    vat: eur(11),
    gross: eur(70),
  })
  const atSale = told(await entries())
  expect(atSale[0]).toBe(
    'sale: asset:input_vat:DE:EUR 3, asset:psp:EUR 590, expense:partner_share:EUR 15, liability:cpo:…:EUR:pending -460, liability:landowner:…:EUR:pending -70, liability:partner:…:EUR:pending -18, liability:vat:DE:EUR -10, revenue:commission:EUR -50',
  )

  // Half of it is given back: every share falls by half, whatever its tier.
  const payment = await paymentOf(corridor, session)
  const refundId = newId('refund')
  const by = { keyId: 'key_finance', now: await corridor.nowIso() }
  const wish = {
    refundId,
    paymentId: payment?.id ?? '',
    reason: 'goodwill',
    amount: eur(295),
  } as const
  const gets = await giveBack(corridor.db, wish, by)
  const start = async (args: GiveBackInput, workflowId: string) => {
    const options = { workflowId, taskQueue: corridorQueue, args: [args] }
    return resultNow(await corridor.client.workflow.start(workflowTypes.givenBack, options))
  }
  await start({ sessionId, revision: gets.revision, amount: gets.amount }, `refund:${refundId}`)
  const half = (await saleOf(corridor.db, sessionId))?.split
  expect(half?.legs.find(({ id }) => id === 'ground_rent')?.net.amount).toBe(30)

  // The rest is charged back and lost: the platform bears it, and the payees keep theirs.
  const news = {
    kind: 'chargeback',
    reference: 'dp_1',
    amount: eur(295),
    reason: 'fraudulent',
    evidenceDueBy: '2099-01-01T00:00:00.000Z',
  } as const
  for (const state of ['open', 'lost'] as const) {
    const at = await corridor.nowIso()
    const heard = await hearProvider(
      corridor.db,
      { ...news, state },
      { kind: 'card', pspId: payment?.pspId ?? '', at },
    )
    if (heard !== undefined) await start(heard, `refund:${newId('event')}`)
  }
  const after = told(await entries()).filter((line) => !atSale.includes(line))
  process.stdout.write(`${[...atSale, ...after].join('\n')}\n`)
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  expect(checks.filter(({ ok }) => !ok)).toEqual([])

  // The month: at least 50.00 net, of which 0.30 are booked. Closed twice it is settled once.
  const sharing = (await saleOf(corridor.db, sessionId))?.splitInput.sharing
  const of = {
    policyId: policy.id,
    version: 1,
    siteId: sharing?.place.site ?? '',
    period: sharing?.period ?? '',
  }
  const now = await corridor.nowIso()
  const close = () => corridor.activities.closePeriod({ ...of, now })
  expect([await close(), await close()]).toEqual([{ items: 1 }, { items: 0 }])
  const [item] = (await listSplitItems(corridor.db, landowner.id, { limit: 5 })).data
  expect(item).toMatchObject({
    netMinor: 5_000 - 30,
    vatMinor: 944,
    sequence: 1,
    detail: { total: eur(5_000), booked: eur(30) },
  })
  const before = { ...of, currency: 'EUR', sessionId: 'ses_none' }
  expect(await sumsBefore(corridor.db, before)).toMatchObject([
    { ruleId: 'ground_rent', sums: { sessions: 1, share: eur(30), turnover: eur(248) } },
  ])
  const posted = (await listEntries(corridor.db, { limit: 100 })).filter(({ key }) =>
    key.startsWith(item?.id ?? 'spi_'),
  )
  process.stdout.write(`${told(posted).join('\n')}\n`)
  expect(posted.map(({ kind }) => kind).toSorted()).toEqual(['fx', 'period_share'])
})
