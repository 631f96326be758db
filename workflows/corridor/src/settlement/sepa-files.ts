// SEPA credit transfers in files: payouts wait, leave together once by the file's message id, and are heard of by the
// bank's report and its statements. Each step may be repeated: what is in a file is in no other.
import type { Db } from '@chargelane/db'
import {
  addPayoutFile,
  type BookedTransfer,
  closePayoutFile,
  linesOfTransfer,
  payoutFileOf,
  type PayoutFile,
  returnedTransfers,
  unreportedFiles,
} from '@chargelane/db/queries/documents/payout-files'
import {
  getPayout,
  lockQueuedPayouts,
  type Payout,
  payoutsOfFile,
  type QueuedPayout,
  sentInFiles,
} from '@chargelane/db/queries/documents/payouts'
import { getSettlement } from '@chargelane/db/queries/documents/settlements'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { endToEndOf, payoutOf, transferBatch } from '@chargelane/rules/bank/pain001'
import { meaningOf, type StatusReport, type TransferStatus } from '@chargelane/rules/bank/pain002'
import { money, sum } from '@chargelane/rules/money'
import { eachApart } from '../attention/apart.ts'
import type { PayoutOutcome, PayoutPort, PayoutState } from '../payment/payment.ts'
import type { BankFiles } from './bank-files.ts'
import { keepOutcome } from './outcomes.ts'
import { executionDay } from './target.ts'

export type SepaSettings = {
  /** Whose account the transfers leave. */
  debtor: { name: string; iban: string; bic?: string }
  /** Until when a file is executed on its day, `HH:MM` in Frankfurt. */
  cutOff: string
}
export type FileDependencies = { db: Db; files: BankFiles; sepa: SepaSettings }

const currency = 'EUR'
/** What banks take in one file; more is another. */
const transfersMax = 10_000

const returnOf = ({ endToEndId, reference, returnReason, bookedAt }: BookedTransfer) => ({
  bankReference: reference ?? `${endToEndId}:return`,
  reason: `${returnReason ?? ''}: ${meaningOf(returnReason).words}`,
  returnedAt: bookedAt,
})

async function stateOf(db: Db, payoutId: string): Promise<PayoutState> {
  const payout = await getPayout(db, 'all', payoutId)
  if (payout === undefined || payout.fileId === null) return { kind: 'none' }
  const lines = await linesOfTransfer(db, endToEndOf(payoutId))
  const back = lines.find(({ returnReason }) => returnReason !== null)
  if (back !== undefined) return { kind: 'returned', ...returnOf(back) }
  const out = lines.find(({ amountMinor }) => amountMinor === -payout.amount.amount)
  if (out !== undefined)
    return {
      kind: 'accepted',
      bankReference: out.reference ?? payout.fileId,
      bookedAt: out.bookedAt,
    }
  const file = await payoutFileOf(db, payout.fileId)
  const isTaken = payout.state === 'sent' && file?.state !== 'built'
  return isTaken ? { kind: 'accepted', bankReference: payout.fileId } : { kind: 'queued' }
}

/** The rail itself only puts payouts in a row: the file leaves by `sendFiles`. */
export const createSepaRail = (db: Db): PayoutPort => ({
  send: () => Promise.resolve({ kind: 'queued' }),
  find: ({ payoutId }) => stateOf(db, payoutId),
  async returns({ since }) {
    const back = await returnedTransfers(db, { since, prefix: 'po-' })
    return back.map((line) => ({ payoutId: payoutOf(line.endToEndId), ...returnOf(line) }))
  },
})

const transferOf = ({ payout, account }: QueuedPayout) => {
  if (account.numbers.type !== 'iban' && account.numbers.type !== 'ch')
    throw new Error(`${payout.id} goes to no IBAN`)
  return {
    endToEndId: endToEndOf(payout.id),
    amount: payout.amount,
    creditor: { name: account.holder, iban: account.numbers.iban },
    remittance: `Chargelane settlement ${payout.settlementId}`,
  }
}

export const messageIdOf = (fileId: string) => fileId.replace('_', '-')

