// OCPI 2.2.1 §12: our credentials for the CPO: cards by list, and any of them by question.
import { uidOf, uidShown } from '@chargelane/db/queries/partners/accounts'
import { tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { mayCharge } from '@chargelane/corridor/supply/inbox'
import { cardStanding } from '@chargelane/db/queries/chargers/cards'
import {
  findCard,
  pageTokens,
  sessionOfToken,
  type TokenRow,
} from '@chargelane/db/queries/roaming/ocpi'
import { grantToken } from '@chargelane/db/queries/roaming/token-authorizations'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import {
  answerOk,
  type OcpiApp,
  type OcpiContext,
  pathId,
  readBody,
  type Roaming,
} from '../../link/server.ts'
import { invalid, OcpiRefusal, ocpiStatus } from '../../link/status.ts'
import type { Edition, OurToken } from '../edition.ts'
import { ourModuleUrl } from './versions.ts'
import { instantOf } from '@chargelane/rules/record/ocpi'
import { unwrapSingle } from '../wire.ts'

const limitMax = 1_000

export const mountTokens = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/tokens`
  app.get(path, async (context) => {
    const window = readWindow(context)
    const { rows, total } = await pageTokens(roaming.db, window)
    context.header('x-total-count', String(total))
    context.header('x-limit', String(limitMax))
    const next = window.offset + rows.length
    if (rows.length > 0 && next < total) {
      const url = new URL(ourModuleUrl(roaming, edition, 'tokens'))
      if (window.from !== undefined) url.searchParams.set('date_from', window.from)
      if (window.to !== undefined) url.searchParams.set('date_to', window.to)
      url.searchParams.set('offset', String(next))
      url.searchParams.set('limit', String(window.limit))
      context.header('link', `<${url.href}>; rel="next"`)
    }
    return answerOk(
      roaming,
      context,
      // A card that cannot be read is no card to a peer, and takes none of the others with it.
      rows.flatMap((row) =>
        uidShown(row) === '' ? [] : [edition.write.token(cardToken(roaming, row))],
      ),
    )
  })
  app.post(`${path}/:uid/authorize`, (context) => authorize(roaming, edition, context))
}

function readWindow(context: OcpiContext) {
  const instant = (name: string) => {
    const text = context.req.query(name)
    if (text === undefined || text === '') return undefined
    const read = instantOf(text)
    if (read === undefined) throw invalid(`${name}: must be an RFC 3339 date and time`)
    return read
  }
  const count = (name: string, otherwise: number) => {
    const text = context.req.query(name)
    if (text === undefined) return otherwise
    if (!/^\d{1,9}$/.test(text)) throw invalid(`${name}: must be a number`)
    return Number(text)
  }
  const [from, to] = [instant('date_from'), instant('date_to')]
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    offset: count('offset', 0),
    limit: Math.min(Math.max(count('limit', 50), 1), limitMax),
  }
}

const cardToken = (roaming: Roaming, row: TokenRow): OurToken => ({
  party: roaming.us,
  uid: uidOf(row),
  type: row.type,
  contractId: row.contractId,
  issuer: roaming.businessName,
  isValid: row.status === 'active',
  updatedAt: row.updatedAt,
})

/** The credential made for one session started through the API; it is good for nothing else. */
export function sessionToken(
  { us, businessName }: Roaming,
  session: { tokenUid: string; at: string; isValid: boolean },
): OurToken {
  const { tokenUid: uid, at: updatedAt, isValid } = session
  return {
    party: us,
    uid,
    type: 'APP_USER',
    // eMAID without check digit: country, provider, type C, and the end of the uid as instance.
    contractId: `${us.countryCode}-${us.partyId}-C${uid.slice(-8).padStart(8, '0')}`,
    issuer: businessName,
    isValid,
    updatedAt,
  }
}

/**
 * §12.2.2.2. The answer is about the payer alone: opening hours and status are the CPO's business. A card gets a new
 * reference, under which its session comes back to us.
 */
async function authorize(
  roaming: Roaming,
  edition: Edition,
  context: OcpiContext,
): Promise<Response> {
  const uid = pathId(context, 'uid')
  const text = await context.req.text()
  const place =
    text.trim() === ''
      ? undefined
      : edition.place(unwrapSingle(await readBody(context)) ?? undefined)
  const { connection } = context.get('caller')
  const card = await findCard(roaming.db, uid)
  if (card !== undefined) {
    const standing = await cardStanding(roaming.db, uid)
    const allowed =
      standing === undefined || standing.blocked
        ? 'BLOCKED'
        : (await mayCharge(roaming.db, standing))
          ? 'ALLOWED'
          : 'NO_CREDIT'
    const reference = allowed === 'ALLOWED' ? newId('session') : undefined
    if (reference !== undefined)
      await grantToken(roaming.db, {
        reference,
        connectionId: connection.id,
        tokenUid: uid,
        grantedAt: roaming.now().toISOString(),
      })
    const token = cardToken(roaming, card)
    return answerOk(roaming, context, edition.write.leave({ allowed, token, place, reference }))
  }
  const session = await sessionOfToken(roaming.db, connection.id, uid)
  if (session === undefined) {
    throw new OcpiRefusal(ocpiStatus.unknownToken, 'the token is not known', 404)
  }
  context.set('sessionId', session.id)
  const isValid = !['ended', 'cancelled', 'start_failed'].includes(session.status)
  const token = sessionToken(roaming, {
    tokenUid: tokenUidOf(session),
    at: session.createdAt,
    isValid,
  })
  const leave = isValid
    ? { allowed: 'ALLOWED' as const, reference: session.id }
    : { allowed: 'EXPIRED' as const, reference: undefined }
  return answerOk(roaming, context, edition.write.leave({ ...leave, token, place }))
}
