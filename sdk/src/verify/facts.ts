/** What a pack tells beside price and money: the session, what happened in which room, and where its readings came from. */
import { z } from 'zod'
import { firstCommitted } from '@chargelane/rules/evidence/commitment'
import { compareExact, exact, exactOf, format, times } from '@chargelane/rules/exact'
import { energyOf } from '@chargelane/rules/rating/usage'
import { numberForSale, type TaxId } from '@chargelane/rules/vat/registrations'
import { fail, mustBe, type Outcome, type Pack, Refused } from './pack.ts'
import { judgeAgain, pricedAgain } from './price.ts'
import { hasRecord } from './seal.ts'
import { stateOf } from './sale.ts'
import {
  opaque,
  zAuthorization,
  zMeter,
  zQuoteHead,
  zSession,
  zTimeline,
  zVerdict,
} from './shapes.ts'

const thousand = exactOf(1_000)

/** A sale on our own readings stands, and the record of its operator came after it. */
const hasLateRecord = (pack: Pack): boolean =>
  pack.json('verdict.json', zVerdict).basis === 'provisional' &&
  pack
    .open('timeline.json', zTimeline)
    .some(({ room, what }) => room === 'aftercare' && what.startsWith('late record'))

/** The session is of the quote's place, of the agreement's parties, and of the energy that the record bears out. */
export async function checkSession(pack: Pack): Promise<Outcome> {
  const session = pack.json('session.json', zSession)
  const { channel } = pack.json('authorization.json', zAuthorization)
  mustBe('authorization.json', channel, session.channel, '/channel')
  const body = z
    .object({
      body: z.object({
        evse: z.string(),
        seller: z.object({ name: z.string() }),
        created_at: z.string(),
      }),
    })
    .parse(pack.parsed('quote.json')).body
  mustBe('session.json', session.evse.evse_id, body.evse, '/evse/evse_id')
  mustBe('session.json', session.seller.legalName, body.seller.name, '/seller/legalName')
  const { accounts } = z
    .object({ accounts: z.array(z.unknown()) })
    .parse(pack.parsed('agreement.json'))
  const known = accounts.flatMap((row) => zAccount.safeParse(row).data ?? [])
  for (const side of ['seller', 'partner'] as const) {
    const { id, country, vatId } = session[side]
    const account = known.find((row) => row.id === id)
    const expected = account && {
      id,
      country: account.country,
      vatId:
        side === 'seller'
          ? numberOf(account, session.place.country, body.created_at)
          : account.vatId,
    }
    mustBe('session.json', { id, country, vatId }, expected, `/${side}`)
  }
  if (!hasRecord(pack)) return 'of the quote’s place and the agreement’s parties'
  const { given } = judgeAgain(pack)
  const told = [pricedAgain(pack), given.usage, given.own?.usage ?? given.usage].map((usage) =>
    format(times(exact(energyOf(usage)), thousand)),
  )
  // A late record that proves more changes no sale that was made without it; the session then shows its energy.
  if (pack.has('split.json') && !hasLateRecord(pack) && !told.includes(session.energy_wh))
    mustBe('session.json', session.energy_wh, told[0], '/energy_wh')
  return `of the quote’s place and the agreement’s parties, ${session.energy_wh} Wh`
}

const zAccount = z.object({
  id: z.string(),
  country: z.string(),
  vatId: z.string().nullable(),
  vatChecked: z.boolean(),
  taxIds: z.array(opaque<TaxId>()).optional(),
})

/** The number under which an account takes part: the seller's is the one that counts at the charger on that day. */
function numberOf(account: z.infer<typeof zAccount>, place: string, at: string): string | null {
  const { taxIds, ...own } = account
  const registered = { ...own, ...(taxIds === undefined ? {} : { taxIds }) }
  return numberForSale(registered, place, at)?.vatId ?? null
}

// ── The meter ───────────────────────────────────────────────────────────────────────────────────────────────────

const numberPattern = /-?\d+(?:\.\d+)?/g

/** Every number that the messages of the session tell, as Wh and as kWh. */
function numbersIn(lines: readonly string[]): Set<string> {
  const told = new Set<string>()
  for (const line of lines)
    for (const [text] of line.matchAll(numberPattern)) {
      if (text.replace(/\D/g, '').length > 15) continue
      told.add(format(exact(text)))
      told.add(format(times(exact(text), thousand)))
    }
  return told
}

/** A charger that tells a register phase by phase, or counts over its range, is read by more than looking it up. */
const isComputed = (lines: readonly string[]) => lines.some((line) => line.includes('phase'))

/**
 * What our own node believed of a register never runs backwards. The end that the charger told pairs with the beginning:
 * readings between that it cannot follow from are not billed, so it may be below them, though never below the first.
 */
