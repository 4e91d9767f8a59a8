"""core.cron_next against croniter, which knows nothing of ours, and a year of three zones."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st


def field(least: int, most: int) -> st.SearchStrategy[str]:
    """One field: stars, numbers, ranges, steps and lists of them."""
    number = st.integers(least, most)
    spans = st.tuples(number, number).map(sorted)
    spans = spans.filter(lambda ends: ends[0] < ends[1])  # croniter takes 0-0 for a whole week
    ranges = spans.map(lambda ends: f"{ends[0]}-{ends[1]}")
    steps = st.integers(2, most - least)  # croniter takes */1 now for a star, now for a list
    part = st.one_of(
        number.map(str),
        ranges,
        st.tuples(spans, st.integers(1, 3)).map(
            lambda both: f"{both[0][0]}-{both[0][1]}/{both[1]}"
        ),
    )
    return st.one_of(
        st.just("*"),
        steps.map(lambda step: f"*/{step}"),
        st.lists(part, min_size=1, max_size=3).map(",".join),
    )


# Days up to 28, so that no combination of fields waits for ever.
CRONS = st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)).map(" ".join)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@pytest.fixture
def asked(shared_database: str) -> Any:
    """A connection for the whole of one law."""
    with psycopg.connect(shared_database, autocommit=True) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def test_the_next_time_is_croniters(asked: psycopg.Connection[Any]) -> None:
    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(CRONS, MOMENTS)
    def law(cron: str, after: datetime) -> None:
        row = asked.execute("select core.cron_next(%s, 'UTC', %s)", (cron, after)).fetchone()
        assert row == (croniter(cron, after).get_next(datetime),)

    law()


def test_the_last_time_is_the_one_before_the_next(asked: psycopg.Connection[Any]) -> None:
    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(CRONS, MOMENTS)
    def law(cron: str, until: datetime) -> None:
        row = asked.execute(
            "select last, core.cron_next(%(cron)s, 'UTC', last)"
            " from core.cron_last(%(cron)s, 'UTC', '1990-01-01', %(until)s) as last",
            {"cron": cron, "until": until},
        ).fetchone()
        assert row is not None
        assert row[0] <= until < row[1]

    law()


@pytest.mark.parametrize("zone", ["Europe/Prague", "America/New_York", "Australia/Lord_Howe"])
def test_a_year_of_a_zone_misses_no_day_and_no_hour(
    asked: psycopg.Connection[Any], zone: str
) -> None:
    """Daily: once a local day, whatever the clock does. Hourly: no gap of more than an hour."""
    daily = asked.execute(
        "select moment, (moment at time zone %(zone)s)::date"
        " from core.cron_moments('30 2 * * *', %(zone)s, '2026-01-01', '2026-12-31') as moment",
        {"zone": zone},
    ).fetchall()
    assert len(daily) == 365
    assert len({day for _, day in daily}) == 365
    hourly = [
        moment
        for (moment,) in asked.execute(
            "select core.cron_moments('0 * * * *', %s, '2026-01-01', '2026-12-31')", (zone,)
        )
    ]
    gaps = {after - before for before, after in pairwise(hourly)}
    assert max(gaps) <= timedelta(hours=1, minutes=30)
