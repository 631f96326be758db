import { and, desc, eq, isNull, lt, ne } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { evidencePacks, signingKeys } from '../../schema.ts'
import type { PageRequest } from '../page.ts'

export type SigningKeyRow = typeof signingKeys.$inferSelect

/** Every key, the newest first. */
export const listSigningKeys = (sql: Sql): Promise<SigningKeyRow[]> =>
  sql.select().from(signingKeys).orderBy(desc(signingKeys.validFrom), desc(signingKeys.keyId))

/** Whether it was not known before. */
export async function insertSigningKey(tx: Tx, row: SigningKeyRow): Promise<boolean> {
  const made = await tx.insert(signingKeys).values(row).onConflictDoNothing().returning()
  return made.length > 0
}

/** Every other key that still signs stops; the caller's tx has the one that takes its place. */
export async function retireOtherKeys(
  tx: Tx,
  { keyId, until, reason }: { keyId: string; until: string; reason: string },
): Promise<void> {
  await tx
    .update(signingKeys)
    .set({ validUntil: until, reason })
    .where(and(ne(signingKeys.keyId, keyId), isNull(signingKeys.validUntil)))
}

/** It may be another's: nothing it signed is good by its signature alone any more. */
export async function markCompromised(
  tx: Tx,
  { keyId, since, until, reason }: { keyId: string; since: string; until: string; reason: string },
): Promise<SigningKeyRow | undefined> {
  const [row] = await tx
    .update(signingKeys)
    .set({ compromisedSince: since, validUntil: until, reason })
    .where(eq(signingKeys.keyId, keyId))
    .returning()
  return row
}

/** The packs that a key sealed, as they are kept here: whatever else bears its seal is not ours. */
export const packsOfKey = (sql: Sql, keyId: string, page: PageRequest) =>
  sql
    .select({
      id: evidencePacks.id,
      sessionId: evidencePacks.sessionId,
      revision: evidencePacks.revision,
      manifestHash: evidencePacks.manifestHash,
      keyId: evidencePacks.keyId,
      sealedAt: evidencePacks.sealedAt,
    })
    .from(evidencePacks)
    .where(
      and(
        eq(evidencePacks.keyId, keyId),
        page.after === undefined ? undefined : lt(evidencePacks.id, page.after),
      ),
    )
    .orderBy(desc(evidencePacks.id))
    .limit(page.limit)
