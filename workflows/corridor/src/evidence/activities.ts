import { InvariantError } from '@chargelane/rules/assert'
import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { strFromU8, strToU8 } from 'fflate'
import * as z from 'zod'
import type { Db, Tx } from '@chargelane/db'
import {
  evidenceZip,
  gatherSession,
  gatherSettlement,
  insertEvidence,
  latestEvidence,
  lockEvidence,
  timelineRows,
} from '@chargelane/db/queries/documents/evidence'
import type { EvidenceRow, SessionFile } from '@chargelane/db/queries/documents/evidence'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { evidenceView } from '@chargelane/db/views/sales/evidence'
import type { SessionMeter } from '@chargelane/rules/documents'
import { proofSchema } from '@chargelane/rules/proof'
import { engineVersion } from '@chargelane/rules/rating'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { issueCreditNote, issueInvoice, partyOf, saleOf } from '../invoice/issue.ts'
import type { InvoiceBytes } from '../invoice/issue.ts'
import { canonicalText } from '@chargelane/rules/canonical'
import { buildManifest, manifestPath, redact, signaturePath } from '@chargelane/rules/evidence'
import type { ManifestFile, PackPath } from '@chargelane/rules/evidence'
import { readEntries, writeArchive } from '@chargelane/rules/evidence/archive'

/** A file of the pack that is carried over with some of its fields replaced. */
const zFields = z.record(z.string(), z.unknown())

/** Node's own, which is faster than the one for every place where rules run: a pack is hashed whole, twice. */
const sha256 = (data: string | Uint8Array): string => hash('sha256', data)

export type Signer = { keyId: string; publicKeySpki: string; sign(text: string): string }

/** `pem` is an Ed25519 private key (PKCS 8). The key id is the head of the public key's SHA-256. */
export function signerOf(pem: string): Signer {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error('EVIDENCE_SIGNING_KEY must be an Ed25519 key')
  return signerOfKey(key)
}

function signerOfKey(key: KeyObject): Signer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    keyId: sha256(spki).slice(0, 16),
    publicKeySpki: spki.toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  }
}

type Content = Map<string, Uint8Array>
type Timeline = Awaited<ReturnType<typeof timelineRows>>

/** What still changes of a session after its sale is sealed. */
const sessionStates = (session: SessionFile['session']) => ({
  status: session.status,
  record_status: session.recordStatus,
  money_status: session.moneyStatus,
  settled_at: session.settledAt,
})

function sessionJson(file: SessionFile) {
  const { session, evse, location, connector } = file
  return {
    id: session.id,
    ...sessionStates(session),
    channel: session.channel,
    currency: session.currency,
    energy_wh: session.energyWh,
    started_at: session.startedAt,
    ended_at: session.endedAt,
    end_reason: session.endReason,
    sla_deadline: session.slaDeadline,
    seller: partyOf(file.cpo),
    partner: partyOf(file.partner),
    evse: {
      id: evse.id,
      evse_id: evse.evseId,
      connector: connector.id,
      standard: connector.standard,
      power_type: connector.powerType,
      max_power_w: connector.maxPowerW,
    },
    place: {
      address: location.address,
      city: location.city,
      country: location.country,
      time_zone: location.timeZone,
    },
    market_profile: file.quote.marketProfile,
  }
}

function paymentJson(file: SessionFile) {
  return {
    payments: file.payments.map((payment) => ({
      id: payment.id,
      attempt: payment.attempt,
      provider_reference: payment.pspId,
      kind: payment.kind,
      hold: payment.hold,
      status: payment.status,
      captured: payment.captured,
      refunds: file.refunds
        .filter(({ paymentId }) => paymentId === payment.id)
        .map(({ id, revision, amount, status, reference }) => ({
          id,
          revision,
          amount,
          status,
          provider_reference: reference,
        })),
      provider_fee: payment.pspFee,
      created_at: payment.createdAt,
      released_at: payment.releasedAt,
    })),
    debt:
      file.debt === undefined
        ? null
        : { id: file.debt.id, amount: file.debt.amount, status: file.debt.status },
  }
}

