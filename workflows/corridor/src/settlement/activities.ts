import { InvariantError } from '@chargelane/rules/assert'
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { fundPlans } from '../books/plan-cover.ts'
import {
  accountsAwaited,
  openIncident,
  settleIncidents,
} from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { settlementView } from '@chargelane/db/views/money/settlements'
import { getSplitPolicy } from '@chargelane/db/queries/partners/split-policies'
import {
  changeSettlement,
  closeSettlement,
  payeeAccount,
  payeesWithOpenPayables,
  sessionsPaidWith,
  settlementsOfSession,
  unpaidSettlements,
} from '@chargelane/db/queries/documents/settlements'
import { settlementLines } from '@chargelane/db/queries/documents/statements'
import type { Payee, Settlement } from '@chargelane/db/queries/documents/settlements'
import { numberEnd } from '@chargelane/rules/bank/account'
import type { Statement } from '@chargelane/rules/documents'
import { accounts, nettingEntry } from '@chargelane/rules/ledger'
import { minimum, money, subtract, sum } from '@chargelane/rules/money'
import { partyKey } from '@chargelane/rules/split/parties'
import { policyRef } from '@chargelane/rules/split/policy'
import { eachApart } from '../attention/apart.ts'
import { lookAtBankAccounts, type PayeeCheckPort } from '../onboarding/bank-accounts.ts'
import type { SettledNews } from '../contract.ts'
import { type PayoutDependencies, readPayout, sendPayout } from './payouts.ts'
import { settleNegative, watchNegatives } from './negatives.ts'
import { takeReturns } from './returns.ts'
import { statementText } from './rules.ts'

export type SettlementDependencies = PayoutDependencies & {
  payeeCheck: PayeeCheckPort
  renderStatement: (statement: Statement) => Promise<Buffer>
  /** Tells a session's workflow which payees of it have been paid; a workflow that has ended needs no telling. */
  tellSession: (workflowId: string, news: readonly SettledNews[]) => Promise<void>
}

/** What a session asks about its own settlement: which payees have their money, in case a signal got lost. */
export function createSessionSettlementActivities({ db }: { db: Db }) {
  return {
    async readSettlement(input: { sessionId: string }): Promise<{ paid: PartyRef[] }> {
      const rows = await settlementsOfSession(db, input.sessionId)
      const due = rows.filter(({ waits }) => !waits)
      const byPayee = Map.groupBy(due, ({ payee }) => partyKey(payee))
      const paid = [...byPayee.values()].filter((own) => own.every(({ state }) => state === 'paid'))
      return { paid: paid.flatMap(([first]) => (first === undefined ? [] : [first.payee])) }
    },
  }
}

export type SessionSettlementActivities = ReturnType<typeof createSessionSettlementActivities>

type SettledLine = Awaited<ReturnType<typeof settlementLines>>[number]

const policyOf = ({ sharing, item }: SettledLine): string | null => {
  if (sharing !== null) return policyRef(sharing)
  return item === null ? null : policyRef({ id: item.policyId, version: item.version })
}

/** The text of each policy that shared what is paid, as it was agreed. */
async function policyTexts(db: Db, lines: readonly SettledLine[]): Promise<Statement['policies']> {
  const named = new Map(
    lines.flatMap(({ sharing, item }) =>
      sharing !== null
        ? [[policyRef(sharing), sharing] as const]
        : item === null
          ? []
          : [
              [
                policyRef({ id: item.policyId, version: item.version }),
                { id: item.policyId, version: item.version },
              ] as const,
            ],
    ),
  )
  const texts: Statement['policies'] = []
  for (const [policy, { id, version }] of named) {
    const row = await getSplitPolicy(db, everyAccount, id, version)
    if (row !== undefined) texts.push({ policy, text: row.terms.text })
  }
  return texts
}

async function statementOf(db: Db, settlement: Settlement): Promise<Statement> {
  const account = await payeeAccount(db, settlement.payee.id, settlement.amount.currency)
  if (account === undefined) throw new InvariantError(`No payee ${settlement.payee.id}.`)
  const lines = await settlementLines(db, settlement.id)
  const { currency } = settlement.amount
  const owed = sum(
    lines.map(({ amount }) => amount),
    currency,
  )
  const netted = subtract(settlement.amount, owed)
  return {
    settlementId: settlement.id,
    batch: settlement.batch,
    role: settlement.payee.role,
    payee: {
      id: account.id,
      legalName: account.legalName,
      country: account.country,
      vatId: account.vatId,
      address: account.address,
    },
    paidTo: account.bank === undefined ? null : numberEnd(account.bank.numbers),
    cutOffAt: settlement.cutOffAt,
    slaDeadline: settlement.slaDeadline,
    ...(netted.amount === 0 ? {} : { netted }),
    total: settlement.amount,
    policies: await policyTexts(db, lines),
    lines: lines.map((line) => ({
      sessionId: line.sessionId,
      itemId: line.splitItemId,
      endedAt: line.endedAt ?? line.item?.createdAt ?? settlement.cutOffAt,
      evseId: line.evseId ?? `${line.item?.siteId ?? ''} ${line.item?.period ?? ''}`,
      policy: policyOf(line),
      proofId: line.proofId,
      ...statementText(line.detail),
      provisional: line.provisional,
      amount: line.amount,
    })),
  }
}

