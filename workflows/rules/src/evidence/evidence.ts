/** What a sealed pack contains and how its manifest names it; the same content gives the same bytes. */
import { canonicalText } from './canonical/canonical.ts'

/** Version of the pack's layout; a verifier refuses what it does not know. */
export const packSchema = 'chargelane-evidence/3'
export const manifestPath = 'manifest.json'
export const signaturePath = 'signature.ed25519'

/** Of the file as it is sealed: what is not for everybody stands in it as a commitment. */
export type ManifestFile = { path: string; sha256: string; bytes: number }

export type Manifest = {
  schema: typeof packSchema
  session: string
  /** 1, 2, …: a later truth (settled, trued up) seals a new revision and names the one before. */
  revision: number
  previous_manifest_sha256: string | null
  sealed_at: string
  engine_version: string
  /** Who says that it sealed; it did when its published keys have the signer's. */
  issuer: { name: string; keys: string | null }
  signer: { key_id: string; algorithm: 'Ed25519'; public_key_spki: string }
  files: ManifestFile[]
}

/** What a quote's signature covers: the quote as shown, with its id and payer, without the signature itself. */
export const quoteSigningText = (quote: { id: string; account: string; body: unknown }): string =>
  signingTextAround(quote, canonicalText(quote.body))

/** The same around the canonical text of the body: RFC 8785 has the three in the order of their names. */
export const signingTextAround = (quote: { id: string; account: string }, body: string): string =>
  `{"account":${canonicalText(quote.account)},"body":${body},"id":${canonicalText(quote.id)}}`

/** Files of a pack that hold JSON, with what they are for; the verifier names a missing one by this text. */
export const packFiles = {
  'session.json': 'the session as sold: parties, EVSE, times, energy',
  'quote.json': 'the binding quote and its signature',
  'tariff.raw.json': 'the tariff as the operator published it',
  'tariff.canonical.json': 'the same tariff in canonical form, locked by hash',
  'agreement.json':
    'the agreement the sale is shared by, and who took part, as both were at the quote',
  'authorization.json': 'who was allowed to charge, by which token and payment',
  'meter.json': 'meter readings as received',
  'meter/signed-values.json': 'values the meter signed, its registered key, and whether they hold',
  'usage.json': 'the normalised usage record that was rated',
  'cdr.raw.json': "the operator's record as received",
  'rating.json': 'every step of the price',
  'proof.json': 'the price proof: everything the price follows from, under one hash',
  'proof.retail.json': 'the price proof of what the driver pays under a plan',
  'verdict.json': 'the public-price check of the record',
  'payment.json': 'hold, capture and release; no card data',
  'split.json': 'who gets what, from which inputs, and where the money was when it was booked',
  'tax.json': 'VAT per leg',
  'fx.json': 'conversions with rate, source and date',
  'ledger.json': 'ledger entries of the session',
  'settlement.json': 'what is owed and what was paid',
  'invoice.xml': 'the invoice, EN 16931',
  'credit-notes.json': 'what was taken back of the invoice later, EN 16931',
  'timeline.json': 'what happened in which room',
  'supply/messages.jsonl': 'protocol messages, credentials removed',
} as const

export type PackPath = keyof typeof packFiles
/** The same names, in the order above. */
export const packPaths = Object.keys(packFiles).filter(
  (path): path is PackPath => path in packFiles,
)

/** Sorted by path so that the same content always gives the same archive. */
export function buildManifest(input: Omit<Manifest, 'schema'>): Manifest {
  return {
    schema: packSchema,
    ...input,
    files: input.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

/** Removes the driver's credential wherever supply echoed it; the pseudonym still tells two cards apart. */
export function redact(text: string, credential: string, replacement: string): string {
  const escaped = credential.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replace(new RegExp(escaped, 'gi'), replacement)
}
