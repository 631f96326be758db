import type { Db } from '@chargelane/db'
import { acceptedCdrOf, cdrById, judgeCdr } from '@chargelane/db/queries/sessions/cdrs'
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession, proofPlace } from '@chargelane/db/queries/sessions/proofs'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { money } from '@chargelane/rules/money'
import { pricedUsage, putAside } from '@chargelane/rules/record/public-price'
import { readSaleTerms } from '../booking/terms.ts'
import type { SaleTerms } from '../booking/terms.ts'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { lockRecordsOf, putDuplicateAside, putOthersAside } from './aside.ts'
import { judge } from './judge.ts'
import type { Judged } from './judge.ts'
import { tellOfMeter } from './meter.ts'
import { contextOf, showRecord } from './news.ts'
import { makeProvisionalRecord } from './provisional.ts'
import { rateSession } from './ratings.ts'
import type { SessionToRate } from './ratings.ts'
import { isBillable, isSold } from './rules.ts'
import { holdClaim, unpaidOf } from './suspense.ts'
import { termsOf } from './terms.ts'
import type { Terms } from './terms.ts'
import { answerOf, askedOf, changeOf, deliveredUsage, keptOf, statusOf } from './verdict.ts'
import type { RecordVerdict } from './verdict.ts'

export type Dependencies = { db: Db; plausibleSlackMs: number }

/**
 * The sale and what its price was computed from, for everybody who has a price of this usage. The proofs show the price
 * by the quote's rule; the claim, where it is lower, is in the verdict. Undefined while nothing is payable.
 */
async function saleOf(
  db: Db,
  terms: Terms,
  cdr: CdrRow,
  { check, verdict }: Judged,
  now: string,
): Promise<SessionToRate | undefined> {
  if (verdict.payable === null) return undefined
  const evse = await proofPlace(db, terms.session.id)
  if (evse === undefined) throw new Error(`No EVSE of ${terms.session.id}.`)
  const quote = terms.quote.body
  const { agreement } = quote
  return {
    session: { ...terms.session, locationId: evse.locationId },
    quote,
    cdrId: cdr.id,
    sale: { totals: verdict.payable, basis: verdict.basis ?? 'public' },
    now,
    proof: {
      tariff: check.tariff,
      usage: pricedUsage(check, verdict),
      context: {
        session: terms.session.id,
        cdr: cdr.id,
        time_zone: terms.timeZone,
        evse: {
          id: evse.id,
          evse_id: evse.evseId,
          connector: terms.session.connectorId,
          power_type: evse.powerType,
          max_power_w: evse.maxPowerW,
          country: terms.country,
        },
        market_profile: terms.quote.marketProfile,
      },
      agreement:
        agreement === undefined
          ? null
          : { id: agreement.id, version: agreement.version, tariff: agreement.tariff },
      rating_policy: check.policy,
    },
  }
}

/**
 * Re-rates a record at the price of the quote and keeps the verdict, its reasons and its proof. Pure on its inputs, so
 * a repeated call gives the same verdict and writes it once. `keepTotals` leaves the session's totals for a true-up.
 */
