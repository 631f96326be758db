// The simulated operator's OCPI interface: what an eMSP reads from it and asks of it.
import { Hono } from 'hono'
import { z } from 'zod'
import { type Emsp, newToken, ownCredentials, rememberEmsp, zCredentials } from './emsp.ts'
import type { Plan, Start } from './record.ts'
import type { CpoState } from './state.ts'
import { type CpoEdition, inWords } from './words.ts'

export type CpoRoutesOptions = {
  /** `http://host:port/ocpi` */
  base: () => string
  edition: CpoEdition
  /** Takes the token as it is and refuses Base64, as operators that grew up with 2.1.1 do. */
  rawToken: () => boolean
  planOf: (evseUid: string) => Plan
  start: (start: Start, plan: Plan) => 'ACCEPTED' | 'REJECTED'
  stop: (sessionId: string, responseUrl: string) => 'ACCEPTED' | 'UNKNOWN_SESSION'
}

const zStart = z.looseObject({
  response_url: z.string(),
  // OCPI 2.1.1 names a token's contract by `auth_id`.
  token: z
    .looseObject({
      uid: z.string(),
      contract_id: z.string().optional(),
      auth_id: z.string().optional(),
      type: z.string(),
    })
    .transform((token) => ({ ...token, contract_id: token.contract_id ?? token.auth_id ?? '' })),
  location_id: z.string(),
  evse_uid: z.string().optional(),
  authorization_reference: z.string().optional(),
})
const zStop = z.looseObject({ response_url: z.string(), session_id: z.string() })

const pageMax = 20
const timeoutS = 30
const sent = (data: unknown, status_code = 1000, status_message = 'Success') => ({
  ...(data === undefined ? {} : { data }),
  status_code,
  status_message,
  timestamp: new Date().toISOString(),
})

export function createCpoRoutes(state: CpoState, emsp: Emsp, options: CpoRoutesOptions): Hono {
  const app = new Hono().basePath('/ocpi')
  app.onError((error, context) => context.json(sent(undefined, 2001, error.message)))
  app.use('*', async (context, next) => {
    const [, shown = ''] = /^Token (\S+)$/.exec(context.req.header('authorization') ?? '') ?? []
    const token = options.rawToken() ? shown : Buffer.from(shown, 'base64').toString('utf8')
    const isRegistration = /\/(versions|2\.\d\.\d|credentials)$/.test(context.req.path)
    const isKnown = state.tokenIn === null ? token === state.tokenA : token === state.tokenIn
    if (!isKnown || (state.tokenIn === null && !isRegistration)) {
      return context.json(sent(undefined, 2000, 'unknown token'), 401)
    }
    return next()
  })
  mountRegistration(app, state, emsp, options)
  mountLists(app, state, options)
  mountCommands(app, state, options)
  return app
}

function mountRegistration(app: Hono, state: CpoState, emsp: Emsp, options: CpoRoutesOptions) {
  const { edition } = options
  const own = (token: string) =>
    ownCredentials(state.party, token, { url: `${options.base()}/versions`, edition })
  app.get('/versions', (context) =>
    context.json(sent([{ version: edition, url: `${options.base()}/${edition}` }])),
  )
  app.get(`/${edition}`, (context) => {
    const senders = ['locations', 'tariffs', 'sessions', 'cdrs'].map((it) => [it, 'SENDER'])
    const receivers = ['credentials', 'tokens', 'commands'].map((it) => [it, 'RECEIVER'])
    const endpoints = [...senders, ...receivers].map(([identifier, role]) => ({
      identifier,
      ...(edition === '2.1.1' ? {} : { role }),
      url: `${options.base()}/${edition}/${identifier}`,
    }))
    return context.json(sent({ version: edition, endpoints }))
  })
  app.get(`/${edition}/credentials`, (context) =>
    context.json(sent(own(state.tokenIn ?? state.tokenA))),
  )
  app.on(['POST', 'PUT'], `/${edition}/credentials`, async (context) => {
    const isRegistered = state.tokenIn !== null
    if (isRegistered !== (context.req.method === 'PUT'))
      return context.json(sent(undefined, 2000), 405)
    const theirs = zCredentials.parse(await context.req.json())
    const endpoints = await emsp.discover(theirs.url, theirs.token).catch(() => undefined)
    if (endpoints === undefined) {
      return context.json(sent(undefined, 3001, 'your versions cannot be read'))
    }
    state.tokenIn = newToken()
    rememberEmsp(state, theirs, endpoints)
    return context.json(sent(own(state.tokenIn)))
  })
  app.delete(`/${edition}/credentials`, (context) => {
    if (state.tokenIn === null) return context.json(sent(undefined, 2000), 405)
    state.tokenIn = null
    state.emsp = null
    state.save()
    return context.json(sent(undefined))
  })
}

