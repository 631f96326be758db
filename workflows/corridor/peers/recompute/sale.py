"""Who gets what of a sale, what is booked for it and what is paid: computed from the agreement, the parties and the price."""

from collections import defaultdict
from fractions import Fraction

from amounts import digits, down, exact, half_away, largest_remainder
from rating import instant
from tax import treatment


def key(party: dict) -> str:
    return f"{party['role']}:{party['id']}"


def simple(share: dict, base: int, terms: dict):
    """A share of one session, exact, in minor units."""
    kind = share["kind"]
    if kind == "percentage":
        return Fraction(base * share["bps"], 10_000)
    if kind == "fixed":
        return Fraction(share["amount"]["amount"] if base != 0 else 0)
    facts, unit = terms["sharing"]["facts"], 10 ** digits(terms["currency"])
    if kind == "per_kwh":
        return exact(share["price"]) * facts["energy_wh"] / 1_000 * unit
    if kind == "per_minute":
        seconds = int(instant(facts["ended_at"]) - instant(facts["started_at"]))
        return exact(share["price"]) * seconds / 60 * unit
    raise ValueError(f"this outsider knows no share {kind}")


def tiered(share: dict, base: int, terms: dict):
    if share["by"] != "amount":
        raise ValueError(f"this outsider knows no tiers by {share['by']}")
    tiers = share["tiers"]
    if share["mode"] == "whole":
        return simple([t for t in tiers if t["from"] <= base][-1]["share"], base, terms)
    total = Fraction(0)
    for tier, following in zip(tiers, [*tiers[1:], None]):
        part = min(base, following["from"] if following else base) - tier["from"]
        if part > 0:
            whole = tier["share"]["kind"] == "fixed"
            own = simple(tier["share"], base if whole else part, terms)
            total += own if whole or tier["share"]["kind"] == "percentage" else own * part / base
    return total


def asked_by(rule: dict, base: int, terms: dict) -> int:
    """What a rule comes to of its base, before anybody asks whether that is there."""
    if any(name in rule for name in ("when", "period_cap", "period_floor")):
        raise ValueError(f"this outsider knows no condition of {rule['id']}")
    share = rule["share"]
    if base == 0 or share["kind"] == "per_period":
        return 0
    amount = half_away(tiered(share, base, terms) if share["kind"] == "tiered" else simple(share, base, terms))
    if "floor" in rule:
        amount = max(amount, rule["floor"]["amount"])
    if "cap" in rule:
        amount = min(amount, rule["cap"]["amount"])
    return min(amount, base) if "floor" in rule and "shortfall" not in rule else amount


def left_for(party: str, legs: list, rate: Fraction) -> int:
    """What a payer has left, so that the tax of the share is covered as well."""
    net, gross = balance(legs, party, "net"), balance(legs, party, "gross")
    if net <= 0 or gross <= 0:
        return 0
    most = min(net, half_away(gross / (1 + rate)))
    return most - 1 if most + half_away(most * rate) > gross else most


def balance(legs: list, party: str, part: str) -> int:
    supplied = sum(leg[part] for leg in legs if leg["supplier"] == party)
    return supplied - sum(leg[part] for leg in legs if leg["recipient"] == party)


def is_proportional(rule: dict) -> bool:
    return rule["share"]["kind"] == "percentage" and not any(k in rule for k in ("when", "floor", "cap", "period_cap"))


def legs_of(terms: dict, price: dict, taxes: dict, whole=None) -> list:
    """The sale, and every service of the policy, with its tax; of a price that was given back in part, in proportion."""
    full = None if whole is None else {leg["id"]: leg for leg in legs_of(terms, whole, taxes)}
    legs = [
        {
            "id": "sale",
            "supplier": key(terms["seller"]),
            "recipient": key(terms["driver"]),
            "net": price["net"],
            "vat": price["vat"],
            "gross": price["gross"],
            "tax": taxes["sale"],
        }
    ]
    for rule in terms["policy"]["rules"]:
        base = next((leg for leg in legs if leg["id"] == rule["base"]), None)
        if base is None:
            raise ValueError(f"this outsider knows no base {rule['base']}")
        supplier, recipient = key(rule["supplier"]), key(rule["recipient"])
        tax = taxes[rule["id"]]
        rate = exact(tax[1]) / 100
        if full is None or is_proportional(rule):
            net = asked_by(rule, base["net"], terms)
        else:
            net = half_away(Fraction(full[rule["id"]]["net"] * price["net"], whole["net"])) if whole["net"] else 0
        if "shortfall" in rule and net > 0 and not is_platform(recipient):
            net = min(net, left_for(recipient, legs, rate))
        vat = half_away(net * rate)
        legs.append(
            {
                "id": rule["id"],
                "supplier": supplier,
                "recipient": recipient,
                "net": net,
                "vat": vat,
                "gross": net + vat,
                "tax": tax,
            }
        )
    return legs


