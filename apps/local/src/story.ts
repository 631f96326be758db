// Two sessions as a story, played with the SDK and nothing else: the same calls, two protocols, two currencies.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane } from '@chargelane/sdk'
import type { Evse, Money, Quote, Session } from '@chargelane/sdk'
import { fetchKeyList, verifyPack } from '@chargelane/sdk/verify'
import { z } from 'zod'
import { localDir } from './config.ts'
import { StartError } from './processes.ts'
import type { Stack } from './state.ts'

export type Told = Pick<Stack, 'keys' | 'ocpi' | 'test_chargers' | 'demo' | 'sandbox_partner'>

const zWorld = z.object({
  keys: z.object({
    partner_a: z.string(),
    partner_b: z.string(),
    cpo: z.string(),
    cpo_ocpi: z.string(),
    finance: z.string(),
  }),
  accounts: z.object({ cpo: z.string(), cpo_ocpi: z.string() }),
  connections: z.object({ node: z.string(), ocpi: z.string() }),
  payment_sources: z.object({
    partner_a: z.string(),
    partner_b: z.string(),
    wallet: z.string(),
    bnpl: z.string(),
    fuel_card: z.string(),
  }),
  registration: z.object({
    country_code: z.string(),
    party_id: z.string(),
    token_a: z.string(),
  }),
  urls: z.object({ partner: z.string() }),
  demo_charger: z.object({ evse_id: z.string() }),
  test_chargers: z.array(
    z.object({ identity: z.string(), password: z.string(), rfid: z.string(), evse_id: z.string() }),
  ),
})
type World = z.infer<typeof zWorld>

const zDemo = z.object({
  evse_id: z.string(),
  session_id: z.string(),
  ocpi_session_id: z.string(),
  evidence_path: z.string(),
  invoice_xml_path: z.string(),
  statement_path: z.string(),
})
type Demo = z.infer<typeof zDemo>
const demoFile = join(localDir, 'demo', 'demo.json')

export type StoryOptions = {
  apiUrl: string
  simulatorUrl: string
  platformKey: string
  ocpiVersionsUrl: string
  isToBePlayed: boolean
  say: (text: string) => void
}

type Teller = {
  world: World
  keysUrl: string
  lane: (key: string) => Chargelane
  say: (text: string) => void
}

/** Plays the story, or tells what an earlier one left. Throws a sentence for people when a chapter fails. */
export async function playStory(options: StoryOptions): Promise<Told> {
  const answer = await fetch(`${options.simulatorUrl}/world`, {
    signal: AbortSignal.timeout(10_000),
  })
  const world = zWorld.parse(await answer.json())
  const { partner_a, partner_b, cpo, finance } = world.keys
  const keys = { partner_a, partner_b, cpo, finance, platform: options.platformKey }
  const teller: Teller = {
    world,
    say: options.say,
    keysUrl: `${options.apiUrl}/.well-known/chargelane-keys.json`,
    lane: (apiKey) => new Chargelane({ apiKey, baseUrl: options.apiUrl }),
  }
  const demo = options.isToBePlayed ? await play(teller, options.platformKey) : earlierDemo(world)
  const { wallet, bnpl, fuel_card } = world.payment_sources
  const sandbox_partner = {
    url: world.urls.partner,
    payment_sources: { wallet, bnpl, fuel_card },
  }
  const { token_a: cpo_token_a, ...party } = world.registration
  const ocpi = { versions_url: options.ocpiVersionsUrl, cpo_token_a, ...party }
  return { keys, ocpi, test_chargers: world.test_chargers, demo, sandbox_partner }
}

function earlierDemo(world: World): Demo {
  if (existsSync(demoFile)) return zDemo.parse(JSON.parse(readFileSync(demoFile, 'utf8')))
  const none = {
    session_id: '',
    ocpi_session_id: '',
    evidence_path: '',
    invoice_xml_path: '',
    statement_path: '',
  }
  return { evse_id: world.demo_charger.evse_id, ...none }
}

