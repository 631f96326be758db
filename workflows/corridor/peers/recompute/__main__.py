"""Computes again what the product says of money, from its rows as JSON lines: `python3 recompute FILE [--plant WHAT]`.

Standard library only, and nothing of the product's own code. Prints every difference with both figures, and what was
compared; the exit code is 1 where anything differs.
"""

import json
import sys
from collections import defaultdict
from decimal import Decimal

from checks import Report, Session


class World:
    """The rows, and the ways to find them."""

    def __init__(self, lines):
        self.rows = defaultdict(list)
        for line in lines:
            found = json.loads(line, parse_float=Decimal)
            self.rows[found["table"]].append(found["row"])

    def index(self) -> None:
        self.by_id = {
            name: {row["id"]: row for row in rows if "id" in row} for name, rows in self.rows.items()
        }
        self.agreements = {f"{row['id']}@{row['version']}": row for row in self.rows["agreements"]}
        for name in ("accounts", "connectors", "evses", "locations", "cdrs", "quotes"):
            self.by_id.setdefault(name, {})
        self.tariffs = {(row["id"], row["version"]): row for row in self.rows["tariffs"]}
        self.terms = {row["session_id"]: row for row in self.rows["session_terms"]}
        self.by_session = defaultdict(lambda: defaultdict(list))
        for name, rows in self.rows.items():
            for row in rows:
                if row.get("session_id") is not None:
                    self.by_session[name][row["session_id"]].append(row)
        codes = {row["id"]: row["code"] for row in self.rows["ledger_accounts"]}
        self.postings = defaultdict(list)
        for row in self.rows["ledger_postings"]:
            self.postings[row["entry_id"]].append((codes[row["account_id"]], row["amount_minor"]))

    def of(self, table: str, session: str) -> list:
        return self.by_session[table][session]


def currency_of(account: str) -> str:
    parts = account.split(":")
    return parts[-2] if parts[-1] in ("pending", "disputed", "reserve") else parts[-1]


def check_books(world: World, report: Report) -> None:
    """Every entry and every currency comes to zero; sums that were written down are those of the postings."""
    accounts, through = defaultdict(int), defaultdict(list)
    for entry in world.rows["ledger_entries"]:
        sums = defaultdict(int)
        for account, amount in world.postings[entry["id"]]:
            sums[currency_of(account)] += amount
            accounts[account] += amount
            through[account].append((entry["id"], amount))
        report.same(entry["idempotency_key"], "entry", [c for c, s in sums.items() if s != 0], [])
    codes = {row["id"]: row["code"] for row in world.rows["ledger_accounts"]}
    for row in world.rows["ledger_balances"]:
        code = codes[row["account_id"]]
        own = sum(amount for entry, amount in through[code] if entry <= row["through_entry"])
        report.same(code, "balance", int(Decimal(row["debit"])) - int(Decimal(row["credit"])), own)
    check_payees(world, report, accounts)


def check_payees(world: World, report: Report, accounts: dict) -> None:
    """Each settlement is its payables less what was kept back, and what a payee is owed is what was not paid."""
    keys = {entry["idempotency_key"]: entry for entry in world.rows["ledger_entries"]}
    owed, statements = defaultdict(int), {r["settlement_id"]: r["statement"] for r in world.rows["statements"]}
    of_settlement = defaultdict(int)
    for row in world.rows["payables"]:
        name = f"liability:{row['role']}:{row['payee_id']}:{row['currency']}:pending"
        owed[name] += row["amount_minor"]
        if row["settlement_id"] is not None:
            of_settlement[row["settlement_id"]] += row["amount_minor"]
    for row in world.rows["settlements"]:
        name = f"liability:{row['role']}:{row['payee_id']}:{row['currency']}:pending"
        entry = keys.get(f"{row['id']}:netting")
        kept = sum(a for code, a in world.postings[entry["id"]] if code == name) if entry else 0
        report.same(row["id"], "settlement", row["amount_minor"], of_settlement[row["id"]] - kept)
        owed[name] -= kept
        if row["state"] in ("paid", "in_transit"):
            owed[name] -= row["amount_minor"]
        statement = statements.get(row["id"])
        if statement is None:
            continue
        lines = sum(line["amount"]["amount"] for line in statement["lines"])
        netted = statement.get("netted", {"amount": 0})["amount"]
        report.same(row["id"], "statement total", statement["total"]["amount"], row["amount_minor"])
        report.same(row["id"], "statement sum", lines + netted, row["amount_minor"])
    for name in sorted(set(owed) | {code for code in accounts if code.endswith(":pending")}):
        sold = accounts.get(name, 0)
        report.same(name, "payee", -sold, owed.get(name, 0))


def plant(world: World, what: str) -> None:
    """One unit, or one rate, that the product did not say."""
    sale = next(row for row in world.rows["sales"] if row["split"]["legs"][1]["net"]["amount"] > 0)
    if what == "leg":
        sale["split"]["legs"][1]["net"]["amount"] += 1
    elif what == "vat":
        sale["split"]["legs"][0]["treatment"]["rate"] = "7"
    elif what == "ledger":
        entry = next(e for e in world.rows["ledger_entries"] if e["session_id"] == sale["session_id"])
        first, second = [p for p in world.rows["ledger_postings"] if p["entry_id"] == entry["id"]][:2]
        first["amount_minor"] += 1
        second["amount_minor"] -= 1
    elif what == "conversion":
        found = next(row for row in world.rows["sales"] if row["conversions"])
        found["conversions"][0]["conversion"]["to"]["amount"] += 1
    elif what == "statement":
        world.rows["statements"][0]["statement"]["lines"][0]["amount"]["amount"] += 1
    elif what == "invoice":
        world.rows["invoices"][0]["body"]["lines"][0]["net"]["amount"] += 1
    elif what == "price":
        sale["verdict"]["verdict"]["payable"]["gross"]["amount"] -= 1
    elif what == "capture":
        next(p for p in world.rows["payments"] if p["status"] == "captured")["captured_minor"] += 1
    else:
        raise SystemExit(f"nothing is known to plant in a {what}")


def main(file: str, planted) -> int:
    with open(file, encoding="utf-8") as lines:
        world = World(lines)
    if planted is not None:
        plant(world, planted)
    world.index()
    report = Report()
    for row in world.rows["sessions"]:
        try:
            Session(row, world, report).check()
        except (KeyError, ValueError, TypeError, StopIteration, IndexError, AttributeError) as error:
            report.differences.append(f"{row['id']} · cannot be computed · {type(error).__name__} {error}")
    check_books(world, report)
    for difference in report.differences:
        print(difference)
    for why, count in sorted(report.left.items()):
        print(f"left out: {count} {why}")
    compared = ", ".join(f"{count} {what}" for what, count in sorted(report.checked.items()))
    print(f"{len(world.rows['sessions'])} sessions; compared {compared}")
    print(f"{len(report.differences)} differences")
    return 1 if report.differences else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    wanted = arguments[arguments.index("--plant") + 1] if "--plant" in arguments else None
    raise SystemExit(main(arguments[0], wanted))
