import type { EvseStatus } from '@chargelane/db/queries/chargers/chargers'
import { exact, format, plus } from '@chargelane/rules/exact'
import type { OCPP16 } from 'typed-ocpp'
import { z } from 'zod'
import type { IdToken, Reading, Verdict } from '../charge/events.ts'
import { registerWh } from '../charge/meter.ts'

// OCPP 1.6's words to ours, which are those of OCPP 2.x. Nothing else in the node knows them.

/** Tags compare without case (OCPP 1.6 §7.27 CiString); the database holds them in upper case. */
export const tagOf = (idTag: string | undefined): string => (idTag ?? '').trim().toUpperCase()

/** 1.6 knows no kinds of credentials. */
export const idTokenOf = (idTag: string | undefined): IdToken => ({ value: tagOf(idTag) })

/** Numbers of 1.6 are ours, given as text; 0, -1 and what some stacks send for "unset" name nothing. */
export const transactionIdOf = (number: number | undefined): string | undefined =>
  number === undefined || number < 1 ? undefined : String(number)

/** Below any register there is; stands for "the charger gave none that could be read". */
export const noRegister = -1

/** A register that stands beside the samples in 1.6 is a sample of its context in 2.x. */
export const registerReading = (
  context: 'Transaction.Begin' | 'Transaction.End',
  wh: number,
  claimedAt: string | undefined,
): Reading => ({ claimedAt, context, registerWh: String(wh) })

/** A plug is in from Preparing on, whatever is made of it. */
export const isPlugged = (status: OCPP16.StatusNotificationRequest['status']): boolean =>
  status !== 'Available'

/**
 * OCPP 1.6 §7.7 to OCPI 2.2.1 §8.4.22. A plugged but idle connector (Preparing) can still be sold; after a session
 * it is taken until the cable is out (Finishing).
 */
export const evseStatuses = {
  Available: 'AVAILABLE',
  Preparing: 'AVAILABLE',
  Charging: 'CHARGING',
  SuspendedEVSE: 'CHARGING',
  SuspendedEV: 'CHARGING',
  Finishing: 'BLOCKED',
  Reserved: 'RESERVED',
  Unavailable: 'INOPERATIVE',
  Faulted: 'OUTOFORDER',
} as const satisfies Record<OCPP16.StatusNotificationRequest['status'], EvseStatus>

/** Of a transaction that runs, in OCPP 2.x's words; another status says nothing of its flow. */
export const chargingStates: Partial<
  Record<OCPP16.StatusNotificationRequest['status'], 'Charging' | 'SuspendedEV' | 'SuspendedEVSE'>
> = { Charging: 'Charging', SuspendedEV: 'SuspendedEV', SuspendedEVSE: 'SuspendedEVSE' }

export const verdicts = {
  accepted: 'Accepted',
  invalid: 'Invalid',
  blocked: 'Blocked',
  concurrent: 'ConcurrentTx',
} as const satisfies Record<Verdict, string>

type MeterValue = OCPP16.MeterValuesRequest['meterValue'][number]
type Sample = MeterValue['sampledValue'][number]

/**
 * One reading per instant and context: a frame may carry the opening value beside the first periodic one, and some
 * chargers send each sample of an instant as an element of its own.
 */
export function readingsOf(meterValues: readonly MeterValue[] | undefined): Reading[] {
  const instants = Map.groupBy(meterValues ?? [], ({ timestamp }) => timestamp)
  return [...instants].flatMap(([claimedAt, elements]) => {
    const samples = elements.flatMap(({ sampledValue }) => sampledValue)
    const contexts = Map.groupBy(samples, ({ context }) => context ?? 'Sample.Periodic')
    return [...contexts].flatMap(([context, alike]) => {
      const reading = readingOf(alike)
      // A batch without anything we follow (voltage, temperature) must not look like a reading of zero.
      return Object.keys(reading).length === 0 ? [] : [{ claimedAt, context, ...reading }]
    })
  })
}

/** What the meter signed, as text or in the hex some makers send it in; each once (OCPP 1.6 §7.44 SignedData). */
export function signedOf(meterValues: readonly MeterValue[] | undefined): string[] {
  return [...new Set(signedSamples(meterValues).map(({ value }) => signedText(value)))]
}

/**
 * The same without what is called a sample in between: begin and end prove a session, and thousands of others would
 * crowd them out. Without a context it is kept, though §7.43 calls it periodic: chargers leave it out of begin and end.
 */