async function play(teller: Teller, platformKey: string): Promise<Demo> {
  const { world, lane, say } = teller
  const began = Date.now()
  say('')
  const ownedCharger = await lane(world.keys.partner_a).evses.get(world.demo_charger.evse_id)
  const node = await sell(teller, {
    partner: 'partner_a',
    evse: ownedCharger,
    title: `Anna, driver of Flottenkarte Nord, at ${place(ownedCharger)} (operator's own charger, OCPP 1.6J)`,
  })
  say('')
  const swissCharger = await findSwissCharger(teller)
  const ocpi = await sell(teller, {
    partner: 'partner_b',
    evse: swissCharger,
    title: `Beth, driver of Wanderlust Mobility, at ${place(swissCharger)} (another company's charger, OCPI 2.2.1)`,
  })
  say('')
  await settle(teller, platformKey, [node, ocpi], began)
  const papers = await collectPapers(teller, node)
  const demo = {
    evse_id: world.demo_charger.evse_id,
    session_id: node.id,
    ocpi_session_id: ocpi.id,
    ...papers,
  }
  writeFileSync(demoFile, `${JSON.stringify(demo, null, 2)}\n`)
  return demo
}

function place(evse: Evse): string {
  return `${evse.evse_id}, ${evse.location.address}, ${evse.location.city}`
}

function shown(amount: Money): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency: amount.currency }).format(
    amount.amount / 10 ** minorDigits(amount.currency),
  )
}

function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  )
}

function kwh(energyWh: number): string {
  return `${(energyWh / 1000).toFixed(2)} kWh`
}

/** The OCPI handshake and the first pull run in the background; nothing is sellable before. */
async function findSwissCharger({ world, lane, say }: Teller): Promise<Evse> {
  const cpo = lane(world.keys.cpo_ocpi)
  const deadline = Date.now() + 60_000
  for (;;) {
    const connection = await cpo.connections.get(world.connections.ocpi)
    if (connection.status === 'live') break
    if (Date.now() > deadline)
      throw new StartError(
        `The OCPI connection did not come up: ${connection.last_error ?? connection.status}.`,
      )
    await wait(250)
  }
  const near = { latitude: 46.948, longitude: 7.4474 }
  const found = await lane(world.keys.partner_b).evses.search({
    near,
    radius_m: 100_000,
    available_only: true,
    limit: 100,
  })
  const evse = found.data.find((each) => each.sellable && each.cpo.id === world.accounts.cpo_ocpi)
  if (evse === undefined)
    throw new StartError(`None of ${found.data.length} chargers around Bern can be sold.`)
  say(`   search around Bern: ${found.data.length} chargers, nearest free one ${evse.evse_id}`)
  return evse
}

function tellQuote(say: Teller['say'], quote: Quote) {
  for (const component of quote.components)
    say(`   price      ${component.display['en'] ?? component.type}`)
  say(
    `   quote      ${quote.id}: about ${shown(quote.est.total)} for ${kwh(quote.est.energy_wh)}, ${shown(quote.hold_amount)} reserved, seller ${quote.seller.name}`,
  )
}

/** From quote to captured money. Nothing in here knows which protocol serves the charger. */
async function sell(
  teller: Teller,
  chapter: { partner: 'partner_a' | 'partner_b'; evse: Evse; title: string },
): Promise<Session> {
  const { world, say } = teller
  const lane = teller.lane(world.keys[chapter.partner])
  say(chapter.title)
  const quote = await lane.quotes.create({
    evse: chapter.evse.evse_id,
    payment_source: world.payment_sources[chapter.partner],
    est_energy_wh: 30_000,
  })
  tellQuote(say, quote)
  const started = await lane.sessions.create({ quote: quote.id })
  say(`   session    ${started.id}: ${started.status}, money ${started.money_status}`)
  await lane.sessions.waitFor(
    started.id,
    (session) => session.status === 'charging' || session.failure !== null,
    { timeoutMs: 60_000 },
  )
  await follow(lane, started.id, say)
  await lane.sessions.stop(started.id)
  const asked = performance.now()
  const captured = await lane.sessions.waitFor(started.id, isDecided, { timeoutMs: 120_000 })
  if (captured.totals === null || captured.hold?.captured == null)
    throw new StartError(
      `Session ${captured.id} ended ${captured.status} with money ${captured.money_status}.`,
    )
  say(`   stop to captured payment in ${((performance.now() - asked) / 1000).toFixed(1)} s`)
  const { incl_tax, excl_tax, tax } = captured.totals
  say(
    `   captured   ${shown(incl_tax)} = ${shown(excl_tax)} + ${shown(tax)} VAT for ${kwh(captured.energy_wh)}; ${shown(captured.hold.amount)} were reserved`,
  )
  return captured
}

const isDecided = (session: Session) =>
  ['captured', 'capture_failed', 'settled', 'settled_provisionally', 'released'].includes(
    session.money_status,
  )

const isSettled = (session: Session) => session.money_status === 'settled'

