// A chargeback is contested at Stripe with texts: submitted once, and looked for before it is submitted.
import type { Stripe } from 'stripe'
import type { ContestOutcome, ContestRequest } from '../payment.ts'
import { refusalOfRequest, toFailure } from './stripe-errors.ts'
import { type Client, read, readRetries, write } from './stripe-intents.ts'

const waits = new Set(['needs_response', 'warning_needs_response'])

/** Undefined while Stripe still waits for what we have to say. */
function endOf({ status, evidence_details: details }: Stripe.Dispute): ContestOutcome | undefined {
  if (details.submission_count > 0) return { kind: 'submitted', wasKnown: true }
  return waits.has(status) ? undefined : { kind: 'refused', code: status }
}

/** docs.stripe.com/disputes/api: what was submitted cannot be amended. */
export async function contest(
  { stripe }: Client,
  { reference, texts, idempotencyKey }: ContestRequest,
): Promise<ContestOutcome> {
  const look = () => stripe.disputes.retrieve(reference, {}, { maxNetworkRetries: readRetries })
  try {
    const before = endOf(await look())
    if (before !== undefined) return before
    const after = await write(
      idempotencyKey,
      (key) =>
        stripe.disputes.update(
          reference,
          { evidence: texts, submit: true },
          { idempotencyKey: key },
        ),
      async () => {
        const now = await look()
        return endOf(now) === undefined ? undefined : now
      },
    )
    const end = endOf(after) ?? { kind: 'refused', code: after.status }
    return end.kind === 'submitted' ? { ...end, wasKnown: false } : end
  } catch (error) {
    const code = refusalOfRequest(error)
    if (code === undefined) throw toFailure(error)
    return endOf(await read(look)) ?? { kind: 'refused', code }
  }
}
