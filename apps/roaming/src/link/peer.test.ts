import { openedMessage } from '@chargelane/db/queries/chargers/frames'
import {
  changeConnection,
  createConnection,
  findConnection,
  tokenOutOf,
} from '@chargelane/db/queries/locations/connections'
import * as tables from '@chargelane/db/schema'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { peerTokenKey } from '@chargelane/db/sealed'
import { cpoAccount, example, startGateway } from './gateway.fake.ts'
import { isAllowedAddress } from '@chargelane/corridor/worker/addresses'
import { startKeeperScene } from './keeper.fake.ts'
import { pullLocations } from '../ocpi/modules/locations.ts'
import { pullTariffs } from '../ocpi/modules/tariffs.ts'
import { dataTexts, listObjects } from './paging.ts'
import type { PeerHabits, TestPeer } from './peer.fake.ts'
import { endpointOf, peerOf } from '../ocpi/modules/versions.ts'

const scene = await startKeeperScene()
const { db, gateway, roaming, peerWith, connectTo, becomesLive, fails } = scene
afterEach(scene.endPeers)
afterAll(scene.stop)

const invite = async (peer: TestPeer, tokenA: string) =>
  db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpoAccount,
      protocol: 'ocpi',
      countryCode: 'NL',
      partyId: 'TNM',
      at: new Date().toISOString(),
      tokenInDigest: peerTokenKey(tokenA),
    }).then((row) => ({
      row,
      credentials: {
        token: peer.tokenC,
        url: peer.versionsUrl,
        roles: [{ role: 'CPO', ...peer.party }],
      },
    })),
  )

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...example('location'), id: `L${index}` }))

