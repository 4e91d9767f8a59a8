"""Days are days: no zone, no summer time, no leap year and no bank holiday moves a forecast."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import psycopg
import pytest

from tests.support.day_loop import Question, forecast
from tests.support.oracle import Account, Household, Rule
from tests.support.planning import ask, close_days, load

# A 31st, a 29 February, a day a week and a last Friday: what drifts when it is done wrong.
HOUSE = Household(
    [Account(100_000)],
    [
        Rule("expense", -100, 0, date(2023, 1, 31), "monthly"),
        Rule("income", 700, 0, date(2020, 2, 29), "yearly"),
        Rule("expense", -30, 0, date(2023, 1, 1), "weekly"),
        Rule("expense", -1, 0, date(2023, 1, 1), "monthly", weekday=5, nth=-1),
        Rule("expense", -1, 0, date(2023, 3, 1), "daily"),
    ],
    [],
)
# A year from each of these passes both days of summer time; the first one a 29 February too.
STARTS = [date(2023, 7, 1), date(2025, 3, 9), date(2025, 10, 26)]


def test_every_zone_has_the_same_days(transaction: psycopg.Connection[Any]) -> None:
    """A forecast of 365 days has 365 days wherever the session and the owner live."""
    transaction.execute("set local plan_cache_mode = force_generic_plan")
    load(transaction, [HOUSE] * len(STARTS))
    questions = [Question(start, 365) for start in STARTS]
    wanted = [forecast(HOUSE, question, frozenset()) for question in questions]
    assert [len(days) for days in wanted] == [365] * len(STARTS)
    known = {
        name for (name,) in transaction.execute("select name from pg_timezone_names").fetchall()
    }
    zones = sorted(available_timezones() & known)
    assert len(zones) > 400
    for zone in zones:
        transaction.execute("select set_config('timezone', %s, true)", (zone,))
        transaction.execute("update data.users set timezone = %s where id < 0", (zone,))
        assert ask(transaction, questions) == wanted, zone


def test_today_is_the_owners(transaction: psycopg.Connection[Any]) -> None:
    """No day asked is the owner's today, whatever the zone of the session."""
    for session, owner in (("Pacific/Kiritimati", "Etc/GMT+12"), ("UTC", "Asia/Tokyo")):
        with transaction.transaction(force_rollback=True):
            load(transaction, [HOUSE], owner)
            transaction.execute("select set_config('timezone', %s, true)", (session,))
            row = transaction.execute(
                "select api.forecast_read(-1, _days => 1) ->> 'as_of',"
                " (now() at time zone %s)::date::text"
                " from set_config('app.user_id', '-1', true)",
                (owner,),
            ).fetchone()
            assert row is not None
            assert row[0] == row[1]


@pytest.mark.parametrize("frequency", ["monthly", "quarterly", "yearly", "semimonthly"])
def test_nothing_drifts_in_a_century(transaction: psycopg.Connection[Any], frequency: str) -> None:
    """Every end of month of 2000 to 2110, asked ten years at a time, is where dateutil has it."""
    house = Household(
        [Account(0)],
        [
            Rule("expense", -(10**number), 0, date(1999, 12, day), frequency)
            for number, day in enumerate((28, 29, 30, 31))
        ],
        [],
    )
    load(transaction, [house] * 11)
    questions = [Question(date(2000 + 10 * place, 1, 1), 3660) for place in range(11)]
    for question, answer in zip(questions, ask(transaction, questions), strict=True):
        assert answer == forecast(house, question, frozenset()), question


def bank_holidays(data: Path) -> dict[str, frozenset[date]]:
    """Holidays by calendar, as an independent library has them."""
    path = data / "refs" / "bank_holidays.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there: bank holidays 1993-2035 by calendar")
    found = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["calendar"]].add(date.fromisoformat(row["date"]))
    return {code: frozenset(days) for code, days in found.items()}


def test_rolling_agrees_with_bank_holidays(
    transaction: psycopg.Connection[Any], data: Path
) -> None:
    """Every closed day of six calendars rolls to the business days that a plain loop finds."""
    for code, holidays in bank_holidays(data).items():
        close_days(transaction, code, holidays)
        first, last = date(min(holidays).year, 1, 10), date(max(holidays).year, 12, 20)
        rows = transaction.execute(
            """
            select day::date, before.on_day, after.on_day, kept.on_day
            from generate_series(%s::timestamp, %s, interval '1 day') as day
            cross join lateral core.occurrence_rolled(day::date, 'previous', %s) as before
            cross join lateral core.occurrence_rolled(day::date, 'next', %s) as after
            cross join lateral core.occurrence_rolled(day::date, 'skip', %s) as kept
            order by day
            """,
            (first, last, code, code, code),
        ).fetchall()
        assert len(rows) == (last - first).days + 1
        closed = {day for day, *_ in rows if day.isoweekday() > 5 or day in holidays}
        for day, before, after, kept in rows:
            wanted = {}
            for step in (-1, 1):
                open_on = day
                while open_on in closed or open_on.isoweekday() > 5 or open_on in holidays:
                    open_on += timedelta(days=step)
                wanted[step] = open_on
            assert (before, after) == (wanted[-1], wanted[1]), (code, day)
            assert kept == (None if day in closed else day), (code, day)
