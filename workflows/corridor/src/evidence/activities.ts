import { strFromU8 } from 'fflate'
import * as z from 'zod'
import { InvariantError } from '@chargelane/rules/assert'
import type { Db, Tx } from '@chargelane/db'
import {
  evidenceZip,
  gatherSession,
  gatherSettlement,
  insertEvidence,
  latestEvidence,
  lockEvidence,
  staleEvidence,
  timelineRows,
} from '@chargelane/db/queries/documents/evidence'
import type { EvidenceRow, SessionFile } from '@chargelane/db/queries/documents/evidence'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import { earlierSales } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { evidenceView } from '@chargelane/db/views/sales/evidence'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { issueCreditNote, issueInvoice } from '../invoice/issue.ts'
import { packContent, putSettlements, putTimeline, sessionStates } from './content.ts'
import type { Keyring, Signer } from './keyring.ts'
import { type Content, contentOf, putDocument, sealPack } from './seal.ts'

/** A file of the pack that is carried over with some of its fields replaced. */
const zFields = z.record(z.string(), z.unknown())

type Sealed = { evidenceId: string; revision: number }
export type EvidenceDependencies = {
  db: Db
  signer: Pick<Keyring, keyof Signer | 'publicKeyOf'>
  /** In whose name packs are sealed, and where its keys are published. */
  issuer: { name: string; keysUrl?: string | undefined }
}
type Dependencies = EvidenceDependencies

/**
 * Adds a revision to the session's packs, in a tx that holds them. The same call (same `now`, or the revision it extends)
 * finds its own seal: a workflow task that is repeated has another time. Without content there is nothing to add to.
 */
async function addRevision(
  deps: Dependencies,
  input: { sessionId: string; extends?: number; now: string },
  makeContent: (tx: Tx, before: EvidenceRow | undefined) => Promise<Content>,
): Promise<Sealed> {
  const { sessionId, now } = input
  return deps.db.tx(async (tx) => {
    const [, before] = await Promise.all([
      lockEvidence(tx, sessionId),
      latestEvidence(tx, sessionId),
    ])
    const isExtended = before !== undefined && before.revision > (input.extends ?? before.revision)
    if (before !== undefined && (before.sealedAt === now || isExtended))
      return { evidenceId: before.id, revision: before.revision }
    const revision = (before?.revision ?? 0) + 1
    const { name, keysUrl } = deps.issuer
    const sealed = sealPack(await makeContent(tx, before), deps.signer, {
      sessionId,
      revision,
      previous: before?.manifestHash ?? null,
      now,
      issuer: { name, keys: keysUrl ?? null },
    })
    const pack = await insertEvidence(tx, {
      sessionId,
      revision,
      manifestHash: sealed.manifestHash,
      keyId: deps.signer.keyId,
      zip: sealed.zip,
      sealedAt: now,
    })
    await changeSession(
      tx,
      sessionId,
      {},
      {
        event: {
          type: revision === 1 ? 'evidence.sealed' : 'evidence.resealed',
          data: evidenceView(pack),
        },
        room: 'evidence',
        what: revision === 1 ? 'evidence sealed' : `evidence resealed (${revision})`,
        detail: {
          evidence: pack.id,
          revision,
          manifest_sha256: sealed.manifestHash,
          key_id: pack.keyId,
          ...(before === undefined
            ? {}
            : { previous: { manifest_sha256: before.manifestHash, key_id: before.keyId } }),
        },
        dedupeKey: `${sessionId}:evidence:${revision}`,
        at: now,
      },
      { isLast: true },
    )
    return { evidenceId: pack.id, revision }
  })
}

/**
 * Issues the invoice when there is a sale, and seals all that is known of the session: the invoice's bytes are in the
 * pack. Called after the sale (`extends: 0`, so that a repetition finds the first pack), and again when a later record
 * changed it.
 */
const issuePapers = (
  deps: Dependencies,
  input: { sessionId: string; extends?: number; now: string },
): Promise<Sealed> => addRevision(deps, input, (tx) => wholeContent(deps, tx, input))

