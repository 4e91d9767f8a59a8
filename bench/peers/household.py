"""What every peer reads and the calendar that they share: the seeded household, naively."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import psycopg

RULES = """
    select
        kind, name, amount, account_id, to_account_id, frequency, every_n, anchor_on, month_days,
        roll
    from data.recurring_items
    where user_id = %s and is_active
"""
STEP_DAYS = {"daily": 1, "weekly": 7, "biweekly": 14}
STEP_MONTHS = {"semimonthly": 1, "monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurring item as the peers see it; spending is negative."""

    kind: str
    name: str
    amount: Decimal
    account_id: int
    to_account_id: int | None
    frequency: str
    every_n: int
    anchor_on: date
    month_days: list[int] | None
    roll: str


def rules_of(connection: psycopg.Connection, user_id: int) -> list[Rule]:
    """All active rules of a user in one query."""
    return [Rule(*row) for row in connection.execute(RULES, (user_id,)).fetchall()]


def is_nominal(rule: Rule, day: date) -> bool:
    """Does the rule name this day, before any rolling? The way the day loops of old asked."""
    if day < rule.anchor_on:
        return False
    if rule.frequency in STEP_DAYS:
        return (day - rule.anchor_on).days % (STEP_DAYS[rule.frequency] * rule.every_n) == 0
    months = (day.year - rule.anchor_on.year) * 12 + day.month - rule.anchor_on.month
    if months % (STEP_MONTHS[rule.frequency] * rule.every_n):
        return False
    last = monthrange(day.year, day.month)[1]
    wanted = rule.month_days or [rule.anchor_on.day]
    return any(day.day == (last if one == -1 else min(one, last)) for one in wanted)


def rolled(day: date, roll: str) -> date:
    """The business day on which a nominal day lands; weekends alone are closed."""
    step = {"previous": -1, "next": 1}.get(roll, 0)
    while step and day.weekday() >= 5:
        day += timedelta(days=step)
    return day


def is_due(rule: Rule, day: date) -> bool:
    """Does an occurrence of the rule land on this day?"""
    if rule.roll == "none":
        return is_nominal(rule, day)
    near = (day + timedelta(days=offset) for offset in range(-2, 3))
    return any(rolled(one, rule.roll) == day and is_nominal(rule, one) for one in near)
