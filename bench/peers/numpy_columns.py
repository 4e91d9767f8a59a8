"""The best that Python does: one query, numpy over days, the same columns written as JSON."""

from __future__ import annotations

import json
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


def occurrences(
    frequency: str,
    every_n: int,
    anchor: np.datetime64,
    month_days: list[int] | None,
    first: np.datetime64,
    last: np.datetime64,
) -> np.ndarray:
    """Nominal days of a rule between first and last, as datetime64[D]."""
    if frequency in STEP_DAYS:
        step = STEP_DAYS[frequency] * every_n
        skipped = max(0, -((anchor - first).astype(int) // step)) * step
        return np.arange(anchor + np.timedelta64(skipped, "D"), last + 1, step)
    step = STEP_MONTHS[frequency] * every_n
    anchor_month = anchor.astype("datetime64[M]")
    months = np.arange(anchor_month, last.astype("datetime64[M]") + 1, step)
    months = months[months >= first.astype("datetime64[M]")]
    starts = months.astype("datetime64[D]")
    lengths = ((months + 1).astype("datetime64[D]") - starts).astype(int)
    wanted = month_days or [int((anchor - anchor_month.astype("datetime64[D]")).astype(int)) + 1]
    days = [starts + np.where(one == -1, lengths, np.minimum(one, lengths)) - 1 for one in wanted]
    found = np.concatenate(days)
    return found[(found >= anchor) & (found >= first) & (found <= last)]


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
    first = np.datetime64(start, "D")
    income = np.zeros(days, dtype=np.int64)
    expenses = np.zeros(days, dtype=np.int64)
    balance, healthy_from, warning_from = rows[0][7:10]
    for kind, cents, frequency, every_n, anchor_on, month_days, roll, *_ in rows:
        if kind == "transfer":
            continue
        found = occurrences(
            frequency,
            every_n,
            np.datetime64(anchor_on, "D"),
            month_days,
            first - 4,
            first + days + 4,
        )
        if roll != "none":
            found = np.busday_offset(
                found, 0, roll="preceding" if roll == "previous" else "following"
            )
        offsets = (found - first).astype(int)
        offsets = offsets[(offsets >= 0) & (offsets < days)]
        np.add.at(income if cents > 0 else expenses, offsets, cents)
    net = income + expenses
    closing = balance + np.cumsum(net)
    lowest = int(np.argmin(closing))
    return json.dumps(
        {
            "summary": {
                "lowest_balance": int(closing[lowest]) / 100,
                "lowest_on": str(first + lowest),
            },
            "columns": {
                field: column(field, first, income, expenses, closing, healthy_from, warning_from)
                for field in fields
            },
        }
    ).encode()


def column(
    field: str,
    first: np.datetime64,
    income: np.ndarray,
    expenses: np.ndarray,
    closing: np.ndarray,
    healthy_from: int,
    warning_from: int,
) -> Any:
    """One column as a list that json can write; money in units with two decimals."""
    if field == "date":
        return np.datetime_as_string(first + np.arange(len(closing))).tolist()
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
