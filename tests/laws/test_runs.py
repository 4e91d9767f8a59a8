"""A stored run is judged as a plain loop over days would, and a night is one in any batches."""

from datetime import date, timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OWNER = -1
FIRST = date(2024, 1, 1)
HORIZONS = (7, 30, 90, 180, 365)
SLOW = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
flows = st.lists(
    st.tuples(st.integers(1, 2), st.integers(-5, 460), st.integers(-90_000, 90_000).filter(bool)),
    max_size=40,
)
runs = st.lists(
    st.tuples(
        st.integers(0, 420),  # as_of
        st.sampled_from((5, 7, 40, 100, 365)),  # days
        st.sampled_from(((1,), (2,), (1, 2))),
        st.integers(-50_000, 50_000),  # opening
        st.integers(-300, 300),  # what p50 adds a day
        st.integers(0, 60_000),  # half of the band
    ),
    max_size=5,
    unique_by=lambda run: run[0],
)


def kept(days: int) -> list[int]:
    """The days that a run of so many days keeps."""
    return [*range(1, min(days, 92) + 1), *range(99, days + 1, 7)]


def settle(db: psycopg.Connection[Any], booked: list[tuple[int, int, int]]) -> None:
    """The owner, two accounts, and what was booked on them."""
    db.execute("delete from data.users where id = %s", (OWNER,))
    db.execute("insert into data.users (id, currency) values (%s, 'USD')", (OWNER,))
    for account in (1, 2):
        total = sum(cents for which, _, cents in booked if which == account)
        db.execute(
            "insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)"
            " values (%s, %s, 'Account', 'USD', '2020-01-01', %s::numeric / 100)",
            (OWNER, account, total),
        )
    db.cursor().executemany(
        "insert into data.transactions (user_id, account_id, amount, transaction_date, description)"
        " values (%s, %s, %s::numeric / 100, %s, 'Booking')",
        [(OWNER, which, cents, FIRST + timedelta(day)) for which, day, cents in booked],
    )


def store(db: psycopg.Connection[Any], made: list[Any]) -> None:
    """Runs with paths of straight lines: p50 by its slope, the plan twice as steep."""
    for day, days, accounts, opening, slope, half in made:
        p50 = [opening + slope * place for place in kept(days)]
        db.execute(
            "insert into data.forecast_runs (user_id, as_of, days, currency, account_ids, basis,"
            " reserve_cents, opening_cents, risk_7, risk_30, risk_90, plan_cents, p10_cents,"
            " p50_cents, p90_cents, below_permille)"
            " values (%s, %s, %s, 'USD', %s, 'plan', 100, %s, 0.25, 0.5, 0.75, %s, %s, %s, %s, %s)",
            (
                OWNER,
                FIRST + timedelta(day),
                days,
                list(accounts),
                opening,
                [opening + 2 * slope * place for place in kept(days)],
                [cents - half for cents in p50],
                p50,
                [cents + half for cents in p50],
                [0 for _ in p50],
            ),
        )


def judged(
    booked: list[tuple[int, int, int]], made: list[Any], last: int
) -> list[tuple[date, int, list[float], bool]]:
    """Day by day: what core.accuracy_scores is to say."""
    found = []
    for day, days, accounts, opening, slope, half in sorted(made):
        for horizon in HORIZONS:
            if horizon > days or day + horizon > last:
                continue
            sums, weights, lowest = [0.0] * 6, 0, None
            for place in (one for one in kept(days) if one <= horizon):
                weight = 1 if place <= 92 else 7
                now = sum(
                    cents for which, on, cents in booked if which in accounts and on <= day + place
                )
                p50 = opening + slope * place
                parts = (
                    abs(p50 - now),
                    abs(opening - now),
                    abs(p50 + slope * place - now),
                    p50 - now,
                    float(p50 - half <= now <= p50 + half),
                    2 * half,
                )
                sums = [total + weight * part for total, part in zip(sums, parts, strict=True)]
                weights += weight
                lowest = now if lowest is None else min(lowest, now)
            assert lowest is not None
            means = [round(total / weights, 6) for total in sums]
            found.append((FIRST + timedelta(day), horizon, means, lowest < 100))
    return found


