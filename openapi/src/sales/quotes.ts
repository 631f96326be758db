import { z } from 'zod'
import {
  zCurrency,
  zDecimal,
  zDriver,
  zDriverRef,
  zEvseRef,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zProblem,
} from '../common.ts'
import { operation } from '../operation.ts'
import { zDistribution } from '../partners/agreements.ts'
import { zId } from '../vocabulary/ids.ts'
import { zQuoteContract } from '../plans/contracts.ts'
import { zQuoteAccess } from '../supply/access-rules.ts'
import { zTariffDimension } from '../vocabulary/tariff.ts'

export const zQuoteComponent = z
  .object({
    type: zTariffDimension,
    unit_price: z.object({
      value: zDecimal,
      currency: zCurrency,
      per: z.enum(['kWh', 'h', 'min', 'session']),
      tax: z.enum(['inclusive', 'exclusive']),
    }),
    net_unit_price: zDecimal,
    vat_rate: zDecimal.nullable().meta({ description: 'Percent, e.g. `19`.' }),
    step_size: z.int().min(0).meta({ description: 'Wh for ENERGY, seconds for times.' }),
    conditions: z
      .record(
        z.string().max(40),
        z.union([
          z.string().max(60),
          z.number().min(0).max(1_000_000_000),
          z.array(z.string().max(20)).max(7),
        ]),
      )
      .nullable()
      .meta({ description: 'When this price applies, in OCPI restriction terms.' }),
    display: z
      .record(z.string().max(5), z.string().max(300))
      .meta({ description: 'One line for the driver, per language.' }),
  })
  .meta({ id: 'QuoteComponent', description: 'One price of the tariff, ready to be shown.' })

const zFreeUsage = z
  .object({
    type: zTariffDimension,
    conditions: zQuoteComponent.shape.conditions,
    display: zQuoteComponent.shape.display,
  })
  .meta({ id: 'FreeUsage', description: 'Usage that no element of the tariff prices.' })

export const channels = ['app', 'in_car', 'web', 'pos', 'agent', 'qr', 'rfid'] as const