async function follow(lane: Chargelane, id: string, say: Teller['say']) {
  const until = Date.now() + 20_000
  let toldWh = 0
  for await (const event of lane.sessions.stream(id)) {
    if (
      event.type === 'session' &&
      event.session.status !== 'charging' &&
      event.session.status !== 'starting'
    ) {
      if (event.session.status !== 'awaiting_plug_in' && event.session.status !== 'authorizing')
        return
    }
    if (event.type === 'meter' && event.energy_wh - toldWh >= 3_000) {
      toldWh = event.energy_wh
      const cost = event.running_cost === null ? '' : `, ${shown(event.running_cost)} so far`
      say(
        `   charging   ${kwh(event.energy_wh)}${event.power_w === null ? '' : ` at ${Math.round(event.power_w / 1000)} kW`}${cost}`,
      )
    }
    if (toldWh >= 14_000 || Date.now() > until) return
  }
}

async function settle(teller: Teller, platformKey: string, sold: Session[], storyBegan: number) {
  const { world, lane, say } = teller
  say('settlement: everybody is paid')
  const finance = lane(world.keys.finance)
  // A batch takes what is booked; the books follow the capture within a second.
  for (const session of sold)
    await finance.sessions.waitFor(session.id, (each) => each.evidence_ready)
  await lane(platformKey).settlements.run()
  for (const session of sold) {
    const settled = await finance.sessions.waitFor(session.id, isSettled, { timeoutMs: 60_000 })
    say(
      `   ${settled.id}: settled ${settled.settlement.settled_at ?? ''}, 48-hour deadline ${settled.settlement.sla_deadline ?? ''}`,
    )
  }
  for await (const each of finance.settlements.list()) {
    if (Date.parse(each.created_at) < storyBegan) continue
    const payee = await finance.accounts.get(each.payee)
    const sessions = each.session_count === 1 ? 'session' : 'sessions'
    say(
      `   paid       ${payee.legal_name} (${each.role}): ${shown(each.amount)} for ${each.session_count} ${sessions}, bank reference ${each.payout_reference ?? '–'}`,
    )
  }
  const balance = await finance.ledger.trial_balance()
  for (const total of balance.totals) {
    if (total.difference !== '0')
      throw new StartError(`The ledger is off by ${total.difference} ${total.currency}.`)
    say(
      `   ledger     ${total.currency}: debit ${total.debit}, credit ${total.credit}, difference 0`,
    )
  }
}

/** The papers of the first session, as files: evidence, invoice, statement. */
async function collectPapers({ world, keysUrl, lane, say }: Teller, session: Session) {
  const folder = join(localDir, 'demo')
  mkdirSync(folder, { recursive: true })
  const finance = lane(world.keys.finance)
  const keep = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  const pack = await sealedAfterSettlement(finance, session.id)
  const evidence_path = keep(`${session.id}.zip`, pack)
  const trust = [await fetchKeyList(keysUrl)]
  const report = await verifyPack(pack, { trust })
  const failed = report.checks.find((check) => !check.ok)
  if (failed !== undefined)
    throw new StartError(`The evidence pack does not hold: ${failed.name}: ${failed.detail}.`)
  say(
    `evidence: ${report.checks.length} checks recomputed offline, all hold (revision ${report.revision ?? 0})`,
  )
  const [invoice] = (await finance.invoices.list({ session: session.id })).data
  if (invoice === undefined) throw new StartError(`Session ${session.id} has no invoice.`)
  const invoice_xml_path = keep(
    `${invoice.document_number}.xml`,
    await finance.invoices.xml(invoice.id),
  )
  keep(`${invoice.document_number}.pdf`, await finance.invoices.pdf(invoice.id))
  const settlement = (await lane(world.keys.cpo).settlements.list()).data.find(
    (each) => each.role === 'cpo',
  )
  if (settlement === undefined) throw new StartError('The operator has no settlement.')
  const statement_path = keep(
    `${settlement.id}.pdf`,
    await finance.settlements.statement(settlement.id),
  )
  say(
    `papers: invoice ${invoice.document_number} (PDF, EN 16931 XML), statement ${settlement.id}, in .local/demo`,
  )
  return { evidence_path, invoice_xml_path, statement_path }
}

/** The pack is sealed again once the payees have the money; that revision follows within seconds. */
async function sealedAfterSettlement(finance: Chargelane, id: string): Promise<Uint8Array> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const pack = await finance.sessions.evidence(id)
    const report = await verifyPack(pack)
    if ((report.revision ?? 0) > 1 || Date.now() > deadline) return pack
    await wait(200)
  }
}
