// Acting at a partner's own payment provider: with its restricted key, or as the platform its account is connected to.
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import {
  type PspAccount,
  pspAccountOf,
  revokePspAccount,
} from '@chargelane/db/queries/payments/psp-accounts'
import { stripeSettings } from '../card/card.ts'
import {
  createStripeMethods,
  createStripePayments,
  openStripe,
  type StripeSettings,
} from '../card/stripe.ts'
import { MoneyFailure } from '../payment.ts'
import type { KnowsMethod, PaymentPort, PaymentProcess } from '../payment.ts'

/** What it takes to act for an account; one that was replaced a while ago is another. */
export type ActingFor = Pick<PspAccount, 'providerAccount' | 'publishableKey'> & {
  /** Null where our own key acts for a connected account. */
  credential: string | null
}

export type PartnerProvider = { payments: PaymentPort; knowsMethod: KnowsMethod }
export type OpenProvider = (acting: ActingFor) => PartnerProvider
export type Accounts = {
  db: PaymentProcess['db']
  now: PaymentProcess['now']
  open: OpenProvider
}

function settingsFor(env: PaymentProcess['env'], acting: ActingFor): StripeSettings {
  const { publishableKey: _ours, ...ours } = stripeSettings(env)
  const { credential, providerAccount, publishableKey } = acting
  return {
    ...ours,
    ...(publishableKey === null ? {} : { publishableKey }),
    ...(credential === null ? { stripeAccount: providerAccount } : { apiKey: credential }),
  }
}

/** As the provider's own library, for what is no payment. */
export const stripeFor = (env: PaymentProcess['env'], acting: ActingFor) =>
  openStripe(settingsFor(env, acting))

/** One client for each key, kept: it keeps its connections. */
export function openProviders(env: PaymentProcess['env']): OpenProvider {
  const opened = new Map<string, PartnerProvider>()
  return (acting) => {
    const name = `${acting.providerAccount} ${acting.credential ?? ''} ${acting.publishableKey ?? ''}`
    const known = opened.get(name)
    if (known !== undefined) return known
    const settings = settingsFor(env, acting)
    const made = {
      payments: createStripePayments(settings),
      knowsMethod: createStripeMethods(settings),
    }
    opened.set(name, made)
    return made
  }
}

function actingFor(account: PspAccount, now: string): ActingFor[] {
  const { providerAccount, publishableKey, credential, previousCredential, previousUntil } = account
  const common = { providerAccount, publishableKey }
  const isPreviousGood = previousUntil !== null && previousUntil > now
  return [
    { ...common, credential },
    ...(previousCredential !== null && isPreviousGood
      ? [{ ...common, credential: previousCredential }]
      : []),
  ]
}

export type Refused = { refused: 'no_psp_account' | 'psp_account_revoked' }

/** The answer of a partner's provider, or that it takes no key of ours: then it is marked and told of, once. */
export async function atProvider<T extends object>(
  accounts: Accounts,
  accountId: string,
  use: (provider: PartnerProvider) => Promise<T>,
): Promise<T | Refused> {
  const { db, now, open } = accounts
  const account = await pspAccountOf(db, accountId)
  if (account === undefined) return { refused: 'no_psp_account' }
  if (account.status === 'revoked') return { refused: 'psp_account_revoked' }
  const at = now().toISOString()
  for (const acting of actingFor(account, at)) {
    try {
      return await use(open(acting))
    } catch (error) {
      if (!(error instanceof MoneyFailure && error.code === 'psp_credentials')) throw error
    }
  }
  await markRevoked(accounts, account, at)
  return { refused: 'psp_account_revoked' }
}

async function markRevoked({ db }: Accounts, account: PspAccount, at: string): Promise<void> {
  await db.tx(async (tx) => {
    const revoked = await revokePspAccount(tx, account.id, at)
    if (revoked === undefined) return
    await openIncident(tx, {
      kind: 'psp_account_refused',
      subject: { type: 'psp_account', id: account.id },
      accountId: account.accountId,
      cause: 'The payment provider of the partner refuses our key; its sources start nothing.',
      detail: { provider_account: account.providerAccount },
      actions: [],
      at,
    })
  })
}

export const isRefused = (answer: object): answer is Refused => 'refused' in answer
