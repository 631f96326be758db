"""The price of a usage record by an OCPI tariff, written from the OCPI text alone."""

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from amounts import exact, half_away, largest_remainder, minor

DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
HOURS = {"TIME": "time_h", "PARKING_TIME": "parking_time_h"}


def instant(text: str) -> Fraction:
    """Seconds since 1970."""
    when = datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH
    return Fraction(when.days * 86400 + when.seconds) + Fraction(when.microseconds, 10**6)


def moment(seconds: Fraction) -> datetime:
    return EPOCH + timedelta(microseconds=int(seconds * 10**6))


class Period:
    def __init__(self, start, end, volumes, facts):
        self.start, self.end, self.volumes, self.facts = start, end, volumes, facts


def read_period(raw: dict, policy: dict) -> Period:
    start, end = instant(raw["start"]), instant(raw["end"])
    length = end - start
    volumes = {}
    if "energy_kwh" in raw:
        volumes["ENERGY"] = exact(raw["energy_kwh"])
    stated = [name for name, field in HOURS.items() if field in raw]
    for name in stated:
        seconds = exact(raw[HOURS[name]]) * 3600
        # Four decimals of an hour are 0.36 s: what is within half of that was rounded.
        near = abs(seconds - length) <= Fraction(18, 100)
        snaps = policy["hours"] == "snap_to_period" and seconds != 0 and near
        volumes[name] = length if snaps else seconds
    if not stated and "reservation_time_h" not in raw and not raw.get("untimed"):
        volumes["TIME" if raw["charging"] else "PARKING_TIME"] = length
    facts = {
        key: exact(raw[key])
        for key in ("min_power_kw", "max_power_kw", "min_current_a", "max_current_a")
        if key in raw
    }
    return Period(start, end, volumes, facts)


def minute_of(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:5])


def in_window(rules: dict, local: datetime) -> bool:
    if "start_time" not in rules and "end_time" not in rules:
        return True
    start = minute_of(rules.get("start_time", "00:00"))
    end = minute_of(rules.get("end_time", "24:00")) or 1440
    if start == end:
        return False
    now = local.hour * 60 + local.minute
    return start <= now < end if start < end else now >= start or now < end


def holds(rules, period: Period, since: Fraction, energy: Fraction, zone: ZoneInfo) -> bool:
    if rules is None:
        return True
    local = moment(period.start).astimezone(zone)
    if not in_window(rules, local):
        return False
    if "start_date" in rules and local.date() < date.fromisoformat(rules["start_date"]):
        return False
    if "end_date" in rules and local.date() >= date.fromisoformat(rules["end_date"]):
        return False
    if rules.get("day_of_week") and DAYS[local.weekday()] not in rules["day_of_week"]:
        return False
    if "min_duration" in rules and since < rules["min_duration"]:
        return False
    if "max_duration" in rules and since >= rules["max_duration"]:
        return False
    if "min_kwh" in rules and energy < exact(rules["min_kwh"]):
        return False
    if "max_kwh" in rules and energy >= exact(rules["max_kwh"]):
        return False
    for what, unit in (("power", "kw"), ("current", "a")):
        high = period.facts.get(f"max_{what}_{unit}")
        low = period.facts.get(f"min_{what}_{unit}")
        if f"min_{what}" in rules and high is not None and high < exact(rules[f"min_{what}"]):
            return False
        if f"max_{what}" in rules and low is not None and low >= exact(rules[f"max_{what}"]):
            return False
    return True


def nearest(value: Fraction, places: int) -> Fraction:
    return Fraction(half_away(value * 10**places), 10**places)


def cut(period: Period, at: Fraction):
    """Two parts; energy keeps nine decimals of kWh and time six of seconds, and the rest is the second part's."""
    share = (at - period.start) / (period.end - period.start)
    first = {k: nearest(v * share, 9 if k == "ENERGY" else 6) for k, v in period.volumes.items()}
    second = {k: v - first[k] for k, v in period.volumes.items()}
    return (
        Period(period.start, at, first, period.facts),
        Period(at, period.end, second, period.facts),
    )


