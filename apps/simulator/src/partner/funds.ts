// What a partner's wallet, instalments or fuel card does with a question: it holds, takes and gives back.
import * as z from 'zod'

const zAmount = z.object({ amount: z.int().min(0), currency: z.string().length(3) })

export const zQuestion = z.object({
  id: z.string().min(1).max(200),
  type: z.enum([
    'payment.authorize',
    'payment.increase',
    'payment.capture',
    'payment.void',
    'payment.refund',
    'payment.lookup',
  ]),
  kind: z.string(),
  payment: z.string(),
  session: z.string(),
  payment_method: z.string().nullable(),
  amount: zAmount.optional(),
})
export type Question = z.infer<typeof zQuestion>

export const zAnswer = z.object({
  status: z.enum(['approved', 'declined', 'none', 'authorized', 'captured', 'voided']),
  reference: z.string().optional(),
  decline_code: z.string().optional(),
  amount: zAmount.optional(),
})
export type Answer = z.infer<typeof zAnswer>

/** Of one payment of ours, in minor units. */
export const zFunds = z.object({
  payment: z.string(),
  session: z.string(),
  currency: z.string(),
  status: z.enum(['none', 'authorized', 'captured', 'voided']),
  held: z.int(),
  captured: z.int(),
  refunded: z.int(),
})
export type Funds = z.infer<typeof zFunds>

const no = (decline_code: string): Answer => ({ status: 'declined', decline_code })

/** Changes the funds and says so; `atMost` is what a stingy partner approves of what it is asked for. */
export function answerTo(funds: Funds, question: Question, atMost = 1): Answer {
  const reference = `w-${question.payment.slice(-8)}`
  const asked = question.amount?.amount ?? 0
  const given = Math.floor(asked * atMost)
  const approved = (more: Partial<Answer> = {}): Answer => ({
    status: 'approved',
    reference,
    ...(given === asked ? {} : { amount: { amount: given, currency: funds.currency } }),
    ...more,
  })
  switch (question.type) {
    case 'payment.authorize':
    case 'payment.increase':
      if (funds.status === 'captured' || funds.status === 'voided') return no('already_over')
      Object.assign(funds, { status: 'authorized', held: given })
      return approved()
    case 'payment.capture':
      if (funds.status !== 'authorized') return no('not_held')
      if (asked > funds.held) return no('amount_too_large')
      Object.assign(funds, { status: 'captured', held: 0, captured: given })
      return approved()
    case 'payment.void':
      if (funds.status === 'captured') return no('already_captured')
      Object.assign(funds, { status: 'voided', held: 0 })
      return approved()
    case 'payment.refund':
      if (funds.refunded + asked > funds.captured) return no('amount_too_large')
      funds.refunded += given
      return approved({ reference: `${reference}-r${funds.refunded}` })
    case 'payment.lookup':
      return { status: funds.status, reference }
  }
}
