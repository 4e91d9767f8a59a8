"""The forecast equals a plain loop over days, for thousands of random households."""

from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.day_loop import forecast
from tests.support.near_cases import near_cases
from tests.support.oracle import Rule, nominal_days
from tests.support.planning import ask, load
from tests.support.rule_sets import HOLIDAYS, RULE_SETS, Case, cases, examples

BATCH = 10  # households in one round trip


def check(plans: psycopg.Connection[Any], asked: list[Case]) -> None:
    """Loads the households, asks for all plans at once and compares each with its loop."""
    with plans.transaction(force_rollback=True):
        load(plans, [house for house, _ in asked])
        answers = ask(plans, [question for _, question in asked])
    for (house, question), answer in zip(asked, answers, strict=True):
        assert answer == forecast(house, question, HOLIDAYS), (house, question)


@pytest.mark.slow
@pytest.mark.timeout(600)
@examples(RULE_SETS // BATCH)
@given(st.lists(cases(), min_size=BATCH, max_size=BATCH))
def test_forecast_equals_the_day_loop(plans: psycopg.Connection[Any], asked: list[Case]) -> None:
    check(plans, asked)


@pytest.mark.slow
@pytest.mark.timeout(600)
@examples(RULE_SETS // BATCH)
@given(st.lists(near_cases(), min_size=BATCH, max_size=BATCH))
def test_what_was_posted_is_what_the_loop_finds(
    plans: psycopg.Connection[Any], asked: list[Case]
) -> None:
    check(plans, asked)


def test_the_oracle_knows_february() -> None:
    rule = Rule("expense", -1, 0, date(2024, 1, 31), "monthly")
    assert nominal_days(rule, date(2024, 4, 30)) == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30),
    ]  # fmt: skip
