// Payouts over a bank's HTTP JSON API. The payout id is the end-to-end id, so the bank can be asked.
import * as z from 'zod'
import { payeeChecks } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { toDecimal } from '@chargelane/rules/money'
import {
  MoneyFailure,
  type PayoutOutcome,
  type PayoutPort,
  type PayoutReturnLine,
  type PayoutState,
  type SendPayout,
} from '../payment/payment.ts'
import { exchange } from '../payment/http.ts'
import type { PayeeCheckPort } from '../onboarding/bank-accounts.ts'

export type BankSettings = {
  /** e.g. `http://127.0.0.1:4003`; `/v1/payouts` is appended. */
  url: string
  apiKey: string
  /** Of one HTTP exchange; an activity should allow six of them. Default 10 s. */
  timeoutMs?: number
}

type Bank = { url: string; headers: Record<string, string>; timeoutMs: number }

const maxBytes = 1024 * 1024
const readsMax = 3
const sendsMax = 2

const zTransfer = z.object({
  id: z.string().min(1),
  end_to_end_id: z.string(),
  status: z.enum(['accepted', 'booked', 'rejected', 'returned']),
  reason_code: z.string().nullish(),
  reason: z.string().nullish(),
  booked_at: z.iso.datetime().nullish(),
  return_reference: z.string().min(1).max(140).nullish(),
  returned_at: z.iso.datetime().nullish(),
})
type Transfer = z.infer<typeof zTransfer>
const zTransfers = z.object({ data: z.array(zTransfer) })
const zLines = z.object({ data: z.array(z.unknown()) })
const zProblem = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

const bankOf = ({ url, apiKey, timeoutMs = 10_000 }: BankSettings): Bank => ({
  url: url.replace(/\/$/, ''),
  headers: { authorization: `Bearer ${apiKey}` },
  timeoutMs,
})

export function createBankPayouts(settings: BankSettings): PayoutPort {
  const bank = bankOf(settings)
  return {
    send: (payout) => send(bank, payout),
    find: ({ payoutId }) => find(bank, payoutId),
    returns: ({ since }) => listReturns(bank, since),
  }
}

const zPayeeCheck = z.object({ result: z.enum(payeeChecks), name: z.string().max(140).nullish() })

/** Asks our bank, which asks the payee’s (Verification of Payee). */
export function createPayeeChecks(settings: BankSettings): PayeeCheckPort {
  const { url, headers, timeoutMs } = bankOf(settings)
  return {
    async check({ numbers, holder }) {
      const answer = await exchange(`${url}/v1/payee_checks`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: holder, account: numbers }),
        timeoutMs,
        maxBytes,
      })
      const { result, name } = read(zPayeeCheck, answer)
      return { check: result, name: name ?? null }
    },
  }
}

/**
 * After an unclear ending the bank is asked whether it has the payout, and only if it has not is the
 * same request sent once more under the same key.
 */
async function send(bank: Bank, payout: SendPayout): Promise<PayoutOutcome> {
  const body = JSON.stringify(toOrder(payout))
  const headers = {
    ...bank.headers,
    'content-type': 'application/json',
    'idempotency-key': payout.idempotencyKey,
  }
  let failure: unknown
  for (let attempt = 0; attempt < sendsMax; attempt += 1) {
    try {
      const { timeoutMs } = bank
      const answer = await exchange(`${bank.url}/v1/payouts`, {
        method: 'POST',
        headers,
        body,
        timeoutMs,
        maxBytes,
      })
      return toOutcome(read(zTransfer, answer), payout.payoutId)
    } catch (error) {
      if (!(error instanceof MoneyFailure) || !error.retryable) throw error
      failure = error
      const found = await find(bank, payout.payoutId)
      if (found.kind !== 'none') return found
    }
  }
  throw failure
}

async function find(bank: Bank, payoutId: string): Promise<PayoutState> {
  const data = await listTransfers(bank, `end_to_end_id=${encodeURIComponent(payoutId)}`)
  const standing = data.filter(({ status }) => !['rejected', 'returned'].includes(status))
  if (standing.length > 1)
    throw refused('payout_duplicated', `the bank has ${standing.length} payouts ${payoutId}`)
  const transfer = standing[0] ?? data[0]
  return transfer ? toOutcome(transfer, payoutId) : { kind: 'none' }
}

/** What the statement says that came back. */
async function listReturns(bank: Bank, since: string): Promise<PayoutReturnLine[]> {
  const query = `returned_since=${encodeURIComponent(since)}`
  const lines = await list(bank, query, zLines)
  return lines.flatMap((line) => {
    const transfer = zTransfer.safeParse(line)
    return transfer.success ? returnOf(transfer.data) : [{ problem: problemOf(transfer.error) }]
  })
}

