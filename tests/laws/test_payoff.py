"""Debts end as a plain loop of decimals says: to the cent, by every order, with or without extras.

And as numpy-financial says, where interest is not rounded: within the cents that rounding can make.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CENT = Decimal("0.01")
LAW = settings(
    max_examples=int(os.environ.get("TIDELINE_FUZZ", 25)) * 8,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MONTHS = 1200
OUTGROWN = Decimal(5_000_000_000)
EXACT = Context(prec=60)


@dataclass(frozen=True)
class Debt:
    """What is owed, at which yearly rate, and the least that is paid each month."""

    balance: Decimal
    apr: Decimal
    minimum: Decimal


money = st.integers(1, 2_000_000).map(lambda cents: Decimal(cents) / 100)
# Round rates, so that halves of a cent come up; and any other.
rates = st.one_of(
    st.sampled_from(["0", "0.06", "0.12", "0.18", "0.24"]).map(Decimal),
    st.integers(0, 600_000).map(lambda millionths: Decimal(millionths) / 1_000_000),
)
debts = st.lists(
    st.builds(Debt, money, rates, st.integers(0, 60_000).map(lambda cents: Decimal(cents) / 100)),
    min_size=1,
    max_size=5,
)
extras = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
lumps = st.tuples(extras.map(lambda amount: amount * 5), st.integers(1, 20))


def ordered(debts: list[Debt], order: str) -> list[Debt]:
    """Whom money beyond the minimums reaches first."""
    keys = {
        "avalanche": lambda debt: (-debt.apr, debt.balance),
        "snowball": lambda debt: (debt.balance, -debt.apr),
    }
    return sorted(debts, key=keys[order]) if order in keys else debts


def pay(
    debts: list[Debt], extra: Decimal, lump: Decimal, lump_month: int, *, is_rolling: bool
) -> Iterator[tuple[list[Decimal], list[Decimal], list[Decimal]]]:
    """Interest, payment and balance of every debt, month after month."""
    balances = [debt.balance for debt in debts]
    for month in range(1, MONTHS + 1):
        before = list(balances)
        if not any(balances) or max(balances) > OUTGROWN:
            return
        pot = sum((debt.minimum for debt in debts), extra)
        pot += lump if month == lump_month else 0
        interests, payments = [], []
        for place, debt in enumerate(debts):
            interest = (balances[place] * debt.apr / 12).quantize(CENT, ROUND_HALF_UP)
            interests.append(interest)
            balances[place] += interest
            payments.append(min(debt.minimum, balances[place]))
            balances[place] -= payments[place]
            pot -= payments[place]
        for place in range(len(debts)):
            more = min(pot, balances[place]) if is_rolling else Decimal(0)
            payments[place] += more
            balances[place] -= more
            pot -= more
        yield interests, payments, list(balances)
        if balances == before and month >= lump_month:
            return


def schedule(
    connection: psycopg.Connection[Any],
    debts: list[Debt],
    extra: Decimal = Decimal(0),
    lump: Decimal = Decimal(0),
    lump_month: int = 1,
    *,
    is_rolling: bool = True,
) -> list[tuple[list[Decimal], list[Decimal], list[Decimal]]]:
    """The same by core.payoff_months."""
    rows = connection.execute(
        "select interests, payments, balances"
        " from core.payoff_months(%s::bigint[], %s::bigint[], %s::bigint[], %s, %s, %s, %s)",
        [
            [int(debt.balance * 100) for debt in debts],
            [int(debt.apr * 1_000_000) for debt in debts],
            [int(debt.minimum * 100) for debt in debts],
            int(extra * 100),
            int(lump * 100),
            lump_month,
            is_rolling,
        ],
    ).fetchall()
    return [tuple([Decimal(cents) / 100 for cents in part] for part in row) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize("order", ["avalanche", "snowball", "minimums"])
@LAW
@given(debts=debts, extra=extras, lump=lumps)
def test_every_month_is_that_of_the_plain_loop(
    transaction: psycopg.Connection[Any],
    order: str,
    debts: list[Debt],
    extra: Decimal,
    lump: tuple[Decimal, int],
) -> None:
    listed = ordered(debts, order)
    is_rolling = order != "minimums"
    theirs = list(pay(listed, extra, *lump, is_rolling=is_rolling))
    assert schedule(transaction, listed, extra, *lump, is_rolling=is_rolling) == theirs


@LAW
@given(debts=debts, extra=extras, lump=lumps)
def test_what_the_owner_reads_is_that_of_the_plain_loop(
    transaction: psycopg.Connection[Any],
    debts: list[Debt],
    extra: Decimal,
    lump: tuple[Decimal, int],
) -> None:
    transaction.execute("select set_config('app.user_id', '-1', true)")
    transaction.execute("insert into data.users (id) values (-1) on conflict do nothing")
    transaction.execute("delete from data.debts where user_id = -1")
    with transaction.cursor() as cursor:
        cursor.executemany(
            "insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment)"
            " values (-1, %s, 'D', %s, 'USD', %s, %s)",
            [
                (place, debt.balance, debt.apr, debt.minimum)
                for place, debt in enumerate(debts, start=1)
            ],
        )
    row = transaction.execute(
        "select api.payoff_read(-1, %s, %s, %s, '2026-01-15', '2026-01-31')", [extra, *lump]
    ).fetchone()
    assert row is not None
    said = row[0]
    for order in ("avalanche", "snowball", "minimums"):
        is_rolling = order != "minimums"
        plain = ordered(debts, order)
        check(said[order], list(pay(plain, extra, Decimal(0), 1, is_rolling=is_rolling)), plain)
        if is_rolling:
            check(said["lump_sum"][order], list(pay(plain, extra, *lump, is_rolling=True)), plain)


def check(said: dict[str, Any], months: list[Any], debts: list[Debt]) -> None:
    """Whether a way says what its months come to."""
    ends = [
        next((number for number, month in enumerate(months, 1) if not month[2][place]), None)
        for place in range(len(debts))
    ]
    assert [line["months"] for line in said["debts"]] == ends
    for place, line in enumerate(said["debts"]):
        assert line["place"] == place + 1
        if ends[place] is None:
            assert (line["interest"], line["paid"], line["payoff_on"]) == (None, None, None)
        else:
            paid = sum(month[1][place] for month in months)
            assert Decimal(str(line["paid"])) == paid
            assert Decimal(str(line["interest"])) == paid - debts[place].balance
    whole = None if None in ends else max(end for end in ends if end)
    assert (said["months"], said["is_finite"]) == (whole, whole is not None)
    if whole is None:
        assert said["total_interest"] is None
    else:
        interest = sum(sum(month[0]) for month in months)
        assert Decimal(str(said["total_interest"])) == interest


def test_months_are_those_of_the_reference(
    transaction: psycopg.Connection[Any], data: Path
) -> None:
    """numpy-financial's nper, rounded up: rounding interest to cents moves none of them."""
    with open(data / "refs/payoff_months_nper.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    for row in rows:
        debt = Debt(Decimal(row["balance"]), Decimal(row["apr"]), Decimal(row["monthly"]))
        months = schedule(transaction, [debt])
        assert months[-1][2] == [0]
        assert len(months) == int(row["months_ceil"]), row


def test_loans_are_those_of_the_reference(transaction: psycopg.Connection[Any], data: Path) -> None:
    """numpy-financial's pmt, ipmt and ppmt, whose cents are not rounded.

    The payment is theirs rounded up (or a cent more, where rounded interest would leave a rest).
    Interest is off by half a cent a month at most, the payment by two: by month k the balance may
    be off by 2.5 cents * ((1 + r)^k - 1) / r, and the interest of a month by r times that.
    """
    with open(data / "refs/amortisation_numpy_financial.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 64
    for row in rows:
        balance, apr, count = Decimal(row["principal"]), Decimal(row["apr"]), int(row["months"])
        answer = transaction.execute(
            "select core.payoff_payment(%s, %s, %s)", [balance, apr, count]
        ).fetchone()
        assert answer is not None
        (payment,) = answer
        exact = Decimal(row["payment"])
        least = exact.quantize(Decimal("1e-8")).quantize(CENT, ROUND_CEILING)
        assert payment in (least, least + CENT), row

        months = schedule(transaction, [Debt(balance, apr, payment)])
        assert len(months) <= count
        assert months[-1][2] == [0]
        assert months[-1][1][0] <= payment
        cheaper = schedule(transaction, [Debt(balance, apr, payment - CENT)])
        assert len(cheaper) > count or payment == least, row

        rate = apr / 12

        def off(month: int, rate: Decimal = rate) -> Decimal:
            grown = month if not rate else (EXACT.power(1 + rate, month) - 1) / rate
            return Decimal("0.025") * grown

        half = count // 2
        interests, payments, _ = months[half - 1]
        slack = rate * off(half - 1) + CENT
        assert abs(interests[0] - Decimal(row["interest_at_month_n_half"])) <= slack, row
        principal = payments[0] - interests[0]
        assert abs(principal - Decimal(row["principal_at_month_n_half"])) <= slack + 2 * CENT, row
        total = sum(month[0][0] for month in months)
        assert abs(total - Decimal(row["total_interest"])) <= off(count), row
