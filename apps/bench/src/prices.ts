// Prices under load: 300 operators, 200,000 EVSEs, and operators that keep changing their tariffs meanwhile.
import { setTimeout as wait } from 'node:timers/promises'
import { connect } from '@chargelane/db'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { cpoTerms } from '@chargelane/rules/agreement/distribution'
import { Chargelane } from '@chargelane/sdk'
import { percentile, type Rate, rateOf } from './figures.ts'
import { locationOf } from './locations.ts'
import type { Stack } from '../../local/src/state.ts'
import { say } from '../../local/src/steps.ts'

export type PriceFigures = {
  operators: number
  evses: number
  changesPerSecond: number
  quotes: Rate
  batches: Rate
  /** From the operator's request to the first price that shows the new version. */
  changeToQuotableMs: { p50: number; p99: number; changes: number }
}

type Operator = {
  connectionId: string
  cpoId: string
  party: string
  tariff: string
  /** One of its EVSEs. */
  evse: string
}

const lastUpdated = '2026-10-01T00:00:00.000Z'

const letter = (value: number) => String.fromCharCode(65 + (value % 26))

/** BAA, BAB, …: three letters for each operator. */
function partyOf(index: number): string {
  return `B${letter(Math.floor(index / 26))}${letter(index)}`
}

function tariffOf(operator: Pick<Operator, 'party' | 'tariff'>, version: number) {
  const price = (0.39 + (version % 10) / 100).toFixed(2)
  return {
    country_code: 'DE',
    party_id: operator.party,
    id: operator.tariff,
    currency: 'EUR',
    elements: [
      {
        price_components: [{ type: 'ENERGY' as const, price: '0.29', vat: '19', step_size: 1 }],
        restrictions: { start_time: '22:00', end_time: '06:00' },
      },
      {
        price_components: [{ type: 'ENERGY' as const, price, vat: '19', step_size: 1 }],
      },
      {
        price_components: [
          { type: 'PARKING_TIME' as const, price: '3.00', vat: '19', step_size: 60 },
        ],
        restrictions: { min_duration: 14_400 },
      },
    ],
    last_updated: new Date().toISOString(),
  }
}

/** Operators with a node connection and a public tariff each, and their share of the EVSEs. */
async function load(stack: Stack, platform: Chargelane, operators: number, evses: number) {
  const db = connect({ url: stack.database_url, name: 'bench-prices' })
  const made: Operator[] = []
  const perOperator = Math.ceil(evses / operators)
  try {
    for (let index = 0; index < operators; index++) {
      const party = partyOf(index)
      const account = await createAccount(db, {
        type: 'cpo',
        partnerType: null,
        name: `Bench ${party}`,
        legalName: `Bench ${party} GmbH`,
        country: 'DE',
        payoutCurrency: 'EUR',
        vatId: 'DE136695976',
        address: { street: 'Musterstraße 1', city: 'Musterstadt', postal_code: '12345' },
        iban: null,
        at: lastUpdated,
      })
      await signAgreement(db, {
        accountId: account.id,
        terms: cpoTerms({ commission: { bps: 800 }, supplyModel: 'agency' }),
        at: lastUpdated,
      })
      const { key } = await platform.api_keys.create({ name: 'bench', account: account.id })
      if (key === null) throw new Error('a new key is shown once, and was not')
      const cpo = new Chargelane({ apiKey: key, baseUrl: stack.api_url })
      const connection = await cpo.connections.create({
        protocol: 'node',
        country_code: 'DE',
        party_id: party,
      })
      const operator = {
        connectionId: connection.id,
        cpoId: account.id,
        party,
        tariff: `${party}-1`,
        evse: `DE*${party}*E${index * perOperator}`,
      }
      await platform.tariffs.create({
        connection: connection.id,
        tariff: tariffOf(operator, index),
      })
      const first = index * perOperator
      const size = Math.min(perOperator, evses - first)
      await upsertLocations(
        db,
        operator,
        Array.from({ length: size }, (_, at) => locationOf(first + at, operator)),
      )
      made.push(operator)
      if ((index + 1) % 100 === 0) say(`${index + 1} operators loaded`)
    }
    await db.execute('analyze')
  } finally {
    await db.close()
  }
  return made
}

/** Publishes a new price again and again, and asks at once until a price shows it. */
async function changeTariff(lane: Chargelane, platform: Chargelane, operator: Operator, n: number) {
  const body = { connection: operator.connectionId, tariff: tariffOf(operator, n) }
  const begin = performance.now()
  const published = await platform.tariffs.create(body)
  while (performance.now() - begin < 15_000) {
    const { data } = await lane.quotes.batch({ evses: [{ evse: operator.evse }] })
    if (data[0]?.quote?.tariff === published.ref) return performance.now() - begin
  }
  return Number.POSITIVE_INFINITY
}

export async function benchPrices(
  stack: Stack,
  operators: number,
  evses: number,
): Promise<PriceFigures> {
  const platform = new Chargelane({ apiKey: stack.keys.platform, baseUrl: stack.api_url })
  const lane = new Chargelane({ apiKey: stack.keys.partner_a, baseUrl: stack.api_url })
  const made = await load(stack, platform, operators, evses)
  const perOperator = Math.ceil(evses / operators)
  const source = await lane.payment_sources.create({
    driver: { external_id: 'bench-prices' },
    type: 'card',
    payment_method: 'pm_card_visa',
  })
  // Steps that are prime to the count visit every EVSE before any comes again.
  let position = 0
  const next = (): string => {
    position = (position + 104_729) % evses
    const operator = made[Math.floor(position / perOperator)]
    return `DE*${operator?.party ?? ''}*E${position}`
  }
  const changes: number[] = []
  const end = new AbortController()
  const changing = (async () => {
    for (let n = 1; !end.signal.aborted; n++) {
      const operator = made[(n * 37) % made.length]
      if (operator !== undefined) changes.push(await changeTariff(lane, platform, operator, n))
      await wait(20)
    }
  })()
  const begin = performance.now()
  const quote = () =>
    lane.quotes.create({ evse: next(), payment_source: source.id }).then(() => undefined)
  const batch = async () => {
    const fifty = Array.from({ length: 50 }, () => ({ evse: next() }))
    const { data } = await lane.quotes.batch({ evses: fifty })
    if (data.some((each) => each.quote === null)) throw new Error('an EVSE without a price')
  }
  await rateOf(4, 2000, quote)
  const quotes = await rateOf(4, 10_000, quote)
  await rateOf(2, 2000, batch)
  const batches = await rateOf(2, 10_000, batch)
  end.abort()
  await changing
  const seconds = (performance.now() - begin) / 1000
  const rounded = (percent: number) => Math.round(percentile(changes, percent))
  return {
    operators,
    evses,
    changesPerSecond: Math.round((changes.length / seconds) * 10) / 10,
    quotes,
    batches,
    changeToQuotableMs: { p50: rounded(50), p99: rounded(99), changes: changes.length },
  }
}
