import {
  type AccountPatch,
  type AccountRow,
  createAccount,
  putAgreement,
  updateAccount,
} from '@chargelane/db/queries/partners/accounts'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isConvertible } from '@chargelane/rules/fx'
import { isTimeZone } from '@chargelane/rules/plan'
import { isKnownCurrency } from '@chargelane/rules/money'
import { isSoldModel } from '@chargelane/rules/quote/may-start'
import type { Act } from './act.ts'

const notOffered = (param: string, message: string) =>
  new DomainError('not_offered', `${param}: ${message}`, { param })

/** A place without a clock would let nothing leave. */
function requireCalendar(calendar: { time_zone: string } | null | undefined): void {
  if (calendar == null || isTimeZone(calendar.time_zone)) return
  const param = 'payout_calendar.time_zone'
  throw new DomainError('validation_error', `${param}: is no IANA time zone`, { param })
}

/** What could never be settled is refused here, before energy flows. */
export async function openAccount(
  { tx, now }: Pick<Act, 'tx' | 'now'>,
  body: BodyOf<Contract['accounts']['create']>,
): Promise<AccountRow> {
  if (!isKnownCurrency(body.payout_currency)) {
    throw new DomainError('unsupported_currency', `We cannot pay in ${body.payout_currency}.`, {
      param: 'payout_currency',
    })
  }
  if (!isConvertible(body.payout_currency))
    throw notOffered(
      'payout_currency',
      `No reference rate leads to ${body.payout_currency}, so nothing could be paid out in it.`,
    )
  if (body.agreement && !isSoldModel(body.agreement.supply_model))
    throw notOffered(
      'agreement.supply_model',
      `${body.agreement.supply_model} is not offered yet; use agency.`,
    )
  requireCalendar(body.payout_calendar)
  const row = await createAccount(tx, {
    type: body.type,
    partnerType: body.partner_type ?? null,
    name: body.name,
    legalName: body.legal_name,
    country: body.country,
    payoutCurrency: body.payout_currency,
    vatId: body.vat_id ?? null,
    address: body.address,
    iban: body.iban ?? null,
    payoutCalendar: body.payout_calendar ?? null,
    partnerShareBps: body.partner_share_bps ?? 0,
    benefitMode: body.benefit_mode ?? 'revenue_share',
    at: now,
  })
  if (body.agreement) {
    await putAgreement(tx, {
      cpoId: row.id,
      commissionBps: body.agreement.commission_bps,
      supplyModel: body.agreement.supply_model,
      effectiveFrom: now,
    })
  }
  return row
}

export async function changeAccount(
  { tx, viewer }: Act,
  id: string,
  body: BodyOf<Contract['accounts']['update']>,
): Promise<AccountRow> {
  requireCalendar(body.payout_calendar)
  const patch: AccountPatch = {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.legal_name === undefined ? {} : { legalName: body.legal_name }),
    ...(body.vat_id === undefined ? {} : { vatId: body.vat_id }),
    ...(body.address === undefined ? {} : { address: body.address }),
    ...(body.iban === undefined ? {} : { iban: body.iban }),
    ...(body.payout_calendar === undefined ? {} : { payoutCalendar: body.payout_calendar }),
    ...(body.partner_share_bps === undefined ? {} : { partnerShareBps: body.partner_share_bps }),
    ...(body.benefit_mode === undefined ? {} : { benefitMode: body.benefit_mode }),
    ...(body.status === undefined ? {} : { status: body.status }),
  }
  const row = await updateAccount(tx, viewer.sees, id, patch)
  if (!row) throw missing('account')
  return row
}
