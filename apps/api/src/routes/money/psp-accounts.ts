import {
  registerPspAccount,
  rotateKeys,
  showPspAccounts,
} from '@chargelane/corridor/books/psp-accounts'
import type { Contract } from '@chargelane/openapi'
import type { Deps, Handlers, Viewer } from '../../http/handler.ts'

const whoOf = (deps: Deps, viewer: Viewer, now: string) => ({
  db: deps.db,
  attempt: deps.tryPspAccount,
  accountId: viewer.accountId,
  now,
})

export const pspAccountRoutes: Handlers<Contract['psp_accounts']> = {
  set: {
    outside: ({ deps, viewer, body, now }) => registerPspAccount(whoOf(deps, viewer, now), body),
  },
  list: {
    outside: ({ deps, viewer }) => showPspAccounts(deps.db, viewer.sees),
  },
  rotate: {
    outside: ({ deps, viewer, params, body, now }) =>
      rotateKeys(whoOf(deps, viewer, now), params.id, body),
  },
}
