import { asOfNow, carryOut } from '@chargelane/corridor/books/incidents'
import {
  getIncident,
  listIncidents,
  resolveIncident,
} from '@chargelane/db/queries/operations/incidents'
import { incidentView } from '@chargelane/db/views/operations/incidents'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { bySession, ownOrAll } from '../../http/scope.ts'

export const incidentRoutes: Handlers<Contract['incidents']> = {
  async list({ tx, viewer, query }) {
    const page = await listIncidents(tx, ownOrAll(viewer), {
      ...pageRequest(query, 'incident'),
      ...bySession(query),
      ...(query.status === 'all' ? {} : { status: query.status }),
      ...(query.kind === undefined ? {} : { kind: query.kind }),
    })
    return pageView(page, incidentView)
  },

  async get({ tx, viewer, params }) {
    const incident = await getIncident(tx, ownOrAll(viewer), params.id)
    if (incident === undefined) throw missing('incident')
    return incidentView(incident)
  },

  resolve: {
    async outside({ deps, viewer, params, body, now }) {
      const { action, reason, session } = body
      const found = await getIncident(deps.db, ownOrAll(viewer), params.id)
      if (found === undefined) throw missing('incident')
      const incident = await asOfNow(deps.db, found, now)
      const isPossible = incident.status === 'open' && incident.actions.includes(action)
      if (!isPossible)
        throw new DomainError(
          'invalid_transition',
          incident.status === 'open'
            ? `Possible for ${incident.id}: ${incident.actions.join(', ')}.`
            : `${incident.id} is resolved.`,
          { param: 'action' },
        )
      const by = viewer.keyId
      const isAwaited = incident.kind === 'step_failed' && incident.subjectType === 'workflow'
      if (isAwaited && action !== 'dismiss') {
        // The workflow keeps the decision itself, before it goes on.
        await deps.corridor.decide(incident.subjectId, { action, reason, by })
        return incidentView((await getIncident(deps.db, 'all', incident.id)) ?? incident)
      }
      const isDone = await carryOut(
        deps.db,
        incident,
        { action, reason, session },
        { keyId: by, now },
      )
      if (incident.subjectType === 'dispute') await deps.corridor.followDispute(incident.subjectId)
      if (!isDone) return incidentView(incident)
      const resolved = await deps.db.tx((tx) =>
        resolveIncident(tx, incident.id, { action, reason, by, at: now }),
      )
      // What ended by the deed itself is resolved by then.
      const seen = resolved ?? (await getIncident(deps.db, 'all', incident.id))
      return incidentView(seen ?? incident)
    },
  },
}