describe('we register with a CPO', () => {
  test('versions, details, credentials, tariffs, locations: then it is live', async () => {
    const peer = await peerWith()
    const { id } = await connectTo(peer)
    const live = await becomesLive(id)
    expect(live).toMatchObject({
      version: '2.2.1',
      statusReason: null,
      quirks: { auth: 'base64' },
    })
    expect(tokenOutOf(live)).toBe('token-c')
    expect(live.tokenInDigest).toEqual(peerTokenKey(peer.ourToken ?? ''))
    expect(peer.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /ocpi/versions',
      'GET /ocpi/2.2.1',
      'POST /ocpi/2.2.1/credentials',
      'GET /ocpi/2.2.1/tariffs',
      'GET /ocpi/2.2.1/locations',
    ])
    expect(peer.seen[2]?.body).toMatchObject({
      url: `${gateway.publicUrl}/versions`,
      roles: [{ role: 'EMSP', country_code: 'DE', party_id: 'CLN' }],
    })
    expect(await gateway.call('GET', '/versions', { token: peer.ourToken ?? '' })).toMatchObject({
      http: 200,
    })
    const events = await db.select().from(tables.events)
    expect(events.find(({ objectId }) => objectId === id)).toMatchObject({
      type: 'connection.registered',
      accountId: cpoAccount,
    })
  })

  test('routing headers go with functional modules only, and a request keeps its correlation id', async () => {
    const peer = await peerWith()
    const { id } = await connectTo(peer)
    await becomesLive(id)
    const sent = (await db.select().from(tables.protocolMessages))
      .filter((row) => row.peerId === id && row.direction === 'out' && row.status === null)
      .map((row) => ({
        action: row.action,
        headers: JSON.parse(openedMessage(row).payload).headers,
      }))
    expect(
      sent.find(({ action }) => action === 'GET versions')?.headers['ocpi-to-party-id'],
    ).toBeUndefined()
    expect(sent.find(({ action }) => action === 'GET locations')?.headers).toMatchObject({
      'ocpi-to-country-code': 'NL',
      'ocpi-to-party-id': 'TNM',
      'ocpi-from-country-code': 'DE',
      'ocpi-from-party-id': 'CLN',
    })
    for (const { headers } of sent) expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each<[string, PeerHabits, Record<string, string>]>([
    ['takes raw tokens only', { rawToken: true }, { auth: 'raw' }],
    [
      'redirects to paths with a slash',
      { slashes: true },
      { 'slash.credentials': 'always', 'slash.locations': 'always' },
    ],
    ['wraps single objects in lists', { wrapped: true }, {}],
    ['forgets to list its commands', { hidden: ['commands'] }, {}],
    [
      'names modules, versions and roles that nobody can use',
      {
        furtherEndpoints: [
          { identifier: 'chargingprofiles', role: 'RECEIVER', url: 'https://elsewhere.example/cp' },
          { identifier: 'hubclientinfo', role: 'SENDER', url: 'not a URL' },
          { identifier: 'tokens' },
        ],
        furtherVersions: [{ version: '2.0' }, null, { version: '3.0', url: 7 }],
        furtherRoles: [{ role: 'HUB', country_code: 'NL', party_id: 'TOOLONG' }, 'CPO'],
      },
      {},
    ],
    ['names its versions by path', { relativeUrls: true }, {}],
    [
      'names its endpoints by the port and scheme before its proxy',
      { endpointBase: 'https://127.0.0.1:1/ocpi' },
      {},
    ],
    ['tells its one party beside its token', { flatCredentials: true }, {}],
  ])(
    'a CPO that %s is registered all the same, and the habit is kept',
    async (_, habits, quirks) => {
      const peer = await peerWith(habits)
      const { id } = await connectTo(peer)
      expect((await becomesLive(id)).quirks).toMatchObject(quirks)
    },
  )

  test.each<[string, PeerHabits, string]>([
    [
      'speaks another version',
      { versions: ['2.0', '3.0'] },
      'we speak 2.3.0, 2.2.1, 2.1.1, the peer offers 2.0, 3.0',
    ],
    ['serves no tariffs', { hidden: ['tariffs', 'cdrs'] }, 'the peer serves no tariffs, no cdrs'],
  ])('a CPO that %s is told so in the connection, and tried again', async (_, habits, reason) => {
    const peer = await peerWith(habits)
    const { id } = await connectTo(peer)
    expect(await fails(id)).toMatchObject({ status: 'handshaking', statusReason: reason })
    delete habits.versions
    delete habits.hidden
    await becomesLive(id)
  })

  test.each<[string, PeerHabits, string]>([
    ['2.3.0 and before', { versions: ['2.1.1', '2.2.1', '2.3.0'] }, '2.3.0'],
    ['2.1.1 alone', { versions: ['2.1.1'] }, '2.1.1'],
    [
      '2.3.0, which it does not serve',
      { versions: ['2.3.0', '2.2.1'], served: ['2.2.1'] },
      '2.2.1',
    ],
  ])(
    'a CPO that offers %s is spoken to in the newest that both can use',
    async (_, habits, version) => {
      const peer = await peerWith(habits)
      const { id } = await connectTo(peer)
      expect(await becomesLive(id)).toMatchObject({ version })
      const body = peer.seen.find(({ method }) => method === 'POST')?.body
      const party = { country_code: 'DE', party_id: 'CLN' }
      expect(body).toMatchObject(
        version === '2.1.1' ? party : { roles: [{ ...party, role: 'EMSP' }] },
      )
    },
  )

  test('a refused token is named; with the right one it goes on', async () => {
    const peer = await peerWith()
    const { id } = await connectTo(peer, { tokenOut: 'wrong' })
    expect((await fails(id)).statusReason).toBe('HTTP 401')
    await changeConnection(db, id, { tokenOut: peer.tokenA, openUntil: null })
    await becomesLive(id)
  })

  test('a CPO of another party than was registered is refused', async () => {
    const peer = await peerWith()
    peer.party = { country_code: 'NL', party_id: 'XYZ' }
    const { id } = await connectTo(peer)
    expect((await fails(id)).statusReason).toBe('roles: expected CPO NL*TNM, got CPO NL*XYZ')
  })

  test('nothing outside the registered origin is called (security fact 26)', async () => {
    const peer = await peerWith()
    const { id } = await connectTo(peer, {
      versionsUrl: peer.versionsUrl.replace('127.0.0.1', 'localhost'),
    })
    expect((await fails(id)).statusReason).toBe(
      `${peer.url} is not the registered ${peer.url.replace('127.0.0.1', 'localhost')}`,
    )
    expect(peer.seen).toHaveLength(1)
  })

  test('an address inside our own network is never called', async () => {
    for (const address of [
      '127.0.0.1',
      '::1',
      '10.1.2.3',
      '172.20.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      'fd00::1',
      'fe80::1',
      '::ffff:10.0.0.1',
      '::ffff:127.0.0.1',
    ]) {
      expect(isAllowedAddress(address, false), address).toBe(false)
    }
    expect(isAllowedAddress('127.0.0.1', true)).toBe(true)
    expect(isAllowedAddress('10.1.2.3', true)).toBe(false)
    expect(isAllowedAddress('93.184.216.34', false)).toBe(true)
    expect(isAllowedAddress('2606:2800:220:1::1', false)).toBe(true)
    const peer = await peerWith()
    const guarded = await startGateway(db, { allowLoopback: false })
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    const before = peer.seen.length
    for (const origin of [
      peer.url,
      peer.url.replace('127.0.0.1', 'localhost'),
      'https://127.0.0.1',
      'https://localhost.',
      'https://10.1.2.3',
      'https://user@example.com',
      'https://example.com:8443',
    ]) {
      const call = guarded.roaming.client.call(
        { ...peerOf(connection), origin: new URL(origin).origin },
        { method: 'GET', url: new URL(`${origin}/ocpi/versions`), module: 'versions', attempts: 1 },
      )
      await expect(call).rejects.toThrow(/we do not call/)
    }
    expect(peer.seen).toHaveLength(before)
    await guarded.stop()
  })
})

describe('a CPO registers with us', () => {
  test('token A opens versions and credentials only, is spent by its use, and the pull follows', async () => {
    const peer = await peerWith()
    const { row, credentials } = await invite(peer, 'invitation-1')
    const a = { token: 'invitation-1' }
    expect(await gateway.call('GET', '/versions', a)).toMatchObject({ http: 200 })
    for (const at of ['/2.2.1/tokens', '/2.2.1/locations/NL/TNM/LOC1']) {
      expect(await gateway.call('GET', at, a)).toMatchObject({ http: 401 })
    }
    for (const method of ['PUT', 'DELETE']) {
      expect(
        await gateway.call(method, '/2.2.1/credentials', { ...a, body: credentials }),
      ).toMatchObject({ http: 405 })
    }
    const answer = await gateway.call('POST', '/2.2.1/credentials', { ...a, body: credentials })
    expect(answer).toMatchObject({
      http: 200,
      status: 1000,
      data: { url: `${gateway.publicUrl}/versions` },
    })
    const c = { token: (answer.data as { token: string }).token }
    expect(await gateway.call('GET', '/versions', a)).toMatchObject({ http: 401 })
    expect(await gateway.call('GET', '/2.2.1/tokens', c)).toMatchObject({ http: 200 })
    expect(
      await gateway.call('POST', '/2.2.1/credentials', { ...c, body: credentials }),
    ).toMatchObject({ http: 405 })
    await becomesLive(row.id)
    const evses = await db.select().from(tables.evses)
    expect(evses.filter(({ connectionId }) => connectionId === row.id)).toHaveLength(2)
  })

  test('F76: a rotation gives a new token, and the old one overlaps; a deletion ends both', async () => {
    const peer = await peerWith()
    const { row, credentials } = await invite(peer, 'invitation-2')
    const first = await gateway.call('POST', '/2.2.1/credentials', {
      token: 'invitation-2',
      body: credentials,
    })
    const { token: before } = first.data as { token: string }
    await becomesLive(row.id)
    const rotated = await gateway.call('PUT', '/2.2.1/credentials', {
      token: before,
      body: credentials,
    })
    const { token: after } = rotated.data as { token: string }
    expect(after).not.toBe(before)
    for (const url of [
      'http://10.1.2.3/versions',
      'https://cpo.internal/',
      'https://u@cpo.example/',
    ])
      expect(
        await gateway.call('PUT', '/2.2.1/credentials', {
          token: after,
          body: { ...credentials, url },
        }),
      ).toMatchObject({ status: 2001, message: expect.stringContaining('url: must') })
    for (const token of [before, after]) {
      expect(await gateway.call('GET', '/2.2.1/tokens', { token })).toMatchObject({ http: 200 })
    }
    await changeConnection(db, row.id, {
      previousTokenInUntil: new Date(Date.now() - 1).toISOString(),
    })
    expect(await gateway.call('GET', '/2.2.1/tokens', { token: before })).toMatchObject({
      http: 401,
    })
    expect(await findConnection(db, row.id)).toMatchObject({ status: 'live' })
    expect(await gateway.call('DELETE', '/2.2.1/credentials', { token: after })).toMatchObject({
      http: 200,
      status: 1000,
    })
    expect(await gateway.call('GET', '/versions', { token: after })).toMatchObject({ http: 401 })
    expect(await findConnection(db, row.id)).toMatchObject({ status: 'paused', tokenOut: null })
  })

  test('a CPO whose versions cannot be used gets 3001 or 3002 and may try again', async () => {
    const peer = await peerWith({ versions: ['2.0'] })
    const { credentials } = await invite(peer, 'invitation-3')
    const token = 'invitation-3'
    const post = (body: unknown) => gateway.call('POST', '/2.2.1/credentials', { token, body })
    expect(await post(credentials)).toMatchObject({ http: 200, status: 3002 })
    expect(await post({ ...credentials, url: 'http://127.0.0.1:9/versions' })).toMatchObject({
      http: 200,
      status: 3001,
    })
    expect(await post({ ...credentials, roles: [] })).toMatchObject({ http: 200, status: 2001 })
    expect(
      await post({ ...credentials, roles: [{ role: 'CPO', country_code: 'NL', party_id: 'XYZ' }] }),
    ).toMatchObject({ status: 2001 })
    peer.habits.versions = ['2.2.1']
    expect(await post(credentials)).toMatchObject({ http: 200, status: 1000 })
  })
})

describe('lists', () => {
  test.each<[string, PeerHabits, string | undefined]>([
    ['good links', {}, undefined],
    ['good links and no count', { noCount: true }, undefined],
    ['no links', { links: 'none' }, 'offset'],
    ['no links and no count', { links: 'none', noCount: true }, undefined],
    ['links that lead nowhere', { links: 'nonsense' }, 'offset'],
    ['links to another host', { links: 'elsewhere' }, 'offset'],
    ['links without the filter', { links: 'filter lost' }, 'offset'],
  ])('a list with %s is read to its end', async (_, habits, learned) => {
    const peer = await peerWith()
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    Object.assign(peer.habits, habits)
    peer.objects.locations = many(7)
    const dateFrom = '2020-01-01T00:00:00.000Z'
    expect(await pullLocations(roaming, connection, dateFrom)).toEqual({ taken: 7, refused: 0 })
    expect(connection.quirks['paging.locations']).toBe(learned)
    expect((await findConnection(db, connection.id))?.quirks['paging.locations']).toBe(learned)
  })

  test('what a list holds is kept byte for byte', async () => {
    expect(
      dataTexts('{"data" : [ {"a":"]},{\\"x","b":[1,2]} ,\n{"c":1.10}, "s", 3 ],"z":{"data":[1]}}'),
    ).toEqual(['{"a":"]},{\\"x","b":[1,2]}', '{"c":1.10}', '"s"', '3'])
    expect(dataTexts('{"data":[],"status_code":1000}')).toEqual([])
    expect(dataTexts('{"x":{"data":[1]},"data":{"data":[2]}}')).toEqual([])
    const peer = await peerWith()
    const { id } = await connectTo(peer).then(({ id: made }) => becomesLive(made))
    const stored = (await db.select().from(tables.tariffs)).find((row) => row.connectionId === id)
    expect(stored?.raw).toBe(JSON.stringify(example('tariff')))
  })

  test('a pull confirms every tariff the peer has; what a complete list lacks is marked', async () => {
    const peer = await peerWith()
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    const confirmed = (await findConnection(db, connection.id))?.tariffsConfirmedAt
    expect(Date.parse(confirmed ?? '')).toBeGreaterThan(Date.now() - 60_000)
    await pullTariffs(roaming, connection, '2020-01-01T00:00:00.000Z')
    const later = (await findConnection(db, connection.id))?.tariffsConfirmedAt
    expect(Date.parse(later ?? '')).toBeGreaterThan(Date.parse(confirmed ?? ''))
    const stored = async () =>
      (await db.select().from(tables.tariffs)).find((row) => row.connectionId === connection.id)
    expect(await stored()).toMatchObject({ unlistedAt: null })
    peer.objects.tariffs = []
    await pullTariffs(roaming, connection)
    expect((await stored())?.unlistedAt).not.toBeNull()
    peer.objects.tariffs = [example('tariff')]
    await pullTariffs(roaming, connection)
    expect(await stored()).toMatchObject({ version: 1, unlistedAt: null })
  })

  test('unusable objects are skipped, the good ones kept', async () => {
    const peer = await peerWith()
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    peer.objects.locations = [
      ...many(2),
      { id: 'half' },
      { ...example('location'), id: 'X', party_id: 'XYZ' },
      { ...example('location'), id: 'Y', country: 'ATL' },
    ]
    expect(await pullLocations(roaming, connection)).toEqual({ taken: 2, refused: 3 })
  })

  test('a failing page is tried again; one that keeps failing ends the pull with the reason', async () => {
    const peer = await peerWith()
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    peer.failing = [503, 502]
    expect(await pullLocations(roaming, connection)).toMatchObject({ taken: 1 })
    peer.failing = [503, 503, 503]
    await expect(pullLocations(roaming, connection)).rejects.toThrow('HTTP 503')
  })

  test('a peer that answers the same page for ever, or more than 5 MiB, is left', async () => {
    const peer = await peerWith({ pageSize: 100 })
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    peer.objects.locations = Array.from({ length: 90 }, () => ({
      ...example('location'),
      filler: 'x'.repeat(70_000),
    }))
    await expect(pullLocations(roaming, connection)).rejects.toThrow(
      'answer larger than 5242880 bytes',
    )
    peer.objects.locations = many(250)
    Object.defineProperty(peer.objects, 'locations', {
      value: { length: 250, slice: () => many(2) },
    })
    const endpoint = endpointOf(connection, 'locations', 'SENDER') ?? ''
    const seen: unknown[] = []
    for await (const object of listObjects(roaming.client, peerOf(connection), {
      module: 'locations',
      endpoint,
    }))
      seen.push(object.object)
    expect(seen).toHaveLength(2)
  })
})
