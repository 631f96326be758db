// A meter that signs as real ones do: one key, registers in kWh, OCMF with its own page numbers.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { type MeterKey, readMeterKey } from './metering.ts'

export type FakeMeter = { key: MeterKey; pem: string }

export function testMeter(): FakeMeter {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('hex')
  const read = readMeterKey(spki)
  if (!read.ok) throw new Error(read.message)
  return { key: read.key, pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
}

export type FakeReading = {
  kind: string
  kwh: string
  at: string
  register?: string
  unit?: string
  /** What the clock is worth, S for synchronised. */
  clock?: string
}

/** One OCMF record; `page` counts transactions unless it names its counter, as `F3` does. */
export function signedValue(
  meter: FakeMeter,
  page: number | string,
  readings: readonly FakeReading[],
  status = 'G',
): string {
  const payload = JSON.stringify({
    FV: '1.0',
    GI: 'TEST',
    GS: '1',
    PG: typeof page === 'number' ? `T${page}` : page,
    MS: 'METER-1',
    RD: readings.map(({ kind, kwh, at, register, unit, clock }) => ({
      TM: `${at.replace('.', ',').replace('Z', '+0000')} ${clock ?? 'S'}`,
      TX: kind,
      RV: kwh,
      RI: register ?? '1-b:1.8.0',
      RU: unit ?? 'kWh',
      ST: status,
    })),
  })
  const signature = sign('sha256', Buffer.from(payload), createPrivateKey(meter.pem))
  const sealed = { SA: 'ECDSA-secp256r1-SHA256', SD: signature.toString('hex') }
  return `OCMF|${payload}|${JSON.stringify(sealed)}`
}
