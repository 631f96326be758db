/** Bank accounts that payees are paid to, by what their country calls a number: what is sound, and what each can receive. */
import { isQRIBAN } from 'ibantools'
import type { Currency } from '@chargelane/openapi/vocabulary/money'
import type { PayeeCheck } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { isIban } from '../identity/account.ts'

export type BankNumbers =
  | { type: 'iban'; iban: string }
  | { type: 'ch'; iban: string }
  | { type: 'uk'; sort_code: string; account_number: string }
  | {
      type: 'us'
      routing_number: string
      account_number: string
      account_type: 'checking' | 'savings'
    }
  /** An account at the card provider, which has the numbers of the bank. */
  | { type: 'connected'; connected_account: string }

export type NumberProblem = { param: string; message: string }

/** Countries whose banks take SEPA credit transfers (EPC409-09, with those that joined in 2025). */
const sepaCountries = new Set(
  `AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI
   SK SM VA`.split(/\s+/),
)

/** What a bank of the country keeps accounts in beside the euro; none stands for the euro alone. */
const ownCurrency: Record<string, Currency> = {
  AE: 'AED',
  AL: 'ALL',
  CH: 'CHF',
  CZ: 'CZK',
  DK: 'DKK',
  GB: 'GBP',
  GI: 'GIP',
  HU: 'HUF',
  IL: 'ILS',
  IS: 'ISK',
  LI: 'CHF',
  MD: 'MDL',
  MK: 'MKD',
  NO: 'NOK',
  PL: 'PLN',
  RO: 'RON',
  RS: 'RSD',
  SE: 'SEK',
  TR: 'TRY',
}

/** Countries whose IBANs Swiss banks give out. */
const swissIbans = new Set(['CH', 'LI'])

export const isSepa = (country: string): boolean => sepaCountries.has(country)

const qrMessage = 'is a QR-IBAN, which is only paid with the reference of an invoice'

/** First digits that the Federal Reserve gives out: districts, thrifts, electronic, and the government’s. */
const isDistrict = (head: number) =>
  head <= 12 || (head >= 21 && head <= 32) || (head >= 61 && head <= 72) || head === 80

/** ABA routing numbers carry a check digit: the weights 3, 7 and 1 add up to a multiple of ten. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || !isDistrict(Number(text.slice(0, 2)))) return false
  const weights = [3, 7, 1]
  const total = Array.from(text).reduce(
    (before, digit, at) => before + Number(digit) * (weights[at % 3] ?? 0),
    0,
  )
  return total > 0 && total % 10 === 0
}

const all = (text: string) => new Set(text).size === 1

function ibanProblem(numbers: { type: 'iban' | 'ch'; iban: string }): NumberProblem | undefined {
  const { type, iban } = numbers
  const param = 'iban'
  if (!isIban(iban)) return { param, message: 'is no IBAN: its check digits do not fit' }
  const country = iban.slice(0, 2)
  const isSwiss = swissIbans.has(country)
  if (type === 'ch' && !isSwiss)
    return { param, message: `is of ${country}; an account of type ch is in CH or LI` }
  if (isSwiss && isQRIBAN(iban)) return { param, message: qrMessage }
  if (!isSepa(country) && ownCurrency[country] === undefined)
    return { param, message: `is of ${country}, where we pay to no bank` }
  return undefined
}

/** Why nothing could be paid there; undefined where the number is sound. The UK's modulus tables are its banks' alone. */
export function problemOf(numbers: BankNumbers): NumberProblem | undefined {
  switch (numbers.type) {
    case 'iban':
    case 'ch':
      return ibanProblem(numbers)
    case 'uk':
      if (!/^\d{6}$/.test(numbers.sort_code) || all(numbers.sort_code))
        return { param: 'sort_code', message: 'is no sort code: six digits' }
      return /^\d{8}$/.test(numbers.account_number) && !/^0+$/.test(numbers.account_number)
        ? undefined
        : { param: 'account_number', message: 'is no account number of the UK: eight digits' }
    case 'us':
      if (!isRoutingNumber(numbers.routing_number))
        return {
          param: 'routing_number',
          message: 'is no routing number: its check digit does not fit',
        }
      return /^\d{4,17}$/.test(numbers.account_number) && !/^0+$/.test(numbers.account_number)
        ? undefined
        : { param: 'account_number', message: 'is no account number of the US: 4 to 17 digits' }
    case 'connected':
      return /^acct_[A-Za-z0-9]{6,60}$/.test(numbers.connected_account)
        ? undefined
        : { param: 'connected_account', message: 'is no account of the card provider' }
  }
}

/** Where the bank is; the card provider's accounts say it themselves. */
export function countryOf(numbers: BankNumbers): string | null {
  switch (numbers.type) {
    case 'iban':
    case 'ch':
      return numbers.iban.slice(0, 2)
    case 'uk':
      return 'GB'
    case 'us':
      return 'US'
    case 'connected':
      return null
  }
}

/** Whether money of this currency arrives there as it is, without a bank that changes it on the way. */
export function canReceive(numbers: BankNumbers, currency: Currency): boolean {
  switch (numbers.type) {
    case 'iban':
    case 'ch': {
      const country = numbers.iban.slice(0, 2)
      return (currency === 'EUR' && isSepa(country)) || ownCurrency[country] === currency
    }
    case 'uk':
      return currency === 'GBP'
    case 'us':
      return currency === 'USD'
    case 'connected':
      return true
  }
}

/** One text for one account, by which another is told, however its holder spells it. */
export function numberText(numbers: BankNumbers): string {
  switch (numbers.type) {
    case 'iban':
    case 'ch':
      return numbers.iban
    case 'uk':
      return `GB ${numbers.sort_code} ${numbers.account_number}`
    case 'us':
      return `US ${numbers.routing_number} ${numbers.account_number}`
    case 'connected':
      return numbers.connected_account
  }
}

/** What people are shown of it: its last four. */
export const numberEnd = (numbers: BankNumbers): string => numberText(numbers).slice(-4)

/** A bare IBAN, as the type that its country makes it. */
export const ofIban = (iban: string): BankNumbers =>
  /^(?:CH|LI)/.test(iban) ? { type: 'ch', iban } : { type: 'iban', iban }

// ── Verification of the payee ───────────────────────────────────────────────────────────────────────────────────

/**
 * What follows from what the payee's bank says of the holder's name (Regulation (EU) 2024/886 Art. 5c). `use` lets the
 * cooling-off time suffice; `confirm` wants a second person whatever time has passed.
 */
export const payeeCheckPolicy: Record<PayeeCheck, 'use' | 'confirm'> = {
  match: 'use',
  close_match: 'use',
  no_match: 'confirm',
  // Banks outside the scheme never answer: the cooling-off time is what is left.
  unavailable: 'use',
}
