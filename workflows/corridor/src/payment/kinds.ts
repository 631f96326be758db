// The kinds of payment, one line each: a kind is its folder, its line here and its word in the vocabulary.
import { InvariantError } from '@chargelane/rules/assert'
import { paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { account } from './account/account.ts'
import { bnpl, fuelCard, wallet } from './callback/callback.ts'
import { card } from './card/card.ts'
import { partnerPsp } from './partner-psp/partner-psp.ts'
import { prepaid } from './prepaid/prepaid.ts'
import type {
  AccountEvents,
  KnowsMethod,
  PaymentSetup,
  PaymentKindTraits,
  PaymentPort,
  PaymentProcess,
  ReadProviderEvent,
} from './payment.ts'

export const paymentKinds: Record<PaymentKind, PaymentKindTraits> = {
  card,
  account,
  wallet,
  bnpl,
  fuel_card: fuelCard,
  prepaid,
  partner_psp: partnerPsp,
}

/** The port of a kind, e.g. of the kind that a payment's row names. */
export type PaymentPorts = (kind: PaymentKind) => PaymentPort

/** Opens every kind once; a port that is given (a test's) takes the place of the kind's own. */
export function openPayments(
  process: PaymentProcess,
  given: Partial<Record<PaymentKind, PaymentPort>> = {},
): PaymentPorts {
  const ports = new Map(
    paymentKindNames.map((kind) => [kind, given[kind] ?? paymentKinds[kind].open(process)]),
  )
  return (kind) => {
    const port = ports.get(kind)
    if (port === undefined) throw new InvariantError(`No port for payments of kind ${kind}.`)
    return port
  }
}

/** Whoever reads the messages of a kind's provider, under the kind's name in a webhook's path. */
export type ProviderEventReaders = (
  name: string,
) => { kind: PaymentKind; read: ReadProviderEvent } | undefined

export function openProviderEvents(env: PaymentProcess['env']): ProviderEventReaders {
  const readers = paymentKindNames.flatMap((kind) => {
    const read = paymentKinds[kind].openEvents?.(env)
    return read === undefined ? [] : [{ kind, read }]
  })
  return (name) => readers.find(({ kind }) => kind === name)
}

/** The same for a kind that has several accounts, one of which the path names. */
export type AccountEventReaders = (
  name: string,
  id: string,
) => Promise<(AccountEvents & { kind: PaymentKind }) | undefined>

export function openAccountEvents(process: PaymentProcess): AccountEventReaders {
  const readers = paymentKindNames.flatMap((kind) => {
    const of = paymentKinds[kind].openAccountEvents?.(process)
    return of === undefined ? [] : [{ kind, of }]
  })
  return async (name, id) => {
    const reader = readers.find(({ kind }) => kind === name)
    const found = await reader?.of(id)
    return reader && found && { ...found, kind: reader.kind }
  }
}

/** Whoever knows the payment methods of a kind; undefined where nobody can be asked. */
export type PaymentMethods = (kind: PaymentKind) => KnowsMethod | undefined

export function openPaymentMethods(process: PaymentProcess): PaymentMethods {
  const opened = new Map(
    paymentKindNames.map((kind) => [kind, paymentKinds[kind].openMethods?.(process)]),
  )
  return (kind) => opened.get(kind)
}

/** How payers of a kind name a payment method by themselves; undefined where they cannot. */
export type PaymentSetups = (kind: PaymentKind) => PaymentSetup | undefined

export function openPaymentSetups(process: PaymentProcess): PaymentSetups {
  const opened = new Map(
    paymentKindNames.map((kind) => [kind, paymentKinds[kind].openSetup?.(process)]),
  )
  return (kind) => opened.get(kind)
}
