"""What is written side by side stays sound, and what may be written at most can be forecast."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

HOME = """
insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Everyday', 'USD', '2025-01-01'), (-1, 2, 'Savings', 'USD', '2025-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 4711, 'expense', 'Rent', -100, 1, 'monthly', '2026-01-31', '2026-01-31');
"""

FLIP = """select core.recurring_edit(-1, 4711, '{"kind": "income", "amount": 100}')"""
EXCEPT = "select core.exception_add(-1, 4711, '2026-02-28', 'amount', null, -150)"
TRANSFER = (
    "select core.recurring_add(-1, 'transfer', 'Save', 5, 1, 'monthly', '2026-01-31', 2,"
    " _is_active => false)"
)
EXCHANGE = "select core.currency_check(-1, 2, 'CZK')"
ADD = "select core.recurring_add(-1, 'income', 'Salary', 5, 1, 'monthly', '2026-01-31')"


@pytest.fixture
def pair(database: str) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any]]]:
    """Two connections to the household; the second waits for nobody."""
    with (
        psycopg.connect(database) as first,
        psycopg.connect(database, autocommit=True) as second,
    ):
        second.execute(HOME)
        second.execute("set lock_timeout = '100ms'")
        yield first, second
        first.rollback()


@pytest.mark.parametrize(
    ("begun", "other"),
    [(FLIP, EXCEPT), (EXCEPT, FLIP), (TRANSFER, EXCHANGE), (EXCHANGE, TRANSFER), (ADD, ADD)],
    ids=["kind", "exception", "transfer", "currency", "count"],
)
def test_what_judges_the_same_rows_waits_for_its_turn(
    pair: tuple[psycopg.Connection[Any], psycopg.Connection[Any]], begun: str, other: str
) -> None:
    first, second = pair
    first.execute(begun.encode())
    with pytest.raises(errors.LockNotAvailable):
        second.execute(other.encode())


def test_ten_years_of_the_most_that_may_be_written_can_be_forecast(
    pair: tuple[psycopg.Connection[Any], psycopg.Connection[Any]],
) -> None:
    _, connection = pair
    connection.execute(
        "insert into data.recurring_items (user_id, kind, name, amount, account_id, frequency,"
        " anchor_on, expected_from)"
        " select -1, 'income', 'Item ' || n, 1000000000, 1, 'daily', '2026-01-01', '2026-01-01'"
        " from generate_series(1, 999) as n"
    )
    row = connection.execute(
        "select api.forecast_read(-1, _as_of => '2026-01-01', _days => 3660)::text"
        " from set_config('app.user_id', '-1', true)"
    ).fetchone()
    assert row is not None
    assert json.loads(row[0])["summary"]["total_income"] == 999 * 3660 * 10**9
