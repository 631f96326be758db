import { serve as listen } from '@hono/node-server'
import type { Server } from 'node:http'
import type { Hono } from 'hono'

export interface Running {
  url: string
  port: number
  /** Stops taking connections and waits for running requests, at most 10 s; streams are cut. */
  close(): Promise<void>
}

/** Half-sent requests are dropped after 30 s at most, whoever sends them and however slowly. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
}

export function serve(
  app: { fetch: Hono['fetch'] },
  address: { host: string; port: number },
): Promise<Running> {
  return new Promise((resolve, reject) => {
    const server = listen(
      {
        fetch: app.fetch,
        hostname: address.host,
        port: address.port,
        serverOptions: limits,
      },
      ({ port }) => {
        resolve({ url: `http://${address.host}:${port}`, port, close: () => close(server) })
      },
    )
    if ('maxHeadersCount' in server) server.maxHeadersCount = 100
    server.once('error', reject)
  })
}

async function close(server: ReturnType<typeof listen>): Promise<void> {
  const cut = setTimeout(() => cutConnections(server), 10_000)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    if (isHttp(server)) server.closeIdleConnections()
  })
  clearTimeout(cut)
}

const isHttp = (server: ReturnType<typeof listen>): server is Server =>
  'closeAllConnections' in server

function cutConnections(server: ReturnType<typeof listen>): void {
  if (isHttp(server)) server.closeAllConnections()
}
