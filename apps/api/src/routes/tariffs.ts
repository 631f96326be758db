import type { Tx } from '@chargelane/db'
import { type ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import {
  confirmHold,
  getTariff,
  listTariffs,
  tariffFreshness,
  type TariffFreshness,
  type TariffRow,
  tariffVersions,
} from '@chargelane/db/queries/locations/tariffs'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency } from '@chargelane/rules/money'
import type { Finding } from '@chargelane/rules/tariff'
import { type Examination, examineTariff, publishTariff } from '@chargelane/corridor/supply/tariffs'
import { memberText } from '../http/body.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { pageRequest } from '../http/page.ts'
import { explainTariff, plotTariff, previewTariff } from '../tariff-preview.ts'
import { pageView } from '../http/page.ts'
import { tariffHoldView, tariffProblems, tariffView } from '@chargelane/db/views/tariffs'
import { ownConnection } from './connections.ts'

const invalid = (param: string, message: string) =>
  new DomainError('validation_error', `${param}: ${message}`, { param })

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
  const isMarket = errors.every(isMarketRule)
  const path = dotted(first.path)
  const param = path === '' ? 'tariff' : `tariff.${path}`
  throw new DomainError(
    isMarket ? 'market_rule_violation' : 'validation_error',
    `${param}: ${first.message}`,
    { param, extra: { rule: first.rule, problems: findings.slice(0, 50) } },
  )
}

const isMarketRule = ({ rule }: Finding) => rule.startsWith('price_rule.')

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

async function readable(
  tx: Tx,
  viewer: Viewer,
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
async function owned(tx: Tx, viewer: Viewer, id: string, version?: number): Promise<TariffRow> {
  const row = await readable(tx, viewer, id, { version })
  if (viewer.sees === viewer.accountId && row.cpoId !== viewer.accountId) throw missing('tariff')
  return row
}

const ageS = (from: string, to: string) =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1_000))

function freshnessView(row: TariffFreshness, now: string) {
  const age = row.oldestConfirmedAt === null ? null : ageS(row.oldestConfirmedAt, now)
  return {
    connection: row.connectionId,
    cpo: row.cpoId,
    protocol: row.protocol,
    confirmed_at: row.confirmedAt,
    oldest_confirmed_at: row.oldestConfirmedAt,
    age_s: age,
    slo_s: row.sloS,
    within_slo: row.protocol === 'node' || age === null || age <= row.sloS,
    max_age_s: row.maxAgeS,
    tariffs: row.tariffs,
    versions: row.versions,
    scheduled: row.scheduled,
    held: row.held,
    invalid: row.invalid,
    stale: row.stale,
    unlisted: row.unlisted,
  }
}

function verdictView({ input, tariff, findings, uses, outcome }: Examination) {
  const { status, effectiveFrom, soldUntil = null, heldUntil = null, anomaly = null } = input
  return {
    outcome,
    status,
    sellable: status !== 'invalid',
    ocpi_id: input.ocpiId,
    hash: input.hash,
    effective_from: effectiveFrom ?? input.at,
    sold_until: soldUntil,
    hold: tariffHoldView(
      { heldUntil, holdConfirmedAt: null, anomaly, currency: input.currency },
      true,
    ),
    connectors: uses.reduce((sum, { count }) => sum + count, 0),
    market_limits: Object.entries(input.marketLimits ?? {}).map(([country, watts]) => ({
      country,
      from_power_w: watts,
    })),
    problems: tariffProblems(findings),
    tariff: tariff ?? null,
  }
}

