import { setTimeout as wait } from 'node:timers/promises'
import { ChargelaneError } from '@chargelane/sdk'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'
import { startBank } from './bank/bank.ts'
import { startChargePoint } from './charge-point/charge-point.ts'
import type { ChargePoint } from './charge-point/charge-point.ts'
import { startCpo } from './cpo/cpo.ts'
import { startPaymentProvider } from './card-provider/card-provider.ts'
import { startPartner } from './partner/partner.ts'
import { startVies } from './tax-office/vies.ts'
import { startReferenceRates } from './bank/reference-rates.ts'
import { buildWorld } from './world.ts'
import type { World } from './world.ts'

// The simulated continent: card provider, bank, rates, an OCPI operator and chargers, all over their real protocols.

const zEnvironment = z.object({
  HOST: z.string().default('127.0.0.1'),
  SIMULATOR_PORT: z.coerce.number().int(),
  PSP_PORT: z.coerce.number().int(),
  BANK_PORT: z.coerce.number().int(),
  RATES_PORT: z.coerce.number().int(),
  SIM_CPO_PORT: z.coerce.number().int(),
  VIES_PORT: z.coerce.number().int(),
  SIM_PARTNER_PORT: z.coerce.number().int(),
  PUBLIC_API_URL: z.url(),
  OCPP_PUBLIC_URL: z.string(),
  STRIPE_WEBHOOK_URL: z.url(),
  STRIPE_WEBHOOK_SECRET: z.string(),
  /** Types of events the endpoint is subscribed to, by comma. */
  STRIPE_WEBHOOK_EVENTS: z.string().default('*'),
  BOOTSTRAP_PLATFORM_KEY: z.string(),
  /** Prefix of the files in which the continent remembers itself. */
  SIMULATOR_STATE_FILE: z.string(),
  /** Claimed seconds per real second while a car charges, so that a story takes seconds. */
  SIMULATOR_SPEED: z.coerce.number().positive().default(150),
})
type Environment = z.infer<typeof zEnvironment>

const tokenA = 'alpenstrom-sandbox-token-a'

/** What the provider pays out comes in with its id in the text, as Stripe's does. */
const arrivalOf = ({ id, amount, currency }: { id: string; amount: number; currency: string }) => ({
  reference: `IN${id.slice(-20)}`,
  amount: currency === 'jpy' ? String(amount) : (amount / 100).toFixed(2),
  currency: currency.toUpperCase(),
  counterparty: 'Stripe Payments Europe',
  text: `STRIPE ${id}`,
})

async function startOutsideWorld(env: Environment) {
  const host = env.HOST
  const state = (name: string) => env.SIMULATOR_STATE_FILE.replace(/(\.json)?$/, `-${name}.jsonl`)
  const bank = await startBank({
    host,
    port: env.BANK_PORT,
    bookedAfterMs: 200,
    stateFile: state('bank'),
  })
  return {
    bank,
    payments: await startPaymentProvider({
      host,
      port: env.PSP_PORT,
      webhookUrl: env.STRIPE_WEBHOOK_URL,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
      webhookEvents: env.STRIPE_WEBHOOK_EVENTS.split(','),
      stateFile: state('payments'),
      searchLagS: 0,
      onPayout: (payout) => bank.receive(arrivalOf(payout)),
    }),
    rates: await startReferenceRates({ host, port: env.RATES_PORT }),
    vies: await startVies({ host, port: env.VIES_PORT }),
    partner: await startPartner({
      host,
      port: env.SIM_PARTNER_PORT,
      stateFile: state('partner'),
    }),
    cpo: await startCpo({
      host,
      port: env.SIM_CPO_PORT,
      tokenA,
      speed: env.SIMULATOR_SPEED,
      stateFile: state('cpo'),
    }),
  }
}

/** The product may still be starting: what cannot be reached yet is tried again for a minute, an answer is final. */
async function onceReachable<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const isAnswer =
        error instanceof ChargelaneError && error.status !== undefined && error.status < 500
      if (isAnswer || Date.now() > deadline) throw error
      await wait(250)
    }
  }
}

function playCharger(env: Environment, charger: World['demo_charger']): Promise<ChargePoint> {
  return startChargePoint({
    url: env.OCPP_PUBLIC_URL,
    identity: charger.identity,
    password: charger.password,
    speed: env.SIMULATOR_SPEED,
    meterIntervalS: 60,
    plugAfterMs: 300,
    // A battery at a quarter takes the charger's full power and then less and less.
    powerW: (sinceStartS) =>
      sinceStartS < 600 ? 148_000 : Math.max(40_000, 148_000 - (sinceStartS - 600) * 60),
  })
}

async function main() {
  const env = zEnvironment.parse(process.env)
  const outside = await startOutsideWorld(env)
  const world = await onceReachable(() =>
    buildWorld({
      apiUrl: env.PUBLIC_API_URL,
      platformKey: env.BOOTSTRAP_PLATFORM_KEY,
      stateFile: env.SIMULATOR_STATE_FILE,
      partnerUrl: outside.partner.url,
      cpo: { versionsUrl: outside.cpo.versionsUrl, tokenA, countryCode: 'CH', partyId: 'ALP' },
    }),
  )
  const charger = await onceReachable(() => playCharger(env, world.demo_charger))
  const app = new Hono()
  const urls = {
    payments: outside.payments.url,
    bank: outside.bank.url,
    rates: outside.rates.url,
    cpo: outside.cpo.versionsUrl,
    partner: outside.partner.url,
  }
  app.get('/world', (c) => c.json({ ...world, urls }))
  app.get('/chargers', (c) => c.json([{ identity: charger.identity, ...charger.status() }]))
  const server = serve({ fetch: app.fetch, hostname: env.HOST, port: env.SIMULATOR_PORT })
  const stop = async () => {
    await charger.stop()
    await Promise.all(Object.values(outside).map((each) => each.stop()))
    server.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  process.once('disconnect', () => void stop())
  process.stdout.write(
    `${JSON.stringify({ ready: true, name: 'simulator', url: `http://${env.HOST}:${env.SIMULATOR_PORT}` })}\n`,
  )
}

await main()
