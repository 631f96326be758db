/** The books of what a period came to beyond its sessions: one service, from its recipient to its supplier. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'
import { type Conversion, convertMoney, type FxRate } from '../fx/fx.ts'
import { accounts, type Entry, optionalEntry } from '../ledger/ledger.ts'
import { negate } from '../money.ts'
import { isPlatform, partyKey } from '../split/parties.ts'
import type { Leg } from '../split/split.ts'
import { legMovements } from './parts.ts'
import { type PayableDetail, rateOf } from './payables.ts'

export type ItemPayable = { payee: PartyRef; amount: Money; detail: PayableDetail }

export type ItemBooking = { entries: Entry[]; payables: ItemPayable[] }

type Payout = { payee: PartyRef; currency: Currency }

/** Nobody who drives takes part in it. */
const nobody: PartyRef = { role: 'driver', id: '' }

function converted(owed: Money, currency: Currency, rates: readonly FxRate[]) {
  if (owed.currency === currency) return undefined
  const result = convertMoney(owed, currency, rates)
  assert(result.ok, `no payout without a rate: ${result.ok ? '' : result.message}`)
  return result.conversion
}

/** A liability changes its currency, as that of a sale does. */
function fxEntry(id: string, payee: PartyRef, conversion: Conversion | undefined): Entry[] {
  if (conversion === undefined) return []
  const { from, to } = conversion
  const made = optionalEntry({ key: `${id}:fx:${partyKey(payee)}` }, 'fx', [
    {
      debit: accounts.pending(payee, from.currency),
      credit: accounts.fx(from.currency),
      amount: from,
    },
    { debit: accounts.fx(to.currency), credit: accounts.pending(payee, to.currency), amount: to },
  ])
  return made === undefined ? [] : [made]
}

/** A negative item takes back what was settled too high. Whoever is paid in another currency is so at the day's rates. */
export function bookingOfItem({
  id,
  leg,
  payouts,
  rates,
}: {
  id: string
  leg: Leg
  payouts: readonly Payout[]
  rates: readonly FxRate[]
}): ItemBooking {
  const moved = optionalEntry({ key: id }, 'period_share', legMovements(leg, nobody, ''))
  const sides = payouts
    .filter(({ payee }) => !isPlatform(payee))
    .map(({ payee, currency }) => {
      const isSupplier = partyKey(payee) === partyKey(leg.supplier)
      const [amount, vat] = isSupplier ? [leg.gross, leg.vat] : [negate(leg.gross), negate(leg.vat)]
      const side = isSupplier ? ('supplied' as const) : ('received' as const)
      const tax = `VAT ${leg.treatment.category} ${leg.treatment.rate} %`
      const conversion = converted(amount, currency, rates)
      const detail: PayableDetail = {
        share: amount,
        lines: [{ what: leg.id, side, amount, vat, tax }],
        rate: rateOf(conversion),
      }
      const payable = { payee, amount: conversion?.to ?? amount, detail }
      return { payable, entries: fxEntry(id, payee, conversion) }
    })
  const entries = [
    ...(moved === undefined ? [] : [moved]),
    ...sides.flatMap((each) => each.entries),
  ]
  return { entries, payables: sides.map(({ payable }) => payable) }
}
