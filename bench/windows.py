"""A bank's ledger cut into windows: what was known on a day, and what happened after it.

A window's cut is the account's last booking less the horizon less 0, 30 or 60 days. Before it lie
at least 180, 150 or 120 days of history for a horizon of 90, 180 or 365. The scale is the mean of a
month's credits over the last 365 days, or over as many as there are: errors are months of income.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from bench.server import OUT, database_named
from service import embedded, schema
from service.load import berka

HISTORY = {90: 180, 180: 150, 365: 120}  # days that a horizon wants before the cut
BACKS = (0, 30, 60)
MONTH = 365 / 12
SPLIT = date(1995, 1, 1)  # the first file ends before, the second begins after

Days = NDArray[np.float64]  # cents, one element a day


@dataclass(frozen=True, eq=False)
class Account:
    """All that is booked on one account, by day."""

    name: str
    user_id: int
    first_on: date
    balances: Days = field(repr=False)
    credits: Days = field(repr=False)

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(len(self.balances) - 1)


@dataclass(frozen=True, eq=False)
class Window:
    """One account at one cut; past ends with the balance of the cut, actual begins after it."""

    account: Account
    horizon: int
    back: int
    cut: date
    scale: float
    past: Days = field(repr=False)
    actual: Days = field(repr=False)

    @property
    def user_id(self) -> int:
        return self.account.user_id


@contextmanager
def loaded(folder: Path) -> Iterator[psycopg.Connection[Any]]:
    """A database of its own with the bank in it, by the product's loader, without standing orders.

    order.asc is the truth that detection is held to: no forecast may know it.
    """
    servers = embedded.start(OUT / "home18", 18)
    try:
        admin = servers.database_url_direct
        with psycopg.connect(admin, autocommit=True) as connection:
            for verb in ("drop database if exists {} with (force)", "create database {}"):
                connection.execute(sql.SQL(verb).format(sql.Identifier("accuracy")))
        dsn = database_named(admin, "accuracy")
        schema.migrate(dsn)
        schema.apply(dsn)
        with tempfile.TemporaryDirectory() as place:
            for file in folder.resolve().iterdir():
                if not file.name.startswith("order."):
                    (Path(place) / file.name).symlink_to(file)
            berka.load(dsn, Path(place), lambda line: None)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("vacuum analyze data.transactions, data.accounts, data.users")
            connection.execute("set statement_timeout = 0")
            yield connection
    finally:
        servers.stop()


def accounts(connection: psycopg.Connection[Any]) -> list[Account]:
    """Every account that has bookings, with its balance at the end of every day."""
    rows = connection.execute(
        "select account.external_id, account.user_id, booking.transaction_date,"
        " sum(booking.amount_cents)::float8,"
        " (sum(booking.amount_cents) filter (where booking.amount_cents > 0))::float8"
        " from data.transactions as booking"
        " inner join data.accounts as account on account.user_id = booking.user_id"
        " and account.id = booking.account_id"
        " group by 1, 2, 3 order by 2, 3"
    )
    days: dict[tuple[str, int], list[tuple[date, float, float]]] = defaultdict(list)
    for name, user_id, on_day, net, credited in rows:
        days[name, user_id].append((on_day, net, credited or 0.0))
    found = []
    for (name, user_id), booked in days.items():
        first_on, last_on = booked[0][0], booked[-1][0]
        flows = np.zeros(((last_on - first_on).days + 1, 2))
        for on_day, net, credited in booked:
            flows[(on_day - first_on).days] = net, credited
        found.append(Account(name, user_id, first_on, np.cumsum(flows[:, 0]), flows[:, 1]))
    return found


def window(account: Account, horizon: int, back: int) -> Window | None:
    """The window, or None for too short a history or none with income."""
    cut = account.last_on - timedelta(horizon + back)
    if (cut - account.first_on).days < HISTORY[horizon]:
        return None
    known = (cut - account.first_on).days + 1
    scale = float(account.credits[max(0, known - 365) : known].sum()) / min(365, known) * MONTH
    if scale == 0:
        return None
    past, actual = account.balances[:known], account.balances[known : known + horizon]
    return Window(account, horizon, back, cut, scale, past, actual)


def windows(chosen: Iterable[Account]) -> list[Window]:
    """Every window of these accounts."""
    made = (
        window(account, horizon, back)
        for account in chosen
        for horizon in HISTORY
        for back in BACKS
    )
    return [one for one in made if one is not None]


def by_cut(chosen: Iterable[Window]) -> dict[date, list[Window]]:
    """Windows by their cut, the earliest first."""
    groups: dict[date, list[Window]] = defaultdict(list)
    for one in chosen:
        groups[one.cut].append(one)
    return dict(sorted(groups.items()))
