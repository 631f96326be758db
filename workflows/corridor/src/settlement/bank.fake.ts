// A bank in memory: one transfer per payout id, booked at once or when told.
import { numberText } from '@chargelane/rules/bank/account'
import type { PayeeCheckPort } from '../onboarding/bank-accounts.ts'
import type { PayoutOutcome, PayoutPort, SendPayout } from '../payment/payment.ts'
import { MoneyFailure } from '../payment/payment.ts'

export type FakeBank = PayoutPort & {
  sent: Map<string, { payout: SendPayout; outcome: PayoutOutcome }>
  /** Replies of `send` that get lost after the transfer was taken. */
  loseReplies: number
  rejectReason: string | undefined
  /** What came back, until it is taken off. */
  returned: Awaited<ReturnType<PayoutPort['returns']>>
  /** Accounts to which nothing is booked until they are taken off. */
  slowNumbers: Set<string>
  bookedAt: () => string
  payeeCheck: PayeeCheckPort
}

/** What a worker is given of it. */
export const portsOf = (bank: FakeBank) => ({ payouts: { bank }, payeeCheck: bank.payeeCheck })

export function createFakeBank(bookedAt: () => string): FakeBank {
  const bank: FakeBank = {
    sent: new Map(),
    loseReplies: 0,
    rejectReason: undefined,
    returned: [],
    slowNumbers: new Set(),
    bookedAt,
    payeeCheck: { check: () => Promise.resolve({ check: 'match', name: null }) },
    async send(payout) {
      if (bank.sent.has(payout.payoutId)) throw new Error(`payout ${payout.payoutId} sent twice`)
      const outcome: PayoutOutcome =
        bank.rejectReason === undefined
          ? {
              kind: 'accepted',
              bankReference: `bank-${payout.payoutId}`,
              ...(bank.slowNumbers.has(numberText(payout.account))
                ? {}
                : { bookedAt: bank.bookedAt() }),
            }
          : { kind: 'rejected', reason: bank.rejectReason }
      bank.sent.set(payout.payoutId, { payout, outcome })
      if (bank.loseReplies > 0) {
        bank.loseReplies -= 1
        throw new MoneyFailure('the reply was lost', { code: 'timeout', retryable: true })
      }
      return outcome
    },
    async returns({ since }) {
      return bank.returned.filter((line) => 'problem' in line || line.returnedAt >= since)
    },
    async find({ payoutId }) {
      return bank.sent.get(payoutId)?.outcome ?? { kind: 'none' }
    },
  }
  return bank
}
