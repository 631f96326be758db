import { cardStanding } from '@chargelane/db/queries/chargers/chargers'
import { startCommandOfToken } from '@chargelane/db/queries/chargers/commands'
import { route } from './action.ts'
import { tagOf } from './map.ts'

/** Whether a credential may charge here. Every refusal looks the same, so that a rogue charger learns nothing. */
export const authorize = route({
  name: 'Authorize',
  // A tag of the wrong length is nobody's, not a protocol error the driver would see as a dead charger.
  fallbacks: () => ({ idTag: () => '' }),
  async handle({ node, station }, request) {
    const tag = tagOf(request.idTag)
    if (tag === '' || station.isGuessing()) return { answer: { idTagInfo: { status: 'Invalid' } } }
    // Chargers told to start by us may ask about our own credential (AuthorizeRemoteTxRequests).
    const command = await startCommandOfToken(node.db, station.id, tag)
    if (command !== undefined)
      return { answer: { idTagInfo: { status: 'Accepted' } }, sessionId: command.sessionId }
    const card = await cardStanding(node.db, tag)
    if (card === undefined) station.noteUnknownTag()
    const status = card?.mayCharge === true ? 'Accepted' : card?.blocked ? 'Blocked' : 'Invalid'
    return { answer: { idTagInfo: { status } } }
  },
})
