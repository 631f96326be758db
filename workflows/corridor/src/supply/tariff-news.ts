/** Who hears of a price: its CPO of all that was found, the partners who showed it that it is another one now. */
import { everyAccount, inNameOf, type Tx } from '@chargelane/db'
import { never } from '@chargelane/db/queries/locations/tariff-hold'
import { partnersShown } from '@chargelane/db/queries/locations/tariff-hearers'
import { getTariff, type TariffRow } from '@chargelane/db/queries/locations/tariffs'
import {
  openIncident,
  settleIncidents,
  type SettlingFact,
} from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { tariffView } from '@chargelane/db/views/supply/tariffs'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { type Finding, isMarketRule } from '@chargelane/rules/tariff'

const refOf = ({ id, version }: Pick<TariffRow, 'id' | 'version'>) => `${id}@${version}`

type Told = {
  type: EventTypeOf<'Tariff'>
  context: Record<string, unknown>
  key: string
  at: string
}

const tellOperator = (tx: Tx, row: TariffRow, { type, context, key, at }: Told) =>
  appendEvent(tx, {
    accountId: row.cpoId,
    type,
    objectId: row.id,
    data: tariffView(row, { sees: row.cpoId, now: at }),
    context,
    dedupeKey: `${refOf(row)}:${key}`,
    at,
  })

/**
 * To everybody who shows the price and could show a wrong one now. What cannot be sold at all is between us and its
 * CPO: partners are shown the version that ended, and nothing in its place.
 */
async function tellPartners(
  tx: Tx,
  row: TariffRow,
  shown: TariffRow | undefined,
  { type, context, key, at }: Told,
): Promise<void> {
  if (shown === undefined) return
  for (const accountId of await partnersShown(tx, row.id, at))
    await appendEvent(tx, {
      accountId,
      type,
      objectId: row.id,
      data: tariffView(shown, { sees: accountId, now: at }),
      context,
      dedupeKey: `${refOf(row)}:${key}:${accountId}`,
      at,
    })
}

/** What a buyer sees of a version: another of these is another price, or none. */
const isOtherToBuyers = (row: TariffRow, last: TariffRow) =>
  row.priceHash !== last.priceHash || row.status !== last.status

/**
 * A version cannot be sold, was dated back, or is not sold at some of its chargers (`isKept`): told once for each thing
 * that is wrong, also where it becomes so by a charger that was added.
 */
export async function tellUnsold(
  tx: Tx,
  row: TariffRow,
  findings: readonly Finding[],
  isKept: boolean,
): Promise<void> {
  const told = findings.filter(
    ({ severity, rule }) =>
      severity === 'error' || rule === 'retroactive' || (isKept && isMarketRule(rule)),
  )
  const [first] = told
  if (first === undefined) return
  const rules = [...new Set(told.map(({ rule }) => rule))].toSorted()
  await tellOperator(tx, row, {
    type: 'tariff.invalid',
    context: { rule: first.rule, sellable: row.status !== 'invalid' },
    key: ['tariff.invalid', ...rules].join(':'),
    at: row.receivedAt,
  })
}

/** A version superseded another, or is held. */
export async function tellPublished(
  tx: Tx,
  row: TariffRow,
  last: TariffRow | undefined,
  findings: readonly Finding[],
): Promise<void> {
  const at = row.receivedAt
  const changed = {
    type: 'tariff.changed' as const,
    context: last === undefined ? {} : { previous: refOf(last) },
    key: 'tariff.changed',
    at,
  }
  if (last !== undefined) await tellOperator(tx, row, changed)
  if (row.status === 'held')
    await tellOperator(tx, row, {
      type: 'tariff.anomaly_held',
      context: {},
      key: 'tariff.anomaly_held',
      at,
    })
  await inNameOf(tx, everyAccount, async () => {
    if (last !== undefined && isOtherToBuyers(row, last)) {
      const ended = row.status === 'invalid' && last.status !== 'invalid'
      const shown = ended ? await getTariff(tx, everyAccount, last.id, last.version) : row
      await tellPartners(tx, row, row.status === 'invalid' && !ended ? undefined : shown, changed)
    }
    if (isForPlatform(row)) await putAside(tx, row, findings)
    else if (last !== undefined && isForPlatform(last))
      await endAside(tx, row, { cause: 'its operator published another price' })
  })
}

/** Whoever may confirm it did: sold from now on. */
export async function tellConfirmed(
  tx: Tx,
  row: TariffRow,
  at: string,
  decided: { reason: string; by: string },
): Promise<void> {
  const told = {
    type: 'tariff.changed' as const,
    context: { hold_confirmed_at: at },
    key: 'confirmed',
    at,
  }
  await tellOperator(tx, row, told)
  await inNameOf(tx, everyAccount, async () => {
    await tellPartners(tx, row, row, told)
    const { reason: cause, by } = decided
    await endAside(tx, row, { cause, at, decided: { action: 'release', by } })
  })
}

/** The CPO deleted the tariff: nothing is sold under it any more. */
export async function tellWithdrawn(tx: Tx, row: TariffRow, last: TariffRow): Promise<void> {
  const told = {
    type: 'tariff.changed' as const,
    context: { previous: refOf(last) },
    key: 'tariff.changed',
    at: row.receivedAt,
  }
  await tellOperator(tx, row, told)
  await inNameOf(tx, everyAccount, async () => {
    await tellPartners(tx, row, row, told)
    await endAside(tx, row, { cause: 'its operator withdrew the tariff' })
  })
}

/** Time does not release it, so the platform has to know of it. */
const isForPlatform = ({ status, heldUntil }: TariffRow) => status === 'held' && heldUntil === never

async function putAside(tx: Tx, row: TariffRow, findings: readonly Finding[]): Promise<void> {
  const { id, cpoId, anomaly, ocpiId, currency } = row
  const figures = anomaly && {
    price: { amount: anomaly.price, currency },
    usual: { amount: anomaly.median, currency },
    energy_kwh: anomaly.energyKwh,
    duration_s: anomaly.durationS,
  }
  await openIncident(tx, {
    kind: 'price_held',
    subject: { type: 'tariff', id },
    accountId: cpoId,
    cause:
      findings.find(({ rule }) => rule === 'anomaly')?.message ??
      'The price is out of all proportion to what is usual.',
    detail: { tariff: refOf(row), ocpi_id: ocpiId, ...figures },
    actions: ['release'],
    at: row.receivedAt,
  })
}

async function endAside(
  tx: Tx,
  { id, receivedAt }: TariffRow,
  fact: Omit<SettlingFact, 'at'> & { at?: string },
): Promise<void> {
  const settles = { kinds: ['price_held'], subject: { type: 'tariff', id } } as const
  await settleIncidents(tx, settles, { at: receivedAt, ...fact })
}
