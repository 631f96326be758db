// Who was refused a look is kept (R124): counted by hour, told to the platform alone, and written behind the answer, so that
// no stranger learns from it, not even by the clock.
import type { Db } from '@chargelane/db'
import { type Denial, keepDenials } from '@chargelane/db/queries/operations/access-denials'
import type { Logger } from 'pino'

export interface Refused {
  account: string | null
  key: string | null
  operation: string
  path: string
  /** The public id in the path, where there is one. */
  objectId: string | null
  code: string
  requestId: string
}

/** Subjects an account is listed with in one hour by one process, and rows that wait for their writing. */
const [subjectsMax, waitingMax] = [100, 2_000]
const writeEveryMs = 2_000

export function createDenials(deps: { db: Db; log: Logger; now: () => string }) {
  const waiting = new Map<string, Denial>()
  const subjects = new Map<string, Set<string>>()
  let hour = ''
  const subjectOf = ({ account, path }: Refused): string => {
    if (account === null) return '*'
    const known = subjects.get(account) ?? new Set()
    subjects.set(account, known)
    if (!known.has(path) && known.size >= subjectsMax) return '*'
    known.add(path)
    return path.slice(0, 200)
  }
  const note = (refused: Refused): void => {
    const { account, key, operation, code, requestId } = refused
    const at = deps.now()
    if (!at.startsWith(hour) || hour === '') {
      hour = at.slice(0, 13)
      subjects.clear()
    }
    const subject = subjectOf(refused)
    const name = JSON.stringify([hour, account, key, operation, subject, code])
    const known = waiting.get(name)
    if (known !== undefined) {
      waiting.set(name, { ...known, count: known.count + 1, lastAt: at, requestId })
      return
    }
    if (waiting.size >= waitingMax) return
    const objectId = subject === '*' ? null : refused.objectId
    const denial = { accountId: account, keyId: key, operation, subject, objectId, code, requestId }
    waiting.set(name, { ...denial, count: 1, firstAt: at, lastAt: at })
  }
  const flush = async (): Promise<void> => {
    const denials = [...waiting.values()]
    waiting.clear()
    if (denials.length === 0) return
    // What cannot be written is in the log all the same.
    await keepDenials(deps.db, denials).catch((error: unknown) => {
      deps.log.warn({ err: error, count: denials.length }, 'denied accesses not kept')
    })
  }
  const timer = setInterval(() => void flush(), writeEveryMs)
  timer.unref()
  return {
    note,
    flush,
    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
export type Denials = ReturnType<typeof createDenials>
