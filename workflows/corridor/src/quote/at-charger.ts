// Whether a card may charge, asked by the charger before energy flows: by its standing, by what its payer may still owe,
// and at an EVSE by the price that would be sold there. Nothing is written.
import type { Sql, Tx } from '@chargelane/db'
import type { CardStanding } from '@chargelane/db/queries/chargers/cards'
import { creditLinesOf } from '@chargelane/db/queries/plans/credit-lines'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import { money } from '@chargelane/rules/money'
import { hasRoom } from '../payment/account/line.ts'
import { quoteFrom, factsOfWish } from './make.ts'

/** Of a quote that binds nobody. */
const unsigned = { signAside: () => Promise.resolve({ keyId: '', signature: '' }) }

/** Whether the card's source pays for a session at all: a credit line with any room left will do, in any currency. */
export async function mayCharge(sql: Sql, card: CardStanding): Promise<boolean> {
  if (!card.mayCharge) return false
  if (!kindsOwedByPartner.includes(card.sourceKind)) return true
  for (const { limit } of await creditLinesOf(sql, card.accountId))
    if (await hasRoom(sql, card.accountId, money(1, limit.currency))) return true
  return false
}

/** Whether a session of the card would be opened at the EVSE, and its hold fits what the payer may owe. */
export async function isSoldTo(
  tx: Tx,
  card: CardStanding,
  { evseId, at: now }: { evseId: string; at: string },
): Promise<boolean> {
  const wish = {
    accountId: card.accountId,
    evse: evseId,
    paymentSource: card.sourceId,
    channel: 'rfid',
    startedAtCharger: true,
    anyConnector: true,
  }
  const offer = await quoteFrom(
    { sql: tx, signer: unsigned, now },
    wish,
    await factsOfWish({ sql: tx, now }, wish),
  )
  if (offer.kind === 'refused') return false
  const hold: Money = offer.body.hold_amount
  return !kindsOwedByPartner.includes(card.sourceKind) || hasRoom(tx, card.accountId, hold)
}
