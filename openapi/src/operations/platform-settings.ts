import { operation, zListOf, zPage } from '../operation.ts'
import { zPlatformSettings, zSettingsChange } from '../vocabulary/settings.ts'

export const platform_settings = {
  get: operation({
    id: 'platform_settings.get',
    method: 'get',
    path: '/v1/platform_settings',
    summary: 'Read the settings of the platform',
    description: 'What counts for what begins now.',
    scope: 'accounts:read',
    success: { status: 200, kind: 'json', description: 'The settings.', body: zPlatformSettings },
    errors: [],
    idempotent: false,
  }),
  set: operation({
    id: 'platform_settings.set',
    method: 'post',
    path: '/v1/platform_settings',
    summary: 'Change settings of the platform',
    description:
      'What is not named stays as it is; null goes back to the default. It counts for what begins from now on, and every change stays on record with its reason.',
    scope: 'accounts:write',
    body: zSettingsChange.meta({ id: 'PlatformSettingsChange' }),
    success: { status: 200, kind: 'json', description: 'The settings.', body: zPlatformSettings },
    errors: ['unsupported_currency'],
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
