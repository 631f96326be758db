/** Where an operator's own code is asked: what it is told, which holds no personal data, and what it may answer. */
import { z } from 'zod'
import { amountMax } from './bounds.ts'
import { zAmount, zCurrency } from './money.ts'
import { partyRolePattern } from './parties.ts'
import { zStorable, zText } from './text.ts'
import { zInstant } from './time.ts'

export const policyHooks = ['before_start', 'after_record', 'split', 'before_payout'] as const
export type PolicyHook = (typeof policyHooks)[number]

/** Of the facts and answers below; another meaning is another number. */
export const policySchemaVersion = 1

export const policyFaults = [
  'unreadable',
  'no_hook',
  'steps',
  'time',
  'memory',
  'stack',
  'threw',
  'promise',
  'too_large',
  'no_json',
  'crashed',
  'busy',
  'answer',
] as const
export type PolicyFault = (typeof policyFaults)[number]

const zRef = zStorable(80)
const zWhole = z.int().min(-amountMax).max(amountMax)

const about = {
  at: zInstant,
  session: zRef,
  evse: zRef,
  country: zStorable(2),
  partner: zRef,
  currency: zCurrency,
}

export const zStartFacts = z.strictObject({
  ...about,
  hook: z.literal('before_start'),
  location: zRef,
  connector: zRef,
  channel: zStorable(20),
  /** A card was shown at the charger. */
  at_charger: z.boolean(),
  tariff: zRef,
  basis: zStorable(40),
  contract: zRef.nullable(),
  estimate: z.strictObject({ energy_wh: zWhole, duration_s: zWhole, total: zAmount }),
  hold: zAmount,
})

export const zRecordFacts = z.strictObject({
  ...about,
  hook: z.literal('after_record'),
  record: zRef,
  verdict: zStorable(40),
  rules: z.array(zStorable(60)).max(100),
  provisional: z.boolean(),
  energy_wh: zWhole,
  started_at: zInstant.nullable(),
  ended_at: zInstant.nullable(),
  /** What the operator asks above it. */
  difference: zAmount.nullable(),
  payable: zAmount.nullable(),
})

const zParty = z.strictObject({ role: z.string().regex(new RegExp(partyRolePattern)), id: zRef })
export const zSplitFacts = z.strictObject({
  ...about,
  hook: z.literal('split'),
  record: zRef,
  energy_wh: zWhole,
  sale: z.strictObject({ net: zAmount, vat: zAmount, gross: zAmount }),
  /** Whom a line may name. */
  parties: z.array(zParty).max(50),
})

export const zPayoutFacts = z.strictObject({
  hook: z.literal('before_payout'),
  at: zInstant,
  settlement: zRef,
  payee: zParty,
  amount: zAmount,
  sessions: zWhole,
})

export const zPolicyFacts = z
  .discriminatedUnion('hook', [zStartFacts, zRecordFacts, zSplitFacts, zPayoutFacts])
  .meta({
    id: 'PolicyFacts',
    description:
      'What a hook is called with: ids and figures, never who the driver is. `at` is the time of the call; there is no other clock.',
  })
export type PolicyFacts = z.infer<typeof zPolicyFacts>

const zReason = zText(300).meta({ description: 'Shown to whom it concerns.' })
const zGoOn = z.strictObject({ decision: z.literal('go_on') })

/** An amount of the sale that one party pays another, net of VAT; the lines are checked like those of a data policy. */
export const zSplitLine = z.strictObject({
  id: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9_]{0,39}$/),
  supplier: zParty,
  recipient: zParty,
  /** Minor units of the sale's currency. */
  amount: z.int().min(0).max(amountMax),
})

export const policyAnswers = {
  before_start: z.discriminatedUnion('decision', [
    zGoOn,
    z.strictObject({ decision: z.literal('refuse'), reason: zReason }),
  ]),
  after_record: z.discriminatedUnion('decision', [
    zGoOn,
    z.strictObject({ decision: z.literal('flag'), reason: zReason }),
  ]),
  split: z.strictObject({ lines: z.array(zSplitLine).max(50) }),
  before_payout: z.discriminatedUnion('decision', [
    zGoOn,
    z.strictObject({ decision: z.literal('hold'), reason: zReason }),
  ]),
} as const
export type PolicyAnswers = { [H in PolicyHook]: z.infer<(typeof policyAnswers)[H]> }

/** Printed as one: which hook it is of says the request. */
export const zPolicyAnswer = z
  .union([
    policyAnswers.before_start,
    policyAnswers.after_record,
    policyAnswers.split,
    policyAnswers.before_payout,
  ])
  .meta({
    id: 'PolicyAnswer',
    description:
      '`before_start`: go_on or refuse. `after_record`: go_on or flag. `split`: lines. `before_payout`: go_on or hold. Numbers are whole; minus zero is none.',
  })
