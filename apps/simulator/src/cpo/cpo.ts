// The simulated operator "Alpenstrom Lade AG": a CPO in Swiss francs that speaks OCPI over HTTP, with code of its
// own, and plays what goes well and what goes wrong.
import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'
import type { CpoTariff } from './data.ts'
import { createEmsp } from './emsp.ts'
import {
  changePrice,
  createStage,
  allTold,
  deleteTariff,
  endStage,
  pushRecord,
  pushTariff,
  setStatus,
  startSession,
  stopSession,
} from './play.ts'
import { type CpoScenario, cpoScenarios, type Plan } from './record.ts'
import { createCpoRoutes } from './routes.ts'
import { type CpoObject, type CpoState, openState } from './state.ts'
import type { CpoEdition } from './words.ts'

export { type CpoScenario, cpoScenarios } from './record.ts'

export type CpoSettings = {
  port: number
  host?: string
  /** CREDENTIALS_TOKEN_A for the eMSP's handshake. */
  tokenA: string
  /** Default ALP. */
  partyId?: string
  /** Default CH. */
  countryCode?: string
  /** Seconds of a car's time per second of real time. Default 300: 25 minutes take 5 s. */
  speed?: number
  /** Real milliseconds between meter pushes. Default 250. */
  tickMs?: number
  /** What every EVSE plays unless told otherwise. Default `normal`. */
  scenario?: CpoScenario
  /** Length of a session in the car's time when nobody stops it, in minutes. Default 25. */
  minutes?: number
  /** Real seconds that `late_start` and `late_cdr` wait. Default 2. */
  afterS?: number
  /** The edition of OCPI it speaks. Default 2.2.1. */
  edition?: CpoEdition
  /** Takes and sends tokens without Base64. */
  rawToken?: boolean
  /** An operator started on it again knows its registration, sessions and records. */
  stateFile?: string
}

export type Cpo = {
  url: string
  versionsUrl: string
  tokenA: string
  /** What an EVSE plays from its next start on, or every EVSE when none is named. */
  play: (plan: Partial<Plan>, evseUid?: string) => void
  /** Publishes a tariff at this percentage of its prices (120 is a fifth dearer). */
  changePrice: (tariffId: string, percent: number) => Promise<void>
  /** Publishes a tariff made by hand; returns the OCPI status of the eMSP's answer. */
  pushTariff: (tariff: { id: string; last_updated: string }) => Promise<number | undefined>
  deleteTariff: (tariffId: string) => Promise<number | undefined>
  /** As they are published now. */
  tariffs: () => CpoTariff[]
  setStatus: (evseUid: string, status: string) => Promise<void>
  /** A driver shows a card at the EVSE: asked of the eMSP, and charged when allowed. Returns its answer. */
  tapCard: (evseUid: string, uid: string) => Promise<string>
  /** The same card, charged without having asked anybody; what is told of it says that it was allowed. */
  chargeUnasked: (evseUid: string, card: { uid: string; contract_id: string }) => void
  /** Refuses connections until `goOnline`. What plays goes on. */
  goOffline: () => Promise<void>
  goOnline: () => Promise<void>
  /** Registers with the eMSP from this side. */
  register: (emsp: { versionsUrl: string; tokenA: string }) => Promise<void>
  sendCdr: (cdr: CpoObject) => Promise<number | undefined>
  sessions: () => CpoObject[]
  cdrs: () => CpoObject[]
  /** Resolves when nothing plays any more. */
  atRest: () => Promise<void>
  stop: () => Promise<void>
}

const zControl = z.strictObject({
  evse_uid: z.string().optional(),
  scenario: z.enum(cpoScenarios).optional(),
  after_s: z.number().min(0).max(600).optional(),
  minutes: z.number().min(0).max(1_440).optional(),
})

function findEvse({ locations }: CpoState, evseUid: string) {
  for (const location of locations) {
    const evse = location.evses.find(({ uid, evse_id }) => uid === evseUid || evse_id === evseUid)
    if (evse !== undefined) return { location, evse }
  }
  throw new Error(`no EVSE ${evseUid}`)
}

