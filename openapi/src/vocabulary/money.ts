import * as z from 'zod'
import { amountMax } from './bounds.ts'

/** ISO 4217 alphabetic code, upper case. Whether it is a currency we know is decided by the money module. */
export const zCurrency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code of three upper-case letters')
  .meta({ id: 'Currency', description: 'ISO 4217 alphabetic currency code.', examples: ['EUR'] })

/** Money on the wire and in storage: an integer count of minor units and its currency; negative is owed back. */
export const zMoney = z.strictObject({ amount: z.int(), currency: zCurrency }).meta({
  id: 'Money',
  description: 'Integer minor units (cents, rappen, yen) and the ISO 4217 currency.',
})

/** Money as it is asked for. What comes in is bounded, so that no sum of it leaves the safe integers unnoticed. */
export const zAmount = z
  .strictObject({ amount: z.int().min(-amountMax).max(amountMax), currency: zCurrency })
  .meta({
    id: 'Amount',
    description: 'Money in a request: integer minor units, at most a million million of them.',
  })

/** Money in a request that is not below zero. */
export const zUnsignedAmount = z
  .strictObject({ amount: z.int().min(0).max(amountMax), currency: zCurrency })
  .meta({ id: 'UnsignedAmount', description: 'Money in a request, not below zero.' })

/** Money in a request that is above zero. */
export const zPositiveAmount = z
  .strictObject({ amount: z.int().min(1).max(amountMax), currency: zCurrency })
  .meta({ id: 'PositiveAmount', description: 'Money in a request, above zero.' })

/** A sum of the books in minor units, as text: it may be greater than a JSON number can say exactly. */
export const zMinorSum = z
  .string()
  .regex(/^-?(?:0|[1-9]\d{0,38})$/)
  .meta({ id: 'MinorSum', description: 'Integer minor units as text.', examples: ['123456'] })

/**
 * An exact decimal as text: up to 15 integer digits and 18 fraction digits, no exponent, no leading plus.
 * Eighteen fraction digits are kept because operators publish net prices divided out of a gross one
 * (0.49 / 1.19 = 0.4117647058823529), and the price they publish is the price we apply.
 */
export const zDecimal = z
  .string()
  .regex(
    /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/,
    'must be a decimal number such as 12.3456, without exponent',
  )
  .meta({ id: 'Decimal', description: 'Exact decimal number as text.', examples: ['0.5900'] })

/** A quantity or a price that is not below zero, as exact decimal text. */
export const zUnsignedDecimal = z
  .string()
  .regex(
    /^(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/,
    'must be a decimal number such as 12.3456, not below zero and without exponent',
  )
  .meta({
    id: 'UnsignedDecimal',
    description: 'Exact decimal number as text, not below zero.',
    examples: ['0.5900'],
  })

export type Currency = z.infer<typeof zCurrency>
export type Money = z.infer<typeof zMoney>
export type Decimal = z.infer<typeof zDecimal>
