// Standard Webhooks as a receiver has to check it, written from the standard and not from the library that signs.
import { createHmac, timingSafeEqual } from 'node:crypto'

export type Signed = { id: string; timestamp: string; signatures: string; body: string }

/** Older or further ahead than that is refused: whoever recorded a question cannot ask it again later. */
const toleranceS = 5 * 60

/** Why a question is not believed; undefined where it is. */
export function whyNotSigned(
  { id, timestamp, signatures, body }: Signed,
  secret: string,
  nowMs: number,
): string | undefined {
  const at = Number(timestamp)
  if (id === '' || !Number.isSafeInteger(at)) return 'webhook-id or webhook-timestamp is missing'
  if (Math.abs(nowMs / 1000 - at) > toleranceS) return 'the question is too old or from the future'
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  const isOurs = signatures.split(' ').some((each) => {
    const [version, text = ''] = each.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
  return isOurs ? undefined : 'the signature does not hold'
}
