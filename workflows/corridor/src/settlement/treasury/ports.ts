// What the treasury asks of the provider and of the bank: facts that they list, and one order.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Exchanged, ExchangeOrder } from '@chargelane/rules/fx/closing'

/** A movement of our balance at the provider, as it lists it. */
export type ProviderMovement = {
  id: string
  type: string
  /** The charge, refund or payout it is of. */
  source: string | null
  /** The payment it belongs to, where there is one. */
  pspId: string | null
  amount: Money
  fee: Money
  net: Money
  occurredAt: string
  availableAt: string
}

export type ProviderMoney = {
  /** In no particular order; told as often as it is asked. */
  movements(query: { since: string }): Promise<ProviderMovement[]>
  /** What may be paid out now, by currency. */
  available(): Promise<Money[]>
  /** Pays our balance out to our bank, once for each key; `refused` where it is not there after all. */
  sweep(order: {
    amount: Money
    idempotencyKey: string
  }): Promise<{ kind: 'sent'; id: string } | { kind: 'refused'; code: string }>
}

export type BankExchange = {
  /** Buys or sells exactly this at the bank's own rate, once for each key; `refused` where it does not deal in it. */
  exchange(
    order: ExchangeOrder & { idempotencyKey: string },
  ): Promise<
    ({ kind: 'exchanged'; executedAt: string } & Exchanged) | { kind: 'refused'; code: string }
  >
}

export type BankStatements = {
  /** Statements after this number, as they came. */
  statements(query: { after: number }): Promise<{ sequence: number; xml: string }[]>
}