function ledgerJson(file: SessionFile) {
  const entries = Map.groupBy(file.ledger, (row) => row.entry)
  return [...entries.values()].map((rows) => ({
    key: rows[0]?.key,
    kind: rows[0]?.kind,
    effective_at: rows[0]?.effectiveAt,
    postings: rows.map(({ account, amount }) => ({ account, amount })),
  }))
}

function settlementJson(settlements: SessionFile['settlements']) {
  return settlements.map(({ payable, ...settlement }) => ({
    payee: payable.payeeId,
    role: payable.role,
    amount: { amount: payable.amountMinor, currency: payable.currency },
    detail: payable.detail,
    revision: payable.revision,
    provisional: payable.provisional,
    sla_deadline: payable.slaDeadline,
    settlement: payable.settlementId,
    state: settlement.state,
    batch: settlement.batch,
    payout_reference: settlement.payoutReference,
    paid_at: settlement.paidAt,
  }))
}

/** Without the seals' own lines, which would make each seal differ from the one before. */
const timelineJson = (timeline: Timeline) =>
  timeline
    .filter((row) => row.room !== 'evidence')
    .map(({ at, room, what, detail }) => ({ at, room, what, detail }))

/** The proof with its id, as the API hands it out: the same document verifies alone and in the pack. */
const proofJson = (row: NonNullable<SessionFile['proof']>) => ({
  id: row.id,
  schema: proofSchema,
  hash: row.hash,
  input: row.input,
  output: row.output,
})

/** The check of what the meter signed; undefined where no meter key was registered. */
function meterOf({ cdr }: SessionFile): SessionMeter | undefined {
  const judgement = cdr?.verdict ?? null
  return judgement === null || judgement.input === null ? undefined : judgement.metering
}

/** Every file of the pack but the manifest. Credentials are replaced by a hash that still tells them apart. */
function packContent(
  file: SessionFile,
  timeline: Timeline,
  invoice: InvoiceBytes | undefined,
): Content {
  const { session, quote, tariff } = file
  const token = `sha256:${sha256(`${session.id}:${session.tokenUid}`).slice(0, 24)}`
  const clean = (text: string) => redact(text, session.tokenUid, token)
  const content: Content = new Map()
  const put = (path: PackPath, value: unknown) => content.set(path, strToU8(canonicalText(value)))
  put('session.json', sessionJson(file))
  put('quote.json', {
    id: quote.id,
    account: quote.accountId,
    body: quote.body,
    key_id: quote.keyId,
    signature: quote.signature,
  })
  content.set('tariff.raw.json', strToU8(tariff.raw))
  put('tariff.canonical.json', tariff.canonical)
  put('authorization.json', {
    channel: session.channel,
    token,
    driver: `sha256:${sha256(`${session.id}:${session.driverId}`).slice(0, 24)}`,
    payments: file.payments.map((payment) => payment.id),
  })
  put(
    'meter.json',
    file.meter.map(({ sessionId: _session, ...sample }) => sample),
  )
  put('timeline.json', timelineJson(timeline))
  const lines = file.messages.map(({ at, protocol, direction, action, payload, status }) =>
    clean(canonicalText({ at, protocol, direction, action, payload, status })),
  )
  content.set('supply/messages.jsonl', strToU8(lines.map((line) => `${line}\n`).join('')))
  put('payment.json', paymentJson(file))
  put('ledger.json', ledgerJson(file))
  put('settlement.json', settlementJson(file.settlements))
  if (file.cdr !== undefined) content.set('cdr.raw.json', strToU8(clean(file.cdr.raw)))
  // As received: what a meter signed cannot be redacted and still be checked.
  const meter = meterOf(file)
  if (meter !== undefined) put('meter/signed-values.json', meter)
  if (file.sale !== undefined) putSale(file, put)
  if (file.proof !== undefined) put('proof.json', proofJson(file.proof))
  if (invoice !== undefined) {
    content.set('invoice.xml', strToU8(invoice.xml))
    content.set('invoice.pdf', new Uint8Array(invoice.pdf))
  }
  if (file.creditNotes.length > 0)
    put(
      'credit-notes.json',
      file.creditNotes.map((note) => ({
        number: note.documentNumber,
        revision: note.revision,
        issued_at: note.issuedAt,
        xml: note.xml,
      })),
    )
  return content
}

