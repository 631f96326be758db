// The terms of a sale: who takes part, who shares it by which policy and at which tax, and in which currency each is paid.
import { InvariantError } from '@chargelane/rules/assert'
import type { Db } from '@chargelane/db'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import type { BookTerms } from '@chargelane/rules/booking/sale'
import type { FxRate } from '@chargelane/rules/fx'
import type { QuoteBody } from '@chargelane/rules/quote'
import type { SplitInput } from '@chargelane/rules/split'
import { type Party, partyKey } from '@chargelane/rules/split/parties'
import { type StandardShares, standardPolicy } from '@chargelane/rules/split/policy'
import { taxesOf } from '@chargelane/rules/split/taxes'
import type { Terms } from '../record/terms.ts'
import { freshRates } from './rates.ts'
import { currenciesOf } from './rules.ts'

/** Who shares a sale, by which policy and at which tax, who owes what is not paid, and in which currency each is paid. */
export type SaleTerms = Omit<SplitInput, 'sale' | 'plan'> &
  Pick<BookTerms, 'debtor' | 'payouts'> & {
    /** The reference rates of this day for whom is paid in another currency; null when they have to be asked for. */
    fresh: { day: string; rates: FxRate[] } | null
  }

const partyOf = (
  role: string,
  row: { id: string; country: string; vatId: string | null },
): Party => ({ id: row.id, role, country: row.country, vatId: row.vatId, business: true })

/**
 * A discount is computed by the policy the quote locked, since the driver was promised it; a share that is paid out,
 * by the one kept with the session.
 */
function benefitOf(
  { discount }: QuoteBody,
  kept: StandardShares,
): { shares: StandardShares; isDiscount: boolean } {
  if (discount === undefined) return { shares: kept, isDiscount: false }
  const { id, commission_bps, partner_share_bps } = discount.policy
  const shares = { id, commissionBps: commission_bps, partnerShareBps: partner_share_bps }
  return { shares, isDiscount: true }
}

/** The accounts that take part, each in its roles: operator, partner and platform, and whom the agreement adds. */
async function readParties(db: Db, session: Terms['session']) {
  const { agreement, accounts, platformId } = await keptSaleTerms(db, session.id)
  const account = (id: string | undefined) => accounts.find((row) => row.id === id)
  const [cpo, partner, platform] = [session.cpoId, session.accountId, platformId].map(account)
  if (!cpo || !partner || !platform)
    throw new InvariantError(`The terms of ${session.id} lack a party.`)
  const standard = { cpo, partner, platform }
  const parties = new Map<string, { party: Party; currency: string }>()
  for (const [role, row] of Object.entries(standard))
    parties.set(partyKey({ role, id: row.id }), {
      party: partyOf(role, row),
      currency: row.payoutCurrency,
    })
  for (const ref of agreement.shares.flatMap(({ supplier, recipient }) => [supplier, recipient])) {
    const row = account(ref.id)
    if (row === undefined)
      throw new InvariantError(`Agreement ${agreement.id} pays ${ref.id}, who is nobody.`)
    parties.set(partyKey(ref), { party: partyOf(ref.role, row), currency: row.payoutCurrency })
  }
  return { agreement, parties: [...parties.values()], ...standard }
}

/** The agreement that was in force at the quote, and the parties as they were then, with what tax asks of them. */
export async function readSaleTerms(
  db: Db,
  { session, country, quote }: Terms,
  input: { at: string; now: string },
): Promise<SaleTerms> {
  const { agreement, partner, parties, cpo, platform } = await readParties(db, session)
  const { shares, isDiscount } = benefitOf(quote.body, {
    id: agreement.id,
    commissionBps: agreement.commissionBps,
    partnerShareBps: partner.partnerShareBps,
  })
  const refs = {
    seller: { role: 'cpo', id: cpo.id },
    partner: { role: 'partner', id: partner.id },
    platform: { role: 'platform', id: platform.id },
  }
  const driver = {
    id: session.driverId,
    role: 'driver',
    country,
    vatId: null,
    business: false,
  }
  const sale = {
    model: agreement.supplyModel,
    at: input.at,
    placeCountry: country,
    parties: [driver, ...parties.map(({ party }) => party)],
    seller: refs.seller,
    driver: { role: driver.role, id: driver.id },
    policy: standardPolicy(shares, refs, agreement.shares),
  }
  const taxed = taxesOf(sale)
  if (!taxed.ok)
    throw new InvariantError(`The sale of ${session.id} cannot be taxed: ${taxed.message}`)
  const payouts = parties
    .filter(({ party }) => party.id !== platform.id)
    .map(({ party, currency }) => ({ payee: { role: party.role, id: party.id }, currency }))
  const day = input.now.slice(0, 10)
  const currencies = currenciesOf(session.currency, payouts)
  const rates = currencies.length === 1 ? [] : await freshRates(db, day, currencies)
  return {
    ...sale,
    taxes: taxed.taxes,
    ...(isDiscount ? { discountBy: refs.partner } : {}),
    debtor: refs.partner,
    payouts,
    fresh: rates && { day, rates },
  }
}