/** OCPI 2.2.1 §4.1.4: pages in the order of last_updated, with the next one linked. */
function mountLists(app: Hono, state: CpoState, options: CpoRoutesOptions) {
  const { edition } = options
  for (const module of ['locations', 'tariffs', 'sessions', 'cdrs'] as const) {
    app.get(`/${edition}/${module}`, (context) => {
      const query = context.req.query()
      const from = query['date_from']
      if (module === 'sessions' && from === undefined) {
        return context.json(sent(undefined, 2001, 'date_from: is required'))
      }
      const since = from === undefined ? 0 : Date.parse(from)
      const until = query['date_to'] === undefined ? Infinity : Date.parse(query['date_to'])
      const all = state[module]
        .filter(({ last_updated }) => {
          const at = Date.parse(last_updated)
          return at >= since && at < until
        })
        .toSorted((a, b) => a.last_updated.localeCompare(b.last_updated))
      const offset = Number(query['offset'] ?? 0)
      const limit = Math.min(Number(query['limit'] ?? pageMax), pageMax)
      context.header('x-total-count', String(all.length))
      context.header('x-limit', String(pageMax))
      if (offset + limit < all.length) {
        const next = new URL(`${options.base()}/${edition}/${module}`)
        for (const [name, value] of Object.entries(query)) next.searchParams.set(name, value)
        next.searchParams.set('offset', String(offset + limit))
        next.searchParams.set('limit', String(limit))
        context.header('link', `<${next.href}>; rel="next"`)
      }
      const page = all.slice(offset, offset + limit)
      return context.json(sent(page.map((object) => inWords(edition, module, object))))
    })
  }
  app.put(`/${edition}/tokens/:country/:party/:uid`, async (context) => {
    const token = zStart.shape.token.parse(await context.req.json())
    state.tokens = [...state.tokens.filter(({ uid }) => uid !== token.uid), token]
    state.save()
    return context.json(sent(undefined), 201)
  })
}

const answer = (result: string) => sent({ result, timeout: timeoutS })

function mountCommands(app: Hono, state: CpoState, options: CpoRoutesOptions) {
  const path = `/${options.edition}/commands`
  app.post(`${path}/START_SESSION`, async (context) => {
    const command = zStart.parse(await context.req.json())
    const location = state.locations.find(({ id }) => id === command.location_id)
    const evse =
      command.evse_uid === undefined
        ? location?.evses[0]
        : location?.evses.find(({ uid }) => uid === command.evse_uid)
    if (location === undefined || evse === undefined) {
      return context.json(sent(undefined, 2003, 'unknown location'))
    }
    const start = {
      location,
      evse,
      token: command.token,
      reference: command.authorization_reference,
      responseUrl: command.response_url,
    }
    return context.json(answer(options.start(start, options.planOf(evse.uid))))
  })
  app.post(`${path}/STOP_SESSION`, async (context) => {
    const command = zStop.parse(await context.req.json())
    return context.json(answer(options.stop(command.session_id, command.response_url)))
  })
  app.post(`${path}/:command`, (context) => context.json(answer('NOT_SUPPORTED')))
}
