// Who is behind: nothing is paid, what is sold next makes up for it, and somebody looks where that takes too long.
import type { Db } from '@chargelane/db'
import { negativePayees, type NegativePayee } from '@chargelane/db/queries/documents/balances'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { inWords, money } from '@chargelane/rules/money'
import { partyKey } from '@chargelane/rules/split/parties'
import { eachApart } from '../attention/apart.ts'

/** How long a payee may be behind before a person looks. */
const patienceMs = 30 * 86_400_000

const subjectOf = ({ payee, currency }: Pick<NegativePayee, 'payee' | 'currency'>) =>
  ({ type: 'balance', id: `${partyKey(payee)}:${currency}` }) as const

/** Opens what has aged; `settleNegative` closes it once the payee is even. */
export async function watchNegatives(
  db: Db,
  { now }: { now: string },
): Promise<{ behind: number; aged: number }> {
  const behind = await negativePayees(db)
  const aged = behind.filter(({ since }) => Date.parse(now) - Date.parse(since) > patienceMs)
  await eachApart(aged, async (each) => {
    const atStake = money(each.behind, each.currency)
    await openIncident(db, {
      kind: 'balance_negative',
      subject: subjectOf(each),
      accountId: each.payee.id,
      cause: `${inWords(atStake)} were taken back since ${each.since} and are not made up for by sales. Nothing is paid out until they are, or until the account pays them.`,
      detail: { since: each.since },
      atStake,
      actions: [],
      at: now,
    })
  })
  return { behind: behind.length, aged: aged.length }
}

/** A settlement closes with something to pay: its payee is behind no more. */
export const settleNegative = (
  db: Db,
  of: Pick<NegativePayee, 'payee' | 'currency'>,
  { cause, at }: { cause: string; at: string },
) => settleIncidents(db, { kinds: ['balance_negative'], subject: subjectOf(of) }, { cause, at })
