// What each role of the database may do, as the server says it, and what it does when it is asked.
import { sql as raw } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { accessTable, fullAccess } from './access-table.ts'
import { asAccount, connect, sqlState } from '../client.ts'
import { testDatabase } from '../testing.ts'

const database = await testDatabase({ anyEvents: true })
const admin = connect({ url: database.adminUrl, role: null, max: 1 })
afterAll(async () => {
  await admin.close()
  await database.stop()
})
const roles = ['chargelane_platform', 'chargelane_app', 'chargelane_guard'] as const

/** `S I U(status) D`: what a role may do to a relation; columns are named where it is not all of them. */
async function grantsOf(role: string): Promise<Record<string, string>> {
  const rows = await admin.execute<{
    name: string
    verb: string
    whole: boolean
    columns: string[]
  }>(raw`
    select c.relname as name, v.verb, has_table_privilege(${role}, c.oid, v.verb) as whole,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and v.verb in ('SELECT', 'INSERT', 'UPDATE') and has_column_privilege(${role}, c.oid, a.attnum, v.verb)
        order by a.attname) as columns
    from pg_class c cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN'])
      with ordinality v (verb, number)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by c.relname, v.number`)
  const found: Record<string, string[]> = {}
  for (const { name, verb, whole, columns } of rows) {
    const said = (found[name] ??= [])
    const letter = verb.startsWith('TR') ? verb : verb.charAt(0)
    if (whole) said.push(letter)
    else if (columns.length > 0) said.push(`${letter}(${columns.join(' ')})`)
  }
  return Object.fromEntries(Object.entries(found).map(([name, said]) => [name, said.join(' ')]))
}

test('each role may do to each table and column what is declared, and nothing else', async () => {
  const found: Record<string, Record<string, string>> = {}
  for (const role of roles)
    for (const [name, said] of Object.entries(await grantsOf(role))) {
      const usual = role === 'chargelane_platform' ? fullAccess : ''
      const of = (found[name] ??= {})
      if (said !== usual) of[role.replace('chargelane_', '')] = said
    }
  expect(found).toEqual(accessTable)
})

/** What the server answers to one statement of a role: its SQLSTATE, or `ok`. */
async function asked(url: string, statement: string, role: string | null) {
  const as = connect({ url, role, max: 1 })
  const answer = await as.execute(raw.raw(statement)).then(
    () => 'ok',
    (error: unknown) => sqlState(error),
  )
  await as.close()
  return answer
}
const denied = '42501'

test('the login of the processes owns nothing, creates nothing and may do nothing by itself', async () => {
  const owned =
    await admin.execute(raw`select c.relname as name from pg_class c where c.relowner = 'chargelane'::regrole
    union select p.proname from pg_proc p where p.proowner = 'chargelane'::regrole`)
  expect(owned).toEqual([])
  for (const role of [null, 'chargelane_platform'])
    for (const statement of [
      'create table public.mine (n int)',
      'create temporary table mine (n int)',
      'create schema mine',
      'create role mine',
      'create function public.mine() returns int language sql return 1',
      'alter table public.quotes disable row level security',
      'drop policy platform on public.quotes',
    ])
      expect([statement, await asked(database.url, statement, role)]).toEqual([statement, denied])
  for (const name of Object.keys(accessTable))
    expect([name, await asked(database.url, `select from public.${name}`, null)]).toEqual([
      name,
      denied,
    ])
})

test('row-level security holds for the owner of the tables too', async () => {
  const unforced = await admin.execute(raw`select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relforcerowsecurity`)
  expect(unforced).toEqual([])
  await admin.execute(raw`insert into drivers (id, account_id, external_id, created_at)
    select 'drv_1', id, 'x', now() from accounts limit 1`)
  const owner = connect({ url: database.ownerUrl, role: null, max: 1 })
  expect(await owner.execute(raw`select id from accounts`)).toEqual([])
  await owner.close()
})