export function signedBoundsOf(meterValues: readonly MeterValue[]): string[] {
  const bounds = signedSamples(meterValues).filter(
    ({ context }) => context !== 'Sample.Periodic' && context !== 'Sample.Clock',
  )
  return [...new Set(bounds.map(({ value }) => signedText(value)))]
}

/**
 * OCA, Signed Meter Values in OCPP 1.6: the text that the meter signed may come in base64 within an envelope of JSON. What
 * is in no envelope, or in one that nothing readable comes out of, is as received.
 */
function signedText(value: string): string {
  const data = value.trimStart().startsWith('{') ? envelopedData(value) : undefined
  if (data === undefined) return value
  const text = Buffer.from(data, 'base64').toString('utf8')
  const isText = /^(?:OCMF\||<\?xml|<signedMeterValue|\{)/iu.test(text)
  return isText ? text : data.startsWith('OCMF|') ? data : value
}

const zEnvelope = z.object({ signedMeterData: z.string().min(1) })

function envelopedData(value: string): string | undefined {
  try {
    return zEnvelope.safeParse(JSON.parse(value)).data?.signedMeterData
  } catch {
    return undefined
  }
}

const signedSamples = (meterValues: readonly MeterValue[] | undefined): Sample[] =>
  (meterValues ?? []).flatMap(({ sampledValue }) =>
    sampledValue.filter((sample) => sample.format === 'SignedData'),
  )

function readingOf(samples: readonly Sample[]): Omit<Reading, 'claimedAt' | 'context'> {
  const register = registerOf(samples)
  const powerW = powerOf(samples)
  const soc = samples.find((sample) => sample.measurand === 'SoC')
  const socPercent = soc === undefined ? undefined : wholeNumber(soc.value)
  return {
    ...(register === undefined ? {} : { registerWh: register }),
    ...(powerW === undefined ? {} : { powerW }),
    ...(socPercent === undefined || socPercent > 100 ? {} : { socPercent }),
  }
}

/** The measurand is the import register unless stated otherwise, its unit Wh (OCPP 1.6 §7.43). */
function registerOf(samples: readonly Sample[]): string | undefined {
  const registers = samples.filter(
    (sample) =>
      (sample.measurand ?? 'Energy.Active.Import.Register') === 'Energy.Active.Import.Register' &&
      sample.format !== 'SignedData',
  )
  // The outlet's meter bills; a second one inside the charger or the car may stand beside it.
  const places = Map.groupBy(registers, ({ location }) => location ?? 'Outlet')
  const [first] = places.values()
  const billing = places.get('Outlet') ?? first ?? []
  const whole = billing.findLast(({ phase }) => phase === undefined)
  return whole === undefined ? sumOfPhases(billing) : valueOf(whole)
}

/** Some chargers count each phase by itself and show no sum: one phase alone is the register, several are added. */
function sumOfPhases(registers: readonly Sample[]): string | undefined {
  const phases = new Map(registers.map((sample) => [sample.phase?.slice(0, 2), sample]))
  const values = ['L1', 'L2', 'L3'].flatMap((phase) => phases.get(phase) ?? []).map(valueOf)
  if (values.length === 0) return undefined
  return values.reduce((sum, each) =>
    sum === undefined || each === undefined ? undefined : format(plus(exact(sum), exact(each))),
  )
}

function valueOf({ value, unit = 'Wh' }: Sample): string | undefined {
  return unit === 'Wh' || unit === 'kWh' ? registerWh(value, unit) : undefined
}

function powerOf(samples: readonly Sample[]): number | undefined {
  const powers = samples.filter((sample) => sample.measurand === 'Power.Active.Import')
  const whole = powers.find((sample) => sample.phase === undefined)
  const counted = whole === undefined ? powers : [whole]
  const watts = counted.map((sample) => wholeNumber(sample.value, sample.unit === 'kW' ? 1_000 : 1))
  if (watts.length === 0) return undefined
  return watts.reduce<number | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0,
  )
}

/** Power and state of charge are shown, never billed: whole numbers are enough. */
function wholeNumber(value: string, factor = 1): number | undefined {
  const number = Number(value.trim().replace(',', '.')) * factor
  return Number.isFinite(number) && Math.abs(number) < 1e9 ? Math.round(number) : undefined
}
