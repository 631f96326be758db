// The simulated operator as a client of its eMSP: handshake from its side, pushes, and the question about a card.
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { cpoName, type CpoParty } from './data.ts'
import type { CpoState } from './state.ts'
import { type CpoEdition, inWords } from './words.ts'

const zEnvelope = z.looseObject({ status_code: z.number(), data: z.unknown().optional() })
const zVersions = z.array(z.object({ version: z.string(), url: z.string() }))
const zDetails = z.looseObject({
  endpoints: z.array(
    z.looseObject({ identifier: z.string(), role: z.string().optional(), url: z.string() }),
  ),
})
const zParty = z.looseObject({ country_code: z.string(), party_id: z.string() })
/** OCPI 2.1.1 tells its one party flat. */
export const zCredentials = z.union([
  z.looseObject({ token: z.string(), url: z.string(), roles: z.array(zParty) }),
  zParty
    .extend({ token: z.string(), url: z.string() })
    .transform(({ token, url, ...party }) => ({ token, url, roles: [party] })),
])
const zAllowed = z.looseObject({
  allowed: z.string(),
  authorization_reference: z.string().optional(),
})

export type Sent = { http: number; status: number | undefined; data: unknown }

export type Emsp = {
  /** One request; undefined when the eMSP did not answer within 10 s. */
  send: (method: string, url: string, body?: unknown) => Promise<Sent | undefined>
  /** A push to a module of the eMSP, tried three times; the path begins with a slash or is empty. */
  push: (method: string, module: string, path: string, body: unknown) => Promise<Sent | undefined>
  /** Reads versions and details with a token, for a handshake in either direction. */
  discover: (versionsUrl: string, token: string) => Promise<z.infer<typeof zDetails>['endpoints']>
  /** Registers with an eMSP that gave us its CREDENTIALS_TOKEN_A. */
  register: (versionsUrl: string, tokenA: string) => Promise<void>
  /** OCPI 2.2.1 §12.2.2.2; undefined when the eMSP does not know the token or does not answer. */
  authorize: (uid: string) => Promise<z.infer<typeof zAllowed> | undefined>
}

export const newToken = () => randomBytes(24).toString('hex')

export type EmspOptions = {
  versionsUrl: () => string
  rawToken: () => boolean
  edition: CpoEdition
}

export function createEmsp(state: CpoState, options: EmspOptions): Emsp {
  const endpointOf = (module: string) =>
    state.emsp?.endpoints.find(({ identifier }) => identifier === module)?.url
  const must = (method: string, url: string, token: string, body?: unknown) =>
    requireAnswer(state, options, { method, url, token, body })
  const emsp: Emsp = {
    async send(method, url, body) {
      if (state.emsp === null) return undefined
      return request(state, options, { method, url, token: state.emsp.token, body })
    },
    async push(method, module, path, body) {
      for (let attempt = 1; ; attempt++) {
        const endpoint = endpointOf(module)
        const answer =
          endpoint === undefined
            ? undefined
            : await emsp.send(method, `${endpoint}${path}`, inWords(options.edition, module, body))
        if ((answer !== undefined && answer.http < 500) || attempt === 3) return answer
        await wait(500 * attempt)
      }
    },
    async discover(versionsUrl, token) {
      const versions = zVersions.parse(await must('GET', versionsUrl, token))
      const own = versions.find(({ version }) => version === options.edition)
      if (own === undefined) throw new Error(`the eMSP does not speak ${options.edition}`)
      return zDetails.parse(await must('GET', own.url, token)).endpoints
    },
    async register(versionsUrl, tokenA) {
      const endpoints = await emsp.discover(versionsUrl, tokenA)
      const credentials = endpoints.find((it) => it.identifier === 'credentials')
      if (credentials === undefined) throw new Error('the eMSP serves no credentials')
      state.tokenIn = newToken()
      const own = ownCredentials(state.party, state.tokenIn, {
        url: options.versionsUrl(),
        edition: options.edition,
      })
      const theirs = zCredentials.parse(await must('POST', credentials.url, tokenA, own))
      rememberEmsp(state, theirs, endpoints)
    },
    async authorize(uid) {
      const endpoint = endpointOf('tokens')
      if (endpoint === undefined) return undefined
      const answer = await emsp.send('POST', `${endpoint}/${uid}/authorize?type=RFID`)
      const read = zAllowed.safeParse(answer?.data)
      return read.success ? read.data : undefined
    },
  }
  return emsp
}

type Request = { method: string; url: string; token: string; body: unknown }

async function request(
  { party }: CpoState,
  options: EmspOptions,
  { method, url, token, body }: Request,
): Promise<Sent | undefined> {
  const shown = options.rawToken() ? token : Buffer.from(token).toString('base64')
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Token ${shown}`,
        'content-type': 'application/json',
        'x-request-id': randomUUID(),
        'x-correlation-id': randomUUID(),
        'ocpi-from-country-code': party.country_code,
        'ocpi-from-party-id': party.party_id,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const read = zEnvelope.safeParse(await answer.json().catch(() => undefined))
    return {
      http: answer.status,
      status: read.success ? read.data.status_code : undefined,
      data: read.success ? read.data.data : undefined,
    }
  } catch {
    return undefined
  }
}

async function requireAnswer(state: CpoState, options: EmspOptions, it: Request): Promise<unknown> {
  const answer = await request(state, options, it)
  if (answer?.http === 200 && answer.status === 1000) return answer.data
  throw new Error(
    `${it.method} ${it.url}: HTTP ${answer?.http ?? 'none'}, OCPI ${answer?.status ?? 'none'}`,
  )
}

export function ownCredentials(
  party: CpoParty,
  token: string,
  { url, edition }: { url: string; edition: CpoEdition },
) {
  const own = { ...party, business_details: { name: cpoName } }
  return { token, url, ...(edition === '2.1.1' ? own : { roles: [{ role: 'CPO', ...own }] }) }
}

export function rememberEmsp(
  state: CpoState,
  theirs: z.infer<typeof zCredentials>,
  endpoints: z.infer<typeof zDetails>['endpoints'],
): void {
  const [role] = theirs.roles
  state.emsp = {
    token: theirs.token,
    versionsUrl: theirs.url,
    country_code: role?.country_code ?? '',
    party_id: role?.party_id ?? '',
    endpoints,
  }
  state.save()
}
