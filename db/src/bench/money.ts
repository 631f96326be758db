// What the books bear: balances read beside many postings, and sales booked, owed and closed for many payees.
import { randomBytes } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { connect, type Db } from '../client.ts'
import { balanceOf, foldBalances, pagesOfBalance, watermark } from '../queries/ledger/balances.ts'
import { postEntries, type NewEntry } from '../queries/ledger/ledger.ts'
import {
  addPayables,
  closeSettlement,
  payeesWithOpenPayables,
} from '../queries/documents/settlements.ts'
import { createAccount } from '../queries/partners/accounts.ts'

export type MoneyBenchOptions = { postings: number; sessions: number; payees: number }
export type MoneyBenchResult = {
  postings: number
  /** Pages are what the server looks at for one balance, and do not depend on what else the machine does. */
  reads: { p50Ms: number; p99Ms: number; bareP99Ms: number; pagesP50: number; pagesMost: number }
  sessions: number
  payees: number
  bookedPerSecond: number
  closedPerSecond: number
  bytesPerSession: number
}

const at = '2026-11-21T10:15:00.000Z'
const leg = (account: string, amount: number) => ({ account, amount: { amount, currency: 'EUR' } })

/** As the corridor books a card's session: the sale with its commission, and the provider's fee. */
const saleOf = (sessionId: string, cpo: string): NewEntry[] => [
  {
    key: `${sessionId}:sale`,
    kind: 'sale',
    sessionId,
    effectiveAt: at,
    postings: [
      leg('asset:psp:EUR', 2_109),
      leg(`liability:cpo:${cpo}:EUR:pending`, -2_033),
      leg('liability:vat:DE:EUR', -12),
      leg('revenue:commission:EUR', -64),
    ],
  },
  {
    key: `${sessionId}:sale:psp_fee`,
    kind: 'psp_fee',
    sessionId,
    effectiveAt: at,
    postings: [leg('asset:psp:EUR', -55), leg('expense:psp_fee:EUR', 55)],
  },
]

async function inParts<T>(all: readonly T[], size: number, work: (part: T[]) => Promise<unknown>) {
  for (let from = 0; from < all.length; from += size) await work(all.slice(from, from + size))
}

async function onLines<T>(all: readonly T[], lines: number, work: (each: T) => Promise<unknown>) {
  const queue = [...all]
  await Promise.all(
    Array.from({ length: lines }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await work(next)
    }),
  )
}

const sizeOf = async (owner: Db) => {
  const [row] = await owner.execute<{ size: string }>(
    raw`select sum(pg_total_relation_size(oid))::text as size from pg_class
      where relname in ('ledger_entries', 'ledger_postings', 'payables', 'settlements')`,
  )
  return Number(row?.size ?? 0)
}

const partOf = (all: number[], part: number) =>
  Math.round((all.toSorted((a, b) => a - b)[Math.floor(all.length * part)] ?? 0) * 100) / 100

async function readBalances(db: Db, payees: readonly string[]) {
  const codes = [
    'asset:psp:EUR',
    'revenue:commission:EUR',
    ...payees.map((id) => `liability:cpo:${id}:EUR:pending`),
  ]
  const [times, bare, pages]: [number[], number[], number[]] = [[], [], []]
  for (let n = 0; n < 400; n++)
    pages.push(await pagesOfBalance(db, codes[Math.floor((n * codes.length) / 400)] ?? ''))
  // A connection plans a statement anew the first times: that is not what a balance costs.
  for (let n = 0; n < 200; n++) await balanceOf(db, codes[n % codes.length] ?? '')
  for (let n = 0; n < 2_000; n++) {
    times.push(await timed(() => balanceOf(db, codes[n % codes.length] ?? '')))
    // What the machine lets any statement have meanwhile.
    bare.push(await timed(() => db.execute(raw`select 1`)))
  }
  return {
    p50Ms: partOf(times, 0.5),
    p99Ms: partOf(times, 0.99),
    bareP99Ms: partOf(bare, 0.99),
    pagesP50: partOf(pages, 0.5),
    pagesMost: Math.max(...pages),
  }
}

