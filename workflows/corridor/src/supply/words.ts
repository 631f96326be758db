// What supply tells, in the house's words. A protocol's map makes these and turns each answer into its own.
import type { CardStanding } from '@chargelane/db/queries/chargers/cards'
import type { EvseStatus, LocationInput } from '@chargelane/db/queries/locations/locations'
import type { OwnerClues } from '@chargelane/db/queries/sessions/owners'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { CdrClaim } from '@chargelane/rules/record/public-price'
import type { BillableSeries, Register } from '@chargelane/rules/record/registers'
import type { MeterSample } from '@chargelane/rules/rating/usage'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'

/** The connection something came by, and the CPO behind it. A row of `connections` is one. */
export type Channel = { id: string; cpoId: string; countryCode: string; partyId: string }

/** `node`: a charger whose socket is ours. `peer`: the CPO's own back end, over whatever it speaks. */
export type Source = 'node' | 'peer'

/** All that can tell whose session it is. */
export type Clues = OwnerClues & {
  /** Ours beyond doubt: our own node found the command it was given. */
  sessionId?: string | undefined
}

// ── A start ─────────────────────────────────────────────────────────────────────────────────────

export type Start = {
  channel: Channel
  clues: Clues & { supplyRef: string }
  /** How far it came. `booked` tells the session nothing; default `charging`. */
  stage?: 'booked' | 'plug_awaited' | 'charging' | 'failed' | undefined
  /** The charger waits for our leave to give energy; otherwise energy flows and we are only told. */
  asksLeave: boolean
  /** Energy flowed before we could be asked: only a blocked card is refused, whoever pays in the end (failures F25). */
  hasFlowed?: boolean | undefined
  /** The card of the credential, where the caller has read it: null when nobody registered one. */
  card?: CardStanding | null | undefined
  /** Receipt, UTC. */
  at: string
}

export type TakenStart =
  /** A session of ours has come so far; `again` when it was told before. */
  | { kind: 'started' | 'again'; sessionId: string }
  /** The driver began at the charger with a card we know: the session is opened from this start, when energy flows. */
  | { kind: 'adopted'; sessionId: string }
  | {
      kind: 'nobodys'
      /** `token_not_allowed`: a card of ours, shown to a CPO that did not ask us whether it may charge. */
      because:
        | 'token_unknown'
        | 'token_blocked'
        | 'token_refused'
        | 'token_not_allowed'
        | 'evse_unknown'
        /** The EVSE sells nothing at present, or not to this payer. */
        | 'not_sold'
      /** The card shown, where it is one of ours. */
      card: CardStanding | undefined
    }

// ── Readings ────────────────────────────────────────────────────────────────────────────────────

/** `context`: OCPP's ReadingContext, the field's own list; `Sample.Periodic` when the source does not say. */
export type Reading = {
  at: string
  context: string
  /** Wh as a decimal. */
  registerWh?: string | undefined
  powerW?: number | undefined
  socPercent?: number | undefined
}

/** `maxPowerW` where the source knows it; else the strongest connector of the session's EVSE. */
export type Limit = {
  maxPowerW?: number | undefined
  /** Added to the time between two readings before their difference counts as impossible. */
  slackMs: number
}

export type Readings = {
  sessionId: string
  source: Source
  /** The register the session began with, where it is known: what the first reading is held against. */
  begin?: Register | undefined
  /** The latest believed register, where the caller has read it: null when there is none. */
  last?: Register | null | undefined
  /** The same of the earliest. */
  first?: Register | null | undefined
  /** A reading after it is kept and never billed. */
  endedAt?: string | null | undefined
  readings: readonly Reading[]
  /** What the meter signed, as received. */
  signed?: readonly string[] | undefined
  limit: Limit
  /** Receipt, UTC. */
  at: string
}

/** `flagged`: how many readings no meter can have shown (failures F30); they are kept and never billed. */
export type TakenReadings = { kind: 'kept'; flagged: number }

// ── An end ──────────────────────────────────────────────────────────────────────────────────────

export type End = {
  sessionId: string
  source: Source
  endedAt: string
  reason: EndReason
  at: string
  /**
   * Given by who reads the meter itself. The registers of begin and end are one pair; without the one the first
   * believed reading is the baseline, without the other the last one is the end.
   */
  meter?:
    | {
        startedAt: string
        beginWh?: string | undefined
        stopWh?: string | undefined
        isInferred: boolean
        limit: Limit
      }
    | undefined
  /** Energy that nobody we know asked for is seen and kept, but no session hears of it. */
  isNobodys?: boolean | undefined
}

