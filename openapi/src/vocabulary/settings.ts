import { z } from 'zod'
import { countryPattern } from './countries.ts'
import { zId } from './ids.ts'
import { zAmount } from './money.ts'
import { zText } from './text.ts'
import { zInstant } from './time.ts'

/** What nobody has set, for an account, its market or all of them, is by these. */
export const settingDefaults = {
  record_deadline_s: 24 * 3_600,
  ghost_s: 15 * 60,
  price_hold_s: 30 * 60,
  usual_price_times: 5,
  dispute_after_s: 7 * 24 * 3_600,
  contract_term_s: 30 * 24 * 3_600,
  settle_within_s: 48 * 3_600,
  stop_confirmation_s: 60,
  vat_check_counts_s: 90 * 24 * 3_600,
  vat_recheck_s: 30 * 24 * 3_600,
  bank_account_cooling_s: 72 * 3_600,
  reconcile_provider_s: 3_600,
  reconcile_bank_s: 2 * 24 * 3_600,
  reconcile_sweep_s: 3 * 24 * 3_600,
} as const

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const zSeconds = (least: number, most: number) => z.int().min(least).max(most).nullable()

const zLimits = z
  .array(zAmount)
  .max(50)
  .refine((limits) => new Set(limits.map(({ currency }) => currency)).size === limits.length, {
    message: 'one limit for each currency',
  })
  .refine((limits) => limits.every(({ amount }) => amount >= 0), {
    message: 'must not be negative',
  })
  .nullable()

const settings = {
  record_deadline_s: zSeconds(60, 14 * day).meta({
    description:
      'How long after its end a session waits for the operator’s record before it is billed by our own. A session keeps what was set when it was opened.',
  }),
  ghost_s: zSeconds(60, 4 * hour).meta({
    description:
      'How long nothing may flow before a session is stopped. A session keeps what was set when it was opened.',
  }),
  price_hold_s: zSeconds(60, 7 * day).meta({
    description: 'How long an unusually high price is held before time lifts it.',
  }),
  usual_price_times: z.int().min(2).max(1_000).nullable().meta({
    description: 'Above so many times the usual price time lifts nothing, the platform alone does.',
  }),
  float_limits: zLimits.meta({
    description:
      'By how much payouts may go beyond what is on our bank account, by currency: money of sales that the provider has not paid out yet. Where nothing is named there is no limit. A payout beyond it waits as `awaiting_funds`.',
  }),
  plan_limits: zLimits.meta({
    description:
      'What an account without a credit line may come to owe for the sessions that its own plans pay, by currency. What is beyond it, or beyond a credit line, is paid to nobody before its money is in.',
  }),
  dispute_after_s: zSeconds(day, 90 * day).meta({
    description: 'How long a claim above the price waits before it is due to become a dispute.',
  }),
  contract_term_s: zSeconds(day, 400 * day).meta({
    description:
      'How long after its end a session that was billed by our own record is open to the operator’s. A session keeps what was set when it was opened; a record that comes is held against what is set by then.',
  }),
  settle_within_s: zSeconds(hour, 30 * day).meta({
    description:
      'Within how long of its end everybody who takes part in a session is to be paid. A session keeps what was set when it was opened.',
  }),
  stop_confirmation_s: zSeconds(5, 10 * minute).meta({
    description:
      'How long a charger that took a stop has to obey it before it is told again, and three times that before its end is concluded. A session keeps what was set when it was opened.',
  }),
  vat_check_counts_s: zSeconds(day, 400 * day).meta({
    description:
      'How long a tax office’s good answer about a VAT number allows a reverse charge. An answer keeps what was set when it came. Of all, not of a market or an account.',
  }),
  vat_recheck_s: zSeconds(day, 400 * day).meta({
    description:
      'At which age of its last good answer a VAT number is asked about again. Of all, not of a market or an account.',
  }),
  bank_account_cooling_s: zSeconds(hour, 30 * day).meta({
    description:
      'How long a new bank account waits before payouts go to it, unless a second person confirms it. One that waits keeps what was set when it was named. Of all, not of a market or an account.',
  }),
  reconcile_provider_s: zSeconds(60, 7 * day).meta({
    description:
      'How long what was booked of a session may be unlike what the provider lists before it is an open item. Of all, not of a market or an account.',
  }),
  reconcile_bank_s: zSeconds(60, 14 * day).meta({
    description:
      'How long a booking may be without its line on a statement before it is an open item: the days of the bank and of the provider begin at different hours. Of all, not of a market or an account.',
  }),
  reconcile_sweep_s: zSeconds(60, 30 * day).meta({
    description:
      'How long what the provider paid out may be on its way to the bank before it is an open item. Of all, not of a market or an account.',
  }),
}

/** Null is the default. */
export const zSettings = z.object(settings)
export type Settings = z.infer<typeof zSettings>
/** As they are kept: what was never named is absent. */
export type KeptSettings = { [Name in keyof Settings]?: Settings[Name] | undefined }

const zCountryCode = z.string().regex(countryPattern)

/** Whose settings they are: of one account (an operator), of a market, or of all. */
const whose = {
  market: zCountryCode.nullable().meta({ description: 'Of sessions in this country alone.' }),
  account: zId('account').nullable().meta({
    description: 'Of sessions at this operator’s chargers alone; before its market’s.',
  }),
}
export const zSettingsOf = z.object({
  market: zCountryCode.optional().meta({ description: 'Those of a market.' }),
  account: zId('account').optional().meta({ description: 'Those of an operator.' }),
})

export const zSettingsChange = z.strictObject({
  ...z.object(whose).partial().shape,
  reason: zText(500).meta({ description: 'Why, for the auditors.' }),
  ...zSettings.partial().shape,
})

export const zPlatformSettings = zSettings
  .extend({
    defaults: z
      .object(Object.fromEntries(Object.keys(settingDefaults).map((name) => [name, z.int()])))
      .meta({ description: 'What counts where a setting is null.' }),
    ...whose,
    version: zId('platformSettings').nullable().meta({
      description: 'Of the change that set them; null while nothing was ever set.',
    }),
    reason: z.string().max(500).nullable(),
    set_by: z.string().max(80).nullable().meta({
      description:
        'Id of the API key. Reason and key are for finance and the platform; null for others.',
    }),
    set_at: zInstant.nullable(),
  })
  .meta({
    id: 'PlatformSettings',
    description:
      'Policy of the platform, as data: what it decides for all, for a market, or for an operator. What is null for an operator is by its market, then by what is set for all, then by the default.',
  })