export const zQuote = z
  .object({
    id: zId('quote'),
    status: z.enum(['open', 'consumed', 'expired', 'cancelled']),
    session: zId('session').nullable().meta({ description: 'The session that used the quote.' }),
    evse: zId('evse'),
    evse_id: z.string().max(48),
    connector: zId('connector'),
    cpo: zId('account'),
    driver: zDriver,
    payment_source: zId('paymentSource'),
    channel: z.string().max(20),
    created_at: zInstant,
    expires_at: zInstant.meta({ description: 'The last moment to start a session with it.' }),
    guaranteed_until: z
      .literal('session_end')
      .meta({ description: 'Once started, the price holds to the end of the session.' }),
    tariff: z.string().max(48).meta({ description: 'The exact tariff version, `trf_…@7`.' }),
    tariff_hash: z.string().max(80).meta({ description: 'SHA-256 of that tariff, RFC 8785 form.' }),
    currency: zCurrency,
    components: z.array(zQuoteComponent).max(64_000),
    free_usage: z.array(zFreeUsage).max(10).optional().meta({
      description: 'What costs nothing and when, though the tariff prices other usage.',
    }),
    public_price_total: zMoney.meta({
      description: 'What the estimate costs at the public price.',
    }),
    applied_price_total: zMoney.meta({
      description: 'What it costs here: never more than public.',
    }),
    basis: z.enum(['public', 'rate_agreement', 'partner_discount', 'plan']).meta({
      description:
        'What the price rests on: the public tariff, an agreement with the CPO that is never above it, a discount the partner pays out of its own share, or the driver’s plan, whose seller pays the rest.',
    }),
    justification: z
      .string()
      .max(1_000)
      .nullable()
      .optional()
      .meta({ description: 'Why this price is below the public one, as recorded with its basis.' }),
    agreement: z
      .object({
        id: zId('rateAgreement'),
        version: z.int().min(1),
        tariff: z.looseObject({ id: z.string().max(48) }),
        tariff_hash: z.string().max(80),
      })
      .optional()
      .meta({
        description:
          'The agreed tariff, derived from the locked public one. The session pays the lower of both ratings.',
      }),
    discount: z
      .object({
        funded_by: z.literal('partner'),
      })
      .optional()
      .meta({
        description:
          'The partner’s own share of this sale, given to the driver instead of paid out: the card is captured for that much less. `distribution` says what it is computed from.',
      }),
    distribution: zDistribution.optional(),
    plan: z
      .object({
        id: zId('plan'),
        version: z.int().min(1),
        subscription: zId('subscription'),
        period: z.int().min(0),
        owner: zId('account'),
        funded_by: z.enum(['partner', 'cpo']),
        promised_kwh: zDecimal.meta({
          description: 'Of the allowance, kept for this session; more may be left at its end.',
        }),
        tariff: z.looseObject({ id: z.string().max(48) }),
        tariff_hash: z.string().max(80),
      })
      .optional()
      .meta({
        description:
          'The version of the driver’s plan that counts for this session to its end, also where its allowance is promised elsewhere now: what is free again by then is used.',
      }),
    contract: zQuoteContract.optional().meta({
      description: 'Under which the session is made, and why this one.',
    }),
    access: zQuoteAccess.optional().meta({
      description: 'The rule by which you may start here; absent where the place has none.',
    }),
    comparable_unit_price: z
      .object({
        value: zDecimal,
        currency: zCurrency,
        per: z.literal('kWh'),
        tax: z.literal('inclusive'),
        text: z.record(z.string().max(5), z.string().max(60)),
      })
      .optional()
      .meta({
        description:
          'All that the market’s typical session costs, per kWh, tax and fees included: for comparing.',
      }),
    limits: z
      .object({ min_total: zMoney.nullable(), max_total: zMoney.nullable() })
      .optional()
      .meta({ description: 'Floor and ceiling of a session, tax included.' }),
    idle_fee_terms: z
      .object({
        grace_s: z
          .int()
          .min(0)
          .meta({ description: 'Seconds from the start before such a fee counts.' }),
        display: z.record(z.string().max(5), z.string().max(10_000)),
      })
      .nullable()
      .optional()
      .meta({ description: 'What staying plugged in without charging costs; null: nothing.' }),
    est: z
      .object({
        energy_wh: z.int().min(0),
        duration_s: z.int().min(0),
        total: zMoney,
      })
      .meta({ description: 'The estimate the totals are for.' }),
    hold_amount: zMoney.meta({ description: 'What is reserved on the card at the start.' }),
    tax_lines: z.array(z.object({ rate: zDecimal.nullable(), net: zMoney, vat: zMoney })).max(20),
    seller: z.object({ name: z.string().max(200), vat_id: z.string().max(21).nullable() }),
    supply_model: z.enum(['agency', 'commissionaire', 'direct']),
    market_profile: z.string().max(60),
    rating_policy: z
      .looseObject({ id: z.string().max(60) })
      .meta({ description: 'How the tariff is read where OCPI leaves it open.' }),
    engine_version: z.string().max(60),
    fees_to_driver: z
      .array(z.never())
      .max(0)
      .meta({ description: 'Always empty: nothing is ever added to the operator’s price.' }),
    display_text: z
      .record(z.string().max(5), z.string().max(100_000))
      .meta({ description: 'The whole price in one text, per language.' }),
    signature: z.object({
      key_id: z.string().max(64),
      algorithm: z.literal('Ed25519'),
      value: z
        .string()
        .max(100)
        .meta({ description: 'base64 over the RFC 8785 form of `signed_body`.' }),
    }),
    signed_body: z
      .record(z.string().max(60), z.unknown())
      .meta({ description: 'Exactly what was signed.' }),
    livemode: zLivemode,
  })
  .meta({ id: 'Quote', description: 'A binding price for one session at one EVSE.' })

export const zQuoteCreate = z
  .strictObject({
    evse: zEvseRef,
    connector: zId('connector')
      .optional()
      .meta({ description: 'Needed only when the EVSE has connectors with different prices.' }),
    payment_source: zId('paymentSource'),
    driver: zDriverRef
      .optional()
      .meta({ description: 'The driver of the payment source by default; must be the same.' }),
    est_energy_wh: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Expected energy in Wh; sizes estimate and hold.', examples: [24000] }),
    est_duration_s: z
      .int()
      .min(1)
      .max(604_800)
      .optional()
      .meta({ description: 'Expected time plugged in, in seconds.' }),
    channel: z
      .enum(channels)
      .default('app')
      .meta({ description: 'Where the driver was shown the price.' }),
  })
  .meta({ id: 'QuoteCreate' })