export type TakenEnd = {
  kind: 'ended' | 'again'
  /** The end as believed: a session of no length gets a millisecond. */
  endedAt: string
  /** With `meter`: the series to bill by, and why a person should look at it. */
  metered?: MeteredEnd | undefined
}

export type MeteredEnd = {
  samples: MeterSample[]
  energyWh: string
  review: BillableSeries['review']
  /** What is not billed, and was given if the register began anew where it fell. Wh. */
  doubtedWh?: string | undefined
  /** Where nobody told the end and the register had begun anew: what it showed last. */
  lastWh?: string | undefined
}

// ── A session of a peer ─────────────────────────────────────────────────────────────────────────

/** A CPO's session object as it stands, and what it says of a charge. */
export type PeerSession = {
  object: Record<string, unknown>
  lastUpdated: string
  clues: Clues & { supplyRef: string }
  stage: NonNullable<Start['stage']>
  readings: readonly Reading[]
  endedAt: string | undefined
}

export type PushedSession = {
  channel: Channel
  /** The CPO's id of the session, in whatever case it came. */
  supplyRef: string
  /** The reference we gave, where what was pushed names it. */
  reference: string | undefined
  /**
   * The object that follows the one held; undefined when what was pushed changes nothing. Asked again when another was
   * kept meanwhile.
   */
  next: (held: HeldObject | undefined) => PeerSession | undefined
  limit: Limit
  /** Receipt, UTC. */
  at: string
}

export type HeldObject = { object: Record<string, unknown>; lastUpdated: string }

/** `sessionId`: ours, null while it is nobody's. */
export type TakenSession = {
  kind: 'kept' | 'unchanged'
  sessionId: string | null
  /** Energy flows that nobody pays for: the CPO is to stop it. The name that its commands go by. */
  unpaid?: string
}

// ── A record ────────────────────────────────────────────────────────────────────────────────────

/** A CPO's record, read once. Its zone is that of the EVSE, which the house knows. */
export type PeerRecord = {
  kind: 'peer'
  channel: Channel
  /** The CPO's id of the record, a CiString. */
  recordId: string
  clues: Clues
  usage: Omit<UsageRecord, 'time_zone'>
  claim: CdrClaim
  /** The tariff embedded, where one can be read. */
  tariff: Tariff | null
  signedValues: readonly string[]
  /** Takes a whole record back; the id of that record where the CPO names it. */
  credit: { of: string | null } | null
  /** The object received, of which equal content is recognised, and its exact text. */
  object: Record<string, unknown>
  text: string
  at: string
}

/** Our own node's: what was metered. Its price is the corridor's to find. */
export type NodeRecord = {
  kind: 'node'
  channel: Channel
  sessionId: string
  supplyRef: string
  tokenUid: string
  evseId: string
  startedAt: string
  samples: readonly MeterSample[]
  energyWh: Decimal
  /** Its end was concluded, not told: it is provisional until one is. */
  isInferred: boolean
  at: string
}

export type TakenRecord =
  | { kind: 'stored' | 'same' | 'conflict'; cdrId: string; sessionId: string | null }
  /** It is no record: `path` names the field at fault. */
  | { kind: 'refused'; path: string; message: string }

// ── Tariffs and places ──────────────────────────────────────────────────────────────────────────

export type PublishedTariff = {
  channel: Channel
  /** The CPO's id of the tariff, in whatever case it came. */
  tariffId: string
  object: Record<string, unknown>
  text: string
  /** Which edition of the tariff's own schema the object follows. */
  edition: '2.1.1' | '2.2.1' | '2.3.0'
  at: string
}

export type TakenTariff = {
  kind: 'created' | 'new_version' | 'unchanged'
  tariffId: string
  /** Why it is not sold; empty for one that is. */
  unsold: { path: string; rule: string; message: string }[]
}

export type PublishedPlaces = {
  channel: Channel
  locations: readonly LocationInput[]
  /** Which tariffs are judged again, because power, country or tariffs of a charger may have changed. */
  concernsPrice: 'none' | 'these' | 'all'
  at: string
}

/** A new state of one EVSE, and nothing else. */
export type EvseChange = {
  channel: Channel
  /** As the CPO names it. */
  place: { locationId: string; evseUid: string }
  status: EvseStatus
  /** What was received: the same fields of the object we hold change to it. */
  object: Record<string, unknown>
  /** Of the change, as the CPO dates it. */
  at: string
}
