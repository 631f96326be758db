import type { Tx } from '@chargelane/db'
import {
  type AccountPatch,
  type AccountRow,
  createAccount,
  getAccount,
  keysOf,
  lockNames,
  namesakesOf,
  recordVatCheck,
  updateAccount,
} from '@chargelane/db/queries/partners/accounts'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { VerificationReason } from '@chargelane/openapi/vocabulary/trust/identity'
import {
  cpoTerms,
  type DistributionTerms,
  partnerTerms,
} from '@chargelane/rules/agreement/distribution'
import { isConvertible } from '@chargelane/rules/fx'
import { isTimeZone } from '@chargelane/rules/plan'
import { isVatId, vatKey } from '@chargelane/rules/identity/account'
import { isKnownCurrency } from '@chargelane/rules/money'
import {
  countryOfVatId,
  numbersOf,
  type TaxId,
  type TaxScheme,
} from '@chargelane/rules/vat/registrations'
import { isSoldModel } from '@chargelane/rules/quote/may-start'
import { ofIban } from '@chargelane/rules/bank/account'
import type { Act } from './act.ts'
import { requirePayable } from './bank-accounts.ts'
import { vatCountsUntil } from './vat-checks.ts'

const invalid = (param: string, message: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param })

const notOffered = (param: string, message: string) =>
  new DomainError('not_offered', `${param}: ${message}`, { param })

/** A place without a clock would let nothing leave. */
function requireCalendar(calendar: { time_zone: string } | null | undefined): void {
  if (calendar == null || isTimeZone(calendar.time_zone)) return
  const param = 'payout_calendar.time_zone'
  throw new DomainError('invalid_value', `${param}: is no IANA time zone`, { param })
}

/** What could never be settled is refused here, before energy flows. */
export async function openAccount(
  { tx, viewer, now }: Act,
  body: BodyOf<Contract['accounts']['create']>,
  grantsAtOnce: boolean,
): Promise<AccountRow> {
  requireSoundNumbers(body)
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
  if (body.iban !== undefined) requirePayable(ofIban(body.iban), body.payout_currency)
  requireCalendar(body.payout_calendar)
  const known = {
    name: body.name,
    legalName: body.legal_name,
    vatId: body.vat_id ?? null,
    taxIds: taxIdsOf(body.tax_ids ?? []),
  }
  requireOneOfEach(known.vatId, known.taxIds)
  const reasons = await reasonsForReview(tx, known, grantsAtOnce ? [] : ['not_yet_verified'])
  const row = await createAccount(tx, {
    type: body.type,
    partnerType: body.partner_type ?? null,
    ...known,
    ...standingOf(reasons),
    country: body.country,
    payoutCurrency: body.payout_currency,
    address: body.address,
    iban: body.iban ?? null,
    payoutCalendar: body.payout_calendar ?? null,
    at: now,
  })
  const terms = signedTerms(body)
  if (terms !== undefined)
    await signAgreement(tx, { accountId: row.id, by: viewer.accountId, terms, at: now })
  return row
}

/** What the account signed when it was opened; other terms are for both sides to agree on. */
function signedTerms(body: BodyOf<Contract['accounts']['create']>): DistributionTerms | undefined {
  const { type, agreement } = body
  if (type === 'partner')
    return partnerTerms({
      partnerShareBps: body.partner_share_bps ?? 0,
      benefitMode: body.benefit_mode ?? 'revenue_share',
    })
  if (agreement === undefined) return undefined
  return cpoTerms({
    commission: { bps: agreement.commission_bps },
    supplyModel: agreement.supply_model,
    offlineLiability: agreement.offline_liability ?? 'partner',
  })
}

type TaxIds = readonly { vat_id: string; scheme?: TaxScheme | undefined }[]
type Numbers = {
  vat_id?: string | undefined
  tax_ids?: TaxIds | undefined
}

/** As they are kept; what a tax office said of one of them before goes on counting. */
const taxIdsOf = (ids: TaxIds, known: readonly TaxId[] = []): TaxId[] =>
  ids.map(({ vat_id: vatId, scheme = 'local' }) => {
    const before = known.find((each) => vatKey(each.vatId) === vatKey(vatId))
    const { checkedAt = null, goodUntil = null } = before ?? {}
    return { country: countryOfVatId(vatId), vatId, scheme, checkedAt, goodUntil }
  })

const notItsCountry = 'its form or its check digits do not fit its country'

/** A number with a wrong check digit pays, or taxes, a stranger. */
function requireSoundNumbers({ vat_id: vatId, tax_ids: taxIds = [] }: Numbers): void {
  if (vatId !== undefined && !isVatId(vatId))
    throw invalid('vat_id', `is no VAT number: ${notItsCountry}`)
  const unsound = taxIds.findIndex((each) => !isVatId(each.vat_id))
  if (unsound >= 0) throw invalid(`tax_ids.${unsound}.vat_id`, `is no VAT number: ${notItsCountry}`)
}

