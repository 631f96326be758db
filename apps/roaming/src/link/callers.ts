// Who calls: the connection behind a token. It is asked of the database anew unless its every change is heard of.
import type { Db } from '@chargelane/db'
import {
  callersChannel,
  type ConnectionRow,
  findConnectionByToken,
} from '@chargelane/db/queries/locations/connections'
import { peerTokenKey } from '@chargelane/db/sealed'

/** The peer behind a request, and the token it showed. */
export type Caller = { connection: ConnectionRow; token: string }

export type Callers = {
  /** By the token as it was shown; undefined for a stranger. */
  find(shown: string): Promise<Caller | undefined>
  /** The same, read from the database whatever is known. */
  findAnew(shown: string): Promise<Caller | undefined>
  /** From now on a caller is remembered for a moment, and forgotten as soon as its connection changes. */
  listen(): Promise<() => Promise<void>>
}

/** Bounds what a broken LISTEN could miss. */
const rememberedMs = 2_000
const rememberedMax = 1_000

export function createCallers(db: Db, now: () => Date): Callers {
  const known = new Map<string, { caller: Caller; until: number }>()
  let isListening = false
  // What was read before a change was heard of must not be remembered after it.
  let changes = 0

  const forget = (connectionId: string) => {
    changes += 1
    for (const [shown, { caller }] of known)
      if (caller.connection.id === connectionId) known.delete(shown)
  }

  const findAnew = async (shown: string): Promise<Caller | undefined> => {
    // OCPI 2.2.1 §4.1.2: the token comes in Base64, from older peers as it is; both readings are looked up.
    const readings = [shown, Buffer.from(shown, 'base64').toString('utf8').trim()].map((token) => ({
      token,
      digest: peerTokenKey(token),
    }))
    const digests = readings.map(({ digest }) => digest)
    const connection = await findConnectionByToken(db, digests, now().toISOString())
    const token = readings.find(({ digest }) => isTokenOf(connection, digest))?.token
    return connection === undefined || token === undefined ? undefined : { connection, token }
  }

  return {
    findAnew,
    async find(shown) {
      const remembered = known.get(shown)
      if (remembered !== undefined && remembered.until > now().getTime()) return remembered.caller
      const before = changes
      const caller = await findAnew(shown)
      // A token before its rotation is good for a while only, and is looked up each time.
      const isLasting =
        caller?.connection.tokenInDigest?.equals(peerTokenKey(caller.token)) === true
      if (isListening && isLasting && changes === before) {
        if (known.size >= rememberedMax) known.clear()
        known.set(shown, { caller, until: now().getTime() + rememberedMs })
      }
      return caller
    },
    async listen() {
      const unlisten = await db.listen(callersChannel, forget, () => known.clear())
      isListening = true
      return async () => {
        isListening = false
        known.clear()
        await unlisten()
      }
    },
  }
}

const isTokenOf = (connection: ConnectionRow | undefined, digest: Buffer) =>
  connection?.tokenInDigest?.equals(digest) === true ||
  connection?.previousTokenInDigest?.equals(digest) === true
