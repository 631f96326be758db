/** Why two sides do not agree. A kind is never renamed or reused; new ones are added. */
export const openItemKinds = [
  // At the provider: moved and not in the books, in the books and not moved, another amount, another fee.
  'sale_not_booked',
  'provider_movement_missing',
  'provider_amount',
  'provider_fee',
  'provider_movement_unknown',
  'provider_unexplained',
  // Left the provider and did not come in at the bank.
  'sweep_missing',
  // At the bank: a line that nothing is known of, one that came twice, a booking that no statement has.
  'bank_line_unknown',
  'bank_line_doubled',
  'bank_booking_missing',
  'bank_unexplained',
  // Between meters, records, sales and papers.
  'record_missing',
  'sale_missing',
  'invoice_missing',
  'invoice_amount',
] as const
export type OpenItemKind = (typeof openItemKinds)[number]
