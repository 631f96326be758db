import type { DriverDisputeReason } from '../settlement/disputes.ts'

/** What a driver is told of a dispute: `{back}` is what goes back, `{price}` what stays. No reason without its texts. */
export type DisputeTexts = Record<DriverDisputeReason, { granted: string; refused: string }>

export const disputeWaitsEn =
  'We are looking into this with the operator and will decide within two working days.'
export const disputeWithdrawnEn = 'This complaint was withdrawn. Nothing changes.'

export const disputeTextsEn: DisputeTexts = {
  zero_energy: {
    granted: 'No energy was delivered. You get {back} back.',
    refused: 'The meter shows that your car was charged, so {price} stays.',
  },
  charge_not_started: {
    granted: 'Charging never started. You get {back} back.',
    refused: 'The charger started and delivered energy, so {price} stays.',
  },
  start_fee_without_start: {
    granted: 'Charging never started, so no start fee is due. You get {back} back.',
    refused: 'Charging started, so the start fee that was shown is due.',
  },
  fault_mid_session: {
    granted: 'The charger had a fault. You pay for the energy before it and get {back} back.',
    refused: 'The charger reported no fault that you were charged for, so {price} stays.',
  },
  duplicate_session: {
    granted: 'This charge was counted twice. You get {back} back.',
    refused: 'We found no second session for the same charge, so {price} stays.',
  },
  duplicate_charge: {
    granted: 'You were charged twice. You get {back} back.',
    refused:
      'You were charged {price} once. A second amount on your statement is a hold that disappears.',
  },
  price_differs_from_quote: {
    granted: 'The price was not the one shown before you started. You get {back} back.',
    refused: 'You were charged exactly the unit prices shown before you started.',
  },
  above_price_limit: {
    granted: 'More than the promised maximum was charged. You get {back} back.',
    refused: 'The price is within the maximum that was shown.',
  },
  charged_after_stop: {
    granted: 'Time after the stop is not charged. You get {back} back.',
    refused: 'Nothing after the stop was charged, so {price} stays.',
  },
  stop_not_obeyed: {
    granted: 'The charger did not stop when you asked. You get {back} back.',
    refused: 'The charger stopped when it was asked, so {price} stays.',
  },
  idle_fee_not_announced: {
    granted: 'The fee for staying plugged in was not announced. You get {back} back.',
    refused: 'The fee for staying plugged in was shown before you started.',
  },
  idle_fee_while_charging: {
    granted: 'Your car was still charging then. You get {back} back.',
    refused: 'The fee covers only the time in which your car drew nothing.',
  },
  idle_fee_within_grace: {
    granted: 'The fee began too early. You get {back} back.',
    refused: 'The fee began only after the free time that was shown.',
  },
  reservation_fee_not_announced: {
    granted: 'The reservation fee was not announced. You get {back} back.',
    refused: 'No reservation fee was charged that was not shown.',
  },
  energy_above_meter: {
    granted: 'You were charged for more than the meter counted. You get {back} back.',
    refused: 'You were charged for what the meter counted.',
  },
  time_above_session: {
    granted: 'You were charged for more time than the session took. You get {back} back.',
    refused: 'You were charged for the time of your session.',
  },
  meter_not_signed: {
    granted: 'The meter’s values cannot be verified, so their energy is free. You get {back} back.',
    refused: 'The meter’s values can be verified, so {price} stays.',
  },
  never_authorised: {
    granted: 'This session was not yours. You get {back} back.',
    refused: 'The session was started from your account, where its price was accepted.',
  },
  card_blocked: {
    granted: 'Your card had been blocked before. You get {back} back.',
    refused: 'The session was started while your card or account was active.',
  },
  wrong_vat: {
    granted: 'The tax was wrong. You get {back} back and a corrected receipt.',
    refused: 'The tax is the one the law asks for at this charger.',
  },
  receipt_missing: {
    granted: 'Your receipt is being issued again.',
    refused: 'Your receipt is available in the app.',
  },
  hold_not_released: {
    granted: 'The hold is released now.',
    refused: 'The hold was released. Your bank shows it within a few days.',
  },
  currency_differs: {
    granted: 'The currency was not the one shown. You get {back} back.',
    refused: 'You were charged in the currency shown; your bank converted it.',
  },
  subscription_not_applied: {
    granted: 'Your subscription was not applied. You get {back} back.',
    refused: 'Your subscription was applied, or did not cover this session.',
  },
  agreed_price_not_applied: {
    granted: 'Your agreed price was not applied. You get {back} back.',
    refused: 'The agreed price was applied, or there is none for this charger.',
  },
  rounding: {
    granted: 'The price was rounded wrongly. You get {back} back.',
    refused: 'The price is rounded as the receipt says.',
  },
  refund_not_received: {
    granted: 'Your refund of {back} is sent again.',
    refused: 'Your refund was sent, or none was decided. Your bank needs up to ten days.',
  },
  charged_too_late: {
    granted: 'You were charged too late. You get {back} back.',
    refused: 'You were charged within the time allowed.',
  },
  higher_than_estimate: {
    granted: 'The price does not follow from the unit prices shown. You get {back} back.',
    refused: 'You charged more than estimated; the unit prices are the ones shown.',
  },
  other: {
    granted: 'We agree. You get {back} back.',
    refused: 'We looked into it and found nothing wrong, so {price} stays.',
  },
}
