import { type Shown, shownFacts } from '@chargelane/db/queries/chargers/cards'
import { mayCharge } from '@chargelane/corridor/supply/inbox'
import { batched } from '../line/batch.ts'
import { route } from './action.ts'
import { tagOf } from './map.ts'

const factsOf = batched((node, shown: Shown[]) => shownFacts(node.db, shown), 200)

/** Whether a credential may charge here. Every refusal looks the same, so that a rogue charger learns nothing. */
export const authorize = route({
  name: 'Authorize',
  // A tag of the wrong length is nobody's, not a protocol error the driver would see as a dead charger.
  fallbacks: () => ({ idTag: () => '' }),
  async handle({ node, station, receivedAt }, request) {
    const idToken = tagOf(request.idTag)
    station.noteAsked(idToken, receivedAt)
    if (idToken === '' || station.isGuessing())
      return { answer: { idTagInfo: { status: 'Invalid' } } }
    const { sessionId, card } = await factsOf(node, { stationId: station.id, idToken })
    // Chargers told to start by us may ask about our own credential (AuthorizeRemoteTxRequests).
    if (sessionId !== null) return { answer: { idTagInfo: { status: 'Accepted' } }, sessionId }
    if (card === null) station.noteUnknownTag()
    const isGood = card !== null && (await mayCharge(node.db, card))
    const status = isGood ? 'Accepted' : card?.blocked ? 'Blocked' : 'Invalid'
    return { answer: { idTagInfo: { status } } }
  },
})
