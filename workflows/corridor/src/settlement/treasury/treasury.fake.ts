// A provider's balance and a bank's statements in memory: what a test puts there is told.
import type { BankStatements, ProviderMoney, ProviderMovement } from './ports.ts'

export type FakeTreasury = {
  provider: ProviderMoney & { listed: ProviderMovement[]; swept: string[] }
  statements: BankStatements & { printed: { sequence: number; xml: string }[] }
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
    statements: {
      printed,
      statements: async ({ after }) => printed.filter(({ sequence }) => sequence > after),
    },
  }
}