/** Who is owed something at the cut-off, and which earlier settlements still wait for their money. */
async function listPayees(
  deps: SettlementDependencies,
  input: { cutOffAt: string; demand?: string },
): Promise<{ payees: Payee[]; unpaid: string[] }> {
  // What their owners' money, or a higher limit, covers since the last batch is paid with this one.
  await eachApart(await accountsAwaited(deps.db), (whose) =>
    deps.db.tx((tx) => fundPlans(tx, whose, `batch:${input.cutOffAt}`, input.cutOffAt)),
  )
  const unpaid = await unpaidSettlements(deps.db, input.demand)
  return {
    payees: await payeesWithOpenPayables(deps.db, input.cutOffAt, input.demand),
    unpaid: unpaid.map((row) => row.id),
  }
}

/**
 * What a payee owes for its own subscribers is kept back from what it is paid, as far as that goes; the rest stays owed.
 * What was kept back too much, as a later record shows, is paid out with it.
 * Called once, in the tx that makes the settlement; returns what was kept back.
 */
async function netSponsored(
  tx: Tx,
  made: { id: string; owed: Money },
  { payee, cutOffAt }: Payee & { cutOffAt: string },
): Promise<Money> {
  const { currency } = made.owed
  const sponsored = money(await balanceOf(tx, accounts.sponsored(payee.id, currency)), currency)
  const amount = minimum(sponsored, made.owed)
  if (amount.amount === 0) return amount
  const entry = nettingEntry({ key: `${made.id}:netting`, payee, amount })
  await postEntry(tx, { ...entry, effectiveAt: cutOffAt })
  return amount
}

/** Closes a payee's settlement of the batch with its statement; null when nothing positive is owed. */
async function closePayee(
  deps: SettlementDependencies,
  input: Payee & { batch: string; cutOffAt: string; demand?: string; now: string },
): Promise<{ settlementId: string } | null> {
  const { now, ...due } = input
  const row = await deps.db.tx((tx) =>
    closeSettlement(tx, { ...due, at: now }, (made) => netSponsored(tx, made, due)),
  )
  // What kept an earlier batch from closing it is over, whether or not anything is owed by now.
  const settles = { kinds: ['step_failed'], subject: payeeSubject(input) } as const
  await settleIncidents(deps.db, settles, { cause: `Closed by the batch ${input.batch}.`, at: now })
  if (row === undefined) return null
  await settleNegative(deps.db, input, {
    cause: `Made up for by the batch ${input.batch}.`,
    at: now,
  })
  const statement = await statementOf(deps.db, row)
  const statementPdf = await deps.renderStatement(statement)
  await deps.db.tx(async (tx) => {
    const closed = await changeSettlement(tx, row.id, { statement, statementPdf })
    for (const type of ['settlement.closed', 'statement.ready'] as const)
      await appendEvent(tx, {
        accountId: row.payee.id,
        type,
        objectId: row.id,
        data: settlementView(closed),
        dedupeKey: `${row.id}:${type}`,
        at: now,
      })
  })
  return { settlementId: row.id }
}

/** Tells each session of these settlements, once everybody it owes has been paid: it closes and seals by nothing less. */
async function tellSessions(
  deps: SettlementDependencies,
  input: { settlementIds: readonly string[] },
): Promise<{ told: number }> {
  const paid = await sessionsPaidWith(deps.db, input.settlementIds)
  await eachApart(paid, ({ workflowId, news }) => deps.tellSession(workflowId, news))
  return { told: paid.length }
}

const payeeSubject = ({ payee, currency }: Payee) =>
  ({ type: 'workflow', id: `settle:${partyKey(payee)}:${currency}` }) as const

/** A payee whose settlement cannot be closed is a person's to look at, and the others are paid. */
async function reportPayee(
  { db }: SettlementDependencies,
  input: Payee & { batch: string; cause: string; now: string },
): Promise<void> {
  const { payee, currency, batch, cause, now } = input
  await openIncident(db, {
    kind: 'step_failed',
    subject: payeeSubject({ payee, currency }),
    accountId: payee.id,
    cause: `The settlement of ${partyKey(payee)} in ${currency} was not closed: ${cause}`,
    detail: { batch },
    actions: [],
    at: now,
  })
}

export function createSettlementActivities(deps: SettlementDependencies) {
  return {
    listPayees: (input: Parameters<typeof listPayees>[1]) => listPayees(deps, input),
    closePayee: (input: Parameters<typeof closePayee>[1]) => closePayee(deps, input),
    sendPayout: (input: Parameters<typeof sendPayout>[1]) => sendPayout(deps, input),
    readPayout: (input: Parameters<typeof readPayout>[1]) => readPayout(deps, input),
    takeReturns: (input: Parameters<typeof takeReturns>[1]) => takeReturns(deps, input),
    lookAtBankAccounts: (input: { now: string }) => lookAtBankAccounts(deps, input),
    watchNegatives: (input: { now: string }) => watchNegatives(deps.db, input),
    reportPayee: (input: Parameters<typeof reportPayee>[1]) => reportPayee(deps, input),
    tellSessions: (input: Parameters<typeof tellSessions>[1]) => tellSessions(deps, input),
  }
}

export type SettlementActivities = ReturnType<typeof createSettlementActivities>
