// Drivers who charge while everything dies: each lap is a session with a story, asked for again under its key until answered.
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane, ChargelaneError } from '@chargelane/sdk'
import { connect } from '@chargelane/db'
import { paymentOfSession } from '@chargelane/db/bench/after-kills'
import type { Stack } from '../../../local/src/state.ts'
import type { Slot } from '../session-load.ts'

const stories = {
  plain: 45,
  refunded: 10,
  refunded_in_part: 12,
  charged_back: 8,
  card_declined: 6,
  capture_declined: 8,
  hold_expired: 5,
  left_alone: 6,
} as const
export type Story = keyof typeof stories

const isStory = (name: string): name is Story => Object.hasOwn(stories, name)

function storyOf(chance: () => number): Story {
  const names = Object.keys(stories).filter(isStory)
  let left = chance() * names.reduce((sum, name) => sum + stories[name], 0)
  return names.find((name) => (left -= stories[name]) <= 0) ?? 'plain'
}

export type Lap = { story: Story; id: string | undefined; ending: string }

/** Whatever is missing just now is asked again; an answer is an answer. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 150_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const isAnswer =
        error instanceof ChargelaneError &&
        error.status !== undefined &&
        error.status < 500 &&
        error.status !== 429
      if (isAnswer || Date.now() > deadline) throw error
      await wait(300)
    }
  }
}

type World = { stack: () => Stack; providerUrl: string; chance: () => number }

export const laneFor = (stack: Stack, key: keyof Stack['keys']): Chargelane =>
  new Chargelane({
    apiKey: stack.keys[key],
    baseUrl: stack.api_url,
    maxRetries: 8,
    timeoutMs: 20_000,
  })

const tell = (url: string, path: string, body: object = {}) =>
  eventually(async () => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.status >= 500) throw new Error(`the provider answered ${answer.status}`)
  })

async function paymentOf(stack: Stack, session: string) {
  const db = connect({ url: stack.database_url, max: 1, name: 'load' })
  try {
    return await paymentOfSession(db, session)
  } finally {
    await db.close()
  }
}

/** Charged, with a driver and a card of its own, since a debt keeps a card from starting again. */
async function begin(world: World, slot: Slot, story: Story, name: string): Promise<string> {
  const source = await eventually(() =>
    slot.lane.payment_sources.create(
      {
        driver: { external_id: `driver-${name}` },
        type: 'card',
        payment_method: story === 'card_declined' ? 'pm_card_chargeDeclined' : 'pm_card_visa',
      },
      { idempotencyKey: `source-${name}` },
    ),
  )
  const quote = await eventually(() =>
    slot.lane.quotes.create(
      { evse: slot.evseId, payment_source: source.id, est_energy_wh: 60_000 },
      { idempotencyKey: `quote-${name}` },
    ),
  )
  const { id } = await eventually(() =>
    slot.lane.sessions.create({ quote: quote.id }, { idempotencyKey: `session-${name}` }),
  )
  return id
}

async function follow(world: World, slot: Slot, story: Story, id: string): Promise<string> {
  const { lane } = slot
  const begun = await eventually(() =>
    lane.sessions.waitFor(id, (s) => s.status === 'charging' || s.failure !== null, {
      timeoutMs: 60_000,
    }),
  )
  if (begun.failure !== null) return begun.failure.code
  if (story === 'capture_declined')
    await tell(world.providerUrl, '/_control/faults', {
      operation: 'payment_intents.capture',
      match: { session_id: id },
      action: { kind: 'decline' },
      times: 2,
    })
  if (story === 'hold_expired') {
    const payment = await eventually(() => paymentOf(world.stack(), id))
    await tell(world.providerUrl, `/_control/payment_intents/${payment?.psp ?? ''}/expire`)
  }
  await wait(200 + world.chance() * 1_200)
  // Some leave without a word: the car ends it, or nobody does until the product asks.
  if (story !== 'left_alone')
    await eventually(() => lane.sessions.stop(id, { idempotencyKey: `stop-${id}` }))
  const done = new Set(['captured', 'capture_failed', 'released', 'settled', 'adjusted'])
  const paid = await eventually(() =>
    lane.sessions.waitFor(id, (s) => done.has(s.money_status), { timeoutMs: 90_000 }),
  )
  return paid.money_status
}

/** What is asked of money that was captured. */
async function afterwards(world: World, story: Story, id: string): Promise<void> {
  const payment = await eventually(() => paymentOf(world.stack(), id))
  if (payment === undefined || payment.captured < 2) return
  if (story === 'charged_back')
    await tell(world.providerUrl, `/_control/payment_intents/${payment.psp}/dispute`)
  if (story !== 'refunded' && story !== 'refunded_in_part') return
  const amount = { amount: Math.floor(payment.captured / 2), currency: payment.currency }
  const finance = laneFor(world.stack(), 'finance')
  await eventually(() =>
    finance.refunds.create(
      {
        payment: payment.id,
        reason: 'goodwill',
        ...(story === 'refunded_in_part' ? { amount } : {}),
      },
      { idempotencyKey: `refund-${id}` },
    ),
  )
}

async function lapOf(world: World, slot: Slot, name: string): Promise<Lap> {
  const story = storyOf(world.chance)
  let id: string | undefined
  try {
    id = await begin(world, slot, story, name)
    const ending = await follow(world, slot, story, id)
    if (ending === 'captured') await afterwards(world, story, id)
    return { story, id, ending }
  } catch (error) {
    return { story, id, ending: error instanceof ChargelaneError ? error.code : String(error) }
  }
}

/** As many sessions as asked for, on every slot at once. */
export async function sellUnderFire(
  world: World,
  slots: readonly Slot[],
  sessions: number,
  told: (done: number) => void,
): Promise<Lap[]> {
  const laps: Lap[] = []
  let next = 0
  await Promise.all(
    slots.map(async (slot) => {
      while (next < sessions) {
        next += 1
        laps.push(await lapOf(world, slot, `kill-${next}`))
        if (laps.length % 25 === 0) told(laps.length)
      }
    }),
  )
  return laps
}
