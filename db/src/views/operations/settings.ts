import type { PlatformSettings } from '@chargelane/openapi'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import type { SettingsRow } from '../../queries/operations/settings.ts'

/** Who changed it and why is for those who see all. */
export function settingsView(row: SettingsRow | undefined, seesAll = true): PlatformSettings {
  const {
    record_deadline_s = null,
    ghost_s = null,
    price_hold_s = null,
    usual_price_times = null,
    plan_limits = null,
    float_limits = null,
    dispute_after_s = null,
    contract_term_s = null,
    settle_within_s = null,
    stop_confirmation_s = null,
    vat_check_counts_s = null,
    vat_recheck_s = null,
    bank_account_cooling_s = null,
    reconcile_provider_s = null,
    reconcile_bank_s = null,
    reconcile_sweep_s = null,
  } = row?.settings ?? {}
  return {
    record_deadline_s,
    ghost_s,
    price_hold_s,
    usual_price_times,
    plan_limits,
    float_limits,
    dispute_after_s,
    contract_term_s,
    settle_within_s,
    stop_confirmation_s,
    vat_check_counts_s,
    vat_recheck_s,
    bank_account_cooling_s,
    reconcile_provider_s,
    reconcile_bank_s,
    reconcile_sweep_s,
    market: row?.market ?? null,
    account: row?.accountId ?? null,
    defaults: settingDefaults,
    version: row?.id ?? null,
    reason: (seesAll ? row?.reason : null) ?? null,
    set_by: (seesAll ? row?.setBy : null) ?? null,
    set_at: row?.setAt ?? null,
  }
}
