import { publishedKeys } from '@chargelane/corridor/evidence/keyring'
import { listSigningKeys, packsOfKey } from '@chargelane/db/queries/documents/signing-keys'
import { evidenceView } from '@chargelane/db/views/sales/evidence'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'

export const signingKeyRoutes: Handlers<Contract['signing_keys']> = {
  list: {
    outside: ({ deps }) => publishedKeys(deps.db, deps.issuer),
  },
  rotate: {
    async outside({ deps, body }) {
      const made = await deps.signer.rotate({
        reason: body.reason,
        compromisedSince: body.compromised_since,
      })
      if (made === undefined)
        throw new DomainError(
          'invalid_transition',
          'No secret is set to keep a new key by: replace EVIDENCE_SIGNING_KEY in the environment.',
        )
      const { keys } = await publishedKeys(deps.db, deps.issuer)
      const key = keys.find((each) => each.key_id === made.keyId)
      if (key === undefined) throw missing('signing key')
      return key
    },
  },
  packs: {
    // Of every partner and operator, so for those alone who see all of them.
    async outside({ deps, viewer, params, query }) {
      const keys = viewer.sees === viewer.accountId ? [] : await listSigningKeys(deps.db)
      if (!keys.some(({ keyId }) => keyId === params.id)) throw missing('signing key')
      const rows = await packsOfKey(deps.db, params.id, oneMore(pageRequest(query, 'evidence')))
      return pageView(cutPage(rows, query.limit), evidenceView)
    },
  },
}
