// What a pack says of a session, file by file, and what of it is for whom.
import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { strToU8 } from 'fflate'
import type { SessionFile, timelineRows } from '@chargelane/db/queries/documents/evidence'
import type { ProofRow } from '@chargelane/db/queries/sessions/proofs'
import type { SaleRow } from '@chargelane/db/queries/sessions/sales'
import { canonicalText } from '@chargelane/rules/canonical'
import type { SessionMeter } from '@chargelane/rules/documents'
import { redact } from '@chargelane/rules/evidence'
import type { PackPath } from '@chargelane/rules/evidence'
import { pseudonymOf, type Secret } from '@chargelane/rules/evidence/commitment'
import {
  agreementSecrets,
  authorizationSecrets,
  ledgerSecrets,
  ownSecrets,
  paymentSecrets,
  quoteSecrets,
  retailProofSecrets,
  splitSecrets,
  taxSecrets,
  termsSecrets,
  timelineSecrets,
} from '@chargelane/rules/evidence/readers'
import { proofSchema } from '@chargelane/rules/proof'
import { partyOf, saleOf } from '../invoice/issue.ts'
import { type Content, emptyContent, putBytes, putDocument } from './seal.ts'

type Timeline = Awaited<ReturnType<typeof timelineRows>>

/** What still changes of a session after its sale is sealed. */
export const sessionStates = (session: SessionFile['session']) => ({
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
      // As it was when the session was opened, and the sale was taxed by it.
      country: file.terms.terms.placeCountry,
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

export function settlementJson(settlements: SessionFile['settlements']) {
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
export function putTimeline(content: Content, secret: Uint8Array, timeline: Timeline): void {
  const rows = timeline.filter((row) => row.room !== 'evidence')
  putDocument(
    content,
    secret,
    'timeline.json',
    rows.map(({ at, room, what, detail }) => ({ at, room, what, detail })),
    timelineSecrets(rows.map(({ room, detail, dedupeKey: key }) => ({ room, detail, key }))),
  )
}

export function putSettlements(
  content: Content,
  secret: Uint8Array,
  settlements: SessionFile['settlements'],
): void {
  const payables = settlementJson(settlements)
  putDocument(content, secret, 'settlement.json', payables, ownSecrets(payables))
}

/** The driver is named in no paper of the sale; whom the partner knows it by is in the authorization. */
const driverId = 'driver'
const withoutDriver = <T>(value: T, id: string): T =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same value with one id replaced
  JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(id), JSON.stringify(driverId))) as T

const agreementJson = ({ terms, session }: SessionFile) => ({
  ...terms.terms.agreed,
  partner: session.accountId,
  cpo: session.cpoId,
})

/** The proof with its id, as the API hands it out: the same document verifies alone and in the pack. */
const proofJson = (row: ProofRow) => ({
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

/** What a sale and each change of it was made of. */
const revisionJson = (sale: SaleRow) => ({
  revision: sale.revision,
  name: sale.name,
  basis: sale.basis,
  cdr: sale.cdrId,
  input: sale.splitInput,
  split: sale.split,
  state: sale.state,
})

export type PackInput = {
  file: SessionFile
  /** Decisions about the session's money before the present one. */
  earlier: readonly SaleRow[]
  timeline: Timeline
  /** Of what the driver pays, where a plan makes it less than the sale. */
  retailProof: ProofRow | undefined
  invoice: { xml: string } | undefined
  /** Of the key that signed the quote. */
  quoteKey: string
}

/** Every file of the pack but the manifest. */
export function packContent(input: PackInput): Content {
  const { file, timeline, invoice, retailProof } = input
  const { session, quote, tariff } = file
  const { secret } = file.terms
  const content = emptyContent()
  const put = (path: PackPath, value: unknown, secrets?: readonly Secret[]) =>
    putDocument(content, secret, path, value, secrets)
  const putText = (path: PackPath, text: string) => putBytes(content, path, strToU8(text))
  const tokenUid = tokenUidOf(session)
  const token = pseudonymOf(secret, 'token', tokenUid)
  const clean = (text: string) => redact(text, tokenUid, token)
  put('session.json', sessionJson(file))
  put('quote.json', quoteJson(file, input.quoteKey), quoteSecrets(quote.body))
  putText('tariff.raw.json', tariff.raw)
  put('tariff.canonical.json', tariff.canonical)
  putAgreement(file, put)
  put(
    'authorization.json',
    {
      channel: session.channel,
      token,
      driver: { id: session.driverId, reference: file.driverReference },
      payments: file.payments.map((payment) => payment.id),
    },
    authorizationSecrets,
  )
  put(
    'meter.json',
    file.meter.map(({ sessionId: _session, ...sample }) => sample),
  )
  putTimeline(content, secret, timeline)
  const lines = file.messages.map(({ at, protocol, direction, action, payload, status }) =>
    clean(canonicalText({ at, protocol, direction, action, payload, status })),
  )
  putText('supply/messages.jsonl', lines.map((line) => `${line}\n`).join(''))
  put('payment.json', paymentJson(file), paymentSecrets(file.payments))
  const ledger = ledgerJson(file)
  const sides = { partner: session.accountId, cpo: session.cpoId }
  put('ledger.json', ledger, ledgerSecrets(ledger, sides))
  putSettlements(content, secret, file.settlements)
  if (file.cdr !== undefined) putText('cdr.raw.json', clean(recordText(file.cdr)))
  // As received: what a meter signed cannot be redacted and still be checked.
  const meter = meterOf(file)
  if (meter !== undefined) put('meter/signed-values.json', meter)
  putRecord(input, put)
  if (file.sale !== undefined) putSale(input, put)
  if (file.proof !== undefined) put('proof.json', proofJson(file.proof))
  const fundedBy = quote.body.plan?.funded_by
  if (retailProof !== undefined && fundedBy !== undefined)
    put('proof.retail.json', proofJson(retailProof), retailProofSecrets(fundedBy))
  if (invoice !== undefined) putText('invoice.xml', invoice.xml)
  if (file.creditNotes.length > 0) put('credit-notes.json', file.creditNotes.map(creditNoteJson))
  return content
}

type Put = (path: PackPath, value: unknown, secrets?: readonly Secret[]) => void

const creditNoteJson = (note: SessionFile['creditNotes'][number]) => ({
  number: note.documentNumber,
  revision: note.revision,
  issued_at: note.issuedAt,
  xml: note.xml,
})

function putAgreement(file: SessionFile, put: Put): void {
  const { agreed } = file.terms.terms
  const roles = new Map([
    [file.session.accountId, 'partner'],
    [file.session.cpoId, 'cpo'],
    ...agreed.accounts
      .filter(({ type }) => type === 'platform')
      .map(({ id }): [string, string] => [id, 'platform']),
  ])
  const secrets = agreementSecrets(agreed, (id) => roles.get(id) ?? 'payee')
  put('agreement.json', agreementJson(file), secrets)
}

const quoteJson = ({ quote }: SessionFile, quoteKey: string) => ({
  id: quote.id,
  account: quote.accountId,
  body: quote.body,
  key_id: quote.keyId,
  public_key_spki: quoteKey,
  signature: quote.signature,
})

/** The record and what was found of it, also where nothing was sold: why not can be checked again. */
function putRecord({ file }: PackInput, put: Put): void {
  const { cdr, sale } = file
  const judged = sale?.verdict ?? cdr?.verdict ?? null
  if (cdr === undefined || judged === null || judged.input === null) return
  const { input, verdict, diagnosis } = judged
  const { rating, ...rest } = verdict
  put('usage.json', cdr.usage)
  put('rating.json', rating)
  put('verdict.json', {
    basis: sale?.basis ?? null,
    cdr: { id: cdr.id, source: cdr.source, status: cdr.status },
    input,
    verdict: rest,
    diagnosis,
  })
}

function putSale({ file, earlier }: PackInput, put: Put): void {
  const sale = saleOf(file)
  const { driverId: id } = file.session
  const { revision, name, basis, ...now } = withoutDriver(revisionJson(sale), id)
  const before = withoutDriver(earlier.map(revisionJson), id)
  put('split.json', { revision, name, basis, ...now, terms: sale.terms, earlier: before }, [
    ...splitSecrets('', now),
    ...before.flatMap((each, index) => splitSecrets(`/earlier/${index}`, each)),
    ...termsSecrets('/terms', sale.terms),
  ])
  const { legs } = now.split
  put(
    'tax.json',
    legs.map((leg) => ({
      leg: leg.id,
      supplier: leg.supplier,
      recipient: leg.recipient,
      net: leg.net,
      vat: leg.vat,
      gross: leg.gross,
      treatment: leg.treatment,
    })),
    taxSecrets(legs),
  )
  const { conversions } = sale
  put('fx.json', conversions, ownSecrets(conversions.map(({ payee }) => payee)))
}
