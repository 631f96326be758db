import type { ErrorCode } from '../errors.ts'

/** What a driver is told, in English. No code without a text: this does not compile otherwise. */
export const driverTextsEn: Record<ErrorCode, string> = {
  validation_error: 'The app sent something we could not read. Please update the app or try again.',
  idempotency_key_required: 'The app could not place your request safely. Please try again.',
  unsupported_currency: 'You cannot pay in this currency here.',
  invalid_value: 'Something in this request cannot be right. Please check what you entered.',
  invalid_cursor: 'This list has changed. Please open it again.',
  invalid_key: 'The app is not signed in with us. You were not charged.',
  key_expired: 'The app needs to be updated before you can charge. You were not charged.',
  insufficient_scope: 'The app is not allowed to do this.',
  account_restricted: 'This app cannot start charging at the moment. You were not charged.',
  site_access_denied: 'You cannot charge here, or not at this time. You were not charged.',
  start_refused_by_operator: 'The operator does not allow this charge. You were not charged.',
  authentication_required:
    'Your bank asks you to confirm the payment. Charging starts after you have confirmed.',
  payment_declined:
    'Your payment was declined and nothing was reserved. Please try another card or payment method.',
  outstanding_debt: 'An earlier charge is still unpaid. Please pay it before you start a new one.',
  credit_limit_exceeded: 'Your account has no room for this charge. Please use another way to pay.',
  insufficient_wallet_funds: 'There is not enough balance. Please choose another way to pay.',
  resource_missing: 'We could not find what you are looking for.',
  method_not_allowed: 'The app asked for something that does not exist.',
  party_not_granted: 'This charger belongs to another operator.',
  idempotency_key_reused: 'The app sent two different requests under one number. Please try again.',
  idempotency_in_progress: 'Your request is already on its way. One moment, please.',
  quote_expired:
    'The price you saw has expired. Please look at the new price before you start charging.',
  quote_consumed: 'This price was already used for a charge.',
  session_already_active: 'You are already charging here.',
  invalid_transition: 'This is not possible at the moment.',
  period_closed: 'This is not possible at the moment.',
  limit_reached: 'No more of these are possible.',
  residency_violation: 'This is not offered in your region.',
  precondition_failed: 'Somebody changed this meanwhile. Look at it again first.',
  body_too_large: 'The app sent too much data at once.',
  unsupported_media_type: 'The app sent something we could not read.',
  price_unavailable:
    'The operator publishes no valid price for this charger, so you cannot start it here.',
  not_offered: 'This is not offered yet.',
  market_rule_violation: 'The rules of this market do not allow that.',
  tariff_held:
    "The operator's new price for this charger looks unusual and is being checked. Please try again in half an hour or use another charger nearby.",
  evse_not_available: 'This charger is not available right now. Please try another one nearby.',
  evse_not_reachable:
    'We cannot reach this charger right now. You were not charged. Please try another one nearby.',
  start_rejected: 'The charger did not start. You were not charged; any reservation is released.',
  token_blocked: 'This card is blocked. Please contact the company that gave it to you.',
  webhook_url_refused: 'The app is not set up correctly.',
  rate_limited: 'Too many requests at once. Please wait a moment.',
  cpo_unreachable:
    "The operator's system does not answer. You were not charged. Please try another charger nearby.",
  cpo_error: "The operator's system reported an error. You were not charged.",
  psp_unavailable:
    'Payments do not work at the moment. You were not charged. Please try again soon.',
  rates_unavailable:
    'Payments in this currency do not work at the moment. You were not charged. Please try again soon.',
  service_unavailable: 'We are briefly unavailable. You were not charged. Please try again.',
  internal_error: 'Something went wrong on our side. Please try again.',
}
