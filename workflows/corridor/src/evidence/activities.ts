import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { strToU8 } from 'fflate'
import type { Db } from '@chargelane/db'
import {
  gatherSession,
  insertEvidence,
  latestEvidence,
  lockEvidence,
} from '@chargelane/db/queries/documents/evidence'
import type { SessionFile } from '@chargelane/db/queries/documents/evidence'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { sha256 } from '@chargelane/rules/digest'
import { proofSchema } from '@chargelane/rules/proof'
import { engineVersion } from '@chargelane/rules/rating'
import { partyOf, storedSplit, storedVerdict } from '../invoice/issue.ts'
import { canonicalText } from '@chargelane/rules/canonical'
import { storedMeter } from '../record/meter.ts'
import { buildManifest, manifestPath, redact, signaturePath } from '@chargelane/rules/evidence'
import type { ManifestFile, PackPath } from '@chargelane/rules/evidence'
import { writeArchive } from '@chargelane/rules/evidence/archive'
import { renderSummary } from './summary.ts'

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

function sessionJson(file: SessionFile) {
  const { session, evse, location, connector } = file
  return {
    id: session.id,
    status: session.status,
    record_status: session.recordStatus,
    money_status: session.moneyStatus,
    channel: session.channel,
    currency: session.currency,
    energy_wh: session.energyWh,
    started_at: session.startedAt,
    ended_at: session.endedAt,
    end_reason: session.endReason,
    sla_deadline: session.slaDeadline,
    settled_at: session.settledAt,
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
      currency: payment.currency,
      hold_minor: payment.holdMinor,
      status: payment.status,
      captured_minor: payment.capturedMinor,
      provider_fee_minor: payment.pspFeeMinor,
      created_at: payment.createdAt,
      released_at: payment.releasedAt,
    })),
    debt:
      file.debt === undefined
        ? null
        : {
            id: file.debt.id,
            amount_minor: file.debt.amountMinor,
            currency: file.debt.currency,
            status: file.debt.status,
          },
  }
}

function ledgerJson(file: SessionFile) {
  const entries = Map.groupBy(file.ledger, (row) => row.entry)
  return [...entries.values()].map((rows) => ({
    key: rows[0]?.key,
    kind: rows[0]?.kind,
    effective_at: rows[0]?.effectiveAt,
    postings: rows.map(({ account, currency, amountMinor }) => ({
      account,
      currency,
      amount_minor: amountMinor,
    })),
  }))
}

function settlementJson(file: SessionFile) {
  return file.settlements.map(({ payable, ...settlement }) => ({
    payee: payable.payeeId,
    role: payable.role,
    currency: payable.currency,
    amount_minor: payable.amountMinor,
    detail: payable.detail,
    provisional: payable.provisional === 1,
    sla_deadline: payable.slaDeadline,
    settlement: payable.settlementId,
    state: settlement.state,
    batch: settlement.batch,
    payout_reference: settlement.payoutReference,
    paid_at: settlement.paidAt,
  }))
}

/** The proof with its id, as the API hands it out: the same document verifies alone and in the pack. */
const proofJson = (row: NonNullable<SessionFile['proof']>) => ({
  id: row.id,
  schema: proofSchema,
  hash: row.hash,
  input: row.input,
  output: row.output,
})

/** Every file of the pack but the manifest. Credentials are replaced by a hash that still tells them apart. */
export async function packContent(
  file: SessionFile,
  now: string,
): Promise<Map<PackPath, Uint8Array>> {
  const { session, quote, tariff } = file
  const token = `sha256:${sha256(`${session.id}:${session.tokenUid}`).slice(0, 24)}`
  const clean = (text: string) => redact(text, session.tokenUid, token)
  const content = new Map<PackPath, Uint8Array>()
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
  put(
    'timeline.json',
    file.timeline
      .filter((row) => row.room !== 'evidence')
      .map(({ at, room, what, detail }) => ({ at, room, what, detail })),
  )
  const lines = file.messages.map(({ at, protocol, direction, action, payload, status }) =>
    clean(canonicalText({ at, protocol, direction, action, payload, status })),
  )
  content.set('supply/messages.jsonl', strToU8(lines.map((line) => `${line}\n`).join('')))
  put('payment.json', paymentJson(file))
  put('ledger.json', ledgerJson(file))
  put('settlement.json', settlementJson(file))
  if (file.cdr !== undefined) content.set('cdr.raw.json', strToU8(clean(file.cdr.raw)))
  // As received: what a meter signed cannot be redacted and still be checked.
  const meter = storedMeter(file.cdr?.verdict)
  if (meter !== undefined) put('meter/signed-values.json', meter)
  if (file.sale !== undefined) putSale(file, put)
  if (file.proof !== undefined) put('proof.json', proofJson(file.proof))
  if (file.invoice !== undefined) {
    content.set('invoice.xml', strToU8(file.invoice.xml))
    content.set('invoice.pdf', new Uint8Array(file.invoice.pdf))
  }
  content.set('summary.pdf', new Uint8Array(await renderSummary(file, now)))
  return content
}

function putSale(file: SessionFile, put: (path: PackPath, value: unknown) => void) {
  const split = storedSplit(file)
  const { input, verdict, diagnosis } = storedVerdict(file)
  const { rating, ...rest } = verdict
  put('usage.json', file.cdr?.usage)
  put('rating.json', rating)
  put('verdict.json', {
    basis: file.sale?.basis,
    cdr: { id: file.cdr?.id, source: file.cdr?.source, status: file.cdr?.status },
    input,
    verdict: rest,
    ...(diagnosis === undefined ? {} : { diagnosis }),
  })
  put('split.json', { input: file.sale?.splitInput, split })
  put(
    'tax.json',
    split.legs.map((leg) => ({
      leg: leg.id,
      net: leg.net,
      vat: leg.vat,
      gross: leg.gross,
      treatment: leg.treatment,
    })),
  )
  put('fx.json', file.sale?.conversions)
}

export function seal(
  content: Map<PackPath, Uint8Array>,
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

/** Seals what is known of a session. The same call (same `now`) finds its own seal; later calls add a revision. */
export function createEvidenceActivities(deps: { db: Db; signer: Signer }) {
  return {
    async sealEvidence(input: {
      sessionId: string
      now: string
    }): Promise<{ evidenceId: string; revision: number }> {
      const { sessionId, now } = input
      return deps.db.tx(async (tx) => {
        await lockEvidence(tx, sessionId)
        const before = await latestEvidence(tx, sessionId)
        if (before !== undefined && before.sealedAt === now)
          return { evidenceId: before.id, revision: before.revision }
        const revision = (before?.revision ?? 0) + 1
        const content = await packContent(await gatherSession(tx, sessionId), now)
        const sealed = seal(content, deps.signer, {
          sessionId,
          revision,
          previous: before?.manifestHash ?? null,
          now,
        })
        const evidenceId = await insertEvidence(tx, {
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
            event: revision === 1 ? 'evidence.sealed' : 'evidence.resealed',
            room: 'evidence',
            what: revision === 1 ? 'evidence sealed' : `evidence resealed (${revision})`,
            detail: { evidence: evidenceId, revision, manifest_sha256: sealed.manifestHash },
            dedupeKey: `${sessionId}:evidence:${revision}`,
            at: now,
          },
        )
        return { evidenceId, revision }
      })
    },
  }
}
