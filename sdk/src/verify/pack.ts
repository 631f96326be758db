import { strFromU8 } from 'fflate'
import { z } from 'zod'
import { canonicalText } from '@chargelane/rules/canonical'
import { readArchive } from '@chargelane/rules/evidence/archive'

/** What holds, in words, or what does not. */
export type Outcome = string | { fail: string }
export const fail = (detail: string): Outcome => ({ fail: detail })

/** A pack opened; reading a missing or malformed file throws with its name, which becomes the failed check's text. */
export class Pack {
  readonly entries: ReadonlyMap<string, Uint8Array>
  readonly damage: string | undefined
  constructor(zip: Uint8Array) {
    const { entries, damage } = readArchive(zip)
    this.entries = entries
    this.damage = damage
  }
  has(path: string) {
    return this.entries.has(path)
  }
  text(path: string): string {
    const bytes = this.entries.get(path)
    if (bytes === undefined) throw new Error(`${path} is missing`)
    return strFromU8(bytes)
  }
  json<T>(path: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(JSON.parse(this.text(path)))
    if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`)
    return parsed.data
  }
}

export const same = (a: unknown, b: unknown) => canonicalText(a) === canonicalText(b)

export const shown = (amount: { amount: number; currency: string }) =>
  `${amount.amount} ${amount.currency} (minor units)`
