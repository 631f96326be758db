import { expect, test } from 'vitest'
import { readingsOf, signedOf } from './map.ts'

const timestamp = '2026-11-21T10:00:00Z'

test('samples of one instant are one reading, however many elements a charger spreads them over', () => {
  const one = [
    { measurand: 'Power.Active.Import', unit: 'W', value: '11000' },
    { measurand: 'SoC', value: '40' },
    { measurand: 'Energy.Active.Import.Register', unit: 'Wh', value: '11000' },
  ] as const
  const together = readingsOf([{ timestamp, sampledValue: [...one] }])
  expect(together).toEqual([
    expect.objectContaining({ claimedAt: timestamp, registerWh: '11000', powerW: 11_000 }),
  ])
  expect(readingsOf(one.map((sample) => ({ timestamp, sampledValue: [sample] })))).toEqual(together)
})

const byPhase = (...samples: { phase?: 'L1' | 'L2' | 'L3' | 'L1-N'; value: string }[]) =>
  readingsOf([
    {
      timestamp,
      sampledValue: samples.map((sample) => ({
        measurand: 'Energy.Active.Import.Register',
        unit: 'kWh',
        ...sample,
      })),
    },
  ])[0]?.registerWh

test('one phase alone is the register, several are added, and a sum that is told counts instead', () => {
  expect(byPhase({ phase: 'L1', value: '4' })).toBe('4000')
  expect(byPhase({ phase: 'L1-N', value: '4' })).toBe('4000')
  const three = [
    { phase: 'L1', value: '4' },
    { phase: 'L2', value: '3.5' },
    { phase: 'L3', value: '1' },
  ] as const
  expect(byPhase(...three)).toBe('8500')
  expect(byPhase(...three, { value: '8.6' })).toBe('8600')
})

test('the outlet’s register counts before one inside the charger, whatever comes first', () => {
  const [reading] = readingsOf([
    {
      timestamp,
      sampledValue: [
        { value: '9', location: 'Inlet' },
        { value: '5', location: 'Outlet' },
      ],
    },
  ])
  expect(reading?.registerWh).toBe('5')
})

const signed = (value: string) =>
  signedOf([{ timestamp, sampledValue: [{ value, format: 'SignedData' }] }])
const enveloped = (signedMeterData: string) =>
  JSON.stringify({ signedMeterData, encodingMethod: 'OCMF', signingMethod: '', publicKey: '' })

test('what a meter signed is taken out of the envelope of OCA, and kept as received where there is none', () => {
  const text = 'OCMF|{"FV":"1.0"}|{"SD":"30"}'
  expect(signed(enveloped(Buffer.from(text).toString('base64')))).toEqual([text])
  expect(signed(enveloped(text))).toEqual([text])
  expect(signed(text)).toEqual([text])
  for (const odd of ['{', enveloped('AAAA'), '{"other":1}', '{"signedMeterData":7}'])
    expect(signed(odd)).toEqual([odd])
})