function putSale(file: SessionFile, put: (path: PackPath, value: unknown) => void) {
  const { split, verdict: judged } = saleOf(file)
  const { input, verdict, diagnosis } = judged
  const { rating, ...rest } = verdict
  put('usage.json', file.cdr?.usage)
  put('rating.json', rating)
  put('verdict.json', {
    basis: file.sale?.basis,
    cdr: { id: file.cdr?.id, source: file.cdr?.source, status: file.cdr?.status },
    input,
    verdict: rest,
    diagnosis,
  })
  const { splitInput, state, terms } = file.sale ?? {}
  put('split.json', { input: splitInput, split, state, terms })
  put(
    'tax.json',
    split.legs.map((leg) => ({
      leg: leg.id,
      supplier: leg.supplier,
      recipient: leg.recipient,
      net: leg.net,
      vat: leg.vat,
      gross: leg.gross,
      treatment: leg.treatment,
    })),
  )
  put('fx.json', file.sale?.conversions)
}

function seal(
  content: Content,
  signer: Signer,
  head: { sessionId: string; revision: number; previous: string | null; now: string },
) {
  const files = [...content].map(
    ([path, bytes]): ManifestFile => ({ path, sha256: sha256(bytes), bytes: bytes.length }),
  )
  const manifest = canonicalText(
    buildManifest({
      session: head.sessionId,
      revision: head.revision,
      previous_manifest_sha256: head.previous,
      sealed_at: head.now,
      engine_version: engineVersion,
      signer: { key_id: signer.keyId, algorithm: 'Ed25519', public_key_spki: signer.publicKeySpki },
      files,
    }),
  )
  const entries = new Map<string, Uint8Array>([
    [manifestPath, strToU8(manifest)],
    [signaturePath, strToU8(`${signer.sign(manifest)}\n`)],
    ...[...content].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ])
  return { zip: Buffer.from(writeArchive(entries)), manifestHash: sha256(manifest) }
}

type Sealed = { evidenceId: string; revision: number }
type Dependencies = { db: Db; signer: Signer; issuer: { name: string } }

/**
 * Adds a revision to the session's packs, in a tx that holds them. The same call (same `now`, or the revision it extends)
 * finds its own seal: a workflow task that is repeated has another time. Without content there is nothing to add to.
 */
async function addRevision(
  deps: Dependencies,
  input: { sessionId: string; extends?: number; now: string },
  contentOf: (tx: Tx, before: EvidenceRow | undefined) => Promise<Content>,
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
    const sealed = seal(await contentOf(tx, before), deps.signer, {
      sessionId,
      revision,
      previous: before?.manifestHash ?? null,
      now,
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
        detail: { evidence: pack.id, revision, manifest_sha256: sealed.manifestHash },
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
 * pack. Called after the sale, and again when a later record changed it.
 */
const issuePapers = (
  deps: Dependencies,
  input: { sessionId: string; now: string },
): Promise<Sealed> =>
  addRevision(deps, input, async (tx) => {
    const file = await gatherSession(tx, input.sessionId)
    const invoice =
      file.sale === undefined
        ? undefined
        : await issueInvoice(tx, file, { now: input.now, issuer: deps.issuer.name })
    if (file.sale !== undefined)
      await issueCreditNote(tx, file, { now: input.now, issuer: deps.issuer.name })
    return packContent(file, await timelineRows(tx, input.sessionId), invoice)
  })

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
    const content: Content = readEntries(sealed)
    for (const path of [manifestPath, signaturePath]) content.delete(path)
    const put = (path: PackPath, value: unknown) => content.set(path, strToU8(canonicalText(value)))
    const sold = strFromU8(content.get('session.json') ?? new Uint8Array())
    put('session.json', { ...zFields.parse(JSON.parse(sold)), ...sessionStates(file.session) })
    put('settlement.json', settlementJson(file.settlements))
    put('timeline.json', timelineJson(file.timeline))
    return content
  })
}

export function createEvidenceActivities(deps: Dependencies) {
  return {
    issuePapers: (input: Parameters<typeof issuePapers>[1]) => issuePapers(deps, input),
    extendEvidence: (input: Parameters<typeof extendEvidence>[1]) => extendEvidence(deps, input),
  }
}

export type EvidenceActivities = ReturnType<typeof createEvidenceActivities>
