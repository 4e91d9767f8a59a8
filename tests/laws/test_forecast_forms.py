"""One plan, many forms: batch and single, shorter and longer, more money, later bookings."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.oracle import Booking, Household
from tests.support.planning import ask, load, user_of
from tests.support.rule_sets import Case, batches, few_examples


@pytest.mark.slow
@few_examples
@given(batches, st.integers(1, 400))
def test_a_batch_equals_its_singles(
    plans: psycopg.Connection[Any], asked: list[Case], days: int
) -> None:
    as_of = asked[0][1].as_of
    with plans.transaction(force_rollback=True):
        load(plans, [house for house, _ in asked])
        users = [user_of(place) for place in range(len(asked))]
        many = plans.execute(
            "select * from core.forecast_many(%s, %s, %s)", (users, as_of, days)
        ).fetchall()
        singles = [
            (user, *row)
            for user in sorted(users)
            for row in plans.execute(
                "select * from core.forecast_days(%s, %s, %s)", (user, as_of, days)
            ).fetchall()
        ]
        assert many == singles
        arrays = plans.execute(
            "select user_id, closing_cents from core.forecast_many_arrays(%s, %s, %s)",
            (users, as_of, days),
        ).fetchall()
    closings = defaultdict(list)
    for user, *_, closing in singles:
        closings[user].append(int(closing * 100))
    assert arrays == sorted(closings.items())


@pytest.mark.slow
@few_examples
@given(batches, st.data())
def test_a_plan_reads_nothing_that_came_later(
    plans: psycopg.Connection[Any], asked: list[Case], data: st.DataObject
) -> None:
    """Bookings after as_of change no value: what was said stays what was known."""
    later = []
    for house, question in asked:
        known_on = min(question.as_of, question.start or question.as_of)
        more = [
            Booking(
                rule.account,
                -rule.cents if rule.kind == "transfer" else rule.cents,
                known_on + timedelta(days=data.draw(st.integers(1, 40))),
                data.draw(st.sampled_from([None, number])),
                rule.counterparty,
            )
            for number, rule in enumerate(house.rules)
        ]
        later.append(replace(house, bookings=house.bookings + more))
    questions = [question for _, question in asked]
    answers = []
    for houses in ([house for house, _ in asked], later):
        with plans.transaction(force_rollback=True):
            load(plans, houses)
            answers.append(ask(plans, questions))
    assert answers[0] == answers[1]


@pytest.mark.slow
@few_examples
@given(batches, st.integers(1, 300))
def test_a_longer_plan_begins_with_the_shorter_one(
    plans: psycopg.Connection[Any], asked: list[Case], more_days: int
) -> None:
    """And a plan that starts later is the rest of the one that starts now."""
    questions = [replace(question, initial_cents=None) for _, question in asked]
    with plans.transaction(force_rollback=True):
        load(plans, [house for house, _ in asked])
        short = ask(plans, questions)
        long = ask(plans, [replace(one, days=one.days + more_days) for one in questions])
        shifted = [replace(one, start=one.as_of + timedelta(days=more_days)) for one in questions]
        now = ask(plans, [replace(one, start=None, days=one.days + more_days) for one in questions])
        rest = ask(plans, shifted)
    for one, longer in zip(short, long, strict=True):
        assert longer[: len(one)] == one
    for later, whole in zip(rest, now, strict=True):
        assert whole[len(whole) - len(later) :] == later


@pytest.mark.slow
@few_examples
@given(batches)
def test_ten_times_the_money_is_ten_times_the_plan(
    plans: psycopg.Connection[Any], asked: list[Case]
) -> None:
    def scaled(house: Household) -> Household:
        return Household(
            [replace(account, cents=account.cents * 10) for account in house.accounts],
            [
                replace(
                    rule,
                    cents=rule.cents * 10,
                    exceptions={
                        day: replace(other, cents=None if other.cents is None else other.cents * 10)
                        for day, other in rule.exceptions.items()
                    },
                )
                for rule in house.rules
            ],
            [replace(booking, cents=booking.cents * 10) for booking in house.bookings],
        )

    questions = [replace(question, initial_cents=None) for _, question in asked]
    answers = []
    for change in (lambda house: house, scaled):
        with plans.transaction(force_rollback=True):
            load(plans, [change(house) for house, _ in asked])
            answers.append(ask(plans, questions))
    assert answers[1] == [
        [(day, *(cents * 10 for cents in figures)) for day, *figures in plan] for plan in answers[0]
    ]
