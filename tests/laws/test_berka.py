"""The Berka bank loads whole: every row has an outcome, every balance is its sum, twice is once.

Figures are those of the files (data/README.md); calendars are held to the reference of refs/.
"""

import csv
import lzma
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.load import berka as load_berka
from service.load import holidays as load_holidays
from service.load.berka import BerkaReport
from tests.support.server import Server

# Rows behind the line of names; the last line of the first bookings is cut off.
ACCOUNTS, OWNERS, OTHERS, ORDERS = 4_500, 4_500, 869, 6_471
BOOKINGS = {"trans_1993-01_1994-03.asc.xz": 49_102, "trans_loan-test_1995-1996.csv.xz": 8_333}
CUT_LINE = "line 49104: 3526882;11021;940331;PRIJE"


@pytest.fixture(scope="module")
def berka(data: Path) -> Path:
    """The folder of the bank."""
    folder = data / "berka"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set TIDELINE_DATA to the folder of real inputs")
    return folder


@pytest.fixture(scope="module")
def dsn(server: Server, new_database: Any) -> str:
    """A database that this module fills."""
    return server.dsn(new_database())


@pytest.fixture(scope="module")
def loaded(dsn: str, berka: Path) -> tuple[BerkaReport, list[str]]:
    """The first load: its report and the lines for people."""
    lines: list[str] = []
    return load_berka.load(dsn, berka, lines.append), lines


@pytest.fixture
def bank(dsn: str, loaded: Any) -> Iterator[psycopg.Connection[Any]]:
    """The database with the bank in it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def counts(connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
    """How many users, accounts, orders, bookings and waiting rows there are, and all money."""
    row = connection.execute(
        """
        select
            (select count(*) from data.users), (select count(*) from data.accounts),
            (select count(*) from data.recurring_items), (select count(*) from data.transactions),
            (select count(*) from data.berka_rows), (select sum(current_balance) from data.accounts)
        """
    ).fetchone()
    assert row is not None
    return row


def test_every_row_has_an_outcome(loaded: tuple[BerkaReport, list[str]]) -> None:
    report, lines = loaded
    files = {one.file: (one.read, one.loaded, one.known, one.refused) for one in report.files}
    first, second = BOOKINGS
    assert files == {
        "account.asc.xz": (ACCOUNTS, ACCOUNTS, 0, 0),
        "disp.asc.xz": (OWNERS + OTHERS, OWNERS, 0, OTHERS),
        "order.asc.xz": (ORDERS, ORDERS, 0, 0),
        first: (BOOKINGS[first] + 1, BOOKINGS[first], 0, 1),
        second: (BOOKINGS[second], BOOKINGS[second], 0, 0),
    }
    cut = [reason for reason in report.refused if reason.file == first]
    assert [(one.reason, one.examples) for one in cut] == [
        ("has 4 cells: the line is cut off", (CUT_LINE,))
    ]
    assert any(CUT_LINE in line for line in lines)
    assert report.left == ("card.asc.xz", "client.asc.xz", "district.asc.xz", "loan.asc.xz")


def test_every_balance_is_the_sum_of_its_bookings(
    bank: psycopg.Connection[Any], berka: Path
) -> None:
    """Summed by another program than the one that loaded them."""
    sums: dict[str, int] = defaultdict(int)
    for name in BOOKINGS:
        with lzma.open(berka / name, "rt", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if row["amount"] is not None:
                    cents = round(float(row["amount"]) * 100)
                    sums[row["account_id"]] += (
                        cents if row["type"] in ("PRIJEM", "credit") else -cents
                    )
    held = bank.execute(
        "select external_id, (current_balance * 100)::bigint from data.accounts"
        " where current_balance <> 0"
    ).fetchall()
    assert dict(held) == {account: cents for account, cents in sums.items() if cents}
    assert bank.execute("select * from core.balance_faults()").fetchall() == []
    assert bank.execute(
        "select count(*) from data.accounts where opening_balance <> 0"
    ).fetchone() == (0,)


def test_the_report_says_where_the_bank_rounds(loaded: tuple[BerkaReport, list[str]]) -> None:
    found = loaded[0].differences
    assert loaded[0].wrong_balances == 0
    assert found is not None
    assert (found.days, found.differing, found.over_one) == (46_573, 19_202, 28)
    # The booking that the cut line held is missing from its account on the last day.
    assert (found.largest, found.account, found.on_day) == ("332.20", "2938", "1994-03-31")


def test_a_second_load_adds_nothing(bank: psycopg.Connection[Any], dsn: str, berka: Path) -> None:
    before = counts(bank)
    report = load_berka.load(dsn, berka, lambda line: None)
    assert counts(bank) == before
    assert sum(one.loaded for one in report.files) == 0
    assert sum(one.known for one in report.files) == (
        ACCOUNTS + OWNERS + ORDERS + sum(BOOKINGS.values())
    )


def test_an_order_falls_on_the_days_of_its_transfers(bank: psycopg.Connection[Any]) -> None:
    """Nine of ten transfers of the ledger lie on the day that the order's rule names."""
    row = bank.execute(
        """
        select count(*), count(*) filter (
            where extract(day from booking.transaction_date) = item.anchor_day
        )
        from data.recurring_items as item
        inner join data.transactions as booking
            on booking.user_id = item.user_id and booking.account_id = item.account_id
            and booking.amount = item.amount and booking.counterparty = item.counterparty
        """
    ).fetchone()
    assert row is not None
    assert row[0] > 5_000
    assert row[1] >= 0.9 * row[0]


