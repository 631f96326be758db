// By which rail a payout goes: by what its account is, its currency and what it costs; chosen once, and explained.
import type { PayoutRail } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { type BankNumbers, countryOf, isSepa } from '@chargelane/rules/bank/account'
import type { PayoutPort } from '../payment/payment.ts'

/** What a process can send by; the bank's own orders are always there. */
export type PayoutRails = { bank: PayoutPort } & Partial<Record<PayoutRail, PayoutPort>>

type Asked = { numbers: BankNumbers; currency: string }
type Chosen = { rail: PayoutRail; railReason: string }

/**
 * Undefined where no rail of this process reaches the account. A transfer in a file costs a part of one at a time, so it
 * is taken wherever SEPA goes.
 */
export function chooseRail(
  rails: Partial<Record<PayoutRail, unknown>>,
  { numbers, currency }: Asked,
): Chosen | undefined {
  if (numbers.type === 'connected')
    return rails.connect === undefined
      ? undefined
      : { rail: 'connect', railReason: 'The account is at the card provider, which pays it out.' }
  const country = countryOf(numbers) ?? ''
  const isIban = numbers.type === 'iban' || numbers.type === 'ch'
  if (rails.sepa_file !== undefined && currency === 'EUR' && isIban && isSepa(country))
    return {
      rail: 'sepa_file',
      railReason: `Euro to ${country} go as SEPA credit transfers in a file, which costs least.`,
    }
  if (rails.bank === undefined) return undefined
  const why = currency === 'EUR' && isSepa(country) ? 'No file is set up' : 'SEPA does not reach it'
  return { rail: 'bank', railReason: `${currency} to ${country}, one order at our bank. ${why}.` }
}

/** Of a rail that a payout was begun on: without it nothing can be said of the payout. */
export function railOf(rails: PayoutRails, rail: PayoutRail): PayoutPort {
  const port = rails[rail]
  if (port === undefined) throw new Error(`a payout went by ${rail}, which is not set up here`)
  return port
}
