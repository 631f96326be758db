import { expect, test } from 'vitest'
import { defaultDeadlines } from '../contract.ts'
import type { Corridor } from '../testing/corridor.ts'
import { charge, type Market, settle, useCorridor } from '../testing/market.ts'
import { reopenSale } from './reopen.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

test('a sale that is opened again waits for the corrected record as long as its deployment says', async () => {
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  const at = await corridor.nowIso()
  const credit = { kind: 'record_credited', cdrId: 'cdr_taken_back', at } as const
  const own = { ...defaultDeadlines, record: 5_000 }
  const again = await reopenSale(corridor.db, session.sessionId, [credit], own)
  expect(again?.left.deadlines.record).toBe(5_000)
  expect(again?.left.heard.credited).toBe('cdr_taken_back')
})
