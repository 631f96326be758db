// A charge point operator in memory behind the connection port. A script says how it behaves; the test says when.
import type { Db } from '@chargelane/db'
import { storeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import {
  meterValuesOf,
  recordMeterValues,
  recordSupplyEvent,
} from '@chargelane/db/queries/sessions/supply'
import type { SupplyFact } from '@chargelane/rules/documents'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import type { SupplyEvent } from '../contract.ts'
import type {
  Accepted,
  Connection,
  ProbeOutcome,
  StartOutcome,
  StopOutcome,
  UnlockOutcome,
} from './connection.ts'
import { sha256 } from '@chargelane/rules/digest'
import type { FakeReading } from '@chargelane/rules/metering/meter.fake'
import { exact, exactOf, format, times } from '@chargelane/rules/exact'
import { money, toDecimal } from '@chargelane/rules/money'
import { readRecord, zRecordIn } from '@chargelane/rules/record/ocpi'
import { rate, usageFromMeter } from '@chargelane/rules/rating'
import { energyOf } from '@chargelane/rules/rating/usage'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'

const hoursOf = ({ start, end }: { start: string; end: string }): string =>
  ((Date.parse(end) - Date.parse(start)) / 3_600_000).toFixed(6)

/** OCPI 2.2.1 §10.3.1, as an operator would write it. */
function ocpiRecord(
  id: string,
  usage: UsageRecord,
  { net, gross, values }: { net: Money; gross: Money; values: string[] },
) {
  return {
    id,
    start_date_time: usage.started_at,
    end_date_time: usage.ended_at,
    currency: net.currency,
    charging_periods: usage.periods.map((period) => ({
      start_date_time: period.start,
      dimensions: [
        ...(period.energy_kwh === undefined ? [] : [{ type: 'ENERGY', volume: period.energy_kwh }]),
        { type: period.charging ? 'TIME' : 'PARKING_TIME', volume: hoursOf(period) },
      ],
    })),
    total_cost: { excl_vat: toDecimal(net), incl_vat: toDecimal(gross) },
    total_energy: energyOf(usage),
    ...(values.length === 0
      ? {}
      : { signed_data: { signed_values: values.map((signed_data) => ({ signed_data })) } }),
  }
}

export type Script = {
  probe: ProbeOutcome
  start: StartOutcome
  stop: StopOutcome
  unlock: UnlockOutcome
  /** Energy flows as soon as the start is accepted. */
  startsByItself: boolean
  /** A stop that was accepted is reported as an end. */
  endsOnStop: boolean
  /** The record follows the end at once. */
  sendsRecord: boolean
  /** The record is there for a pull even when it is never pushed. */
  hasRecordOnPull: boolean
  /** Events get lost; only a lookup tells. */
  isSilent: boolean
  /** Net and gross total the operator claims whatever it metered, in minor units; null for its own tariff's. */
  asks: number | null
  /** Added to the gross total the operator claims, in minor units. */
  overclaim: number
  /** Added to the last register value of the operator's record, whole Wh. */
  overclaimWh: number
  /** What follows a command at once comes with the command's answer. */
  tellsWithAnswer: boolean
  /** What its meter signed of the session, where it has one that signs. */
  signs: ((begin: FakeReading, end: FakeReading) => string[]) | null
  /** Who read the meter while it charged: our own node, or the operator that only told us. */
  readBy: 'node' | 'peer'
}

const honest: Script = {
  probe: { kind: 'reachable' },
  start: { kind: 'accepted' },
  stop: { kind: 'accepted' },
  unlock: { kind: 'rejected', detail: 'cannot be unlocked from afar' },
  startsByItself: true,
  endsOnStop: true,
  sendsRecord: true,
  hasRecordOnPull: false,
  isSilent: false,
  asks: null,
  overclaim: 0,
  overclaimWh: 0,
  tellsWithAnswer: false,
  signs: null,
  readBy: 'node',
}

type Charge = {
  startedAt: string
  endedAt?: string
  reason: 'requested' | 'ev_disconnected' | 'local'
}

export type FakeOperator = Connection & {
  script: Script
  /** Behaviour towards one session only. */
  scripts: Map<string, Partial<Script>>
  /** An honest operator, except for what is said here. */
  behave(script: Partial<Script>): void
  calls: { call: keyof Connection; sessionId: string; evseId?: string; connectorId?: string }[]
  charges: Map<string, Charge>
  beginCharging(sessionId: string): Promise<void>
  /** A reading of the register, `minutes` after the start. */
  meter(sessionId: string, energyWh: number, minutes: number): Promise<void>
  endCharging(sessionId: string, reason?: Charge['reason']): Promise<void>
  /** The one record of the session, or another under a name of its own. */
  sendRecord(sessionId: string, name?: string): Promise<{ cdrId: string } | null>
  tell(sessionId: string, key: string, fact: SupplyFact): Promise<void>
}

export type OperatorDependencies = {
  db: Db
  now: () => Promise<number>
  signal: (
    session: { sessionId: string; workflowId: string },
    event: { eventId: string } & SupplyFact,
  ) => Promise<void>
}

const kwhText = (wh: string) => format(times(exact(wh), exactOf(1, 3)))

const iso = (ms: number) => new Date(ms).toISOString()

export function createFakeOperator({ db, now, signal }: OperatorDependencies): FakeOperator {
  const operator: FakeOperator = {
    script: { ...honest },
    scripts: new Map(),
    calls: [],
    charges: new Map(),
    behave(script) {
      operator.script = { ...honest, ...script }
    },
    async probe({ sessionId }) {
      operator.calls.push({ call: 'probe', sessionId })
      return scriptOf(sessionId).probe
    },
    async start({ sessionId, evseId, connectorId }) {
      operator.calls.push({ call: 'start', sessionId, evseId, connectorId })
      const { start, startsByItself } = scriptOf(sessionId)
      return answering(sessionId, start, async () => {
        if (startsByItself) await operator.beginCharging(sessionId)
      })
    },
    async stop({ sessionId }) {
      operator.calls.push({ call: 'stop', sessionId })
      if (!operator.charges.has(sessionId)) return { kind: 'unknown_session' }
      const { stop, endsOnStop } = scriptOf(sessionId)
      return answering(sessionId, stop, async () => {
        if (endsOnStop) await operator.endCharging(sessionId, 'requested')
      })
    },
    async unlock({ sessionId }) {
      operator.calls.push({ call: 'unlock', sessionId })
      const { unlock } = scriptOf(sessionId)
      if (unlock.kind === 'accepted') await operator.endCharging(sessionId)
      return unlock
    },
    async lookup({ sessionId }) {
      operator.calls.push({ call: 'lookup', sessionId })
      const charge = operator.charges.get(sessionId)
      if (charge === undefined) return { kind: 'none' }
      const { startedAt, endedAt, reason } = charge
      const base = { startedAt, supplyRef: `sup-${sessionId}` }
      return endedAt === undefined
        ? { kind: 'charging', ...base }
        : { kind: 'ended', ...base, endedAt, reason }
    },
    async fetchRecord({ sessionId }) {
      operator.calls.push({ call: 'fetchRecord', sessionId })
      return scriptOf(sessionId).hasRecordOnPull ? makeRecord(sessionId) : null
    },
    async beginCharging(sessionId) {
      if (operator.charges.has(sessionId)) return
      const startedAt = iso(await now())
      operator.charges.set(sessionId, { startedAt, reason: 'local' })
      await reading(sessionId, 0, startedAt, 'Transaction.Begin')
      await operator.tell(sessionId, 'started', {
        at: startedAt,
        kind: 'charging_started',
        startedAt,
        supplyRef: `sup-${sessionId}`,
      })
    },
    async meter(sessionId, energyWh, minutes) {
      const at = iso(Date.parse(chargeOf(sessionId).startedAt) + minutes * 60_000)
      await reading(sessionId, energyWh, at, 'Sample.Periodic')
    },
    async endCharging(sessionId, reason = 'ev_disconnected') {
      const charge = chargeOf(sessionId)
      if (charge.endedAt !== undefined) return
      const endedAt = iso(await now())
      operator.charges.set(sessionId, { ...charge, endedAt, reason })
      await operator.tell(sessionId, 'ended', {
        at: endedAt,
        kind: 'charging_ended',
        endedAt,
        reason,
      })
      if (scriptOf(sessionId).sendsRecord) await operator.sendRecord(sessionId)
    },
    async sendRecord(sessionId, name = '') {
      const record = await makeRecord(sessionId, name)
      await operator.tell(sessionId, `record${name}`, {
        at: iso(await now()),
        kind: 'record_received',
        cdrId: record.cdrId,
      })
      return record
    },
    async tell(sessionId, key, fact) {
      if (scriptOf(sessionId).isSilent) return
      const session = await getSession(db, 'all', sessionId)
      if (session === undefined) throw new Error(`no session ${sessionId}`)
      const { workflowId } = session
      const event = { eventId: `${sessionId}:${key}`, ...fact }
      const answer = answers.get(sessionId)
      if (answer === undefined) return signal({ sessionId, workflowId }, event)
      await db.tx((tx) => recordSupplyEvent(tx, sessionId, event.eventId, fact))
      answer.push(event)
    },
  }

  /** What was told while a command was under way, for its answer; an answer that is asked for again says it again. */
  const answers = new Map<string, SupplyEvent[]>()

  async function answering<Outcome extends { kind: string }>(
    sessionId: string,
    outcome: Outcome,
    obey: () => Promise<void>,
  ): Promise<Outcome | Accepted> {
    if (outcome.kind !== 'accepted') return outcome
    if (scriptOf(sessionId).tellsWithAnswer && !answers.has(sessionId)) answers.set(sessionId, [])
    await obey()
    const told = answers.get(sessionId)
    return told === undefined ? outcome : { kind: 'accepted', told: [...told], keptMs: 0 }
  }

  const scriptOf = (sessionId: string): Script => ({
    ...operator.script,
    ...operator.scripts.get(sessionId),
  })

  const chargeOf = (sessionId: string): Charge => {
    const charge = operator.charges.get(sessionId)
    if (charge === undefined) throw new Error(`${sessionId} does not charge`)
    return charge
  }

  const reading = (sessionId: string, wh: number, at: string, context: string) =>
    recordMeterValues(db, [
      {
        sessionId,
        at,
        context,
        registerWh: String(1_000 + wh),
        source: scriptOf(sessionId).readBy === 'node' ? 'ocpp' : 'ocpi',
        receivedAt: at,
      },
    ])

  /** The operator's record of what it metered, at its own public tariff, plus what it overclaims. */
  async function makeRecord(sessionId: string, name = ''): Promise<{ cdrId: string }> {
    const { startedAt, endedAt = iso(await now()) } = chargeOf(sessionId)
    const terms = (await sessionTerms(db, sessionId))!
    const registers = (await meterValuesOf(db, sessionId)).map((row) => ({
      at: row.at,
      energy_wh: row.registerWh ?? '0',
    }))
    const inside = registers.filter((row) => row.at > startedAt && row.at < endedAt)
    const { overclaimWh } = scriptOf(sessionId)
    const metered = usageFromMeter({
      samples: [
        { at: startedAt, energy_wh: registers[0]!.energy_wh },
        ...inside,
        { at: endedAt, energy_wh: String(Number(registers.at(-1)!.energy_wh) + overclaimWh) },
      ],
      timeZone: terms.timeZone,
    })
    if (!metered.ok) throw new Error(JSON.stringify(metered.problems))
    const policy = terms.quote.body.rating_policy
    const rated = rate({
      tariff: terms.tariff!.canonical!,
      usage: metered.usage,
      policy,
    })
    const totals = rated.ok ? rated.rating.totals : undefined
    const register = (index: number) => kwhText(registers.at(index)?.energy_wh ?? '0')
    const values = scriptOf(sessionId).signs?.(
      { kind: 'B', kwh: register(0), at: startedAt },
      { kind: 'E', kwh: register(-1), at: endedAt },
    )
    const { currency } = terms.session
    const { asks, overclaim } = scriptOf(sessionId)
    const asked = {
      net: money((asks ?? totals?.net.amount ?? 0) + overclaim, currency),
      gross: money((asks ?? totals?.gross.amount ?? 0) + overclaim, currency),
    }
    const raw = JSON.stringify(
      ocpiRecord(`CDR-${sessionId}${name}`, metered.usage, { ...asked, values: values ?? [] }),
    )
    const read = readRecord(zRecordIn.parse(JSON.parse(raw)), terms.timeZone)
    if (!read.ok) throw new Error(read.message)
    const { claim, usage } = read.record
    const stored = await db.tx((tx) =>
      storeCdr(tx, {
        sessionId,
        connectionId: terms.connection.id,
        source: 'ocpi',
        countryCode: terms.connection.countryCode,
        partyId: terms.connection.partyId,
        ocpiId: `CDR-${sessionId}${name}`,
        contentHash: sha256(raw),
        raw,
        usage,
        document: { claim, tariff: null, signed_values: values ?? [] },
        currency,
        totalExclMinor: asked.net.amount,
        totalInclMinor: asked.gross.amount,
        receivedAt: endedAt,
      }),
    )
    return { cdrId: stored.cdr.id }
  }
  return operator
}