export const tariffRoutes: Handlers<Contract['tariffs']> = {
  async create({ tx, viewer, body, text, now }) {
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
    const received = memberText(text, 'tariff') ?? JSON.stringify(body.tariff)
    const publication = {
      ...publicationOf(connection, body.tariff, received, now),
      version: '2.2.1' as const,
    }
    requireSellable(await examineTariff(tx, publication))
    const { tariff } = await publishTariff(tx, publication)
    return tariffView(tariff, { sees: viewer.sees, now })
  },

  async validate({ tx, viewer, body, text, now }) {
    const connection = await ownConnection(tx, viewer, body.connection, 'connection')
    const received = memberText(text, 'tariff') ?? JSON.stringify(body.tariff)
    const examined = await examineTariff(tx, {
      ...publicationOf(connection, body.tariff, received, now),
      version: body.ocpi_version,
    })
    return verdictView(examined)
  },

  async freshness({ tx, viewer, query, now }) {
    const page = await tariffFreshness(tx, viewer.sees, now, pageRequest(query, 'connection'))
    return pageView(page, (row) => freshnessView(row, now))
  },

  async get({ tx, viewer, params, query, now }) {
    const options = { version: query.version, asOf: query.as_of ?? now }
    const row =
      query.as_of === undefined
        ? await readable(tx, viewer, params.id, options)
        : await getTariff(tx, viewer.sees, params.id, query.version, query.as_of)
    if (!row) throw missing('tariff')
    return tariffView(row, { sees: viewer.sees, now })
  },

  async list({ tx, viewer, query, now }) {
    const cpoId = viewer.type === 'cpo' ? viewer.accountId : query.cpo
    const page = await listTariffs(tx, viewer.sees, {
      ...pageRequest(query, 'tariff'),
      at: query.as_of ?? now,
      isPresent: query.as_of === undefined,
      ...(cpoId === undefined ? {} : { cpoId }),
      ...(query.connection === undefined ? {} : { connectionId: query.connection }),
      ...(query.status === undefined ? {} : { status: query.status }),
    })
    return pageView(page, (row) => tariffView(row, { sees: viewer.sees, now }))
  },

  async versions({ tx, viewer, params, query, now }) {
    const before = query.cursor === undefined ? undefined : versionOf(query.cursor)
    const rows = await tariffVersions(tx, viewer.sees, params.id, {
      limit: query.limit + 1,
      ...(before === undefined ? {} : { before }),
    })
    if (rows.length === 0 && before === undefined) throw missing('tariff')
    const data = rows.slice(0, query.limit)
    const last = data.at(-1)
    const hasMore = rows.length > query.limit && last !== undefined
    return pageView(
      { data, hasMore, nextCursor: hasMore ? encodeCursor(`v${last.version}`) : null },
      (row) => tariffView(row, { sees: viewer.sees, now }),
    )
  },

  async preview({ tx, viewer, params, query, now }) {
    const { version, ...wish } = query
    const row = await readable(tx, viewer, params.id, { version, asOf: now })
    return previewTariff(tx, row, wish, now)
  },

  async plot({ tx, viewer, params, query, now }) {
    const { version, ...wish } = query
    const row = await readable(tx, viewer, params.id, { version, asOf: now })
    const drawn = await plotTariff(tx, row, wish, now)
    return { bytes: Buffer.from(drawn), filename: `${row.id}-${row.version}.svg` }
  },

  async explain({ tx, viewer, params, query, now }) {
    const row = await readable(tx, viewer, params.id, { version: query.version, asOf: now })
    return { tariff: tariffView(row, { sees: viewer.sees, now }), ...explainTariff(row, now) }
  },

  async raw({ tx, viewer, params, query }) {
    const row = await owned(tx, viewer, params.id, query.version)
    return { bytes: Buffer.from(row.raw), filename: `${row.id}-${row.version}.json` }
  },

  async confirm({ tx, viewer, params, now }) {
    const last = await owned(tx, viewer, params.id)
    if (last.status === 'invalid' || last.status === 'withdrawn')
      throw new DomainError('invalid_transition', `The tariff is ${last.status}.`)
    const { tariff, isNew } = await confirmHold(tx, last, now)
    if (!tariff) throw missing('tariff')
    if (isNew) await tellConfirmed(tx, tariff, now)
    return tariffView(tariff, { sees: viewer.sees, now })
  },
}

const versionOf = (cursor: string): number => {
  const [, digits] = /^v(\d{1,7})$/.exec(decodeCursorText(cursor)) ?? []
  if (digits === undefined) throw invalidCursor()
  return Number(digits)
}

const tellConfirmed = (tx: Tx, row: TariffRow, now: string) =>
  appendEvent(tx, {
    accountId: row.cpoId,
    type: 'tariff.changed',
    objectId: row.id,
    data: tariffView(row, { sees: row.cpoId, now }),
    context: { hold_confirmed_at: now },
    dedupeKey: `${row.id}@${row.version}:confirmed`,
    at: now,
  })
