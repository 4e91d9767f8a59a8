"""Warnings: nothing is told twice, nothing knows the future, and money has no scale.

The expectation is drawn here, night by night, and stands in for core.expectation_arrays.
"""

import os
import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.plans import plan_of, queries_of, ran, removed, scans

AS_OF = date(2026, 3, 2)
CASES = int(os.environ.get("TIDELINE_FUZZ", 25)) // 5 + 5
SEEDS = st.integers(0, 10**9)
LAW = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FAKE = """
create temporary table said (user_id bigint, number integer, chance numeric, p50 numeric);
drop function core.expectation_arrays(bigint[], date, integer);
create function core.expectation_arrays(_user_ids bigint[], _as_of date, _days integer)
returns table (
    user_id bigint, account_id bigint, currency text, basis text, fitted_on date,
    reserve_cents bigint, opening_cents bigint, plan_cents bigint[], p10_cents bigint[],
    p50_cents bigint[], p90_cents bigint[], below numeric[], risk_7 numeric, risk_30 numeric,
    risk_90 numeric
)
language sql stable as $$
    select
        user_id, null::bigint, 'USD', 'history', null::date, 0::bigint, 0::bigint,
        array_agg((p50 * 100)::bigint order by number),
        array_agg((p50 * 100)::bigint - 5000 order by number),
        array_agg((p50 * 100)::bigint order by number),
        array_agg((p50 * 100)::bigint + 5000 order by number),
        array_agg(chance order by number), null::numeric, null::numeric, null::numeric
    from pg_temp.said
    where user_id = any (_user_ids) and number <= _days
    group by user_id;
$$;
"""


