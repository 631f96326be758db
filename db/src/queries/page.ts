import { desc, eq, lt, type AnyColumn, type SQL } from 'drizzle-orm'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { idPrefixes, type IdKind } from '@chargelane/openapi/vocabulary/ids'
import { everyAccount } from '../client.ts'

/** One page of a list that is sorted by id, newest first. `after` is the last id of the page before. */
export type PageRequest = { after?: string; limit: number }
export type Page<Row> = { data: Row[]; hasMore: boolean; nextCursor: string | null }

/** The filter of every query that takes an account: nothing of others, everything for `everyAccount`. */
export function ownedBy(column: AnyColumn, accountId: string): SQL | undefined {
  return accountId === everyAccount ? undefined : eq(column, accountId)
}

/** Where, order and limit of one page; the row too many tells that there is a next page. */
export function pageBy(id: AnyColumn, page: PageRequest) {
  return {
    where: page.after === undefined ? undefined : lt(id, page.after),
    orderBy: desc(id),
    limit: page.limit + 1,
  }
}

/** Cuts the row too many off. `key` is what the next page starts after, the row's id by default. */
export function pageOf<Row extends { id: string }>(rows: Row[], limit: number): Page<Row>
export function pageOf<Row>(rows: Row[], limit: number, key: (row: Row) => string): Page<Row>
export function pageOf<Row extends { id?: string }>(
  rows: Row[],
  limit: number,
  key: (row: Row) => string = (row) => row.id ?? '',
): Page<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { data, hasMore, nextCursor: hasMore ? encodeCursor(key(last)) : null }
}

/** Cursors are opaque to partners, so that what is in them may change. */
export function encodeCursor(after: string): string {
  return Buffer.from(after, 'utf8').toString('base64url')
}

/** The id behind a cursor of a list of this kind; anything else is `invalid_cursor`. */
export function decodeCursor(cursor: string, kind: IdKind): string {
  const after = decodeCursorText(cursor)
  if (!new RegExp(`^${idPrefixes[kind]}_[0-9A-Z]{1,26}$`).test(after)) throw invalidCursor()
  return after
}

/** The text behind a cursor of a list that is not sorted by id. */
export function decodeCursorText(cursor: string): string {
  if (!/^[\w-]{1,200}$/.test(cursor)) throw invalidCursor()
  return Buffer.from(cursor, 'base64url').toString('utf8')
}

export function invalidCursor(): DomainError {
  return new DomainError('invalid_cursor', 'The cursor is not one this list gave out.', {
    param: 'cursor',
  })
}