async function makePayees(db: Db, payees: number, run: string): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < payees; n++) {
    const name = `Bench ${run} ${n}`
    const made = {
      type: 'cpo',
      name,
      legalName: name,
      country: 'DE',
      payoutCurrency: 'EUR',
    } as const
    const address = { street: 'Weg 1', postal_code: '10115', city: 'Berlin' }
    ids.push((await createAccount(db, { ...made, address, at })).id)
  }
  return ids
}

/** Measures on the database behind `url`; leaves balanced test entries. */
export async function benchMoney(
  url: string,
  ownerUrl: string,
  { postings, sessions, payees }: MoneyBenchOptions,
): Promise<MoneyBenchResult> {
  const db = connect({ url, max: 8, name: 'bench-money' })
  const owner = connect({ url: ownerUrl, role: null, max: 1 })
  try {
    const run = randomBytes(4).toString('hex')
    const ids = await makePayees(db, payees, run)
    const payeeOf = (n: number) => ids[n % ids.length] ?? ''
    const before = await sizeOf(owner)
    const names = Array.from({ length: sessions }, (_, n) => ({
      id: `ses_${run}_${n}`,
      cpo: payeeOf(n),
    }))
    const parts: (typeof names)[] = []
    await inParts(names, 100, async (part) => parts.push(part))
    const bookedMs = await timed(() =>
      onLines(parts, 8, (part) =>
        db.tx(async (tx) => {
          await postEntries(
            tx,
            part.flatMap(({ id, cpo }) => saleOf(id, cpo)),
          )
          await addPayables(
            tx,
            part.map(({ id, cpo }) => payableOf(id, cpo)),
          )
        }),
      ),
    )
    const closedMs = await timed(async () =>
      onLines(await payeesWithOpenPayables(db, at), 8, (payee) =>
        db.tx((tx) => closeSettlement(tx, { ...payee, batch: run, cutOffAt: at, at })),
      ),
    )
    const bytes = (await sizeOf(owner)) - before
    for (let made = 0; made < postings; made += 3_000) {
      const many = Array.from({ length: 500 }, (_, n) =>
        saleOf(`ses_${run}_x${made}_${n}`, payeeOf(made + n)),
      )
      await postEntries(db, many.flat())
    }
    await foldBalances(db, await watermark(db))
    // As autovacuum leaves them a minute later: what was written in one go was never looked at.
    await owner.execute(raw`vacuum (analyze) ledger_postings, ledger_balances, ledger_accounts`)
    const reader = connect({ url, max: 1, name: 'bench-balances' })
    const reads = await readBalances(reader, ids)
    await reader.close()
    return {
      postings,
      reads,
      sessions,
      payees,
      bookedPerSecond: perSecond(sessions, bookedMs),
      closedPerSecond: perSecond(sessions, closedMs),
      bytesPerSession: Math.round(bytes / sessions),
    }
  } finally {
    await Promise.all([db.close(), owner.close()])
  }
}

const perSecond = (count: number, ms: number) => Math.round((count * 1_000) / ms)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const nothing = { amount: 0, currency: 'EUR' }
const payableOf = (sessionId: string, id: string) => ({
  sessionId,
  payee: { role: 'cpo', id } as const,
  amount: { amount: 2_033, currency: 'EUR' },
  detail: {
    share: { amount: 2_033, currency: 'EUR' },
    lines: [
      {
        what: 'sale',
        side: 'supplied' as const,
        amount: { amount: 2_109, currency: 'EUR' },
        vat: nothing,
        tax: 'VAT S 19 %',
      },
      {
        what: 'commission',
        side: 'received' as const,
        amount: { amount: -76, currency: 'EUR' },
        vat: nothing,
        tax: 'VAT S 19 %',
      },
    ],
    rate: null,
  },
  waits: false,
  revision: 1,
  provisional: false,
  slaDeadline: '2026-11-23T10:15:00.000Z',
  at,
})
