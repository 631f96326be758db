// Files over the bank's HTTP API: pain.001 in, pain.002 out. A file is known to the bank by its message id.
import { readStatusReport, type StatusReport } from '@chargelane/rules/bank/pain002'
import { exchange } from '../payment/http.ts'
import { MoneyFailure } from '../payment/payment.ts'
import type { BankSettings } from './bank.ts'

export type BankFiles = {
  /** Taken, or known: the bank takes each message id once. */
  upload(file: { messageId: string; xml: string }): Promise<void>
  /** `unknown` where the bank has no such file; without a report where it is still looking. */
  report(query: { messageId: string }): Promise<'unknown' | { report: StatusReport | null }>
}

const maxBytes = 32 * 1024 * 1024

function failed(what: string, { status, text }: { status: number; text: string }): MoneyFailure {
  const retryable = status >= 500 || status === 429
  return new MoneyFailure(`the bank answered ${status} to ${what}: ${text.slice(0, 200)}`, {
    code: 'bank_file',
    retryable,
  })
}

export function createBankFiles({ url, apiKey, timeoutMs = 30_000 }: BankSettings): BankFiles {
  const base = `${url.replace(/\/$/, '')}/v1/files`
  const authorization = `Bearer ${apiKey}`
  return {
    async upload({ messageId, xml }) {
      const headers = { authorization, 'content-type': 'application/xml' }
      const answer = await exchange(base, {
        method: 'POST',
        headers,
        body: xml,
        timeoutMs,
        maxBytes,
      })
      // 409: it was there before, as after a lost answer; its report says what became of it.
      if (answer.status !== 202 && answer.status !== 409) throw failed(messageId, answer)
    },
    async report({ messageId }) {
      const where = `${base}/${encodeURIComponent(messageId)}/report`
      const answer = await exchange(where, { headers: { authorization }, timeoutMs, maxBytes })
      if (answer.status === 404) return 'unknown'
      if (answer.status === 204) return { report: null }
      if (answer.status !== 200) throw failed(`the report on ${messageId}`, answer)
      const read = readStatusReport(answer.text)
      if (!read.ok)
        throw new MoneyFailure(`the report on ${messageId} cannot be read: ${read.message}`, {
          code: 'bank_report',
          retryable: false,
        })
      if (read.report.messageId !== messageId)
        throw new MoneyFailure(`the report on ${messageId} is of ${read.report.messageId}`, {
          code: 'bank_report',
          retryable: false,
        })
      return { report: read.report }
    },
  }
}
