import { operation, zListOf, zPage } from '../operation.ts'
import { zPlatformSettings, zSettingsChange, zSettingsOf } from '../vocabulary/settings.ts'

export const platform_settings = {
  get: operation({
    id: 'platform_settings.get',
    method: 'get',
    path: '/v1/platform_settings',
    summary: 'Read the settings of the platform',
    description:
      'What is set for all, or with `market` or `account` for that one; what is null there is by the next: account, market, all, default.',
    scope: 'accounts:read',
    query: zSettingsOf,
    success: { status: 200, kind: 'json', description: 'The settings.', body: zPlatformSettings },
    errors: ['resource_missing'],
    idempotent: false,
  }),
  set: operation({
    id: 'platform_settings.set',
    method: 'post',
    path: '/v1/platform_settings',
    summary: 'Change settings of the platform',
    description:
      'For all, or for the `market` or the operator (`account`) that is named. What is not named stays as it is; null goes back to the next. It counts for what begins from now on, and every change stays on record with its reason.',
    scope: 'accounts:write',
    body: zSettingsChange.meta({ id: 'PlatformSettingsChange' }),
    success: { status: 200, kind: 'json', description: 'The settings.', body: zPlatformSettings },
    errors: ['unsupported_currency', 'invalid_value', 'resource_missing'],
    idempotent: true,
  }),
  changes: operation({
    id: 'platform_settings.changes',
    method: 'get',
    path: '/v1/platform_settings/changes',
    summary: 'How the settings came about',
    description: 'Every change, newest first, each with all settings as they were after it.',
    scope: 'ledger:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of changes.',
      body: zListOf('PlatformSettingsList', zPlatformSettings),
    },
    errors: [],
    idempotent: false,
  }),
}
