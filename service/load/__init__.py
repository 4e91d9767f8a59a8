"""Bring data in: `tideline load berka PATH`, `… load holidays [CODE …]`, `… load demo`.

For the command line: add_arguments(parser), then run(options, dsn, tell) -> exit status. For `up`:
demo(dsn, tell) -> (user_id, public_id). dsn must reach the database without a pooler, as a login
that may become owner; what is loaded goes through functions of core, one transaction a command.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import psycopg

from service.load import berka as load_berka
from service.load import holidays as load_holidays

Tell = Callable[[str], None]

# The demo household is paid on American business days.
DEMO_CALENDAR = "US"


def add_arguments(
    parser: argparse.ArgumentParser, common: Sequence[argparse.ArgumentParser] = ()
) -> None:
    """The subcommands of `tideline load` and what they take; common is what each takes besides."""
    kinds = parser.add_subparsers(dest="what", metavar="what", required=True)
    berka = kinds.add_parser(
        "berka", help="accounts, orders and bookings of a Czech bank (PKDD'99)", parents=common
    )
    berka.add_argument("path", type=Path, help="folder with account, disp, order and trans files")
    calendars = kinds.add_parser(
        "holidays", help="bank holidays, from the holidays library", parents=common
    )
    calendars.add_argument(
        "codes",
        nargs="*",
        metavar="CODE",
        help=f"countries and markets; none: {' '.join(load_holidays.CALENDARS)}",
    )
    calendars.add_argument(
        "--years",
        type=load_holidays.years,
        default=load_holidays.YEARS,
        metavar="FIRST-LAST",
        help="which years, %(default)s unless given",
    )
    kinds.add_parser(
        "demo", help="a believable household, with bookings up to today", parents=common
    )


def run(options: argparse.Namespace, dsn: str, tell: Tell) -> int:
    """Loads what was asked for and says what came of it; 0, or 1 with a sentence on stderr."""
    try:
        if options.what == "berka":
            load_berka.load(dsn, options.path, tell)
        elif options.what == "holidays":
            load_holidays.load(dsn, options.codes, options.years, tell)
        else:
            _, public_id = demo(dsn, tell)
            tell(f"the demo household is user {public_id}")
    except (OSError, ValueError, EOFError) as reason:
        print(f"tideline: {reason}", file=sys.stderr)
        return 1
    return 0


def demo(dsn: str, tell: Tell, as_of: date | None = None) -> tuple[int, str]:
    """Makes the demo household, or books what happened to it since; its user's id and public id.

    as_of is the household's today; None lets the database say which day it is there.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        is_known = connection.execute(
            "select exists (select from data.holidays where calendar = %s)", [DEMO_CALENDAR]
        ).fetchone()
        if is_known == (False,):
            load_holidays.load(dsn, [DEMO_CALENDAR], load_holidays.YEARS, tell)
        connection.execute("set role owner")
        row = connection.execute(
            "select user_id, public_id::text, booking_count from core.demo_household(_as_of => %s)",
            [as_of],
        ).fetchone()
    assert row is not None
    user_id, public_id, booking_count = row
    if booking_count:
        tell(f"demo household: {booking_count} bookings written")
    return int(user_id), str(public_id)
