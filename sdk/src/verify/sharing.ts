/** What the rules of a policy were told: of the session, made again from its papers, and of its period, as it was kept. */
import type { SplitInput } from '@chargelane/rules/split'
import { looksAtPeriod } from '@chargelane/rules/split/amounts'
import { periodAt } from '@chargelane/rules/split/period'
import { factsOf } from '@chargelane/rules/split/sharing'
import { mustBe, type Pack } from './pack.ts'
import { judgeAgain, pricedAgain } from './price.ts'
import { type SaleRevision, zAgreement, zPayment, zSession } from './shapes.ts'

/**
 * The policy is the agreement's, the place the session's, and what was delivered the record's. What came before in the
 * period is no fact of this session; it is kept once, so every revision of the sale rests on the same.
 */
export function checkSharing(
  pack: Pack,
  { sharing }: SplitInput,
  all: readonly [string, SaleRevision][],
): void {
  const { policy } = pack.json('agreement.json', zAgreement).agreement
  mustBe('split.json', sharing === undefined, policy === null, '/input/sharing')
  if (sharing === undefined || policy === null) return
  const { id, version, place } = policy
  const at = '/input/sharing'
  mustBe('split.json', sharing.policy, { id, version }, `${at}/policy`)
  mustBe('split.json', sharing.place, place, `${at}/place`)
  const session = pack.json('session.json', zSession)
  mustBe('agreement.json', place.evse, session.evse.id, '/agreement/policy/place/evse')
  mustBe('agreement.json', place.partner, session.partner.id, '/agreement/policy/place/partner')
  const paid = pack.json('payment.json', zPayment).payments.map(({ kind }) => kind)
  if (place.payer !== null && paid.length > 0)
    mustBe('agreement.json', paid.includes(place.payer), true, '/agreement/policy/place/payer')
  const delivered = factsOf(pricedAgain(pack), judgeAgain(pack).verdict.rating)
  mustBe('split.json', sharing.facts, delivered, `${at}/facts`)
  mustBe('split.json', sharing.period, periodAt(sharing.facts.ended_at, policy), `${at}/period`)
  const looking = policy.rules.filter(looksAtPeriod).map((rule) => rule.id)
  mustBe('split.json', Object.keys(sharing.periods).toSorted(), looking.toSorted(), `${at}/periods`)
  for (const [path, { input }] of all)
    mustBe('split.json', input.sharing?.periods, sharing.periods, `${path}${at}/periods`)
}
