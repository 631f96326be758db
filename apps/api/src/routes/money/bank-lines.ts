import { releaseBankLine, writeOffBankLine } from '@chargelane/corridor/books/bank-lines'
import { getBankLine, listBankLines } from '@chargelane/db/queries/ledger/bank-lines'
import { openProposalOf } from '@chargelane/db/queries/operations/approvals'
import { bankLineView } from '@chargelane/db/views/money/bank-lines'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

/** No tenant reads what comes in at the bank, so it is asked in the process's own name. */
export const bankLineRoutes: Handlers<Contract['bank_lines']> = {
  async list({ deps, query }) {
    const page = await listBankLines(deps.db, {
      ...pageRequest(query, 'bankLine'),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.account === undefined ? {} : { account: query.account }),
    })
    return pageView(page, (row) => bankLineView(row))
  },
  async get({ deps, params }) {
    const row = await getBankLine(deps.db, params.id)
    if (row === undefined) throw missing('bank booking')
    const proposal = await openProposalOf(deps.db, row.id)
    return bankLineView(row, proposal === undefined ? null : approvalView(proposal))
  },
  release: {
    outside: ({ deps, viewer, params, body, now }) =>
      releaseBankLine(
        deps.db,
        {
          id: params.id,
          reason: body.reason,
          ...(body.account === undefined ? {} : { account: body.account }),
        },
        { keyId: viewer.keyId, now },
      ),
  },
  write_off: {
    outside: ({ deps, viewer, params, body, now }) =>
      writeOffBankLine(
        deps.db,
        { id: params.id, reason: body.reason },
        { keyId: viewer.keyId, now },
      ),
  },
}
