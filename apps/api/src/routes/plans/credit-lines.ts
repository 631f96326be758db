import { creditLinesOf } from '@chargelane/db/queries/plans/credit-lines'
import {
  recordAccountPayment,
  setCreditLine,
  showCreditLine,
} from '@chargelane/corridor/plan/credit-lines'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'

export const creditLineRoutes: Handlers<Contract['credit_lines']> = {
  async set(call) {
    return showCreditLine(call.deps.db, await setCreditLine(call, call.body))
  },
  record_payment: {
    outside: ({ deps, body, viewer, now }) =>
      recordAccountPayment(deps.db, body, { keyId: viewer.keyId, now }),
  },
  async list({ deps, tx, viewer }) {
    const rows = await creditLinesOf(tx, viewer.sees)
    return { data: await Promise.all(rows.map((row) => showCreditLine(deps.db, row))) }
  },
}