def time_cuts(tariff: dict, period: Period, started: Fraction, zone: ZoneInfo):
    cuts, minutes = set(), set()
    for rules in [element.get("restrictions") or {} for element in tariff["elements"]]:
        for key in ("min_duration", "max_duration"):
            if key in rules:
                cuts.add(started + rules[key])
        if "start_time" in rules or "end_time" in rules:
            minutes |= {minute_of(rules.get(key, "00:00")) % 1440 for key in ("start_time", "end_time")}
        if rules.get("day_of_week") or "start_date" in rules or "end_date" in rules:
            minutes.add(0)
    day = moment(period.start).astimezone(zone).date() - timedelta(days=1)
    while minutes and day <= moment(period.end).astimezone(zone).date():
        for minute in minutes:
            local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
            cuts.add(instant(local.astimezone(timezone.utc).isoformat()))
        day += timedelta(days=1)
    return sorted(each for each in cuts if period.start < each < period.end)


def energy_cuts(period: Period, before: Fraction, limits: list):
    energy = period.volumes.get("ENERGY")
    if energy is None or energy <= 0:
        return [period]
    parts, rest, reached = [], period, before
    for limit in limits:
        part, left = limit - reached, rest.volumes["ENERGY"]
        if part <= 0 or part >= left:
            continue
        micros = half_away((rest.end - rest.start) * 10**6 * part / left)
        first, second = cut(rest, rest.start + Fraction(micros, 10**6))
        first.volumes["ENERGY"], second.volumes["ENERGY"] = part, left - part
        parts.append(first)
        rest, reached = second, limit
    return [*parts, rest]


def split(periods: list, tariff: dict, started: Fraction, zone: ZoneInfo) -> list:
    rules = [element.get("restrictions") or {} for element in tariff["elements"]]
    limits = sorted(exact(r[k]) for r in rules for k in ("min_kwh", "max_kwh") if k in r)
    result, energy = [], Fraction(0)
    for period in periods:
        rest, pieces = period, []
        for at in time_cuts(tariff, period, started, zone):
            piece, rest = cut(rest, at)
            pieces.append(piece)
        for piece in [*pieces, rest]:
            result += energy_cuts(piece, energy, limits)
            energy += piece.volumes.get("ENERGY", 0)
    return result


class Line:
    def __init__(self, part: dict, kind: str, quantity: Fraction):
        self.part, self.kind, self.quantity, self.billed = part, kind, quantity, quantity


def rate_of(part: dict, tariff: dict, policy: dict):
    """The VAT percentage of a component, None where it has none."""
    if tariff.get("tax_included") == "N/A":
        return "0"
    return part.get("vat", policy["absent_vat_rate"])


def factor(rate) -> Fraction:
    return 1 + exact(rate or 0) / 100


def walk(tariff: dict, periods: list, started: Fraction, zone: ZoneInfo) -> list:
    elements = [e for e in tariff["elements"] if "reservation" not in (e.get("restrictions") or {})]
    lines, energy, is_flat_due = [], Fraction(0), True
    for period in periods:
        wanted = dict(period.volumes)
        if is_flat_due:
            wanted["FLAT"] = Fraction(1)
        for kind in ("ENERGY", "TIME", "PARKING_TIME", "FLAT"):
            if kind not in wanted:
                continue
            for element in elements:
                part = next((p for p in element["price_components"] if p["type"] == kind), None)
                if part is None or not holds(
                    element.get("restrictions"), period, period.start - started, energy, zone
                ):
                    continue
                lines.append(Line(part, kind, wanted[kind]))
                is_flat_due = is_flat_due and kind != "FLAT"
                break
        energy += period.volumes.get("ENERGY", 0)
    return lines


def step_up(lines: list) -> None:
    """A step rounds a dimension up once, at the price of the last period that had one."""
    used = [line for line in lines if line.quantity > 0]
    parked = any(line.kind == "PARKING_TIME" for line in used)
    for kind in ("ENERGY", "TIME", "PARKING_TIME"):
        own = [line for line in used if line.kind == kind]
        if not own or (kind == "TIME" and parked):
            continue
        step = Fraction(own[-1].part["step_size"], 1000 if kind == "ENERGY" else 1)
        total = sum(line.quantity for line in own)
        if step == 0:
            continue
        over = nearest(total, 9 if kind == "ENERGY" else 6) % step
        if over != 0:
            own[-1].billed += nearest(total, 9 if kind == "ENERGY" else 6) - total + step - over