async function judgeRecord(
  { db, plausibleSlackMs }: Dependencies,
  input: {
    sessionId: string
    cdrId: string
    now: string
    keepTotals?: boolean
  },
): Promise<RecordVerdict> {
  const cdr = await cdrById(db, input.cdrId)
  if (cdr === undefined) throw new Error(`No record ${input.cdrId}.`)
  // Taken back by its CPO before it could be judged; its verdict says so already.
  if (cdr.status === 'credited')
    return answerOf(cdr, putAside('credited', 'the operator took the record back'))
  const terms = await termsOf(db, input.sessionId)
  const { cpoId } = terms.session
  const first = await acceptedCdrOf(db, input.sessionId, cdr.id)
  if (first !== undefined) {
    await db.tx((tx) => putDuplicateAside(tx, cpoId, cdr.id, first))
    return answerOf(cdr, putAside('duplicate_record', 'another record was accepted before'))
  }
  const judged = await judge(db, terms, cdr, plausibleSlackMs)
  const { verdict } = judged
  // The session's total is still that of the provisional sale.
  const { totalGrossMinor, currency } = terms.session
  const chargedBefore =
    input.keepTotals === true ? money(totalGrossMinor ?? 0, currency) : undefined
  const unpaid = unpaidOf(verdict, chargedBefore)
  const change = changeOf(verdict, cdr, deliveredUsage(judged))
  // What the driver paid before stays the session's price, and its proofs stand.
  const isBooked = unpaid?.isChargedBefore !== true
  const sale = isBooked ? await saleOf(db, terms, cdr, judged, input.now) : undefined
  const standing = isBooked ? undefined : await proofOfSession(db, input.sessionId, 'wholesale')
  const rated = await db.tx(async (tx) => {
    const prices = sale === undefined ? undefined : await rateSession(tx, sale)
    const proofs = prices?.proofs ?? { retail: null, wholesale: null }
    await lockRecordsOf(tx, input.sessionId)
    const status = statusOf[verdict.kind]
    const kept = await judgeCdr(tx, cdr.id, status, keptOf(judged), askedOf(judged))
    const isSent = cdr.source !== 'provisional'
    if (isSent) await holdClaim(tx, cdr, judged, unpaid, { ...terms.session, at: input.now })
    const isClaimed = isSent && unpaid !== undefined && unpaid.held.amount > 0
    const shown = await showRecord(tx, kept, proofs.wholesale ?? proofs.retail, isClaimed)
    await changeSession(tx, input.sessionId, input.keepTotals === true ? {} : change.patch, {
      event:
        change.event === 'session.provisionally_rated'
          ? change.event
          : { type: change.event, data: shown.partner },
      room: 'public-price',
      what: change.what,
      detail: {
        cdr: cdr.id,
        rules: verdict.rules,
        claimed: verdict.claimed,
        payable: verdict.payable?.gross ?? null,
        ...(proofs.retail === null ? {} : { price_proof: proofs.retail }),
      },
      dedupeKey: `${input.sessionId}:judged:${cdr.id}`,
      at: input.now,
    })
    if (change.event === 'session.provisionally_rated') return prices
    if (verdict.payable !== null) await putOthersAside(tx, cpoId, cdr)
    await tellOfMeter(tx, judged.meter, {
      cdr: shown.cpo,
      cpoId,
      isBilled: !verdict.rules.includes('energy_not_billable'),
      at: input.now,
    })
    await appendEvent(tx, {
      accountId: cpoId,
      type: change.event,
      objectId: cdr.id,
      data: shown.cpo,
      context: contextOf(judged, unpaid, standing?.id ?? proofs.wholesale),
      dedupeKey: `${cdr.id}:judged:cpo`,
      at: input.now,
    })
    return prices
  })
  return answerOf(cdr, verdict, rated)
}

/** A sale that may follow a record: the end of its session, and whether somebody pays for it. */
export type SaleAsked = { at: string; isFunded: boolean }

/** Judges a record, after the changes that came with it are written, and reads the terms of the sale that follows. */
async function judgeForSale(
  deps: Dependencies,
  input: Parameters<typeof judgeRecord>[1] & { changes?: readonly Change[]; sale?: SaleAsked },
): Promise<{ verdict: RecordVerdict; terms: SaleTerms | null }> {
  const { db } = deps
  const { changes = [], sale, sessionId, now } = input
  if (changes.length > 0) await db.tx((tx) => writeChanges(tx, sessionId, changes))
  const verdict = await judgeRecord(deps, input)
  const isNeeded = sale !== undefined && isBillable(verdict) && isSold(verdict, sale.isFunded)
  const terms = isNeeded
    ? await readSaleTerms(db, await termsOf(db, sessionId), { at: sale.at, now })
    : null
  return { verdict, terms }
}

export function createCdrActivities(deps: Dependencies) {
  return {
    judgeRecord: (input: Parameters<typeof judgeForSale>[1]) => judgeForSale(deps, input),
    makeProvisionalRecord: (input: Parameters<typeof makeProvisionalRecord>[1]) =>
      makeProvisionalRecord(deps, input),
  }
}

export type CdrActivities = ReturnType<typeof createCdrActivities>
