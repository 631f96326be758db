// What comes after a guess, or against it: every record ends in a sale, a correction or an incident.
import { pino } from 'pino'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { expect, test } from 'vitest'
import { relaySupply } from '../supply/relay.ts'
import type { Corridor } from '../testing/corridor.ts'
import { charge, sessionResult, useCorridor } from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const incidentsOf = async ({ sessionId }: Started) =>
  (await listIncidents(corridor.db, 'all', { limit: 10, sessionId })).data

/** As the inbox keeps it and the relay brings it, whoever still hears. */
async function tell(sessionId: string, fact: { kind: 'record_received'; cdrId: string }) {
  const { db, client } = corridor
  const at = await corridor.nowIso()
  await db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:${fact.cdrId}`, { at, ...fact }),
  )
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
}

test('a record that comes to a session which is over does not wait to be judged for ever', async () => {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 0)
  const { sessionId } = session
  expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
  const late = await corridor.operator.sendRecord(sessionId)
  await tell(sessionId, { kind: 'record_received', cdrId: late?.cdrId ?? '' })
  const record = (await cdrsOfSession(corridor.db, sessionId)).find(({ id }) => id === late?.cdrId)
  expect(record).toMatchObject({
    status: 'quarantined',
    verdict: { verdict: { rules: ['session_over'] } },
  })
  expect(await incidentsOf(session)).toMatchObject([
    { kind: 'record_disputed', subjectId: record?.id, accountId: market.cpo.id, status: 'open' },
  ])
})
