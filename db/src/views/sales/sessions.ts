import type { SessionRow, TimelineRow } from '../../queries/sessions/sessions.ts'
import type { SessionExtras, MessageHead } from '../../queries/sessions/session-views.ts'
import type { EnergyProgress } from '../../queries/sessions/supply.ts'
import type { Session, Contract } from '@chargelane/openapi'
import {
  zConnectivity,
  zEndReason,
  zMoneyStatus,
  zRecordStatus,
  zSessionStatus,
} from '@chargelane/openapi/vocabulary/status'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { type Reader, seal } from '@chargelane/rules/evidence/commitment'
import { lineSecrets } from '@chargelane/rules/evidence/readers'
import { z } from 'zod'
import { livemode, money } from '../shown.ts'

const zDetail = z.record(z.string(), z.unknown())

/** Whole Wh of a decimal register difference; the tenths stay in the record. */
export const wholeWh = (text: string): number => Number(text.split('.')[0])

function holdView(hold: SessionExtras['hold']): Session['hold'] {
  if (hold === null) return null
  return {
    payment: hold.id,
    amount: hold.amount,
    status: hold.status,
    captured: hold.captured,
    released_at: hold.releasedAt,
  }
}

function totalsView(row: SessionRow): Session['totals'] {
  const { totalNetMinor: net, totalVatMinor: vat, totalGrossMinor: gross, currency } = row
  if (net === null || vat === null || gross === null) return null
  return {
    excl_tax: money(net, currency),
    tax: money(vat, currency),
    incl_tax: money(gross, currency),
  }
}

export const sessionView = (row: SessionRow, extras: SessionExtras): Session => ({
  id: row.id,
  external_id: row.externalId,
  sequence: row.sequence,
  status: zSessionStatus.parse(row.status),
  connectivity: zConnectivity.parse(row.connectivity),
  record_status: zRecordStatus.parse(row.recordStatus),
  money_status: zMoneyStatus.parse(row.moneyStatus),
  account: row.accountId,
  cpo: row.cpoId,
  driver:
    extras.driverExternalId === null
      ? null
      : { id: row.driverId, external_id: extras.driverExternalId },
  channel: row.channel,
  evse: row.evseId,
  evse_id: extras.evseId,
  connector: row.connectorId,
  quote: row.quoteId,
  currency: row.currency,
  energy_wh: wholeWh(row.energyWh),
  power_w: null,
  cost_so_far: null,
  measured_at: null,
  energy_is_estimate: row.energyIsEstimate,
  started_at: row.startedAt,
  ended_at: row.endedAt,
  end_reason: row.endReason === null ? null : zEndReason.parse(row.endReason),
  failure: row.failure,
  totals: totalsView(row),
  hold: holdView(extras.hold),
  cdr: extras.cdrId,
  invoice: extras.invoiceId,
  evidence_ready: extras.isSealed,
  settlement: { sla_deadline: row.slaDeadline, settled_at: row.settledAt },
  offline_liability: row.offlineLiability,
  metadata: row.metadata,
  livemode,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

/** The same with its meter as it stands now. */
export const meteredView = (
  session: Session,
  meter: Pick<EnergyProgress, 'energyWh' | 'powerW' | 'lastReadingAt'> & {
    costSoFar: Money | null
  },
): Session => ({
  ...session,
  energy_wh: wholeWh(meter.energyWh),
  power_w: meter.powerW,
  cost_so_far: meter.costSoFar,
  measured_at: meter.lastReadingAt,
})

/** What a reader may not see of a line stands in it as a commitment, the same as in the evidence pack. */
export const timelineFor = (
  rows: readonly TimelineRow[],
  reader: Reader,
  secret: Uint8Array,
): TimelineRow[] =>
  rows.map((row) => {
    const { room, detail, dedupeKey: key } = row
    const hidden = lineSecrets({ room, detail, key }).filter(
      ({ readers }) => !readers.includes(reader),
    )
    return hidden.length === 0
      ? row
      : { ...row, detail: zDetail.parse(seal(secret, 'timeline.json', detail, hidden).sealed) }
  })

type Timeline = z.input<Contract['sessions']['timeline']['success']['body']>

/** What was decided and what came and went over the wire, in order of time. */
export function timelineView(
  session: string,
  decided: readonly TimelineRow[],
  heads: readonly MessageHead[],
): Timeline {
  const entries = [
    ...decided.map((row) => ({
      at: row.at,
      room: row.room,
      what: row.what,
      detail: row.detail,
    })),
    ...heads.map(({ at, protocol, direction, action, status }) => ({
      at,
      room: 'supply',
      what: `${direction === 'in' ? 'received' : 'sent'} ${action}`.slice(0, 200),
      detail: { protocol, ...(status === null ? {} : { status }) },
    })),
  ]
  return { session, data: entries.toSorted((a, b) => (a.at < b.at ? -1 : 1)) }
}
