import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Chargelane } from '@chargelane/sdk'
import { type Rate, rateOf } from './figures.ts'
import type { Stack } from '../../local/src/state.ts'

export type ApiFigures = { lines: number; quotes: Rate; bare: Rate; ratio: number }

const lines = 16

/** Binding quotes, rated and stored and signed, against a bare route, with the same client. */
export async function benchApi(stack: Stack, roundMs: number): Promise<ApiFigures> {
  const lane = new Chargelane({ apiKey: stack.keys.partner_a, baseUrl: stack.api_url })
  const source = await lane.payment_sources.create({
    driver: { external_id: 'bench-quotes' },
    type: 'card',
    payment_method: 'pm_card_visa',
  })
  const body = JSON.stringify({
    evse: stack.test_chargers[0]?.evse_id,
    payment_source: source.id,
    est_energy_wh: 20_000,
  })
  const bareRoute = await startBareRoute()
  const agent = new Agent({ keepAlive: true, maxSockets: lines })
  const headers = { authorization: `Bearer ${stack.keys.partner_a}` }
  const quote = () => post(agent, `${stack.api_url}/v1/quotes`, body, headers)
  const bare = () => post(agent, bareRoute.url, body, headers)
  try {
    await rateOf(lines, 2000, quote)
    await rateOf(lines, 1000, bare)
    const figures = {
      quotes: await rateOf(lines, roundMs, quote),
      bare: await rateOf(lines, roundMs, bare),
    }
    const ratio = Math.round((figures.quotes.perSecond / figures.bare.perSecond) * 1000) / 1000
    return { lines, ...figures, ratio }
  } finally {
    agent.destroy()
    bareRoute.stop()
  }
}

async function startBareRoute(): Promise<{ url: string; stop: () => void }> {
  const child = fork(fileURLToPath(new URL('bare.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!child.stdout) throw new Error('the bare route has no output')
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const port = /listening (\d+)/.exec(String(line))?.[1]
  return { url: `http://127.0.0.1:${port}/bare`, stop: () => void child.kill() }
}

/** `node:http` directly: a heavier client would measure itself on a machine it shares. */
function post(
  agent: Agent,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'idempotency-key': randomUUID(),
        },
        timeout: 10_000,
      },
      (answer) => {
        answer.resume()
        answer.once('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
        )
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
