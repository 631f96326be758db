import { evidenceZip, latestEvidence, secretOf } from '@chargelane/db/queries/documents/evidence'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import { listSessions, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import { messageHeadsOf, shownSession } from '@chargelane/db/queries/sessions/session-views'
import { priceProofView } from '@chargelane/db/views/sales/price-proofs'
import { timelineFor, timelineView } from '@chargelane/db/views/sales/sessions'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { renderSummary } from '@chargelane/corridor/evidence/summary'
import { type Reader } from '@chargelane/rules/evidence/commitment'
import { viewOf } from '@chargelane/rules/evidence/view'
import type { Deps, Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest } from '../../http/page.ts'
import { readOnce, readWhenChanged, streamSession } from '../../http/stream/session-stream.ts'
import { create } from '../../session/create.ts'
import { asViewer, listShown, readSession, scopeOf, sessionAlone } from '../../session/read.ts'

/** As whom a viewer reads a session's papers. */
function readerOf({ type }: Viewer): Reader {
  return type === 'partner' || type === 'cpo' ? type : 'auditor'
}

/** The newest pack as the viewer may read it; the whole of it is read by our own role alone. */
async function packFor(deps: Deps, viewer: Viewer, id: string) {
  const head = await asViewer(deps, viewer, async (tx) => {
    await readSession(tx, viewer, id)
    return latestEvidence(tx, id)
  })
  const zip = head && (await evidenceZip(deps.db, id, head.revision))
  if (head === undefined || zip === undefined) throw missing('evidence pack yet')
  return { head, bytes: viewOf(zip, readerOf(viewer)) }
}

export const sessionRoutes: Handlers<Contract['sessions']> = {
  create,

  get: {
    looksFirst: true,
    async outside({ deps, viewer, params, query, watch }) {
      const { wait = 0, since_sequence: since } = query
      const seen = { id: params.id, keyId: viewer.keyId }
      const read = () => readOnce(deps, seen, () => sessionAlone(deps, viewer, params.id))
      if (wait === 0) return read()
      const { lost, end } = watch()
      try {
        return await readWhenChanged(deps, read, { ...seen, since, ms: wait * 1_000, lost })
      } finally {
        end()
      }
    },
  },

  list: {
    looksFirst: true,
    async outside({ deps, viewer, query }) {
      const page = oneMore(pageRequest(query, 'session'))
      const asked = {
        ...page,
        ...(query.status === undefined ? {} : { status: query.status }),
        ...(query.external_id === undefined ? {} : { externalId: query.external_id }),
      }
      const shown = await listShown(deps, viewer, (tx) => listSessions(tx, scopeOf(viewer), asked))
      const { data, hasMore, nextCursor } = cutPage(shown, query.limit)
      return { data, has_more: hasMore, next_cursor: nextCursor }
    },
  },

  stop: {
    async plan({ tx, viewer: asker, params: { id } }) {
      const row = await shownSession(tx, scopeOf(asker), id)
      return async ({ deps, viewer }) => {
        if (!row) throw missing('session')
        const answer = await deps.corridor.stop(row.workflowId)
        const session = await sessionAlone(deps, viewer, id)
        // What was wished for is already so: a second stop, or one that crossed the end.
        if (answer.kind === 'refused' && session.status !== 'ended')
          throw new DomainError(answer.code, answer.message)
        return session
      }
    },
  },

  stream: {
    looksFirst: true,
    async outside({ deps, viewer, params, watch }) {
      const standing = watch()
      try {
        await sessionAlone(deps, viewer, params.id)
      } catch (error) {
        standing.end()
        throw error
      }
      // The key counted at the first look; what becomes of it from now on is watched.
      const read = () => sessionAlone(deps, { ...viewer, uncheckedKey: null }, params.id)
      return ({ lastEventId, signal }) =>
        streamSession(deps, { sessionId: params.id, read, lastEventId, signal, standing })
    },
  },

  timeline: {
    looksFirst: true,
    async outside({ deps, viewer, params }) {
      await asViewer(deps, viewer, (tx) => readSession(tx, viewer, params.id))
      // Its details are of both sides: no tenant's role reads them, and each side is shown its own.
      const [decided, heads, secret] = await Promise.all([
        timelineOf(deps.db, scopeOf(viewer), params.id),
        messageHeadsOf(deps.db, params.id),
        secretOf(deps.db, params.id),
      ])
      const shown = timelineFor(decided, readerOf(viewer), secret)
      return timelineView(params.id, shown, heads)
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

  evidence: {
    looksFirst: true,
    async outside({ deps, viewer, params }) {
      const { bytes, head } = await packFor(deps, viewer, params.id)
      return { bytes, filename: `${params.id}-r${head.revision}.zip` }
    },
  },

  evidence_summary: {
    looksFirst: true,
    async outside({ deps, viewer, params }) {
      const { bytes, head } = await packFor(deps, viewer, params.id)
      const page = await renderSummary(bytes, head.sealedAt)
      return { bytes: page, filename: `${params.id}-r${head.revision}.pdf` }
    },
  },
}
