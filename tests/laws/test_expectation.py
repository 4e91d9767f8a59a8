"""The expectation: no future is read, owners are alone, money has no unit, bands never cross."""

import math
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.server import Server

AS_OF = date(2026, 3, 1)
DAYS = 120
OWNERS = (-1, -2, -3)
CASES = int(os.environ.get("TIDELINE_FUZZ", 25)) // 5
SEEDS = st.integers(0, 10**9)
LAW = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler case
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ARRAYS = """
    select
        user_id, account_id, basis, fitted_on, reserve_cents, opening_cents,
        plan_cents, p10_cents, p50_cents, p90_cents, below, risk_7, risk_30, risk_90
    from core.expectation_arrays(%s, %s, %s)
"""
MANY = """
    select user_id, account_id, on_day, plan, p10, p50, p90
    from core.expectation_many(%s, %s, %s)
"""
BALANCES = """
    update data.accounts as account
    set current_balance = account.opening_balance + coalesce(
        (
            select sum(amount)
            from data.transactions as booking
            where booking.user_id = account.user_id and booking.account_id = account.id
        ),
        0
    )
    where account.user_id = any(%s)
"""

Connection = psycopg.Connection[Any]
Booking = tuple[int, date, int, str, str | None]  # account, day, cents, text, payee
Item = tuple[str, int, int, int | None, str, date]  # kind, cents, account, to, frequency, anchor


@dataclass(frozen=True)
class Ledger:
    """What one owner has: two accounts, numbered 1 and 2, bookings and rules; all in cents."""

    reserve: int
    openings: tuple[int, int]
    bookings: tuple[Booking, ...]
    items: tuple[Item, ...] = field(default=())

    def times(self, factor: int) -> "Ledger":
        """The same with every amount multiplied."""
        return Ledger(
            self.reserve * factor,
            (self.openings[0] * factor, self.openings[1] * factor),
            tuple((a, day, cents * factor, *rest) for a, day, cents, *rest in self.bookings),
            tuple((kind, cents * factor, *rest) for kind, cents, *rest in self.items),
        )


@dataclass(frozen=True)
class Row:
    """One row of core.expectation_arrays."""

    user_id: int
    account_id: int | None
    basis: str
    fitted_on: date | None
    reserve: int
    opening: int
    plan: list[int]
    p10: list[int]
    p50: list[int]
    p90: list[int]
    below: list[float]
    risk_7: float | None
    risk_30: float | None
    risk_90: float | None


