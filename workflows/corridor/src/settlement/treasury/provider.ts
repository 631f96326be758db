// The provider's own account of our money: imported, booked where it is not a sale's, and paid out to our bank.
import type { Db, Tx } from '@chargelane/db'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import {
  insertMovements,
  lastMovementAt,
  sessionsOfIntents,
  type StoredMovement,
} from '@chargelane/db/queries/ledger/treasury'
import { type Entry, movementEntry, sweepEntry } from '@chargelane/rules/ledger'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { ProviderMoney, ProviderMovement } from './ports.ts'

type Deps = { db: Db; provider: ProviderMoney }

/** What is listed late: a second look at the last hours finds it. */
const overlapMs = 6 * 3_600_000
const firstLook = '2020-01-01T00:00:00.000Z'

/** Booked with their sale, or with what became of it. */
const ofSales = new Set([
  'charge',
  'payment',
  'refund',
  'payment_refund',
  'refund_failure',
  'payment_failure_refund',
  'adjustment',
])

function entryOf({ id, type, source, netMinor, currency }: StoredMovement): Entry | undefined {
  const net: Money = { amount: netMinor, currency }
  if (ofSales.has(type) || netMinor === 0) return undefined
  if (type === 'payout' && source !== null)
    return sweepEntry({ sweepId: source, amount: { ...net, amount: -netMinor } })
  return movementEntry({ id, type, net })
}

const rowOf =
  (sessions: Map<string, string>, importedAt: string) => (movement: ProviderMovement) => ({
    id: movement.id,
    type: movement.type,
    source: movement.source,
    sessionId: movement.pspId === null ? null : (sessions.get(movement.pspId) ?? null),
    currency: movement.net.currency,
    amountMinor: movement.amount.amount,
    feeMinor: movement.fee.amount,
    netMinor: movement.net.amount,
    occurredAt: movement.occurredAt,
    availableAt: movement.availableAt,
    importedAt,
  })

async function keepMovements(tx: Tx, movements: ProviderMovement[], now: string): Promise<number> {
  const pspIds = movements.flatMap(({ pspId }) => (pspId === null ? [] : [pspId]))
  const sessions = await sessionsOfIntents(tx, pspIds)
  const fresh = await insertMovements(tx, movements.map(rowOf(sessions, now)))
  for (const movement of fresh) {
    const entry = entryOf(movement)
    if (entry !== undefined) await postEntry(tx, { ...entry, effectiveAt: movement.occurredAt })
  }
  return fresh.length
}

const atOnce = 500

/** Everything that moved since the last look, each movement once; what is no sale's is booked with it. */
export async function importProvider(
  { db, provider }: Deps,
  { now }: { now: string },
): Promise<{ imported: number }> {
  const last = await lastMovementAt(db)
  const since =
    last === undefined ? firstLook : new Date(Date.parse(last) - overlapMs).toISOString()
  const movements = await provider.movements({ since })
  let imported = 0
  for (let at = 0; at < movements.length; at += atOnce) {
    const part = movements.slice(at, at + atOnce)
    imported += await db.tx((tx) => keepMovements(tx, part, now))
  }
  return { imported }
}

/** Pays out what is available, once a day and currency; the import books it as the provider lists it. */
export async function sweepProvider(
  { provider }: Deps,
  { day }: { day: string },
): Promise<{ swept: Money[] }> {
  const swept: Money[] = []
  for (const amount of await provider.available()) {
    if (amount.amount <= 0) continue
    const idempotencyKey = `sweep:${day}:${amount.currency}:${amount.amount}`
    const outcome = await provider.sweep({ amount, idempotencyKey })
    if (outcome.kind === 'sent') swept.push(amount)
  }
  return { swept }
}
