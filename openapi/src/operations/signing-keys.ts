import { z } from 'zod'
import { zInstant } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zEvidence } from '../sales/sessions.ts'
import { keyListPath, zKeyList, zPublishedKey } from '../vocabulary/trust/signing-keys.ts'
import { zWords } from '../vocabulary/text.ts'

const zKeyParam = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .meta({ description: 'The `key_id` of a published key.' }),
})

export const signing_keys = {
  list: operation({
    id: 'signing_keys.list',
    method: 'get',
    path: keyListPath,
    summary: 'Which keys are ours?',
    description:
      'Every key that quotes and evidence packs were signed with, and when. Give it to the verifier: `npx chargelane-verify PACK.zip --keys URL`.',
    scope: 'public',
    success: { status: 200, kind: 'json', description: 'The keys.', body: zKeyList },
    errors: [],
    idempotent: false,
  }),
  rotate: operation({
    id: 'signing_keys.rotate',
    method: 'post',
    path: '/v1/signing_keys:rotate',
    summary: 'Replace the signing key',
    description:
      'Makes a new key in the place of the one that signs. Every process uses it within seconds; what was signed before stays good for its time, unless `compromised_since` is given.',
    scope: 'signing_keys:write',
    body: z
      .strictObject({
        reason: zWords(500),
        compromised_since: zInstant
          .optional()
          .meta({ description: 'Since when somebody else may have the key that is replaced.' }),
      })
      .meta({ id: 'SigningKeyRotate' }),
    success: { status: 201, kind: 'json', description: 'The new key.', body: zPublishedKey },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  packs: operation({
    id: 'signing_keys.packs',
    method: 'get',
    path: '/v1/signing_keys/{id}/packs',
    summary: 'Which packs did a key seal?',
    description:
      'The packs as they are kept here, newest first. Whatever else bears the seal of a compromised key is not ours.',
    scope: 'evidence:read',
    params: zKeyParam,
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of packs.',
      body: zListOf('SealedPackList', zEvidence),
    },
    errors: [],
    idempotent: false,
  }),
}
