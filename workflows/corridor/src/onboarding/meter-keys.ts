import type { Tx } from '@chargelane/db'
import { addMeterKey, type MeterKeyRow } from '@chargelane/db/queries/locations/meter-keys'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { MeterCurve } from '@chargelane/openapi/vocabulary/meter'
import { isKeyOnCurve, readMeterKey } from '@chargelane/rules/metering'

type KeyBody = {
  public_key: string
  curve?: MeterCurve | undefined
  meter_serial?: string | undefined
}

const invalid = (param: string, message: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param })

/** Registers what a maker printed as the key of an EVSE's meter; `param` is where the body holds it. */
export function registerMeterKey(
  tx: Tx,
  evse: { id: string; cpoId: string },
  body: KeyBody,
  { now, param }: { now: string; param: string },
): Promise<MeterKeyRow> {
  const read = readMeterKey(body.public_key, body.curve)
  if (!read.ok) throw invalid(param, read.message)
  const { curve, spki } = read.key
  if (!isKeyOnCurve(read.key))
    throw invalid(param, `is no point on ${curve}; name the curve if it is another`)
  return addMeterKey(tx, {
    evseId: evse.id,
    cpoId: evse.cpoId,
    curve,
    publicKey: spki,
    meterSerial: body.meter_serial ?? null,
    validFrom: now,
  })
}
