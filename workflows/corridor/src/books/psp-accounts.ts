// A partner's own account at a payment provider: tried by a real call before it is kept, replaced without a gap.
import type { Db } from '@chargelane/db'
import { settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  listPspAccounts,
  type PspAccount as Row,
  pspAccountById,
  pspAccountOfProvider,
  putPspAccount,
  rotatePspAccount,
} from '@chargelane/db/queries/payments/psp-accounts'
import { pspAccountView } from '@chargelane/db/views/money/psp-accounts'
import { everyAccount } from '@chargelane/db'
import type { BodyOf, Contract, PspAccount } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { toFailure } from '../payment/card/stripe-errors.ts'
import { type ActingFor, stripeFor } from '../payment/partner-psp/accounts.ts'
import { MoneyFailure } from '../payment/payment.ts'

type Env = Record<string, string | undefined>
type Who = { db: Db; attempt: TryAccount; accountId: string; now: string }

export type TryAccount = (acting: ActingFor) => Promise<void>

const refused = (message: string, param: string, cause?: unknown) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param, cause })

/** `rk_test_` and `rk_live_` belong to worlds that do not mix. */
const worldOf = (key: string | undefined): string | undefined =>
  /_(test|live)_/.exec(key ?? '')?.[1]

/**
 * A payment that is made and taken back without a card shows that the key may write; one that may only read would be found
 * out by the first driver.
 */
export const tryAtStripe =
  (env: Env): TryAccount =>
  async (acting) => {
    const param = acting.credential === null ? 'provider_account' : 'api_key'
    const ours = worldOf(env['STRIPE_API_KEY'])
    if (acting.credential !== null && ours !== undefined && worldOf(acting.credential) !== ours)
      throw refused(`must be a ${ours} key`, param)
    const stripe = stripeFor(env, acting)
    try {
      const made = await stripe.paymentIntents.create({
        amount: 100,
        currency: 'eur',
        capture_method: 'manual',
        allowed_payment_method_types: ['card'],
        description: 'A check of this key; nothing is paid.',
      })
      await stripe.paymentIntents.cancel(made.id)
    } catch (error) {
      const cause = toFailure(error)
      if (cause instanceof MoneyFailure && !cause.retryable)
        throw refused('the provider refuses what we have to do with it', param, cause)
      throw new DomainError('psp_unavailable', 'The provider did not answer.', { cause })
    }
  }

export async function registerPspAccount(
  { db, attempt, accountId, now }: Who,
  body: BodyOf<Contract['psp_accounts']['set']>,
): Promise<PspAccount> {
  if ((await getAccount(db, everyAccount, accountId))?.type !== 'partner')
    throw missing('partner', 'account')
  const { mode, provider_account: providerAccount, webhook_secret: webhookSecret } = body
  const used = await pspAccountOfProvider(db, providerAccount)
  if (used !== undefined && used.accountId !== accountId)
    throw refused('belongs to another partner', 'provider_account')
  const credential = body.api_key ?? null
  const publishableKey = body.publishable_key ?? null
  await attempt({ providerAccount, credential, publishableKey })
  return db.tx(async (tx) => {
    const given = { accountId, mode, providerAccount, credential, webhookSecret, publishableKey }
    const row = await putPspAccount(tx, { ...given, at: now })
    await settle(tx, row, now)
    return pspAccountView(row)
  })
}

export async function rotateKeys(
  { db, attempt, accountId, now }: Who,
  id: string,
  body: BodyOf<Contract['psp_accounts']['rotate']>,
): Promise<PspAccount> {
  const before = await pspAccountById(db, id)
  if (before?.accountId !== accountId) throw missing('payment provider account')
  const { api_key: credential, webhook_secret: webhookSecret, overlap_s: overlapS } = body
  const { providerAccount, publishableKey, mode } = before
  if (credential !== undefined) {
    if (mode === 'connected')
      throw new DomainError('invalid_transition', 'A connected account has no key to replace.')
    await attempt({ providerAccount, publishableKey, credential })
  }
  const previousUntil = new Date(Date.parse(now) + overlapS * 1_000).toISOString()
  return db.tx(async (tx) => {
    const row = await rotatePspAccount(tx, before, {
      previousUntil,
      at: now,
      ...(credential === undefined ? {} : { credential }),
      ...(webhookSecret === undefined ? {} : { webhookSecret }),
    })
    if (credential !== undefined) await settle(tx, row, now)
    return pspAccountView(row)
  })
}

const settle = (tx: Parameters<typeof settleIncidents>[0], { id }: Row, at: string) =>
  settleIncidents(
    tx,
    { kinds: ['psp_account_refused'], subject: { type: 'psp_account', id } },
    { cause: 'another key was given', at },
  )

export async function showPspAccounts(db: Db, sees: string): Promise<{ data: PspAccount[] }> {
  return { data: (await listPspAccounts(db, sees)).map((row) => pspAccountView(row)) }
}
