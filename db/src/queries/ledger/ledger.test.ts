import { sql as raw, type SQL } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount, connect, databaseMessage, everyAccount, type Sql } from '../../client.ts'
import { testDatabase } from '../../testing.ts'
import { entriesOfSession, listEntries, postEntries, postEntry, type NewEntry } from './ledger.ts'
import { balanceOf, openBalances, trialBalance } from './balances.ts'

const database = await testDatabase()
const { db, adminUrl } = database
/** The strongest writer there is: the owner of the tables, a superuser here. */
const owner = connect({ url: adminUrl, role: null, max: 2 })
afterAll(async () => {
  await owner.close()
  await database.stop()
})

const at = '2026-11-21T10:15:00.000Z'
const cash = 'asset:stripe:de:EUR'
const cpo = 'liability:cpo:acct_V:EUR:pending'

const capture = (key: string, amount = 1416): NewEntry => ({
  key,
  kind: 'capture',
  sessionId: 'ses_LEDGER',
  effectiveAt: at,
  postings: [
    { account: cash, amount: { amount, currency: 'EUR' } },
    { account: cpo, amount: { amount: -amount, currency: 'EUR' } },
  ],
})

let oldEntry = 0
beforeAll(async () => {
  oldEntry = await postEntry(db, capture('ses_LEDGER:capture'))
  await postEntry(db, {
    ...capture('ses_SEK:capture'),
    sessionId: 'ses_SEK',
    postings: [
      { account: 'asset:stripe:se:SEK', amount: { amount: 100, currency: 'SEK' } },
      { account: 'liability:cpo:acct_S:SEK:pending', amount: { amount: -100, currency: 'SEK' } },
    ],
  })
})

const books = () =>
  owner.execute(raw`
    select (select count(*) from ledger_accounts) as accounts, (select count(*) from ledger_entries) as entries,
      (select jsonb_agg(p order by p.entry_id, p.leg) from ledger_postings p) as postings`)

/** Runs the attack as the owner in one tx that commits if it can, and gives the database's reason for refusing. */
async function reasonOf(attack: (tx: Sql) => Promise<unknown>, as = owner): Promise<string> {
  const before = await books()
  const reason = await as.tx(attack).then(
    () => 'ACCEPTED',
    (error: unknown) => databaseMessage(error) ?? String(error),
  )
  expect(await books()).toEqual(before)
  return reason
}

const newEntry = (key: string) =>
  raw`insert into ledger_entries (idempotency_key, body_hash, kind, effective_at)
      values (${key}, '\\x00', 'attack', ${at}) returning id`

const leg = (entry: SQL, number: number, account: string, currency: string, amount: number) =>
  raw`insert into ledger_postings (entry_id, leg, account_id, currency, amount_minor)
      select ${entry}, ${number}, id, ${currency}, ${amount} from ledger_accounts where code = ${account}`

/** A balanced pair in one statement; on its own, each leg is refused at once. */
const pair = (entry: SQL, first: number) =>
  raw`insert into ledger_postings (entry_id, leg, account_id, currency, amount_minor)
      select ${entry}, x.leg, a.id, 'EUR', x.amount
      from (values (${first}::int, ${cash}, 100), (${first}::int + 1, ${cpo}, -100)) x(leg, code, amount)
      join ledger_accounts a on a.code = x.code`

const entryOf = (key: string) => raw`(select id from ledger_entries where idempotency_key = ${key})`
const old = () => raw`${oldEntry}::bigint`

