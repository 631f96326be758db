/** The keys a deployment signs quotes and evidence packs with, as it publishes them and verifiers read them. */
import { z } from 'zod'
import { zInstant } from '../time.ts'

export const keyListSchema = 'chargelane-keys/1'
export const keyListPath = '/.well-known/chargelane-keys.json'

export const zPublishedKey = z
  .object({
    key_id: z
      .string()
      .max(64)
      .meta({ description: 'First 16 hex digits of the SHA-256 of the public key.' }),
    algorithm: z.literal('Ed25519'),
    public_key_spki: z.string().max(200).meta({ description: 'SPKI in DER, base64.' }),
    valid_from: zInstant,
    valid_until: zInstant.nullable().meta({ description: 'Null while it signs.' }),
    compromised_since: zInstant.nullable().meta({
      description:
        'Since when somebody else may have it: nothing is good by its signature alone any more.',
    }),
  })
  .meta({ id: 'SigningKey', description: 'A public key, with the time in which it signed.' })
export type PublishedKey = z.infer<typeof zPublishedKey>

export const zKeyList = z
  .object({
    schema: z.literal(keyListSchema),
    issuer: z.string().max(200),
    keys: z
      .array(zPublishedKey)
      .max(10_000)
      .meta({ description: 'Every key that was ever used, the newest first.' }),
  })
  .meta({
    id: 'SigningKeyList',
    description: 'Whose keys these are, and when each of them signed.',
  })
export type KeyList = z.infer<typeof zKeyList>
