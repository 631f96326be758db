import { expect, test } from 'vitest'
import { getQuote } from '@chargelane/db/queries/sessions/quotes'
import type { Corridor } from '../testing/corridor.ts'
import { charge, createOffer, type Market, useCorridor, waitsFor } from '../testing/market.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const holdNow = async () => {
  const quoteId = await createOffer(corridor, market)
  return (await getQuote(corridor.db, market.partner.id, quoteId))?.holdMinor
}

test('a hold follows what was sold at its connector, once five sessions were', async () => {
  for (let sold = 0; sold < 5; sold++) {
    expect(await holdNow()).toBe(3_500)
    await waitsFor(await charge(corridor, market, 30_000), 'settlement')
  }
  // 30 kWh are 17.70, and 30 % more.
  expect(await holdNow()).toBe(2_500)
})
