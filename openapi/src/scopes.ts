/** What an API key may be allowed to do. A key holds at most the scopes of its account's type. */
export const scopes = [
  'accounts:read',
  'accounts:write',
  'keys:write',
  'drivers:write',
  'supply:read',
  'supply:write',
  'quotes:write',
  'sessions:read',
  'sessions:write',
  'money:read',
  'evidence:read',
  'ledger:read',
  'settlements:run',
  'agreements:read',
  'agreements:write',
  'reports:read',
  'webhooks:write',
  'events:read',
] as const
export type Scope = (typeof scopes)[number]

export const accountTypes = ['partner', 'cpo', 'finance', 'platform'] as const
export type AccountType = (typeof accountTypes)[number]

/** The most a key of this account type can do; a narrower key lists fewer. */
export const scopesOf: Record<AccountType, readonly Scope[]> = {
  partner: [
    'accounts:read',
    'keys:write',
    'drivers:write',
    'supply:read',
    'quotes:write',
    'sessions:read',
    'sessions:write',
    'money:read',
    'evidence:read',
    'agreements:read',
    'agreements:write',
    'webhooks:write',
    'events:read',
  ],
  cpo: [
    'accounts:read',
    'keys:write',
    'supply:read',
    'supply:write',
    'sessions:read',
    'money:read',
    'evidence:read',
    'agreements:read',
    'agreements:write',
    'reports:read',
    'webhooks:write',
    'events:read',
  ],
  finance: [
    'accounts:read',
    'supply:read',
    'sessions:read',
    'money:read',
    'evidence:read',
    'agreements:read',
    'reports:read',
    'ledger:read',
    'settlements:run',
  ],
  platform: scopes,
}
