import { z } from 'zod'

/**
 * Free text PostgreSQL can store: no NUL, no other control characters, no half surrogate pairs. The last is not
 * in the pattern, because few regular expression engines outside JavaScript can say it.
 */
export const zText = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- naming the characters to refuse is the point
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not hold control characters')
    .refine((text) => text.isWellFormed(), 'must not hold half a surrogate pair')
