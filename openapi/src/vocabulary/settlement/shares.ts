/** The language in which a sale is shared: what a rule may say, the same in a request, in storage and in the pack. */
import { z } from 'zod'
import { amountMax } from '../bounds.ts'
import { zId } from '../ids.ts'
import { zCurrency, zPositiveAmount, zUnsignedAmount, zUnsignedDecimal } from '../money.ts'
import { partyRolePattern } from '../parties.ts'
import { zPaymentKind } from '../payment.ts'
import { zDayOfWeek, zTariffType } from '../tariff.ts'

/** More than that is no policy that anybody reads. */
export const shareRulesMax = 50
export const shareTiersMax = 20

/** Fees that a share may be, each with a tax class of its own. */
export const shareFeeTypes = [
  'revenue_share',
  'platform_commission',
  'partner_share',
  'payment_processing',
] as const
export const shareDocuments = ['invoice', 'self_billed_invoice', 'statement_line'] as const

/** What a share may be a share of beside an earlier rule: the sale net of tax, or the part of it that was one component. */
export const saleBases = ['sale', 'energy', 'time', 'parking', 'fee'] as const
export type SaleBase = (typeof saleBases)[number]

const zBps = z.int().min(0).max(10_000)
const zPercentage = z.strictObject({ kind: z.literal('percentage'), bps: zBps }).meta({
  id: 'PercentageShare',
  description: 'Basis points of the base (10000 is all of it).',
})
const zFixed = z.strictObject({ kind: z.literal('fixed'), amount: zUnsignedAmount }).meta({
  id: 'FixedShare',
  description: 'For each session in which the base is more than nothing.',
})
const zPerKwh = z
  .strictObject({ kind: z.literal('per_kwh'), price: zUnsignedDecimal, currency: zCurrency })
  .meta({ id: 'PerKwhShare', description: 'For each kWh of the session, to the Wh.' })
const zPerMinute = z
  .strictObject({ kind: z.literal('per_minute'), price: zUnsignedDecimal, currency: zCurrency })
  .meta({ id: 'PerMinuteShare', description: 'For each minute from start to end, to the second.' })
const zPerPeriod = z.strictObject({ kind: z.literal('per_period'), amount: zPositiveAmount }).meta({
  id: 'PerPeriodShare',
  description:
    'For each site and period, whether or not anybody charged there; settled at its end.',
})

export const tierMeasures = [
  'amount',
  'period_energy',
  'period_turnover',
  'period_sessions',
] as const
const zTiered = z
  .strictObject({
    kind: z.literal('tiered'),
    by: z.enum(tierMeasures).meta({
      description:
        'The base of this session (minor units), or what the payee’s site came to in the period: energy (Wh), turnover net of tax (minor units) or sessions.',
    }),
    mode: z.enum(['marginal', 'whole']).meta({
      description:
        '`marginal`: each part at the tier it falls in. `whole`: all of it at the tier that was reached; of a period, settled at its end.',
    }),
    tiers: z
      .array(
        z.strictObject({
          from: z.int().min(0).max(amountMax),
          share: z.discriminatedUnion('kind', [zPercentage, zFixed, zPerKwh]),
        }),
      )
      .min(1)
      .max(shareTiersMax),
  })
  .meta({ id: 'TieredShare', description: 'Tiers in ascending order, the first from 0.' })

export const zShare = z.discriminatedUnion('kind', [
  zPercentage,
  zFixed,
  zPerKwh,
  zPerMinute,
  zPerPeriod,
  zTiered,
])

const zLocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
const zWindow = z
  .strictObject({
    from: zLocalTime.optional(),
    until: zLocalTime.optional(),
    days: z.array(zDayOfWeek).min(1).max(7).optional(),
  })
  .meta({
    id: 'ShareWindow',
    description:
      'Local time at the site in which a session starts; the end is not included. An end before the start is the next morning, of the day that the window began on.',
  })

const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(1_000).optional()
export const zShareCondition = z
  .strictObject({
    evses: listOf(zId('evse')),
    sites: listOf(zId('location')),
    min_power_w: z.int().min(0).max(10_000_000).optional(),
    max_power_w: z.int().min(0).max(10_000_000).optional(),
    times: z.array(zWindow).min(1).max(14).optional(),
    partners: listOf(zId('account')),
    payers: z.array(zPaymentKind).min(1).max(10).optional(),
    tariff_types: z.array(zTariffType).min(1).max(10).optional(),
  })
  .meta({
    id: 'ShareCondition',
    description: 'All that is named must hold; within a list any. The power is the EVSE’s.',
  })

/** A party of a rule; without an id it is whoever has the role in the session. */
export const zShareParty = z
  .strictObject({
    role: z.string().regex(new RegExp(partyRolePattern)),
    id: zId('account').optional(),
  })
  .meta({
    id: 'ShareParty',
    description:
      'Without `id` whoever is `cpo`, `partner` or `platform` of the session; every other role names its account.',
  })

export const zPolicyRule = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a word of lower-case letters, digits and _')
      .meta({ description: 'Names the line on statements, e.g. `site_share`.' }),
    fee_type: z.enum(shareFeeTypes).meta({ description: 'Decides its VAT.' }),
    supplier: zShareParty.meta({ description: 'Earns the share.' }),
    recipient: zShareParty.meta({ description: 'Pays it.' }),
    base: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a base or the id of a rule')
      .meta({
        description:
          '`sale`, or its part that is `energy`, `time`, `parking` or `fee`, all net of tax; `commission`, `partner_share`, or the id of an earlier rule.',
      }),
    share: zShare,
    document: z.enum(shareDocuments),
    when: zShareCondition.optional(),
    floor: zUnsignedAmount.optional().meta({ description: 'At least that in a session.' }),
    cap: zUnsignedAmount.optional().meta({ description: 'At most that in a session.' }),
    period_floor: zUnsignedAmount.optional().meta({
      description:
        'Minimum rent: at least that for each site and period, the rest settled at its end.',
    }),
    period_cap: zUnsignedAmount
      .optional()
      .meta({ description: 'At most that for each site and period.' }),
    shortfall: z.enum(['carry', 'waive']).default('carry').meta({
      description:
        'What becomes of a share for which its payer has too little left in a session: `carry` settles it at the end of the period, `waive` forgives it.',
    }),
  })
  .meta({
    id: 'ShareRule',
    description: 'One service that one party renders to another, and its price.',
  })

export type Share = z.infer<typeof zShare>
export type TieredShare = z.infer<typeof zTiered>
export type TierMeasure = (typeof tierMeasures)[number]
export type ShareCondition = z.infer<typeof zShareCondition>
export type ShareWindow = z.infer<typeof zWindow>
export type PolicyRule = z.infer<typeof zPolicyRule>

export const splitPeriods = ['month', 'quarter', 'year'] as const
export type SplitPeriod = (typeof splitPeriods)[number]

/** From the most specific on: the policy of an EVSE counts before that of its site. */
export const policyLevels = ['evse', 'site', 'contract', 'cpo', 'default'] as const
export type PolicyLevel = (typeof policyLevels)[number]
