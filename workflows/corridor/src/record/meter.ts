import type { Sql, Tx } from '@chargelane/db'
import { meterKeyAt } from '@chargelane/db/queries/locations/meter-keys'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import type { Cdr } from '@chargelane/openapi'
import { profileByRef } from '@chargelane/rules/markets'
import type { SessionMeter } from '@chargelane/rules/documents'
import { checkMeter } from '@chargelane/rules/metering'

type Place = { evseId: string; marketProfile: string; at: string }

/**
 * The registered key of the meter a session was measured by, with the market's rule; undefined where none was
 * registered when the session ended: then nothing can be checked.
 */
export async function registeredMeter(sql: Sql, { evseId, marketProfile, at }: Place) {
  const row = await meterKeyAt(sql, evseId, at)
  if (row === undefined) return undefined
  const effect = profileByRef(marketProfile)?.metering.invalidSignature.effect
  return {
    key: {
      curve: row.curve,
      spki: row.publicKey,
      meter_serial: row.meterSerial,
      registered_at: row.validFrom,
    },
    unproven: effect ?? ('bill_and_note' as const),
  }
}

/** Checks the signed values a record brings. */
export async function checkSignedValues(
  sql: Sql,
  place: Place,
  record: { values: string[]; span: SessionMeter['span'] },
): Promise<SessionMeter | undefined> {
  const registered = await registeredMeter(sql, place)
  if (registered === undefined) return undefined
  const { values, span } = record
  const { curve, spki } = registered.key
  const check = checkMeter({ values, key: { curve, spki }, span })
  return { ...registered, values, span, check }
}

/** A CPO hears that its meter's values do not hold, besides what it hears of the price (failures F44). */
export async function tellOfMeter(
  tx: Tx,
  meter: SessionMeter | undefined,
  news: { cdr: Cdr; cpoId: string; isBilled: boolean; at: string },
): Promise<void> {
  if (meter === undefined) return
  const { check, key } = meter
  if (check.status !== 'invalid' && check.status !== 'missing') return
  const { cdr, cpoId, isBilled, at } = news
  await appendEvent(tx, {
    accountId: cpoId,
    type: 'meter_signature.invalid',
    objectId: cdr.id,
    data: cdr,
    context: {
      status: check.status,
      detail: check.detail,
      records: check.records,
      key: { curve: key.curve, registered_at: key.registered_at },
      energy_billed: isBilled,
    },
    dedupeKey: `${cdr.id}:meter:cpo`,
    at,
  })
}