@pytest.fixture
def house(transaction: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Two owners with an account each, and an expectation that is said."""
    transaction.execute(FAKE)
    transaction.execute("insert into data.users (id) values (-1), (-2)")
    transaction.execute(
        "insert into data.accounts (user_id, id, name, currency, opened_on)"
        " select owner, -owner, 'Account', 'USD', '2020-01-01'"
        " from unnest('{-1,-2}'::bigint[]) as owner"
    )
    return transaction


def draw_night(draw: random.Random, fall: float) -> list[tuple[float, float]]:
    """Chance and likely balance of each of 40 days, wandering."""
    days, level = [], draw.uniform(-50, 400)
    for _ in range(40):
        level += draw.uniform(-60, 60) - fall
        chance = min(1.0, max(0.0, 0.5 - level / 300 + draw.uniform(-0.1, 0.1)))
        days.append((round(chance, 3), round(level, 2)))
    return days


def say(connection: psycopg.Connection[Any], nights: dict[int, list[tuple[float, float]]]) -> None:
    """Makes these the expectation of tonight."""
    connection.execute("truncate said")
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into said values (%s, %s, %s, %s)",
            [
                (owner, place + 1, chance, level)
                for owner, days in nights.items()
                for place, (chance, level) in enumerate(days)
            ],
        )


def state(connection: psycopg.Connection[Any], user_id: int) -> list[Any]:
    """The alerts of an owner but for their keys and clocks."""
    return connection.execute(
        "select to_jsonb(alert) - '{id,user_id,account_id,created_at,updated_at}'::text[]"
        " from data.alerts as alert where user_id = %s order by subject",
        (user_id,),
    ).fetchall()


@LAW
@given(seed=SEEDS)
def test_a_dip_is_told_again_only_when_it_is_worse_than_what_was_told(
    house: psycopg.Connection[Any], seed: int
) -> None:
    draw = random.Random(seed)
    house.execute("savepoint start")
    told: dict[int, tuple[Any, ...]] = {}
    for night in range(8):
        as_of = AS_OF + timedelta(night)
        say(house, {-1: draw_night(draw, 4), -2: draw_night(draw, 4)})
        house.execute("select core.low_raise('{-1,-2}', %s)", (as_of,))
        once = state(house, -1), state(house, -2)
        assert house.execute("select core.low_raise('{-1,-2}', %s)", (as_of,)).fetchone() == (0,)
        assert (state(house, -1), state(house, -2)) == once, "the second look of a night"
        rows = house.execute(
            "select id, told_count, told_chance, told_on_day, told_amount,"
            " (facts ->> 'told_width')::numeric, status, on_day, until_on, chance"
            " from data.alerts where user_id = -1"
        ).fetchall()
        for key, count, chance, on_day, amount, width, status, *now in rows:
            if key in told and told[key][0] != count:
                _, old_chance, old_day, old_amount, old_width = told[key]
                assert count == told[key][0] + 1
                assert (
                    chance - old_chance >= 0.15
                    or (old_day - on_day).days >= 5
                    or old_amount - amount > max(old_width / 4, abs(old_amount) / 10)
                ), (told[key], chance, on_day, amount)
            told[key] = (count, chance, on_day, amount, width)
            if status == "open":
                assert as_of < now[0] <= now[1] <= as_of + timedelta(30)
                assert float(now[2]) >= 0.23
        spans = sorted((row[7], row[8]) for row in rows if row[6] != "ended")
        for one, other in pairwise(spans):
            assert (other[0] - one[1]).days > 7, "stretches a week apart are one dip"
    house.execute("rollback to savepoint start")


@LAW
@given(seed=SEEDS)
def test_many_are_looked_after_as_each_alone(house: psycopg.Connection[Any], seed: int) -> None:
    draw = random.Random(seed)
    nights = [{-1: draw_night(draw, 3), -2: draw_night(draw, 3)} for _ in range(4)]
    found = []
    for batches in (["{-1,-2}"], ["{-2}", "{-1}"]):
        house.execute("savepoint start")
        for night, said in enumerate(nights):
            say(house, said)
            for batch in batches:
                house.execute("select core.low_raise(%s, %s)", (batch, AS_OF + timedelta(night)))
        found.append((state(house, -1), state(house, -2)))
        house.execute("rollback to savepoint start")
    assert found[0] == found[1]


def book(connection: psycopg.Connection[Any], draw: random.Random, last: date) -> None:
    """A year of an owner's spending: three payees, a rent, and odd ones in the last days."""
    rows = [
        (-round(draw.lognormvariate(3, 0.4), 2), last - timedelta(draw.randrange(365)), payee)
        for payee in ("Grocer", "Garage", "Bar", None)
        for _ in range(60)
    ]
    rows += [(-700, last - timedelta(30 * month), None) for month in range(10)]
    rows += [
        (-round(draw.uniform(100, 3000), 2), last - timedelta(draw.randrange(5)), payee)
        for payee in draw.choices(("Grocer", "Bar", None), k=4)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into data.transactions"
            " (user_id, account_id, amount, transaction_date, description, counterparty)"
            " values (-1, 1, %s, %s, 'Bought', %s)",
            rows,
        )


def odd(connection: psycopg.Connection[Any], factor: int = 1) -> list[tuple[Any, ...]]:
    """What is unusual on AS_OF, its amounts divided by a factor."""
    rows = connection.execute(
        "select subject, spent, usual, compared_with, value_count"
        " from core.unusual_rows(-1, %s, 4, 0) order by subject",
        (AS_OF,),
    ).fetchall()
    return [
        (subject, float(spent) / factor, pytest.approx(float(usual) / factor, abs=0.011), *rest)
        for subject, spent, usual, *rest in rows
    ]


@LAW
@given(seed=SEEDS)
def test_spending_is_judged_without_a_scale_and_without_the_future(
    house: psycopg.Connection[Any], seed: int
) -> None:
    draw = random.Random(seed)
    house.execute("savepoint start")
    book(house, draw, AS_OF)
    found = odd(house)
    for day in (1, 2, 40):
        house.execute(
            "insert into data.transactions"
            " (user_id, account_id, amount, transaction_date, description, counterparty)"
            " values (-1, 1, -9000, %s, 'Later', 'Grocer')",
            (AS_OF + timedelta(day),),
        )
    assert odd(house) == found, "what is booked later is not looked at"
    house.execute("update data.transactions set amount = amount * 100 where user_id = -1")
    assert [row[0] for row in odd(house, 100)] == [row[0] for row in found]
    house.execute("rollback to savepoint start")


@LAW
@given(seed=SEEDS)
def test_no_booking_is_told_twice(house: psycopg.Connection[Any], seed: int) -> None:
    draw = random.Random(seed)
    house.execute("savepoint start")
    book(house, draw, AS_OF)
    for night in range(-6, 7):
        house.execute("select core.splurge_raise('{-1}', %s)", (AS_OF + timedelta(night),))
    told = house.execute(
        "select unnest(transaction_ids) from data.alerts where user_id = -1"
    ).fetchall()
    assert max(Counter(told).values(), default=1) == 1
    house.execute("rollback to savepoint start")


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_page_of_alerts_is_read_backwards_from_the_key(
    house: psycopg.Connection[Any], mode: str
) -> None:
    house.execute(
        "insert into data.alerts (user_id, kind, scope, subject, on_day, until_on, currency,"
        " amount, shortfall, facts, told_on_day, told_amount, raised_on)"
        " select owner, 'unusual_spending', 'day', number::text, day, day, 'USD', -9, 5, '{}', day,"
        " -9, day from unnest('{-1,-2}'::bigint[]) as owner"
        " cross join generate_series(1, 3000) as number"
        " cross join lateral (select '2026-03-01'::date as day) as days"
    )
    # As many users as elsewhere: a table of one page is rightly read without its index.
    house.execute("insert into data.users (id) select -number from generate_series(3, 3000) number")
    house.execute("analyze data.alerts, data.users")
    house.execute(f"set local plan_cache_mode = {mode}")  # type: ignore[call-overload]
    (query,) = queries_of(house, "core.warning_page")
    values = {
        "_user_id": ("bigint", -1),
        "_before_id": ("bigint", 2**62),
        "_status": ("text", "open"),
        "_kind": ("text", None),
        "_limit": ("integer", 51),
    }
    plan = plan_of(house, query, values)
    found = {node.get("Index Name") for node in scans(plan)}
    assert found == {"alerts_pkey", "users_pkey"}, found
    assert removed(plan) == 0
    assert max(node["Actual Rows"] for node in ran(plan)) <= 51
