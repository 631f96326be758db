// For tests: a CPO on a real socket whose habits can be chosen.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'

type Fetch = (request: Request) => Response | Promise<Response>

const starting: Fetch = () => new Response('starting', { status: 503 })

/** A server on a free port; the handler may be set once the address is known. */
export async function listen(
  port = 0,
): Promise<{ url: string; serve: (fetch: Fetch) => void; stop: () => Promise<void> }> {
  let handler = starting
  const server = createAdaptorServer({ fetch: (request) => handler(request) })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a path.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}`,
    serve: (fetch) => (handler = fetch),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

export type PeerHabits = {
  /** Takes tokens only as they are, not in Base64. */
  rawToken?: boolean
  /** Redirects (307) every path without a slash at its end. */
  slashes?: boolean
  /** What the Link of a list says; `good` by default. */
  links?: 'good' | 'none' | 'nonsense' | 'elsewhere' | 'filter lost'
  /** Leaves the count of a list out. */
  noCount?: boolean
  /** Names a count of its own for a list; leaves its data out. */
  count?: number
  noData?: boolean
  /** Wraps single objects into a list, as py-ocpi does. */
  wrapped?: boolean
  /** Modules whose lists it fails to give. */
  broken?: string[]
  /** Modules left out of the version details. */
  hidden?: string[]
  /** Versions offered. */
  versions?: string[]
  /** Versions it has details of; those offered by default. */
  served?: string[]
  /** What it names beside what it needs: versions, endpoints, roles. */
  furtherVersions?: unknown[]
  furtherEndpoints?: unknown[]
  furtherRoles?: unknown[]
  /** Versions are named by their path alone; endpoints by another address of the same host. */
  relativeUrls?: boolean
  endpointBase?: string
  /** Tells its one party beside its token, whatever the version. */
  flatCredentials?: boolean
  pageSize?: number
}

const answer = (data: unknown) => ({
  data,
  status_code: 1000,
  timestamp: new Date().toISOString(),
})

/** A CPO that answers as told; `objects` are its lists, `seen` what it was asked. */
export async function startPeer(habits: PeerHabits = {}, port = 0) {
  const server = await listen(port)
  const base = `${server.url}/ocpi`
  const peer = {
    url: server.url,
    versionsUrl: `${base}/versions`,
    habits,
    tokenA: 'token-a',
    tokenC: 'token-c',
    party: { country_code: 'NL', party_id: 'TNM' },
    /** What we showed last; the peer's requests to us carry it. */
    ourToken: undefined as string | undefined,
    objects: {
      locations: [] as unknown[],
      tariffs: [] as unknown[],
      sessions: [] as unknown[],
      cdrs: [] as unknown[],
    },
    seen: [] as {
      method: string
      path: string
      query: Record<string, string>
      body: unknown
      authorization: string
    }[],
    /** Answer to the next command. */
    command: { result: 'ACCEPTED', timeout: 30 } as unknown,
    /** An error answered to a command, in an envelope without data. */
    refusal: undefined as { status_code: number; status_message: string } | undefined,
    /** HTTP statuses answered before anything else, first to last. */
    failing: [] as number[],
    /** Takes what it is asked and never answers. */
    silent: false,
    stop: server.stop,
  }
  const offered = () => habits.versions ?? ['2.1.1', '2.2.1']
  const wrap = (data: unknown) => (habits.wrapped === true ? [data] : data)
  const app = new Hono({ strict: false }).basePath('/ocpi')
  app.use('*', async (context, next) => {
    const text = await context.req.text()
    peer.seen.push({
      method: context.req.method,
      path: context.req.path,
      query: context.req.query(),
      body: text === '' ? undefined : JSON.parse(text),
      authorization: context.req.header('authorization') ?? '',
    })
    if (peer.silent) await new Promise(() => undefined)
    const isBroken = habits.broken?.some((module) => context.req.path.endsWith(`/${module}`))
    const failure = isBroken === true ? 500 : peer.failing.shift()
    if (failure !== undefined) return new Response('{}', { status: failure })
    const shown = (context.req.header('authorization') ?? '').replace('Token ', '')
    const token = habits.rawToken === true ? shown : Buffer.from(shown, 'base64').toString()
    if (token !== peer.tokenA && token !== peer.tokenC)
      return context.json({ detail: 'unauthorized' }, 401)
    const url = new URL(context.req.url)
    const isBare = !url.pathname.endsWith('/') && !url.pathname.endsWith('versions')
    if (habits.slashes === true && isBare) {
      url.pathname += '/'
      return context.redirect(url.href, 307)
    }
    return next()
  })
  app.get('/versions', (context) =>
    context.json(
      answer([
        ...offered().map((version) => ({
          version,
          url: `${habits.relativeUrls === true ? '/ocpi' : base}/${version}`,
        })),
        ...(habits.furtherVersions ?? []),
      ]),
    ),
  )
  app.get('/:version{2.[0-9.]+}', (context) => {
    const { version } = context.req.param()
    if (!(habits.served ?? offered()).includes(version)) return context.json({}, 404)
    const modules = [
      'credentials',
      'locations',
      'tariffs',
      'sessions',
      'cdrs',
      'tokens',
      'commands',
    ]
    const endpoints = modules
      .filter((module) => habits.hidden?.includes(module) !== true)
      .map((identifier) => ({
        identifier,
        ...(version === '2.1.1'
          ? {}
          : {
              role: identifier === 'tokens' || identifier === 'commands' ? 'RECEIVER' : 'SENDER',
            }),
        url: `${habits.endpointBase ?? base}/${version}/${identifier}`,
      }))
    const further = habits.furtherEndpoints ?? []
    return context.json(answer(wrap({ version, endpoints: [...endpoints, ...further] })))
  })
  app.post('/:version/credentials', async (context) => {
    const { token } = (await context.req.json()) as { token: string }
    peer.ourToken = token
    if (habits.flatCredentials ?? context.req.param('version') === '2.1.1')
      return context.json(
        answer({
          token: peer.tokenC,
          url: peer.versionsUrl,
          ...peer.party,
          business_details: { name: 'Peer' },
        }),
      )
    const own = { role: 'CPO', ...peer.party, business_details: { name: 'Peer' } }
    const roles = [own, ...(habits.furtherRoles ?? [])]
    return context.json(answer(wrap({ token: peer.tokenC, url: peer.versionsUrl, roles })))
  })
  for (const module of ['locations', 'tariffs', 'sessions', 'cdrs'] as const) {
    app.get(`/:version/${module}`, (context) => {
      const { version } = context.req.param()
      const query = context.req.query()
      const all = peer.objects[module]
      const limit = Math.min(Number(query['limit'] ?? 50), habits.pageSize ?? 2)
      const offset = Number(query['offset'] ?? 0)
      const page = all.slice(offset, offset + limit)
      if (habits.noCount !== true)
        context.header('x-total-count', String(habits.count ?? all.length))
      context.header('x-limit', String(limit))
      const link = linkOf(
        habits.links ?? 'good',
        `${base}/${version}/${module}`,
        query,
        offset + limit,
      )
      if (link !== undefined && offset + limit < all.length)
        context.header('link', `<${link}>; rel="next"`)
      const { data, ...bare } = answer(page)
      return context.json(habits.noData === true ? bare : { ...bare, data })
    })
  }
  app.post('/:version/commands/:command', (context) =>
    context.json(
      peer.refusal === undefined
        ? answer(wrap(peer.command))
        : { ...peer.refusal, timestamp: '2026-11-21T10:00:00Z' },
    ),
  )
  app.all('/:version/commands/:command', (context) => context.json({ detail: 'POST only' }, 405))
  server.serve((request) => app.fetch(request))
  return peer
}
export type TestPeer = Awaited<ReturnType<typeof startPeer>>

function linkOf(
  kind: NonNullable<PeerHabits['links']>,
  endpoint: string,
  query: Record<string, string>,
  offset: number,
): string | undefined {
  const next = new URLSearchParams({ ...query, offset: String(offset) })
  const links = {
    good: `${endpoint}?${next.toString()}`,
    none: undefined,
    nonsense: `VersionNumber.v_2_2_1/ModuleID.locations?offset=${offset}&limit=50&date_from=None`,
    elsewhere: `http://127.0.0.2:1/ocpi/locations?offset=${offset}`,
    'filter lost': `${endpoint}?offset=${offset}`,
  }
  return links[kind]
}