function checkForward(readings: z.infer<typeof zMeter>): void {
  const believed = readings.flatMap(({ registerWh: wh, flag, source, context }, index) =>
    wh === null || flag !== null || source !== 'ocpp' ? [] : [{ wh, context, index }],
  )
  const end = believed.findLast(({ context }) => context === 'Transaction.End')
  const [first] = believed
  let highest = first
  for (const reading of believed) {
    const { wh, index } = reading
    const least = reading === end ? first : highest
    if (least !== undefined && compareExact(exact(wh), exact(least.wh)) < 0)
      throw new Refused(
        fail(
          `meter.json: /${index}/registerWh is ${wh}, below ${least.wh} before it`,
          'meter.json',
          `/${index}/registerWh`,
        ),
      )
    if (reading !== end) highest = reading
  }
}

/** A register of the session stands in a message as it came over the wire. */
export async function checkMeter(pack: Pack): Promise<Outcome> {
  const readings = pack.json('meter.json', zMeter)
  const lines = pack
    .text('supply/messages.jsonl')
    .split('\n')
    .filter((line) => line !== '')
  for (const [index, { at }] of readings.entries()) {
    const before = readings[index - 1]?.at
    if (before !== undefined && Date.parse(at) < Date.parse(before))
      return fail(
        `meter.json: /${index}/at is before the reading above it`,
        'meter.json',
        `/${index}/at`,
      )
  }
  checkForward(readings)
  if (readings.length === 0) return { absent: 'no reading was told' }
  if (lines.length === 0 || isComputed(lines))
    return { absent: 'no message of the session tells its registers as they stand' }
  const told = numbersIn(lines)
  const strange = readings.findIndex(
    ({ registerWh, flag }) =>
      registerWh !== null &&
      flag === null &&
      exact(registerWh).n !== 0n &&
      !told.has(format(exact(registerWh))),
  )
  if (strange >= 0)
    throw new Refused(
      fail(
        `meter.json: /${strange}/registerWh is ${readings[strange]?.registerWh}, which no message told`,
        'meter.json',
        `/${strange}/registerWh`,
      ),
    )
  return `${readings.length} readings, each told by a message`
}

// ── What happened ───────────────────────────────────────────────────────────────────────────────────────────────

const isHidden = (value: unknown) => firstCommitted(value) !== undefined
const factOf = (detail: unknown, name: string): unknown =>
  typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined

/** Facts that a line of the timeline repeats of a paper, by what the line says. */
function expectedOf(pack: Pack): Record<string, [name: string, value: unknown][]> {
  const { verdict, cdr } = pack.json('verdict.json', zVerdict)
  const expected: Record<string, [string, unknown][]> = {}
  const put = (what: string, name: string, value: unknown) => {
    expected[what] = [...(expected[what] ?? []), [name, value]]
  }
  const { id } = pack.json('quote.json', zQuoteHead)
  put('quote consumed', 'quote', id)
  if (verdict.payable !== null && cdr.status === 'accepted')
    put('record accepted', 'payable', verdict.payable.gross)
  if (pack.has('invoice.xml')) {
    const number = /<cbc:ID>([^<]*)</.exec(pack.text('invoice.xml'))?.[1]
    put('invoice issued', 'number', number)
  }
  return expected
}

/** What the lines repeat of the papers is what the papers say. */
export async function checkTimeline(pack: Pack): Promise<Outcome> {
  const lines = pack.open('timeline.json', zTimeline)
  if (!pack.has('verdict.json')) return `${lines.length} lines`
  const expected = expectedOf(pack)
  const judged = pack.json('verdict.json', zVerdict).cdr.id
  const one = new Set(lines.map(({ what }) => what)).size
  for (const [index, { what, detail }] of lines.entries()) {
    const record = factOf(detail, 'cdr')
    if (record !== undefined && record !== judged) continue
    for (const [name, value] of expected[what] ?? []) {
      const stated = factOf(detail, name)
      if (stated === undefined || isHidden(detail)) continue
      mustBe('timeline.json', stated, value, `/${index}/detail/${name}`)
    }
    if (what === 'sale booked') checkShares(pack, detail, index)
  }
  return `${lines.length} lines (${one} kinds) agree with the papers`
}

function checkShares(pack: Pack, detail: unknown, index: number): void {
  const stated = { shares: factOf(detail, 'shares'), tax: factOf(detail, 'tax') }
  if (isHidden(stated)) return
  const { revisions } = stateOf(pack)
  const revision = revisions.find((each) => each.revision === factOf(detail, 'revision'))
  if (revision === undefined) return
  const { shares, tax } = revision.split
  mustBe('timeline.json', stated, { shares, tax }, `/${index}/detail`)
}
