import { decodeCursor, encodeCursor, type PageRequest } from '@chargelane/db/queries/page'
import type { IdKind } from '@chargelane/openapi/vocabulary/ids'

type PageQuery = { limit: number; cursor?: string | undefined }

/** What the partner asked for, as queries take it. */
export const pageRequest = (query: PageQuery, kind: IdKind): PageRequest => ({
  limit: query.limit,
  ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, kind) }),
})

/** For queries that return plain rows: asked for one too many, which tells that there is a next page. */
export const oneMore = <P extends PageRequest>(page: P): P => ({ ...page, limit: page.limit + 1 })

export function cutPage<Row extends { id: string }>(rows: Row[], limit: number): Rows<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { data, hasMore, nextCursor: hasMore ? encodeCursor(last.id) : null }
}

export interface Rows<Row> {
  data: Row[]
  hasMore: boolean
  nextCursor: string | null
}

/** A page of rows as a page of resources. */
export const pageView = <Row, Item>(page: Rows<Row>, view: (row: Row) => Item) => ({
  data: page.data.map(view),
  has_more: page.hasMore,
  next_cursor: page.nextCursor,
})
