"""Bank holidays by country and market, from the holidays library into data.holidays."""

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from tqdm import tqdm  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import holidays

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Years:
    """Whole years, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


YEARS = Years(1990, 2100)
LEAST_YEAR, MOST_YEAR = 1900, 2200  # days that the ledger can hold

# Our code: the name people know, and the library's own code where it is another one.
CALENDARS = {
    "US": ("United States", "US"),
    "CZ": ("Czechia", "CZ"),
    "DE": ("Germany, all states", "DE"),
    "GB": ("United Kingdom, all nations", "GB"),
    "NYSE": ("New York Stock Exchange", "XNYS"),
    "TARGET": ("Euro payments (TARGET)", "XECB"),
}


def years(text: str) -> Years:
    """Reads FIRST-LAST or one year, for argparse."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{4}))?", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not FIRST-LAST, such as {YEARS}")
    first, last = int(match[1]), int(match[2] or match[1])
    if not LEAST_YEAR <= first <= last <= MOST_YEAR:
        raise argparse.ArgumentTypeError(
            f"{text}: years run from {LEAST_YEAR} to {MOST_YEAR}, the first one first"
        )
    return Years(first, last)


def load(dsn: str, codes: Sequence[str], span: Years, tell: Tell) -> dict[str, int]:
    """Fills the calendars of codes (none: all of CALENDARS); holidays taken, by code.

    A calendar's years in span are replaced, its other years stay. Errors: ValueError for a code
    that the library does not know, before anything is written.
    """
    wanted = {code: _holidays_of(code, span) for code in codes or list(CALENDARS)}
    taken: dict[str, int] = {}
    with psycopg.connect(dsn) as connection:
        connection.execute("set local role owner")
        for code, days in tqdm(wanted.items(), desc="calendars", unit="calendar", disable=None):
            row = connection.execute(
                "select core.calendar_take(%s, %s, %s, %s, %s, %s)",
                [
                    code,
                    CALENDARS[code][0] if code in CALENDARS else code,
                    span.first,
                    span.last,
                    list(days),
                    [days[day] for day in days],
                ],
            ).fetchone()
            assert row is not None
            taken[code] = row[0]
    for code, count in taken.items():
        tell(f"{code}: {count} holidays in {span}")
    return taken


def _holidays_of(code: str, span: Years) -> "holidays.HolidayBase":
    import holidays  # here and not above: it takes half a second, and few starts need it

    theirs = CALENDARS[code][1] if code in CALENDARS else code
    every = range(span.first, span.last + 1)
    if re.fullmatch(r"[A-Z][A-Z0-9_-]{0,15}", code) is not None:
        if theirs in holidays.list_supported_countries():
            return holidays.country_holidays(theirs, years=every)
        if theirs in holidays.list_supported_financial():
            return holidays.financial_holidays(theirs, years=every)
    raise ValueError(
        f"no holiday calendar {code}: use a country such as US or a market such as NYSE"
    )
