// Seals everything anew with the key that writes, so that the keys behind it may be dropped: a part of
// `npm run reseal`. Stopped half-way it goes on where it was; it may run beside the product.
import { ne, type SQL, sql as raw } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { dataKeys as inUse } from '../schema.ts'
import { openDataKeys } from './in-use.ts'
import { dataKeys } from './keys.ts'
import { sealedPlaces, type SealedPlace } from './places.ts'
import { openedBytes, seal, type Sealed } from './sealed.ts'

/** Pages of a table that one tx reads; PostgreSQL's are 8 KiB. */
const pagesAtOnce = 64
const pageBytes = 8_192

/** Where a sealed text stands: as a value of its own, or within a document. */
type Cell = { table: string; name: string; row: string; text: SQL; set: (sealed: Sealed) => SQL }

const cellOf = ({ table, column, place, row }: SealedPlace): Cell => {
  const cell = raw.identifier(column)
  const set = (sealed: Sealed) => raw`${cell} = ${sealed}`
  return { table, name: place ?? `${table}.${column}`, row, text: raw`${cell}`, set }
}

/** The card within a start that was told. */
const eventCard: Cell = {
  table: 'supply_events',
  name: 'supply_events.event',
  row: 'session_id',
  text: raw`event #>> '{unsolicited,tokenUid}'`,
  set: (sealed) =>
    raw`event = jsonb_set(event, '{unsolicited,tokenUid}', to_jsonb(${sealed}::text))`,
}

const isOld = ({ text }: Cell) => raw`not starts_with(${text}, ${`v1.${dataKeys().writing.id}.`})`

type Found = { ctid: string; row: string; sealed: Sealed }

/** The value sealed anew; undefined, and its place noted, where it was moved or damaged: it stops none of the others. */
function sealedAnew({ name }: Cell, { row, sealed }: Found, lost: Set<string>): Sealed | undefined {
  try {
    return seal(name, row, openedBytes(name, row, sealed))
  } catch {
    lost.add(`${name} ${row}`)
    return undefined
  }
}

/** Of some pages of a table, what another key sealed. A row that changes moves behind them, sealed anew. */
async function resealPages(db: Db, cell: Cell, from: number, lost: Set<string>): Promise<number> {
  const table = raw.identifier(cell.table)
  const [first, last] = [`(${from},0)`, `(${from + pagesAtOnce},0)`]
  return db.tx(async (tx) => {
    const found = await tx.execute<Found>(raw`
      select ctid::text as ctid, ${raw.raw(cell.row)} as "row", ${cell.text} as sealed from ${table}
      where ctid >= ${first}::tid and ctid < ${last}::tid and ${isOld(cell)} for update`)
    let done = 0
    for (const each of found) {
      const anew = sealedAnew(cell, each, lost)
      if (anew === undefined) continue
      await tx.execute(raw`update ${table} set ${cell.set(anew)} where ctid = ${each.ctid}::tid`)
      done += 1
    }
    return done
  })
}

async function pagesOf(db: Db, { table }: Cell): Promise<number> {
  const [size] = await db.execute<{ bytes: number }>(
    raw`select pg_relation_size(${table}::text::regclass) as bytes`,
  )
  return Math.ceil((size?.bytes ?? 0) / pageBytes)
}

/** What others changed meanwhile has moved behind the pages that were counted: they are walked until nothing is left. */
async function resealCell(db: Db, cell: Cell, lost: Set<string>): Promise<number> {
  const lostBefore = lost.size
  for (let rows = 0, before = -1; ; ) {
    const pages = await pagesOf(db, cell)
    for (let page = 0; page < pages; page += pagesAtOnce)
      rows += await resealPages(db, cell, page, lost)
    const left = await db.execute(
      raw`select from ${raw.identifier(cell.table)} where ${isOld(cell)} limit 1`,
    )
    if (left.length === 0) return rows
    if (rows === before && lost.size > lostBefore) return rows
    if (rows === before)
      throw new Error(`Values of ${cell.name} are left that this command may not change.`)
    before = rows
  }
}

export type Resealed = { place: string; rows: number }

/**
 * How many values of each place were sealed anew. Afterwards the earlier keys are needed for Temporal's histories alone.
 * Throws at its end where values cannot be read, and names the place of each.
 */
export async function reseal(
  db: Db,
  now: string,
  onDone: (done: Resealed) => void = () => undefined,
): Promise<Resealed[]> {
  await openDataKeys(db, now)
  const all: Resealed[] = []
  const lost = new Set<string>()
  for (const cell of [...sealedPlaces.map(cellOf), eventCard]) {
    const done = { place: cell.name, rows: await resealCell(db, cell, lost) }
    all.push(done)
    onDone(done)
  }
  // What cannot be read may be in order under its key once it stands where it belongs, so no key may be let go.
  if (lost.size > 0)
    throw new Error(
      `All else is sealed anew. Keep the earlier keys: what stands here was moved, damaged, or sealed with another key: ${[...lost].join(', ')}`,
    )
  return all
}

/** The keys that the database still needs. */
export async function keysInUse(db: Db): Promise<string[]> {
  const rows = await db.select({ keyId: inUse.keyId }).from(inUse).where(ne(inUse.keyId, 'lookup'))
  return rows.map(({ keyId }) => keyId)
}
