import type { Client } from './generated/client/index.ts'
import type { CallOptions } from './transport.ts'

/** What a call needs of the client that makes it. */
export interface Lane {
  read(call: CallOptions | undefined): { client: Client; throwOnError: true; fetch: typeof fetch }
  /** As `read`, with one Idempotency-Key for all attempts. */
  write(call: CallOptions | undefined): {
    client: Client
    throwOnError: true
    fetch: typeof fetch
    headers: { 'Idempotency-Key': string }
  }
}

export const data = async <T>(answer: Promise<{ data: T }>): Promise<T> => (await answer).data

export const bytes = async (answer: Promise<{ data: Blob }>): Promise<Uint8Array> =>
  new Uint8Array(await (await answer).data.arrayBuffer())

export const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })
