import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Chargelane } from '@chargelane/sdk'
import { z } from 'zod'

// The simulated continent signs up like anybody else: through the public API, with the SDK, and only once.

export type TestCharger = { identity: string; password: string; rfid: string; evse_id: string }

/** What was made at the first start; kept, because secrets are shown once. */
export type World = {
  keys: { partner_a: string; partner_b: string; cpo: string; cpo_ocpi: string; finance: string }
  accounts: Record<'partner_a' | 'partner_b' | 'cpo' | 'cpo_ocpi' | 'finance', string>
  connections: { node: string; ocpi: string }
  payment_sources: Record<'partner_a' | 'partner_b' | PartnerKind, string>
  /** By which an outside operator registers with us, as the party named; made anew at each start. */
  registration: { country_code: string; party_id: string; token_a: string }
  demo_charger: { identity: string; password: string; evse_id: string }
  test_chargers: TestCharger[]
}

/** What the sandbox's partner keeps for its customers. */
const partnerKinds = ['wallet', 'bnpl', 'fuel_card'] as const
type PartnerKind = (typeof partnerKinds)[number]

export type WorldOptions = {
  apiUrl: string
  platformKey: string
  stateFile: string
  /** Where the sandbox's partner answers for what its customers pay with. */
  partnerUrl: string
  cpo: { versionsUrl: string; tokenA: string; countryCode: string; partyId: string }
}

const address = (street: string, postal_code: string, city: string) => ({
  street,
  postal_code,
  city,
})

/** Fictitious companies; VAT numbers and IBANs have valid check digits and belong to nobody. */
const parties = {
  partner_a: {
    type: 'partner',
    partner_type: 'fleet',
    name: 'Flottenkarte Nord',
    legal_name: 'Flottenkarte Nord GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    vat_id: 'DE136695976',
    address: address('Kehrwieder 9', '20457', 'Hamburg'),
    iban: 'DE02120300000000202051',
    partner_share_bps: 4000,
  },
  partner_b: {
    type: 'partner',
    partner_type: 'navigation',
    name: 'Wanderlust Mobility',
    legal_name: 'Wanderlust Mobility Ltd',
    country: 'GB',
    payout_currency: 'GBP',
    vat_id: 'GB980780684',
    address: address('1 Paddington Street', 'W1U 5QB', 'London'),
    iban: 'GB33BUKB20201555555555',
    partner_share_bps: 4000,
  },
  cpo: {
    type: 'cpo',
    name: 'Voltwerk',
    legal_name: 'Voltwerk Ladenetz GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    vat_id: 'DE811907980',
    address: address('Aachener Straße 1042', '50858', 'Köln'),
    iban: 'DE89370400440532013000',
    agreement: { commission_bps: 800, supply_model: 'agency' },
  },
  cpo_ocpi: {
    type: 'cpo',
    name: 'Alpenstrom',
    legal_name: 'Alpenstrom Lade AG',
    country: 'CH',
    payout_currency: 'CHF',
    vat_id: 'CHE116281710MWST',
    address: address('Bundesgasse 20', '3011', 'Bern'),
    iban: 'CH9300762011623852957',
    agreement: { commission_bps: 900, supply_model: 'agency' },
  },
  cpo_outside: {
    type: 'cpo',
    name: 'Outside CPO',
    legal_name: 'Buiten Laden BV',
    country: 'NL',
    payout_currency: 'EUR',
    vat_id: 'NL123456782B01',
    address: address('Stationsplein 1', '3511 ED', 'Utrecht'),
    iban: 'NL20INGB0001234567',
    agreement: { commission_bps: 800, supply_model: 'agency' },
  },
  finance: {
    type: 'finance',
    name: 'Auditors',
    legal_name: 'Prüfwerk Revision AG',
    country: 'DE',
    payout_currency: 'EUR',
    address: address('Neuer Wall 50', '20354', 'Hamburg'),
  },
} as const

/**
 * Prices as German operators publish them: 0.59 EUR/kWh on DC and 0.49 on AC including 19 % VAT, and a blocking fee
 * per minute after four hours (0.10 EUR/min including VAT). OCPI 2.2.1 §11 wants them without VAT and per hour.
 */
function tariff(id: string, energyExclVat: number, text: string) {
  return {
    country_code: 'DE',
    party_id: 'VWL',
    id,
    currency: 'EUR',
    type: 'REGULAR' as const,
    tariff_alt_text: [{ language: 'de', text }],
    elements: [
      {
        price_components: [
          { type: 'ENERGY' as const, price: energyExclVat, vat: 19, step_size: 1 },
        ],
      },
      {
        price_components: [
          { type: 'PARKING_TIME' as const, price: 5.0421, vat: 19, step_size: 60 },
        ],
        restrictions: { min_duration: 14_400 },
      },
    ],
    last_updated: '2026-10-01T00:00:00.000Z',
  }
}

