import { asAccount, type Sql, type Tx } from '@chargelane/db'
import { evidenceZip, latestEvidence } from '@chargelane/db/queries/documents/evidence'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import { getQuote, type QuoteRow } from '@chargelane/db/queries/sessions/quotes'
import {
  getSession,
  listSessions,
  timelineOf,
  type SessionRow,
  type SessionScope,
} from '@chargelane/db/queries/sessions/sessions'
import { messageHeadsOf, sessionExtras } from '@chargelane/db/queries/sessions/session-views'
import type { Contract, Session } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { requote } from '@chargelane/corridor/quote/make'
import { quoteView } from '@chargelane/db/views/quotes'
import { type Refusal, refusalOfQuote } from '@chargelane/rules/quote/may-start'
import { refusalError } from '../http/errors.ts'
import type { Call, Deps, Handlers, Viewer } from '../http/handler.ts'
import { cutPage, oneMore, pageRequest } from '../http/page.ts'
import { streamSession, waitForChange } from '../http/session-stream.ts'
import { priceProofView } from '@chargelane/db/views/price-proofs'
import { sessionView } from '@chargelane/db/views/sessions'

export function scopeOf(viewer: Viewer): SessionScope {
  if (viewer.type === 'partner') return { partner: viewer.accountId }
  return viewer.type === 'cpo' ? { cpo: viewer.accountId } : 'all'
}

/** Reads as the viewer, in a tx of its own: for handlers that wait or reach outside. */
const asViewer = <T>(deps: Deps, viewer: Viewer, fn: (tx: Tx) => Promise<T>): Promise<T> =>
  asAccount(deps.db, viewer.sees, fn)

async function views(tx: Sql, rows: SessionRow[]): Promise<Session[]> {
  const extras = await sessionExtras(
    tx,
    rows.map((row) => row.id),
  )
  return rows.flatMap((row) => {
    const extra = extras.get(row.id)
    return extra ? [sessionView(row, extra)] : []
  })
}

/** One session as the viewer may see it, or `resource_missing`. */
export async function readSession(tx: Sql, viewer: Viewer, id: string): Promise<Session> {
  const row = await getSession(tx, scopeOf(viewer), id)
  const [view] = row ? await views(tx, [row]) : []
  if (!view) throw missing('session')
  return view
}

type Create = Call<Contract['sessions']['create']> & { resourceId: string; key: string }

/** An expired quote never starts; the answer brings the present price for the driver to agree to (failures F02). */
async function expired(call: Create, row: QuoteRow, refusal: Refusal): Promise<DomainError> {
  const { deps, viewer, now } = call
  const fresh = await asViewer(deps, viewer, (sql) =>
    requote({ sql, signer: deps.signer, now }, row),
  )
  // Without a present price there is nothing to agree to, but the quote is as expired as before.
  if (fresh.kind === 'refused') return refusalError(refusal)
  const quote = quoteView(fresh.row, fresh.driver.externalId, now)
  return refusalError({
    ...refusal,
    extra: {
      new_quote: quote,
      diff: fresh.diff,
      next_action: { type: 'requote', new_quote: quote.id },
    },
  })
}

/** What can be said before anything is started. The workflow checks again under a lock. */
async function checkQuote(call: Create): Promise<void> {
  const { deps, viewer, body, resourceId, now } = call
  const row = await asViewer(deps, viewer, (tx) => getQuote(tx, viewer.accountId, body.quote))
  if (!row) throw missing('quote', 'quote')
  if (row.sessionId === resourceId) return
  const refusal = refusalOfQuote(row, now)
  if (refusal === undefined) return
  throw refusal.code === 'quote_expired' ? await expired(call, row, refusal) : refusalError(refusal)
}