export async function startCpo(settings: CpoSettings): Promise<Cpo> {
  const { host = '127.0.0.1', rawToken = false, edition = '2.2.1' } = settings
  const party = {
    country_code: settings.countryCode ?? 'CH',
    party_id: settings.partyId ?? 'ALP',
  }
  const state = openState(party, settings.tokenA, settings.stateFile)
  const url = `http://${host}:${settings.port}`
  const versionsUrl = `${url}/ocpi/versions`
  const speech = { rawToken: () => rawToken, edition }
  const emsp = createEmsp(state, { versionsUrl: () => versionsUrl, ...speech })
  const stage = createStage(state, emsp, {
    speed: settings.speed ?? 300,
    tickMs: settings.tickMs ?? 250,
    onError: (error) => process.stderr.write(`cpo: ${String(error)}\n`),
  })
  const plans = createPlans(settings)
  const routes = createCpoRoutes(state, emsp, {
    base: () => `${url}/ocpi`,
    ...speech,
    planOf: plans.of,
    start: (start, plan) => startSession(stage, start, plan),
    stop: (sessionId, responseUrl) => stopSession(stage, sessionId, responseUrl),
  })
  const app = new Hono()
  mountControl(app, plans)
  app.route('/', routes)
  const door = createDoor(app, host, settings.port)
  await door.open()

  const find = (evseUid: string) => findEvse(state, evseUid)
  return {
    url,
    versionsUrl,
    tokenA: settings.tokenA,
    play: (plan, evseUid) => plans.set(plan, evseUid),
    changePrice: (tariffId, percent) => changePrice(stage, tariffId, percent),
    pushTariff: (tariff) => pushTariff(stage, tariff),
    deleteTariff: (tariffId) => deleteTariff(stage, tariffId),
    tariffs: () => structuredClone(state.tariffs),
    setStatus(evseUid, status) {
      const { location, evse } = find(evseUid)
      return setStatus(stage, location, evse, status)
    },
    async tapCard(evseUid, uid) {
      const answer = await emsp.authorize(uid)
      if (answer?.allowed !== 'ALLOWED') return answer?.allowed ?? 'UNKNOWN'
      const token = { uid, type: 'RFID', contract_id: uid }
      const start = { ...find(evseUid), token, reference: answer.authorization_reference }
      startSession(stage, start, plans.of(start.evse.uid))
      return answer.allowed
    },
    chargeUnasked(evseUid, card) {
      const start = { ...find(evseUid), token: { ...card, type: 'RFID' }, reference: undefined }
      startSession(stage, start, plans.of(start.evse.uid))
    },
    goOffline: () => door.close(),
    goOnline: () => door.open(),
    register: (it) => emsp.register(it.versionsUrl, it.tokenA),
    sendCdr: (cdr) => pushRecord(stage, cdr),
    sessions: () => structuredClone(state.sessions),
    cdrs: () => structuredClone(state.cdrs),
    atRest: () => allTold(stage),
    async stop() {
      await endStage(stage)
      await door.close()
    },
  }
}

/** The same as `play`, for those who sit in another process. */
function mountControl(app: Hono, plans: ReturnType<typeof createPlans>): void {
  app.post('/control', async (context) => {
    const { evse_uid, scenario, after_s, minutes } = zControl.parse(await context.req.json())
    const plan = {
      ...(scenario === undefined ? {} : { scenario }),
      ...(after_s === undefined ? {} : { afterS: after_s }),
      ...(minutes === undefined ? {} : { minutes }),
    }
    plans.set(plan, evse_uid)
    return context.body(null, 204)
  })
}

function createPlans(settings: CpoSettings) {
  const common: Plan = {
    scenario: settings.scenario ?? 'normal',
    afterS: settings.afterS ?? 2,
    minutes: settings.minutes ?? 25,
  }
  const own = new Map<string, Partial<Plan>>()
  return {
    of: (evseUid: string): Plan => ({ ...common, ...own.get(evseUid) }),
    set(plan: Partial<Plan>, evseUid?: string) {
      if (evseUid === undefined) Object.assign(common, plan)
      else own.set(evseUid, { ...own.get(evseUid), ...plan })
    },
  }
}

/** The listening socket: closed, it refuses connections, as an operator that is away does. */
function createDoor(app: Hono, host: string, port: number) {
  let server: ReturnType<typeof createAdaptorServer> | undefined
  return {
    async open() {
      if (server !== undefined) return
      server = createAdaptorServer({ fetch: app.fetch })
      server.listen(port, host)
      await once(server, 'listening')
    },
    async close() {
      const closing = server
      if (closing === undefined) return
      server = undefined
      const closed = once(closing, 'close')
      closing.close()
      if ('closeAllConnections' in closing) closing.closeAllConnections()
      await closed
    },
  }
}
