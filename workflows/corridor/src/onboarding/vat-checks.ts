// VAT numbers are asked about before a tax is shifted to their holders, and again when the answer has grown old.
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import {
  type AccountRow,
  accountsToCheck,
  getAccount,
  lockNames,
  platformAccount,
  recordVatCheck,
  wasNamed,
} from '@chargelane/db/queries/partners/accounts'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import { nameKey } from '@chargelane/rules/identity/account'
import { numbersOf } from '@chargelane/rules/vat/registrations'
import type { VatAnswer, VatCheck } from './vies.ts'

export type VatCheckDependencies = { db: Db; vatCheck: VatCheck }

export type VatRound = {
  valid: string[]
  invalid: string[]
  /** Valid, but of somebody with another name: for the platform. */
  misnamed: string[]
  /** Without an answer, by account: asked again in the next round. */
  pending: Record<string, string>
}

const roundMax = 200
const dayS = 86_400
const before = (at: string, seconds: number) =>
  new Date(Date.parse(at) - seconds * 1_000).toISOString()

/** Until when a check counts that was made at an instant. */
export async function vatCountsUntil(sql: Tx, checkedAt: string): Promise<string> {
  const { vat_check_counts_s: set } = await settingsNow(sql)
  return before(checkedAt, -(set ?? settingDefaults.vat_check_counts_s))
}

/** One number after the other; a member state that does not answer is left in peace until the next round. */
async function checkVatIds(
  { db, vatCheck }: VatCheckDependencies,
  { now }: { now: string },
): Promise<VatRound> {
  const platform = await platformAccount(db)
  const round: VatRound = { valid: [], invalid: [], misnamed: [], pending: {} }
  if (platform === undefined) return round
  const { vat_recheck_s: set } = await settingsNow(db)
  const due = await accountsToCheck(db, {
    goodBefore: before(now, set ?? settingDefaults.vat_recheck_s),
    badBefore: before(now, dayS),
  })
  const own = platform.vatId
  const requester = own !== null && vatCheck.covers(own) ? own : null
  const silent = new Map<string, string>()
  let asked = 0
  for (const { id, vatId } of due) {
    if (!vatCheck.covers(vatId) || asked === roundMax) continue
    const state = vatId.slice(0, 2).toUpperCase()
    const code = silent.get(state)
    if (code !== undefined) {
      round.pending[id] = code
      continue
    }
    asked += 1
    const answer = await vatCheck.ask({ vatId, requester })
    if (answer.kind === 'pending') {
      round.pending[id] = answer.code
      // What is wrong with the question itself is wrong with this number alone.
      if (answer.code !== 'INVALID_INPUT') silent.set(state, answer.code)
      continue
    }
    const told = { source: vatCheck.source, by: platform.id, now, vatId, answer }
    const kept = await db.tx((tx) => keepAnswer(tx, id, told))
    if (kept !== undefined) round[kept].push(id)
  }
  return round
}

type Told = {
  source: string
  by: string
  now: string
  vatId: string
  answer: Extract<VatAnswer, { kind: 'answered' }>
}

const hasNumber = (account: AccountRow, vatId: string): boolean =>
  numbersOf({ ...account, vatChecked: false }).some((each) => each.vatId === vatId)

/** Nothing is kept of a number that the account does not have any more. */
async function keepAnswer(
  tx: Tx,
  id: string,
  { source, by, now, vatId, answer }: Told,
): Promise<'valid' | 'invalid' | 'misnamed' | undefined> {
  await lockNames(tx)
  const account = await getAccount(tx, everyAccount, id)
  if (account === undefined || !hasNumber(account, vatId)) return undefined
  const { valid, reference, name, address } = answer
  const isNamed = name === null || isNameOf(account, name)
  // The platform verified the account after it had read this very name.
  const isLookedAt =
    account.verification === 'verified' &&
    name !== null &&
    (await wasNamed(tx, { accountId: id, vatId, name }))
  const counts = valid && (isNamed || isLookedAt)
  const check = { accountId: id, vatId, valid, source, reference, name, address }
  await recordVatCheck(tx, {
    ...check,
    nameMatches: name === null ? null : isNamed,
    checkedAt: now,
    recordedBy: by,
    recordedAt: now,
    countsUntil: counts ? await vatCountsUntil(tx, now) : null,
    isMisnamed: valid && !counts,
  })
  if (!valid) return 'invalid'
  return counts ? 'valid' : 'misnamed'
}

/** A register may tell a company's several names in one line. */
const isNameOf = ({ nameKeys }: AccountRow, name: string): boolean =>
  [name, ...name.split('||')].some((each) => nameKeys.includes(nameKey(each)))

export const createVatCheckActivities = (deps: VatCheckDependencies) => ({
  checkVatIds: (input: { now: string }) => checkVatIds(deps, input),
})
export type VatCheckActivities = ReturnType<typeof createVatCheckActivities>
