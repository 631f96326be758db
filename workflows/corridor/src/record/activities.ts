import { InvariantError } from '@chargelane/rules/assert'
import type { Db, Tx } from '@chargelane/db'
import { acceptedCdrOf, cdrById, judgeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { lockRecordsOf } from '@chargelane/db/queries/sessions/owners'
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession, proofPlace } from '@chargelane/db/queries/sessions/proofs'
import { saleOf as saleOfSession } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { money } from '@chargelane/rules/money'
import { putAside } from '@chargelane/rules/record/public-price'
import { pricedUsage } from '@chargelane/rules/record/usage-basis'
import type { Verdict } from '@chargelane/rules/record/public-price'
import { readSaleTerms } from '../booking/terms.ts'
import { prepareSale } from '../booking/prepare.ts'
import type { PreparedSale } from '../booking/prepare.ts'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import {
  openRecordIncident,
  putDuplicateAside,
  putOthersAside,
  putUnbilledAside,
  settleByRecord,
} from './aside.ts'
import type { PolicyLanes } from '../policy/lanes.ts'
import { flagByOperator } from '../policy/record.ts'
import { judge } from './judge.ts'
import type { Judged } from './judge.ts'
import { tellOfMeter } from './meter.ts'
import { contextOf, showRecord } from './news.ts'
import { makeProvisionalRecord } from './provisional.ts'
import { rateSession } from './ratings.ts'
import type { RatedSession, SessionToRate } from './ratings.ts'
import { isBillable, isSold } from './rules.ts'
import { holdClaim, type Unpaid, unpaidOf } from './suspense.ts'
import { termsOf } from './terms.ts'
import type { Terms } from './terms.ts'
import { answerOf, askedOf, changeOf, deliveredUsage, keptOf, statusOf } from './verdict.ts'
import type { RecordVerdict } from './verdict.ts'

export type Dependencies = { db: Db; plausibleSlackMs: number; policies: PolicyLanes }

/**
 * The sale and what its price was computed from, for everybody who has a price of this usage. The proofs show the price
 * by the quote's rule; the claim, where it is lower, is in the verdict. Undefined while nothing is payable.
 */
