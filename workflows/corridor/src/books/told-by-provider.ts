// What happened at the provider without us: a refund made at its own dashboard, a payer's bank that took money back. It is
// booked once by the provider's own reference, whatever is told twice or late.
import type { Db, Tx } from '@chargelane/db'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { type Payment, paymentOfProvider } from '@chargelane/db/queries/payments/payments'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { paymentTold } from '@chargelane/db/views/money/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import type { SaleState } from '@chargelane/rules/booking/sale'
import { inWords, minimum } from '@chargelane/rules/money'
import { reviseSale } from '../booking/revise.ts'
import type { GiveBackInput } from '../contract.ts'
import type { ToldByProvider } from '../payment/payment.ts'
import { decideGiveBack } from './give-back.ts'
import { hearOfPartner } from './told-of-partner.ts'

type Told<Kind extends ToldByProvider['kind']> = ToldByProvider & { kind: Kind }
type Heard = { kind: PaymentKind; pspId: string; at: string }

const settleWithinMs = 48 * 3_600_000
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
  { reference, amount }: Told<'refund'>,
  at: string,
): Promise<GiveBackInput | undefined> {
  const known = await refundsOf(tx, payment.sessionId)
  if (known.some((refund) => refund.reference === reference)) return undefined
  const wish = { paymentId: payment.id, amount, reason: 'made_at_provider' } as const
  const made = { status: 'refunded', reference } as const
  return decideGiveBack(tx, wish, { keyId: by, now: at }, made)
}

const withChargeback = (
  before: SaleState,
  amount: Money,
  state: 'open' | 'won' | 'lost',
): SaleState | undefined => {
  const { chargeback, ...rest } = before
  if (state === 'won') return chargeback === undefined ? undefined : rest
  if (chargeback?.state === 'lost' || chargeback?.state === state) return undefined
  return { ...rest, chargeback: { amount: minimum(amount, before.collected.captured), state } }
}

const words = { open: 'chargeback opened', won: 'chargeback won', lost: 'chargeback lost' } as const

async function hearChargeback(
  tx: Tx,
  payment: Payment,
  { reference, amount, reason, state, evidenceDueBy }: Told<'chargeback'>,
  at: string,
): Promise<GiveBackInput | undefined> {
  const { id: paymentId, sessionId, accountId } = payment
  const made = await reviseSale(tx, {
    sessionId,
    name: `dispute:${reference}${state === 'open' ? '' : `:${state}`}`,
    kind: 'dispute',
    slaDeadline: new Date(Date.parse(at) + settleWithinMs).toISOString(),
    now: at,
    change: (before) => withChargeback(before, amount, state),
  })
  if (made.kind !== 'made') return undefined
  const subject = { type: 'payment', id: paymentId } as const
  if (state === 'open')
    await openIncident(tx, {
      kind: 'chargeback',
      subject,
      accountId,
      sessionId,
      cause: `The payer’s bank took ${inWords(amount)} back: ${reason}.`,
      detail: { dispute: reference, reason, evidence_due_by: evidenceDueBy },
      atStake: amount,
      actions: [],
      at,
    })
  else await settleIncidents(tx, { kinds: ['chargeback'], subject }, { cause: words[state], at })
  await changeSession(
    tx,
    sessionId,
    { moneyStatus: state === 'open' ? 'disputed' : state === 'won' ? 'settled' : 'adjusted' },
    {
      event: {
        type: state === 'open' ? 'payment.charged_back' : 'payment.chargeback_closed',
        data: paymentTold(payment),
      },
      room: 'booking',
      what: words[state],
      detail: { payment: paymentId, dispute: reference, amount, reason, due_by: evidenceDueBy },
      dedupeKey: `${reference}:${state}`,
      at,
    },
  )
  // Nothing is sent to the payer by us; the papers and the pack say what happened.
  return { sessionId, revision: made.revision, amount: { ...amount, amount: 0 } }
}