@SLOW
@given(booked=flows, made=runs, last=st.integers(0, 440))
def test_a_run_is_judged_as_a_loop_over_its_days_would(
    transaction: psycopg.Connection[Any],
    booked: list[tuple[int, int, int]],
    made: list[Any],
    last: int,
) -> None:
    settle(transaction, booked)
    store(transaction, made)
    query = (
        "select as_of, horizon_days, error, flat_error, plan_error, bias, coverage, width,"
        " is_below from core.accuracy_scores(%s, %s)"
    )
    seen = transaction.execute(query, (OWNER, FIRST + timedelta(last))).fetchall()
    said = [(row[0], row[1], [round(float(part), 6) for part in row[2:8]], row[8]) for row in seen]
    assert said == judged(booked, made, last)
    known = transaction.execute(
        "select sum(runs) from core.accuracy_rows(%s, %s)", (OWNER, FIRST + timedelta(last))
    ).fetchone()
    assert known == (len(said),)


@SLOW
@given(booked=flows, late=flows, made=runs, last=st.integers(0, 440))
def test_what_is_booked_after_the_last_known_day_changes_no_score(
    transaction: psycopg.Connection[Any],
    booked: list[tuple[int, int, int]],
    late: list[tuple[int, int, int]],
    made: list[Any],
    last: int,
) -> None:
    query = "select * from core.accuracy_rows(%s, %s)"
    seen = []
    for more in ([], [(which, last + 6 + day, cents) for which, day, cents in late]):
        settle(transaction, booked + more)
        store(transaction, made)
        seen.append(transaction.execute(query, (OWNER, FIRST + timedelta(last))).fetchall())
    assert seen[0] == seen[1]


def test_a_night_is_the_same_in_batches_of_any_size(transaction: psycopg.Connection[Any]) -> None:
    """And each run is what is expected of its owner alone."""
    night = date(2026, 1, 14)
    people = range(-7, 0)
    for person in people:
        transaction.execute(
            "insert into data.users (id, timezone, reserve) values (%s, %s, 100)",
            (person, ("Asia/Tokyo", "UTC", "America/New_York")[person % 3]),
        )
        transaction.execute(
            "insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)"
            " values (%s, 1, 'Account', 'USD', '2020-01-01', %s)",
            (person, 500 - 70 * person),
        )
        transaction.cursor().executemany(
            "insert into data.transactions (user_id, account_id, amount, transaction_date,"
            " description) values (%s, 1, %s, %s, 'Booking')",
            [
                (person, amount + person, night - timedelta(back + shift))
                for back in range(0, 300, 30)
                for shift, amount in ((4, 900), (9, -500), (17, -350 - back % 7))
            ],
        )
    runs_of = (
        "select user_id, opening_cents, basis, plan_cents, p10_cents, p50_cents, p90_cents,"
        " below_permille, risk_7, risk_30, risk_90"
        " from data.forecast_runs where user_id < 0 order by user_id"
    )
    seen = []
    for batch in (1, 2, 100):
        transaction.execute("delete from data.forecast_runs where as_of = %s", (night,))
        transaction.execute("delete from data.forecast_nights where as_of = %s", (night,))
        is_done = False
        while not is_done:
            row = transaction.execute(
                "select core.run_night(%s, null, %s)", (night, batch)
            ).fetchone()
            assert row is not None
            is_done = row[0]["is_done"]
        seen.append(transaction.execute(runs_of).fetchall())
    assert [row[0] for row in seen[0]] == list(people)
    assert seen[0] == seen[1] == seen[2]
    for row in seen[0]:
        alone = transaction.execute(
            "select p10_cents, p50_cents, p90_cents"
            " from core.expectation_arrays(array[%s]::bigint[], %s, 365) where account_id is null",
            (row[0], night),
        ).fetchone()
        assert alone is not None
        assert [[path[day - 1] for day in kept(365)] for path in alone] == list(row[4:7])