function saleOf(
  terms: Terms,
  cdr: CdrRow,
  { check, verdict }: Judged,
  evse: NonNullable<Awaited<ReturnType<typeof proofPlace>>>,
  now: string,
): SessionToRate | undefined {
  if (verdict.payable === null) return undefined
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

type JudgeInput = { sessionId: string; cdrId: string; now: string; keepTotals?: boolean }

/**
 * Re-rates a record at the price of the quote and keeps the verdict, its reasons and its proof. Pure on its inputs, so
 * a repeated call gives the same verdict and writes it once. `keepTotals` leaves the session's totals for a true-up.
 */
async function judgeRecord(
  tx: Tx,
  plausibleSlackMs: number,
  input: JudgeInput,
): Promise<{ verdict: RecordVerdict; terms: Terms }> {
  const { sessionId } = input
  const [cdr, terms, first] = await Promise.all([
    cdrById(tx, input.cdrId),
    termsOf(tx, sessionId),
    acceptedCdrOf(tx, sessionId, input.cdrId),
  ])
  if (cdr === undefined) throw new InvariantError(`No record ${input.cdrId}.`)
  const aside = (...why: Parameters<typeof putAside>) => ({
    verdict: answerOf(cdr, putAside(...why)),
    terms,
  })
  // Taken back by its CPO before it could be judged; its verdict says so already.
  if (cdr.status === 'credited') return aside('credited', 'the operator took the record back')
  const { cpoId, totalGrossMinor, currency } = terms.session
  if (first !== undefined) {
    await putDuplicateAside(tx, cpoId, cdr.id, first)
    return aside('duplicate_record', 'another record was accepted before')
  }
  const [judged, evse] = await Promise.all([
    judge(tx, terms, cdr, plausibleSlackMs),
    proofPlace(tx, sessionId),
  ])
  if (evse === undefined) throw new InvariantError(`No EVSE of ${sessionId}.`)
  // The session's total is still that of the provisional sale.
  const chargedBefore =
    input.keepTotals === true ? money(totalGrossMinor ?? 0, currency) : undefined
  const unpaid = unpaidOf(judged.verdict, chargedBefore)
  // What the driver paid before stays the session's price, and its proofs stand.
  const isBooked = unpaid?.isChargedBefore !== true
  const sale = isBooked ? saleOf(terms, cdr, judged, evse, input.now) : undefined
  const standing = isBooked ? undefined : await proofOfSession(tx, sessionId, 'wholesale')
  const prices = sale === undefined ? undefined : await rateSession(tx, sale)
  await keepVerdict(tx, terms, cdr, judged, { ...input, unpaid, standing: standing?.id, prices })
  const billed = pricedUsage(judged.check, judged.verdict)
  return { verdict: answerOf(cdr, judged.verdict, prices, billed), terms }
}

/** Nothing is billed by it although it may be owed; the operator may have meant something else. */
const needsPerson = ({ kind, rules }: Verdict): boolean =>
  kind === 'quarantined' || kind === 'rejected' || rules.includes('zero_cost_for_energy')

/** An adopted record is judged once more. */
const judgementOf = ({ id, adoption }: CdrRow): string =>
  adoption === null ? id : `${id}:${adoption.at}`

/** Writes what was decided and tells both sides of it, in the tx it was decided in. */
async function keepVerdict(
  tx: Tx,
  terms: Terms,
  cdr: CdrRow,
  judged: Judged,
  input: JudgeInput & {
    unpaid: Unpaid | undefined
    standing: string | undefined
    prices: RatedSession | undefined
  },
): Promise<void> {
  const { sessionId, now: at, unpaid } = input
  const { verdict } = judged
  const { cpoId } = terms.session
  const change = changeOf(verdict, cdr, deliveredUsage(judged))
  const proofs = input.prices?.proofs ?? { retail: null, wholesale: null }
  const [, kept] = await Promise.all([
    lockRecordsOf(tx, sessionId),
    judgeCdr(tx, cdr.id, statusOf[verdict.kind], keptOf(judged), askedOf(judged)),
  ])
  const isSent = cdr.source !== 'provisional'
  if (isSent) await holdClaim(tx, cdr, judged, unpaid, { ...terms.session, at })
  const isClaimed = isSent && unpaid !== undefined && unpaid.held.amount > 0
  const shown = await showRecord(tx, kept, proofs.wholesale ?? proofs.retail, isClaimed)
  await changeSession(tx, sessionId, input.keepTotals === true ? {} : change.patch, {
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
    dedupeKey: `${sessionId}:judged:${judgementOf(cdr)}`,
    at,
  })
  if (change.event === 'session.provisionally_rated') return
  if (needsPerson(verdict))
    await openRecordIncident(tx, cdr, {
      kind: 'record_disputed',
      cause: verdict.detail ?? `the record was ${verdict.kind}: ${verdict.rules.join(', ')}`,
      cpoId,
      sessionId,
      isFinal: verdict.kind !== 'quarantined',
      at,
    })
  if (verdict.payable !== null) await putOthersAside(tx, cpoId, cdr, at)
  if (verdict.payable !== null && (judged.hasImplausible || terms.session.endReason === 'inferred'))
    await settleByRecord(tx, cdr, { sessionId, isDoubted: judged.isDoubted }, at)
  await tellOfMeter(tx, judged.meter, {
    cdr: shown.cpo,
    cpoId,
    isBilled: !verdict.rules.includes('energy_not_billable'),
    at,
  })
  await appendEvent(tx, {
    accountId: cpoId,
    type: change.event,
    objectId: cdr.id,
    data: shown.cpo,
    context: contextOf(judged, unpaid, input.standing ?? proofs.wholesale),
    dedupeKey: `${judgementOf(cdr)}:judged:cpo`,
    at,
  })
}

/**
 * The record that a sale rests on, judged at nothing: its CPO took it back, or declared its session invalid. It is the
 * same check with a claim of 0, so that anybody can make it again; the record and its proof stay.
 */
async function judgeTakenBack(
  { db, plausibleSlackMs }: Dependencies,
  { sessionId }: { sessionId: string; now: string },
): Promise<{ verdict: RecordVerdict }> {
  return db.tx(async (tx) => {
    const [sale, terms] = await Promise.all([saleOfSession(tx, sessionId), termsOf(tx, sessionId)])
    const cdr = sale && (await cdrById(tx, sale.cdrId))
    if (cdr === undefined) throw new Error(`Session ${sessionId} has no sale to take back.`)
    const nothing = { total_excl_vat: '0', total_incl_vat: '0' }
    const claim = { ...cdr.document.claim, ...nothing }
    const taken = { ...cdr, document: { ...cdr.document, claim } }
    const judged = await judge(tx, terms, taken, plausibleSlackMs)
    await judgeCdr(tx, cdr.id, 'credited', keptOf(judged))
    return { verdict: answerOf(cdr, judged.verdict) }
  })
}

/** A sale that may follow a record: the end of its session, and whether somebody pays for it. */
export type SaleAsked = { at: string; isFunded: boolean }

/** Judges a record, after the changes that came with it are written, and shares the sale that follows. */
async function judgeForSale(
  deps: Dependencies,
  input: JudgeInput & { changes?: readonly Change[]; sale?: SaleAsked },
): Promise<{ verdict: RecordVerdict; sale: PreparedSale | null }> {
  const { db, plausibleSlackMs } = deps
  const { changes = [], sale, sessionId, now } = input
  if (changes.length > 0) await db.tx((tx) => writeChanges(tx, sessionId, changes))
  const { verdict, terms } = await db.tx((tx) => judgeRecord(tx, plausibleSlackMs, input))
  await flagByOperator(deps, { terms, verdict, now })
  if (sale === undefined || !isBillable(verdict) || !isSold(verdict, sale.isFunded))
    return { verdict, sale: null }
  const paidIn = terms.session.currency
  const endedAt = verdict.shared?.ended_at ?? sale.at
  const saleTerms = await readSaleTerms(db, sessionId, { paidIn, endedAt, now })
  return { verdict, sale: prepareSale(saleTerms, verdict) }
}

export function createCdrActivities(deps: Dependencies) {
  return {
    judgeRecord: (input: Parameters<typeof judgeForSale>[1]) => judgeForSale(deps, input),
    judgeTakenBack: (input: Parameters<typeof judgeTakenBack>[1]) => judgeTakenBack(deps, input),
    putUnbilledAside: (input: Parameters<typeof putUnbilledAside>[1]) =>
      deps.db.tx((tx) => putUnbilledAside(tx, input)),
    makeProvisionalRecord: (input: Parameters<typeof makeProvisionalRecord>[1]) =>
      makeProvisionalRecord(deps, input),
  }
}

export type CdrActivities = ReturnType<typeof createCdrActivities>
