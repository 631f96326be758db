import type { Client } from './generated/client/index.ts'
import type { CallOptions } from './transport.ts'

/** What a call needs of the client that makes it. */
export interface Lane {
  read(call: CallOptions | undefined): {
    client: Client
    throwOnError: true
    fetch: typeof fetch
    headers: { 'If-Match'?: string }
  }
  /** As `read`, with one Idempotency-Key for all attempts. */
  write(call: CallOptions | undefined): {
    client: Client
    throwOnError: true
    fetch: typeof fetch
    headers: { 'Idempotency-Key': string; 'If-Match'?: string }
  }
}

const etags = new WeakMap<object, string>()

/** The `ETag` with which the API gave an object; undefined for one that it did not give, or gave within a list. */
export const etagOf = (object: object): string | undefined => etags.get(object)

export async function data<T>(answer: Promise<{ data: T; response: Response }>): Promise<T> {
  const { data: given, response } = await answer
  const etag = response.headers.get('etag')
  if (etag !== null && typeof given === 'object' && given !== null) etags.set(given, etag)
  return given
}

/** A file as it came, asked for with `parseAs: 'blob'`. */
export const bytes = async (answer: Promise<{ data: unknown }>): Promise<Uint8Array> => {
  const { data: file } = await answer
  if (!(file instanceof Blob)) throw new Error('The answer is no file.')
  return new Uint8Array(await file.arrayBuffer())
}

export const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })
