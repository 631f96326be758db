import { openPrepaid, payIn, showAllPrepaid } from '@chargelane/corridor/books/prepaid'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'

export const prepaidBalanceRoutes: Handlers<Contract['prepaid_balances']> = {
  list: {
    outside: ({ deps, viewer }) => showAllPrepaid(deps.db, viewer.sees),
  },
  set: {
    outside: ({ deps, viewer, body, now }) =>
      openPrepaid(deps.db, { accountId: viewer.accountId, lowBelow: body.low_below, now }),
  },
  record_payment: {
    outside: ({ deps, viewer, body, now }) => payIn(deps.db, body, { keyId: viewer.keyId, now }),
  },
}
