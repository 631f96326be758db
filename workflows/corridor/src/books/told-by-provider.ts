// What happened at the provider without us: a refund made at its own dashboard, a payer's bank that took money back. It is
// booked once by the provider's own reference, whatever is told twice or late.
import type { Db, Tx } from '@chargelane/db'
import { type Payment, paymentOfProvider } from '@chargelane/db/queries/payments/payments'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { hearChargeback, type ToldChargeback } from '../aftercare/dispute/chargeback.ts'
import type { GiveBackInput } from '../contract.ts'
import type { ToldByProvider } from '../payment/payment.ts'
import { decideGiveBack } from './give-back.ts'
import { hearOfPartner } from './told-of-partner.ts'

type ToldRefund = Exclude<ToldByProvider, ToldChargeback>
type Heard = { kind: PaymentKind; pspId: string; at: string }

const by = 'provider'

/** The papers of the session follow where something of it changed. */
export function hearProvider(
  db: Db,
  told: ToldByProvider,
  { kind, pspId, at }: Heard,
): Promise<GiveBackInput | undefined> {
  return db.tx(async (tx) => {
    const payment = await paymentOfProvider(tx, kind, pspId)
    // A payment of somebody else's at the same account of the provider.
    if (payment === undefined) return undefined
    if (kindFacts[payment.kind].owedBy === 'partner') return hearOfPartner(tx, payment, told, at)
    return told.kind === 'refund'
      ? hearRefund(tx, payment, told, at)
      : hearChargeback(tx, payment, told, at)
  })
}

async function hearRefund(
  tx: Tx,
  payment: Payment,
  { reference, amount }: ToldRefund,
  at: string,
): Promise<GiveBackInput | undefined> {
  const known = await refundsOf(tx, payment.sessionId)
  if (known.some((refund) => refund.reference === reference)) return undefined
  const wish = { paymentId: payment.id, amount, reason: 'made_at_provider' } as const
  const made = { status: 'refunded', reference } as const
  return decideGiveBack(tx, wish, { keyId: by, now: at }, made)
}
