import { z } from 'zod'

const plain =
  // oxlint-disable-next-line no-control-regex -- naming the characters to refuse is the point
  /^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]*$/

/**
 * Free text that PostgreSQL can store and that reads as it is: no control characters, nothing that turns the direction of
 * writing or breaks a line, no half surrogate pairs. The last is not in the pattern, because few regular expression
 * engines outside JavaScript can say it.
 */
export const zText = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(plain, 'must not hold control characters')
    .refine((text) => text.isWellFormed(), 'must not hold half a surrogate pair')
