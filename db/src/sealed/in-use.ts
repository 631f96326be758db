// Which keys a database needs: asked by each process before it reads anything, so that a missing one is told at once.
import type { Sql } from '../client.ts'
import { dataKeys as inUse } from '../schema.ts'
import { dataKeys, dataKeysVariable, lookupKeyVariable } from './keys.ts'
import { asSealed, lookupProof, seal, sealedText, unseal } from './sealed.ts'

const column = 'data_keys.proof'
const proven = 'this key'
const lookupId = 'lookup'

/** Throws a sentence that names the key at fault; from then on the database needs the key that writes. */
export async function openDataKeys(sql: Sql, now: string): Promise<void> {
  const { writing, all } = dataKeys()
  await sql
    .insert(inUse)
    .values([
      { keyId: writing.id, proof: sealedText(seal(column, writing.id, proven)), since: now },
      { keyId: lookupId, proof: lookupProof(), since: now },
    ])
    .onConflictDoNothing()
  for (const { keyId, proof } of await sql.select().from(inUse)) {
    if (keyId === lookupId) {
      if (proof !== lookupProof())
        throw new Error(`${lookupKeyVariable} is not the key this database was written with.`)
      continue
    }
    if (!all.has(keyId))
      throw new Error(
        `Values of this database are sealed with the key ${keyId}, which ${dataKeysVariable} does not name: add it behind the others, and drop it after npm run reseal.`,
      )
    if (!isProven(keyId, proof))
      throw new Error(
        `The key ${keyId} of ${dataKeysVariable} is not the one of this name that this database was written with.`,
      )
  }
}

function isProven(keyId: string, proof: string): boolean {
  try {
    return unseal(column, keyId, asSealed(proof)) === proven
  } catch {
    return false
  }
}