def on(day: int, month: int) -> date:
    """A day of a month that is counted from January 2024, cut to its end."""
    first = date(2024 + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return first + timedelta(min(day, last.day) - 1)


def booked(chance: random.Random, first_on: date, last_on: date) -> Iterator[Booking]:
    """Income and bills of each month, a transfer of savings, and shopping on any day."""
    salary, pay_day = chance.randint(80_000, 600_000), chance.randint(1, 31)
    bills = [
        (chance.randint(1, 31), salary * chance.randint(2, 30) // 100, f"Bill {name}")
        for name in "abcd"[: chance.randint(0, 4)]
    ]
    shopping = salary * chance.randint(1, 12) // 100
    often = chance.uniform(0.02, 0.4)
    for month in range(40):
        if first_on <= (day := on(pay_day, month)) <= last_on:
            yield 1, day, salary, "Salary", "Employer"
        for bill_day, cents, payee in bills:
            if first_on <= (day := on(bill_day, month)) <= last_on:
                yield 1, day, -cents, payee, payee
        if first_on <= (day := on(28, month)) <= last_on and chance.random() < 0.7:
            yield 2, day, salary // 20, "Savings", None
    for number in range((last_on - first_on).days + 1):
        if chance.random() < often:
            cents = -chance.randint(1, 2 * shopping)
            yield 1, first_on + timedelta(number), cents, "Card", chance.choice(["Shop", None])


def ruled(chance: random.Random) -> tuple[Item, ...]:
    """None to three rules of any kind."""
    items: list[Item] = []
    for _ in range(chance.randint(0, 3)):
        kind = chance.choice(["income", "expense", "transfer"])
        cents = chance.randint(1, 90_000) * (-1 if kind == "expense" else 1)
        frequency = chance.choice(["weekly", "monthly", "monthly", "yearly"])
        anchor = AS_OF + timedelta(chance.randint(-400, 100))
        items.append((kind, cents, 1, 2 if kind == "transfer" else None, frequency, anchor))
    return tuple(items)


def drawn(chance: random.Random) -> Ledger:
    """An owner: mostly with a year and more of history, some with weeks, one booking or nothing."""
    history = chance.choice([0, 1, 20, 100, 300, 450, 500, 600])
    first_on = AS_OF - timedelta(history)
    # Some accounts have been quiet for a while.
    last_on = AS_OF - timedelta(chance.choice([0, 0, 0, 0, 50, 200]))
    bookings = tuple(booked(chance, first_on, last_on)) if history else ()
    return Ledger(
        chance.choice([0, 0, 10_000, 100_000, 1_000_000]),
        (chance.randint(-50_000, 900_000), chance.randint(0, 500_000)),
        bookings,
        ruled(chance),
    )


def put(connection: Connection, ledgers: dict[int, Ledger]) -> None:
    """Owners with all that they have."""
    for user_id, one in ledgers.items():
        connection.execute(
            "insert into data.users (id, currency, timezone, reserve)"
            " values (%s, 'USD', 'UTC', %s / 100.0)",
            (user_id, one.reserve),
        )
        for number, cents in enumerate(one.openings, 1):
            connection.execute(
                "insert into data.accounts"
                " (user_id, id, name, currency, opened_on, opening_balance, current_balance)"
                " values (%s, %s, %s, 'USD', '2020-01-01', %s / 100.0, %s / 100.0)",
                (user_id, number, f"Account {number}", cents, cents),
            )
        add_items(connection, user_id, one.items)
    book(connection, {user_id: one.bookings for user_id, one in ledgers.items()})


def add_items(connection: Connection, user_id: int, items: tuple[Item, ...]) -> None:
    """Rules, in force from the day after AS_OF."""
    for kind, cents, account, target, frequency, anchor in items:
        connection.execute(
            "insert into data.recurring_items (user_id, kind, name, amount, account_id,"
            " to_account_id, frequency, every_n, anchor_on, roll, expected_from)"
            " values (%s, %s, 'Rule', %s / 100.0, %s, %s, %s, 1, %s, 'none', %s)",
            (user_id, kind, cents, account, target, frequency, anchor, AS_OF + timedelta(1)),
        )


def book(connection: Connection, bookings: dict[int, tuple[Booking, ...]]) -> None:
    """Bookings of many owners, and the balances that they make."""
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy data.transactions"
            " (user_id, account_id, transaction_date, amount, description, counterparty)"
            " from stdin"
        ) as copy,
    ):
        for user_id, rows in bookings.items():
            for account, day, cents, text, payee in rows:
                amount = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
                copy.write_row((user_id, account, day, amount, text, payee))
    connection.execute(BALANCES, (list(bookings),))


def ask(connection: Connection, users: list[int], days: int = DAYS) -> list[Row]:
    """What is expected of these owners."""
    rows = connection.execute(ARRAYS, (users, AS_OF, days)).fetchall()
    return [Row(*row) for row in rows]


def refit(connection: Connection, day: date) -> None:
    """Learns from everybody, batch by batch."""
    is_done = False
    while not is_done:
        row = connection.execute("select core.expectation_refit(%s)", (day,)).fetchone()
        assert row is not None
        is_done = row[0]["is_done"]


@pytest.fixture(scope="module")
def fitted_database(server: Server, new_database: Any) -> str:
    """A database of a few owners and of a fit that learnt from them."""
    dsn = server.dsn(new_database())
    chance = random.Random(1)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number in range(18):
            first_on = AS_OF - timedelta(chance.randint(450, 600))
            one = replace(drawn(chance), bookings=tuple(booked(chance, first_on, AS_OF)))
            put(connection, {-100 - number: one})
        connection.execute("analyze data.transactions, data.accounts, data.users")
        refit(connection, AS_OF)
        assert fits(connection)
    return dsn