function returnOf(transfer: Transfer): PayoutReturnLine[] {
  if (transfer.status !== 'returned') return []
  if (!(transfer.returned_at ?? transfer.booked_at))
    return [{ problem: `${transfer.id} says no day of the return` }]
  const payoutId = transfer.end_to_end_id
  const outcome = toOutcome(transfer, payoutId)
  if (outcome.kind !== 'returned') return []
  const { bankReference, reason, returnedAt } = outcome
  return [{ payoutId, bankReference, reason, returnedAt }]
}

const problemOf = (error: z.ZodError) => z.prettifyError(error).slice(0, 500)

const listTransfers = (bank: Bank, query: string) => list(bank, query, zTransfers)

async function list<T>(bank: Bank, query: string, schema: z.ZodType<{ data: T[] }>): Promise<T[]> {
  const url = `${bank.url}/v1/payouts?${query}`
  const { headers, timeoutMs } = bank
  let failure: unknown
  for (let attempt = 0; attempt < readsMax; attempt += 1) {
    try {
      return read(schema, await exchange(url, { headers, timeoutMs, maxBytes })).data
    } catch (error) {
      if (!(error instanceof MoneyFailure) || !error.retryable) throw error
      failure = error
    }
  }
  throw failure
}

function toOrder(payout: SendPayout) {
  const { payoutId, amount, creditorName, account, reference } = payout
  // ISO 20022 pain.001.001.09: EndToEndId Max35Text, Nm Max140Text (SEPA 70), Ustrd Max140Text.
  if (!/^[A-Za-z0-9_-]{1,35}$/.test(payoutId))
    throw invalid('payoutId', '1 to 35 letters, digits, - or _')
  if (creditorName.trim() === '' || creditorName.length > 70)
    throw invalid('creditorName', '1 to 70 characters')
  if (account.type === 'connected') throw invalid('account', 'an account of a bank')
  if (reference.trim() === '' || reference.length > 140)
    throw invalid('reference', '1 to 140 characters')
  if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0)
    throw invalid('amount', 'greater than zero')
  return {
    end_to_end_id: payoutId,
    amount: toDecimal(amount),
    currency: amount.currency,
    creditor: { name: creditorName, account },
    remittance: reference,
  }
}

function toOutcome(transfer: Transfer, payoutId: string): PayoutOutcome {
  if (transfer.end_to_end_id !== payoutId) {
    throw refused(
      'payout_mismatch',
      `the bank answered for ${transfer.end_to_end_id}, not ${payoutId}`,
    )
  }
  const said = [transfer.reason_code, transfer.reason].filter(Boolean).join(': ')
  const reason = said === '' ? 'no reason given' : said
  if (transfer.status === 'rejected') return { kind: 'rejected', reason }
  if (transfer.status === 'returned') {
    const bankReference = transfer.return_reference ?? `${transfer.id}:return`
    const returnedAt = transfer.returned_at ?? transfer.booked_at
    if (!returnedAt) throw refused('payout_mismatch', `the bank says no day of the return`)
    return { kind: 'returned', bankReference, reason, returnedAt }
  }
  const bookedAt = transfer.status === 'booked' ? transfer.booked_at : undefined
  return { kind: 'accepted', bankReference: transfer.id, ...(bookedAt ? { bookedAt } : {}) }
}

function read<T>(schema: z.ZodType<T>, answer: { status: number; text: string }): T {
  const json = parseJson(answer.text)
  if (answer.status >= 200 && answer.status < 300) {
    const parsed = schema.safeParse(json)
    if (parsed.success) return parsed.data
    // The work may be done: an unreadable "yes" is asked about again, never taken for a "no".
    throw new MoneyFailure(`bank: unreadable answer: ${z.prettifyError(parsed.error)}`, {
      code: 'bank_answer_unreadable',
      retryable: true,
    })
  }
  const problem = zProblem.safeParse(json)
  const { code, message } = problem.success
    ? problem.data.error
    : { code: 'bank_error', message: `status ${answer.status}` }
  const retryable = answer.status >= 500 || answer.status === 429 || answer.status === 409
  throw new MoneyFailure(`bank: ${message}`, { code, retryable })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function invalid(field: string, wanted: string): MoneyFailure {
  return refused('payout_invalid', `payout ${field} must be ${wanted}`)
}

function refused(code: string, message: string): MoneyFailure {
  return new MoneyFailure(message, { code, retryable: false })
}
