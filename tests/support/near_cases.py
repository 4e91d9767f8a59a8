"""Random households whose past weeks are full of bookings: for the laws of what was posted."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.support.day_loop import Question
from tests.support.oracle import Account, Booking, Household, Rule, nominal_days
from tests.support.rule_sets import EDGES, NAMES, days_around, exceptionals


@st.composite
def near_rules(draw: st.DrawFn, today: date, account_count: int) -> Rule:
    """A rule with several occurrences around today, for bookings and exceptions to meet."""
    is_transfer = account_count > 1 and draw(st.integers(0, 3)) == 0
    sign = 1 if is_transfer else draw(st.sampled_from([-1, 1]))
    rule = Rule(
        kind="transfer" if is_transfer else "income" if sign > 0 else "expense",
        cents=sign * draw(st.sampled_from([5000, 5400])),
        account=0,
        to_account=1 if is_transfer else None,
        anchor_on=draw(days_around(today, 75, -20)),
        frequency=draw(st.sampled_from(["daily", "weekly", "semimonthly", "monthly", "monthly"])),
        every_n=draw(st.sampled_from([1, 1, 5])),
        roll=draw(st.sampled_from(["none", "none", "previous", "next"])),
        calendar=draw(st.sampled_from([None, "ODD"])),
        expected_from=draw(st.sampled_from([date(1900, 1, 1), today - timedelta(9)])),
        counterparty=draw(st.sampled_from(NAMES)),
    )
    days = nominal_days(rule, today + timedelta(days=60))[-20:]
    if draw(st.booleans()):
        for day in draw(st.sets(st.sampled_from(days), max_size=5)):
            rule.exceptions[day] = draw(exceptionals(day, sign))
    return rule


@st.composite
def near_bookings(draw: st.DrawFn, today: date, house_rules: list[Rule]) -> Booking:
    """A booking of some rule up to today, at any distance that counts, or just does not."""
    number = draw(st.integers(0, len(house_rules) - 1))
    rule = house_rules[number]
    late_days = draw(st.integers(-4, 11) | st.integers(-4, 11) | st.integers(-16, 32))
    on = draw(st.sampled_from(nominal_days(rule, today + timedelta(days=20))))
    cents = draw(st.sampled_from([rule.cents] * 4 + [rule.cents * 93 // 100]))
    return Booking(
        account=0,
        cents=-cents if rule.kind == "transfer" else cents,
        on=min(today, on + timedelta(days=late_days)),
        rule=draw(st.sampled_from([None, None, number])),
        counterparty=draw(st.sampled_from([None, rule.counterparty, "CORNER SHOP"])),
    )


@st.composite
def near_cases(draw: st.DrawFn) -> tuple[Household, Question]:
    """A household whose past weeks are full of bookings, and the next weeks of its plan."""
    today = draw(st.sampled_from(EDGES).flatmap(lambda edge: days_around(edge, 9, 9)))
    accounts = [Account(100_000) for _ in range(draw(st.integers(1, 2)))]
    house_rules = draw(st.lists(near_rules(today, len(accounts)), min_size=1, max_size=3))
    booked = draw(st.lists(near_bookings(today, house_rules), min_size=2, max_size=9))
    account = draw(st.none() | st.integers(0, len(accounts) - 1))
    return Household(accounts, house_rules, booked), Question(today, 45, account=account)
