// What the treasury does each hour and each day: the balances written down, the books closed and looked at again.
import type { Db } from '@chargelane/db'
import { foldBalances, watermark } from '@chargelane/db/queries/ledger/balances'
import { alarmUncleared, checkBooks, closeDay } from '../../books/close.ts'
import type { Signer } from '../../evidence/keyring.ts'

export type TreasuryDependencies = { db: Db; signer: Pick<Signer, 'signAside'> }

export function createTreasuryActivities(deps: TreasuryDependencies) {
  const { db } = deps
  return {
    /** However much is booked on an account, its balance is read in a moment. */
    foldBooks: async (): Promise<{ accounts: number }> => ({
      accounts: await foldBalances(db, await watermark(db)),
    }),
    closeBooks: async (input: { day: string; now: string }): Promise<{ sequence: number }> => {
      const { sequence } = await closeDay(deps, input)
      return { sequence }
    },
    checkBooks: ({ now }: { now: string }) => checkBooks(db, now),
    alarmUncleared: ({ now }: { now: string }) => alarmUncleared(db, now),
  }
}

export type TreasuryActivities = ReturnType<typeof createTreasuryActivities>
