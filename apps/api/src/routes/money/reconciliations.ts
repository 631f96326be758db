import {
  assignOpenItem,
  getOpenItem,
  getReconciliation,
  listOpenItems,
  listReconciliations,
  type OpenItem as StoredItem,
  type Reconciliation as StoredReconciliation,
} from '@chargelane/db/queries/ledger/open-items'
import { leakage } from '@chargelane/db/queries/ledger/leakage'
import type { Contract, OpenItem, Reconciliation } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

const reconciliationView = ({ id, madeAt, result }: StoredReconciliation): Reconciliation => ({
  id,
  made_at: madeAt,
  sides: result.comparisons.map(({ inTransit, ...rest }) => ({ ...rest, in_transit: inTransit })),
  sessions: result.sessions,
  findings: result.findings,
})

const dayMs = 86_400_000

const itemView = (row: StoredItem, now: string): OpenItem => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  amount: row.amount,
  cause: row.cause,
  owner: row.owner,
  age_days: Math.max(
    0,
    Math.floor((Date.parse(row.closedAt ?? now) - Date.parse(row.openedAt)) / dayMs),
  ),
  status: row.closedAt === null ? 'open' : 'closed',
  opened_at: row.openedAt,
  last_seen_at: row.lastSeenAt,
  closed_at: row.closedAt,
})

/** No tenant reads what the provider and the bank say, so it is asked in the process's own name. */
export const reconciliationRoutes: Handlers<Contract['reconciliations']> = {
  async list({ deps, query }) {
    const page = await listReconciliations(deps.db, pageRequest(query, 'reconciliation'))
    return pageView(page, reconciliationView)
  },
  async get({ deps, params }) {
    const row = await getReconciliation(deps.db, params.id)
    if (row === undefined) throw missing('reconciliation')
    return reconciliationView(row)
  },
  run: {
    async outside({ deps, body, resourceId }) {
      // One run per wish: the id was chosen with the idempotency key.
      const { workflowId } = await deps.corridor.reconcile(
        resourceId.slice(-26),
        body.as_of ?? undefined,
      )
      return { workflow_id: workflowId }
    },
  },
}

export const openItemRoutes: Handlers<Contract['open_items']> = {
  async list({ deps, query, now }) {
    const { status, kind } = query
    const page = await listOpenItems(deps.db, {
      ...pageRequest(query, 'openItem'),
      ...(status === undefined ? {} : { status }),
      ...(kind === undefined ? {} : { kind }),
    })
    return pageView(page, (row) => itemView(row, now))
  },
  async get({ deps, params, now }) {
    const row = await getOpenItem(deps.db, params.id)
    if (row === undefined) throw missing('open item')
    return itemView(row, now)
  },
  assign: {
    outside: ({ deps, params, body, now }) =>
      deps.db.tx(async (tx) => {
        if ((await getOpenItem(tx, params.id)) === undefined) throw missing('open item')
        const row = await assignOpenItem(tx, params.id, body.owner)
        if (row === undefined)
          throw new DomainError('invalid_transition', `Open item ${params.id} is closed.`)
        return itemView(row, now)
      }),
  },
}

export const leakageRoutes: Handlers<Pick<Contract['reports'], 'leakage'>> = {
  async leakage({ deps, query }) {
    return { data: await leakage(deps.db, query) }
  },
}
