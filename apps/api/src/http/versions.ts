// The versions of the contract. Handlers know the newest; an older one is told from it, change by change.
import type { Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'

/** What one version changed. Additions are none: an old client skips a field that it does not know. */
export interface VersionChange {
  /** The version that came with it. */
  version: string
  /** A request's body of the version before, as this one writes it. */
  request?: (op: Operation, body: unknown) => unknown
  /** An answer's body of this version, as the one before wrote it. */
  answer?: (op: Operation, body: Record<string, unknown>) => Record<string, unknown>
}

/** `served` and `changes` oldest first. */
export function createVersions(served: readonly string[], changes: readonly VersionChange[]) {
  const newest = served.at(-1) ?? ''
  const since = (version: string) => changes.filter((change) => change.version > version)
  return {
    newest,
    /** The version of a request: the one it names, or the one its key was made with. */
    of(named: string | undefined, pinned: string): string {
      if (named === undefined) return pinned
      if (served.includes(named)) return named
      throw new DomainError(
        'validation_error',
        `Api-Version: is not served; ${served.join(', ')} ${served.length === 1 ? 'is' : 'are'}`,
        { param: 'Api-Version', extra: { versions: served } },
      )
    },
    readRequest: (version: string, op: Operation, body: unknown): unknown =>
      since(version).reduce((told, change) => change.request?.(op, told) ?? told, body),
    writeAnswer: (version: string, op: Operation, body: Record<string, unknown>) =>
      since(version).reduceRight((told, change) => change.answer?.(op, told) ?? told, body),
  }
}
export type Versions = ReturnType<typeof createVersions>
