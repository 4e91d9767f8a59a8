"""The forecast equals a plain loop over days, for thousands of random households."""

import os
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.day_loop import Question, forecast
from tests.support.near_cases import near_cases
from tests.support.oracle import Household, Rule, nominal_days
from tests.support.planning import ask, close_days, load
from tests.support.rule_sets import HOLIDAYS, cases

BATCH = 10  # households in one round trip
RULE_SETS = int(os.environ.get("TIDELINE_RULE_SETS", 10_000))
ALWAYS_THE_SAME = settings(
    max_examples=RULE_SETS // BATCH,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture
def ledger(transaction: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A transaction that knows the odd calendar and keeps its plans."""
    transaction.execute("set local plan_cache_mode = force_generic_plan")
    close_days(transaction, "ODD", HOLIDAYS)
    return transaction


def check(ledger: psycopg.Connection[Any], asked: list[tuple[Household, Question]]) -> None:
    """Loads the households, asks for all plans at once and compares each with its loop."""
    with ledger.transaction(force_rollback=True):
        load(ledger, [house for house, _ in asked])
        answers = ask(ledger, [question for _, question in asked])
    for (house, question), answer in zip(asked, answers, strict=True):
        assert answer == forecast(house, question, HOLIDAYS), (house, question)


@pytest.mark.slow
@pytest.mark.timeout(600)
@ALWAYS_THE_SAME
@given(st.lists(cases(), min_size=BATCH, max_size=BATCH))
def test_forecast_equals_the_day_loop(
    ledger: psycopg.Connection[Any], asked: list[tuple[Household, Question]]
) -> None:
    check(ledger, asked)


@pytest.mark.slow
@pytest.mark.timeout(600)
@ALWAYS_THE_SAME
@given(st.lists(near_cases(), min_size=BATCH, max_size=BATCH))
def test_what_was_posted_is_what_the_loop_finds(
    ledger: psycopg.Connection[Any], asked: list[tuple[Household, Question]]
) -> None:
    check(ledger, asked)


def test_the_oracle_knows_february() -> None:
    rule = Rule("expense", -1, 0, date(2024, 1, 31), "monthly")
    assert nominal_days(rule, date(2024, 4, 30)) == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30),
    ]  # fmt: skip
