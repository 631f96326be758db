import { z } from 'zod'
import { zId } from './ids.ts'
import { zAmount } from './money.ts'
import { zText } from './text.ts'
import { zInstant } from './time.ts'

/** What the platform sets for all its markets; what it does not is by these. */
export const settingDefaults = {
  record_deadline_s: 24 * 3_600,
  ghost_s: 15 * 60,
  price_hold_s: 30 * 60,
  usual_price_times: 5,
  dispute_after_s: 7 * 24 * 3_600,
} as const

const hour = 3_600
const day = 24 * hour

const zSeconds = (least: number, most: number) => z.int().min(least).max(most).nullable()

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
  plan_limits: z
    .array(zAmount)
    .max(50)
    .refine((limits) => new Set(limits.map(({ currency }) => currency)).size === limits.length, {
      message: 'one limit for each currency',
    })
    .refine((limits) => limits.every(({ amount }) => amount >= 0), {
      message: 'must not be negative',
    })
    .nullable()
    .meta({
      description:
        'What an account without a credit line may come to owe for the sessions that its own plans pay, by currency. What is beyond it, or beyond a credit line, is paid to nobody before its money is in.',
    }),
  dispute_after_s: zSeconds(day, 90 * day).meta({
    description: 'How long a claim above the price waits before it is due to become a dispute.',
  }),
}

/** Null is the default. */
export const zSettings = z.object(settings)
export type Settings = z.infer<typeof zSettings>
/** As they are kept: what was never named is absent. */
export type KeptSettings = { [Name in keyof Settings]?: Settings[Name] | undefined }

export const zSettingsChange = z.strictObject({
  reason: zText(500).meta({ description: 'Why, for the auditors.' }),
  ...zSettings.partial().shape,
})

export const zPlatformSettings = zSettings
  .extend({
    defaults: z
      .object(Object.fromEntries(Object.keys(settingDefaults).map((name) => [name, z.int()])))
      .meta({ description: 'What counts where a setting is null.' }),
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
    description: 'Policy of the platform, as data: what it decides for all of its markets.',
  })
