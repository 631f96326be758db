// What the treasury does each hour and each day: who holds how much, whether all agree, and the books closed.
import type { Db } from '@chargelane/db'
import { foldBalances, watermark } from '@chargelane/db/queries/ledger/balances'
import { alarmUncleared, checkBooks, closeDay } from '../../books/close.ts'
import type { Signer } from '../../evidence/keyring.ts'
import { closeFx } from './fx.ts'
import type { BankExchange, BankStatements, ProviderMoney } from './ports.ts'
import { importProvider, sweepProvider } from './provider.ts'
import { reconcile } from './reconcile.ts'
import { importStatements, matchStatements } from './statements.ts'

export type TreasuryDependencies = {
  db: Db
  signer: Pick<Signer, 'signAside'>
  provider: ProviderMoney
  statements: BankStatements
  exchange: BankExchange
}

export function createTreasuryActivities(deps: TreasuryDependencies) {
  const { db } = deps
  return {
    importProvider: (input: { now: string }) => importProvider(deps, input),
    sweepProvider: (input: { day: string }) => sweepProvider(deps, input),
    async importStatements(input: { now: string }): Promise<{ imported: number; open: number }> {
      const { imported } = await importStatements(deps, input)
      const { open } = await matchStatements(db)
      return { imported, open }
    },
    closeFx: (input: { day: string; now: string }) => closeFx(deps, input),
    async reconcileBooks(input: { now: string }): Promise<{ id: string; findings: number }> {
      const { id, result } = await reconcile(db, input)
      return { id, findings: result.findings.reduce((sum, { count }) => sum + count, 0) }
    },
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
