"""Puts households of the oracle into the database, many per trip, and asks for their plans."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from tests.support.day_loop import Question
from tests.support.oracle import Household

# Keys grow with the place in the lists, as the oracle wants it. Users have negative ids.
PER_USER = 100
TABLES = {
    "users": "id bigint, currency text, timezone text",
    "accounts": (
        "user_id bigint, id bigint, name text, currency text, opening_balance numeric,"
        " opened_on date, current_balance numeric, is_active boolean"
    ),
    "recurring_items": (
        "user_id bigint, id bigint, kind text, name text, amount numeric, account_id bigint,"
        " to_account_id bigint, counterparty text, frequency text, every_n integer,"
        " anchor_on date, month_days integer[], weekday integer, nth integer, ends_on date,"
        " occurrences integer, roll text, calendar text, expected_from date, is_active boolean"
    ),
    "recurring_exceptions": (
        "user_id bigint, recurring_item_id bigint, occurrence_on date, action text,"
        " moved_to date, amount numeric"
    ),
    "transactions": (
        "user_id bigint, id bigint, account_id bigint, amount numeric, transaction_date date,"
        " description text, counterparty text, recurring_item_id bigint"
    ),
}
PLANS = """
    select
        array_agg(day.on_day),
        array_agg((day.opening_balance * 100)::bigint),
        array_agg((day.income * 100)::bigint),
        array_agg((day.expenses * 100)::bigint),
        array_agg((day.closing_balance * 100)::bigint)
    from jsonb_to_recordset(%s) as asked (
        place integer, user_id bigint, as_of date, days integer, start date, initial numeric,
        overdue text, account_id bigint
    )
    cross join lateral core.forecast_days(
        asked.user_id, asked.as_of, asked.days, asked.start, asked.initial, asked.overdue,
        asked.account_id
    ) as day
    group by asked.place
    order by asked.place
"""


def money(cents: int | None) -> str | None:
    """Cents as the database reads them."""
    return None if cents is None else str(Decimal(cents) / 100)


def user_of(place: int) -> int:
    """Key of the household at a place."""
    return -1 - place


def key_of(place: int, number: int) -> int:
    """Key of the account, rule or booking with this number in the household at a place."""
    return (place + 1) * PER_USER + number


def rows_of(place: int, house: Household, timezone: str) -> dict[str, list[dict[str, Any]]]:
    """A household as rows by table."""
    owner = {"user_id": user_of(place)}
    held = [account.cents for account in house.accounts]
    for booking in house.bookings:
        held[booking.account] += booking.cents
    items: list[dict[str, Any]] = []
    exceptions: list[dict[str, Any]] = []
    for number, rule in enumerate(house.rules):
        plain = {
            name: getattr(rule, name)
            for name in (
                "kind", "counterparty", "frequency", "every_n", "anchor_on", "month_days",
                "weekday", "nth", "ends_on", "occurrences", "roll", "calendar", "expected_from",
                "is_active",
            )
        }  # fmt: skip
        target = None if rule.to_account is None else key_of(place, rule.to_account)
        items.append(
            owner | plain | {
                "id": key_of(place, number),
                "name": f"Rule {number}",
                "amount": money(rule.cents),
                "account_id": key_of(place, rule.account),
                "to_account_id": target,
            }
        )  # fmt: skip
        exceptions += [
            owner | {
                "recurring_item_id": key_of(place, number),
                "occurrence_on": day,
                "action": other.action,
                "moved_to": other.moved_to,
                "amount": money(other.cents),
            }
            for day, other in rule.exceptions.items()
        ]  # fmt: skip
    return {
        "users": [{"id": user_of(place), "currency": "USD", "timezone": timezone}],
        "accounts": [
            owner | {
                "id": key_of(place, number),
                "name": f"Account {number}",
                "currency": "USD" if account.is_home_currency else "EUR",
                "opening_balance": money(account.cents),
                "opened_on": "2000-01-01",
                "current_balance": money(held[number]),
                "is_active": account.is_active,
            }
            for number, account in enumerate(house.accounts)
        ],
        "recurring_items": items,
        "recurring_exceptions": exceptions,
        "transactions": [
            owner | {
                "id": key_of(place, number),
                "account_id": key_of(place, booking.account),
                "amount": money(booking.cents),
                "transaction_date": booking.on,
                "description": f"Booking {number}",
                "counterparty": booking.counterparty,
                "recurring_item_id": (
                    None if booking.rule is None else key_of(place, booking.rule)
                ),
            }
            for number, booking in enumerate(house.bookings)
        ],
    }  # fmt: skip


def load(
    connection: psycopg.Connection[Any], houses: Sequence[Household], timezone: str = "UTC"
) -> None:
    """Writes households, the first one as user -1."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for place, house in enumerate(houses):
        for name, found in rows_of(place, house, timezone).items():
            rows[name] += found
    for name, columns in TABLES.items():
        names = ", ".join(column.split()[0] for column in columns.split(","))
        connection.execute(
            f"insert into data.{name} ({names}) select {names}"
            f" from jsonb_to_recordset(%s) as given ({columns})",
            (json.dumps(rows[name], default=str),),
            prepare=True,
        )


def close_days(connection: psycopg.Connection[Any], code: str, holidays: frozenset[date]) -> None:
    """Makes a calendar of these holidays, closed between the day before the first and 2045."""
    first, last = min(holidays).year, max(holidays).year
    days = sorted(holidays)
    connection.execute(
        "select core.calendar_take(%s, %s, %s, %s, %s, %s)",
        (code, code, first, last, days, [f"Holiday {day}" for day in days]),
    )


def ask(
    connection: psycopg.Connection[Any], questions: Sequence[Question]
) -> list[list[tuple[date, int, int, int, int]]]:
    """The plan of each household as the day loop writes it, in one statement."""
    asked = [
        {
            "place": place,
            "user_id": user_of(place),
            "as_of": one.as_of,
            "days": one.days,
            "start": one.start,
            "initial": money(one.initial_cents),
            "overdue": one.overdue,
            "account_id": None if one.account is None else key_of(place, one.account),
        }
        for place, one in enumerate(questions)
    ]
    found = connection.execute(PLANS, (json.dumps(asked, default=str),), prepare=True).fetchall()
    return [list(zip(*columns, strict=True)) for columns in found]


def last_day(asked: Question) -> date:
    """The last day of the horizon."""
    return (asked.start or asked.as_of) + timedelta(days=asked.days - 1)
