import type { Evidence } from '@chargelane/openapi'
import type { EvidenceRow } from '../../queries/documents/evidence.ts'

/** The pack's head; its bytes are a download. */
export const evidenceView = (row: EvidenceRow): Evidence => ({
  id: row.id,
  session: row.sessionId,
  revision: row.revision,
  manifest_sha256: row.manifestHash,
  key_id: row.keyId,
  sealed_at: row.sealedAt,
})
