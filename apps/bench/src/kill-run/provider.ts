// The provider's own record, read over its own API and held against ours, object by object.
import type { KnownPayment } from '@chargelane/db/bench/after-kills'
import { z } from 'zod'

const zIntent = z.object({ id: z.string(), status: z.string(), amount_received: z.int() })
const zCharge = z.object({
  id: z.string(),
  payment_intent: z.string().nullable(),
  captured: z.boolean(),
  amount_captured: z.int(),
})
const zRefund = z.object({
  id: z.string(),
  payment_intent: z.string().nullable(),
  status: z.string().nullable(),
  amount: z.int(),
})

async function listed<T extends { id: string }>(
  { url, key }: { url: string; key: string },
  path: string,
  item: z.ZodType<T>,
): Promise<T[]> {
  const zPage = z.object({ data: z.array(item), has_more: z.boolean() })
  const all: T[] = []
  for (;;) {
    const last = all.at(-1)
    const after = last === undefined ? '' : `&starting_after=${last.id}`
    const answer = await fetch(`${url}${path}?limit=100${after}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const page = zPage.parse(await answer.json())
    all.push(...page.data)
    if (!page.has_more || page.data.length === 0) return all
  }
}

export type ProviderCheck = {
  payments: number
  captures: number
  refunds: number
  /** What the provider and we say differently, in words. */
  differences: string[]
}

/** Each payment captured once and with what we say, given back as we say; and none there that we do not know. */
export async function compareProvider(
  at: { url: string; key: string },
  ours: readonly KnownPayment[],
  /** Of sessions that still run: what becomes of them is not decided. */
  undecided: readonly KnownPayment[] = [],
): Promise<ProviderCheck> {
  const [intents, charges, refunds] = [
    await listed(at, '/v1/payment_intents', zIntent),
    await listed(at, '/v1/charges', zCharge),
    await listed(at, '/v1/refunds', zRefund),
  ]
  const differences: string[] = []
  const known = new Map(ours.map((payment) => [payment.psp, payment]))
  const open = new Set(undecided.map(({ psp }) => psp))
  for (const { id, status, amount_received: received } of intents) {
    if (open.has(id)) continue
    const payment = known.get(id)
    const captures = charges.filter((each) => each.payment_intent === id && each.captured)
    if (captures.length > 1) differences.push(`${id} was captured ${captures.length} times`)
    if (payment === undefined) {
      if (received > 0) differences.push(`${id} took ${received}, and we do not know it`)
      if (status === 'requires_capture') differences.push(`${id} is held, and we do not know it`)
      continue
    }
    if (received !== payment.captured)
      differences.push(`${id} took ${received}, we say ${payment.captured}`)
    if (status === 'requires_capture') differences.push(`${id} is still held`)
    const given = refunds
      .filter((each) => each.payment_intent === id && each.status === 'succeeded')
      .reduce((sum, { amount }) => sum + amount, 0)
    if (given !== payment.given)
      differences.push(`${id} gave ${given} back, we say ${payment.given}`)
  }
  for (const { psp } of ours)
    if (!intents.some(({ id }) => id === psp)) differences.push(`${psp} is not at the provider`)
  const captures = charges.filter(({ captured }) => captured).length
  return { payments: intents.length, captures, refunds: refunds.length, differences }
}
