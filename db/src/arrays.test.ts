import { once } from 'node:events'
import { connect as dial, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { connect } from './client.ts'
import { arg, fixedStatement } from './fixed.ts'
import { testDatabase } from './testing.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

test('arrays of every type in use come back as they were given', async () => {
  const given = {
    texts: ['', 'a b', 'NULL', 'c,d{e}', '"f"', String.raw`g\h`, 'i\nj', null],
    instants: ['2026-11-30T09:10:11.120Z'],
    whole: [1, -2],
    big: [9_007_199_254_740_991],
    exact: ['0.10', '-1e-7'],
    none: [],
  }
  const echo = fixedStatement<typeof given, typeof given>(
    () => sql`select '{t,f,NULL}'::bool[] as flags, ${arg('texts')}::text[] as texts, ${arg('instants')}::timestamptz[] as instants,
      ${arg('whole')}::int[] as whole, ${arg('big')}::bigint[] as big, ${arg('exact')}::numeric[] as exact,
      ${arg('none')}::text[] as none`,
  )
  expect(await echo(db, given)).toEqual([
    { ...given, flags: [true, false, null], exact: ['0.10', '-0.0000001'] },
  ])
})

test('a new connection sends its first statement first: a failure of any other could be caught by nobody', async () => {
  const { hostname, port } = new URL(database.url)
  const sent: Buffer[] = []
  const proxy = createServer((client) => {
    const server = dial(Number(port), hostname)
    client.on('data', (bytes: Buffer) => sent.push(bytes))
    client.on('error', () => server.destroy())
    server.on('error', () => client.destroy())
    client.pipe(server).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  const url = new URL(database.url)
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const through = connect({ url: url.href, max: 1 })
  await through.execute(sql`select 'ours' as word`)
  await through.close()
  proxy.close()
  const text = Buffer.concat(sent).toString('latin1')
  expect([text.includes("select 'ours'"), text.includes('pg_type')]).toEqual([true, false])
})