def taxes_of(terms: dict) -> dict:
    parties = {key(each): each for each in terms["parties"]}
    asked = [("sale", "energy", terms["seller"], terms["driver"])]
    asked += [(r["id"], r["fee_type"], r["supplier"], r["recipient"]) for r in terms["policy"]["rules"]]
    return {
        name: treatment(
            fee, parties[key(supplier)], parties[key(recipient)], terms["placeCountry"], terms["at"]
        )
        for name, fee, supplier, recipient in asked
    }


def is_platform(party: str) -> bool:
    return party.startswith("platform:")


class Sale:
    """One state of a sale: legs, shares, what others give to the driver, and where the money is."""

    def __init__(self, terms: dict, price: dict, plan=None, whole=None):
        self.terms, self.currency = terms, terms["currency"]
        self.legs = legs_of(terms, price, taxes_of(terms), whole)
        self.seller, self.driver = key(terms["seller"]), key(terms["driver"])
        self.shares = {}
        for party in map(key, terms["parties"]):
            if party == self.driver:
                continue
            part = "net" if is_platform(party) else "gross"
            self.shares[party] = self.balance(party, part)
        self.tax = sum(self.balance(p, "vat") for p in self.shares if is_platform(p))
        self.given = []
        if terms.get("discountBy"):
            by = key(terms["discountBy"])
            if self.shares[by] > 0:
                self.given.append(("discount", by, min(self.shares[by], price["gross"])))
        if plan is not None:
            self.given.append(("plan", key(plan["by"]), plan["amount"]))
        self.due = price["gross"] - sum(amount for _, _, amount in self.given)

    def balance(self, party: str, part: str) -> int:
        return balance(self.legs, party, part)

    def funded(self, party: str) -> list:
        """(kind, out of its share, owed beyond it)"""
        left, parts = self.shares.get(party, 0), []
        for kind, by, amount in self.given:
            if by == party:
                own = max(0, min(left, amount))
                left -= own
                parts.append((kind, own, amount - own))
        return parts

    def paid_to(self, party: str) -> int:
        return self.shares.get(party, 0) - sum(own for _, own, _ in self.funded(party))

    def sponsored(self) -> int:
        owners = {by for kind, by, _ in self.given if kind == "plan"}
        return sum(o for by in owners for kind, _, o in self.funded(by) if kind == "plan")


class Money:
    """Where the driver's part of the price is."""

    def __init__(self, state: dict, captured: int, due: int):
        rest = state["collected"].get("rest") or {}
        amount = lambda name: rest.get(name, {"amount": 0})["amount"]
        self.captured, self.owed = captured, due - captured
        for name in ("paid", "credited", "waived", "lost", "returned", "guaranteed"):
            setattr(self, name, amount(name))
        self.outstanding = self.owed + self.returned - self.paid - self.credited - self.waived - self.lost


def cover_of(sale: Sale, money: Money, state: dict):
    """(what the sale comes to, of that what is expected, of that what is covered)"""
    sponsored = sale.sponsored()
    unfunded = sponsored - state["plan"]["funded"]["amount"] if "plan" in state else 0
    whole = sale.due + sponsored
    expected = whole - money.lost
    return whole, expected, expected - money.outstanding - unfunded + money.guaranteed


def portion(amount: int, part: int, whole: int) -> int:
    return amount if whole == 0 or amount <= 0 else down(Fraction(amount * part, whole))


def owed_to(sale: Sale, money: Money, state: dict, party: str):
    """What a payee is owed, and of that what money is there for; in the currency of the sale."""
    whole, expected, covered = cover_of(sale, money, state)
    share = portion(sale.paid_to(party), expected, whole)
    claim = state["claim"]
    granted = claim["granted"]["amount"] + claim.get("conceded", {"amount": 0})["amount"]
    granted = granted if party == sale.seller else 0
    return share + granted, portion(share, covered, expected) + granted


def rate_between(origin: str, target: str, rates: list) -> Fraction:
    """Units of the target for one of the origin, at ten decimals where it is derived."""
    for each in rates:
        if (each["base"], each["quote"]) == (origin, target):
            return exact(each["rate"])
    ten = lambda value: Fraction(half_away(value * 10**10), 10**10)
    for each in rates:
        if (each["base"], each["quote"]) == (target, origin):
            return ten(1 / exact(each["rate"]))
    for left in rates:
        for right in rates:
            same = all(left[k] == right[k] for k in ("base", "source", "asOf"))
            if same and left["quote"] == origin and right["quote"] == target:
                return ten(exact(right["rate"]) / exact(left["rate"]))
    raise ValueError(f"no rate from {origin} to {target}")


