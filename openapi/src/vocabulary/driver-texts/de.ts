import type { ErrorCode } from '../errors.ts'

/** What a driver is told, in German. */
export const driverTextsDe: Record<ErrorCode, string> = {
  validation_error:
    'Die App hat etwas gesendet, das wir nicht lesen konnten. Bitte aktualisiere die App oder versuche es erneut.',
  idempotency_key_required:
    'Die App konnte deine Anfrage nicht sicher absenden. Bitte versuche es erneut.',
  unsupported_currency: 'In dieser Währung kannst du hier nicht bezahlen.',
  invalid_value: 'Etwas an dieser Anfrage kann nicht stimmen. Bitte prüfe deine Eingaben.',
  invalid_cursor: 'Diese Liste hat sich geändert. Bitte öffne sie neu.',
  invalid_key: 'Die App ist bei uns nicht angemeldet. Dir wurde nichts berechnet.',
  key_expired:
    'Die App muss aktualisiert werden, bevor du laden kannst. Dir wurde nichts berechnet.',
  insufficient_scope: 'Die App darf das nicht.',
  account_restricted:
    'Über diese App kann gerade nicht geladen werden. Dir wurde nichts berechnet.',
  site_access_denied:
    'Hier können Sie nicht oder nicht zu dieser Zeit laden. Es wurde nichts abgebucht.',
  start_refused_by_operator:
    'Der Betreiber lässt diesen Ladevorgang nicht zu. Es wurde nichts abgebucht.',
  authentication_required:
    'Deine Bank bittet dich, die Zahlung zu bestätigen. Danach beginnt das Laden.',
  payment_declined:
    'Deine Zahlung wurde abgelehnt und nichts wurde reserviert. Bitte nutze eine andere Karte oder Zahlungsart.',
  outstanding_debt:
    'Ein früherer Ladevorgang ist noch nicht bezahlt. Bitte bezahle ihn, bevor du neu startest.',
  credit_limit_exceeded:
    'Dein Konto ist für diesen Ladevorgang ausgeschöpft. Bitte nutze eine andere Zahlungsart.',
  insufficient_wallet_funds: 'Das Guthaben reicht nicht. Bitte ein anderes Zahlungsmittel wählen.',
  resource_missing: 'Das konnten wir nicht finden.',
  method_not_allowed: 'Die App hat etwas angefragt, das es nicht gibt.',
  party_not_granted: 'Diese Ladestation gehört einem anderen Betreiber.',
  idempotency_key_reused:
    'Die App hat zwei verschiedene Anfragen unter einer Nummer gesendet. Bitte versuche es erneut.',
  idempotency_in_progress: 'Deine Anfrage läuft bereits. Einen Moment, bitte.',
  quote_expired:
    'Der angezeigte Preis ist abgelaufen. Bitte sieh dir den neuen Preis an, bevor du lädst.',
  quote_consumed: 'Dieser Preis wurde schon für einen Ladevorgang verwendet.',
  session_already_active: 'Du lädst hier bereits.',
  invalid_transition: 'Das ist im Moment nicht möglich.',
  period_closed: 'Das ist im Moment nicht möglich.',
  limit_reached: 'Mehr davon ist nicht möglich.',
  residency_violation: 'Das wird in Ihrer Region nicht angeboten.',
  precondition_failed: 'Das hat inzwischen jemand geändert. Bitte zuerst neu ansehen.',
  body_too_large: 'Die App hat zu viele Daten auf einmal gesendet.',
  unsupported_media_type: 'Die App hat etwas gesendet, das wir nicht lesen konnten.',
  price_unavailable:
    'Der Betreiber veröffentlicht keinen gültigen Preis für diese Ladestation, deshalb kannst du sie hier nicht starten.',
  not_offered: 'Das wird noch nicht angeboten.',
  market_rule_violation: 'Die Regeln dieses Marktes erlauben das nicht.',
  tariff_held:
    'Der neue Preis des Betreibers für diese Ladestation ist ungewöhnlich und wird geprüft. Bitte versuchen Sie es in einer halben Stunde noch einmal oder nehmen Sie eine andere Ladestation in der Nähe.',
  evse_not_available:
    'Diese Ladestation ist gerade nicht verfügbar. Bitte nutze eine andere in der Nähe.',
  evse_not_reachable:
    'Wir erreichen diese Ladestation gerade nicht. Dir wurde nichts berechnet. Bitte nutze eine andere in der Nähe.',
  start_rejected:
    'Die Ladestation hat nicht gestartet. Dir wurde nichts berechnet; eine Reservierung wird freigegeben.',
  token_blocked: 'Diese Karte ist gesperrt. Bitte wende dich an die Firma, die sie ausgegeben hat.',
  webhook_url_refused: 'Die App ist nicht richtig eingerichtet.',
  rate_limited: 'Zu viele Anfragen auf einmal. Bitte warte einen Moment.',
  cpo_unreachable:
    'Das System des Betreibers antwortet nicht. Dir wurde nichts berechnet. Bitte nutze eine andere Ladestation in der Nähe.',
  cpo_error: 'Das System des Betreibers meldet einen Fehler. Dir wurde nichts berechnet.',
  psp_unavailable:
    'Zahlungen sind gerade nicht möglich. Dir wurde nichts berechnet. Bitte versuche es gleich noch einmal.',
  rates_unavailable:
    'Zahlungen in dieser Währung sind gerade nicht möglich. Dir wurde nichts berechnet. Bitte versuche es gleich noch einmal.',
  service_unavailable:
    'Wir sind kurz nicht erreichbar. Dir wurde nichts berechnet. Bitte versuche es erneut.',
  internal_error: 'Bei uns ist etwas schiefgegangen. Bitte versuche es erneut.',
}
