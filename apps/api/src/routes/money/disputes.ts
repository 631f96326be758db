import { decideDispute, sayOfDispute, withdrawDispute } from '@chargelane/corridor/dispute/decide'
import { disputeAsDriver } from '@chargelane/corridor/dispute/driver'
import { disputeAsPayee, type PayeeWish } from '@chargelane/corridor/dispute/payee'
import {
  type Dispute,
  disputeById,
  getDispute,
  ledTo,
  listDisputes,
} from '@chargelane/db/queries/disputes/disputes'
import { disputeView } from '@chargelane/db/views/money/disputes'
import type { BodyOf, Contract, Dispute as Shown } from '@chargelane/openapi'
import {
  cpoDisputeReasons,
  driverDisputeReasons,
  isLiveDispute,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Deps, Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { bySession, ownOrAll } from '../../http/scope.ts'

type Wish = BodyOf<Contract['disputes']['create']>

const seesBooks = ({ scopes }: Viewer) => scopes.includes('ledger:read')

async function shown({ db }: Deps, viewer: Viewer, row: Dispute): Promise<Shown> {
  return disputeView(row, await ledTo(db, row), seesBooks(viewer))
}

const wrongReason = (kind: string) =>
  new DomainError('invalid_value', `reason: none of a dispute of kind ${kind}`, { param: 'reason' })

type Asked = { viewer: Viewer; body: Wish; disputeId: string; now: string }

const optional = ({ amount, comment }: Wish) => ({
  ...(amount === undefined ? {} : { amount }),
  ...(comment === undefined ? {} : { comment }),
})

async function opened(deps: Deps, { viewer, body, disputeId, now }: Asked): Promise<Dispute> {
  const { kind, session: sessionId, settlement: settlementId } = body
  const by = { keyId: viewer.keyId, now }
  if (kind === 'driver') {
    const reason = driverDisputeReasons.find((each) => each === body.reason)
    if (reason === undefined) throw wrongReason(kind)
    if (settlementId !== undefined)
      throw new DomainError('invalid_value', 'settlement: of a statement only', {
        param: 'settlement',
      })
    const wish = { disputeId, sessionId, reason, ...optional(body) }
    return (await disputeAsDriver(deps.db, ownOrAll(viewer), wish, by)).dispute
  }
  const reason = cpoDisputeReasons.find((each) => each === body.reason)
  if (reason === undefined) throw wrongReason(kind)
  const wish: PayeeWish = {
    disputeId,
    kind,
    sessionId,
    reason,
    ...(settlementId === undefined ? {} : { settlementId }),
    ...optional(body),
  }
  return disputeAsPayee(deps.db, viewer.accountId, wish, by)
}

/** No tenant writes disputes: they are made and read in the process's own name, for the key's account. */
export const disputeRoutes: Handlers<Contract['disputes']> = {
  create: {
    resource: 'dispute',
    async outside({ deps, viewer, body, now, resourceId: disputeId }) {
      const dispute = await opened(deps, { viewer, body, disputeId, now })
      if (isLiveDispute(dispute.status) || dispute.revision !== null)
        await deps.corridor.followDispute(dispute.id)
      return shown(deps, viewer, dispute)
    },
  },
  get: {
    async outside({ deps, viewer, params }) {
      const row = await getDispute(deps.db, viewer.sees, params.id)
      if (!row) throw missing('dispute')
      return shown(deps, viewer, row)
    },
  },
  list: {
    async outside({ deps, viewer, query }) {
      const rows = await listDisputes(deps.db, viewer.sees, {
        ...oneMore(pageRequest(query, 'dispute')),
        ...bySession(query),
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.status === undefined ? {} : { status: query.status }),
      })
      const page = cutPage(rows, query.limit)
      const views = await Promise.all(page.data.map((row) => shown(deps, viewer, row)))
      return pageView({ ...page, data: views }, (view) => view)
    },
  },
  submit_evidence: {
    async outside({ deps, viewer, params, body, now }) {
      const saying = { id: params.id, text: body.text, facts: body.facts }
      const row = await sayOfDispute(deps.db, viewer, saying, now)
      await deps.corridor.followDispute(row.id)
      return shown(deps, viewer, row)
    },
  },
  withdraw: {
    async outside({ deps, viewer, params, now }) {
      const row = await withdrawDispute(deps.db, viewer, params.id, now)
      await deps.corridor.followDispute(row.id)
      return shown(deps, viewer, row)
    },
  },
  decide: {
    async outside({ deps, viewer, params, body, now }) {
      const { outcome, amount, bearer, reason } = body
      const ruling = { id: params.id, outcome, amount, bearer, reason }
      await decideDispute(deps.db, ruling, { keyId: viewer.keyId, now })
      await deps.corridor.followDispute(params.id)
      const row = await disputeById(deps.db, params.id)
      if (row === undefined) throw missing('dispute')
      return shown(deps, viewer, row)
    },
  },
}
