import { z } from 'zod'
import { zInstant } from './common.ts'
import { zId } from './vocabulary/ids.ts'

export const zEvidence = z
  .object({
    id: zId('evidence'),
    session: zId('session'),
    revision: z.int().min(1).meta({ description: 'Grows with each seal; the newest counts.' }),
    manifest_sha256: z.string().max(80).meta({
      description: 'Hash of the signed manifest, which holds the hash of every file of the pack.',
    }),
    key_id: z.string().max(80).meta({ description: 'The key the manifest is signed with.' }),
    sealed_at: zInstant,
  })
  .meta({
    id: 'Evidence',
    description: 'The head of an evidence pack; `sessions.evidence` downloads the pack itself.',
  })
