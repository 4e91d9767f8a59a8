"""Whatever is done to a ledger, in whatever order, and whatever of it is refused, it adds up.

Balances are opening balance plus sum, parts and legs fit, a budget is a plain recount of the
bookings, and the summary over all users is what a refresh finds. What is refused changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.server import Server

EXAMPLES = 60
REFUSED = ("PT404", "PT409", "PT422", "23514")
FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)

cents = (st.integers(-20, 20).map(lambda n: n * 100) | st.integers(-40_000, 40_000)).filter(bool)
amounts = cents.map(lambda number: Decimal(number) / 100)
days = st.dates(date(2026, 1, 25), date(2026, 3, 5))
place = st.integers(0, 30)
small = st.integers(0, 3)  # an account or a subcategory; the last one is nobody's
ledgers = st.lists(
    st.one_of(
        st.tuples(st.just("add"), small, amounts, days, small),
        st.tuples(st.just("hold"), small, amounts, days, small),
        st.tuples(st.just("batch"), st.lists(st.tuples(small, amounts, days), max_size=4)),
        st.tuples(st.just("edit"), place, small, amounts, days),
        st.tuples(st.just("file"), place, small),
        st.tuples(st.just("drop"), place),
        st.tuples(st.just("post"), place, amounts),
        st.tuples(st.just("split"), place, st.lists(st.tuples(amounts, small), max_size=3)),
        st.tuples(st.just("move"), small, small, amounts, days),
        st.tuples(st.just("match"), st.booleans()),
        st.tuples(st.just("part"), place),
        st.tuples(st.just("import"), small, st.lists(st.tuples(amounts, days), max_size=5)),
        st.tuples(st.just("undo"), place),
        st.tuples(st.just("burst"), small, days),
    ),
    min_size=5,
    max_size=25,
)

# Each kind of write once, so that none of them depends on what chance draws.
FIVE = Decimal(5)
ONE_OF_EACH: list[tuple[Any, ...]] = [
    ("add", 0, FIVE, FIRST, 0),
    ("hold", 0, FIVE, FIRST, 0),
    ("batch", [(0, FIVE, FIRST)]),
    ("edit", 0, 1, FIVE, FIRST),
    ("file", 0, 1),
    ("split", 0, [(Decimal(2), 0)]),
    ("post", 0, Decimal(9)),
    ("move", 0, 1, FIVE, FIRST),
    ("part", 0),
    ("match", True),
    ("import", 0, [(Decimal(8), FIRST)]),
    ("undo", 0),
    ("drop", 1),
    ("burst", 0, FIRST),
]


class Ledger:
    """One owner in a transaction that is never kept, written to through the api alone."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.run("insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC')")
        self.run("select set_config('app.user_id', '-1', true), core.category_copy('{-1}')")
        self.accounts = [
            self.ask("account_add", name=name, opening_balance=100, opened_on=FIRST)["id"]
            for name in ("Checking", "Savings", "Cash")
        ]
        for number in range(6):
            self.ask(
                "transaction_add",
                account_id=self.accounts[number % 3],
                amount=(number - 3) * 7 or 14,
                transaction_date=FIRST.replace(day=3 + number),
                description="at first",
                is_pending=number > 2,
            )
        self.subcategories = [
            row[0]
            for row in self.run(
                "select id from data.subcategories where user_id = -1 order by id limit 3"
            )
        ]

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement."""
        cursor = self._connection.execute(statement, values)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []

    def ask(self, function: str, **fields: Any) -> Any:
        """What an api function answers to its owner."""
        named = ", ".join(f"_{name} => %s" for name in fields)
        values = [
            json.dumps(value, default=str) if isinstance(value, dict | list) else value
            for value in fields.values()
        ]
        statement = f"select api.{function}(_user_id => -1{', ' if named else ''}{named})"
        [[answer]] = self.run(statement, *values)
        return answer

    def nth(self, table: str, number: int, rule: str = "true") -> int:
        """Key of some row of a table, by number; one that is not there when there are none."""
        keys = self.run(f"select id from data.{table} where user_id = -1 and {rule} order by id")
        return int(keys[number % len(keys)][0]) if keys else 999_999

    def account(self, number: int) -> int:
        """One of the accounts, or one that is not there."""
        return self.accounts[number] if number < 3 else 999_999

    def subcategory(self, number: int) -> int | None:
        """One of the subcategories, or none."""
        return self.subcategories[number] if number < 3 else None

    def plan(self) -> int:
        """Key of a budget for the month, with an envelope for two of the subcategories."""
        period = self.ask("period_add", kind="monthly", starts_on=FIRST)["id"]
        budget = self.ask("budget_add", budget_period_id=period, name="February")["id"]
        for sub in self.subcategories[:2]:
            self.ask("allocation_add", budget_id=budget, subcategory_id=sub, amount=50)
        return int(budget)

    def stand(self) -> Any:
        """A fingerprint of everything."""
        tables = ("accounts", "transactions", "transaction_splits", "dropped_transactions")
        parts = " || ".join(
            f"coalesce((select md5(string_agg(r::text, '|' order by r::text)) from data.{table}"
            " as r where user_id = -1), '')"
            for table in tables
        )
        return self.run(f"select {parts}")


def add(ledger: Ledger, account: int, amount: Decimal, on: date, sub: int, **more: Any) -> None:
    ledger.ask(
        "transaction_add",
        account_id=ledger.account(account),
        amount=amount,
        transaction_date=on,
        description="something",
        subcategory_id=ledger.subcategory(sub),
        **more,
    )


def burst(ledger: Ledger, account: int, on: date) -> None:
    """Half of it fits, and then the balance would pass what can be written."""
    batch(ledger, [(account, Decimal("999999999999.99"), on)] * 2)


def batch(ledger: Ledger, items: Iterable[tuple[int, Decimal, date]]) -> None:
    ledger.ask(
        "batch_add",
        items=[
            {
                "account_id": ledger.account(account),
                "amount": float(amount),
                "transaction_date": on,
                "description": "one of many",
            }
            for account, amount, on in items
        ],
    )


def edit(ledger: Ledger, number: int, account: int, amount: Decimal, on: date) -> None:
    ledger.ask(
        "transaction_edit",
        transaction_id=ledger.nth("transactions", number),
        body={"account_id": 0, "amount": 0, "transaction_date": 0},
        account_id=ledger.account(account),
        amount=amount,
        transaction_date=on,
    )


def file(ledger: Ledger, number: int, sub: int) -> None:
    ledger.ask(
        "transaction_edit",
        transaction_id=ledger.nth("transactions", number),
        body={"subcategory_id": 0},
        subcategory_id=ledger.subcategory(sub),
    )


def split(ledger: Ledger, number: int, parts: list[tuple[Decimal, int]]) -> None:
    """In parts that were drawn, and a last one that makes them add up."""
    booking = ledger.nth("transactions", number)
    held = ledger.run("select amount from data.transactions where id = %s", booking)
    rest = (held[0][0] if held else Decimal(5)) - sum(amount for amount, _ in parts)
    listed = [*parts, (rest, 3)] if parts else []
    ledger.ask(
        "split_set",
        transaction_id=booking,
        splits=[
            {"amount": float(amount), "subcategory_id": ledger.subcategory(sub)}
            for amount, sub in listed
        ],
    )


def move(ledger: Ledger, here: int, there: int, amount: Decimal, on: date) -> None:
    ledger.ask(
        "transfer_add",
        from_account_id=ledger.account(here),
        to_account_id=ledger.account(there),
        amount=abs(amount),
        transaction_date=on,
    )


def bring(ledger: Ledger, account: int, rows: list[tuple[Decimal, date]]) -> None:
    """The same rows twice: the second file adds nothing."""
    for again in (False, True):
        answer = ledger.ask(
            "import_add",
            file={
                "upload_id": None,
                "part": 0,
                "is_last": True,
                "name": "statement.csv",
                "format": "csv",
                "bytes_read": 1,
                "sha256": "0" * 64,
                "fault": None,
            },
            rows=[
                {
                    "line": number,
                    "amount": f"{amount:.2f}",
                    "transaction_date": on,
                    "description": "from the bank",
                }
                for number, (amount, on) in enumerate(rows, 2)
            ],
            account_id=ledger.account(account),
        )
        if again:
            assert answer["new_count"] == 0, answer


ACTIONS: dict[str, Callable[..., None]] = {
    "add": add,
    "hold": lambda ledger, *said: add(ledger, *said, is_pending=True),
    "batch": batch,
    "burst": burst,
    "edit": edit,
    "file": file,
    "drop": lambda ledger, number: ledger.ask(
        "transaction_drop", transaction_id=ledger.nth("transactions", number)
    ),
    "post": lambda ledger, number, amount: ledger.ask(
        "pending_post",
        transaction_id=ledger.nth("transactions", number, "is_pending"),
        amount=amount,
    ),
    "split": split,
    "move": move,
    "match": lambda ledger, dry: ledger.ask(
        "match_take", **{"from": FIRST, "to": LAST}, dry_run=dry
    ),
    "part": lambda ledger, number: ledger.ask(
        "transfer_drop", transfer_id=ledger.nth("transactions", number, "transfer_id = id")
    ),
    "import": bring,
    "undo": lambda ledger, number: ledger.ask(
        "import_undo", import_id=ledger.nth("statement_imports", number)
    ),
}


def done(connection: psycopg.Connection[Any], ledger: Ledger, action: tuple[Any, ...]) -> bool:
    """Does one thing; whether it was taken. What is refused leaves everything as it was."""
    before = ledger.stand()
    refusal = None
    try:
        with connection.transaction():
            ACTIONS[action[0]](ledger, *action[1:])
    except psycopg.Error as error:
        refusal = error
    if refusal is not None:
        assert refusal.sqlstate in REFUSED, (action, refusal.sqlstate, str(refusal))
        assert ledger.stand() == before, action
    return refusal is None


def recount(ledger: Ledger) -> dict[tuple[int | None, date], Decimal]:
    """What each subcategory has cost (refunds taken off) by month: plainly, from the rows."""
    parts = defaultdict(list)
    for booking, sub, amount in ledger.run(
        "select transaction_id, subcategory_id, amount from data.transaction_splits"
        " where user_id = -1"
    ):
        parts[booking].append((sub, amount))
    costs: dict[tuple[int | None, date], Decimal] = defaultdict(Decimal)
    for booking, sub, amount, on, transfer in ledger.run(
        "select id, subcategory_id, amount, transaction_date, transfer_id"
        " from data.transactions where user_id = -1"
    ):
        if transfer is None:
            for part, share in parts.get(booking, [(sub, amount)]):
                costs[part, on.replace(day=1)] -= share
    return costs


def check_ledger(ledger: Ledger) -> None:
    """Every balance, every part, every leg."""
    for opening, current, booked in ledger.run(
        "select opening_balance, current_balance, (select sum(amount) from data.transactions as t"
        " where t.user_id = a.user_id and t.account_id = a.id)"
        " from data.accounts as a where user_id = -1"
    ):
        assert current == opening + (booked or 0)
    check = ledger.ask("balance_check")
    assert check["is_right"], check


def check_budget(ledger: Ledger, budget: int) -> None:
    """What each envelope has spent, and what was spent beside them, at the end of the month."""
    found = ledger.ask("tally_read", budget_id=budget, as_of=LAST)
    # Numbers of json: money has two decimals, so a float that is near enough is the amount.
    spent = {one["subcategory_id"]: one["spent"] for one in found["envelopes"]}
    beside = {one["subcategory_id"]: one["spent"] - one["received"] for one in found["unallocated"]}
    plain = {sub: float(cost) for (sub, month), cost in recount(ledger).items() if month == FIRST}
    assert set(spent) == set(ledger.subcategories[:2])
    assert spent == {sub: pytest.approx(plain.get(sub, 0)) for sub in spent}
    others = {sub for sub in (*plain, *beside) if sub not in spent and sub is not None}
    assert {sub: beside.get(sub, 0) for sub in others} == {
        sub: pytest.approx(plain.get(sub, 0)) for sub in others
    }


def check_summary(ledger: Ledger) -> None:
    """The summary of everybody, made anew, says of this owner what a recount says."""
    assert ledger.run("select outcome from core.mart_refresh()") == [("refreshed",)]
    summed = {
        (sub or None, month): spent - received
        for sub, month, spent, received in ledger.run(
            "select subcategory_id, month_on, spent, received from mart.user_spending_summary"
            " where user_id = -1"
        )
    }
    plain = recount(ledger)
    assert {key: cost for key, cost in summed.items() if cost} == {
        key: cost for key, cost in plain.items() if cost
    }


@pytest.mark.slow
def test_whatever_is_done_to_a_ledger_it_adds_up(
    new_database: Callable[..., str], server: Server
) -> None:
    taken: dict[str, int] = defaultdict(int)
    with psycopg.connect(server.dsn(new_database())) as connection:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @example(ONE_OF_EACH)
        @given(ledgers)
        def law(actions: list[tuple[Any, ...]]) -> None:
            try:
                ledger = Ledger(connection)
                budget = ledger.plan()
                for action in actions:
                    taken[action[0]] += done(connection, ledger, action)
                check_ledger(ledger)
                check_budget(ledger, budget)
                check_summary(ledger)
            finally:
                connection.rollback()

        law()
    assert set(taken) == set(ACTIONS)
    never = [name for name, count in taken.items() if count == 0]
    assert never == ["burst"], f"never taken: {never}"
