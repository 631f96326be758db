import { createHash, randomBytes } from 'node:crypto'

const checksumOf = (text: string) =>
  createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 6).replaceAll('-', '0')

/** 256 random bits, and six characters of checksum by which secret scanners know a real key from a look-alike. */
export function newApiKey(livemode: boolean): string {
  const head = `sk_${livemode ? 'live' : 'test'}_${randomBytes(32).toString('base64url')}`
  return `${head}${checksumOf(head)}`
}

/** A slow hash protects weak secrets; this one has 256 bits, and a slow hash would only serve to stall us. */
export const apiKeyDigest = (key: string): Buffer =>
  createHash('sha256').update(key, 'utf8').digest()