def cost(line: Line, tariff: dict, policy: dict):
    """Net and gross, exact."""
    units = line.billed / 3600 if line.kind in HOURS else line.billed
    stated = exact(line.part["price"]) * units
    tax = factor(rate_of(line.part, tariff, policy))
    return (stated / tax, stated) if tariff.get("tax_included") == "YES" else (stated, stated * tax)


def bound(net, gross, limit, pick, unpriced):
    if limit is None:
        return net, gross
    to = pick(net, exact(limit["excl_vat"]))
    stated = limit.get("incl_vat")
    if to != net and stated is None:
        gross = to * unpriced if net == 0 else to * gross / net
    return to, gross if stated is None else pick(gross, exact(stated))


def totals_of(groups: list, total: int) -> dict:
    """Groups are (rate, gross exact); the total is shared among them and each tax taken out of its part."""
    used = [g for g in groups if g[1] != 0] or groups[:1]
    parts = [total] if len(used) == 1 else largest_remainder(total, [abs(g[1]) for g in used])
    lines = []
    for (rate, _), gross in zip(used, parts):
        net = half_away(gross / factor(rate))
        lines.append({"rate": rate, "net": net, "vat": gross - net, "gross": gross})
    return {
        "lines": lines,
        "net": sum(each["net"] for each in lines),
        "vat": sum(each["vat"] for each in lines),
        "gross": total,
    }


def price(tariff: dict, usage: dict, policy: dict, is_cut: bool = False) -> dict:
    """What a session costs: `totals`, the exact amounts, and the lines they are made of."""
    zone, started = ZoneInfo(usage["time_zone"]), instant(usage["started_at"])
    periods = [read_period(raw, policy) for raw in usage["periods"]]
    if is_cut or policy["periods"] == "split_at_boundaries":
        periods = split(periods, tariff, started, zone)
    lines = walk(tariff, periods, started, zone)
    step_up(lines)
    groups = {}
    for line in lines:
        _, gross = cost(line, tariff, policy)
        rate = rate_of(line.part, tariff, policy)
        groups[rate] = groups.get(rate, 0) + gross
    net = sum((cost(line, tariff, policy)[0] for line in lines), Fraction(0))
    gross = sum(groups.values(), Fraction(0))
    parts = [p for e in tariff["elements"] for p in e["price_components"]]
    first = lines[0].part if lines else parts[0]
    unpriced = factor(rate_of(first, tariff, policy))
    net, gross = bound(net, gross, tariff.get("min_price"), max, unpriced)
    net, gross = bound(net, gross, tariff.get("max_price"), min, unpriced)
    shares = list(groups.items()) or [(rate_of(parts[0], tariff, policy), gross)]
    if policy["rounding"] != "gross-total-half-away@1":
        raise ValueError(f"this outsider knows no rounding {policy['rounding']}")
    total = minor(gross, tariff["currency"])
    return {
        "totals": totals_of(shares, total),
        "net": net,
        "gross": gross,
        "lines": [(line, cost(line, tariff, policy)[0]) for line in lines],
    }


def lowered(gross: int, like: dict) -> dict:
    """The totals of another gross amount at the same mix of rates."""
    if gross == like["gross"]:
        return like
    weights = [each["gross"] for each in like["lines"]]
    parts = largest_remainder(gross, weights) if len(weights) > 1 and any(w > 0 for w in weights) else [
        gross,
        *[0 for _ in weights[1:]],
    ]
    lines = []
    for each, part in zip(like["lines"], parts):
        net = half_away(part / factor(each["rate"]))
        lines.append({"rate": each["rate"], "net": net, "vat": part - net, "gross": part})
    return {
        "lines": lines,
        "net": sum(each["net"] for each in lines),
        "vat": gross - sum(each["net"] for each in lines),
        "gross": gross,
    }
