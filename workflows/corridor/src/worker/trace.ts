// W3C Trace Context: one id from the request that began something to the last call that it led to.
import { randomBytes } from 'node:crypto'

const traceparent =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/

/** The trace id of a `traceparent` header, if it is one. */
export const traceOf = (header: string | undefined): string | undefined =>
  traceparent.exec(header ?? '')?.[1]

export const newTrace = (): string => randomBytes(16).toString('hex')

/** A step of our own within the trace. */
export const traceparentOf = (trace: string): string =>
  `00-${trace}-${randomBytes(8).toString('hex')}-01`
