"""What the product expects of a window: read through its own functions, fitted on chosen owners."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import psycopg
from psycopg import sql

from bench.measures import Band
from bench.windows import Window, by_cut

ALARM_DAYS = 30
READ = """
    select
        user_id,
        array_agg((p10 * 100)::float8 order by on_day),
        array_agg((p50 * 100)::float8 order by on_day),
        array_agg((p90 * 100)::float8 order by on_day)
    from core.expectation_many(%s, %s, %s)
    where account_id is not null
    group by user_id
"""
RISK = """
    select user_id, risk_30
    from core.expectation_arrays(%s, %s, %s)
    where account_id is null
"""


def learn(connection: psycopg.Connection[Any], days: Iterable[date]) -> None:
    """What all owners teach detection, as known on each of these days."""
    for day in sorted(set(days)):
        connection.execute("select core.prior_learn(%s)", (day,))


def forget(connection: psycopg.Connection[Any]) -> None:
    """No fit is known any more: not even the one that comes with the product, made of this bank."""
    connection.execute("delete from data.expectation_fits")


def fit(connection: psycopg.Connection[Any], day: date) -> float:
    """Refits as of a day, batch by batch as the job does; seconds on the wall."""
    began = time.perf_counter()
    is_done = False
    while not is_done:
        row = connection.execute("select core.expectation_refit(%s)", (day,)).fetchone()
        assert row is not None
        is_done = row[0]["is_done"]
    return time.perf_counter() - began


def fitted_on(connection: psycopg.Connection[Any], one: Window) -> date | None:
    """The day of the fit that this window is foretold by."""
    row = connection.execute(
        "select fitted_on from core.expectation_arrays(array[%s]::bigint[], %s, 1) limit 1",
        (one.user_id, one.cut),
    ).fetchone()
    return None if row is None else row[0]


def keep(connection: psycopg.Connection[Any], cut: date, users: list[int]) -> None:
    """Looks at the ledgers of these owners once for all that is asked of them as of a day."""
    connection.execute("select core.expectation_store(%s, %s)", (users, cut))


def bands(connection: psycopg.Connection[Any], windows: Iterable[Window]) -> dict[Window, Band]:
    """p10, p50 and p90 of each window, as of its cut and over its horizon."""
    answer = {}
    for cut, group in by_cut(windows).items():
        for horizon in sorted({one.horizon for one in group}):
            asked = {one.user_id: one for one in group if one.horizon == horizon}
            for user_id, *said in connection.execute(READ, (list(asked), cut, horizon)):
                low, middle, high = map(np.array, said)
                answer[asked.pop(user_id)] = Band(low, middle, high)
                assert len(low) == horizon
            assert not asked, f"nothing is expected of {len(asked)} accounts on {cut}"
    return answer


def risks(
    connection: psycopg.Connection[Any], reserves: Mapping[Window, float]
) -> dict[Window, float]:
    """risk_30 of each window when its owner's reserve is this many cents; reserves stay as ever."""
    answer = {}
    with connection.transaction(force_rollback=True):
        for cut, group in by_cut(reserves).items():
            asked = {one.user_id: one for one in group}
            connection.execute(
                "update data.users set reserve = given.cents / 100.0"
                " from unnest(%s::bigint[], %s::bigint[]) as given (user_id, cents)"
                " where users.id = given.user_id",
                (list(asked), [round(reserves[one]) for one in asked.values()]),
            )
            for user_id, risk in connection.execute(RISK, (list(asked), cut, ALARM_DAYS)):
                answer[asked.pop(user_id)] = float(risk)
            assert not asked, f"no risk is known of {len(asked)} accounts on {cut}"
    return answer


@contextmanager
def fitted_without(
    connection: psycopg.Connection[Any], users: list[int], day: date
) -> Iterator[None]:
    """The only fit there is: one as of a day that never saw a booking of these users.

    Windows before that day are foretold by it all the same, since there is no older one. Inside,
    everything is there again; at the end all is as before.
    """
    with connection.transaction(force_rollback=True):
        columns = sql.SQL(", ").join(
            sql.Identifier(name)
            for (name,) in connection.execute(
                "select attname from pg_attribute where attrelid = 'data.transactions'::regclass"
                " and attnum > 0 and attgenerated = '' and not attisdropped order by attnum"
            )
        )
        connection.execute(
            "create temp table hidden on commit drop as"
            " select * from data.transactions where user_id = any(%s)",
            (users,),
        )
        connection.execute("delete from data.transactions where user_id = any(%s)", (users,))
        connection.execute(
            "create temp table balances on commit drop as select user_id, id, current_balance"
            " from data.accounts where user_id = any(%s)",
            (users,),
        )
        connection.execute(
            "update data.accounts set current_balance = 0 where user_id = any(%s)", (users,)
        )
        forget(connection)
        fit(connection, day)
        connection.execute(
            sql.SQL(
                "insert into data.transactions ({0}) overriding system value select {0} from hidden"
            ).format(columns)
        )
        connection.execute(
            "update data.accounts set current_balance = balances.current_balance from balances"
            " where accounts.user_id = balances.user_id and accounts.id = balances.id"
        )
        connection.execute("analyze data.transactions")
        yield
