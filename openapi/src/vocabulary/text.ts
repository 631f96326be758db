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

const refused =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff'
/** White space beside what is refused anyway: what `trim` takes away. */
const blank = ' \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000'

/** Why somebody decides something, in words: of three characters that show, at least. */
export const zWords = (max: number) =>
  z
    .string()
    .min(3)
    .max(max)
    .regex(
      new RegExp(`^[${blank}]*(?:[^${refused}${blank}][${blank}]*){3}[^${refused}]*$`),
      'must say something, without control characters',
    )
    .refine((text) => text.isWellFormed(), 'must not hold half a surrogate pair')
    .trim()

/** Text of any form, as PostgreSQL can store it: keys in PEM, documents of others. */
export const zStorable = (max: number, min = 0) =>
  z
    .string()
    .min(min)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- naming the character to refuse is the point
    .regex(/^[^\u0000]*$/, 'must not hold NUL characters')
