// The kind of payment behind a card: a hold at the card payment provider, captured by hand.
import { cardAmounts } from '@chargelane/rules/booking/small'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import * as z from 'zod'
import { guarded } from '../breaker.ts'
import type { PaymentKindTraits } from '../payment.ts'
import {
  createStripeMethods,
  createStripePayments,
  openStripe,
  type StripeSettings,
} from './stripe.ts'
import { createStripeMoney } from './stripe-money.ts'
import { createStripeSetup } from './stripe-setup.ts'
import { verifyWebhook } from './stripe-webhook.ts'

const zSettings = z.object({
  STRIPE_API_KEY: z.string().min(1),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(?:test|live)_/, 'must begin with pk_')
    .optional(),
  STRIPE_HOST: z.string().min(1).optional(),
  STRIPE_PORT: z.coerce.number().int().positive().optional(),
  STRIPE_PROTOCOL: z.enum(['http', 'https']).optional(),
})
const zEventSettings = z.object({ STRIPE_WEBHOOK_SECRET: z.string().min(1).optional() })

/** Names every variable that is wrong and never prints a value. */
function settingsOf<T>(schema: z.ZodType<T>, env: Record<string, string | undefined>): T {
  const parsed = schema.safeParse(env)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The settings of card payments are not valid. ${problems.join('; ')}`)
}

/** Of the process: where the provider is, and our own key. */
export function stripeSettings(env: Record<string, string | undefined>): StripeSettings {
  const settings = settingsOf(zSettings, env)
  const { STRIPE_HOST: host, STRIPE_PORT: port, STRIPE_PROTOCOL: protocol } = settings
  return {
    apiKey: settings.STRIPE_API_KEY,
    ...(settings.STRIPE_PUBLISHABLE_KEY === undefined
      ? {}
      : { publishableKey: settings.STRIPE_PUBLISHABLE_KEY }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
    // Four exchanges fit into the time a driver waits for an authorization.
    timeoutMs: 5_000,
  }
}

export const card: PaymentKindTraits = {
  ...kindFacts.card,
  hasFee: true,
  canBeChallenged: true,
  holdEnds: 'at_provider',
  can: { raise: true, refund: true },
  amounts: cardAmounts,
  open: ({ env, now }) => guarded(createStripePayments(stripeSettings(env)), { now }),
  openEvents(env) {
    const { STRIPE_WEBHOOK_SECRET: secret } = settingsOf(zEventSettings, env)
    return secret === undefined
      ? undefined
      : (rawBody, header) => verifyWebhook(rawBody, header('stripe-signature') ?? '', secret)
  },
  openMethods: ({ env }) =>
    env['STRIPE_API_KEY'] === undefined ? undefined : createStripeMethods(stripeSettings(env)),
  openSetup({ env }) {
    if (env['STRIPE_API_KEY'] === undefined) return undefined
    const settings = stripeSettings(env)
    return createStripeSetup(openStripe(settings), settings.publishableKey ?? null)
  },
}

/** Our balance at the card provider. */
export const openCardMoney = (env: Record<string, string | undefined>) =>
  createStripeMoney(openStripe(stripeSettings(env)))
