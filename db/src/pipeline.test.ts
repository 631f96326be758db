import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { asAccount, connect, lastOf, sqlState, type Tx } from './client.ts'
import { arg, fixedStatement } from './fixed.ts'
import { testDatabase } from './testing.ts'

const database = await testDatabase()
afterAll(() => database.stop())
/** One connection, so that whatever a tx leaves behind meets the next one. */
const db = connect({ url: database.adminUrl, role: null, max: 1 })
afterAll(() => db.close())

await db.execute(sql`create table noted (n int primary key)`)
beforeEach(() => db.execute(sql`truncate noted`))

const note = fixedStatement<{ n: number }, { n: number }>(
  () => sql`insert into noted (n) values (${arg('n')}) returning n`,
)
const noted = async () =>
  (await db.execute<{ n: number }>(sql`select n from noted`)).map(({ n }) => n)
const stateOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'committed',
    (error: unknown) => sqlState(error) ?? String(error),
  )

test('statements that wait for nothing take effect in their order and as one', async () => {
  await db.tx((tx) => Promise.all([1, 2, 3].map((n) => note(tx, { n }))))
  expect(await noted()).toEqual([1, 2, 3])
  expect(await stateOf(db.tx((tx) => Promise.all([4, 5, 4, 6].map((n) => note(tx, { n })))))).toBe(
    '23505',
  )
  expect(await noted()).toEqual([1, 2, 3])
})

test('the last statement of a tx is committed with it', async () => {
  const answer = await db.tx(async (tx) => {
    await note(tx, { n: 1 })
    return lastOf(tx, note(tx, { n: 2 }))
  })
  expect(answer).toEqual([{ n: 2 }])
  expect(await noted()).toEqual([1, 2])
})

test('a last statement that fails takes the whole tx with it and is reported', async () => {
  const attempt = db.tx(async (tx) => {
    await note(tx, { n: 1 })
    return lastOf(tx, note(tx, { n: 1 }))
  })
  expect(await stateOf(attempt)).toBe('23505')
  expect(await noted()).toEqual([])
})

test('nothing follows the last statement', async () => {
  const attempt = db.tx(async (tx) => {
    await lastOf(tx, note(tx, { n: 1 }))
    await note(tx, { n: 2 })
  })
  expect(await stateOf(attempt)).toContain('the tx is over')
  expect(await noted()).toEqual([1])
})

test('a tx that has ended takes no statement, and the next one on its connection is untouched', async () => {
  let kept: Tx | undefined
  await db.tx((tx) => {
    kept = tx
    return note(tx, { n: 1 })
  })
  await db.tx(async (tx) => {
    await note(tx, { n: 2 })
    expect(await stateOf(kept ? note(kept, { n: 3 }) : Promise.resolve())).toContain('is over')
  })
  expect(await noted()).toEqual([1, 2])
})

test('a failed statement is not forgotten because somebody caught it', async () => {
  const attempt = db.tx(async (tx) => {
    await note(tx, { n: 1 })
    await note(tx, { n: 1 }).catch(() => undefined)
  })
  expect(await stateOf(attempt)).toBe('23505')
  expect(await noted()).toEqual([])
})

test('a savepoint gives back what failed inside, and the tx goes on', async () => {
  await db.tx(async (tx) => {
    await note(tx, { n: 1 })
    const inner = tx.transaction(async (nested) => {
      await note(nested, { n: 2 })
      await lastOf(nested, note(nested, { n: 1 }))
    })
    expect(await stateOf(inner)).toBe('23505')
    await tx.transaction((nested) => note(nested, { n: 3 }))
  })
  expect(await noted()).toEqual([1, 3])
})

test('the first failure is the cause, not what it made impossible', async () => {
  const attempt = db.tx(async (tx) => {
    const first = note(tx, { n: 1 })
    const [, second] = await Promise.allSettled([note(tx, { n: 1 }), note(tx, { n: 2 })])
    await first
    if (second.status === 'rejected') throw second.reason
  })
  expect(await stateOf(attempt)).toBe('23505')
})

test('a value that is missing is an error of its statement alone', async () => {
  // What an object's type promised and did not hold.
  const broken: { n: number } = JSON.parse('{}')
  expect(await stateOf(db.tx((tx) => note(tx, broken)))).toContain('lacks one of its values')
  await db.tx((tx) => note(tx, { n: 1 }))
  expect(await noted()).toEqual([1])
})

test('a connection lost inside a tx fails it, and the pool opens another', async () => {
  const killer = connect({ url: database.adminUrl, role: null, max: 1 })
  const seen: number[] = []
  // The end comes as a closed or as a reset socket, before or after the server's word: every way will be among these.
  for (let n = 0; n < 20; n++) {
    // A pool of its own each time: one that loses its connections again and again waits longer and longer.
    const lossy = connect({ url: database.adminUrl, role: null, max: 1 })
    const attempt = lossy.tx(async (tx) => {
      await note(tx, { n: 100 + n })
      const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await killer.execute(sql`select pg_terminate_backend(${row?.pid ?? 0})`)
      for (;;) await tx.execute(sql`select 1`)
    })
    expect(await stateOf(attempt)).not.toBe('committed')
    // postgres.js tells the server's last words once more to whoever comes next.
    const again = () => lossy.tx((tx) => note(tx, { n }))
    await again().catch(again)
    await lossy.close()
    seen.push(n)
  }
  expect(await noted()).toEqual(seen)
  await killer.close()
})

test('many txs share few connections and each keeps its own account', async () => {
  const few = connect({ url: database.url, max: 2 })
  const who = fixedStatement<{ account: string }, Record<string, never>>(
    () => sql`select current_setting('chargelane.account') as account`,
  )
  const seen = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const account = `acct_${n}`
      const read = () => asAccount(few, account, (tx) => lastOf(tx, who(tx, {})))
      const failing = () => asAccount(few, account, () => Promise.reject(new Error('no')))
      if (n % 3 === 0) await failing().catch(() => undefined)
      return (await read())[0]?.account === account
    }),
  )
  expect(seen.every(Boolean)).toBe(true)
  await few.close()
})
