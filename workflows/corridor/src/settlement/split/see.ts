import type { Tx } from '@chargelane/db'
import { getSplitPolicy, type SplitPolicyRow } from '@chargelane/db/queries/partners/split-policies'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Actor } from '../../onboarding/act.ts'

/** Its newest version, or the one that is named. */
export async function mustSeePolicy(
  tx: Tx,
  viewer: Actor,
  id: string,
  version?: number,
): Promise<SplitPolicyRow> {
  const row = await getSplitPolicy(tx, viewer.sees, id, version)
  if (row === undefined) throw missing('split policy')
  return row
}
