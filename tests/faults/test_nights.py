"""A night that is cut off in the middle of a batch ends when it is begun again; nobody is twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import psycopg
import pytest

from tests.faults.nemesis import Cluster
from tests.support.service import Service

PEOPLE = 30
BATCH = 4
FIRST = 9_000_001
# What a worker does: one batch after another, each a transaction of its own.
RUNNER = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True, application_name="night") as connection:
    done = False
    while not done:
        (said,) = connection.execute(
            "select core.run_night(%s::date, null, %s)", (sys.argv[2], int(sys.argv[3]))
        ).fetchone()
        done = said["is_done"]
"""
SETTLE = """
with people as (
    insert into data.users (id, timezone)
    select %(first)s + n, 'Atlantic/Azores' from generate_series(0, %(people)s - 1) as n
    on conflict do nothing
    returning id
),
held as (
    insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)
    select id, 1, 'Checking', 'USD', '2020-01-01', id from people
    returning user_id
)
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select user_id, 1, 'expense', 'Rent', -1, 1, 'monthly', '2026-01-20', '2026-01-01' from held
"""


def begin(cluster: Cluster, night: date) -> subprocess.Popen[bytes]:
    """A runner of its own process."""
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, cluster.admin, str(night), str(BATCH)],
        stderr=subprocess.DEVNULL,
    )


def until(holds: Callable[[], Any], limit_s: float = 20.0) -> Any:
    """What `holds` says, once it is something; fails after the limit."""
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        with suppress(psycopg.OperationalError):
            found = holds()
            if found:
                return found
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def one(cluster: Cluster) -> Callable[..., Any]:
    """Asks the server for one value, on a connection of its own."""
    with psycopg.connect(cluster.admin, autocommit=True) as connection:
        connection.execute(SETTLE, {"first": FIRST, "people": PEOPLE})

    def ask(query: str, *values: Any) -> Any:
        with psycopg.connect(cluster.admin, autocommit=True) as connection:
            row = connection.execute(query.encode(), values).fetchone()
            return row and row[0]

    return ask


@pytest.mark.parametrize(
    ("fault", "night"),
    [("runner", date(2026, 1, 5)), ("backend", date(2026, 1, 6)), ("server", date(2026, 1, 7))],
)
def test_a_restart_in_the_middle_of_a_night_finishes_it_and_does_nobody_twice(
    cluster: Cluster, one: Callable[..., Any], fault: str, night: date
) -> None:
    def count() -> int:
        return int(one("select count(*) from data.forecast_runs where as_of = %s", night))

    for _ in range(2):
        one("select core.run_night(%s, null, %s)", night, BATCH)
    holder = psycopg.connect(cluster.admin)
    try:
        # The next batch stops where it stores; it stands there when the fault comes.
        holder.execute("lock table data.forecast_runs in share mode")
        runner = begin(cluster, night)
        backend = until(
            lambda: one(
                "select pid from pg_stat_activity"
                " where application_name = 'night' and wait_event_type = 'Lock'"
            )
        )
        before = count()
        assert 0 < before < PEOPLE, "in the middle"
        if fault == "runner":
            runner.kill()
        elif fault == "backend":
            os.kill(backend, signal.SIGKILL)  # the server ends all others and recovers
        else:
            cluster.kill()
    finally:
        with suppress(psycopg.Error):
            holder.rollback()
        holder.close()
    assert runner.wait(20) != 0
    until(lambda: not one("select count(*) from pg_stat_activity where application_name = 'night'"))
    after = until(lambda: (count(),))[0]
    # Only of a batch that the server could still end: whole, or not at all.
    assert after in ((before, before + BATCH) if fault == "runner" else (before,))

    begun = time.monotonic()
    assert begin(cluster, night).wait(60) == 0
    print(
        f"\n{fault} killed at {before} of {PEOPLE}: {after} stand, {count() - after} more"
        f" after {time.monotonic() - begun:.2f} s"
    )
    assert one(
        "select array_agg(user_id order by user_id) from data.forecast_runs"
        " where as_of = %s and user_id >= %s", night, FIRST
    ) == list(range(FIRST, FIRST + PEOPLE))  # fmt: skip
    assert one("select bool_and(fault is null) from data.forecast_runs where as_of = %s", night)
    # Batches that counted each new run: more than there are would be somebody twice.
    assert one("select sum(run_count) from data.forecast_nights where as_of = %s", night) == count()
    assert not one(
        "select count(*) from data.forecast_nights where as_of = %s and ended_at is null", night
    )


@pytest.mark.parametrize(("fault", "night"), [("worker", 9), ("backend", 10)])
def test_the_clock_s_own_runner_goes_on_where_it_was_killed(
    cluster: Cluster,
    start: Callable[..., Service],
    one: Callable[..., Any],
    fault: str,
    night: int,
) -> None:
    """The same by the jobs of the service: another worker takes the night over."""
    day = date(2026, 1, night)

    def count() -> int:
        return int(one("select count(*) from data.forecast_runs where as_of = %s", day))

    one("update data.job_schedules set is_active = name = 'forecast_runs' returning null")
    one(
        "update data.job_schedules"
        " set arguments = jsonb_build_object('batch', %s::integer, 'as_of', %s::text)"
        " where name = 'forecast_runs' returning null", BATCH, str(day)
    )  # fmt: skip
    for _ in range(2):
        one("select core.run_night(%s, null, %s)", day, BATCH)
    start("--workers", "2", JOBS_ENABLED="on", JOBS_POLL_MS=200)
    holder = psycopg.connect(cluster.admin)
    try:
        holder.execute("lock table data.forecast_runs in share mode")
        one("select core.execution_ask('forecast_runs')")
        backend = until(
            lambda: one(
                "select pid from pg_stat_activity"
                " where query like '%%job_step%%' and wait_event_type = 'Lock'"
            )
        )
        before = count()
        runner = one("select runner from data.job_runs where status = 'running'")
        assert 0 < before < PEOPLE, "in the middle"
        os.kill(int(runner.partition("-")[0]) if fault == "worker" else backend, signal.SIGKILL)
        fell = time.monotonic()
        until(lambda: fault == "backend" or not is_there(one, backend))
    finally:
        with suppress(psycopg.Error):
            holder.rollback()
        holder.close()
    until(lambda: one("select bool_and(status = 'done') from data.job_runs"), 60)
    print(f"\n{fault} killed at {before}: done {time.monotonic() - fell:.1f} s later")
    assert one(
        "select array_agg(user_id order by user_id) from data.forecast_runs"
        " where as_of = %s and user_id >= %s", day, FIRST
    ) == list(range(FIRST, FIRST + PEOPLE))  # fmt: skip
    assert one("select sum(run_count) from data.forecast_nights where as_of = %s", day) == count()
    if fault == "worker":
        assert one("select runner from data.job_runs order by id desc limit 1") != runner
    one("delete from data.job_runs returning null")


def is_there(one: Callable[..., Any], pid: int) -> bool:
    """Whether a backend is still there."""
    return bool(one("select count(*) from pg_stat_activity where pid = %s", pid))


def test_two_runners_of_one_night_take_turns(cluster: Cluster, one: Callable[..., Any]) -> None:
    night = date(2026, 1, 8)
    runners = [begin(cluster, night) for _ in range(3)]
    assert [runner.wait(60) for runner in runners] == [0, 0, 0]
    assert one("select count(*) from data.forecast_runs where as_of = %s", night) >= PEOPLE
    assert one(
        "select (select sum(run_count) from data.forecast_nights where as_of = %s)"
        " = (select count(*) from data.forecast_runs where as_of = %s)", night, night
    )  # fmt: skip
