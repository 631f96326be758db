import { sha256 as hashed } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalText } from './canonical.ts'

/**
 * SHA-256 in lower-case hex; text counts in UTF-8. One implementation for Node, browser and workflow, and synchronous,
 * so that no rule has to be handed a hash function.
 */
export const sha256 = (data: string | Uint8Array): string =>
  bytesToHex(hashed(typeof data === 'string' ? utf8ToBytes(data) : data))

/** `sha256:<hex>` of the RFC 8785 form: the lock on a tariff, a usage or the input of a proof. */
export const canonicalHash = (value: unknown): string => `sha256:${sha256(canonicalText(value))}`
