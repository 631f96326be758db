/**
 * Events this version sends, each with the object in its `data`. A type is never renamed or reused; new ones are added.
 * What is missing or late has no object of its own: there the session is shown that waits for it.
 */
export const eventObjects = {
  ping: 'WebhookEndpoint',
  'session.created': 'Session',
  'session.starting': 'Session',
  'session.awaiting_plug_in': 'Session',
  'session.started': 'Session',
  'session.connectivity_changed': 'Session',
  'session.suspended': 'Session',
  'session.resumed': 'Session',
  'session.ghost_detected': 'Session',
  'meter.implausible': 'Session',
  'session.auto_stopped': 'Session',
  'session.limit_approaching': 'Session',
  'session.stopping': 'Session',
  'session.stop_failed': 'Session',
  'session.ended': 'Session',
  'session.start_failed': 'Session',
  'session.start_unconfirmed': 'Session',
  'session.late_start_adopted': 'Session',
  'session.late_start_stopped': 'Session',
  'session.provisionally_rated': 'Session',
  'session.rated': 'Session',
  'session.closed_zero': 'Session',
  'session.cancelled': 'Session',
  'session.settled': 'Session',
  'hold.created': 'Hold',
  'hold.increased': 'Hold',
  'hold.released': 'Hold',
  'hold.expired': 'Hold',
  'hold.orphan_reaped': 'Hold',
  'payment.requires_action': 'Payment',
  'payment.authorized': 'Payment',
  'payment.captured': 'Payment',
  'payment.captured_provisional': 'Payment',
  'payment.failed': 'Payment',
  'payment.refunded': 'Payment',
  'payment.charged_back': 'Payment',
  'payment.chargeback_closed': 'Payment',
  'payment.refund_failed': 'Payment',
  'debt.created': 'Debt',
  'debt.paid': 'Debt',
  'debt.waived': 'Debt',
  'debt.written_off': 'Debt',
  'cdr.accepted': 'Cdr',
  'cdr.adjusted': 'Cdr',
  'cdr.conflict': 'Cdr',
  'cdr.mismatch': 'Cdr',
  'cdr.tariff_mismatch': 'Cdr',
  'cdr.overdue': 'Session',
  'cdr.late': 'Cdr',
  'cdr.rejected': 'Cdr',
  'cdr.credited': 'Cdr',
  'meter_signature.invalid': 'Cdr',
  'proof.failed': 'PriceProof',
  'proof.restored': 'PriceProof',
  'bank_account.proposed': 'BankAccount',
  'bank_account.checked': 'BankAccount',
  'bank_account.activated': 'BankAccount',
  'bank_account.refused': 'BankAccount',
  'settlement.closed': 'Settlement',
  'settlement.paid': 'Settlement',
  'settlement.on_hold': 'Settlement',
  'settlement.retried': 'Settlement',
  'payout.failed': 'Settlement',
  'payout.awaiting_funds': 'Settlement',
  'settlement.awaiting_funds': 'Session',
  'settlement.sla_breached': 'Session',
  'statement.ready': 'Settlement',
  'suspense.released': 'SuspenseItem',
  'suspense.granted': 'SuspenseItem',
  'invoice.finalized': 'Invoice',
  'evidence.sealed': 'Evidence',
  'evidence.resealed': 'Evidence',
  'tariff.changed': 'Tariff',
  'tariff.invalid': 'Tariff',
  'tariff.anomaly_held': 'Tariff',
  'connection.registered': 'Connection',
  'rate_agreement.proposed': 'RateAgreement',
  'rate_agreement.activated': 'RateAgreement',
  'rate_agreement.rejected': 'RateAgreement',
  'rate_agreement.ended': 'RateAgreement',
  'policy_package.activated': 'PolicyPackage',
  'policy_package.retired': 'PolicyPackage',
  'policy_package.switched_off': 'PolicyPackage',
  'plan.created': 'Plan',
  'plan.version_added': 'Plan',
  'plan.retired': 'Plan',
  'subscription.created': 'Subscription',
  'subscription.plan_changed': 'Subscription',
  'subscription.cancelled': 'Subscription',
  'subscription.allowance_exhausted': 'Subscription',
  'credit_line.paid': 'CreditLine',
  'prepaid_balance.low': 'PrepaidBalance',
  'prepaid_balance.paid_in': 'PrepaidBalance',
  'incident.opened': 'Incident',
  'incident.resolved': 'Incident',
  'webhook_endpoint.disabled': 'WebhookEndpoint',
} as const

export type EventType = keyof typeof eventObjects
/** The schema of an event's `data`, by the name it has in the contract. */
export type EventObject = (typeof eventObjects)[EventType]
/** The types whose `data` is this object. */
export type EventTypeOf<N extends EventObject> = {
  [T in EventType]: (typeof eventObjects)[T] extends N ? T : never
}[EventType]

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventObjects, type)

export const eventTypes: readonly EventType[] = Object.keys(eventObjects).filter(isEventType)

export function eventTypesOf<N extends EventObject>(name: N): EventTypeOf<N>[] {
  const isOf = (type: EventType): type is EventTypeOf<N> => eventObjects[type] === name
  return eventTypes.filter(isOf)
}
