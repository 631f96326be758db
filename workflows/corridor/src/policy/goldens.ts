// The golden tests of packages: what an operator said its code answers, tried before the code is in force, and of all
// code in force before the platform changes.
import type { Sql } from '@chargelane/db'
import { activePolicyPackages } from '@chargelane/db/queries/policies/packages'
import { canonicalText } from '@chargelane/rules/canonical'
import type { PolicyGolden } from '@chargelane/rules/documents'
import { callPackage } from './call.ts'
import type { PolicyLanes } from './lanes.ts'

type Tried = { cpoId: string; source: string; goldens: readonly PolicyGolden[] }

/** The first golden test that does not hold, in words; undefined where all do. */
export async function brokenGolden(
  lanes: PolicyLanes,
  { cpoId, source, goldens }: Tried,
): Promise<string | undefined> {
  for (const { name, facts, answer } of goldens) {
    const said = await callPackage(lanes, { cpoId, source }, facts)
    if (said.kind === 'fault') return `golden ${name}: ${said.fault}, ${said.message}`
    const [got, wanted] = [canonicalText(said.answer), canonicalText(answer)]
    if (got !== wanted) return `golden ${name}: answers ${got.slice(0, 200)}`
  }
  return undefined
}

export type PackageGoldens = { id: string; name: string; version: string; broken: string | null }

/** Every package in force, with its first golden test that does not hold. */
export async function runPackageGoldens(sql: Sql, lanes: PolicyLanes): Promise<PackageGoldens[]> {
  const found: PackageGoldens[] = []
  for (const { id, cpoId, name, version, source, goldens } of await activePolicyPackages(sql)) {
    const broken = (await brokenGolden(lanes, { cpoId, source, goldens })) ?? null
    found.push({ id, name, version, broken })
  }
  return found
}
