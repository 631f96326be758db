/** Why two sides do not agree. A kind is never renamed or reused; new ones are added. */
export const openItemKinds = [
  // At the provider: moved and not in the books, in the books and not moved, another amount, another fee.
  'sale_not_booked',
  'provider_movement_missing',
  'provider_amount',
  'provider_fee',
  'provider_currency',
  // Given back at the provider, and not in the books.
  'provider_reversed',
  'provider_movement_unknown',
  'provider_unexplained',
  // Left the provider and did not come in at the bank.
  'sweep_missing',
  // At the bank: a line that nothing is known of, one that came twice, a booking that no statement has.
  'bank_line_unknown',
  'bank_line_doubled',
  'bank_booking_missing',
  // One that names a booking of another amount or currency, or of which the bank kept its fee.
  'bank_amount',
  'bank_currency',
  'bank_fee_netted',
  // One that is several bookings, and says of none which.
  'bank_line_bundled',
  'bank_unexplained',
  // Between meters, records, sales and papers.
  'record_missing',
  'sale_missing',
  'invoice_missing',
  'invoice_amount',
  'record_energy',
  // Sold, and not paid out by its deadline.
  'settlement_missing',
] as const
export type OpenItemKind = (typeof openItemKinds)[number]
