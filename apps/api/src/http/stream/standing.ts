// A request that goes on for long is answered only for as long as its caller may ask: a revoked key, a suspended account or
// a lost scope ends it when the database tells of it.
import type { Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { authorize } from '../auth.ts'
import type { Bell, Deps, Standing, Viewer } from '../handler.ts'

/** Also without a word it is looked at again, so that a word that was lost costs minutes and not hours. */
const lookAgainMs = { atMost: 300_000, afterFailure: 1_000 }

interface Watched {
  viewer: Viewer
  op: Operation
  /** Who the key is now; throws when it counts no more. */
  confirm: () => Promise<Viewer>
}

export function watchStanding(
  { bell, log, now }: Pick<Deps, 'log' | 'now'> & { bell: Pick<Bell, 'next'> },
  { viewer, op, confirm }: Watched,
): Standing {
  const [lost, over] = [new AbortController(), new AbortController()]
  /** True when it is known again. */
  const look = async (): Promise<boolean> => {
    try {
      authorize(await confirm(), op)
      return true
    } catch (error) {
      if (error instanceof DomainError) lost.abort(error)
      else log.warn({ err: error, key: viewer.keyId }, 'standing of a caller not known')
      return false
    }
  }
  // Armed before each look, so that a change in between is not slept through.
  const arm = (waitMs = lookAgainMs.atMost) => {
    const { expiresAt } = viewer
    const leftMs = expiresAt === null ? waitMs : Date.parse(expiresAt) - Date.parse(now())
    return bell.next(viewer.accountId, Math.max(1, Math.min(leftMs, waitMs)), over.signal)
  }
  const watch = async () => {
    let rung = arm()
    // A key that was looked up before the bell was armed is looked up once more.
    if (viewer.uncheckedKey !== null) await rung
    while (!over.signal.aborted && !lost.signal.aborted) {
      rung = arm()
      if (!(await look())) rung = arm(lookAgainMs.afterFailure)
      await rung
    }
  }
  void watch()
  return { lost: lost.signal, end: () => over.abort() }
}
