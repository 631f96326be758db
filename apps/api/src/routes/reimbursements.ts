import type { Tx } from '@chargelane/db'
import { getDriver } from '@chargelane/db/queries/partners/accounts'
import { reimbursementsBetween } from '@chargelane/db/queries/plans/ratings'
import {
  endReimbursementRate,
  getReimbursementRate,
  insertReimbursementRate,
  listReimbursementRates,
  type ReimbursementRateRow,
} from '@chargelane/db/queries/plans/reimbursements'
import {
  type Contract,
  type ReimbursementRate,
  reimbursementLinesMax,
  type ReimbursementReport,
} from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency, money, sum, toDecimal } from '@chargelane/rules/money'
import { sumOfKwh } from '@chargelane/rules/plan'
import { csvLine } from '../http/csv.ts'
import { missing } from '../http/errors.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { pageRequest } from '../http/page.ts'
import { pageView } from '../http/page.ts'

const rateView = (row: ReimbursementRateRow): ReimbursementRate => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  country: row.country,
  price_per_kwh: row.price,
  currency: row.currency,
  drivers: row.drivers,
  evses: row.evses,
  locations: row.locations,
  effective_from: row.effectiveFrom,
  effective_to: row.effectiveTo,
  livemode: false,
  created_at: row.createdAt,
})

async function mustSee(tx: Tx, viewer: Viewer, id: string): Promise<ReimbursementRateRow> {
  const row = await getReimbursementRate(tx, viewer.sees, id)
  if (!row) throw missing('reimbursement rate')
  return row
}

function timesOf(from: string | undefined, to: string | undefined, now: string) {
  const effectiveFrom = from ?? now
  if (effectiveFrom < now) {
    throw new DomainError('validation_error', 'effective_from: is in the past', {
      param: 'effective_from',
    })
  }
  if (to !== undefined && to <= effectiveFrom) {
    throw new DomainError('validation_error', 'effective_to: must be after effective_from', {
      param: 'effective_to',
    })
  }
  return { effectiveFrom, effectiveTo: to ?? null }
}

export const reimbursementRateRoutes: Handlers<Contract['reimbursement_rates']> = {
  async create({ tx, viewer, body, now }) {
    if (viewer.type !== 'partner')
      throw new DomainError('insufficient_scope', 'An employer sets what its drivers are paid.')
    if (!isKnownCurrency(body.currency)) {
      throw new DomainError('unsupported_currency', `currency: ${body.currency}`, {
        param: 'currency',
      })
    }
    for (const [index, id] of (body.drivers ?? []).entries())
      if (!(await getDriver(tx, viewer.accountId, id))) throw missing('driver', `drivers.${index}`)
    const row = await insertReimbursementRate(tx, {
      accountId: viewer.accountId,
      name: body.name,
      kind: body.kind,
      country: body.country,
      price: body.price_per_kwh,
      currency: body.currency,
      drivers: body.drivers ?? null,
      evses: body.evses ?? null,
      locations: body.locations ?? null,
      ...timesOf(body.effective_from, body.effective_to, now),
      at: now,
    })
    return rateView(row)
  },

  async end({ tx, viewer, params, body, now }) {
    await mustSee(tx, viewer, params.id)
    const at = body.at < now ? now : body.at
    const row = await endReimbursementRate(tx, viewer.sees, params.id, at)
    if (!row) throw new DomainError('invalid_transition', 'The rate ends earlier already.')
    return rateView(row)
  },

  async get({ tx, viewer, params }) {
    return rateView(await mustSee(tx, viewer, params.id))
  },

  async list({ tx, viewer, query }) {
    const page = await listReimbursementRates(tx, viewer.sees, {
      ...pageRequest(query, 'reimbursementRate'),
      at: query.at,
    })
    return pageView(page, rateView)
  },
}

// ── The report ──────────────────────────────────────────────────────────────────────────────────────────────────

type Query = { from: string; to: string; driver?: string | undefined }
type Line = Awaited<ReturnType<typeof reimbursementsBetween>>[number]

