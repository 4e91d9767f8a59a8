"""Ways to foretell the balance of a window, in cents a day: all but the product's own.

The product's detection (core.series_dates) stands behind the two that draw rules: what comes again
with at least the confidence at which it is proposed to an owner.
"""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import psycopg
from tqdm import tqdm  # type: ignore[import-untyped]

from bench.server import OUT
from bench.windows import Days, Window, by_cut

LEAST = 0.7  # min_confidence of GET /recurring-proposals when none is given
MEMORY = 730  # days that the models of single accounts learn from

Paths = dict[Window, Days]


def flat(windows: Iterable[Window]) -> Paths:
    """The balance stays as it is."""
    return {one: np.full(one.horizon, one.past[-1]) for one in windows}


def rules(connection: psycopg.Connection[Any], windows: Iterable[Window]) -> tuple[Paths, Paths]:
    """What comes again is drawn onto the balance; then the same with the mean of all else."""
    alone: Paths = {}
    with_rest: Paths = {}
    for cut, group in by_cut(windows).items():
        users = sorted({one.user_id for one in group})
        longest = max(one.horizon for one in group)
        flows = {user_id: np.zeros(longest) for user_id in users}
        for user_id, day, cents in connection.execute(
            "select user_id, on_day - %s, sum(amount * 100)::float8"
            " from core.series_dates(%s, %s, %s) where confidence >= %s group by 1, 2",
            (cut, users, cut, longest, LEAST),
        ):
            flows[user_id][day - 1] += cents
        rest = rests(connection, users, cut)
        for one in group:
            path = one.past[-1] + np.cumsum(flows[one.user_id][: one.horizon])
            daily = rest.get(one.user_id, 0.0) / min(365, len(one.past))
            alone[one] = path
            with_rest[one] = path + daily * np.arange(1, one.horizon + 1)
    return alone, with_rest


def rests(connection: psycopg.Connection[Any], users: list[int], cut: date) -> dict[int, float]:
    """By user: cents of the last 365 days that belong to no series."""
    taken: dict[int, set[int]] = defaultdict(set)
    for user_id, ids in connection.execute(
        "select user_id, transaction_ids from core.series_many(%s, %s) where confidence >= %s",
        (users, cut, LEAST),
    ):
        taken[user_id].update(ids)
    return dict(
        connection.execute(
            "select booking.user_id, sum(booking.amount_cents)::float8"
            " from data.transactions as booking"
            " where booking.user_id = any(%s) and booking.transaction_date > %s - 365"
            " and booking.transaction_date <= %s and booking.id <> all(%s)"
            " group by 1",
            (users, cut, cut, [one for ids in taken.values() for one in ids]),
        ).fetchall()
    )


def has_models() -> bool:
    """Whether the optional library (pip install tideline[bench-models]) is there."""
    return importlib.util.find_spec("statsforecast") is not None


def models(windows: list[Window]) -> dict[str, Paths]:
    """MSTL and AutoETS of the daily balance, each account by itself; a flat line where one fails.

    MSTL takes the week and 30 days out and lets AutoETS continue the trend; AutoETS alone has the
    week as its season. Both are the library's choices else. What they said is kept in bench/out,
    since a year of AutoETS takes a second.
    """
    from statsforecast.models import MSTL, AutoETS  # type: ignore[import-not-found]

    makers = {
        "MSTL, per account": lambda: MSTL(
            season_length=[7, 30], trend_forecaster=AutoETS(model="ZZN")
        ),
        "AutoETS, per account": lambda: AutoETS(season_length=7),
    }
    kept = OUT / "models.json"
    known: dict[str, list[float]] = json.loads(kept.read_text()) if kept.exists() else {}
    made: dict[str, Paths] = {name: {} for name in makers}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, maker in makers.items():
            for one in tqdm(windows, desc=name, disable=None):
                key = f"{name}, {one.account.name}, {one.cut}, {one.horizon} days"
                if key not in known:
                    said = modelled(maker(), one.past[-MEMORY:] / 100, one.horizon) * 100
                    known[key] = [round(value) for value in said]
                made[name][one] = np.array(known[key], dtype=float)
    kept.write_text(json.dumps(known))
    return made


def modelled(model: Any, past: Days, days: int) -> Days:
    """The mean forecast of a model, or a flat line."""
    if float(np.ptp(past)) > 0:
        try:
            said = np.asarray(model.forecast(y=past, h=days)["mean"], dtype=float)
            if np.isfinite(said).all():
                return said
        except (ArithmeticError, ValueError, RuntimeError, IndexError):
            pass
    return np.full(days, past[-1])
