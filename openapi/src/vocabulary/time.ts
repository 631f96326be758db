import * as z from 'zod'

// A day of the calendar in a year from 1000 on: nothing we are told lies before, and PostgreSQL knows no year 0. As one
// pattern, because a client generator can read one.
const leapDay = '(?:[1-9]\\d(?:[2468][048]|[13579][26]|0[48])|(?:[2468][048]|[13579][26])00)-02-29'
const otherDay =
  '[1-9]\\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))'
const day = `(?:${leapDay}|${otherDay})`
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?'

/** An instant in UTC with the Z written out, as the canonical form keeps it. */
export const zInstant = z
  .string()
  .regex(new RegExp(`^${day}T${time}Z$`), 'must be an RFC 3339 instant in UTC')
  // Rounded to microseconds it would be in the year 10000.
  .refine((text) => !text.startsWith('9999-12-31T23:59:59.999999'), 'is after the last instant')
  .meta({ id: 'Instant', format: 'date-time', description: 'RFC 3339 instant in UTC.' })

/** A date where something is, without a time zone. */
export const zLocalDay = z
  .string()
  .regex(new RegExp(`^${day}$`), 'must be a date YYYY-MM-DD')
  .meta({ format: 'date', description: 'Local date, YYYY-MM-DD.' })