/** One file of what waits now; undefined where nothing does. */
function buildFile(
  { db, sepa }: FileDependencies,
  isInstant: boolean,
  now: string,
): Promise<string | undefined> {
  return db.tx(async (tx) => {
    const queued = await lockQueuedPayouts(tx, { currency, isInstant, limit: transfersMax })
    if (queued.length === 0) return undefined
    const id = newId('payoutFile')
    const total = sum([money(0, currency), ...queued.map(({ payout }) => payout.amount)], currency)
    // Instant transfers know no holidays.
    const executeOn = isInstant ? now.slice(0, 10) : executionDay(now, sepa.cutOff)
    const xml = transferBatch({
      messageId: messageIdOf(id),
      createdAt: now,
      executeOn,
      debtor: sepa.debtor,
      transfers: queued.map(transferOf),
      isInstant,
    })
    await addPayoutFile(tx, {
      id,
      currency,
      isInstant,
      executeOn,
      transfers: queued.length,
      totalMinor: total.amount,
      xml,
      createdAt: now,
      payoutIds: queued.map(({ payout }) => payout.id),
    })
    return id
  })
}

/** The bank is asked for a file before it is given it; given it twice, it has it once. */
async function uploadFile({ files }: FileDependencies, { id, xml }: PayoutFile): Promise<void> {
  const messageId = messageIdOf(id)
  if ((await files.report({ messageId })) === 'unknown') await files.upload({ messageId, xml })
}

/** Everything that waits leaves; a file that could not leave before goes with it. One that cannot keeps no other waiting. */
export async function sendFiles(
  deps: FileDependencies,
  { now }: { now: string },
): Promise<{ built: number }> {
  let built = 0
  for (const isInstant of [true, false])
    while ((await buildFile(deps, isInstant, now)) !== undefined) built += 1
  await eachApart(await unreportedFiles(deps.db), (file) => uploadFile(deps, file))
  return { built }
}

const rejectedAs = (code: string | null, reason: string | null) =>
  ({
    kind: 'rejected',
    reason: `${code ?? 'RJCT'}: ${reason ?? meaningOf(code).words}`,
    ...(code === null ? {} : { code }),
  }) as const

/** What the report says of one payout; undefined while the bank has not decided. */
function outcomeIn(
  report: StatusReport,
  said: TransferStatus | undefined,
  fileId: string,
): PayoutOutcome | undefined {
  if (report.status === 'rejected') return rejectedAs(report.reasonCode, report.reason)
  if (said?.status === 'rejected') return rejectedAs(said.reasonCode, said.reason)
  if (report.status === 'pending' || said?.status === 'pending') return undefined
  return { kind: 'accepted', bankReference: fileId }
}

async function keepFor(db: Db, payout: Payout, outcome: PayoutOutcome, now: string) {
  const settlement = await getSettlement(db, 'all', payout.settlementId)
  if (settlement === undefined || settlement.attempt !== payout.attempt) return
  await keepOutcome({ db, settlement, payout, now }, outcome)
}

async function keepReport(
  { db }: FileDependencies,
  { id }: PayoutFile,
  report: StatusReport,
  now: string,
) {
  // Of a second upload, which says nothing of the first.
  if (report.reasonCode === 'DUPL') return
  const said = new Map(report.transfers.map((each) => [each.endToEndId, each]))
  let isOpen = report.status === 'pending'
  await eachApart(await payoutsOfFile(db, id), async (payout) => {
    const outcome = outcomeIn(report, said.get(endToEndOf(payout.id)), id)
    if (outcome === undefined) isOpen = true
    else if (payout.state === 'created') await keepFor(db, payout, outcome, now)
  })
  if (isOpen || report.status === 'pending') return
  const { status: state, reasonCode, reason } = report
  await closePayoutFile(db, id, { state, reason: reasonCode ?? reason, at: now })
}

/** What the bank reported of files, and what its statements say of transfers in them. */
export async function readFiles(
  deps: FileDependencies,
  { now }: { now: string },
): Promise<{ reported: number; booked: number }> {
  const { db, files } = deps
  let [reported, booked] = [0, 0]
  await eachApart(await unreportedFiles(db), async (file) => {
    const known = await files.report({ messageId: messageIdOf(file.id) })
    if (known === 'unknown' || known.report === null) return
    await keepReport(deps, file, known.report, now)
    reported += 1
  })
  await eachApart(await sentInFiles(db), async (payout) => {
    const state = await stateOf(db, payout.id)
    if (state.kind === 'none' || state.kind === 'queued') return
    if (state.kind === 'accepted' && state.bookedAt === undefined) return
    await keepFor(db, payout, state, now)
    booked += 1
  })
  return { reported, booked }
}

export function createFileActivities(deps: FileDependencies | undefined) {
  return {
    sendFiles: async (input: { now: string }) =>
      deps === undefined ? { built: 0 } : sendFiles(deps, input),
    readFiles: async (input: { now: string }) =>
      deps === undefined ? { reported: 0, booked: 0 } : readFiles(deps, input),
  }
}
export type FileActivities = ReturnType<typeof createFileActivities>