@pytest.fixture(params=["fitted", "given"])
def town(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Under a fit that was made here, or under the one that came with the product."""
    name = "fitted_database" if request.param == "fitted" else "shared_database"
    with psycopg.connect(request.getfixturevalue(name)) as connection:
        yield connection
        connection.rollback()


def fits(connection: Connection) -> list[Any]:
    """All that the fit of AS_OF says."""
    return [
        connection.execute(
            f"select * from data.expectation_{table} where fitted_on = %s order by 2", (AS_OF,)
        ).fetchall()
        for table in ("buckets", "days", "risks")
    ]


def some(chance: random.Random) -> dict[int, Ledger]:
    """The owners that a law is tried on; the last one has a long history."""
    ledgers = {user_id: drawn(chance) for user_id in OWNERS}
    rows = tuple(booked(chance, AS_OF - timedelta(500), AS_OF))
    return ledgers | {OWNERS[-1]: replace(ledgers[OWNERS[-1]], bookings=rows)}


@LAW
@given(seed=SEEDS)
def test_nothing_that_is_booked_later_is_read(town: Connection, seed: int) -> None:
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        before = ask(town, list(OWNERS))
        later = AS_OF + timedelta(1), AS_OF + timedelta(250)
        book(town, {user_id: tuple(booked(chance, *later)) for user_id in OWNERS})
        assert ask(town, list(OWNERS)) == before
        assert before


def test_a_fit_reads_nothing_that_is_booked_later(fitted_database: str) -> None:
    """Made again when a year more is known, it says the same, and a later one is not asked."""
    with psycopg.connect(fitted_database) as connection:
        chance = random.Random(2)
        users = [-100 - number for number in range(18)]
        later = AS_OF + timedelta(1), AS_OF + timedelta(250)
        before, expected = fits(connection), ask(connection, users)
        book(connection, {user_id: tuple(booked(chance, *later)) for user_id in users})
        refit(connection, AS_OF)
        for old, new in zip(before, fits(connection), strict=True):
            assert len(old) == len(new)
            for one, other in zip(old, new, strict=True):
                for value, again in zip(one[1:], other[1:], strict=True):
                    assert value == pytest.approx(again, rel=1e-6, abs=1e-6)
        connection.rollback()
        connection.execute(
            "insert into data.expectation_fits (fitted_on, account_count, window_count,"
            " month_flows, month_counts) select fitted_on + 1, account_count, window_count,"
            " month_flows, month_counts from data.expectation_fits where fitted_on = %s",
            (AS_OF,),
        )
        assert ask(connection, users) == expected
        connection.rollback()


@LAW
@given(seed=SEEDS)
def test_many_owners_are_as_each_alone(town: Connection, seed: int) -> None:
    """In order, once each; nobody for whom nobody is there; a day's row is a day of the arrays."""
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        together = ask(town, [*OWNERS, OWNERS[0], -99])
        assert together == [row for user_id in sorted(OWNERS) for row in ask(town, [user_id])]
        order = [(row.user_id, row.account_id is None, row.account_id or 0) for row in together]
        assert order == sorted(set(order))
        assert [row.account_id for row in together] == [1, 2, None] * len(OWNERS)
        rows = town.execute(MANY, (list(OWNERS), AS_OF, DAYS)).fetchall()
        assert [
            (user_id, account_id, day, *(round(value * 100) for value in values))
            for user_id, account_id, day, *values in rows
        ] == [
            (row.user_id, row.account_id, AS_OF + timedelta(number + 1), *values)
            for row in together
            if row.account_id is not None
            for number, values in enumerate(zip(row.plan, row.p10, row.p50, row.p90, strict=True))
        ]


@LAW
@given(seed=SEEDS)
def test_what_is_kept_says_the_same(town: Connection, seed: int) -> None:
    """Also once more is booked: what was kept before is not asked then."""
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        fresh = ask(town, list(OWNERS))
        town.execute("select core.expectation_store(%s, %s)", (list(OWNERS), AS_OF))
        assert ask(town, list(OWNERS)) == fresh
        for user_id in OWNERS:
            town.execute("select set_config('app.user_id', %s, true)", (str(user_id),))
            town.execute(
                "select api.transaction_add(_user_id => %s, _account_id => 1, _amount => -12.34,"
                " _transaction_date => %s, _description => 'Card')",
                (user_id, AS_OF - timedelta(1)),
            )
        after = ask(town, list(OWNERS))
        town.execute("delete from data.expectation_states")
        assert ask(town, list(OWNERS)) == after
        assert after != fresh


@LAW
@given(seed=SEEDS)
def test_a_shorter_horizon_is_the_beginning_of_a_longer_one(town: Connection, seed: int) -> None:
    """What is expected of a day does not hang on how far one looks."""
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        days = chance.choice([1, 7, 29, 30, 89])
        for short, long in zip(ask(town, list(OWNERS), days), ask(town, list(OWNERS)), strict=True):
            assert (short.plan, short.p10, short.p50, short.p90, short.below) == (
                long.plan[:days], long.p10[:days], long.p50[:days], long.p90[:days],
                long.below[:days],
            )  # fmt: skip
            assert short.risk_7 == (long.risk_7 if days >= 7 else None)
            assert short.risk_30 == (long.risk_30 if days >= 30 else None)
            assert short.risk_90 is None


@LAW
@given(seed=SEEDS)
def test_more_income_never_lowers_what_is_expected(town: Connection, seed: int) -> None:
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        before = ask(town, list(OWNERS))
        account = chance.choice([1, 2])
        for user_id in OWNERS:
            income: Item = (
                "income",
                chance.choice([1, 10_000, chance.randint(1, 2_000_000)]),
                account,
                None,
                chance.choice(["daily", "weekly", "monthly", "quarterly", "yearly"]),
                AS_OF + timedelta(chance.randint(-200, 60)),
            )
            add_items(town, user_id, (income,))
        for old, new in zip(before, ask(town, list(OWNERS)), strict=True):
            assert all(map(int.__ge__, new.p50, old.p50)), (old.user_id, old.account_id)
            if old.account_id not in (account, None):
                assert new.p50 == old.p50


@LAW
@given(seed=SEEDS)
def test_money_has_no_unit(town: Connection, seed: int) -> None:
    """Everything a hundred times as dear: the same chances, a hundred times the figures."""
    chance = random.Random(seed)
    ledgers = some(chance)
    factor = chance.choice([2, 7, 100])
    found = []
    for times in (1, factor):
        with town.transaction(force_rollback=True):
            put(town, {user_id: one.times(times) for user_id, one in ledgers.items()})
            found.append(ask(town, list(OWNERS)))
    for small, large in zip(*found, strict=True):
        assert (small.basis, small.fitted_on) == (large.basis, large.fitted_on)
        assert [value * factor for value in small.plan] == large.plan
        for name in ("p10", "p50", "p90"):
            for one, other in zip(getattr(small, name), getattr(large, name), strict=True):
                assert abs(one * factor - other) <= factor, (name, one, other)
        # A cent more or less is more to who has little.
        for one, other in zip(small.below, large.below, strict=True):
            assert math.isclose(one, other, abs_tol=0.01)
        for name in ("risk_7", "risk_30", "risk_90"):
            assert math.isclose(getattr(small, name), getattr(large, name), abs_tol=0.01)


@LAW
@given(seed=SEEDS)
def test_bands_never_cross_and_chances_are_chances(town: Connection, seed: int) -> None:
    """Over more days nobody is safer, and no single day is riskier than all of them."""
    chance = random.Random(seed)
    with town.transaction(force_rollback=True):
        put(town, some(chance))
        for row in ask(town, list(OWNERS), 365):
            assert {len(row.plan), len(row.p10), len(row.p50), len(row.p90), len(row.below)} == {
                365
            }
            assert all(map(int.__le__, row.p10, row.p50)), (row.user_id, row.account_id)
            assert all(map(int.__le__, row.p50, row.p90)), (row.user_id, row.account_id)
            assert all(0 <= value <= 1 for value in row.below)
            assert row.risk_7 is not None
            assert row.risk_30 is not None
            assert row.risk_90 is not None
            assert 0 <= row.risk_7 <= row.risk_30 <= row.risk_90 <= 1
            for days, risk in ((7, row.risk_7), (30, row.risk_30), (90, row.risk_90)):
                assert risk >= max(row.below[:days]) - 1e-6
            assert row.basis in ("history", "pooled", "plan")


@LAW
@given(seed=SEEDS)
def test_who_keeps_more_in_reserve_is_never_safer(town: Connection, seed: int) -> None:
    """And nothing else moves with the reserve."""
    chance = random.Random(seed)
    ledgers = some(chance)
    more = chance.randint(1, 500_000)
    found = []
    for added in (0, more):
        with town.transaction(force_rollback=True):
            put(
                town,
                {
                    user_id: replace(one, reserve=one.reserve + added)
                    for user_id, one in ledgers.items()
                },
            )
            found.append(ask(town, list(OWNERS)))
    for less, much in zip(*found, strict=True):
        assert (less.plan, less.p10, less.p50, less.p90) == (
            much.plan,
            much.p10,
            much.p50,
            much.p90,
        )
        assert all(one <= other for one, other in zip(less.below, much.below, strict=True))
        for name in ("risk_7", "risk_30", "risk_90"):
            assert getattr(less, name) <= getattr(much, name)