async function create(call: Create): Promise<Session> {
  const { deps, viewer, body, resourceId, key } = call
  await checkQuote(call)
  const answer = await deps.corridor.authorize(
    {
      origin: 'partner',
      sessionId: resourceId,
      accountId: viewer.accountId,
      quoteId: body.quote,
      ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
    },
    key,
  )
  if (answer.kind === 'refused') {
    // The quote may have expired between our look and the workflow's.
    if (answer.code === 'quote_expired') await checkQuote(call)
    throw refusalError(answer)
  }
  return asViewer(deps, viewer, (tx) => readSession(tx, viewer, resourceId))
}

export const sessionRoutes: Handlers<Contract['sessions']> = {
  create: { outside: create },

  get: {
    async outside({ deps, viewer, params, query }) {
      const read = () => asViewer(deps, viewer, (tx) => readSession(tx, viewer, params.id))
      const session = await read()
      if (query.wait === undefined || query.wait === 0) return session
      const since = query.since_sequence ?? session.sequence
      if (session.sequence > since) return session
      await waitForChange(deps, { session, since, ms: query.wait * 1_000 })
      return read()
    },
  },

  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'session'))
    const rows = await listSessions(tx, scopeOf(viewer), {
      ...page,
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.external_id === undefined ? {} : { externalId: query.external_id }),
    })
    const cut = cutPage(rows, query.limit)
    return {
      data: await views(tx, cut.data),
      has_more: cut.hasMore,
      next_cursor: cut.nextCursor,
    }
  },

  stop: {
    async outside({ deps, viewer, params }) {
      const row = await asViewer(deps, viewer, (tx) => getSession(tx, scopeOf(viewer), params.id))
      if (!row) throw missing('session')
      const answer = await deps.corridor.stop(row.workflowId)
      const session = await asViewer(deps, viewer, (tx) => readSession(tx, viewer, params.id))
      // What was wished for is already so: a second stop, or one that crossed the end.
      if (answer.kind === 'refused' && session.status !== 'ended')
        throw new DomainError(answer.code, answer.message)
      return session
    },
  },

  stream: {
    async outside({ deps, viewer, params }) {
      const read = () => asViewer(deps, viewer, (tx) => readSession(tx, viewer, params.id))
      await read()
      return ({ lastEventId, signal }) =>
        streamSession(deps, { sessionId: params.id, read, lastEventId, signal })
    },
  },

  timeline: {
    async outside({ deps, viewer, params }) {
      const decided = await asViewer(deps, viewer, async (tx) => {
        await readSession(tx, viewer, params.id)
        return timelineOf(tx, scopeOf(viewer), params.id)
      })
      const heads = await messageHeadsOf(deps.db, params.id)
      const entries = [
        ...decided.map((row) => ({
          at: row.at,
          room: row.room,
          what: row.what,
          detail: asDetail(row.detail),
        })),
        ...heads.map(({ at, protocol, direction, action, status }) => ({
          at,
          room: 'supply',
          what: `${direction === 'in' ? 'received' : 'sent'} ${action}`.slice(0, 200),
          detail: { protocol, ...(status === null ? {} : { status }) },
        })),
      ]
      return { session: params.id, data: entries.toSorted((a, b) => (a.at < b.at ? -1 : 1)) }
    },
  },

  async price_proof({ tx, viewer, params }) {
    await readSession(tx, viewer, params.id)
    // An operator is shown the price of its own leg, whatever the driver pays of it.
    const own = viewer.type === 'cpo' && (await proofOfSession(tx, params.id, 'wholesale'))
    const row = own || (await proofOfSession(tx, params.id))
    if (!row) throw missing('price proof yet')
    return priceProofView(row)
  },

  async evidence({ tx, viewer, params }) {
    await readSession(tx, viewer, params.id)
    const [head, zip] = [await latestEvidence(tx, params.id), await evidenceZip(tx, params.id)]
    if (!head || !zip) throw missing('evidence pack yet')
    return { bytes: zip, filename: `${params.id}-r${head.revision}.zip` }
  },
}

const asDetail = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
