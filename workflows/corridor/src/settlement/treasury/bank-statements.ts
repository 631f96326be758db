// Statements over the bank's HTTP API: the documents as they are, with the number each has.
import * as z from 'zod'
import { exchange } from '../../payment/http.ts'
import { MoneyFailure } from '../../payment/payment.ts'
import type { BankSettings } from '../bank.ts'
import type { BankStatements } from './ports.ts'

const zList = z.object({
  data: z.array(z.object({ sequence: z.int().min(1), xml: z.string().min(1) })),
})
const maxBytes = 32 * 1024 * 1024

export function createBankStatements({
  url,
  apiKey,
  timeoutMs = 10_000,
}: BankSettings): BankStatements {
  const base = url.replace(/\/$/, '')
  return {
    async statements({ after }) {
      const headers = { authorization: `Bearer ${apiKey}` }
      const where = `${base}/v1/statements?after=${after}`
      const { status, text } = await exchange(where, { headers, timeoutMs, maxBytes })
      if (status !== 200)
        throw new MoneyFailure(`the bank answered ${status} to a question for statements`, {
          code: 'bank_answer',
          retryable: status >= 500 || status === 429,
        })
      return zList.parse(JSON.parse(text)).data
    },
  }
}
