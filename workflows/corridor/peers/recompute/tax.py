"""VAT of every supply of a sale, from the law and a table of rates of the outsider's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

# Standard rates on electricity for cars and on services, as of 2026, with the zone in which a day begins.
RATES = {
    "DE": ("19", "Europe/Berlin"),
    "FR": ("20", "Europe/Paris"),
    "NL": ("21", "Europe/Amsterdam"),
    "CH": ("8.1", "Europe/Zurich"),
    "GB": ("20", "Europe/London"),
}
UNION = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
CHARGING = {"energy", "time", "session", "idle", "reservation"}
# Directive (EU) 2025/516: from then on the One-Stop Shop reaches electricity.
ONE_STOP_SHOP_FROM = "2027-01-01"


def country_of(vat_id: str) -> str:
    return {"EL": "GR", "XI": "GB"}.get(vat_id[:2].upper(), vat_id[:2].upper())


def registered(party: dict, country: str):
    """Its own number of a country, and whether somebody said that it is valid; None without one."""
    own = party.get("vatId")
    if own is not None and country_of(own) == country:
        return own, party.get("vatChecked", False), None
    for each in party.get("taxIds") or []:
        if each["scheme"] == "local" and each["country"] == country:
            return each["vatId"], False, each.get("goodUntil")
    return None


def is_identified(party: dict, country: str, at: str) -> bool:
    found = registered(party, country)
    if not party["business"] or found is None:
        return False
    _, is_checked, until = found
    return is_checked if until is None else until > at


def may_sell(party: dict, country: str, at: str) -> bool:
    if registered(party, country) is not None:
        return True
    day = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(ZoneInfo(RATES[country][1]))
    return (
        country in UNION
        and day.date().isoformat() >= ONE_STOP_SHOP_FROM
        and any(e["scheme"] == "oss" and e["country"] in UNION for e in party.get("taxIds") or [])
    )


def has_number(party: dict) -> bool:
    return party.get("vatId") is not None or bool(party.get("taxIds"))


def treatment(fee: str, supplier: dict, recipient: dict, place: str, at: str):
    """Category, percentage and country of the tax; None where the supply may not be made."""
    untaxed = lambda category: (category, "0", None)
    if fee in CHARGING:
        # Art. 39: taxed where it is consumed. Art. 195: owed by a business there whose seller is elsewhere.
        if supplier["country"] != place and place in UNION and is_identified(recipient, place, at):
            return untaxed("AE")
        return ("S", RATES[place][0], place) if may_sell(supplier, place, at) else None
    if not has_number(supplier):
        return untaxed("O")
    home = supplier["country"]
    at_home = ("S", RATES[home][0], home) if registered(supplier, home) else untaxed("O")
    if home == recipient["country"]:
        return at_home
    if recipient["country"] in UNION:
        # Art. 44 and 196, where the recipient's number was found valid; else Art. 45 by analogy.
        if is_identified(recipient, recipient["country"], at):
            return untaxed("AE")
        if home in UNION:
            return at_home
    return untaxed("O")
