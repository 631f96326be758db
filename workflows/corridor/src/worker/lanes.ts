// Whose webhooks are sent when. Each endpoint has a lane of its own, which takes the next delivery as soon as one of its
// own is over: nobody waits for another endpoint, nor for a round to end.
import { claimDeliveries, dueEndpoints } from '@chargelane/db/queries/outbox/deliveries'
import type { ClaimedDelivery } from '@chargelane/db/queries/outbox/deliveries'
import { advanceReplays } from '@chargelane/db/queries/outbox/replays'
import { deliver } from './webhooks.ts'
import type { WebhookDependencies } from './webhooks.ts'

/**
 * Deliveries under way: of one endpoint at first, growing by one with each it takes; of one at most; of one that fails; of
 * all that fail; of all.
 */
export const budget = { firstLane: 2, lane: 8, failingLane: 1, failing: 128, all: 256 }

/** So long at least, and at most, until all that is due is looked for again. */
const lookMs = { min: 500, max: 10_000 }

/** What is due within it is due: the clocks of a database and of its sender are not one. */
const slackMs = 1_000

type Lane = {
  endpointId: string
  underWay: number
  /** How many may be under way while it takes them. */
  width: number
  isFailing: boolean
  isClaiming: boolean
  /** Something may wait for it that it has not looked for. */
  isStirred: boolean
}

export type Lanes = {
  /** Something may wait for this endpoint. */
  stir: (endpointId: string) => void
  /** Stirs every endpoint for which something is due; in how many ms to look again. */
  look: () => Promise<number>
  /** When nothing is under way any more. */
  quiet: () => Promise<void>
  /** Takes nothing more, and waits for what is under way. */
  stop: () => Promise<void>
}

/** Who holds how many places. Endpoints that fail never hold more than their part, so that the others always find one. */
function createPlaces() {
  const held = { all: 0, failing: 0, asking: 0 }
  return {
    take(lane: Lane, places: number) {
      lane.underWay += places
      held.all += places
      if (lane.isFailing) held.failing += places
    },
    setFailing(lane: Lane, isFailing: boolean) {
      if (lane.isFailing !== isFailing) held.failing += isFailing ? lane.underWay : -lane.underWay
      lane.isFailing = isFailing
    },
    roomOf(lane: Lane): number {
      const own = (lane.isFailing ? budget.failingLane : lane.width) - lane.underWay
      const left = budget.all - held.all
      return Math.min(own, lane.isFailing ? Math.min(left, budget.failing - held.failing) : left)
    },
    /** Whether an endpoint fails, only its row knows for sure; each look may find one more that does. */
    failingLimit: (lane: Lane) =>
      lane.isFailing || held.failing + held.asking < budget.failing ? budget.failingLane : 0,
    asks(by: 1 | -1) {
      held.asking += by
    },
  }
}

/** Work that nobody waits for, until somebody does. */
function createBackground(log: WebhookDependencies['log']) {
  const running = new Set<Promise<void>>()
  return {
    start(work: Promise<void>) {
      const caught = work.catch((error: unknown) => {
        // What was claimed comes back with the end of its lease, and what was not is found by the next look.
        log.error({ err: error }, 'webhook lane failed')
      })
      running.add(caught)
      void caught.then(() => running.delete(caught))
    },
    async quiet() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** Its places are held while it looks, so that all lanes together keep to the budget. */
async function claimFor(
  deps: WebhookDependencies,
  places: ReturnType<typeof createPlaces>,
  { lane, room }: { lane: Lane; room: number },
): Promise<ClaimedDelivery[]> {
  const { endpointId } = lane
  const failingLimit = places.failingLimit(lane)
  Object.assign(lane, { isClaiming: true, isStirred: false })
  places.take(lane, room)
  places.asks(1)
  let claimed: ClaimedDelivery[] = []
  try {
    const asked = { endpointId, now: dueBy(deps), limit: room, failingLimit }
    claimed = await claimDeliveries(deps.db, asked)
  } finally {
    lane.isClaiming = false
    places.asks(-1)
    places.take(lane, claimed.length - room)
  }
  const [first] = claimed
  if (first !== undefined) places.setFailing(lane, first.isFailing)
  return claimed
}

export function createLanes(deps: WebhookDependencies): Lanes {
  const lanes = new Map<string, Lane>()
  /** Lanes that found all places taken, in their order. */
  const crowd = new Set<Lane>()
  const [places, background] = [createPlaces(), createBackground(deps.log)]
  const state = { isStopping: false }

  const fill = async (lane: Lane) => {
    lane.isStirred = true
    if (lane.isClaiming || state.isStopping) return
    const room = places.roomOf(lane)
    if (room <= 0) {
      if (lane.underWay === 0) crowd.add(lane)
      return
    }
    const claimed = await claimFor(deps, places, { lane, room })
    for (const delivery of claimed) background.start(run(lane, delivery))
    const isFull = claimed.length > 0 && claimed.length === (lane.isFailing ? 1 : room)
    if (isFull) lane.isStirred = true
    else goOn(lane)
  }

  const run = async (lane: Lane, delivery: ClaimedDelivery) => {
    try {
      const known = await deliver(deps, delivery)
      if (known !== undefined) places.setFailing(lane, known.isFailing)
      lane.width = lane.isFailing ? budget.firstLane : Math.min(budget.lane, lane.width + 1)
      if (known?.hasNewer === true) lane.isStirred = true
    } finally {
      places.take(lane, -1)
      goOn(lane)
    }
  }

  const goOn = (lane: Lane) => {
    if (lane.isStirred) background.start(fill(lane))
    else if (lane.underWay === 0 && !lane.isClaiming) lanes.delete(lane.endpointId)
    const next = firstOf(crowd, (each) => places.roomOf(each) > 0)
    if (next === undefined) return
    crowd.delete(next)
    background.start(fill(next))
  }

  const stir = (endpointId: string) => {
    const lane = lanes.get(endpointId) ?? idleLane(endpointId)
    lanes.set(endpointId, lane)
    background.start(fill(lane))
  }

  return {
    stir,
    look: () => lookAround(deps, stir),
    quiet: () => background.quiet(),
    stop() {
      state.isStopping = true
      return background.quiet()
    },
  }
}

const dueBy = (deps: WebhookDependencies) => new Date(deps.now().getTime() + slackMs).toISOString()

const idleLane = (endpointId: string): Lane => ({
  endpointId,
  underWay: 0,
  width: budget.firstLane,
  isFailing: false,
  isClaiming: false,
  isStirred: false,
})

function firstOf<T>(all: Iterable<T>, isWanted: (each: T) => boolean): T | undefined {
  for (const each of all) if (isWanted(each)) return each
  return undefined
}

async function lookAround(
  deps: WebhookDependencies,
  stir: (endpointId: string) => void,
): Promise<number> {
  const now = dueBy(deps)
  const nextPageAt = await advanceReplays(deps.db, now)
  const waiting = await dueEndpoints(deps.db, now)
  for (const { endpointId, dueAt } of waiting) if (dueAt <= now) stir(endpointId)
  const later = [...waiting.map(({ dueAt }) => dueAt), nextPageAt ?? '']
    .filter((at) => at > now)
    .map((at) => Date.parse(at) - Date.parse(now))
  return Math.min(lookMs.max, Math.max(lookMs.min, Math.min(...later)))
}