const tenantUrl = database.url.replace('chargelane@', 'chargelane_tenant@')

/** Those of the wanted roles that a connection may take. */
const takes = async (url: string, role: string | null, wanted: readonly string[]) => {
  const answers: string[] = []
  for (const each of wanted)
    if ((await asked(url, `set role ${each}`, role)) === 'ok') answers.push(each)
  return answers
}

test('each login of the processes takes its own role, and no other', async () => {
  const others = ['chargelane_guard', 'chargelane_owner', 'postgres', 'pg_read_all_data']
  for (const role of [null, 'chargelane_platform'])
    expect(await takes(database.url, role, [...roles, ...others, 'chargelane_tenant'])).toEqual([
      'chargelane_platform',
    ])
  for (const role of [null, 'chargelane_app'])
    expect(await takes(tenantUrl, role, [...roles, ...others, 'chargelane'])).toEqual([
      'chargelane_app',
    ])
})

test('no statement of a tenant makes it another account, or another role', async () => {
  await admin.execute(raw`insert into accounts (id, type, name, legal_name, country, payout_currency, address, created_at)
    select id, 'partner', id, id, 'DE', 'EUR', '{}', now() from unnest(array['acct_A', 'acct_B']) t (id)`)
  await admin.execute(raw`insert into drivers (id, account_id, external_id, created_at)
    values ('drv_A', 'acct_A', 'a', now()), ('drv_B', 'acct_B', 'b', now())`)
  const widening = [
    `select set_config('chargelane.account', '*', true)`,
    `select set_config('role', 'chargelane_platform', true)`,
    `select id from drivers where set_config('chargelane.account', '*', true) is not null`,
    `update pg_settings set setting = '*' where name = 'chargelane.account'`,
    `select secret from tenant_secret`,
    `set local chargelane.account = '*'`,
    `set local chargelane.account = 'acct_A'`,
    `set chargelane.account = '*'`,
    `select chargelane_enter('*', current_setting('chargelane.proof'), null)`,
    `select chargelane_enter('acct_A', current_setting('chargelane.proof'), null)`,
    `select chargelane_enter('*', null, null)`,
    `set local role chargelane_platform`,
    `set role chargelane_platform`,
    `reset role`,
    `set role none`,
    `reset all`,
    `discard all`,
    `set session authorization chargelane`,
    `reset session authorization`,
  ]
  for (const statement of widening) {
    const seen: string[] = []
    const attempt = asAccount(database.db, 'acct_B', async (tx) => {
      await tx.execute(raw.raw(statement))
      for (const { id } of await tx.execute<{ id: string }>(raw`select id from drivers`))
        seen.push(id)
    })
    await attempt.catch(() => undefined)
    expect([statement, seen.filter((id) => id !== 'drv_B')]).toEqual([statement, []])
  }
  const own = await asAccount(database.db, 'acct_B', (tx) =>
    tx.execute(raw`select id from drivers`),
  )
  expect(own).toEqual([{ id: 'drv_B' }])
})

test.each(['chargelane_platform', 'chargelane_app'])(
  '%s rewrites neither a key’s scopes, nor a signed quote, nor the terms of a sale',
  async (role) => {
    for (const statement of [
      `update api_keys set scopes = '{}'`,
      `update api_keys set account_id = 'acct_B'`,
      `update api_keys set expires_at = null`,
      `update quotes set body = '{}'`,
      `update quotes set signature = 'x'`,
      `update quotes set hold_minor = 1`,
      `update session_terms set terms = '{}'`,
      `update agreements set terms = '{}'`,
      `update rate_agreements set terms = '{}'`,
      `update plans set terms = '{}'`,
      `update sales set split = '{}'`,
      `update events set body = '{}'`,
      `update vat_checks set valid = true`,
      `delete from sessions`,
      `delete from payments`,
    ])
      expect([statement, await asked(database.url, statement, role)]).toEqual([statement, denied])
  },
)
