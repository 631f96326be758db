import type { PolicyPackage, PolicyPackageFault } from '@chargelane/openapi'
import type { PolicyFaultRow, PolicyPackageRow } from '../../queries/policies/packages.ts'
import { livemode } from '../shown.ts'

export const policyPackageView = (row: PolicyPackageRow): PolicyPackage => ({
  id: row.id,
  cpo: row.cpoId,
  name: row.name,
  version: row.version,
  hooks: row.hooks,
  schema_version: row.schemaVersion,
  on_error: row.onError,
  sha256: row.sha256,
  goldens: row.goldens.length,
  status: row.status,
  faults_in_row: row.faultsInRow,
  reason: row.reason,
  livemode,
  created_at: row.createdAt,
  activated_at: row.activatedAt,
  ended_at: row.endedAt,
})

export const policyFaultView = (row: PolicyFaultRow): PolicyPackageFault => ({
  id: row.id,
  package: row.packageId,
  hook: row.hook,
  session: row.sessionId,
  subject: row.subject,
  fault: row.fault,
  message: row.message,
  at: row.at,
})
