// Lists of a peer, page by page (OCPI 2.2.1 §4.1.4). Links are followed while they make sense; a broken one is
// noticed by comparing with X-Total-Count, and the list goes on by offset.
import { z } from 'zod'
import type { OcpiClient, Peer, PeerAnswer, PeerModule } from './client.ts'
import { PeerError } from './client.ts'

export type ListRequest = {
  module: PeerModule
  endpoint: string
  /** Only objects changed at or after this instant. */
  dateFrom?: string | undefined
  sessionId?: string | undefined
  timeoutMs?: number | undefined
}

/** An object of a list, and its text as the peer wrote it. */
export type ListItem = { object: unknown; text: string }

const zNamed = z.object({
  country_code: z.unknown(),
  party_id: z.unknown(),
  id: z.unknown(),
  uid: z.unknown(),
  last_updated: z.unknown(),
})
const pagesMax = 1_000
const pageSize = 100

/**
 * Every object of the list once per page it appears on; rows that move between pages while the list is read may come
 * twice, and are skipped when nothing about them changed. Returns whether that was all of the list: one that repeats a
 * page, ends before its own count or has no data is none. Throws `PeerError`.
 */
export async function* listObjects(
  client: OcpiClient,
  peer: Peer,
  request: ListRequest,
): AsyncGenerator<ListItem, boolean> {
  const state: PagingState = { seen: 0, pages: 0, visited: new Set(), total: 0, hasData: true }
  const known = new Set<string>()
  let url: URL | undefined = pageUrl(request, 0)
  while (url !== undefined) {
    if (++state.pages > pagesMax) {
      throw new PeerError('refused', `more than ${pagesMax} pages of ${request.module}`, {
        sent: true,
      })
    }
    state.visited.add(url.href)
    const answer = await page(client, peer, request, state, url)
    const objects = answer === undefined ? [] : objectsOf(answer)
    const texts = answer === undefined ? [] : dataTexts(answer.text)
    if (answer !== undefined) {
      state.total = countOf(answer.headers['x-total-count']) ?? state.total
      state.hasData &&= Array.isArray(answer.data) || objects.length > 0
    }
    state.seen += objects.length
    const before = known.size
    for (const [index, object] of objects.entries()) {
      const key = fingerprint(object)
      if (known.has(key)) continue
      known.add(key)
      // A null among the objects shifts the texts; then the object speaks for itself.
      const text = texts.length === objects.length ? texts[index] : undefined
      yield { object, text: text ?? JSON.stringify(object) }
    }
    // A peer that ignores the offset answers the same page for ever.
    if (objects.length > 0 && known.size === before) return false
    url =
      answer === undefined
        ? pageUrl(request, state.seen)
        : await nextUrl(client, peer, request, state, answer, objects.length)
  }
  return state.hasData && state.seen >= state.total
}

type PagingState = {
  seen: number
  pages: number
  visited: Set<string>
  followedLink?: boolean
  /** As the peer counts the whole list. */
  total: number
  hasData: boolean
}

/** Undefined when a followed link leads nowhere: the list goes on by offset. */
async function page(
  client: OcpiClient,
  peer: Peer,
  request: ListRequest,
  state: PagingState,
  url: URL,
): Promise<PeerAnswer | undefined> {
  try {
    return await client.call(peer, {
      method: 'GET',
      url,
      module: request.module,
      ...(request.sessionId === undefined ? {} : { sessionId: request.sessionId }),
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
    })
  } catch (error) {
    if (!(error instanceof PeerError) || error.kind !== 'refused' || !state.followedLink)
      throw error
    state.followedLink = false
    await client.learn(peer, `paging.${request.module}`, 'offset')
    return undefined
  }
}

