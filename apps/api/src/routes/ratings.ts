import { ratingsOfSession } from '@chargelane/db/queries/plans/ratings'
import { ratingView } from '@chargelane/db/views/ratings'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../http/handler.ts'
import { readSession } from './sessions.ts'

export const ratingRoutes: Handlers<Contract['ratings']> = {
  async list({ tx, viewer, params }) {
    await readSession(tx, viewer, params.id)
    return { data: (await ratingsOfSession(tx, params.id)).map(ratingView) }
  },
}
