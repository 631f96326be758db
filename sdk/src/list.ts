export interface Page<T> {
  data: T[]
  has_more: boolean
  next_cursor: string | null
}

/** `await` it for the first page, or iterate it for every item of every page. */
export type List<T> = Promise<Page<T>> & AsyncIterable<T>

/** `read` fetches one page; the first one is asked for at once. */
export function listOf<T>(read: (cursor: string | undefined) => Promise<Page<T>>): List<T> {
  const first = read(undefined)
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      let page = await first
      for (;;) {
        yield* page.data
        if (!page.has_more || page.next_cursor === null) return
        page = await read(page.next_cursor)
      }
    },
  })
}
