import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { asAccount, connect, everyAccount, isoInstant, sqlState } from './client.ts'
import { arg, fixedStatement } from './fixed.ts'
import { migrate } from './migrate.ts'
import { accounts } from './schema.ts'
import { testDatabase } from './testing.ts'

const database = await testDatabase()
const { db, url, ownerUrl, adminUrl } = database
afterAll(() => database.stop())

const account = {
  id: 'acct_CLIENT',
  type: 'cpo' as const,
  name: 'Voltwerk',
  legalName: 'Voltwerk Ladenetz GmbH',
  country: 'DE',
  payoutCurrency: 'EUR',
  address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
  createdAt: '2026-11-21T10:15:00.120Z',
}

test('an instant is the same ISO text from a column, from raw SQL and from an array', async () => {
  await db.insert(accounts).values(account)
  const [row] = await db.select().from(accounts)
  expect(row).toMatchObject(account)
  const raw = await db.execute(
    sql`select created_at, array[created_at] as list, address, '2026-01-01 00:00:00.123456+02'::timestamptz as micro
        from accounts`,
  )
  expect(raw[0]).toEqual({
    created_at: account.createdAt,
    list: [account.createdAt],
    address: account.address,
    micro: '2025-12-31T22:00:00.123Z',
  })
})

test('an instant that has no ISO form is refused instead of guessed', () => {
  expect(() => isoInstant('infinity')).toThrow('not an instant')
  expect(isoInstant('2026-11-21 10:15:00+00')).toBe('2026-11-21T10:15:00.000Z')
})

test('jsonb takes and gives back values of every kind through raw SQL', async () => {
  for (const value of [{ a: [1, 'x', null] }, [1, 2], 7, true, { nested: { at: '1' } }]) {
    const [row] = await db.execute(sql`select ${JSON.stringify(value)}::jsonb as value`)
    expect(row?.['value']).toEqual(value)
  }
})

test('a bigint is a safe integer, and one beyond 2^53 is an error instead of a wrong number', async () => {
  const [row] = await db.execute(
    sql`select 9007199254740991::bigint as value, 0.10::numeric as exact`,
  )
  expect(row).toEqual({ value: 9007199254740991, exact: '0.10' })
  await expect(db.execute(sql`select 9007199254740993::bigint as value`)).rejects.toThrow()
})

test('statements are prepared once per connection, inside and outside a tx', async () => {
  const one = connect({ url, max: 1 })
  for (let i = 0; i < 3; i++) await one.execute(sql`select ${i}::int + 1 as "preparedOutside"`)
  await one.tx(async (tx) => {
    for (let i = 0; i < 3; i++) {
      await tx.transaction((inner) => inner.execute(sql`select ${i}::int + 1 as "preparedInside"`))
    }
  })
  const prepared = await one.execute<{ calls: number; statement: string }>(
    sql`select statement, generic_plans + custom_plans as calls from pg_prepared_statements
        where statement like '%"prepared%side"'`,
  )
  expect(prepared.map((row) => row.calls)).toEqual([3, 3])
  await one.close()
})

test('a value that a fixed statement names twice is one value, whatever stands between', async () => {
  const sum = fixedStatement<{ sum: number; text: string }, { n: number; m: number; t: string }>(
    () => sql`select ${arg('n')}::int * 100 + ${arg('m')}::int * 10 + ${arg('n')}::int as sum,
      ${arg('t')}::text || ${arg('n')}::int::text || ${7}::text as text`,
  )
  expect(await sum(db, { n: 1, m: 2, t: '$1' })).toEqual([{ sum: 121, text: '$117' }])
})

test('a tx rolls back as a whole when its function throws', async () => {
  const attempt = db.tx(async (tx) => {
    await tx.insert(accounts).values({ ...account, id: 'acct_ROLLBACK' })
    throw new Error('no')
  })
  await expect(attempt).rejects.toThrow('no')
  expect(await db.execute(sql`select 1 from accounts where id = 'acct_ROLLBACK'`)).toHaveLength(0)
})

test('the role of one account ends with its tx', async () => {
  const one = connect({ url, max: 1 })
  const who = sql`select current_user as role, current_setting('chargelane.account') as account`
  const inside = await asAccount(one, 'acct_X', (tx) => tx.execute(who))
  expect(inside[0]).toEqual({ role: 'chargelane_app', account: 'acct_X' })
  const after = await one.execute(who)
  expect(after[0]).toEqual({ role: 'chargelane_platform', account: everyAccount })
  await one.close()
})

test('COPY loads all rows, or none and says so', async () => {
  const owner = connect({ url: adminUrl, role: null, max: 1 })
  await owner.execute(sql`create table copied (n int primary key)`)
  await owner.copy('copy copied from stdin', ['1\n2\n', '3\n'])
  await expect(owner.copy('copy copied from stdin', ['4\n', '1\n'])).rejects.toThrow('refused')
  await expect(owner.copy('copy copied from stdin', ['x\n'])).rejects.toThrow('refused')
  await expect(owner.copy('copy nowhere from stdin', [])).rejects.toThrow('nowhere')
  expect(await owner.execute(sql`select n from copied order by n`)).toEqual([
    { n: 1 },
    { n: 2 },
    { n: 3 },
  ])
  await owner.execute(sql`drop table copied`)
  await owner.close()
})

test('a statement that runs too long is given up', async () => {
  const hasty = connect({ url, max: 1, statementTimeoutMs: 50 })
  const error = await hasty.execute(sql`select pg_sleep(5)`).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(sqlState(error)).toBe('57014')
  await hasty.close()
})

test('the parameters of a failed statement are in no part of the error that a log would keep', async () => {
  const error = await db.execute(sql`select ${'sk_test_secret'}::text::int`).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toContain('[withheld]')
  expect(String(error)).not.toContain('sk_test_secret')
  expect(JSON.stringify({ ...Object(error) })).not.toContain('sk_test_secret')
})

test('a notification reaches the listener', async () => {
  const heard = new Promise<string>((resolve) => {
    void db.listen('chargelane_test', resolve, () => {
      void db.tx((tx) => tx.execute(sql`select pg_notify('chargelane_test', 'hello')`))
    })
  })
  expect(await heard).toBe('hello')
})

test('processes that migrate at the same time wait for each other and change nothing twice', async () => {
  await Promise.all([migrate(ownerUrl), migrate(ownerUrl), migrate(ownerUrl)])
  const owner = connect({ url: adminUrl, role: null, max: 1 })
  const [row] = await owner.execute(
    sql`select count(*) = count(distinct hash) as once from drizzle.__drizzle_migrations`,
  )
  expect(row).toEqual({ once: true })
  await owner.close()
})

test('money beyond ±2^53 minor units is refused by the database', async () => {
  const error = await db.execute(sql`select 9007199254740992::minor_units`).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(sqlState(error)).toBe('23514')
})

test('a tx that could not become a tenant runs none of its statements', async () => {
  let seen = 'nothing'
  const failed = asAccount(db, 'acct_\u0000', async (tx) => {
    await tx.execute(sql`select 1 from accounts`)
    seen = 'something'
  }).catch((error: unknown) => sqlState(error))
  expect(await failed).toBe('22021')
  expect(seen).toBe('nothing')
})