const dc = {
  standard: 'IEC_62196_T2_COMBO' as const,
  format: 'CABLE' as const,
  power_type: 'DC' as const,
  max_voltage: 920,
  max_amperage: 200,
  max_power_w: 150_000,
  tariffs: ['dc-2026'],
}
const ac = {
  standard: 'IEC_62196_T2' as const,
  format: 'SOCKET' as const,
  power_type: 'AC_3_PHASE' as const,
  max_voltage: 230,
  max_amperage: 32,
  max_power_w: 22_000,
  tariffs: ['ac-2026'],
}

const zMade = z.record(z.string(), z.string())

/** Every call carries a fixed key, so a start that was interrupted goes on where it stopped. */
class Builder {
  readonly #file: string
  readonly #made: Record<string, string>
  constructor(file: string) {
    this.#file = file
    this.#made = existsSync(file) ? zMade.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  }
  /** The `trf_…` id in a tariff's reference, which names its version too. */
  idOf(name: string): string {
    const [id] = (this.#made[name] ?? '').split('@')
    if (id === undefined || id === '') throw new Error(`${name} was not made yet`)
    return id
  }
  /** The value made under this name before, or now; written down before anything builds on it. */
  async once(
    name: string,
    make: (options: { idempotencyKey: string }) => Promise<string>,
  ): Promise<string> {
    const known = this.#made[name]
    if (known !== undefined) return known
    const value = await make({ idempotencyKey: `world-${name}` })
    this.#made[name] = value
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#made, null, 2), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
    return value
  }
}

function shownOnce(value: string | null, what: string): string {
  if (value === null) throw new Error(`${what} was already shown; remove .local to start anew`)
  return value
}

type Name = keyof typeof parties

async function signUp(builder: Builder, platform: Chargelane, name: Name) {
  const account = await builder.once(
    `account-${name}`,
    async (options) => (await platform.accounts.create(parties[name], options)).id,
  )
  const key = await builder.once(`key-${name}`, async (options) =>
    shownOnce(
      (await platform.api_keys.create({ name: 'sandbox', account }, options)).key,
      `The key of ${name}`,
    ),
  )
  return { account, key }
}

async function wallet(
  builder: Builder,
  partner: Chargelane,
  name: string,
  driver: string,
): Promise<string> {
  return builder.once(`source-${name}`, async (options) => {
    const source = await partner.payment_sources.create(
      { driver: { external_id: driver }, type: 'card', payment_method: 'pm_card_visa' },
      options,
    )
    return source.id
  })
}

async function buildNode(builder: Builder, cpo: Chargelane) {
  const connection = await builder.once(
    'node',
    async (options) =>
      (
        await cpo.connections.create(
          { protocol: 'node', country_code: 'DE', party_id: 'VWL' },
          options,
        )
      ).id,
  )
  for (const each of [
    tariff('dc-2026', 0.4958, '0,59 €/kWh, ab 240 Min. 0,10 €/Min.'),
    tariff('ac-2026', 0.4118, '0,49 €/kWh, ab 240 Min. 0,10 €/Min.'),
  ])
    await builder.once(
      `tariff-${each.id}`,
      async (options) => (await cpo.tariffs.create({ connection, tariff: each }, options)).ref,
    )
  const location = await builder.once('location', async (options) => {
    const made = await cpo.locations.create(
      {
        connection,
        name: 'Voltwerk Ladepark Köln-West',
        address: 'Aachener Straße 1042',
        city: 'Köln',
        postal_code: '50858',
        country: 'DE',
        position: { latitude: 50.9366, longitude: 6.8514 },
        time_zone: 'Europe/Berlin',
      },
      options,
    )
    return made.id
  })
  return { connection, location }
}

async function charger(
  builder: Builder,
  cpo: Chargelane,
  location: string,
  identity: string,
  evse_id: string,
  connector: typeof dc | typeof ac,
) {
  const password = await builder.once(`charger-${identity}`, async (options) => {
    const tariffs = connector.tariffs.map((name) => builder.idOf(`tariff-${name}`))
    const made = await cpo.charge_stations.create(
      { location, identity, evses: [{ evse_id, connectors: [{ ...connector, tariffs }] }] },
      options,
    )
    return shownOnce(made.password, `The password of ${identity}`)
  })
  return { identity, password, evse_id }
}

/** Five chargers that nobody plays, each with a card: for charge points that somebody else wrote. */
async function testChargers(
  builder: Builder,
  cpo: Chargelane,
  partner: Chargelane,
  location: string,
): Promise<TestCharger[]> {
  const chargers: TestCharger[] = []
  for (let number = 1; number <= 5; number++) {
    const made = await charger(
      builder,
      cpo,
      location,
      `VWL-T${number}`,
      `DE*VWL*ET${number}*1`,
      number <= 3 ? dc : ac,
    )
    const driver = `test-driver-${number}`
    const source = await wallet(builder, partner, driver, driver)
    const rfid = `04C1A6E0B5D4${number}0`
    await builder.once(
      `rfid-${number}`,
      async (options) =>
        (
          await partner.tokens.create(
            { driver: { external_id: driver }, payment_source: source, type: 'RFID', uid: rfid },
            options,
          )
        ).id,
    )
    chargers.push({ ...made, rfid })
  }
  return chargers
}

/** Flottenkarte Nord keeps wallets, instalments and fuel cards of its own, within a credit line. */
async function partnerPayers(
  builder: Builder,
  partner: Chargelane,
  { platform, account, partnerUrl }: { platform: Chargelane; account: string; partnerUrl: string },
): Promise<Record<PartnerKind, string>> {
  await builder.once('credit-line', async (key) => {
    const limit = { amount: 500_000, currency: 'EUR' }
    return (await platform.credit_lines.set({ account, limit }, key)).account
  })
  const made: Record<PartnerKind, string> = { wallet: '', bnpl: '', fuel_card: '' }
  for (const kind of partnerKinds) {
    // The port may be another one than at the first start.
    await builder.once(`endpoint-${kind}-${partnerUrl}`, async (key) => {
      const url = `${partnerUrl}/flottenkarte/${kind}`
      const { secret } = await partner.payment_endpoints.set({ kind, url }, key)
      await tellSecret(
        `${partnerUrl}/_control/flottenkarte/${kind}/secret`,
        shownOnce(secret, `The secret of ${url}`),
      )
      return url
    })
    made[kind] = await builder.once(`source-${kind}`, async (key) => {
      const driver = { external_id: `driver-${kind}` }
      const body = { driver, type: kind, payment_method: `flottenkarte-${kind}-1` }
      return (await partner.payment_sources.create(body, key)).id
    })
  }
  return made
}

async function tellSecret(control: string, secret: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(control, { method: 'POST', headers, body: JSON.stringify({ secret }) })
  if (!answer.ok) throw new Error(`${control}: ${answer.status}`)
}

/** The token of the start before is void; what registered by it registers anew. */
async function invitation(builder: Builder, operator: Chargelane): Promise<World['registration']> {
  const party = { country_code: 'NL', party_id: 'OUT' }
  const connection = await builder.once(
    'outside',
    async (options) =>
      (await operator.connections.create({ protocol: 'ocpi', ...party }, options)).id,
  )
  const { token_a } = await operator.connections.invite(connection)
  if (token_a === null) throw new Error('an invitation without a token')
  return { ...party, token_a }
}

/** Builds what is missing and returns all of it. Safe to call at every start, and after a start that was cut off. */
export async function buildWorld(options: WorldOptions): Promise<World> {
  const builder = new Builder(options.stateFile)
  const as = (apiKey: string) => new Chargelane({ apiKey, baseUrl: options.apiUrl })
  const platform = as(options.platformKey)
  const made = {
    partner_a: await signUp(builder, platform, 'partner_a'),
    partner_b: await signUp(builder, platform, 'partner_b'),
    cpo: await signUp(builder, platform, 'cpo'),
    cpo_ocpi: await signUp(builder, platform, 'cpo_ocpi'),
    cpo_outside: await signUp(builder, platform, 'cpo_outside'),
    finance: await signUp(builder, platform, 'finance'),
  }
  // Payees of the sandbox are paid what plans pay, up to an amount that stories do not reach.
  await builder.once('plan-limits', async (key) => {
    const plan_limits = ['EUR', 'CHF', 'GBP', 'SEK'].map((currency) => ({
      amount: 100_000,
      currency,
    }))
    const change = { plan_limits, reason: 'default of the sandbox' }
    return (await platform.platform_settings.set(change, key)).version ?? ''
  })
  const partner = as(made.partner_a.key)
  const node = as(made.cpo.key)
  const { connection, location } = await buildNode(builder, node)
  const { countryCode, partyId, versionsUrl, tokenA } = options.cpo
  const ocpi = await builder.once('ocpi', async (key) => {
    const body = {
      protocol: 'ocpi' as const,
      country_code: countryCode,
      party_id: partyId,
      versions_url: versionsUrl,
      token_a: tokenA,
    }
    return (await as(made.cpo_ocpi.key).connections.create(body, key)).id
  })
  const registration = await invitation(builder, as(made.cpo_outside.key))
  const pick =
    <Field extends 'account' | 'key'>(field: Field) =>
    (name: Name) =>
      made[name][field]
  const [account, key] = [pick('account'), pick('key')]
  return {
    keys: {
      partner_a: key('partner_a'),
      partner_b: key('partner_b'),
      cpo: key('cpo'),
      cpo_ocpi: key('cpo_ocpi'),
      finance: key('finance'),
    },
    accounts: {
      partner_a: account('partner_a'),
      partner_b: account('partner_b'),
      cpo: account('cpo'),
      cpo_ocpi: account('cpo_ocpi'),
      finance: account('finance'),
    },
    connections: { node: connection, ocpi },
    payment_sources: {
      partner_a: await wallet(builder, partner, 'partner_a', 'driver-anna'),
      partner_b: await wallet(builder, as(made.partner_b.key), 'partner_b', 'driver-beth'),
      ...(await partnerPayers(builder, partner, {
        platform,
        account: made.partner_a.account,
        partnerUrl: options.partnerUrl,
      })),
    },
    registration,
    demo_charger: await charger(builder, node, location, 'VWL-1001', 'DE*VWL*E1001*1', dc),
    test_chargers: await testChargers(builder, node, partner, location),
  }
}
