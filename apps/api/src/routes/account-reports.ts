import { accountStatement } from '@chargelane/corridor/plan/account-statement'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../http/handler.ts'

export const accountReportRoutes: Pick<Handlers<Contract['reports']>, 'account_statement'> = {
  account_statement: (call) => accountStatement(call, call.deps.db, call.query),
}
