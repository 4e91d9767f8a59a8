"""The way of old: four queries, a Python loop over days and rules, and an insert for each day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

import psycopg

from bench.peers.household import Rule, is_due, rules_of

TABLE = """
    create table if not exists cashflow (
        user_id bigint, on_day date, opening numeric(14, 2), income numeric(14, 2),
        expenses numeric(14, 2), closing numeric(14, 2), status text
    )
"""
INSERT = "insert into cashflow values (%s, %s, %s, %s, %s, %s, %s)"
Day = tuple[int, date, Decimal, Decimal, Decimal, Decimal, str]


class Writes(Enum):
    """How the days of a forecast reach the table."""

    EACH_COMMITTED = "365 inserts in autocommit"
    ONE_TRANSACTION = "365 inserts in one transaction"
    PIPELINED = "365 inserts pipelined"
    NONE = "no writes"


def days_of(connection: psycopg.Connection, user_id: int, start: date, days: int) -> list[Day]:
    """One tuple per day, in order: owner, day, opening, income, expenses, closing, status."""
    user = connection.execute(
        "select healthy_from, warning_from from data.users where id = %s", (user_id,)
    ).fetchone()
    accounts = connection.execute(
        "select sum(current_balance) from data.accounts where user_id = %s and is_active",
        (user_id,),
    ).fetchone()
    booked_later = connection.execute(
        "select coalesce(sum(amount), 0) from data.transactions"
        " where user_id = %s and transaction_date > %s",
        (user_id, start),
    ).fetchone()
    rules: list[Rule] = rules_of(connection, user_id)
    assert user is not None
    assert accounts is not None
    assert booked_later is not None
    balance: Decimal = accounts[0] - booked_later[0]
    answer: list[Day] = []
    for offset in range(days):
        day = start + timedelta(days=offset)
        income = Decimal("0.00")
        expenses = Decimal("0.00")
        for rule in rules:
            if rule.kind != "transfer" and is_due(rule, day):
                if rule.amount > 0:
                    income += rule.amount
                else:
                    expenses += rule.amount
        closing = balance + income + expenses
        status = "healthy" if closing >= user[0] else "warning" if closing >= user[1] else "danger"
        answer.append((user_id, day, balance, income, expenses, closing, status))
        balance = closing
    return answer


def forecast(
    connection: psycopg.Connection, user_id: int, start: date, days: int, writes: Writes
) -> list[Day]:
    """The days of a forecast, stored the given way. The connection is in autocommit."""
    answer = days_of(connection, user_id, start, days)
    if writes is Writes.EACH_COMMITTED:
        for day in answer:
            connection.execute(INSERT, day)
    elif writes is Writes.ONE_TRANSACTION:
        with connection.transaction():
            for day in answer:
                connection.execute(INSERT, day)
    elif writes is Writes.PIPELINED:
        with connection.pipeline():
            for day in answer:
                connection.execute(INSERT, day)
    return answer
