import { z } from 'zod'
import { zCreatedAt, zLivemode } from './common.ts'
import { type EventObject, eventTypesOf } from './vocabulary/event-types.ts'
import { zId } from './vocabulary/ids.ts'

/** `session.ended`, `session.*` or `*`. */
const zEventPattern = z
  .string()
  .max(80)
  .regex(/^(?:\*|[a-z_]+\.(?:\*|[a-z_]+)|ping)$/, 'must be `*`, `session.*` or `session.ended`')
  .meta({ examples: ['session.*'] })
export const zEventPatterns = z.array(zEventPattern).min(1).max(50)

/** The events whose `data` is this object. */
export const eventOf = <const N extends EventObject, S extends z.ZodType>(name: N, data: S) =>
  z
    .object({
      id: zId('event'),
      type: z.enum(eventTypesOf(name)),
      object: z.string().max(60).meta({
        description:
          'Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.',
      }),
      sequence: z
        .int()
        .min(0)
        .meta({ description: 'Grows per `object`; drop an event older than one you have seen.' }),
      data,
      context: z.record(z.string().max(80), z.unknown()).meta({
        description:
          'What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.',
      }),
      livemode: zLivemode,
      created_at: zCreatedAt,
    })
    .meta({ id: `${name}Event`, description: `An event whose \`data\` is the ${name} it left.` })
