"""The day-by-day loop of the oracle: what a plan must say, from what tests.support.oracle finds."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.matching import posted
from tests.support.oracle import Due, Household, Rule, occurrences

OVERDUE_DAYS = 31


@dataclass(frozen=True)
class Question:
    """What is asked of a plan. account counts the accounts of the household from 0."""

    as_of: date
    days: int
    start: date | None = None
    initial_cents: int | None = None
    overdue: str = "first_day"
    account: int | None = None


@dataclass(frozen=True)
class Flow:
    """An occurrence that counts, on the day on which it counts."""

    due: Due
    on: date
    cents: int
    is_overdue: bool


def net_cents(rule: Rule, cents: int, covered: set[int]) -> int:
    """What an occurrence does to the covered accounts."""
    if rule.kind != "transfer":
        return cents if rule.account in covered else 0
    return cents * ((rule.to_account in covered) - (rule.account in covered))


def flows(house: Household, asked: Question, holidays: frozenset[date]) -> list[Flow]:
    """Everything that the plan counts from as_of to the end of the horizon."""
    start = asked.start or asked.as_of
    as_of = min(asked.as_of, start)
    until = start + timedelta(days=asked.days - 1)
    covered = covered_accounts(house, asked)
    active = {number for number, account in enumerate(house.accounts) if account.is_active}
    due = [
        one
        for number, rule in enumerate(house.rules)
        if rule.is_active and {rule.account, rule.to_account} - {None} <= active
        for one in occurrences(rule, number, max(until, as_of + timedelta(days=15)), holidays)
    ]
    gone = posted(house, due, as_of)
    counted = []
    for one in due:
        rule = house.rules[one.rule]
        is_overdue = one.on < as_of
        if one in gone or one.on > until:
            continue
        if is_overdue:
            oldest = max(as_of - timedelta(days=OVERDUE_DAYS), rule.expected_from)
            if asked.overdue == "omit" or one.on < oldest:
                continue
        cents = net_cents(rule, one.cents, covered)
        counted.append(Flow(one, max(one.on, as_of), cents, is_overdue))
    return counted


def covered_accounts(house: Household, asked: Question) -> set[int]:
    """The accounts whose money is counted."""
    if asked.account is not None:
        return {asked.account}
    return {
        number
        for number, account in enumerate(house.accounts)
        if account.is_active and account.is_home_currency
    }


def forecast(
    house: Household, asked: Question, holidays: frozenset[date]
) -> list[tuple[date, int, int, int, int]]:
    """Day, opening, income, expenses, closing for every day of the horizon, in cents."""
    start = asked.start or asked.as_of
    as_of = min(asked.as_of, start)
    covered = covered_accounts(house, asked)
    balance = sum(house.accounts[number].cents for number in covered)
    balance += sum(
        booking.cents
        for booking in house.bookings
        if booking.account in covered and booking.on <= as_of
    )
    by_day: dict[date, list[int]] = {}
    for flow in flows(house, asked, holidays):
        by_day.setdefault(flow.on, []).append(flow.cents)
    answer = []
    day = as_of
    while day < start + timedelta(days=asked.days):
        if day == start and asked.initial_cents is not None:
            balance = asked.initial_cents
        income = sum(cents for cents in by_day.get(day, ()) if cents > 0)
        expenses = sum(cents for cents in by_day.get(day, ()) if cents < 0)
        if day >= start:
            answer.append((day, balance, income, expenses, balance + income + expenses))
        balance += income + expenses
        day += timedelta(days=1)
    return answer