/** All that is known, with the papers of the newest change of the sale. */
async function wholeContent(
  deps: Dependencies,
  tx: Tx,
  { sessionId, now }: { sessionId: string; now: string },
): Promise<Content> {
  const file = await gatherSession(tx, sessionId)
  const issued = { now, issuer: deps.issuer.name }
  const invoice = file.sale === undefined ? undefined : await issueInvoice(tx, file, issued)
  if (file.sale !== undefined) await issueCreditNote(tx, file, issued)
  return packContent({
    file,
    ...(await moreOf(tx, file)),
    timeline: await timelineRows(tx, sessionId),
    invoice,
    quoteKey: quoteKeyOf(deps, file),
  })
}

function quoteKeyOf({ signer }: Dependencies, { quote }: SessionFile): string {
  const key = signer.publicKeyOf(quote.keyId)
  if (key === undefined) throw new InvariantError(`Quote ${quote.id} is signed by no key of ours.`)
  return key
}

/** What few sessions have: changes of a sale, and a price of the driver's own under a plan. */
async function moreOf(tx: Tx, { session, sale, quote }: SessionFile) {
  const [earlier, retailProof] = await Promise.all([
    sale === undefined || sale.revision === 1 ? [] : earlierSales(tx, session.id, sale.revision),
    quote.body.plan === undefined ? undefined : proofOfSession(tx, session.id, 'retail'),
  ])
  return { earlier, retailProof }
}

const zRevision = z.object({ revision: z.number() })

/** Of the sale as it was sealed; none is before any. */
function revisionOf({ files }: Content): number {
  const split = files.get('split.json')
  return split === undefined ? 0 : zRevision.parse(JSON.parse(strFromU8(split))).revision
}

/**
 * Adds what the settlement changed: the session's states, what was paid, and what happened since. Every other file keeps
 * the bytes it was sealed with. The changes that end the session are written first, whatever becomes of the pack.
 */
async function extendEvidence(
  deps: Dependencies,
  input: { sessionId: string; extends: number; changes: readonly Change[]; now: string },
): Promise<Sealed> {
  const { sessionId, changes } = input
  if (changes.length > 0) await deps.db.tx((tx) => writeChanges(tx, sessionId, changes))
  return addRevision(deps, input, async (tx, before) => {
    const [sealed, file] = await Promise.all([
      before && evidenceZip(tx, sessionId, before.revision),
      gatherSettlement(tx, sessionId),
    ])
    if (sealed === undefined)
      throw new InvariantError(`Session ${sessionId} has no pack to extend.`)
    const content = contentOf(sealed)
    // The sale was changed meanwhile, as by a debt that somebody paid: who is owed what follows from all of it.
    if (file.settlements.some(({ payable }) => payable.revision > revisionOf(content)))
      return wholeContent(deps, tx, input)
    const { secret } = file
    const sold = strFromU8(content.files.get('session.json') ?? new Uint8Array())
    putDocument(content, secret, 'session.json', {
      ...zFields.parse(JSON.parse(sold)),
      ...sessionStates(file.session),
    })
    putSettlements(content, secret, file.settlements)
    putTimeline(content, secret, file.timeline)
    return content
  })
}

/** Whoever revises a sale and seals it is given this time; a payment for a debt is looked for as long as the rest. */
const sealWithinMs = 10 * 60_000
const lookBackMs = 45 * 86_400_000
const resealMax = 100

/**
 * Seals anew what changed after a session was over: a debt of it was paid or given up, whoever waited for it was paid,
 * or the key of its pack was lost. Returns whether there is more.
 */
async function resealPacks(
  deps: Dependencies,
  { now }: { now: string },
): Promise<{ sessions: string[]; hasMore: boolean }> {
  const ago = (ms: number) => new Date(Date.parse(now) - ms).toISOString()
  const sessions = await staleEvidence(deps.db, {
    since: ago(lookBackMs),
    before: ago(sealWithinMs),
    limit: resealMax,
    keyId: deps.signer.keyId,
  })
  for (const sessionId of sessions) await issuePapers(deps, { sessionId, now })
  return { sessions, hasMore: sessions.length === resealMax }
}

export function createEvidenceActivities(deps: Dependencies) {
  return {
    resealPacks: (input: Parameters<typeof resealPacks>[1]) => resealPacks(deps, input),
    issuePapers: (input: Parameters<typeof issuePapers>[1]) => issuePapers(deps, input),
    extendEvidence: (input: Parameters<typeof extendEvidence>[1]) => extendEvidence(deps, input),
  }
}

export type EvidenceActivities = ReturnType<typeof createEvidenceActivities>
