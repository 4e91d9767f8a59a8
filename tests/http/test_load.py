"""`tideline load`: what it understands, what it says, and that it can be run again."""

import argparse
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from service import load
from service.load import holidays as load_holidays
from service.load.holidays import Years
from tests.support.server import as_url

TODAY = date(2026, 3, 31)
# A bank of two people: two accounts, a salary and a standing order each.
BANK = {
    "account.asc": "a;b;c;d\n1;1;M;930101\n2;1;M;930101\n",
    "disp.asc": "a;b;c;d\n1;1;1;OWNER\n2;2;2;OWNER\n",
    "order.asc": "a;b;c;d;e;f\n1;1;AB;99;300.00;SIPO\n2;2;AB;98;400.00;SIPO\n",
    "trans.asc": "a;b;c;d;e;f;g;h;i;j\n"
    "1;1;930110;PRIJEM;VKLAD;1000.00;1000.00;;;\n"
    "2;1;930205;VYDAJ;PREVOD NA UCET;300.00;700.00;SIPO;AB;99\n"
    "3;2;930110;PRIJEM;VKLAD;2000.00;2000.00;;;\n",
}


def options(*words: str) -> argparse.Namespace:
    """What the command line makes of the words behind `tideline load`."""
    parser = argparse.ArgumentParser()
    load.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def plain_dsn(database: str) -> Iterator[str]:
    """DSN of a login that is a member of owner and nothing else: no superuser, no steward."""
    name = f"loader_{os.getpid()}"
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(f"create role {name} login password 'loads' in role owner".encode())
        database_name = admin.info.dbname
        try:
            yield as_url(database, database_name, user=name, password="loads")
        finally:
            admin.execute(f"drop role {name}".encode())


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


def test_a_plain_member_of_owner_loads_for_many_people_at_once(
    database: str, plain_dsn: str, tmp_path: Path
) -> None:
    """Behind the second wall: the routines that load are the steward's, the login need not be."""
    for name, text in BANK.items():
        (tmp_path / name).write_text(text)
    told: list[str] = []
    for _ in range(2):
        assert load.run(options("berka", str(tmp_path)), plain_dsn, told.append) == 0
    assert any(line.startswith("2 accounts; 0 of all accounts differ") for line in told), told
    first = load.demo(plain_dsn, told.append, TODAY)
    assert load.demo(plain_dsn, told.append, TODAY) == first
    with psycopg.connect(database) as connection:
        held = connection.execute(
            "select external_id, current_balance::text from data.accounts"
            " where external_id is not null order by 1"
        ).fetchall()
        orders = connection.execute(
            "select count(*), count(distinct user_id) from data.recurring_items"
            " where external_id is not null"
        ).fetchone()
    assert held == [("1", "700.00"), ("2", "2000.00")]
    assert orders == (2, 2)


def test_what_a_plain_member_asks_itself_it_sees_nothing_of(database: str, plain_dsn: str) -> None:
    load.demo(database, lambda line: None, TODAY)
    with psycopg.connect(plain_dsn) as connection:
        assert connection.execute("select count(*) from data.accounts").fetchone() == (0,)
