"""The best that Python does: one query, numpy over days, the same columns written as JSON."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from typing import Any

import numpy as np
import psycopg

from bench.peers.household import STEP_DAYS, STEP_MONTHS

# One query: the rules of a user, each with the balance and the thresholds beside it.
QUESTION = """
    select
        item.kind, (item.amount * 100)::bigint, item.frequency, item.every_n, item.anchor_on,
        item.month_days, item.roll, (held.balance * 100)::bigint,
        (person.healthy_from * 100)::bigint, (person.warning_from * 100)::bigint
    from data.users as person
    cross join lateral (
        select sum(account.current_balance) - coalesce((
            select sum(booked.amount)
            from data.transactions as booked
            where booked.user_id = person.id and booked.transaction_date > %s
        ), 0) as balance
        from data.accounts as account
        where account.user_id = person.id and account.is_active
    ) as held
    inner join data.recurring_items as item on item.user_id = person.id and item.is_active
    where person.id = %s
"""


def offsets_of(
    frequency: str,
    every_n: int,
    anchor: int,
    month_days: list[int] | None,
    roll: str,
    first: int,
    days: int,
    months: list[tuple[int, int, int]],
) -> list[int]:
    """Days from `first` on which a rule lands. Small lists: plain Python beats numpy on them."""
    if frequency in STEP_DAYS:
        step = STEP_DAYS[frequency] * every_n
        begin = anchor if anchor >= first - 4 else anchor + -((anchor - first + 4) // step) * step
        nominal = list(range(begin, first + days + 4, step))
    else:
        step = STEP_MONTHS[frequency] * every_n
        anchored = date.fromordinal(anchor)
        anchor_month = anchored.year * 12 + anchored.month
        wanted = month_days or [anchored.day]
        nominal = [
            begin + (length if one == -1 or one > length else one) - 1
            for month, begin, length in months
            if month >= anchor_month and (month - anchor_month) % step == 0
            for one in wanted
        ]
    nominal = [day for day in nominal if day >= anchor]
    if roll == "previous":  # ordinal 1 was a Monday
        nominal = [day - max(0, (day - 1) % 7 - 4) for day in nominal]
    elif roll == "next":
        nominal = [day + (7 - (day - 1) % 7 if (day - 1) % 7 > 4 else 0) for day in nominal]
    return [day - first for day in nominal if 0 <= day - first < days]


def months_of(first: int, days: int) -> list[tuple[int, int, int]]:
    """Number, first day and length of each month that the horizon touches."""
    start, end = date.fromordinal(first - 4), date.fromordinal(first + days + 4)
    return [
        (year * 12 + month, date(year, month, 1).toordinal(), monthrange(year, month)[1])
        for year in range(start.year, end.year + 1)
        for month in range(1, 13)
        if (start.year, start.month) <= (year, month) <= (end.year, end.month)
    ]


ALL = (
    "date",
    "opening_balance",
    "income",
    "expenses",
    "net_change",
    "closing_balance",
    "balance_status",
)


def columns(
    connection: psycopg.Connection,
    user_id: int,
    start: date,
    days: int,
    fields: tuple[str, ...] = ALL,
) -> bytes:
    """The forecast as columns of JSON, the wanted ones of `ALL`, under a small summary."""
    rows = connection.execute(QUESTION, (start, user_id)).fetchall()
    first = start.toordinal()
    months = months_of(first, days)
    balance, healthy_from, warning_from = rows[0][7:10]
    into: list[int] = []
    amounts: list[int] = []
    for kind, cents, frequency, every_n, anchor_on, month_days, roll, *_ in rows:
        if kind != "transfer":
            found = offsets_of(
                frequency, every_n, anchor_on.toordinal(), month_days, roll, first, days, months
            )
            into += found
            amounts += [cents] * len(found)
    landed = np.array(into, dtype=np.int64)
    moved = np.array(amounts, dtype=np.float64)  # exact: whole cents far below 2 ** 53
    income = np.bincount(landed, np.maximum(moved, 0), days).astype(np.int64)
    expenses = np.bincount(landed, np.minimum(moved, 0), days).astype(np.int64)
    closing = balance + np.cumsum(income + expenses)
    lowest = int(np.argmin(closing))
    return json.dumps(
        {
            "summary": {
                "lowest_balance": int(closing[lowest]) / 100,
                "lowest_on": date.fromordinal(first + lowest).isoformat(),
            },
            "columns": {
                field: column(field, start, income, expenses, closing, healthy_from, warning_from)
                for field in fields
            },
        }
    ).encode()


def column(
    field: str,
    start: date,
    income: np.ndarray,
    expenses: np.ndarray,
    closing: np.ndarray,
    healthy_from: int,
    warning_from: int,
) -> Any:
    """One column as a list that json can write; money in units with two decimals."""
    if field == "date":
        return np.datetime_as_string(np.datetime64(start, "D") + np.arange(len(closing))).tolist()
    if field == "balance_status":
        return np.where(
            closing >= healthy_from,
            "healthy",
            np.where(closing >= warning_from, "warning", "danger"),
        ).tolist()
    cents = {
        "income": income,
        "expenses": expenses,
        "closing_balance": closing,
        "net_change": income + expenses,
        "opening_balance": closing - income - expenses,
    }[field]
    return (cents / 100).tolist()
