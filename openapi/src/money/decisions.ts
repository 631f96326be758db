import { z } from 'zod'
import { zInstant } from '../common.ts'
import { zWords } from '../vocabulary/text.ts'

/** Why somebody decides about money, in words. */
export const zWhy = zWords(500).meta({ description: 'Why, for the auditors.' })

const zKey = z.string().max(80).meta({ description: 'Id of the API key.' })

export const zApproval = z
  .object({
    action: z
      .string()
      .max(60)
      .meta({ examples: ['debt.waive'] }),
    reason: z.string().max(500),
    proposed_by: zKey,
    proposed_at: zInstant,
    approved_by: zKey.nullable(),
    approved_at: zInstant.nullable(),
  })
  .meta({
    id: 'Approval',
    description: 'A decision that needs two keys: one proposes it, another one carries it out.',
  })
