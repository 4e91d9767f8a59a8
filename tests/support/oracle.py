"""The plan again, in plain Python: dates by python-dateutil, balances by a loop over days.

Slow, and written without a look at the SQL: tests/laws compares the two. Money is whole cents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.rrule import (  # type: ignore[import-untyped]
    DAILY,
    MONTHLY,
    WEEKLY,
    rrule,
    weekdays,
)

STEP_MONTHS = {"semimonthly": 1, "monthly": 1, "quarterly": 3, "yearly": 12}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Exceptional:
    """What happens to one occurrence instead: skip, move or another amount."""

    action: str
    moved_to: date | None = None
    cents: int | None = None


@dataclass(frozen=True)
class Rule:
    """A recurring item. account and to_account count the accounts of the household from 0."""

    kind: str
    cents: int
    account: int
    anchor_on: date
    frequency: str
    to_account: int | None = None
    every_n: int = 1
    month_days: tuple[int, ...] | None = None
    weekday: int | None = None
    nth: int | None = None
    ends_on: date | None = None
    occurrences: int | None = None
    roll: str = "none"
    calendar: str | None = None
    expected_from: date = date(1900, 1, 1)
    is_active: bool = True
    counterparty: str | None = None
    exceptions: dict[date, Exceptional] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Booking:
    """A transaction; rule counts the rules of the household from 0."""

    account: int
    cents: int
    on: date
    rule: int | None = None
    counterparty: str | None = None


@dataclass(frozen=True)
class Account:
    """An account: opening balance; whether it is active and in the owner's currency."""

    cents: int
    is_active: bool = True
    is_home_currency: bool = True


@dataclass(frozen=True)
class Household:
    """Everything that a plan is made of."""

    accounts: list[Account]
    rules: list[Rule]
    bookings: list[Booking]


@dataclass(frozen=True)
class Due:
    """One occurrence that the plan may count."""

    rule: int
    occurrence_on: date
    on: date
    cents: int


def nominal_days(rule: Rule, until: date) -> list[date]:
    """Days of the rule alone up to `until`: before exceptions, before rolling."""
    if rule.frequency == "once":
        found = [rule.anchor_on]
    elif rule.frequency == "daily":
        found = _days(DAILY, rule.anchor_on, until, interval=rule.every_n)
    elif rule.frequency in ("weekly", "biweekly"):
        first = rule.anchor_on
        while rule.weekday is not None and first.isoweekday() != rule.weekday:
            first += ONE_DAY
        weeks = rule.every_n * (2 if rule.frequency == "biweekly" else 1)
        found = _days(WEEKLY, first, until, interval=weeks)
    else:
        found = _month_days(rule, until)
    found = [day for day in found if day >= rule.anchor_on][: rule.occurrences]
    return [day for day in found if day <= until and (rule.ends_on is None or day <= rule.ends_on)]


def _days(frequency: int, start: date, until: date, **more: object) -> list[date]:
    """Days of one recurrence of RFC 5545."""
    return [moment.date() for moment in rrule(frequency, dtstart=start, until=until, **more)]


def _month_days(rule: Rule, until: date) -> list[date]:
    """Days of a rule that counts in months, in order, each once."""
    start = rule.anchor_on.replace(day=1)
    interval = STEP_MONTHS[rule.frequency] * rule.every_n
    if rule.nth is not None:
        assert rule.weekday is not None
        nth_weekday = weekdays[rule.weekday - 1](rule.nth)
        return _days(MONTHLY, start, until, interval=interval, byweekday=nth_weekday)
    listed = rule.month_days
    anchor_day = rule.anchor_on.day
    if listed is None and rule.frequency == "semimonthly":
        other = anchor_day + 15 if anchor_day <= 15 else anchor_day - 15
        listed = (anchor_day, other)
    found: set[date] = set()
    for day in listed or (anchor_day,):
        # The last of the days 28..31 that the month has is the day cut to the month's end.
        clamped = {"bymonthday": range(28, day + 1), "bysetpos": -1}
        chosen = clamped if day > 28 else {"bymonthday": day}
        found |= set(_days(MONTHLY, start, until, interval=interval, **chosen))
    return sorted(found)


def rolled(rule: Rule, day: date, holidays: frozenset[date]) -> date | None:
    """The business day on which an occurrence falls; None when it does not take place."""
    closed = holidays if rule.calendar is not None else frozenset()
    while rule.roll != "none" and (day.isoweekday() > 5 or day in closed):
        if rule.roll == "skip":
            return None
        day += ONE_DAY if rule.roll == "next" else -ONE_DAY
    return day


def occurrences(rule: Rule, number: int, until: date, holidays: frozenset[date]) -> Iterator[Due]:
    """Everything that a rule and its exceptions ever place on a day up to `until`."""
    horizon = max([until, *rule.exceptions]) + timedelta(days=40)
    for day in nominal_days(rule, horizon):
        other = rule.exceptions.get(day)
        on = rolled(rule, day, holidays)
        cents = rule.cents
        if other is not None:
            if other.action == "skip":
                continue
            on = other.moved_to if other.action == "move" else on
            cents = rule.cents if other.cents is None else other.cents
        if on is not None and on <= until:
            yield Due(number, day, on, cents)