/** One number of a country, or a document could show either. */
function requireOneOfEach(vatId: string | null, taxIds: readonly TaxId[]): void {
  const kinds = numbersOf({ vatId, vatChecked: false, taxIds }).map(
    ({ scheme, country }) => `${scheme} ${country}`,
  )
  const twice = kinds.findIndex((kind, at) => kinds.indexOf(kind) < at)
  if (twice < 0) return
  const at = twice - (vatId === null ? 0 : 1)
  throw invalid(`tax_ids.${at}.vat_id`, 'is a second number of its country')
}

type Known = Parameters<typeof keysOf>[0] & { id?: string }

/** What has to be looked at: a second account of one name or number is perhaps another company, perhaps not. */
async function reasonsForReview(
  tx: Tx,
  known: Known,
  others: readonly VerificationReason[],
): Promise<VerificationReason[]> {
  await lockNames(tx)
  const id = known.id === undefined ? {} : { id: known.id }
  const { name, vatId } = await namesakesOf(tx, { ...keysOf(known), ...id })
  return [
    ...others,
    ...(name ? ['name_in_use' as const] : []),
    ...(vatId ? ['vat_id_in_use' as const] : []),
  ]
}

const standingOf = (reasons: VerificationReason[]) => ({
  verification: reasons.length === 0 ? ('verified' as const) : ('review' as const),
  verificationReasons: reasons,
})

/** Other names or another number are looked at like those of a new account, and no tax office was asked about them. */
async function identityPatch(tx: Tx, row: AccountRow, patch: AccountPatch): Promise<AccountPatch> {
  const known = { ...row, ...patch }
  const { name, legalName, vatId } = known
  const isSame = name === row.name && legalName === row.legalName && vatId === row.vatId
  if (isSame && patch.taxIds === undefined) return {}
  requireOneOfEach(vatId, known.taxIds)
  const others = row.verificationReasons.filter((reason) => reason === 'not_yet_verified')
  return {
    ...keysOf(known),
    ...standingOf(await reasonsForReview(tx, known, others)),
    ...(vatId === row.vatId ? {} : { vatCheckedAt: null, vatGoodUntil: null }),
  }
}

export async function changeAccount(
  { tx, viewer }: Act,
  id: string,
  body: BodyOf<Contract['accounts']['update']>,
): Promise<AccountRow> {
  requireCalendar(body.payout_calendar)
  requireSoundNumbers(body)
  const before = await getAccount(tx, viewer.sees, id)
  if (!before) throw missing('account')
  const patch: AccountPatch = {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.legal_name === undefined ? {} : { legalName: body.legal_name }),
    ...(body.vat_id === undefined ? {} : { vatId: body.vat_id }),
    ...(body.tax_ids === undefined ? {} : { taxIds: taxIdsOf(body.tax_ids, before.taxIds) }),
    ...(body.address === undefined ? {} : { address: body.address }),
    ...(body.payout_calendar === undefined ? {} : { payoutCalendar: body.payout_calendar }),
    ...(body.status === undefined ? {} : { status: body.status }),
  }
  return changed(tx, viewer, id, { ...patch, ...(await identityPatch(tx, before, patch)) })
}

async function changed(
  tx: Tx,
  { sees }: Act['viewer'],
  id: string,
  patch: AccountPatch,
): Promise<AccountRow> {
  const row = await updateAccount(tx, sees, id, patch)
  if (!row) throw missing('account')
  return row
}

/** The platform has looked: whatever spoke against the account is answered by its note. */
export const verifyAccount = (
  { tx, viewer }: Act,
  id: string,
  { note }: BodyOf<Contract['accounts']['verify']>,
): Promise<AccountRow> => changed(tx, viewer, id, { ...standingOf([]), verificationNote: note })

/** Keeps what a tax office answered, and by it whether the account's number may shift a tax (failures F59). */
export async function checkVat(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Contract['accounts']['check_vat']>,
): Promise<AccountRow> {
  const account = await getAccount(tx, viewer.sees, id)
  if (!account) throw missing('account')
  if (body.checked_at > now) throw invalid('checked_at', 'is in the future')
  const numbers = numbersOf({ ...account, vatChecked: false })
  const asked = numbers.find((each) => vatKey(each.vatId) === vatKey(body.vat_id))
  if (asked === undefined)
    throw new DomainError('invalid_transition', `vat_id: is no number of ${id}`, {
      param: 'vat_id',
    })
  const row = await recordVatCheck(tx, {
    accountId: id,
    vatId: asked.vatId,
    valid: body.valid,
    source: body.source,
    reference: body.reference,
    checkedAt: body.checked_at,
    recordedBy: viewer.accountId,
    recordedAt: now,
    countsUntil: body.valid ? await vatCountsUntil(tx, body.checked_at) : null,
  })
  if (!row) throw missing('account')
  return row
}
