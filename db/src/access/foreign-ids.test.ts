// What a tenant writes names nothing of another tenant's: asked of the server for every table that a tenant may write and
// every column of it that holds an id, as the catalogue lists them. A new table is asked on the day it is made.
import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, sqlState, type Tx } from '../client.ts'
import { testDatabase } from '../testing.ts'
import { putInto, putWorld, stranger, world } from './world.ts'

const database = await testDatabase({ anyEvents: true })
const admin = connect({ url: database.adminUrl, role: null, max: 1 })
afterAll(async () => {
  await admin.close()
  await database.stop()
})

beforeAll(async () => {
  for (const each of [world, stranger]) await putWorld(putInto(admin, each.n), each)
})

const { prove } = await database.db.tenants()

/** Columns that name another's on purpose. */
const mayName: Record<string, string> = {
  'quotes.cpo_id': 'a partner sells what any CPO supplies',
  'quotes.evse_id': 'supply is public',
  'quotes.connector_id': 'supply is public',
  'quotes.tariff_id': 'supply is public',
  'contracts.cpo_id': 'between a partner and a CPO; who proposes is one of them',
  'contracts.partner_id': 'between a partner and a CPO; who proposes is one of them',
  'rate_agreements.cpo_id': 'between a partner and a CPO; who proposes is one of them',
  'rate_agreements.partner_id': 'between a partner and a CPO; who proposes is one of them',
}

/** Columns called an id that name no row of another table of ours, or one that is nobody's. */
const nobodys = new Set(
  `charge_stations.node_id connections.party_id connectors.ocpi_id connectors.ocpp_connector_id connectors.tariff_ids drivers.external_id
  evses.evse_id evses.ocpp_evse_id events.object_id locations.party_id locations.ocpi_id locations.standards party_claims.party_id
  quotes.key_id quotes.session_id tariffs.party_id tariffs.ocpi_id tokens.contract_id idempotency_keys.resource_id
  webhook_deliveries.object_id incidents.subject_id`.split(/\s+/),
)

type Row = Record<string, unknown>
type Column = { name: string; inserts: boolean; updates: boolean; isKey: boolean }
type Table = { name: string; columns: Column[] }

/** Every table that a tenant's role may write, with the columns that hold text: ids are text. */
const writable = () =>
  admin.execute<Table>(raw`
    select c.relname as name, json_agg(json_build_object('name', a.attname,
        'inserts', has_column_privilege('chargelane_app', c.oid, a.attnum, 'INSERT'),
        'updates', has_column_privilege('chargelane_app', c.oid, a.attnum, 'UPDATE'),
        'isKey', a.attname = 'id') order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and a.atttypid in ('text'::regtype, 'text[]'::regtype)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (has_any_column_privilege('chargelane_app', c.oid, 'INSERT')
        or has_any_column_privilege('chargelane_app', c.oid, 'UPDATE'))
    group by c.relname order by c.relname`)

/** Which row of the one world an id of the other stands for; undefined for what is no id, as the text a table made up. */
function foreignOf(table: string, value: unknown): unknown {
  if (value === stranger.partner) return world.partner
  if (value === stranger.cpo) return world.cpo
  if (Array.isArray(value)) {
    const ids = value.map((each) => foreignOf(table, each))
    return ids.length > 0 && !ids.includes(undefined) ? ids : undefined
  }
  if (typeof value !== 'string' || value === `${table}_2` || !/^[a-z_]+_2$/.test(value))
    return undefined
  return value.replace(/2$/, '1')
}

const withdrawn = new Error('withdrawn')

/** What the server answers to a statement of a tenant; nothing of it stays. */
async function answered(
  account: string,
  statement: (tx: Tx) => Promise<unknown>,
  prepare: (tx: Tx) => Promise<unknown> = async () => undefined,
): Promise<string> {
  let answer = 'written'
  await admin
    .tx(async (tx) => {
      await prepare(tx)
      await tx.execute(raw`set local role chargelane_app`)
      await tx.execute(raw`select chargelane_enter(${account}, ${prove(account)}, null)`)
      const told = await statement(tx)
      if (Array.isArray(told) && told.length === 0) answer = 'nothing'
      throw withdrawn
    })
    .catch((error: unknown) => {
      if (error !== withdrawn) answer = sqlState(error) ?? String(error)
    })
  return answer
}

