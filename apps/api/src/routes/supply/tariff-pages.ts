// One tariff as a person or a machine looks at it: priced, drawn, put in words, or as it was received.
import { tariffView } from '@chargelane/db/views/supply/tariffs'
import { ownTariff, readableTariff } from '@chargelane/corridor/onboarding/tariffs'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { explainTariff, plotTariff, previewTariff } from '../../tariff-preview.ts'

type Pages = Pick<Handlers<Contract['tariffs']>, 'preview' | 'plot' | 'explain' | 'raw'>

export const tariffPageRoutes: Pages = {
  async preview({ tx, viewer, params, query, now }) {
    const { version, ...wish } = query
    const row = await readableTariff(tx, viewer, params.id, { version, asOf: now })
    return previewTariff(tx, row, wish, now)
  },

  async plot({ tx, viewer, params, query, now }) {
    const { version, ...wish } = query
    const row = await readableTariff(tx, viewer, params.id, { version, asOf: now })
    const drawn = await plotTariff(tx, row, wish, now)
    return { bytes: Buffer.from(drawn), filename: `${row.id}-${row.version}.svg` }
  },

  async explain({ tx, viewer, params, query, now }) {
    const row = await readableTariff(tx, viewer, params.id, { version: query.version, asOf: now })
    return { tariff: tariffView(row, { sees: viewer.sees, now }), ...explainTariff(row, now) }
  },

  async raw({ tx, viewer, params, query }) {
    const row = await ownTariff(tx, viewer, params.id, query.version)
    return { bytes: Buffer.from(row.raw), filename: `${row.id}-${row.version}.json` }
  },
}
