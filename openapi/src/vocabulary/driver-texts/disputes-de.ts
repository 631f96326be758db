import type { DisputeTexts } from './disputes-en.ts'

export const disputeWaitsDe =
  'Wir prüfen das mit dem Betreiber und entscheiden innerhalb von zwei Werktagen.'
export const disputeWithdrawnDe = 'Diese Beanstandung wurde zurückgezogen. Es ändert sich nichts.'

/** What a driver is told of a dispute, in German. */
export const disputeTextsDe: DisputeTexts = {
  zero_energy: {
    granted: 'Es wurde keine Energie geliefert. Du bekommst {back} zurück.',
    refused: 'Der Zähler zeigt, dass dein Auto geladen wurde. Es bleibt bei {price}.',
  },
  charge_not_started: {
    granted: 'Das Laden hat nie begonnen. Du bekommst {back} zurück.',
    refused: 'Die Ladestation hat begonnen und geladen. Es bleibt bei {price}.',
  },
  start_fee_without_start: {
    granted:
      'Das Laden hat nie begonnen, also fällt keine Startgebühr an. Du bekommst {back} zurück.',
    refused: 'Das Laden hat begonnen, also ist die angezeigte Startgebühr fällig.',
  },
  fault_mid_session: {
    granted:
      'Die Ladestation hatte eine Störung. Du zahlst die Energie davor und bekommst {back} zurück.',
    refused:
      'Die Ladestation meldete keine Störung, die dir berechnet wurde. Es bleibt bei {price}.',
  },
  duplicate_session: {
    granted: 'Dieser Ladevorgang wurde doppelt gezählt. Du bekommst {back} zurück.',
    refused:
      'Wir haben keinen zweiten Eintrag für denselben Ladevorgang gefunden. Es bleibt bei {price}.',
  },
  duplicate_charge: {
    granted: 'Du hast doppelt bezahlt. Du bekommst {back} zurück.',
    refused:
      'Dir wurden {price} einmal berechnet. Ein zweiter Betrag ist eine Reservierung, die verschwindet.',
  },
  price_differs_from_quote: {
    granted: 'Der Preis war nicht der vorher angezeigte. Du bekommst {back} zurück.',
    refused: 'Dir wurden genau die vorher angezeigten Preise berechnet.',
  },
  above_price_limit: {
    granted: 'Es wurde mehr als der zugesagte Höchstbetrag berechnet. Du bekommst {back} zurück.',
    refused: 'Der Preis liegt innerhalb des angezeigten Höchstbetrags.',
  },
  charged_after_stop: {
    granted: 'Zeit nach dem Stopp kostet nichts. Du bekommst {back} zurück.',
    refused: 'Nach dem Stopp wurde nichts berechnet. Es bleibt bei {price}.',
  },
  stop_not_obeyed: {
    granted: 'Die Ladestation hat nicht gestoppt, als du es wolltest. Du bekommst {back} zurück.',
    refused: 'Die Ladestation hat gestoppt, als sie sollte. Es bleibt bei {price}.',
  },
  idle_fee_not_announced: {
    granted: 'Die Standgebühr war nicht angekündigt. Du bekommst {back} zurück.',
    refused: 'Die Standgebühr wurde vor dem Start angezeigt.',
  },
  idle_fee_while_charging: {
    granted: 'Dein Auto hat da noch geladen. Du bekommst {back} zurück.',
    refused: 'Die Gebühr gilt nur für die Zeit, in der dein Auto nicht geladen hat.',
  },
  idle_fee_within_grace: {
    granted: 'Die Gebühr begann zu früh. Du bekommst {back} zurück.',
    refused: 'Die Gebühr begann erst nach der angezeigten freien Zeit.',
  },
  reservation_fee_not_announced: {
    granted: 'Die Reservierungsgebühr war nicht angekündigt. Du bekommst {back} zurück.',
    refused: 'Es wurde keine Reservierungsgebühr berechnet, die nicht angezeigt war.',
  },
  energy_above_meter: {
    granted: 'Dir wurde mehr berechnet, als der Zähler gezählt hat. Du bekommst {back} zurück.',
    refused: 'Dir wurde berechnet, was der Zähler gezählt hat.',
  },
  time_above_session: {
    granted:
      'Dir wurde mehr Zeit berechnet, als der Ladevorgang dauerte. Du bekommst {back} zurück.',
    refused: 'Dir wurde die Zeit deines Ladevorgangs berechnet.',
  },
  meter_not_signed: {
    granted:
      'Die Zählerwerte lassen sich nicht prüfen, also ist ihre Energie frei. Du bekommst {back} zurück.',
    refused: 'Die Zählerwerte lassen sich prüfen. Es bleibt bei {price}.',
  },
  never_authorised: {
    granted: 'Dieser Ladevorgang war nicht deiner. Du bekommst {back} zurück.',
    refused: 'Der Ladevorgang wurde aus deinem Konto gestartet, wo der Preis bestätigt wurde.',
  },
  card_blocked: {
    granted: 'Deine Karte war vorher gesperrt. Du bekommst {back} zurück.',
    refused: 'Der Ladevorgang begann, als deine Karte oder dein Konto aktiv war.',
  },
  wrong_vat: {
    granted: 'Die Steuer war falsch. Du bekommst {back} zurück und einen neuen Beleg.',
    refused: 'Die Steuer ist die, die das Gesetz an dieser Ladestation verlangt.',
  },
  receipt_missing: {
    granted: 'Dein Beleg wird neu ausgestellt.',
    refused: 'Dein Beleg liegt in der App.',
  },
  hold_not_released: {
    granted: 'Die Reservierung wird jetzt freigegeben.',
    refused: 'Die Reservierung wurde freigegeben. Deine Bank zeigt das in einigen Tagen.',
  },
  currency_differs: {
    granted: 'Die Währung war nicht die angezeigte. Du bekommst {back} zurück.',
    refused: 'Dir wurde in der angezeigten Währung berechnet; deine Bank hat umgerechnet.',
  },
  subscription_not_applied: {
    granted: 'Dein Abo wurde nicht angewendet. Du bekommst {back} zurück.',
    refused: 'Dein Abo wurde angewendet oder galt für diesen Ladevorgang nicht.',
  },
  agreed_price_not_applied: {
    granted: 'Dein vereinbarter Preis wurde nicht angewendet. Du bekommst {back} zurück.',
    refused: 'Der vereinbarte Preis wurde angewendet, oder es gibt hier keinen.',
  },
  rounding: {
    granted: 'Der Preis war falsch gerundet. Du bekommst {back} zurück.',
    refused: 'Der Preis ist gerundet, wie es auf dem Beleg steht.',
  },
  refund_not_received: {
    granted: 'Deine Erstattung von {back} wird noch einmal gesendet.',
    refused:
      'Deine Erstattung wurde gesendet, oder es gab keine. Deine Bank braucht bis zu zehn Tage.',
  },
  charged_too_late: {
    granted: 'Dir wurde zu spät berechnet. Du bekommst {back} zurück.',
    refused: 'Dir wurde innerhalb der erlaubten Zeit berechnet.',
  },
  higher_than_estimate: {
    granted: 'Der Preis folgt nicht aus den angezeigten Preisen. Du bekommst {back} zurück.',
    refused: 'Du hast mehr geladen als geschätzt; die Preise sind die angezeigten.',
  },
  other: {
    granted: 'Du hast recht. Du bekommst {back} zurück.',
    refused: 'Wir haben es geprüft und nichts gefunden. Es bleibt bei {price}.',
  },
}
