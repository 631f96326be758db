// What a charger told and nobody pays for or knows: acknowledged, because it would be told for ever, and put aside for a
// person with its energy.
import { endOf } from '@chargelane/db/sealed'
import type { Sql, Tx } from '@chargelane/db'
import { evsesOfStation, stationById } from '@chargelane/db/queries/chargers/chargers'
import type { RunningTransaction } from '@chargelane/db/queries/chargers/meter-values'
import type { TransactionRow } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import type { TakenEnd } from '@chargelane/corridor/supply/inbox'
import type { Ending, Told } from './end.ts'
import type { End, Update } from './events.ts'

type Ended = Ending & { taken: TakenEnd }

const fell = 'the register fell: it was misread, or it began anew and this energy is not billed'

/** Energy that nobody authorized, and registers that no meter can have shown. */
export async function putEndsAside(tx: Tx, ended: readonly Ended[]): Promise<void> {
  for (const { transaction, taken, stoppedAt, receivedAt: at } of ended) {
    const { energyWh, review, doubtedWh } = taken.metered ?? { energyWh: '0', review: null }
    if (transaction.origin === 'unknown') {
      if (energyWh !== '0') await putUnpaidAside(tx, transaction, { energyWh, stoppedAt, at })
    } else if (review === 'register_implausible')
      await putReadingAside(
        tx,
        transaction,
        at,
        'the registers of begin and end do not fit',
        doubtedWh,
      )
    else if (doubtedWh !== undefined) await putReadingAside(tx, transaction, at, fell, doubtedWh)
  }
}

async function putUnpaidAside(
  tx: Tx,
  transaction: RunningTransaction,
  { energyWh, stoppedAt, at }: { energyWh: string; stoppedAt: string; at: string },
): Promise<void> {
  const { chargeStationId, ocppEvseId, transactionId, idToken, sessionId, startedAt } = transaction
  const numbers = (await evsesOfStation(tx, chargeStationId)).map((evse) => evse.ocppEvseId)
  const isKnown = ocppEvseId !== null && numbers.includes(ocppEvseId)
  await openIncident(tx, {
    kind: isKnown ? 'start_refused_at_charger' : 'unknown_place',
    subject: { type: 'session', id: sessionId },
    ...(await ownerOf(tx, chargeStationId)),
    sessionId,
    cause: isKnown
      ? 'the charger gave energy to a credential that was refused'
      : `the charger gave energy at connector ${ocppEvseId}, which is no EVSE of ours`,
    detail: {
      charge_station: chargeStationId,
      connector: ocppEvseId,
      transaction: transactionId,
      id_token: idToken === null ? null : endOf(idToken),
      started_at: startedAt,
      ended_at: stoppedAt,
    },
    energyWh,
    actions: [],
    at,
  })
}

/** A register that cannot be, of a session that is paid for. */
export async function putReadingAside(
  sql: Sql,
  { chargeStationId, transactionId, sessionId }: RunningTransaction,
  at: string,
  cause: string,
  energyWh?: string,
): Promise<void> {
  await openIncident(sql, {
    kind: 'implausible_reading',
    subject: { type: 'session', id: sessionId },
    ...(await ownerOf(sql, chargeStationId)),
    sessionId,
    cause,
    detail: { charge_station: chargeStationId, transaction: transactionId },
    ...(energyWh === undefined ? {} : { energyWh }),
    actions: [],
    at,
  })
}

/** Another end of a charge whose end was told and billed: which of the two is true, a person says. */
export async function putCorrectionAside(tx: Tx, told: Told): Promise<void> {
  const { sessionId, chargeStationId, transactionId, meterStopWh, stoppedAt } = told.transaction
  const { claimedAt = null, receivedAt: at } = told.end
  await openIncident(tx, {
    kind: 'record_disputed',
    subject: { type: 'session', id: sessionId },
    ...(await ownerOf(tx, chargeStationId)),
    sessionId,
    cause: `the charger told another end of this charge: ${told.closing?.registerWh} Wh, after ${meterStopWh} Wh`,
    detail: {
      charge_station: chargeStationId,
      transaction: transactionId,
      billed: { register_wh: meterStopWh, ended_at: stoppedAt },
      told: { register_wh: told.closing?.registerWh ?? null, ended_at: claimedAt },
    },
    actions: [],
    at,
  })
}

/** An end of a transaction that its charger has not begun with us. */
export async function putStopAside(tx: Tx, end: End): Promise<void> {
  const { stationId, transactionId = null, idToken, claimedAt = null, receivedAt: at } = end
  const register = end.readings.findLast(({ registerWh }) => registerWh !== undefined)
  await openIncident(tx, {
    kind: 'unknown_transaction',
    subject: { type: 'charge_station', id: stationId },
    ...(await ownerOf(tx, stationId)),
    cause: `the charger ended transaction ${transactionId ?? 'without a name'}, which is none of its own`,
    detail: {
      transaction: transactionId,
      id_token: idToken === undefined ? null : endOf(idToken.value),
      register_wh: register?.registerWh ?? null,
      ended_at: claimedAt,
    },
    actions: [],
    at,
  })
}

/** A stop or a reading that named no transaction of its charger was of this one: its end says the same register. */
export async function settleStops(tx: Tx, ended: readonly Ended[]): Promise<void> {
  for (const { transaction, meterStopWh, inferred, receivedAt: at } of ended) {
    if (inferred || meterStopWh === undefined) continue
    const settles = {
      kinds: ['unknown_transaction'] as const,
      subject: { type: 'charge_station', id: transaction.chargeStationId } as const,
      detail: { register_wh: meterStopWh },
    }
    await settleIncidents(tx, settles, { cause: `It belongs to ${transaction.sessionId}.`, at })
  }
}

/** A clock that is not believed (failures F31): the operator hears of it, until a start comes by a sound one. */
export async function tellOfClock(
  tx: Tx,
  { chargeStationId, clockOffsetMs, claimedStartedAt, createdAt: at }: TransactionRow,
): Promise<void> {
  const subject = { type: 'charge_station', id: chargeStationId } as const
  if (clockOffsetMs === 0) {
    const sound = { cause: 'A charge began by a clock that is believed.', at }
    await settleIncidents(tx, { kinds: ['clock_skew'], subject }, sound)
    return
  }
  const offsetS = Math.round(clockOffsetMs / 1_000)
  await openIncident(tx, {
    kind: 'clock_skew',
    subject,
    ...(await ownerOf(tx, chargeStationId)),
    cause: `the charger's clock is ${Math.abs(offsetS)} s ${offsetS > 0 ? 'behind' : 'ahead'}: its charges are timed by their receipt`,
    detail: { clock_offset_s: offsetS, claimed_at: claimedStartedAt },
    actions: [],
    at,
  })
}

/** Readings of a transaction that its charger has not begun with us. */
export async function putReadingsAside(sql: Sql, update: Update): Promise<void> {
  const { stationId, transactionId = null, receivedAt: at, readings } = update
  await openIncident(sql, {
    kind: 'unknown_transaction',
    subject: { type: 'charge_station', id: stationId },
    ...(await ownerOf(sql, stationId)),
    cause: `the charger read its meter for transaction ${transactionId}, which is none of its own`,
    detail: {
      transaction: transactionId,
      register_wh:
        readings.findLast(({ registerWh }) => registerWh !== undefined)?.registerWh ?? null,
    },
    actions: [],
    at,
  })
}

/** The operator whose charger it is. */
async function ownerOf(sql: Sql, stationId: string): Promise<{ accountId?: string }> {
  const station = await stationById(sql, stationId)
  return station === undefined ? {} : { accountId: station.cpoId }
}
