import { z } from 'zod'
import { zCountryCode, zCurrency, zDecimal, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation } from '../operation.ts'
import { zTariff, zVersionNumber } from './tariffs.ts'
import { zId } from '../vocabulary/ids.ts'
import { zTariffDimension } from '../vocabulary/tariff.ts'

const zTexts = z.record(z.string().max(8), z.string().max(40_000))

const zExample = z
  .object({
    energy_wh: z.int(),
    power_w: z.int(),
    duration_s: z.int(),
    start: zInstant,
    total: zMoney.meta({ description: 'All included, as the driver pays it.' }),
    net_total: zMoney
      .nullable()
      .meta({ description: 'Null where a price without tax must not be shown.' }),
    tax_lines: z.array(z.object({ rate: zDecimal.nullable(), vat: zMoney })).max(64),
    comparable_unit_price: z
      .object({
        value: zDecimal,
        currency: zCurrency,
        per: z.literal('kWh'),
        tax: z.literal('inclusive'),
        text: z
          .string()
          .max(60)
          .meta({ examples: ['65.00 p/kWh'] }),
      })
      .nullable()
      .meta({ description: 'The whole price by the energy, as the market compares prices.' }),
    lines: z
      .array(
        z.object({
          type: zTariffDimension,
          element: z.int(),
          component: z.int(),
          unit: z.enum(['kWh', 's', 'session']),
          quantity: zDecimal,
          billed_quantity: zDecimal,
          vat_rate: zDecimal.nullable(),
          amount: zDecimal.meta({ description: 'Including VAT, in major units, not rounded.' }),
        }),
      )
      .max(1_000),
    curve: z
      .array(
        z.object({ elapsed_s: z.int(), energy_wh: z.int(), amount: z.int() }).meta({
          description: 'Minor units after so much time and energy.',
        }),
      )
      .max(100),
  })
  .meta({ id: 'TariffExample', description: 'A session priced as it would be sold.' })

const zPreview = z
  .object({
    tariff: z.string().max(48),
    market_profile: z.string().max(60),
    evse: zId('evse').nullable(),
    time_zone: z.string().max(60),
    display_text: zTexts
      .nullable()
      .meta({ description: 'The price in words, as a driver reads it; null when it is not sold.' }),
    examples: z.array(zExample).max(10),
    refusals: z
      .array(z.object({ path: z.string().max(300), message: z.string().max(2_000) }))
      .max(10)
      .meta({ description: 'Why an example has no price.' }),
  })
  .meta({ id: 'TariffPreview', description: 'How a tariff reads for example sessions.' })

const zPreviewQuery = z.object({
  version: zVersionNumber.optional(),
  energy_wh: z.coerce.number().int().min(1).max(1_000_000).optional(),
  duration_s: z.coerce.number().int().min(1).max(2_592_000).optional(),
  power_w: z.coerce.number().int().min(100).max(10_000_000).optional(),
  start: zInstant.optional().meta({ description: 'Start of the sessions; now when absent.' }),
  evse: zId('evse').optional().meta({ description: 'The charger: its place, zone and power.' }),
})

const zExplanation = z
  .object({
    tariff: zTariff,
    display_text: zTexts.nullable(),
    elements: z
      .array(
        z.object({
          path: z.string().max(60),
          lines: z.array(zTexts).max(64),
        }),
      )
      .max(1_000)
      .meta({ description: 'Each element in words, in the order in which they are tried.' }),
    markets: z
      .array(
        z.object({
          country: zCountryCode,
          market_profile: z.string().max(60),
          sold: z.boolean(),
          from_power_w: z.int().nullable().meta({
            description: 'Where it is sold at weaker connectors only: the power from which not.',
          }),
          problems: z
            .array(
              z.object({
                path: z.string().max(300),
                rule: z.string().max(100),
                message: z.string().max(2_000),
              }),
            )
            .max(200),
        }),
      )
      .max(200),
  })
  .meta({ id: 'TariffExplanation', description: 'How we read a tariff, and where it is sold.' })

/** One tariff as a person or a machine looks at it. */
export const tariffPages = {
  preview: operation({
    id: 'tariffs.preview',
    method: 'get',
    path: '/v1/tariffs/{id}/preview',
    summary: 'Price example sessions',
    description:
      'The price in words and example sessions of the market, each with its lines and a curve to draw; your own session first when you give `energy_wh` or `duration_s`.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: zPreviewQuery,
    success: { status: 200, kind: 'json', description: 'The preview.', body: zPreview },
    errors: ['price_unavailable'],
    idempotent: false,
  }),
  plot: operation({
    id: 'tariffs.plot',
    method: 'get',
    path: '/v1/tariffs/{id}/preview.svg',
    summary: 'Draw example sessions',
    description: 'The curves of the preview as a drawing.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: zPreviewQuery,
    success: { status: 200, kind: 'file', description: 'An SVG.', media: 'image/svg+xml' },
    errors: ['price_unavailable'],
    idempotent: false,
  }),
  explain: operation({
    id: 'tariffs.explain',
    method: 'get',
    path: '/v1/tariffs/{id}/explain',
    summary: 'Explain a tariff',
    description: 'Every element in words, and in which markets and up to which power it is sold.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: z.object({ version: zVersionNumber.optional() }),
    success: { status: 200, kind: 'json', description: 'The explanation.', body: zExplanation },
    errors: [],
    idempotent: false,
  }),
  raw: operation({
    id: 'tariffs.raw',
    method: 'get',
    path: '/v1/tariffs/{id}/raw',
    summary: 'Download a tariff as received',
    description: 'The text of your tariff, byte for byte as it reached us.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: z.object({ version: zVersionNumber.optional() }),
    success: { status: 200, kind: 'file', description: 'The text.', media: 'application/json' },
    errors: [],
    idempotent: false,
  }),
}
