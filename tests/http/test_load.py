"""`tideline load`: what it understands, what it says, and that it can be run again."""

import argparse
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from service import load
from service.load import holidays as load_holidays
from service.load.holidays import Years

TODAY = date(2026, 3, 31)


def options(*words: str) -> argparse.Namespace:
    """What the command line makes of the words behind `tideline load`."""
    parser = argparse.ArgumentParser()
    load.add_arguments(parser)
    return parser.parse_args(words)


def test_years_are_a_range_or_one() -> None:
    assert load_holidays.years("1990-2100") == Years(1990, 2100)
    assert load_holidays.years("2026") == Years(2026, 2026)
    assert options("holidays", "US").years == load_holidays.YEARS


@pytest.mark.parametrize("text", ["90", "2100-1990", "1899", "1990-2201", "", "now"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        load_holidays.years(text)


def test_holidays_are_loaded_again_without_a_change(database: str) -> None:
    told: list[str] = []
    words = options("holidays", "CZ", "NYSE", "--years", "2025-2026")
    for _ in range(2):
        assert load.run(words, database, told.append) == 0
    assert told == ["CZ: 26 holidays in 2025-2026", "NYSE: 21 holidays in 2025-2026"] * 2
    with psycopg.connect(database) as connection:
        closed = connection.execute(
            "select previous_open_on, next_open_on from data.closed_days"
            " where calendar = 'CZ' and on_day = '2026-12-25'"
        ).fetchone()
    assert closed == (date(2026, 12, 23), date(2026, 12, 28))


@pytest.mark.parametrize("code", ["XX", "us", "../US"])
def test_an_unknown_calendar_is_a_sentence(
    database: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load.run(options("holidays", "US", code), database, print) == 1
    assert f"no holiday calendar {code}" in capsys.readouterr().err
    with psycopg.connect(database) as connection:
        assert connection.execute("select count(*) from data.holidays").fetchone() == (0,)


def test_a_folder_without_accounts_is_a_sentence(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load.run(options("berka", str(tmp_path)), database, print) == 1
    assert "holds no account.asc" in capsys.readouterr().err
    assert load.run(options("berka", str(tmp_path / "none")), database, print) == 1
    assert "is no folder" in capsys.readouterr().err


def test_the_household_moves_in_once_and_lives_on(database: str) -> None:
    told: list[str] = []
    first = load.demo(database, told.append, TODAY)
    assert any("bookings written" in line for line in told)
    told.clear()
    assert load.demo(database, told.append, TODAY) == first
    assert told == []
    assert load.demo(database, told.append, TODAY + timedelta(days=30)) == first
    assert len(told) == 1
    with psycopg.connect(database) as connection:
        faults = connection.execute("select count(*) from core.balance_faults()").fetchone()
        calendars = connection.execute(
            "select distinct calendar from data.recurring_items where calendar is not null"
        ).fetchall()
    assert faults == (0,)
    assert calendars == [("US",)]


def test_the_first_plan_comes_close_to_nothing_and_stays_above(database: str) -> None:
    user_id, _ = load.demo(database, lambda line: None, TODAY)
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "select min(closing_balance) from core.forecast_days(%s, %s, 120)", [user_id, TODAY]
        ).fetchone()
    assert row is not None
    assert 0 <= row[0] < 100
