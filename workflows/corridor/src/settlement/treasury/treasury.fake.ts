// A provider's balance and a bank's statements in memory: what a test puts there is told.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { ExchangeOrder } from '@chargelane/rules/fx/closing'
import type { BankExchange, BankStatements, ProviderMoney, ProviderMovement } from './ports.ts'

export type FakeTreasury = {
  provider: ProviderMoney & { listed: ProviderMovement[]; swept: string[] }
  statements: BankStatements & { printed: { sequence: number; xml: string }[] }
  /** A bank that deals in nothing until it is told a price. */
  exchange: BankExchange & { priceOf: (order: ExchangeOrder) => Money | undefined }
}

export function createFakeTreasury(): FakeTreasury {
  const listed: ProviderMovement[] = []
  const swept: string[] = []
  const printed: { sequence: number; xml: string }[] = []
  return {
    provider: {
      listed,
      swept,
      movements: async ({ since }) => listed.filter(({ occurredAt }) => occurredAt >= since),
      available: async () => [],
      async sweep({ idempotencyKey }) {
        swept.push(idempotencyKey)
        return { kind: 'sent', id: `po_${swept.length}` }
      },
    },
    exchange: {
      priceOf: () => undefined,
      async exchange({ idempotencyKey, ...order }) {
        const other = this.priceOf(order)
        if (other === undefined) return { kind: 'refused', code: 'pair_not_dealt' }
        const [sold, bought] = order.side === 'buy' ? [other, order.amount] : [order.amount, other]
        const names = { soldReference: `${idempotencyKey}S`, boughtReference: `${idempotencyKey}B` }
        return { kind: 'exchanged', executedAt: new Date().toISOString(), sold, bought, ...names }
      },
    },
    statements: {
      printed,
      statements: async ({ after }) => printed.filter(({ sequence }) => sequence > after),
    },
  }
}
