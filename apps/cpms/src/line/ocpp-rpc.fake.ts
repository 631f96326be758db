import { RPCClient } from 'ocpp-rpc'

export interface IndependentClient {
  connect(): Promise<void>
  close(): Promise<void>
  handle(handler: () => unknown): void
  call(action: string, payload: unknown): Promise<Record<string, unknown>>
}

/**
 * A charge point we did not write: npm `ocpp-rpc` with its own strict schemas. The library's types ask for every
 * option and know no payloads; its README shows what it really takes.
 */
export async function connectIndependent(charger: {
  url: string
  identity: string
  password: string
}): Promise<IndependentClient> {
  const client = Reflect.construct(RPCClient, [
    {
      endpoint: charger.url,
      identity: charger.identity,
      password: charger.password,
      protocols: ['ocpp1.6'],
      strictMode: true,
    },
  ]) as IndependentClient
  client.handle(() => ({}))
  await client.connect()
  return client
}
