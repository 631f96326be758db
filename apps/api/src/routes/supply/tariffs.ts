import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import {
  getTariff,
  listTariffs,
  tariffFreshness,
  tariffVersions,
} from '@chargelane/db/queries/locations/tariffs'
import { freshnessView, tariffView } from '@chargelane/db/views/supply/tariffs'
import {
  confirmTariff,
  publishOwnTariff,
  readableTariff,
  tryTariff,
} from '@chargelane/corridor/onboarding/tariffs'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { memberText } from '../../http/body.ts'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { verdictView } from '../../http/tariff-verdict.ts'
import { tariffPageRoutes } from './tariff-pages.ts'

/** The tariff of a request byte for byte, since that is what is kept. */
const received = ({ text, body }: { text: string; body: { tariff: unknown } }) =>
  memberText(text, 'tariff') ?? JSON.stringify(body.tariff)

export const tariffRoutes: Handlers<Contract['tariffs']> = {
  ...tariffPageRoutes,

  async create(call) {
    const tariff = await publishOwnTariff(call, call.body, received(call))
    return tariffView(tariff, { sees: call.viewer.sees, now: call.now })
  },

  async validate(call) {
    return verdictView(await tryTariff(call, call.body, received(call)))
  },

  async freshness({ tx, viewer, query, now }) {
    const page = await tariffFreshness(tx, viewer.sees, now, pageRequest(query, 'connection'))
    return pageView(page, (row) => freshnessView(row, now))
  },

  async get({ tx, viewer, params, query, now }) {
    const options = { version: query.version, asOf: query.as_of ?? now }
    const row =
      query.as_of === undefined
        ? await readableTariff(tx, viewer, params.id, options)
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

  async confirm(call) {
    const tariff = await confirmTariff(call, call.params.id)
    return tariffView(tariff, { sees: call.viewer.sees, now: call.now })
  },
}

const versionOf = (cursor: string): number => {
  const [, digits] = /^v(\d{1,7})$/.exec(decodeCursorText(cursor)) ?? []
  if (digits === undefined) throw invalidCursor()
  return Number(digits)
}
