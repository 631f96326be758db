/** What a record says, read from it as it was received: an operator's in OCPI, our own node's, or one of readings. */
import { z } from 'zod'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, exactOf, format, times } from '@chargelane/rules/exact'
import { energyOf, usageFromMeter } from '@chargelane/rules/rating/usage'
import { unpricedClaim } from '@chargelane/rules/record'
import { endNamed, readRecord, withoutNulls, zRecordIn } from '@chargelane/rules/record/ocpi'
import type { CdrClaim } from '@chargelane/rules/record/public-price'
import { billableSeries, type PowerLimit } from '@chargelane/rules/record/registers'
import { fail, mustBe, type Pack, Refused, same } from './pack.ts'
import { zMeter, zQuoteHead, zSession, zVerdict } from './shapes.ts'

const raw = 'cdr.raw.json'

type Claimed = { usage: UsageRecord; claim: CdrClaim; signedValues: string[]; words: string }

const refuse = (message: string) => new Refused(fail(`${raw}: ${message}`, raw))

/** The record that was taken back asks nothing any more; what it said stands as it came. */
const takenBack = (claim: CdrClaim): CdrClaim => ({
  ...claim,
  total_excl_vat: '0',
  total_incl_vat: '0',
})

function readOcpi(pack: Pack): Claimed {
  const parsed = zRecordIn.safeParse(endNamed(withoutNulls(pack.parsed(raw))))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refuse(`/${(issue?.path ?? []).map(String).join('/')}: ${issue?.message ?? 'no record'}`)
  }
  const { place } = pack.json('session.json', zSession)
  const read = readRecord(parsed.data, place.time_zone)
  if (!read.ok) throw refuse(read.message)
  const { usage, claim, signed_values: signedValues } = read.record
  return {
    usage,
    claim,
    signedValues,
    words: `${energyOf(usage)} kWh by the operator's record as received`,
  }
}

const zOwn = z.object({
  session: z.string(),
  evse: z.string().optional(),
  energy_wh: z.string().optional(),
  usage: zUsageRecord,
  signed_values: z.array(z.string()).optional(),
  total_excl_vat: z.string().nullable().optional(),
  total_incl_vat: z.string().nullable().optional(),
})

/** The readings that the verdict rests on: what came after it is in the pack too, and is not held against it. */
export function heardOf(pack: Pack) {
  const { readings_until: until } = pack.json('verdict.json', zVerdict).input
  return pack
    .json('meter.json', zMeter)
    .filter(({ receivedAt }) => until !== null && receivedAt <= until)
}

/** The energy that the registers of the session's readings bill. */
function meteredKwh(pack: Pack, usage: UsageRecord, limit: PowerLimit): string | undefined {
  const rows = heardOf(pack).flatMap(({ registerWh, flag, ...row }) =>
    registerWh === null || flag === 'after_stop' ? [] : [{ ...row, registerWh }],
  )
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return undefined
  const { samples } = billableSeries(
    { at: usage.started_at, registerWh: first.registerWh },
    rows,
    { at: usage.ended_at, registerWh: last.registerWh },
    limit,
  )
  const metered = usageFromMeter({
    samples: samples.map(({ at, registerWh }) => ({ at, energy_wh: registerWh })),
    timeZone: usage.time_zone,
    tariff: pack.json('tariff.canonical.json', zTariff),
  })
  return metered.ok ? energyOf(metered.usage) : undefined
}

/** Our own record states usage; its energy is that of the readings. */
function readOwn(pack: Pack): Claimed {
  const parsed = zOwn.safeParse(pack.parsed(raw))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refuse(`/${(issue?.path ?? []).map(String).join('/')}: ${issue?.message ?? 'no record'}`)
  }
  const own = parsed.data
  const { id, evse } = pack.json('session.json', zSession)
  mustBe(raw, own.session, id, '/session')
  if (own.evse !== undefined) mustBe(raw, own.evse, evse.id, '/evse')
  const { input } = pack.json('verdict.json', zVerdict)
  const energy = energyOf(own.usage)
  mustBe(raw, energy, meteredKwh(pack, own.usage, input.limit) ?? energy, '/usage')
  if (own.energy_wh !== undefined)
    mustBe(raw, own.energy_wh, format(times(exact(energy), exactOf(1_000))), '/energy_wh')
  const { currency } = pack.json('quote.json', zQuoteHead).body
  const { total_excl_vat: excl, total_incl_vat: incl } = own
  return {
    usage: own.usage,
    claim: {
      ...unpricedClaim(own.usage, currency),
      ...(excl === undefined ? {} : { total_excl_vat: excl }),
      ...(incl === undefined ? {} : { total_incl_vat: incl }),
    },
    signedValues: own.signed_values ?? [],
    words: `${energy} kWh by our own readings`,
  }
}

/** Usage and claim of the record, from its own text. */
export function readClaim(pack: Pack): Claimed {
  const { cdr, input } = pack.json('verdict.json', zVerdict)
  const read = cdr.source === 'ocpi' ? readOcpi(pack) : readOwn(pack)
  const back = takenBack(read.claim)
  return cdr.status === 'credited' && same(input.claim, back) ? { ...read, claim: back } : read
}
