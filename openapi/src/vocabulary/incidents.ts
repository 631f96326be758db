/** What is put aside for a person, by what happened. A kind is never renamed or reused; new ones are added. */
export const incidentKinds = [
  // A step of a session or a batch that no repetition can mend.
  'step_failed',
  // Energy flowed, or flows, that nobody authorized: stopped at the charger, with its owner to be found.
  'start_refused_at_charger',
  // A charger that did not obey a stop.
  'stop_failed',
  // A start or a stop of a connector, card or transaction that we do not know.
  'unknown_place',
  'unknown_transaction',
  // A charger's clock that is not believed (failures F31): its charges are timed by their receipt.
  'clock_skew',
  // Readings that cannot be: kept, shown, and neither captured nor billed.
  'implausible_reading',
  // A record that no session of ours has, or that needs a person to be judged.
  'record_without_session',
  'record_disputed',
  // A hold that the provider gave up while energy flowed.
  'hold_lost',
  // Money that a payee should have had: refused, returned, or without cover.
  'payout_failed',
  'awaiting_funds',
  // A partner's own payment provider takes our key no more: its sources are refused until it gives another.
  'psp_account_refused',
  // A payee from whom more was taken back than it sells, for too long.
  'balance_negative',
  // Captured money that the payer's bank took back, until it is decided.
  'chargeback',
  // Somebody disputes money of a session, and what is kept does not decide it.
  'dispute',
  // A price out of all proportion, which the platform releases or nobody.
  'price_held',
  // Money that came in and belongs to nothing we know.
  'unmatched_money',
  // The closed books are not what was closed.
  'books_broken',
  // A clearing account that should be empty by now.
  'clearing_overdue',
  // What the provider, the bank, the books and the records do not agree on.
  'difference_open',
  // A connection brought objects of a party that is not granted to its account: none of them is taken.
  'party_not_granted',
  // A second account registered a card: that of the first goes on working until the platform decides.
  'card_contested',
  // An operator's own code gave no answer that counts, or flagged a record for its operator to look at.
  'policy_fault',
  'policy_flag',
] as const
export type IncidentKind = (typeof incidentKinds)[number]

/** What a person may do about an incident. */
export const incidentActions = [
  'retry',
  'adopt',
  'refuse',
  'waive',
  'write_off',
  'force_end',
  'pay_again',
  'pay_by_bank',
  'release',
  // Pays an operator for a record whose session bills nothing any more (two keys have to want it), or gives a card to the
  // account that claims it.
  'grant',
  'dismiss',
] as const
export type IncidentAction = (typeof incidentActions)[number]

/** The object an incident is about. */
export const incidentSubjects = [
  'session',
  // A CPO's own session that is none of ours, by connection and the CPO's id.
  'supply_session',
  'cdr',
  'payment',
  'dispute',
  'debt',
  'payable',
  'settlement',
  // What a payee is owed, by party and currency.
  'balance',
  'charge_station',
  'connection',
  // A party as a connection names it, by connection and party.
  'party',
  'evse',
  'token',
  'tariff',
  'bank_line',
  'psp_account',
  'ledger_account',
  'open_item',
  'policy_package',
  'workflow',
] as const
export type IncidentSubject = (typeof incidentSubjects)[number]
