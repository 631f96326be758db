import { listReimbursementRates } from '@chargelane/db/queries/plans/reimbursements'
import {
  reimbursementRateView,
  reimbursementReport,
} from '@chargelane/db/views/plans/reimbursements'
import {
  endRate,
  mustSeeRate,
  reimbursedSessions,
  setRate,
} from '@chargelane/corridor/plan/reimbursements'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { reimbursementCsv } from '../../http/csv/reimbursement-csv.ts'

export const reimbursementRateRoutes: Handlers<Contract['reimbursement_rates']> = {
  async create(call) {
    return reimbursementRateView(await setRate(call, call.body))
  },
  async end(call) {
    return reimbursementRateView(await endRate(call, call.params.id, call.body))
  },
  async get({ tx, viewer, params }) {
    return reimbursementRateView(await mustSeeRate(tx, viewer, params.id))
  },
  async list({ tx, viewer, query }) {
    const page = await listReimbursementRates(tx, viewer.sees, {
      ...pageRequest(query, 'reimbursementRate'),
      at: query.at,
    })
    return pageView(page, reimbursementRateView)
  },
}

type Reports = Pick<Handlers<Contract['reports']>, 'reimbursement' | 'reimbursement_csv'>

const day = (at: string) => at.slice(0, 10)

export const reimbursementReportRoutes: Reports = {
  async reimbursement(call) {
    return reimbursementReport(call.query, await reimbursedSessions(call, call.query))
  },
  async reimbursement_csv(call) {
    const { query } = call
    const report = reimbursementReport(query, await reimbursedSessions(call, query))
    return {
      bytes: Buffer.from(reimbursementCsv(report), 'utf8'),
      filename: `reimbursement-${day(query.from)}-${day(query.to)}.csv`,
    }
  },
}
