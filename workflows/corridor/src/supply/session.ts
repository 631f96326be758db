// A session object of a peer: what it says of a charge is told and the object kept in one statement, on the condition that
// no other was kept since it was read.
import type { Sql } from '@chargelane/db'
import {
  type ChargeFacts,
  chargeFacts,
  keepSupplySession,
  type KeptSession,
} from '@chargelane/db/queries/sessions/supply-sessions'
import { sessionIdOf } from '@chargelane/db/queries/sessions/owners'
import { unknownMaxPowerW } from '@chargelane/rules/record/registers'
import { endNews, rowsOf, stopStateOf } from './readings.ts'
import { putChargeAside, settleCharge, supplySessionName } from './aside.ts'
import { implausibleOf, tellImplausible } from './implausible.ts'
import { type Nobody, type Owner, ownerOf, stageNews } from './start.ts'
import type { PeerSession, PushedSession, TakenSession } from './words.ts'

/** Each retry means that another push was kept; more than this of one session at once is a fault. */
const attemptsMax = 20

/** Takes a session object, pushed or pulled; what was told before is not told again. */
export async function takeSession(sql: Sql, pushed: PushedSession): Promise<TakenSession> {
  const { channel, supplyRef } = pushed
  const { countryCode, partyId } = channel
  const key = { connectionId: channel.id, countryCode, partyId, supplyRef }
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const facts = await chargeFacts(sql, key, sessionIdOf(pushed.reference))
    const { held } = facts
    const next = pushed.next(held)
    if (next === undefined) return { kind: 'unchanged', sessionId: held?.sessionId ?? null }
    const { nobody, ...told } = await newsOf(sql, pushed, next, facts)
    const kept: KeptSession = {
      ...key,
      ...told,
      supplyRef: held?.supplyRef ?? supplyRef,
      version: held?.version,
      object: next.object,
      lastUpdated: next.lastUpdated,
      receivedAt: pushed.at,
    }
    const isNobodys = nobody !== undefined && next.stage === 'charging'
    const isImplausible = implausibleOf(told.readings).length > 0
    const found = held?.sessionId === null ? told.sessionId : null
    const isKept =
      isNobodys || isImplausible || found !== null
        ? await sql.transaction(async (tx) => {
            if (!(await keepSupplySession(tx, kept))) return false
            if (isNobodys) await putChargeAside(tx, pushed, next, nobody)
            if (found !== null) await settleCharge(tx, pushed, found)
            await tellImplausible(tx, told.readings, pushed.at)
            return true
          })
        : await keepSupplySession(sql, kept)
    if (!isKept) continue
    const isUnpaid = isNobodys && next.endedAt === undefined
    return {
      kind: 'kept',
      sessionId: told.sessionId,
      ...(isUnpaid ? { unpaid: supplySessionName(channel, supplyRef) } : {}),
    }
  }
  throw new Error(`session ${supplyRef} of ${channel.id} changes faster than it can be kept`)
}

type Told = Pick<KeptSession, 'sessionId' | 'news' | 'readings'> & { nobody?: Nobody }

/** What the object says, for the session it belongs to; nothing is told of a charge that is nobody's. */
async function newsOf(
  sql: Sql,
  { channel, limit, at }: PushedSession,
  { clues, stage, readings, endedAt }: PeerSession,
  { openedId, maxPowerW, firstRegister, stopState }: ChargeFacts,
): Promise<Told> {
  const owner: Owner | Nobody =
    openedId === null
      ? await ownerOf(sql, { channel, clues, asksLeave: false, at })
      : { sessionId: openedId }
  if ('kind' in owner) return { sessionId: null, news: [], readings: [], nobody: owner }
  const { sessionId } = owner
  const source = 'peer' as const
  const begun = stageNews({ at, clues, stage }, owner)
  const stop = sessionId === openedId ? stopState : await stopStateOf(sql, sessionId)
  const ended =
    endedAt === undefined
      ? undefined
      : endNews({ sessionId, source, endedAt, reason: 'other', at }, stop)
  const rows = await rowsOf(sql, {
    sessionId,
    source,
    begin: { at: clues.startedAt, registerWh: '0' },
    // A session that was only just found may have registers under its id that were not read with the object.
    ...(sessionId === openedId
      ? { first: firstRegister, limit: { maxPowerW: maxPowerW || unknownMaxPowerW, ...limit } }
      : { limit }),
    readings,
    at,
  })
  return { sessionId, news: [begun, ended].filter((each) => each !== undefined), readings: rows }
}