describe('attacks on the books (facts 1.4), by the owner of the tables', () => {
  test('an entry that does not sum to zero does not commit', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('unbalanced'))
      await tx.execute(pair(entryOf('unbalanced'), 1))
      await tx.execute(leg(entryOf('unbalanced'), 3, cpo, 'EUR', 1))
    })
    expect(reason).toContain('does not sum to zero')
  })

  test('+100 EUR against -100 SEK does not commit', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('mixed'))
      await tx.execute(raw`insert into ledger_postings (entry_id, leg, account_id, currency, amount_minor)
        select ${entryOf('mixed')}, x.leg, a.id, a.currency, x.amount
        from (values (1, ${cash}, 100), (2, 'asset:stripe:se:SEK', -100)) x(leg, code, amount)
        join ledger_accounts a on a.code = x.code`)
    })
    expect(reason).toContain('does not sum to zero')
  })

  test('a single leg cannot join an old entry', async () => {
    const reason = await reasonOf((tx) => tx.execute(leg(old(), 3, cash, 'EUR', 7)))
    expect(reason).toContain('is sealed')
  })

  test('a balanced pair cannot join an old entry', async () => {
    const reason = await reasonOf((tx) => tx.execute(pair(old(), 3)))
    expect(reason).toContain('is sealed')
  })

  test('an entry cannot be given the stamp of a later tx to be filled then', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(raw`
        insert into ledger_entries (idempotency_key, body_hash, kind, effective_at, xid)
        values ('stamped', '\\x00', 'attack', ${at}, '999999')`)
      const [row] = await tx.execute(
        raw`select xid = pg_current_xact_id() as own from ledger_entries where idempotency_key = 'stamped'`,
      )
      expect(row).toEqual({ own: true })
    })
    expect(reason).toContain('fewer than two legs')
  })

  for (const table of ['ledger_postings', 'ledger_entries', 'ledger_accounts']) {
    for (const statement of [
      table === 'ledger_postings'
        ? 'update ledger_postings set amount_minor = amount_minor + 1'
        : table === 'ledger_entries'
          ? "update ledger_entries set kind = 'x'"
          : "update ledger_accounts set code = code || 'x'",
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]) {
      test(`"${statement}" is refused`, async () => {
        const reason = await reasonOf((tx) => tx.execute(raw.raw(statement)))
        expect(reason).toContain('the ledger is append-only')
      })
    }
  }

  test('SET CONSTRAINTS ALL IMMEDIATE does not open a door for one more leg', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('immediate'))
      await tx.execute(pair(entryOf('immediate'), 1))
      await tx.execute(raw`set constraints all immediate`)
      await tx.execute(leg(entryOf('immediate'), 3, cash, 'EUR', 7))
    })
    expect(reason).toContain('does not sum to zero')
  })

  test('SET CONSTRAINTS IMMEDIATE and DEFERRED again still checks the last leg at commit', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('again'))
      await tx.execute(pair(entryOf('again'), 1))
      await tx.execute(raw`set constraints all immediate`)
      await tx.execute(raw`set constraints all deferred`)
      await tx.execute(leg(entryOf('again'), 3, cash, 'EUR', 7))
    })
    expect(reason).toContain('does not sum to zero')
  })

  test('an entry without legs does not commit', async () => {
    expect(await reasonOf((tx) => tx.execute(newEntry('empty')))).toContain('fewer than two legs')
  })

  test('COPY, several tables in one statement and a savepoint are no way round', async () => {
    const before = await books()
    const row = `${oldEntry}\t9\t1\tEUR\t5\n`
    await expect(owner.copy('copy ledger_postings from stdin', [row])).rejects.toThrow('refused')
    expect(await books()).toEqual(before)
    const inOne = await reasonOf((tx) =>
      tx.execute(raw`with e as (insert into ledger_entries (idempotency_key, body_hash, kind, effective_at)
          values ('one', '\\x00', 'attack', ${at}) returning id)
        insert into ledger_postings select e.id, 1, a.id, 'EUR', 5 from e, ledger_accounts a where a.code = ${cash}`),
    )
    expect(inOne).toContain('does not sum to zero')
    const saved = await reasonOf(async (tx) => {
      await tx.execute(newEntry('saved'))
      await tx.execute(pair(entryOf('saved'), 1))
      await tx.transaction((inner) => inner.execute(leg(entryOf('saved'), 3, cash, 'EUR', 5)))
    })
    expect(saved).toContain('does not sum to zero')
  })

  test('an entry with one leg does not commit', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('single'))
      await tx.execute(leg(entryOf('single'), 1, cash, 'EUR', 1))
    })
    expect(reason).toMatch(/does not sum to zero|fewer than two legs/)
  })

  test('a leg of zero is refused', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('zero'))
      await tx.execute(leg(entryOf('zero'), 1, cash, 'EUR', 0))
    })
    expect(reason).toContain('ledger_postings_amount')
  })

  test('a leg in a currency that is not the account’s is refused', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('currency'))
      await tx.execute(leg(entryOf('currency'), 1, cash, 'SEK', 100))
    })
    expect(reason).toMatch(/violates foreign key constraint .*account/)
    const throughTheDoor = await reasonOf((tx) =>
      postEntry(tx, {
        ...capture('door'),
        postings: [
          { account: cash, amount: { amount: 1, currency: 'SEK' } },
          { account: cpo, amount: { amount: -1, currency: 'SEK' } },
        ],
      }),
    )
    expect(throughTheDoor).toMatch(/violates foreign key constraint .*account/)
  })

  test('a leg of an entry that does not exist is refused', async () => {
    const reason = await reasonOf((tx) => tx.execute(leg(raw`987654321`, 1, cash, 'EUR', 1)))
    expect(reason).toMatch(/violates foreign key constraint|is sealed/)
  })

  test('an amount beyond ±2^53 is refused', async () => {
    const reason = await reasonOf(async (tx) => {
      await tx.execute(newEntry('huge'))
      await tx.execute(raw`insert into ledger_postings (entry_id, leg, account_id, currency, amount_minor)
        select ${entryOf('huge')}, 1, id, 'EUR', 9007199254740992 from ledger_accounts where code = ${cash}`)
    })
    expect(reason).toContain('minor_units_safe_integer')
  })
})

