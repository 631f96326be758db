import type { Db } from '@chargelane/db'
import { createAccount, platformAccount } from '@chargelane/db/queries/partners/accounts'
import { createApiKey } from '@chargelane/db/queries/partners/api-keys'
import { scopesOf } from '@chargelane/openapi'
import { apiKeyDigest } from './http/api-key.ts'

/** The platform's own account and its first key; every other account is made with it. Harmless when repeated. */
export async function bootstrapPlatform(db: Db, key: string, at: string): Promise<string> {
  const account =
    (await platformAccount(db)) ??
    (await createAccount(db, {
      // The same id from every process that starts first, so that two never make two platforms.
      id: 'acct_00000000000000000000000001',
      type: 'platform',
      name: 'Chargelane',
      legalName: 'Chargelane Betriebs GmbH',
      country: 'DE',
      payoutCurrency: 'EUR',
      vatId: 'DE298765402',
      address: { street: 'Ladestraße 1', city: 'Berlin', postal_code: '10115' },
      at,
    }))
  await createApiKey(db, {
    accountId: account.id,
    digest: apiKeyDigest(key),
    lastFour: key.slice(-4),
    name: 'bootstrap',
    scopes: [...scopesOf.platform],
    at,
  })
  return account.id
}
