import type { Db } from '@chargelane/db'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { saveConversion } from '@chargelane/db/queries/payments/payments'
import { putSale } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { cdrById } from '@chargelane/db/queries/sessions/cdrs'
import { addPayables } from '@chargelane/db/queries/documents/settlements'
import { saleParties, sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { assert } from '@chargelane/rules/assert'
import type { PayableDetail } from '@chargelane/rules/documents'
import type { Conversion } from '@chargelane/rules/fx'
import type { Entry } from '@chargelane/rules/ledger'
import { holdDifference } from '../record/suspense.ts'
import type { QuoteBody } from '@chargelane/rules/quote'
import type { Split, SplitInput, SplitParty } from '@chargelane/rules/split'

/** Who shares a sale, by which policy, and in which currency each is paid. */
export type SaleTerms = Omit<SplitInput, 'sale' | 'pspFee'> & {
  payoutCurrency: { cpo: string; partner: string }
}

export type Payable = {
  payeeId: string
  role: 'cpo' | 'partner'
  currency: string
  amountMinor: number
  detail: PayableDetail
}

export type SalePosting = {
  sessionId: string
  /** 1 for the first decision about the money, 2 for its true-up. */
  revision: number
  basis: 'record' | 'provisional'
  cdrId: string
  split: Split
  splitInput: SplitInput
  conversions: { leg: string; conversion: Conversion }[]
  entries: Entry[]
  payables: Payable[]
  slaDeadline: string
  now: string
}

type Dependencies = { db: Db }

const party = (
  role: SplitParty['role'],
  row: { id: string; country: string; vatId: string | null },
): SplitParty => ({
  id: row.id,
  role,
  country: row.country,
  vatId: row.vatId,
  business: true,
})

/**
 * A discount is computed by the policy the quote locked, since the driver was promised it; a share that is paid out,
 * by the one in force.
 */
function benefitOf(
  { discount }: QuoteBody,
  inForce: SplitInput['policy'],
): Pick<SplitInput, 'policy' | 'benefit'> {
  if (discount === undefined) return { policy: inForce }
  const { id, commission_bps, partner_share_bps } = discount.policy
  const policy = { id, commissionBps: commission_bps, partnerShareBps: partner_share_bps }
  return { policy, benefit: 'discount' }
}

/** The agreement in force when the session ended, and the parties with what tax asks of them. */
async function readTerms(
  { db }: Dependencies,
  input: { sessionId: string; at: string },
): Promise<SaleTerms> {
  const terms = await sessionTerms(db, input.sessionId)
  if (terms === undefined) throw new Error(`No terms of ${input.sessionId}.`)
  const { session } = terms
  const { agreement, cpo, partner, platform } = await saleParties(db, {
    cpoId: session.cpoId,
    partnerId: session.accountId,
    at: input.at,
  })
  if (
    agreement === undefined ||
    cpo === undefined ||
    partner === undefined ||
    platform === undefined
  )
    throw new Error(`Session ${session.id} lacks an agreement in force or a party.`)
  return {
    model: agreement.supplyModel,
    at: input.at,
    placeCountry: terms.country,
    ...benefitOf(terms.quote.body, {
      id: agreement.id,
      commissionBps: agreement.commissionBps,
      partnerShareBps: partner.partnerShareBps,
    }),
    driver: {
      id: session.driverId,
      role: 'driver',
      country: terms.country,
      vatId: null,
      business: false,
    },
    cpo: party('cpo', cpo),
    partner: party('partner', partner),
    platform: party('platform', platform),
    payoutCurrency: { cpo: cpo.payoutCurrency, partner: partner.payoutCurrency },
  }
}

/**
 * Books a sale: every ledger entry, what each payee is owed, and how it was computed, in one tx. The entries' keys
 * make a repetition find the first; the ledger refuses a key with another body.
 */
async function postSale({ db }: Dependencies, input: SalePosting): Promise<void> {
  const cdr = await cdrById(db, input.cdrId)
  if (cdr === undefined) throw new Error(`No record ${input.cdrId}.`)
  const { verdict } = cdr
  assert(verdict !== null && verdict.input !== null, 'a sale rests on a judged record')
  await db.tx(async (tx) => {
    for (const entry of input.entries)
      await postEntry(tx, {
        key: entry.key,
        kind: entry.kind,
        sessionId: input.sessionId,
        effectiveAt: input.now,
        postings: entry.postings,
      })
    await holdDifference(tx, cdr, input.splitInput.cpo.id, input)
    await putSale(tx, {
      sessionId: input.sessionId,
      revision: input.revision,
      basis: input.basis,
      cdrId: input.cdrId,
      verdict,
      split: input.split,
      splitInput: input.splitInput,
      conversions: input.conversions,
      at: input.now,
    })
    for (const { leg, conversion } of input.conversions)
      await saveConversion(tx, {
        sessionId: input.sessionId,
        leg,
        fromCurrency: conversion.from.currency,
        fromMinor: conversion.from.amount,
        toCurrency: conversion.to.currency,
        toMinor: conversion.to.amount,
        rate: conversion.rate,
        source: conversion.source,
        asOf: conversion.asOf,
        detail: {
          path: conversion.path,
          residue: conversion.residue,
          rate_id: conversion.rateId,
        },
        at: input.now,
      })
    await addPayables(
      tx,
      input.payables.map((payable) => ({
        ...payable,
        sessionId: input.sessionId,
        provisional: input.basis === 'provisional' ? 1 : 0,
        slaDeadline: input.slaDeadline,
        at: input.now,
      })),
    )
    await changeSession(
      tx,
      input.sessionId,
      {},
      {
        event: 'session.rated',
        room: 'split',
        what: 'sale booked',
        detail: { revision: input.revision, shares: input.split.shares },
        dedupeKey: `${input.sessionId}:sale:${input.revision}`,
        at: input.now,
      },
    )
  })
}

export function createSplitActivities(deps: Dependencies) {
  return {
    readTerms: (input: Parameters<typeof readTerms>[1]) => readTerms(deps, input),
    postSale: (input: Parameters<typeof postSale>[1]) => postSale(deps, input),
  }
}

export type SplitActivities = ReturnType<typeof createSplitActivities>
