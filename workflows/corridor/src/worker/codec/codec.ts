// What Temporal keeps of a workflow is encrypted before it leaves our processes: its server and its page see that something
// happened, not what. Search attributes and the names of activities and signals stay as they are.
import { fileURLToPath } from 'node:url'
import { sealBytes, unsealBytes } from '@chargelane/db/sealed'
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common'

/** As Temporal's own examples name it. */
const encoding = 'binary/encrypted'
const place = 'temporal payload'

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8')

/** A payload under a length, so that its metadata comes back with its data: protobuf would cost as much as the cipher. */
function packed({ metadata, data }: Payload): Buffer {
  const head = Buffer.from(
    JSON.stringify(Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)])),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, data ?? Buffer.alloc(0)])
}

function unpacked(bytes: Buffer): Payload {
  const end = 4 + bytes.readUInt32BE()
  const names: [string, string][] = JSON.parse(bytes.toString('utf8', 4, end))
  const metadata = Object.fromEntries(names.map(([name, value]) => [name, Buffer.from(value)]))
  return { metadata, data: bytes.subarray(end) }
}

export function sealPayload(payload: Payload): Payload {
  const { keyId, bytes } = sealBytes(place, packed(payload))
  return {
    metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(keyId) },
    data: bytes,
  }
}

/** What was never sealed passes: headers of Temporal's own, and histories that were recorded open. */
export function openPayload(payload: Payload): Payload {
  const { metadata, data } = payload
  if (text(metadata?.['encoding']) !== encoding) return payload
  const keyId = text(metadata?.['encryption-key-id'])
  return unpacked(unsealBytes(place, { keyId, bytes: Buffer.from(data ?? []) }))
}

const codec: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads.map((each) => sealPayload(each))),
  decode: (payloads) => Promise.resolve(payloads.map((each) => openPayload(each))),
}

/** The module that keeps the words and stacks of failures out of the clear; workflows are bundled with it. */
export const failureConverterPath = fileURLToPath(new URL('failure-converter.ts', import.meta.url))

/** Of every client and worker of the product. */
export const dataConverter: DataConverter = { payloadCodecs: [codec], failureConverterPath }

const isPayload = (value: object): value is Payload =>
  'metadata' in value && 'data' in value && value.data instanceof Uint8Array

/** A history as it would be without the codec, in place: what is recorded is read by whoever has no key. */
export function openHistory(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (isPayload(value)) Object.assign(value, openPayload(value))
  else for (const each of Object.values(value)) openHistory(each)
}
