// What a dispute may rest on, read from what is kept of the session; nothing of it was said by whoever disputes.
import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import { aroundSession, overlapsOf } from '@chargelane/db/queries/disputes/around'
import { gatherSession, type SessionFile } from '@chargelane/db/queries/documents/evidence'
import { plansOfDriver } from '@chargelane/db/queries/plans/subscriptions'
import { energyFlow } from '@chargelane/db/queries/sessions/supply'
import { type EndReason, endReasons, zSessionStatus } from '@chargelane/openapi/vocabulary/status'
import { restOf } from '@chargelane/rules/booking/cover'
import type { DisputeFacts, MeterFacts } from '@chargelane/rules/dispute'
import {
  compareExact,
  type Exact,
  exact,
  exactOf,
  format,
  minus,
  times,
} from '@chargelane/rules/exact'
import { profileByRef, vatRateOf } from '@chargelane/rules/markets'
import { add, money } from '@chargelane/rules/money'
import { pricedUsage } from '@chargelane/rules/record/usage-basis'
import { dueOf } from '@chargelane/rules/split'

/** Read by our own node: an operator's own word on its record proves nothing about it. */
function ownRegisters({ meter }: SessionFile): Exact[] {
  return meter
    .flatMap(({ source, flag, registerWh }) =>
      source === 'ocpp' && flag === null && registerWh !== null ? [exact(registerWh)] : [],
    )
    .toSorted(compareExact)
}

async function meterOf(tx: Tx, file: SessionFile): Promise<MeterFacts> {
  const { session, sale } = file
  const registers = ownRegisters(file)
  const [first, last] = [registers[0], registers.at(-1)]
  const read =
    registers.length < 2 || first === undefined || last === undefined
      ? null
      : format(times(minus(last, first), exactOf(1, 3)))
  const signature = sale?.verdict.input.meter_signature
  const flow = read === null ? undefined : await energyFlow(tx, session.id)
  return {
    energyKwh: read ?? (signature?.status === 'valid' ? signature.energy_kwh : null),
    lastFlowAt: flow?.grown?.at ?? null,
    own: sale?.verdict.input.own?.usage ?? null,
    signed:
      signature === undefined ? null : { status: signature.status, unproven: signature.unproven },
  }
}

const endReasonOf = (text: string | null): EndReason | null =>
  endReasons.find((reason) => reason === text) ?? null

function saleFacts({
  sale,
  session,
}: SessionFile): Pick<DisputeFacts, 'price' | 'due' | 'taken' | 'usage' | 'chargeback'> {
  const none = money(0, session.currency)
  if (sale === undefined)
    return { price: null, due: none, taken: none, usage: null, chargeback: null }
  const { split, splitInput, state, verdict } = sale
  return {
    price: splitInput.sale,
    due: dueOf(split),
    taken: add(state.collected.captured, restOf(state.collected).paid),
    usage: null,
    chargeback: state.chargeback?.state ?? null,
    ...(verdict.verdict.payable === null ? { price: null } : {}),
  }
}

function usageOfSale({ sale, cdr }: SessionFile) {
  if (sale === undefined || cdr === undefined) return { usage: null, stated: null }
  const { input, verdict } = sale.verdict
  const check = {
    usage: cdr.usage,
    ...(input.own === undefined ? {} : { own: input.own }),
    ...(input.meter_signature === undefined ? {} : { meterSignature: input.meter_signature }),
    ...(input.frozen_at === undefined ? {} : { frozenAt: input.frozen_at }),
  }
  return { usage: pricedUsage(check, verdict), stated: cdr.usage }
}

function moneyFacts(file: SessionFile): Pick<DisputeFacts, 'payments' | 'refunds' | 'receipt'> {
  const { payments, refunds, invoice } = file
  return {
    payments: payments.map(({ id, kind, hold, captured, pspId, ...payment }) => ({
      id,
      kind,
      currency: hold.currency,
      hold,
      captured,
      capturedAt: captured === null ? null : (payment.releasedAt ?? payment.updatedAt),
      releasedAt: payment.releasedAt,
      releaseBy: payment.releaseBy,
      reference: pspId,
    })),
    refunds: refunds.map(({ amount, status, reference, updatedAt }) => ({
      amount,
      status,
      reference,
      at: updatedAt,
    })),
    receipt:
      invoice === undefined
        ? null
        : {
            number: invoice.documentNumber,
            issuedAt: invoice.issuedAt,
            gross: money(invoice.grossMinor, invoice.currency),
            vat: money(invoice.vatMinor, invoice.currency),
          },
  }
}

export type Disputed = { file: SessionFile; facts: DisputeFacts }

export async function readFacts(tx: Tx, sessionId: string, now: string): Promise<Disputed> {
  const file = await gatherSession(tx, sessionId)
  const { session, quote, tariff } = file
  const { body } = quote
  if (tariff.canonical === null) throw new InvariantError(`Quote ${quote.id} locks no tariff.`)
  const [meter, around, others, plans] = await Promise.all([
    meterOf(tx, file),
    aroundSession(tx, sessionId),
    overlapsOf(tx, sessionId),
    plansOfDriver(tx, session.accountId, session.driverId, quote.createdAt),
  ])
  const profile = profileByRef(quote.marketProfile)
  const facts: DisputeFacts = {
    ...saleFacts(file),
    ...usageOfSale(file),
    ...moneyFacts(file),
    now,
    session: {
      id: session.id,
      evseId: session.evseId,
      status: zSessionStatus.parse(session.status),
      startedAt: session.startedAt,
      endedAt: session.endedAt,
      endReason: endReasonOf(session.endReason),
      askedForAt: around.isCard ? null : session.createdAt,
      stopAskedAt: around.stopAskedAt,
      feesFrozenAt: session.feesFrozenAt,
      offlineLiability: session.offlineLiability,
    },
    quote: { ...body, tariff: tariff.canonical },
    meter,
    others,
    card: around.isCard ? { blockedAt: around.cardBlockedAt } : null,
    entitled: {
      plan: plans[0]?.versions[0]?.plan.id ?? null,
      agreement: around.agreement,
    },
    vatRate: (profile && vatRateOf(profile, 'energy', quote.createdAt)) ?? null,
  }
  return { file, facts }
}
