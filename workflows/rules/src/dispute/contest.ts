/** What a chargeback is contested with: words of the evidence pack, in the provider's fields and within its limits. */
import type { ChargebackTexts, SaidOfDispute } from './documents.ts'
import { daysBefore } from './times.ts'

/** docs.stripe.com/api/disputes/update: characters of one text. All together may have as much as seven of them. */
export const textMax = 20_000

/** So long before the provider takes no more it has what we know; nobody can add to it then. */
const marginDays = 3
/** In the last day before that it is looked at again, whether the provider still has it. */
export const lookAgainMs = 86_400_000

/** When it goes to the provider; at once where little or no time is given. */
export const contestAt = (dueBy: string | null, openedAt: string): string =>
  dueBy === null ? openedAt : daysBefore(dueBy, marginDays, openedAt)

export type ContestFacts = {
  pack: { id: string; manifestHash: string }
  /** Who sold what to whom, where, and what its meter showed. */
  service: readonly string[]
  endedAt: string
  /** Its number, its lines, its tax and how it was paid. */
  receipt: readonly string[]
  /** What was done for the driver and by it, in the order it happened. */
  log: readonly string[]
  said: readonly SaidOfDispute[]
}

const more = (left: number) => `(${left} more lines are in the evidence pack.)`

/** Whole lines from the first on; how many are left out is said in their place. */
export function withinLimit(lines: readonly string[], max = textMax): string {
  const whole = lines.join('\n')
  if (whole.length <= max) return whole
  const room = max - more(lines.length).length
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > room) break
    kept.push(line)
  }
  return [...kept, more(lines.length - kept.length)].join('\n')
}

const spoken: Record<SaidOfDispute['by'], string> = {
  opener: 'Who sold the session says',
  operator: 'The operator of the charger says',
  platform: 'The seller’s platform says',
}

export function contestTexts(facts: ContestFacts): ChargebackTexts {
  const { pack, service, endedAt, receipt, log, said } = facts
  const further = said.flatMap(({ by, text, facts: known }) => [
    `${spoken[by]}: ${text}`,
    ...known.map(({ fact, value }) => `${fact}: ${value}`),
  ])
  const seal = `Evidence pack ${pack.id}, sealed and signed; SHA-256 of its manifest ${pack.manifestHash}.`
  return {
    product_description: withinLimit(['Charging of an electric vehicle.', ...service]),
    service_date: endedAt.slice(0, 10),
    ...(log.length === 0 ? {} : { access_activity_log: withinLimit(log) }),
    uncategorized_text: withinLimit([...receipt, seal, ...further]),
  }
}
