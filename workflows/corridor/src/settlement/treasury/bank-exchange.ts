// Exchanges of currencies over the bank's HTTP API: an order of one exact amount, made once for each key.
import { exponentOf, fromDecimal, toDecimal } from '@chargelane/rules/money'
import * as z from 'zod'
import { exchange } from '../../payment/http.ts'
import { MoneyFailure } from '../../payment/payment.ts'
import type { BankSettings } from '../bank.ts'
import type { BankExchange } from './ports.ts'

const zSide = z.object({
  amount: z.string().regex(/^\d{1,15}(?:\.\d{1,4})?$/),
  currency: z.string().length(3),
  reference: z.string().min(1).max(35),
})
const zMade = z.object({ sold: zSide, bought: zSide, executed_at: z.iso.datetime() })
const zProblem = z.object({ error: z.object({ code: z.string() }) })
const maxBytes = 64 * 1024

const amountOf = ({ amount, currency }: z.infer<typeof zSide>) => {
  const [whole = '0', part = ''] = amount.split('.')
  const digits = exponentOf(currency)
  // A bank may print more decimals than the currency has, but no more money.
  if (/[1-9]/.test(part.slice(digits)))
    throw new MoneyFailure(`the bank exchanged ${amount} ${currency}`, {
      code: 'bank_answer',
      retryable: false,
    })
  return fromDecimal(
    digits === 0 ? whole : `${whole}.${part.padEnd(digits, '0').slice(0, digits)}`,
    currency,
  )
}

export function createBankExchange({
  url,
  apiKey,
  timeoutMs = 10_000,
}: BankSettings): BankExchange {
  const where = `${url.replace(/\/$/, '')}/v1/exchanges`
  return {
    async exchange({ side, amount, against, idempotencyKey }) {
      const { status, text } = await exchange(where, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': idempotencyKey },
        body: JSON.stringify({
          side,
          amount: toDecimal(amount),
          currency: amount.currency,
          against,
        }),
        timeoutMs,
        maxBytes,
      })
      if (status === 422) {
        const told = zProblem.safeParse(JSON.parse(text))
        return { kind: 'refused', code: told.success ? told.data.error.code : 'refused' }
      }
      if (status !== 200 && status !== 201)
        throw new MoneyFailure(`the bank answered ${status} to an exchange`, {
          code: 'bank_answer',
          retryable: status >= 500 || status === 429,
        })
      const { sold, bought, executed_at: executedAt } = zMade.parse(JSON.parse(text))
      return {
        kind: 'exchanged',
        sold: amountOf(sold),
        bought: amountOf(bought),
        soldReference: sold.reference,
        boughtReference: bought.reference,
        executedAt,
      }
    },
  }
}