async function nextUrl(
  client: OcpiClient,
  peer: Peer,
  request: ListRequest,
  state: PagingState,
  answer: PeerAnswer,
  received: number,
): Promise<URL | undefined> {
  state.followedLink = false
  const habit = `paging.${request.module}`
  const total = countOf(answer.headers['x-total-count'])
  const limit = countOf(answer.headers['x-limit']) ?? pageSize
  if (received === 0) return undefined
  const link = answer.headers['link']
  const named = nextLink(Array.isArray(link) ? link.join(',') : link)
  if (named !== undefined && peer.quirks[habit] !== 'offset') {
    const target = soundLink(named, request, peer.origin)
    if (target !== undefined && !state.visited.has(target.href)) {
      state.followedLink = true
      return target
    }
    await client.learn(peer, habit, 'offset')
  }
  // Without a usable link: the count says whether something is missing; without a count, a full page does.
  const isMore = total === undefined ? received >= limit : state.seen < total
  if (!isMore) return undefined
  if (named === undefined && total !== undefined) await client.learn(peer, habit, 'offset')
  return pageUrl(request, state.seen)
}

function pageUrl(request: ListRequest, offset: number): URL {
  const url = new URL(request.endpoint)
  if (request.dateFrom !== undefined) url.searchParams.set('date_from', request.dateFrom)
  url.searchParams.set('offset', String(offset))
  url.searchParams.set('limit', String(pageSize))
  return url
}

function countOf(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined
}

/** RFC 8288 `<url>; rel="next"`. */
function nextLink(header: string | undefined): string | undefined {
  for (const [, url, parameters] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?next"?/i.test(parameters ?? '')) return url
  }
  return undefined
}

/** A link we may follow: on the registered origin, and with the filter of the first page still in it. */
function soundLink(link: string, request: ListRequest, origin: string): URL | undefined {
  if (!URL.canParse(link, request.endpoint)) return undefined
  const url = new URL(link, request.endpoint)
  if (url.origin !== origin) return undefined
  const dateFrom = url.searchParams.get('date_from')
  if (request.dateFrom === undefined) return dateFrom === null ? url : undefined
  return dateFrom !== null && Date.parse(dateFrom) === Date.parse(request.dateFrom)
    ? url
    : undefined
}

function objectsOf(answer: PeerAnswer): unknown[] {
  if (answer.data === undefined) return []
  return Array.isArray(answer.data) ? answer.data : [answer.data]
}

/** Same party, id and last_updated is the same object, seen twice because the list moved under us (#161). */
function fingerprint(object: unknown): string {
  const named = zNamed.safeParse(object)
  if (!named.success) return JSON.stringify(object)
  const { country_code, party_id, id, uid, last_updated } = named.data
  return JSON.stringify([country_code, party_id, id ?? uid, last_updated])
}

/**
 * The texts of the elements of `data`, byte for byte as they stand in an envelope that is valid JSON: prices are
 * evidence, and evidence is not written anew. Empty when `data` is no list.
 */
export function dataTexts(envelope: string): string[] {
  const texts: string[] = []
  let depth = 0
  let start = -1
  let key = ''
  let isData = false
  for (let at = 0; at < envelope.length; at++) {
    const character = envelope[at]
    if (character === '"') {
      const end = endOfString(envelope, at)
      if (depth === 1) key = envelope.slice(at + 1, end)
      if (isData && depth === 2 && start < 0) start = at
      at = end
    } else if (character === '{' || character === '[') {
      if (depth === 1) isData = character === '[' && key === 'data'
      if (isData && depth === 2 && start < 0) start = at
      depth++
    } else if (character === '}' || character === ']' || character === ',') {
      if (character !== ',') depth--
      const isElementEnd = character === ',' ? depth === 2 : depth === 1
      if (isData && isElementEnd && start >= 0) {
        texts.push(envelope.slice(start, at).trimEnd())
        start = -1
      }
      if (depth === 1 && character !== ',') isData = false
    } else if (isData && depth === 2 && start < 0 && !/\s/.test(character ?? '')) {
      start = at
    }
  }
  return texts
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