async function linesOf(tx: Tx, viewer: Viewer, query: Query): Promise<Line[]> {
  if (query.to <= query.from)
    throw new DomainError('validation_error', 'to: must be after from', { param: 'to' })
  const lines = await reimbursementsBetween(tx, viewer.sees, {
    ...query,
    limit: reimbursementLinesMax + 1,
  })
  if (lines.length > reimbursementLinesMax) {
    throw new DomainError(
      'validation_error',
      `to: more than ${reimbursementLinesMax} sessions, ask for a shorter time`,
      { param: 'to' },
    )
  }
  return lines
}

const amountOf = ({ rating }: Line) => money(rating.grossMinor, rating.currency)

const sumsOf = (lines: readonly Line[], currency: string) => ({
  currency,
  sessions: lines.length,
  energy_kwh: sumOfKwh(lines.map(({ rating }) => rating.energyKwh)),
  amount: sum(lines.map(amountOf), currency),
})

const lineView = (line: Line): ReimbursementReport['employees'][number]['lines'][number] => ({
  session: line.rating.sessionId,
  ended_at: line.endedAt ?? line.rating.createdAt,
  evse_id: line.evseId,
  location: [line.location, line.city].filter((text) => text !== null).join(', '),
  kind: line.rate.kind,
  energy_kwh: line.rating.energyKwh,
  amount: amountOf(line),
  method: 'rate_per_kwh',
  rate: { id: line.rate.id, name: line.rate.name, price_per_kwh: line.rate.price },
  price_proof: line.rating.proofId,
})

/** Groups keep the order of their first line. */
const groupsBy = (lines: readonly Line[], key: (line: Line) => string) => [
  ...Map.groupBy(lines, key).values(),
]

function reportOf(query: Query, lines: readonly Line[]): ReimbursementReport {
  return {
    from: query.from,
    to: query.to,
    employees: groupsBy(lines, (line) => `${line.driverId} ${line.rating.currency}`).flatMap(
      (own) => {
        const [first] = own
        if (first === undefined) return []
        return [
          {
            driver: { id: first.driverId, external_id: first.driverExternalId },
            ...sumsOf(own, first.rating.currency),
            lines: own.map(lineView),
          },
        ]
      },
    ),
    totals: groupsBy(lines, (line) => line.rating.currency).flatMap((own) =>
      own[0] === undefined ? [] : [sumsOf(own, own[0].rating.currency)],
    ),
  }
}

const columns = [
  'driver',
  'external_id',
  'session',
  'ended_at',
  'evse_id',
  'location',
  'kind',
  'energy_kwh',
  'amount',
  'currency',
  'method',
  'rate',
  'rate_name',
  'price_per_kwh',
  'price_proof',
] as const

const day = (at: string) => at.slice(0, 10)

function csvOf(report: ReimbursementReport): string {
  const rows = report.employees.flatMap(({ driver, currency, lines }) =>
    lines.map((line) => [
      driver.id,
      driver.external_id,
      line.session,
      line.ended_at,
      line.evse_id,
      line.location,
      line.kind,
      line.energy_kwh,
      toDecimal(line.amount),
      currency,
      line.method,
      line.rate.id,
      line.rate.name,
      line.rate.price_per_kwh,
      line.price_proof ?? '',
    ]),
  )
  return [columns, ...rows].map((row) => `${csvLine(row)}\r\n`).join('')
}

export const reimbursementReportRoutes: Pick<
  Handlers<Contract['reports']>,
  'reimbursement' | 'reimbursement_csv'
> = {
  async reimbursement({ tx, viewer, query }) {
    return reportOf(query, await linesOf(tx, viewer, query))
  },
  async reimbursement_csv({ tx, viewer, query }) {
    const report = reportOf(query, await linesOf(tx, viewer, query))
    return {
      bytes: Buffer.from(csvOf(report), 'utf8'),
      filename: `reimbursement-${day(query.from)}-${day(query.to)}.csv`,
    }
  },
}
