"""The balance of an account is its opening balance plus the sum of its bookings, whatever is done.

Any sequence of writes, taken or refused, one after the other or many at once.
"""

import json
import random
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 200
MOST = Decimal("999999999999.99")
WRITERS, WRITES = 4, 60
REFUSALS = ("PT404", "PT409", "PT422")

cents = st.integers(-(10**14) + 1, 10**14 - 1) | st.integers(-50_000, 50_000)
amounts = cents.map(lambda n: Decimal(n) / 100)
days = st.dates(date(2024, 12, 1), date(2026, 12, 31))
place = st.integers(0, 9)
bookings = st.fixed_dictionaries(
    {"account": place, "amount": amounts, "day": days, "number": st.none() | st.integers(1, 6)}
)
writes = st.one_of(
    st.tuples(st.just("open"), amounts),
    st.tuples(st.just("reopen"), place, amounts),
    st.tuples(st.just("add"), bookings),
    st.tuples(st.just("batch"), st.lists(bookings, min_size=1, max_size=6)),
    st.tuples(st.just("edit"), place, st.none() | place, st.none() | amounts),
    st.tuples(st.just("drop"), place),
)


@dataclass
class Booked:
    """One booking as the model knows it."""

    account: int
    amount: Decimal
    day: Any
    number: int | None


@dataclass
class Model:
    """What a plain ledger would hold, by key."""

    openings: dict[int, Decimal] = field(default_factory=dict)
    bookings: dict[int, Booked] = field(default_factory=dict)

    def balances(self) -> dict[int, Decimal]:
        """Opening balance plus sum, by account."""
        sums = dict(self.openings)
        for one in self.bookings.values():
            sums[one.account] += one.amount
        return sums

    def fits(self) -> bool:
        """Whether every balance can be held."""
        return all(abs(balance) <= MOST for balance in self.balances().values())

    def numbers_differ(self) -> bool:
        """Whether no account has the bank's number twice."""
        found = [(one.account, one.number) for one in self.bookings.values() if one.number]
        return len(found) == len(set(found))


def take(connection: psycopg.Connection[Any], user_id: int, *, is_local: bool = True) -> None:
    """Names whose request it is, as each statement of the service does."""
    connection.execute("select set_config('app.user_id', %s, %s)", [str(user_id), is_local])