/** One row where no other is: what stands there goes first, without a look at what refers to it. */
const insertAlone = (account: string, table: string, row: Row) => {
  const columns = raw.join(
    Object.keys(row).map((name) => raw.identifier(name)),
    raw`, `,
  )
  return answered(
    account,
    (tx) =>
      tx.execute(raw`insert into ${raw.identifier(table)} (${columns})
        select ${columns} from jsonb_populate_record(null::${raw.identifier(table)}, ${JSON.stringify(row)}::jsonb)
        returning 1`),
    async (tx) => {
      await tx.execute(raw`set local session_replication_role = replica`)
      await tx.execute(raw`delete from ${raw.identifier(table)}`)
      await tx.execute(raw`set local session_replication_role = origin`)
    },
  )
}

/** Columns that are made by the server are not sent. */
async function ownRowOf(table: string): Promise<Row | undefined> {
  const rows = await admin.execute<{ row: Row }>(
    raw`select to_jsonb(t) as row from ${raw.identifier(table)} t`,
  )
  return rows
    .map(({ row }) => row)
    .find((row) => Object.values(row).some((value) => foreignOf(table, value) !== undefined))
}

const generated = async (table: string) =>
  (
    await admin.execute<{ name: string }>(raw`select attname as name from pg_attribute
      where attrelid = ${table}::regclass and (attgenerated <> '' or attidentity <> '')`)
  ).map(({ name }) => name)

type Finding = { where: string; answer: string }

/** Each id of the row exchanged for another tenant's, one at a time. */
async function tryTable({ name, columns }: Table): Promise<{ writes: boolean; holes: Finding[] }> {
  const own = await ownRowOf(name)
  if (own === undefined) return { writes: false, holes: [] }
  const made = await generated(name)
  const row = Object.fromEntries(Object.entries(own).filter(([key]) => !made.includes(key)))
  const holes: Finding[] = []
  let writes = false
  for (const account of [stranger.partner, stranger.cpo]) {
    const control = await insertAlone(account, name, row)
    if (control === 'written') writes = true
    for (const column of columns) {
      const foreign = foreignOf(name, own[column.name])
      const where = `${name}.${column.name}`
      if (foreign === undefined || column.isKey || where in mayName || nobodys.has(where)) continue
      if (control === 'written') {
        const answer = await insertAlone(account, name, { ...row, [column.name]: foreign })
        if (answer !== '42501') holes.push({ where: `insert ${where} as ${account}`, answer })
      }
      if (!column.updates) continue
      const value = raw.param(foreign)
      const answer = await answered(account, (tx) =>
        tx.execute(
          raw`update ${raw.identifier(name)} set ${raw.identifier(column.name)} = ${value} returning 1`,
        ),
      )
      if (answer === 'written') holes.push({ where: `update ${where} as ${account}`, answer })
    }
  }
  return { writes, holes }
}

test('no id of another tenant is taken in any column of any table that a tenant writes', async () => {
  const tables = await writable()
  const holes: Finding[] = []
  const unwritten: string[] = []
  for (const table of tables) {
    const tried = await tryTable(table)
    holes.push(...tried.holes)
    if (!tried.writes) unwritten.push(table.name)
  }
  expect(holes).toEqual([])
  // Written in the name of all alone, by the desk.
  expect(unwritten).toEqual([
    'accounts',
    'credit_lines',
    'incidents',
    'platform_settings',
    'risk_policies',
  ])
})

test('every column that is called an id is tried, or is known to name no row', async () => {
  const untried: string[] = []
  for (const { name, columns } of await writable()) {
    const own = await ownRowOf(name)
    for (const column of columns) {
      const where = `${name}.${column.name}`
      const isCalledId = /(?:^|_)ids?$/.test(column.name) && !column.isKey
      if (!isCalledId || !column.inserts || nobodys.has(where) || where in mayName) continue
      if (own === undefined || foreignOf(name, own[column.name]) === undefined) untried.push(where)
    }
  }
  expect(untried).toEqual([])
})
