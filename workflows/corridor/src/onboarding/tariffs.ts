// An operator's own tariffs: published on its node, tried out, and confirmed where a price was unusual.
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { confirmHold, getTariff, type TariffRow } from '@chargelane/db/queries/locations/tariffs'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency } from '@chargelane/rules/money'
import { isMarketRule } from '@chargelane/rules/tariff'
import { tellConfirmed } from '../supply/tariff-news.ts'
import { type Examination, examineTariff, publishTariff } from '../supply/tariffs.ts'
import type { By } from '../books/decision.ts'
import { type Act, type Actor, isTenant } from './act.ts'
import { ownConnection } from './connections.ts'

const invalid = (param: string, message: string) =>
  new DomainError('invalid_value', `${param}: ${message}`, { param })

/** `elements[0].price_components[1].price` as the API writes paths: with dots. */
const dotted = (path: string) => path.replaceAll(/\[(\d+)\]/g, '.$1').replace(/^\./, '')

/** An editor refuses what could not be sold, so that a slip never takes the present price away. */
function requireSellable({ tariff, findings }: Examination): void {
  if (tariff !== undefined && !isKnownCurrency(tariff.currency)) {
    throw new DomainError('unsupported_currency', `We cannot sell in ${tariff.currency}.`, {
      param: 'tariff.currency',
    })
  }
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (first === undefined) return
  const isMarket = errors.every(({ rule }) => isMarketRule(rule))
  const path = dotted(first.path)
  const param = path === '' ? 'tariff' : `tariff.${path}`
  throw new DomainError(
    isMarket ? 'market_rule_violation' : 'invalid_value',
    `${param}: ${first.message}`,
    { param, extra: { rule: first.rule, problems: findings.slice(0, 50) } },
  )
}

const publicationOf = (connection: ConnectionRow, object: unknown, text: string, now: string) => ({
  connection,
  ocpiId: idOf(object),
  object,
  text,
  now,
})

function idOf(object: unknown): string {
  const id = typeof object === 'object' && object !== null && 'id' in object ? object.id : undefined
  return typeof id === 'string' && id !== '' ? id.slice(0, 36) : '-'
}

/** Tariffs in force are public. */
export async function readableTariff(
  tx: Tx,
  viewer: Actor,
  id: string,
  options: { version?: number | undefined; asOf?: string } = {},
): Promise<TariffRow> {
  const row =
    (await getTariff(tx, viewer.sees, id, options.version, options.asOf)) ??
    // Announced and not begun: there is no version in force to show instead.
    (options.version === undefined ? await getTariff(tx, viewer.sees, id) : undefined)
  if (!row) throw missing('tariff')
  return row
}

/** What only its operator may see of a tariff. */
export async function ownTariff(
  tx: Tx,
  viewer: Actor,
  id: string,
  version?: number,
): Promise<TariffRow> {
  const row = await readableTariff(tx, viewer, id, { version })
  if (isTenant(viewer) && row.cpoId !== viewer.accountId) throw missing('tariff')
  return row
}

type Verbs = Contract['tariffs']

/** `received` is the tariff as it stands in the request, which is what is kept. */
export async function publishOwnTariff(
  { tx, viewer, now }: Act,
  body: BodyOf<Verbs['create']>,
  received: string,
): Promise<TariffRow> {
  const connection = await ownConnection(tx, viewer, body.connection, 'connection')
  if (connection.protocol !== 'node')
    throw invalid('connection', 'tariffs of an OCPI connection come over OCPI')
  const { country_code: country, party_id: party } = body.tariff
  if (
    country.toUpperCase() !== connection.countryCode ||
    party.toUpperCase() !== connection.partyId
  ) {
    const name = `${connection.countryCode}*${connection.partyId}`
    throw invalid('tariff.party_id', `must be the party of the connection, ${name}`)
  }
  const publication = {
    ...publicationOf(connection, body.tariff, received, now),
    version: '2.2.1' as const,
  }
  requireSellable(await examineTariff(tx, publication))
  const { tariff } = await publishTariff(tx, publication)
  return tariff
}

/** What publishing it would find, without publishing it. */
export async function tryTariff(
  { tx, viewer, now }: Act,
  body: BodyOf<Verbs['validate']>,
  received: string,
): Promise<Examination> {
  const connection = await ownConnection(tx, viewer, body.connection, 'connection')
  return examineTariff(tx, {
    ...publicationOf(connection, body.tariff, received, now),
    version: body.ocpi_version,
  })
}

/** The operator stands by an unusual price, which is sold from now on. */
export async function confirmTariff({ tx, viewer, now }: Act, id: string): Promise<TariffRow> {
  const last = await ownTariff(tx, viewer, id)
  if (last.status === 'invalid' || last.status === 'withdrawn')
    throw new DomainError('invalid_transition', `The tariff is ${last.status}.`)
  const lift = last.anomaly?.lift
  if (last.status === 'held' && isTenant(viewer) && lift !== undefined && lift !== 'operator')
    throw new DomainError(
      'invalid_transition',
      'The price is far above what is usual: the platform releases it, not whoever is paid by it.',
      { extra: { lifted_by: 'platform' } },
    )
  const { tariff, isNew } = await confirmHold(tx, last, now)
  if (!tariff) throw missing('tariff')
  if (isNew)
    await tellConfirmed(tx, tariff, now, {
      reason: `confirmed by ${viewer.accountId}`,
      by: 'corridor',
    })
  return tariff
}

/** A person of the platform decided that a price out of all proportion is meant. */
export async function releasePrice(
  db: Db,
  tariffId: string,
  reason: string,
  { keyId, now }: By,
): Promise<void> {
  await db.tx(async (tx) => {
    const last = await getTariff(tx, everyAccount, tariffId)
    if (last?.status !== 'held')
      throw new DomainError('invalid_transition', `The price of ${tariffId} is not held any more.`)
    const { tariff, isNew } = await confirmHold(tx, last, now)
    if (tariff !== undefined && isNew) await tellConfirmed(tx, tariff, now, { reason, by: keyId })
  })
}
