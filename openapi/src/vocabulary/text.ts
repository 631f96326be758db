import { z } from 'zod'

/**
 * Beside control characters: what turns the direction of writing, breaks a line, or stands in a text and is not seen, by
 * which two names that look alike are two. Joiners (U+200C, U+200D) are spelling in some languages, and stay.
 */
const refused =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f' +
  '\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb'
/** White space beside what is refused anyway, as `trim` takes it away, and joiners: nothing of it shows by itself. */
const blank = ' \\u00a0\\u1680\\u2000-\\u200a\\u200c\\u200d\\u202f\\u205f\\u3000'

/** Tags (U+E0000 to U+E007F) are as unseen; a pattern that every engine reads the same cannot name them. */
const isWhole = (text: string) => text.isWellFormed() && !/[\u{e0000}-\u{e007f}]/u.test(text)
const notWhole = 'must not hold half a surrogate pair or tag characters'

/**
 * Free text that PostgreSQL can store and that reads as it is: something that shows, and nothing unseen (see `refused`), no
 * half surrogate pairs. The last is not in the pattern, because few regular expression engines outside JavaScript can say it.
 */
export const zText = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(
      new RegExp(`^[${blank}]*[^${refused}${blank}][^${refused}]*$`),
      'must show something, without control or invisible characters',
    )
    .refine(isWhole, notWhole)

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
    .refine(isWhole, notWhole)
    .trim()

/** Text of any form, as PostgreSQL can store it: keys in PEM, documents of others. */
export const zStorable = (max: number, min = 0) =>
  z
    .string()
    .min(min)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- naming the character to refuse is the point
    .regex(/^[^\u0000]*$/, 'must not hold NUL characters')

const unseen = new RegExp(`[${refused}]|[\\u{e0000}-\\u{e007f}]`, 'gu')

/** What others call their places, as it may be shown: a break of a line is a blank, and what is not seen is not there. */
export const shownText = (text: string): string =>
  text
    .replaceAll(/[\t\n\r\u0085\u2028\u2029]+/g, ' ')
    .replaceAll(unseen, '')
    .trim()