const estimateFields = {
  est_energy_wh: zQuoteCreate.shape.est_energy_wh,
  est_duration_s: zQuoteCreate.shape.est_duration_s,
}

export const zQuoteBatch = z
  .strictObject({
    evses: z
      .array(
        z.strictObject({
          evse: zQuoteCreate.shape.evse,
          connector: zId('connector')
            .optional()
            .meta({ description: 'The most powerful priced one by default.' }),
        }),
      )
      .min(1)
      .max(50),
    ...estimateFields,
  })
  .meta({ id: 'QuoteBatch' })

export const zIndicativeQuote = zQuote
  .pick({
    evse: true,
    evse_id: true,
    connector: true,
    cpo: true,
    tariff: true,
    tariff_hash: true,
    currency: true,
    components: true,
    free_usage: true,
    public_price_total: true,
    applied_price_total: true,
    basis: true,
    justification: true,
    agreement: true,
    contract: true,
    access: true,
    discount: true,
    comparable_unit_price: true,
    limits: true,
    idle_fee_terms: true,
    est: true,
    market_profile: true,
    display_text: true,
  })
  .meta({
    id: 'IndicativeQuote',
    description:
      'What a quote would say now. Nobody is bound by it, nothing can be started with it.',
  })

const zIndicativeResult = z
  .object({
    evse: z.string().max(48).meta({ description: 'As you named it.' }),
    quote: zIndicativeQuote.nullable(),
    error: z
      .object({
        code: zProblem.shape.code,
        message: z.string().max(2_000),
        param: z.string().max(300).nullable(),
      })
      .nullable()
      .meta({ description: 'Why there is no price here; the others are not touched by it.' }),
  })
  .meta({ id: 'IndicativeResult' })

export const quotes = {
  batch: operation({
    id: 'quotes.batch',
    method: 'post',
    path: '/v1/quotes:batch',
    summary: 'Prices for a map',
    description:
      'Up to 50 EVSEs at once, without payment source and without obligation. Each is answered by itself, in your order. Ask for a binding quote before you start.',
    scope: 'quotes:write',
    body: zQuoteBatch,
    success: {
      status: 200,
      kind: 'json',
      description: 'One result per EVSE.',
      body: z
        .object({
          indicative: z.literal(true),
          created_at: zInstant,
          data: z.array(zIndicativeResult).max(50),
        })
        .meta({ id: 'IndicativeQuotes' }),
    },
    errors: [],
    idempotent: false,
  }),
  create: operation({
    id: 'quotes.create',
    method: 'post',
    path: '/v1/quotes',
    summary: 'Get a binding price',
    description:
      "Reads the operator's public tariff, locks that version by hash and signs the result. Show `components` or `display_text` to the driver before you start. The price holds until the end of a session started before `expires_at`.",
    scope: 'quotes:write',
    body: zQuoteCreate,
    success: { status: 201, kind: 'json', description: 'The quote.', body: zQuote },
    errors: [
      'resource_missing',
      'price_unavailable',
      'tariff_held',
      'unsupported_currency',
      'evse_not_available',
      'evse_not_reachable',
      'outstanding_debt',
      'credit_limit_exceeded',
      'payment_declined',
      'site_access_denied',
    ],
    idempotent: true,
  }),
  get: operation({
    id: 'quotes.get',
    method: 'get',
    path: '/v1/quotes/{id}',
    summary: 'Read a quote',
    description: 'A quote never changes; only its `status` does.',
    scope: 'quotes:write',
    params: zIdParam('quote'),
    success: { status: 200, kind: 'json', description: 'The quote.', body: zQuote },
    errors: [],
    idempotent: false,
  }),
  cancel: operation({
    id: 'quotes.cancel',
    method: 'post',
    path: '/v1/quotes/{id}/cancel',
    summary: 'Give a quote back',
    description: 'An open quote can no longer be used. Cancelling twice is harmless.',
    scope: 'quotes:write',
    params: zIdParam('quote'),
    success: { status: 200, kind: 'json', description: 'The quote.', body: zQuote },
    errors: ['quote_consumed', 'quote_expired'],
    idempotent: true,
  }),
}
