import { strFromU8, strToU8 } from 'fflate'
import type { z } from 'zod'
import { canonicalText } from '@chargelane/rules/canonical'
import { readArchive } from '@chargelane/rules/evidence/archive'
import { firstCommitted, isCommitted, sealedAgain } from '@chargelane/rules/evidence/commitment'
import { type Disclosures, disclosuresPath, readDisclosures } from '@chargelane/rules/evidence/view'

/** What does not hold: the first file and the first figure in it that differ, where there is one. */
export type Failure = { fail: string; file?: string; figure?: string }
/** What holds, in words; what does not; or what this reader cannot check. */
export type Outcome = string | Failure | { committed: string } | { absent: string }

export const fail = (detail: string, file?: string, figure?: string): Failure => ({
  fail: detail,
  ...(file === undefined ? {} : { file }),
  ...(figure === undefined ? {} : { figure }),
})

/** A value that a check needs is sealed, and this reader has no salt to it. */
export class Hidden extends Error {
  constructor(path: string, at: string) {
    super(`${path}: ${at === '' ? 'the file' : at} is committed to and hidden from this reader`)
  }
}

/** Thrown inside a check: the failed check's words. */
export class Refused extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.fail)
    this.failure = failure
  }
}

const valueAt = (value: unknown, steps: readonly PropertyKey[]): unknown[] => {
  const passed: unknown[] = [value]
  let node = value
  for (const step of steps) {
    node = typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined
    passed.push(node)
  }
  return passed
}

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
  bytes(path: string): Uint8Array {
    const bytes = this.entries.get(path)
    if (bytes === undefined) throw new Refused(fail(`${path} is missing`, path))
    return bytes
  }
  text(path: string): string {
    return strFromU8(this.bytes(path))
  }
  parsed(path: string): unknown {
    try {
      const value: unknown = JSON.parse(this.text(path))
      return value
    } catch (error) {
      if (error instanceof Refused) throw error
      throw new Refused(fail(`${path} is no JSON`, path))
    }
  }
  /** Only what the schema names is needed: a commitment elsewhere in the file hides nothing from this check. */
  json<T>(path: string, schema: z.ZodType<T>): T {
    const value = this.parsed(path)
    const parsed = schema.safeParse(value)
    if (parsed.success) {
      const hidden = firstCommitted(parsed.data)
      if (hidden !== undefined) throw new Hidden(path, hidden)
      return parsed.data
    }
    for (const issue of parsed.error.issues)
      if (valueAt(value, issue.path).some(isCommitted))
        throw new Hidden(path, `/${issue.path.map(String).join('/')}`)
    const [first] = parsed.error.issues
    const figure = `/${(first?.path ?? []).map(String).join('/')}`
    throw new Refused(fail(`${path}: ${figure}: ${first?.message ?? 'malformed'}`, path, figure))
  }
  /** The file as it is, with whatever in it is hidden: for what looks at each part by itself. */
  open<T>(path: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.parsed(path))
    if (parsed.success) return parsed.data
    const [first] = parsed.error.issues
    const figure = `/${(first?.path ?? []).map(String).join('/')}`
    throw new Refused(fail(`${path}: ${figure}: ${first?.message ?? 'malformed'}`, path, figure))
  }
  get disclosures(): Disclosures {
    return this.has(disclosuresPath) ? readDisclosures(this.bytes(disclosuresPath)) : {}
  }
  /** The file as the manifest covers it: what is opened here stands in it as its commitment. */
  sealed(path: string): Uint8Array {
    const opened = this.disclosures[path]
    if (opened === undefined) return this.bytes(path)
    const value = this.parsed(path)
    if (canonicalText(value) !== this.text(path))
      throw new Refused(fail(`${path} is not in canonical form`, path))
    return strToU8(canonicalText(sealedAgain(value, opened)))
  }
}

// ── Comparing ───────────────────────────────────────────────────────────────────────────────────────────────────

export const same = (a: unknown, b: unknown) => canonicalText(a) === canonicalText(b)

export const shown = (amount: { amount: number; currency: string }) =>
  `${amount.amount} ${amount.currency} (minor units)`

type Difference = { at: string; stated: unknown; found: unknown }

const membersOf = (value: unknown): Map<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined

/** The first leaf in which two JSON values differ; undefined where they are the same. */
export function firstDifference(stated: unknown, found: unknown, at = ''): Difference | undefined {
  const [a, b] = [membersOf(stated), membersOf(found)]
  if (a === undefined || b === undefined || Array.isArray(stated) !== Array.isArray(found))
    return stated === found ? undefined : { at, stated, found }
  for (const key of [...new Set([...a.keys(), ...b.keys()])].toSorted()) {
    const difference = firstDifference(a.get(key), b.get(key), `${at}/${key}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

const valueShown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

/** Throws where a file states something else than what was found; names the first figure. */
export function mustBe(path: string, stated: unknown, found: unknown, at = ''): void {
  const difference = firstDifference(stated, found, at)
  if (difference === undefined) return
  const { at: figure } = difference
  throw new Refused(
    fail(
      `${path}: ${figure} is ${valueShown(difference.stated)}, recomputed ${valueShown(difference.found)}`,
      path,
      figure,
    ),
  )
}