describe('the roles of the product', () => {
  const writes = [
    "insert into ledger_accounts (code, currency) values ('x', 'EUR')",
    `insert into ledger_entries (idempotency_key, body_hash, kind, effective_at) values ('x', '\\x00', 'x', '${at}')`,
    "insert into ledger_postings values (1, 9, 1, 'EUR', 1)",
    'update ledger_postings set amount_minor = 1',
    'delete from ledger_entries',
    'truncate ledger_postings',
    'alter table ledger_postings disable trigger all',
    'drop trigger ledger_zero_sum_and_sealed on ledger_postings',
    "set session_replication_role = 'replica'",
  ]
  for (const statement of writes) {
    test(`no process may "${statement.slice(0, 60)}"`, async () => {
      expect(await reasonOf((tx) => tx.execute(raw.raw(statement)), db)).toMatch(
        /permission denied|must be owner/,
      )
      const asTenant = await asAccount(db, everyAccount, (tx) =>
        tx.execute(raw.raw(statement)),
      ).then(
        () => 'ACCEPTED',
        (error: unknown) => databaseMessage(error),
      )
      expect(asTenant).toMatch(/permission denied|must be owner/)
    })
  }

  test('a tenant cannot post, not even through ledger_post', async () => {
    const attempt = asAccount(db, 'acct_V', (tx) => postEntry(tx, capture('tenant')))
    await expect(attempt).rejects.toThrow('permission denied for function ledger_post')
  })

  test('a tenant reads no line of the books, and finance reads all', async () => {
    expect((await asAccount(db, 'acct_V', trialBalance)).accounts).toEqual([])
    expect(await asAccount(db, 'acct_V', (tx) => entriesOfSession(tx, 'ses_LEDGER'))).toEqual([])
    const all = await asAccount(db, everyAccount, trialBalance)
    expect(all.accounts.map((row) => row.account)).toContain(cash)
  })
})

const freshEntry = (n: number): NewEntry => ({
  key: `fresh-${n}`,
  kind: 'capture',
  effectiveAt: at,
  postings: [
    { account: 'clearing:fresh:a', amount: { amount: 1, currency: 'EUR' } },
    { account: 'clearing:fresh:b', amount: { amount: -1, currency: 'EUR' } },
  ],
})

