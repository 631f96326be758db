// What is read has a name for how it is now, and what is changed may be asked for by that name: two who edit the same
// thing do not overwrite each other (RFC 9110 §8.8.3, §13.1).
import { createHash } from 'node:crypto'
import type { Tx } from '@chargelane/db'
import { lockThing } from '@chargelane/db/queries/lock'
import { etagsPattern, type Operation, readerOf } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'

/** Strong: the same name is the same bytes. */
export const etagOf = (bytes: string | Uint8Array): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`

/** The names of an `If-Match` or `If-None-Match`; `*` stands for any. */
function namesOf(header: string, param: string): readonly string[] {
  if (header.length > 500 || !etagsPattern.test(header))
    throw new DomainError('validation_error', `${param}: must be entity tags such as "abc", or *`, {
      param,
    })
  return header.split(',').map((name) => name.trim())
}

/** Whether the reader has it as it is. Weak names count: a proxy may have weakened ours. */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const names = namesOf(header, 'If-None-Match')
  return names.some((name) => name === '*' || name.replace(/^W\//, '') === etag)
}

/** The thing that an operation changes: its writers come one after another. */
export interface Thing {
  /** Its path, which names it. */
  path: string
  /** How it is read by whoever changes it. */
  reader: Operation
  /** What it must still be. */
  names: readonly string[] | undefined
}

export function thingOf(
  op: Operation,
  path: string,
  ifMatch: string | undefined,
): Thing | undefined {
  const reader = readerOf(op)
  if (reader === undefined) {
    if (ifMatch === undefined) return undefined
    throw new DomainError('validation_error', `If-Match: ${op.id} has nothing to compare it with`, {
      param: 'If-Match',
    })
  }
  return {
    path: reader.path === op.path ? path : path.slice(0, path.lastIndexOf('/')),
    reader,
    names: ifMatch === undefined ? undefined : namesOf(ifMatch, 'If-Match'),
  }
}

/**
 * First in the tx that changes the thing. Whoever names no `If-Match` waits all the same: otherwise it could change the
 * thing between the look and the change of one who does.
 */
export async function enter(
  tx: Tx,
  { path, names }: Thing,
  read: () => Promise<string>,
): Promise<void> {
  await lockThing(tx, path)
  if (names === undefined) return
  const etag = etagOf(await read())
  if (names.includes('*') || names.includes(etag)) return
  throw new DomainError('precondition_failed', `It is ${etag} by now. Read it again first.`, {
    param: 'If-Match',
    extra: { etag },
  })
}