def convert(amount: int, origin: str, target: str, rates: list) -> int:
    if origin == target:
        return amount
    value = Fraction(amount, 10 ** digits(origin)) * rate_between(origin, target, rates)
    return half_away(value * 10 ** digits(target))


def booked_for(sale: Sale, money: Money, state: dict, terms: dict) -> dict:
    """What stands on every account because of this sale: debits positive."""
    books, unit = defaultdict(int), sale.currency
    platform = lambda name, leg: f"{name}:{leg['id']}:{unit}"
    pending = lambda party: f"liability:{party}:{unit}:pending"
    debtor = terms["debtor"]["id"]
    debt = f"asset:receivable:{debtor}:{unit}"
    source = debt if money.captured == 0 else state["collected"]["source"]

    def move(debit: str, credit: str, amount: int) -> None:
        books[debit] += amount
        books[credit] -= amount

    for leg in sale.legs:
        country = leg["tax"][2]
        payer = source if leg["recipient"] == sale.driver else pending(leg["recipient"])
        earner = pending(leg["supplier"])
        pays = (payer, payer)
        if is_platform(leg["recipient"]):
            pays = (platform("expense", leg), f"asset:input_vat:{country}:{unit}")
        earns = (earner, earner)
        if is_platform(leg["supplier"]):
            earns = (platform("revenue", leg), f"liability:vat:{country}:{unit}")
        move(pays[0], earns[0], leg["net"])
        move(pays[1], earns[1], leg["vat"])
    for party in {by for _, by, _ in sale.given}:
        for _, own, owed in sale.funded(party):
            move(pending(party), source, own)
            move(f"asset:sponsored:{party.split(':', 1)[1]}:{unit}", source, owed)
    if money.captured != 0:
        move(debt, source, money.owed)
    bank, account = f"asset:bank:{unit}", f"asset:on_account:{debtor}:{unit}"
    move(bank, debt, money.paid)
    move(debt, account, money.returned)
    move(account, debt, money.credited)
    move(f"expense:waived:{unit}", debt, money.waived)
    whole, expected, _ = cover_of(sale, money, state)
    borne = 0
    for payout in terms["payouts"]:
        party = key(payout["payee"])
        gone = sale.paid_to(party) - portion(sale.paid_to(party), expected, whole)
        borne += gone
        move(pending(party), debt, gone)
    move(f"expense:lost:{unit}", debt, money.lost - borne)
    claim = state["claim"]
    move(f"rounding:{unit}", pending(sale.seller), claim["granted"]["amount"])
    seller = sale.seller.split(":", 1)[1]
    move(f"suspense:cdr:{seller}:{unit}", f"liability:cpo:{seller}:{unit}:disputed", claim["held"]["amount"])
    if "conceded" in claim:
        move(f"expense:claims:{unit}", pending(sale.seller), claim["conceded"]["amount"])
    fee = state["collected"]["fee"]
    if fee is not None:
        at = fee["currency"]
        move(f"expense:psp_fee:{at}", f"asset:psp:{at}", fee["amount"])
    for back in state.get("chargebacks") or ([state["chargeback"]] if "chargeback" in state else []):
        at = back["amount"]["currency"]
        if back.get("bearer", "platform") != "platform" or back.get("reserved"):
            raise ValueError("this outsider knows no chargeback that somebody else bears")
        where = f"asset:chargeback:{at}" if back["state"] == "open" else f"expense:chargeback:{at}"
        if back["state"] != "won":
            move(where, state["collected"]["source"], back["amount"]["amount"])
    for payout in terms["payouts"]:
        party, target = key(payout["payee"]), payout["currency"]
        if target != unit:
            owed, _ = owed_to(sale, money, state, party)
            other = convert(owed, unit, target, terms["rates"])
            move(pending(party), f"clearing:fx:{unit}", owed)
            move(f"clearing:fx:{target}", f"liability:{party}:{target}:pending", other)
    return {account: amount for account, amount in books.items() if amount != 0}


def less_given_back(price: dict, amount: int) -> dict:
    """A price of which so much was given back: each rate's tax falls as its gross does."""
    gross = price["gross"] - amount
    weights = [each["gross"] for each in price["lines"]]
    parts = largest_remainder(gross, weights) if any(weights) else [0 for _ in weights]
    lines = []
    for each, part in zip(price["lines"], parts):
        vat = half_away(Fraction(each["vat"] * part, each["gross"])) if each["gross"] else 0
        lines.append({"rate": each["rate"], "gross": part, "vat": vat, "net": part - vat})
    vat = sum(each["vat"] for each in lines)
    return {"lines": lines, "gross": gross, "vat": vat, "net": gross - vat}
