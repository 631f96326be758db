"""What the product says of each session beside what the outsider computes of it."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from amounts import digits, exact, half_away, largest_remainder, minor
from rating import factor, instant, lowered, moment, price
from sale import Money, Sale, booked_for, convert, key, less_given_back, owed_to, portion

# Watts a car usually takes where a quote is asked for without saying how long: by current, and where it is less.
TYPICAL = {("AC", "GB"): 7_000, ("AC", None): 11_000, ("DC", None): 100_000}


class Report:
    def __init__(self):
        self.checked, self.differences, self.left = defaultdict(int), [], defaultdict(int)

    def same(self, subject: str, what: str, product, own) -> None:
        self.checked[what.split(" ")[0]] += 1
        if product != own:
            self.differences.append(f"{subject} · {what} · product {product} · outsider {own}")

    def leave(self, why: str) -> None:
        self.left[why] += 1


def totals(stated: dict) -> dict:
    """The product's totals in the outsider's form."""
    return {
        "net": stated["net"]["amount"],
        "vat": stated["vat"]["amount"],
        "gross": stated["gross"]["amount"],
        "lines": [
            {"rate": each["rate"], **{part: each[part]["amount"] for part in ("net", "vat", "gross")}}
            for each in stated["vat_lines"]
        ],
    }


def least(priced: list) -> dict:
    """The first of the lowest prices."""
    return min(priced, key=lambda each: each["totals"]["gross"])


NOTHING = {"net": 0, "vat": 0, "gross": 0, "lines": []}


class Session:
    """One session with its rows."""

    def __init__(self, row: dict, world, report: Report):
        self.row, self.id, self.world, self.report = row, row["id"], world, report
        self.quote = world.by_id["quotes"][row["quote_id"]]
        self.body = self.quote["body"]
        self.policy = self.body["rating_policy"]
        self.tariff = world.tariffs[(self.quote["tariff_id"], self.quote["tariff_version"])]["canonical"]
        self.sales = sorted(world.of("sales", self.id), key=lambda sale: sale["revision"])
        self.agreed = self.body.get("agreement")

    def same(self, what: str, product, own) -> None:
        self.report.same(self.id, what, product, own)

    def expected_usage(self) -> dict:
        """The session that the quote is shown for."""
        plug = self.world.by_id["connectors"][self.quote["connector_id"]]
        evse = self.world.by_id["evses"][self.quote["evse_id"]]
        site = self.world.by_id["locations"][evse["location_id"]]
        current = "DC" if plug["power_type"] == "DC" else "AC"
        power = TYPICAL.get((current, site["country"]), TYPICAL[(current, None)])
        power = min(plug["max_power_w"], power)
        est = self.body["est"]
        charging = max(1, half_away(Fraction(est["energy_wh"] * 3_600, power)))
        begin = instant(self.body["created_at"])
        at = lambda seconds: moment(begin + seconds).isoformat()
        kw = str(Decimal(power) / 1_000)
        short = min(charging, est["duration_s"])
        first = {
            "start": at(0),
            "end": at(short),
            "charging": True,
            "energy_kwh": str(Decimal(est["energy_wh"]) / 1_000),
            "min_power_kw": kw,
            "max_power_kw": kw,
        }
        periods = [first]
        if est["duration_s"] > short:
            periods.append({"start": at(short), "end": at(est["duration_s"]), "charging": False})
        return {
            "started_at": at(0),
            "ended_at": at(max(short, est["duration_s"])),
            "time_zone": site["time_zone"],
            "periods": periods,
        }

    def check_quote(self, terms: dict) -> None:
        usage = self.expected_usage()
        public = price(self.tariff, usage, self.policy, is_cut=True)
        self.same("quote public", self.body["public_price_total"]["amount"], public["totals"]["gross"])
        applied = public["totals"]
        if self.body["basis"] == "rate_agreement":
            applied = least([public, price(self.agreed["tariff"], usage, self.policy, is_cut=True)])["totals"]
        if self.body["basis"] == "plan":
            return self.report.leave("quotes of plans: what is left of the allowance is no figure of the quote")
        due = applied["gross"]
        if self.body["basis"] == "partner_discount":
            due = Sale({**terms, "currency": self.row["currency"]}, applied).due
        self.same("quote applied", self.body["applied_price_total"]["amount"], due)

    def price_of_record(self, sale: dict):
        """What the record of a sale costs, and what it asks above that: granted, held."""
        record = self.world.by_id["cdrs"][sale["cdr_id"]]
        judged, claim = sale["verdict"], record["document"]["claim"]
        basis = judged["verdict"].get("usage_basis", "record")
        if judged["verdict"]["kind"] == "closed_zero" or judged["verdict"]["payable"]["gross"]["amount"] == 0:
            return NOTHING, 0, 0
        if basis not in ("record", "session"):
            self.report.leave(f"prices on the usage basis {basis}")
            return totals(judged["verdict"]["payable"]), 0, 0
        usage = record["usage"] if basis == "record" else judged["input"]["own"]["usage"]
        public = price(self.tariff, usage, self.policy)
        priced = [public]
        if self.agreed is not None:
            priced.append(price(self.agreed["tariff"], usage, self.policy))
        best, currency = least(priced), self.row["currency"]
        asked = public["totals"]["gross"]
        if basis == "session":
            asked = price(self.tariff, record["usage"], self.policy)["totals"]["gross"]
        if claim["total_incl_vat"] is not None:
            asked = minor(exact(claim["total_incl_vat"]), currency)
        elif claim["total_excl_vat"] is not None:
            asked = minor(exact(claim["total_excl_vat"]) * public["gross"] / public["net"], currency)
        self.rated = best
        own = best["totals"] if asked > best["totals"]["gross"] else lowered(asked, best["totals"])
        excess = max(0, asked - public["totals"]["gross"])
        return own, excess if excess <= 1 else 0, excess if excess > 1 else 0

    def check_price(self, sale: dict) -> dict:
        own, granted, held = self.price_of_record(sale)
        self.same("price", totals(sale["verdict"]["verdict"]["payable"]), own)
        state = sale["state"]
        self.whole = None
        if "givenBack" in state:
            self.whole = own
            own = less_given_back(own, state["givenBack"]["amount"]["amount"])
        self.same("price of the sale", totals(sale["split_input"]["sale"]), own)
        if sale["revision"] == 1:
            self.same("claim granted", state["claim"]["granted"]["amount"], granted)
            self.same("claim held", state["claim"]["held"]["amount"], held)
        return own

    def check_plan(self, sale: dict, own: dict):
        """What a plan pays of the price, by the tariff that was left of it."""
        stated = sale["split_input"].get("plan")
        found = [r for r in self.world.of("ratings", self.id) if r["purpose"] == "retail"]
        found = [r for r in found if r["cdr_id"] == sale["cdr_id"] and "contribution" in r["reference"]]
        if not found:
            self.same("plan", stated, None)
            return stated
        usage = self.world.by_id["cdrs"][sale["cdr_id"]]["usage"]
        gross = price(found[0]["tariff"], usage, self.policy, is_cut=True)["totals"]["gross"]
        pays = max(0, own["gross"] - gross)
        if "givenBack" not in sale["state"]:
            self.same("plan", (stated or {"amount": {"amount": 0}})["amount"]["amount"], pays)
        return stated

    def check_legs(self, stated: dict, own: Sale) -> None:
        for leg, mine in zip(stated["legs"], own.legs):
            name = f"leg {mine['id']}"
            for part in ("net", "vat", "gross"):
                self.same(f"{name} {part}", leg[part]["amount"], mine[part])
            tax = leg["treatment"]
            said = (tax["category"], exact(tax["rate"]), tax["jurisdiction"])
            category, rate, country = mine["tax"]
            self.same(f"tax of {mine['id']}", said, (category, exact(rate), country))
        self.same("split legs", [leg["id"] for leg in stated["legs"]], [leg["id"] for leg in own.legs])
        shares = {key(each["party"]): each["amount"]["amount"] for each in stated["shares"]}
        self.same("split shares", shares, own.shares)
        self.same("split tax", stated["tax"]["amount"], own.tax)
        given = [(g["kind"], key(g["by"]), g["amount"]["amount"]) for g in stated["contributions"]]
        self.same("split given", given, own.given)

    def check_agreement(self, terms: dict) -> None:
        """The shares and the parties are those of the agreement and of the accounts."""
        rules = {rule["id"]: rule for rule in terms["policy"]["rules"]}
        standard = ("commission", "partner_share")
        for name in terms["policy"]["id"].split("+"):
            agreement = self.world.agreements.get(name)
            if agreement is None:
                self.same("agreement", name, "one that was signed")
            elif agreement["side"] == "cpo":
                said = rules["commission"]["share"]["bps"]
                self.same("agreement commission", said, agreement["terms"]["commission"]["bps"])
            else:
                said = rules["partner_share"]["share"]["bps"]
                self.same("agreement partner share", said, agreement["terms"]["partnerShareBps"])
        extra = {name: r["share"] for name, r in rules.items() if name not in standard}
        self.same("agreement shares", extra, self.policy_shares(terms))
        for party in terms["parties"]:
            account = self.world.by_id["accounts"].get(party["id"])
            if account is not None:
                self.same("party", (party["country"], party["vatId"]), (account["country"], account["vat_id"]))

    def policy_shares(self, terms: dict) -> dict:
        """The shares of the operator's policy, by rule; nothing where it has none."""
        if "sharing" not in terms:
            return {}
        named = terms["sharing"]["policy"]
        found = [
            row
            for row in self.world.rows["split_policies"]
            if row["id"] == named["id"] and row["version"] == named["version"]
        ]
        return {rule["id"]: rule["share"] for rule in found[0]["terms"]["rules"]}

    def captured(self) -> int:
        paid = [p for p in self.world.of("payments", self.id) if p["status"] == "captured"]
        back = [r for r in self.world.of("refunds", self.id) if r["status"] != "refused"]
        return sum(p["captured_minor"] for p in paid) - sum(r["amount_minor"] for r in back)

    def check_money(self, sale: dict, own: Sale) -> Money:
        stated = sale["state"]["collected"]
        captured = self.captured()
        money = Money(sale["state"], captured, own.due)
        self.same("capture", stated["captured"]["amount"], captured)
        self.same("capture owed", stated["owed"]["amount"], money.owed)
        fees = [p for p in self.world.of("payments", self.id) if p["status"] == "captured"]
        fee = sum(p["psp_fee_minor"] or 0 for p in fees)
        self.same("capture fee", (stated["fee"] or {"amount": 0})["amount"], fee)
        return money

    def check_ledger(self, expected: dict) -> None:
        booked = defaultdict(int)
        for entry in self.world.of("ledger_entries", self.id):
            for account, amount in self.world.postings[entry["id"]]:
                booked[account] += amount
        booked = {account: amount for account, amount in booked.items() if amount != 0}
        for account in sorted(set(booked) | set(expected)):
            self.same(f"ledger {account}", booked.get(account, 0), expected.get(account, 0))

    def check_payables(self, sale: dict, own: Sale, money: Money) -> None:
        terms, state, unit = sale["terms"], sale["state"], self.row["currency"]
        owing = defaultdict(int)
        for row in self.world.of("payables", self.id):
            owing[(f"{row['role']}:{row['payee_id']}", row["waits"])] += row["amount_minor"]
        for payout in terms["payouts"]:
            party, target = key(payout["payee"]), payout["currency"]
            owed, covered = owed_to(own, money, state, party)
            whole = convert(owed, unit, target, terms["rates"])
            due = whole if owed <= 0 else portion(whole, covered, owed)
            self.same(f"payable of {party}", owing[(party, False)], due)
            self.same(f"payable waiting of {party}", owing[(party, True)], whole - due)

    def check_conversions(self, sale: dict, own: Sale) -> None:
        """How the whole share of each payee converts, at every state of the sale."""
        terms, state, unit = sale["terms"], sale["state"], self.row["currency"]
        money = Money(state, state["collected"]["captured"]["amount"], own.due)
        for payout in terms["payouts"]:
            party, target = key(payout["payee"]), payout["currency"]
            owed, _ = owed_to(own, money, state, party)
            stated = [c["conversion"] for c in sale["conversions"] if key(c["payee"]) == party]
            is_same = target == unit or owed == 0
            mine = [] if is_same else [(owed, convert(owed, unit, target, terms["rates"]))]
            said = [(c["from"]["amount"], c["to"]["amount"]) for c in stated]
            self.same(f"conversion of {party}", said, mine)

    def check_statement_lines(self, sale: dict, own: Sale) -> None:
        """Of the first sale: each leg of a payee stands on its statement, with its tax."""
        for row in self.world.of("payables", self.id):
            if row["revision"] != 1 or row["waits"]:
                continue
            party = f"{row['role']}:{row['payee_id']}"
            said = {e["what"]: (e["amount"]["amount"], e["vat"]["amount"]) for e in row["detail"]["lines"]}
            for leg in own.legs:
                sign = 1 if leg["supplier"] == party else -1 if leg["recipient"] == party else 0
                if sign != 0 and leg["gross"] != 0:
                    mine = (sign * leg["gross"], sign * leg["vat"])
                    self.same(f"statement line {leg['id']} of {party}", said.get(leg["id"]), mine)

    def check_invoices(self, prices: dict) -> None:
        """The invoice and its credit notes together are the price."""
        papers = self.world.of("invoices", self.id)
        receipts = [p for p in papers if p["kind"] == "receipt_invoice"]
        notes = [p for p in papers if p["kind"] == "credit_note"]
        final = prices[max(prices)]
        for part in ("net", "vat", "gross"):
            said = sum(p[f"{part}_minor"] for p in receipts) - sum(p[f"{part}_minor"] for p in notes)
            self.same(f"invoice {part}", said, final[part])
        for paper in papers:
            body = paper["body"]
            self.same("invoice lines", sum(e["net"]["amount"] for e in body["lines"]), paper["net_minor"])
            self.same("invoice taxes", sum(e["vat"]["amount"] for e in body["vat"]), paper["vat_minor"])
        for receipt in receipts:
            if len(prices) == 1 and hasattr(self, "rated"):
                self.check_invoice_lines(receipt["body"], prices[1])

    def check_invoice_lines(self, body: dict, own: dict) -> None:
        """Lines of one price are one line; the net of a rate is shared among its lines by what each costs."""
        groups = {}
        for line, net in self.rated["lines"]:
            rate = self.tariff_rate(line.part)
            name = (line.kind, exact(line.part["price"]), rate)
            quantity, sum_ = groups.get(name, (Fraction(0), Fraction(0)))
            groups[name] = (quantity + line.billed, sum_ + net)
        mine = []
        for taxed in own["lines"]:
            members = [(n, g) for n, g in groups.items() if n[2] == taxed["rate"]]
            if not members or all(g[1] == 0 for _, g in members):
                mine.append((taxed["rate"], taxed["net"]))
                continue
            nets = largest_remainder(taxed["net"], [g[1] for _, g in members])
            mine += [(taxed["rate"], net) for net in nets]
        said = [(e["vatRate"], e["net"]["amount"]) for e in body["lines"]]
        self.same("invoice line nets", said, mine)

    def tariff_rate(self, part: dict):
        return part.get("vat", self.policy["absent_vat_rate"])

    def check(self) -> None:
        terms = self.world.terms.get(self.id)
        if terms is not None:
            self.check_quote(terms["terms"])
        if not self.sales:
            self.same("unsold capture", self.captured(), 0)
            self.same("unsold invoices", len(self.world.of("invoices", self.id)), 0)
            return self.check_ledger({})
        prices = {}
        for sale in self.sales:
            own_price = self.check_price(sale)
            prices[sale["revision"]] = own_price
            plan = self.check_plan(sale, own_price)
            given = {**sale["split_input"], "currency": self.row["currency"]}
            pays = None if plan is None else {"by": plan["by"], "amount": plan["amount"]["amount"]}
            own = Sale(given, own_price, pays, self.whole)
            self.check_legs(sale["split"], own)
            self.check_conversions(sale, own)
            if sale["revision"] == 1:
                self.check_agreement(given)
                self.check_statement_lines(sale, own)
        money = self.check_money(sale, own)
        if self.row["total_gross_minor"] is not None:
            self.same("session total", self.row["total_gross_minor"], own_price["gross"])
        self.check_ledger(booked_for(own, money, sale["state"], sale["terms"]))
        self.check_payables(sale, own, money)
        self.check_invoices(prices)
