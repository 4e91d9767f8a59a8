"""Random households and questions for the laws of the plan, near all that is odd in calendars."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.day_loop import Question
from tests.support.oracle import Account, Booking, Exceptional, Household, Rule, nominal_days

Case = tuple[Household, Question]
RULE_SETS = int(os.environ.get("TIDELINE_RULE_SETS", 10_000))

# Leap years, the leap year that is none (2100), month ends, the days of summer time.
EDGES = [
    date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1),
    date(2024, 12, 30), date(2025, 2, 28), date(2025, 3, 9), date(2025, 3, 30), date(2025, 4, 30),
    date(2025, 10, 26), date(2025, 11, 2), date(2026, 1, 1), date(2028, 2, 29), date(2100, 2, 28),
]  # fmt: skip
# Among weekends: two long runs of closed days, and one that ends a month.
HOLIDAYS = frozenset(
    [
        *(date(2025, 4, day) for day in (17, 18, 21, 22, 23)),
        *(date(2025, 12, day) for day in (24, 25, 26, 29, 30, 31)),
        *(date(2024, 2, day) for day in (28, 29)),
        *(date(year, 1, 1) for year in range(2020, 2040)),
    ]
)
FREQUENCIES = [
    "once", "daily", "weekly", "biweekly", "semimonthly", "monthly", "quarterly", "yearly",
]  # fmt: skip
MONTHLY = {"semimonthly", "monthly", "quarterly", "yearly"}
AMOUNTS = [1, 199, 5000, 5400, 250_000]
NAMES = [None, "Corner Shop", "corner shop", "Landlord"]


def days_around(edge: date, before: int, after: int) -> st.SearchStrategy[date]:
    """Days at most so many days from an edge."""
    return st.integers(-before, after).map(lambda past: edge + timedelta(days=past))


@st.composite
def rules(draw: st.DrawFn, today: date, account_count: int) -> Rule:
    """A rule that is sound; about half of its anchors lie within two months of today."""
    frequency = draw(st.sampled_from(FREQUENCIES))
    kind = draw(st.sampled_from(["income", "expense", "expense", "transfer"]))
    if account_count == 1 and kind == "transfer":
        kind = "expense"
    account = draw(st.integers(0, account_count - 1))
    to_account = (
        (account + draw(st.integers(1, account_count - 1))) % account_count
        if kind == "transfer"
        else None
    )
    cents = draw(st.sampled_from(AMOUNTS)) * (-1 if kind == "expense" else 1)
    anchor = draw(days_around(today, 60, 40) | days_around(today, 900, 700))
    month_days = weekday = nth = None
    if frequency in MONTHLY:
        shape = draw(st.sampled_from(["anchor", "anchor", "days", "nth"]))
        if shape == "days":
            days = st.sampled_from([-1, 1, 5, 15, 28, 29, 30, 31])
            month_days = tuple(draw(st.lists(days, min_size=1, max_size=4, unique=True)))
        elif shape == "nth" and frequency != "semimonthly":
            weekday = draw(st.integers(1, 7))
            nth = draw(st.sampled_from([-1, 1, 2, 3, 4, 5]))
    elif frequency in ("weekly", "biweekly"):
        weekday = draw(st.none() | st.integers(1, 7))
    rule = Rule(
        kind=kind,
        cents=cents,
        account=account,
        to_account=to_account,
        anchor_on=anchor,
        frequency=frequency,
        every_n=draw(st.sampled_from([1, 1, 1, 2, 3, 12])),
        month_days=month_days,
        weekday=weekday,
        nth=nth,
        ends_on=draw(st.none() | st.integers(0, 800).map(lambda n: anchor + timedelta(days=n))),
        occurrences=draw(st.none() | st.integers(1, 40)),
        roll=draw(st.sampled_from(["none", "none", "skip", "previous", "next"])),
        calendar=draw(st.sampled_from([None, "ODD"])),
        expected_from=draw(st.sampled_from([date(1900, 1, 1), today - timedelta(9), today])),
        is_active=draw(st.sampled_from([True] * 9 + [False])),
        counterparty=draw(st.sampled_from(NAMES)),
    )
    near = nominal_days(rule, today + timedelta(days=90))[-5:]
    if near and draw(st.integers(0, 3)) == 0:
        # The last day may be none of the rule's: an exception to nothing.
        for day in draw(st.sets(st.sampled_from([*near, today]), max_size=3)):
            rule.exceptions[day] = draw(exceptionals(day, 1 if cents > 0 else -1))
    return rule


@st.composite
def exceptionals(draw: st.DrawFn, day: date, sign: int) -> Exceptional:
    """One exception for the occurrence of a day."""
    action = draw(st.sampled_from(["skip", "move", "amount"]))
    cents = sign * draw(st.sampled_from(AMOUNTS))
    if action == "move":
        moved_to = draw(days_around(day, 40, 40) | days_around(day, 200, 200))
        return Exceptional("move", moved_to, draw(st.sampled_from([None, cents])))
    return Exceptional(action, None, cents if action == "amount" else None)


@st.composite
def bookings(draw: st.DrawFn, today: date, house_rules: list[Rule], accounts: int) -> Booking:
    """A booking: of a rule near today, linked or only alike, or of nothing in particular."""
    number = draw(st.integers(-1, len(house_rules) - 1))
    if number < 0:
        cents = draw(st.sampled_from([-1, 1])) * draw(st.sampled_from(AMOUNTS))
        return Booking(draw(st.integers(0, accounts - 1)), cents, draw(days_around(today, 60, 5)))
    rule = house_rules[number]
    paid = nominal_days(rule, today + timedelta(days=20))[-4:] or [today]
    on = draw(st.sampled_from(paid)) + timedelta(days=draw(st.integers(-5, 12)))
    cents = -rule.cents if rule.kind == "transfer" else rule.cents
    return Booking(
        account=rule.account if draw(st.integers(0, 9)) else draw(st.integers(0, accounts - 1)),
        cents=draw(st.sampled_from([cents, cents, cents, cents * 104 // 100, cents * 2])),
        on=on,
        rule=draw(st.sampled_from([None, None, number])),
        counterparty=draw(st.sampled_from([rule.counterparty, *NAMES])),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Household, Question]:
    """A household and what is asked of its plan."""
    today = draw(st.sampled_from(EDGES).flatmap(lambda edge: days_around(edge, 3, 3)))
    accounts = [
        Account(draw(st.integers(-100_000, 900_000)), *draw(st.sampled_from(
            [(True, True), (True, True), (True, True), (False, True), (True, False)]
        )))
        for _ in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    house_rules = draw(st.lists(rules(today, len(accounts)), min_size=1, max_size=4))
    booked = draw(st.lists(bookings(today, house_rules, len(accounts)), max_size=5))
    start = draw(st.sampled_from([None, None, -7, 0, 1, 40]))
    asked = Question(
        as_of=today,
        days=draw(st.sampled_from([1, 2, 31, 90, 365, 365, 730, 3660])),
        start=None if start is None else today + timedelta(days=start),
        initial_cents=draw(st.sampled_from([None, None, None, 12_345])),
        overdue=draw(st.sampled_from(["first_day", "first_day", "omit"])),
        account=draw(st.none() | st.integers(0, len(accounts) - 1)),
    )
    return Household(accounts, house_rules, booked), asked


def examples(count: int) -> Callable[[Any], Any]:
    """So many examples, the same in every run, however long one takes."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


few_examples = examples(RULE_SETS // 200)
batches = st.lists(cases(), min_size=5, max_size=5)