class Ledger:
    """A user's ledger through the functions of api, with a model beside it."""

    def __init__(self, connection: psycopg.Connection[Any], user_id: int) -> None:
        self.connection, self.user_id, self.model = connection, user_id, Model()

    def call(self, statement: str, *values: Any) -> Any:
        """The answer, or None when it was refused with a 4xx."""
        try:
            with self.connection.transaction():
                take(self.connection, self.user_id)
                row = self.connection.execute(statement.encode(), values).fetchone()
        except psycopg.Error as error:
            if error.sqlstate not in REFUSALS:
                raise
            return None
        assert row is not None
        return row[0]

    def do(self, write: tuple[Any, ...]) -> None:
        """One write, to the ledger and to the model; both take it or both refuse it."""
        kind, *values = write
        getattr(self, kind)(*values)

    def nth(self, keys: dict[int, Any], index: int) -> int:
        """A key that is there, or one that is not."""
        return sorted(keys)[index] if index < len(keys) else 999_999_999_999

    def open(self, amount: Decimal) -> None:
        answer = self.call(
            "select api.account_add(%s, 'A', _opening_balance => %s)", self.user_id, amount
        )
        self.model.openings[answer["id"]] = amount

    def reopen(self, index: int, amount: Decimal) -> None:
        account = self.nth(self.model.openings, index)
        answer = self.call(
            "select api.account_edit(%s, %s, '{}', _opening_balance => %s)",
            self.user_id,
            account,
            amount,
        )
        before = self.model.openings.get(account)
        if before is None:
            assert answer is None
            return
        self.model.openings[account] = amount
        assert (answer is not None) == self.model.fits()
        if answer is None:
            self.model.openings[account] = before

    def add(self, booking: dict[str, Any]) -> None:
        account = self.nth(self.model.openings, booking["account"])
        answer = self.call(
            "select api.transaction_add(%s, %s, %s, %s, 'x', _external_id => %s)",
            self.user_id,
            account,
            booking["amount"],
            booking["day"],
            booking["number"] and str(booking["number"]),
        )
        self._took([(account, booking)], None if answer is None else [answer["id"]])

    def batch(self, items: list[dict[str, Any]]) -> None:
        named = [(self.nth(self.model.openings, item["account"]), item) for item in items]
        body = [
            {
                "account_id": account,
                "amount": item["amount"],
                "transaction_date": item["day"].isoformat(),
                "description": "x",
                "external_id": item["number"] and str(item["number"]),
            }
            for account, item in named
        ]
        answer = self.call(
            "select api.batch_add(%s, %s)", self.user_id, json.dumps(body, default=str)
        )
        self._took(named, None if answer is None else answer["ids"])

    def _took(self, named: list[tuple[int, dict[str, Any]]], keys: list[int] | None) -> None:
        is_known = all(account in self.model.openings for account, _ in named)
        trial = keys or [-1 - number for number in range(len(named))]
        if is_known:
            for key, (account, item) in zip(trial, named, strict=True):
                self.model.bookings[key] = Booked(
                    account, item["amount"], item["day"], item["number"]
                )
        assert (keys is not None) == (
            is_known and self.model.fits() and self.model.numbers_differ()
        )
        if keys is None:
            for key in trial:
                self.model.bookings.pop(key, None)

    def edit(self, index: int, to: int | None, amount: Decimal | None) -> None:
        key = self.nth(self.model.bookings, index)
        account = None if to is None else self.nth(self.model.openings, to)
        answer = self.call(
            "select api.transaction_edit(%s, %s, '{}', _account_id => %s, _amount => %s)",
            self.user_id,
            key,
            account,
            amount,
        )
        before = self.model.bookings.get(key)
        if before is None or (account is not None and account not in self.model.openings):
            assert answer is None
            return
        self.model.bookings[key] = Booked(
            account or before.account,
            before.amount if amount is None else amount,
            before.day,
            before.number,
        )
        assert (answer is not None) == (self.model.fits() and self.model.numbers_differ())
        if answer is None:
            self.model.bookings[key] = before

    def drop(self, index: int) -> None:
        key = self.nth(self.model.bookings, index)
        answer = self.call("select api.transaction_drop(%s, %s)", self.user_id, key)
        assert (answer is not None) == (key in self.model.bookings) or not self._fits_without(key)
        if answer is not None:
            del self.model.bookings[key]

    def _fits_without(self, key: int) -> bool:
        kept = {k: v for k, v in self.model.bookings.items() if k != key}
        return Model(self.model.openings, kept).fits()

    def pages(self, limit: int) -> list[int]:
        """Keys of all bookings, page by page."""
        keys: list[int] = []
        cursor = None
        while True:
            answer = self.call(
                "select api.transaction_list(%s, _limit => %s, _cursor => %s)",
                self.user_id,
                limit,
                cursor,
            )
            keys += [item["id"] for item in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                return keys


@pytest.fixture(scope="module")
def connection(shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """Autocommit, so that every call is a transaction of its own, as in service."""
    with psycopg.connect(shared_database, autocommit=True) as opened:
        yield opened


def new_user(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "select core.user_add(%s)", [f"{secrets.token_hex(8)}@example.org"]
    ).fetchone()
    assert row is not None
    return int(row[0])


def drop_user(connection: psycopg.Connection[Any], user_id: int) -> None:
    connection.execute("delete from data.users where id = %s", [user_id])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(writes, min_size=3, max_size=25), st.integers(1, 7))
def test_a_balance_is_the_opening_balance_plus_the_sum_of_its_bookings(
    connection: psycopg.Connection[Any], todo: list[tuple[Any, ...]], limit: int
) -> None:
    ledger = Ledger(connection, new_user(connection))
    try:
        ledger.open(Decimal("100.00"))
        ledger.open(Decimal(0))
        for write in todo:
            ledger.do(write)
        held = connection.execute(
            "select id, current_balance from data.accounts where user_id = %s", [ledger.user_id]
        ).fetchall()
        assert dict(held) == ledger.model.balances()
        faults = connection.execute(
            "select * from core.balance_faults(%s)", [ledger.user_id]
        ).fetchall()
        assert faults == []
        in_order = sorted(
            ledger.model.bookings,
            key=lambda key: (ledger.model.bookings[key].day, key),
            reverse=True,
        )
        assert ledger.pages(limit) == in_order
    finally:
        drop_user(connection, ledger.user_id)


def test_writers_at_once_neither_deadlock_nor_lose_a_cent(
    shared_database: str, connection: psycopg.Connection[Any]
) -> None:
    user_id = new_user(connection)
    accounts = [
        connection.execute("select core.account_add(%s, 'A')", [user_id]).fetchone()[0]  # type: ignore[index]
        for _ in range(3)
    ]
    seed = secrets.randbits(32)
    failures: list[str] = []

    def write(number: int) -> None:
        chance = random.Random(seed + number)
        with psycopg.connect(shared_database, autocommit=True) as own:
            take(own, user_id, is_local=False)
            for _ in range(WRITES):
                try:
                    one_write(own, chance)
                except psycopg.Error as error:
                    if error.sqlstate != "PT404":  # another writer has dropped it
                        failures.append(f"{error.sqlstate} {error}")

    def one_write(own: psycopg.Connection[Any], chance: random.Random) -> None:
        amount = Decimal(chance.randint(-9999, 9999)) / 100
        some = chance.sample(accounts, 2)
        kind = chance.choice(("batch", "edit", "edit", "drop"))
        if kind == "batch":
            items = [
                {
                    "account_id": chance.choice(accounts),
                    "amount": str(amount),
                    "transaction_date": "2025-01-01",
                    "description": "x",
                }
                for _ in range(8)
            ]
            own.execute("select core.batch_add(%s, %s)", [user_id, json.dumps(items)])
            return
        row = own.execute(
            "select id from data.transactions where user_id = %s order by id desc"
            " offset %s limit 1",
            [user_id, chance.randint(0, 10)],
        ).fetchone()
        if row is None:
            return
        if kind == "edit":
            own.execute(
                "select api.transaction_edit(%s, %s, '{}', _account_id => %s, _amount => %s)",
                [user_id, row[0], some[0], amount],
            )
        else:
            own.execute("select api.transaction_drop(%s, %s)", [user_id, row[0]])

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    faults = connection.execute("select * from core.balance_faults(%s)", [user_id]).fetchall()
    drop_user(connection, user_id)
    assert failures == [], f"seed {seed}"
    assert faults == [], f"seed {seed}"