describe('ledger_post', () => {
  test('the same key with the same entry gives the first id and moves nothing', async () => {
    const first = await postEntry(db, capture('repeat'))
    const before = await books()
    expect(await postEntry(db, capture('repeat'))).toBe(first)
    expect(await db.tx((tx) => postEntry(tx, capture('repeat')))).toBe(first)
    expect(await books()).toEqual(before)
  })

  test('the same key with another body is an error', async () => {
    await postEntry(db, capture('body'))
    const others: NewEntry[] = [
      capture('body', 1417),
      { ...capture('body'), kind: 'refund' },
      { ...capture('body'), sessionId: 'ses_OTHER' },
      { ...capture('body'), effectiveAt: '2026-11-21T10:15:00.001Z' },
      { ...capture('body'), postings: capture('body').postings.toReversed() },
    ]
    for (const other of others) {
      expect(await reasonOf((tx) => postEntry(tx, other), db)).toContain('with another body')
    }
  })

  test('twenty callers with one key make one entry', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => postEntry(db, capture('race'))))
    expect(new Set(ids).size).toBe(1)
    expect(
      await entriesOfSession(db, 'ses_LEDGER').then((all) => all.filter((e) => e.key === 'race')),
    ).toHaveLength(1)
  })

  test('callers that first use the same new accounts at once do not collide', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => postEntry(db, freshEntry(n))))
    expect(await balanceOf(db, 'clearing:fresh:a')).toBe(20)
  })

  test('a batch posts all of its entries in order, or none', async () => {
    const batch = Array.from({ length: 50 }, (_, n) => capture(`batch-${n}`, n + 1))
    const ids = await postEntries(db, batch)
    expect(new Set(ids).size).toBe(50)
    const before = await books()
    expect(await postEntries(db, batch.toReversed())).toEqual(ids.toReversed())
    expect(await postEntry(db, capture('batch-7', 8))).toBe(ids[7])
    expect(await books()).toEqual(before)

    const bad = [
      [capture('batch-new'), capture('batch-3', 999)],
      [capture('batch-new'), { ...capture('batch-odd'), postings: capture('x').postings.slice(1) }],
      [capture('batch-new'), { ...capture('batch-none'), postings: [] }],
      [capture('batch-new'), capture('batch-new')],
    ]
    const reasons: string[] = []
    for (const entries of bad) reasons.push(await reasonOf((tx) => postEntries(tx, entries), db))
    expect(reasons).toEqual([
      expect.stringContaining('with another body'),
      expect.stringContaining('does not sum to zero'),
      expect.stringContaining('fewer than two legs'),
      expect.stringContaining('duplicate key value'),
    ])
  })

  test('batches with the same keys in other orders do not deadlock', async () => {
    const batch = Array.from({ length: 40 }, (_, n) => capture(`cross-${n}`))
    const runs = [batch, batch.toReversed(), batch, batch.toReversed()]
    const ids = await Promise.all(runs.map((entries) => postEntries(db, entries)))
    expect(new Set(ids.flat()).size).toBe(40)
  })

  test('an unbalanced entry, no legs and a broken amount are refused with the reason', async () => {
    const bad: [NewEntry['postings'], RegExp][] = [
      [
        [{ account: cash, amount: { amount: 5, currency: 'EUR' } }],
        /does not sum to zero|two legs/,
      ],
      [[], /fewer than two legs/],
      [[{ account: cash, amount: { amount: 5, currency: 'eur' } }], /foreign key|currency/],
      [[{ account: cash, amount: { amount: 0.5, currency: 'EUR' } }], /invalid input syntax/],
    ]
    for (const [postings, reason] of bad) {
      expect(await reasonOf((tx) => postEntry(tx, { ...capture('bad'), postings }), db)).toMatch(
        reason,
      )
    }
  })

  test('an entry with legs in two currencies must balance in each', async () => {
    const id = await postEntry(db, {
      key: 'fx',
      kind: 'fx',
      effectiveAt: at,
      postings: [
        { account: cash, amount: { amount: -100, currency: 'EUR' } },
        { account: 'clearing:fx:EUR', amount: { amount: 100, currency: 'EUR' } },
        { account: 'clearing:fx:CHF', amount: { amount: -94, currency: 'CHF' } },
        { account: 'liability:cpo:acct_A:CHF:pending', amount: { amount: 94, currency: 'CHF' } },
      ],
    })
    expect(id).toBeGreaterThan(0)
    expect(await openBalances(db, 'clearing:fx:')).toEqual([
      { account: 'clearing:fx:CHF', balance: { amount: -94n, currency: 'CHF' } },
      { account: 'clearing:fx:EUR', balance: { amount: 100n, currency: 'EUR' } },
    ])
  })

  test('what a session moved is read back leg by leg, and the journal newest first', async () => {
    const [entry] = await entriesOfSession(db, 'ses_LEDGER')
    expect(entry).toMatchObject({
      key: 'ses_LEDGER:capture',
      effectiveAt: at,
      postings: capture('').postings,
    })
    const journal = await listEntries(db, { limit: 2, account: 'asset:stripe:se:SEK' })
    expect(journal.map((row) => row.key)).toEqual(['ses_SEK:capture'])
    const [newest, next] = await listEntries(db, { limit: 2 })
    const [page] = await listEntries(db, { limit: 1, beforeId: newest?.id ?? 0 })
    expect(page).toEqual(next)
  })

  test('whatever is posted and repeated, the books agree with a model and sum to zero per currency', async () => {
    const before = new Map(
      (await trialBalance(db)).accounts.map((row) => [row.account, row.balance.amount]),
    )
    const posting = fc.record({
      from: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 4, max: 7 }),
      amount: fc.integer({ min: 1, max: 1_000_000 }),
      currency: fc.constantFrom('EUR', 'CHF', 'JPY'),
      repeat: fc.boolean(),
    })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(posting, { minLength: 1, maxLength: 8 }), async (moves) => {
        run += 1
        for (const [i, { from, to, amount, currency, repeat }] of moves.entries()) {
          const entry: NewEntry = {
            key: `model-${run}-${i}`,
            kind: 'model',
            effectiveAt: at,
            postings: [
              { account: `model:${to}:${currency}`, amount: { amount, currency } },
              { account: `model:${from}:${currency}`, amount: { amount: -amount, currency } },
            ],
          }
          await postEntry(db, entry)
          if (repeat) await postEntry(db, entry)
          for (const { account, amount: moved } of entry.postings) {
            before.set(account, (before.get(account) ?? 0n) + BigInt(moved.amount))
          }
        }
        const now = await trialBalance(db)
        expect(now.currencies.every((row) => row.difference.amount === 0n)).toBe(true)
        expect(new Map(now.accounts.map((row) => [row.account, row.balance.amount]))).toEqual(
          before,
        )
      }),
      { numRuns: 25 },
    )
  })
})