def test_every_account_has_a_forecast(bank: psycopg.Connection[Any]) -> None:
    """One statement, a year for each of the 4,500, as the ledger stood at the end of March 1994."""
    row = bank.execute(
        """
        select count(*), count(distinct user_id), count(*) filter (where closing_balance is null)
        from core.forecast_many(
            (select array_agg(id order by id) from data.users), '1994-03-31', 365
        )
        """
    ).fetchone()
    assert row == (ACCOUNTS * 365, ACCOUNTS, 0)


def test_a_damaged_folder_is_refused_with_a_sentence(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no account"):
        load_berka.load(dsn, tmp_path, print)
    (tmp_path / "account.asc.xz").write_bytes(b"no archive")
    with pytest.raises(lzma.LZMAError):
        load_berka.load(dsn, tmp_path, print)


def test_damaged_rows_are_counted_and_shown(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "account.asc").write_text('"a";"b";"c";"d"\n1;2;"x";930231\n\x00;1;2;930101\n')
    (tmp_path / "trans.csv").write_bytes(b"names\n1;99999999;930101;PRIJEM;;1;1;;;\n\xff\xfe;;;\n")
    report = load_berka.load(dsn, tmp_path, lambda line: None)
    assert {(one.file, one.reason) for one in report.refused} == {
        ("account.asc", "there is no such day"),
        ("account.asc", "its number is not a number"),
        ("trans.csv", "its account is not among the accounts"),
        ("trans.csv", "has 4 cells: the line is cut off"),
    }
    assert [(one.read, one.refused) for one in report.files] == [(2, 2), (2, 2)]


@pytest.fixture(scope="module")
def reference(data: Path) -> dict[str, dict[date, str]]:
    """Bank holidays by calendar, computed elsewhere."""
    found: dict[str, dict[date, str]] = defaultdict(dict)
    with open(data / "refs/bank_holidays.csv", newline="") as file:
        for row in csv.DictReader(file):
            found[row["calendar"]][date.fromisoformat(row["date"])] = row["name"]
    return found


def test_calendars_are_those_of_the_reference(
    dsn: str, reference: dict[str, dict[date, str]]
) -> None:
    load_holidays.load(dsn, [], load_holidays.YEARS, lambda line: None)
    with psycopg.connect(dsn) as connection:
        for code, (_, theirs) in load_holidays.CALENDARS.items():
            expected = set(reference[theirs])
            rows = connection.execute(
                "select on_day from data.holidays where calendar = %s and on_day between %s and %s",
                [code, date(min(expected).year, 1, 1), date(2035, 12, 31)],
            ).fetchall()
            assert {day for (day,) in rows} == expected, code
            closed = connection.execute(
                "select count(*) from data.holidays as holiday where calendar = %s"
                " and not exists (select from data.closed_days as closed"
                " where closed.calendar = holiday.calendar and closed.on_day = holiday.on_day)",
                [code],
            ).fetchone()
            assert closed == (0,), code
