import { recordText } from '../../queries/sessions/record-text.ts'
import type { CdrExtras, CdrRow } from '../../queries/sessions/cdrs.ts'
import type { Cdr } from '@chargelane/openapi'
import { moneyOrNull } from '../shown.ts'

/** Lists leave `raw` out: records may be large. */
export const cdrView = (row: CdrRow, extras: CdrExtras | undefined, withRaw: boolean): Cdr => ({
  id: row.id,
  session: row.sessionId,
  connection: row.connectionId,
  source: row.source,
  country_code: row.countryCode,
  party_id: row.partyId,
  ocpi_id: row.ocpiId,
  content_hash: row.contentHash,
  currency: row.currency,
  total_excl_tax: moneyOrNull(row.totalExclMinor, row.currency),
  total_incl_tax: moneyOrNull(row.totalInclMinor, row.currency),
  status: row.status,
  verdict: row.verdict?.verdict ?? null,
  dispute: row.verdict?.diagnosis ?? null,
  price_proof: extras?.proofId ?? null,
  suspense: cdrSuspense(extras?.suspense ?? null),
  offline_recovered: row.offlineRecovered,
  received_at: row.receivedAt,
  raw: withRaw ? recordText(row) : null,
})

const cdrSuspense = (item: CdrExtras['suspense']): Cdr['suspense'] =>
  item === null
    ? null
    : {
        id: item.id,
        amount: item.amount,
        account: item.account,
        status: item.status,
        dispute_due_at: item.disputeDueAt,
      }
