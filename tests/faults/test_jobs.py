"""Jobs once, whatever happens to the workers: killed, frozen, stopped, cut off in a batch.

Each test has a database of its own and a job that writes a row a batch, so that what was done
twice, or by two at once, can be counted.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.faults.nemesis import children
from tests.support.service import Service

CHORE = """
create table data.chores (due_at timestamptz, item integer, is_alone boolean);
create table data.chore_faults (seconds numeric);
grant all on data.chores, data.chore_faults to owner;
set role owner;
create function core.chore_step(_items integer, _seconds numeric, _due_at timestamptz)
returns json language plpgsql as $$
declare
    v_item integer;
    v_is_alone constant boolean := pg_catalog.pg_try_advisory_xact_lock(7);
begin
    select coalesce(max(item), 0) + 1 into v_item from data.chores where due_at = _due_at;
    insert into data.chores values (_due_at, v_item, v_is_alone);
    perform pg_catalog.pg_sleep(_seconds);
    perform pg_catalog.pg_sleep(seconds) from data.chore_faults;
    return json_build_object('is_done', v_item >= _items, 'count', 1);
end;
$$;
call core.job(
    'chore', 'core.chore_step(integer, numeric, timestamptz)', cron => '0 0 1 1 *',
    summary => 'A chore', arguments => '{"items": 8, "seconds": 0.5}', timeout_s => 20
);
reset role
"""
Start = Callable[..., Service]


@pytest.fixture
def chore(db: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A connection to a database that has the job and no other."""
    db.execute("delete from data.job_schedules")
    db.execute(CHORE.encode())
    return db


@pytest.fixture
def start(
    service_factory: Callable[..., Service], chore: psycopg.Connection[Any]
) -> Iterator[Start]:
    """Starts a service on that database, with jobs."""
    started: list[Service] = []

    def begin(*arguments: str, **settings: Any) -> Service:
        settings = {"JOBS_ENABLED": "on", "JOBS_POLL_MS": 200} | settings
        one = service_factory(*arguments, database=chore.info.dbname, **settings)
        started.append(one)
        return one

    yield begin
    for one in started:
        one.stop()


def ask(db: psycopg.Connection[Any], **arguments: float) -> None:
    """A run now, as somebody who asks for it."""
    db.execute(
        "update data.job_schedules set arguments = arguments || %s",
        (psycopg.types.json.Jsonb(arguments),),
    )
    db.execute("select core.execution_ask('chore')")


def run_of(db: psycopg.Connection[Any]) -> dict[str, Any]:
    """The newest run."""
    with db.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        row = cursor.execute(
            "select *, (select count(*) from data.chores) as items from data.job_runs"
            " order by id desc limit 1"
        ).fetchone()
    assert row is not None
    return row


def until(
    db: psycopg.Connection[Any], holds: Callable[[dict[str, Any]], bool], within_s: float = 60
) -> dict[str, Any]:
    """The newest run, once it is so."""
    deadline = time.monotonic() + within_s
    while not holds(run := run_of(db)):
        assert time.monotonic() < deadline, run
        time.sleep(0.05)
    return run


def is_done(run: dict[str, Any]) -> bool:
    return bool(run["status"] == "done")


def check_once(db: psycopg.Connection[Any], items: int, runs: int = 1) -> None:
    """Every item of every run once, and never two batches at the same time."""
    found = db.execute(
        "select count(*), count(distinct (due_at, item)), count(distinct due_at),"
        " bool_and(is_alone) from data.chores"
    ).fetchone()
    assert found == (items * runs, items * runs, runs, True)


def worker_of(run: dict[str, Any]) -> int:
    """Process id of who has it."""
    return int(run["runner"].partition("-")[0])


def test_a_killed_workers_run_is_taken_over_and_done_once(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    service = start("--workers", "3")
    ask(chore)
    run = until(chore, lambda run: run["batch_count"] >= 3)
    os.kill(worker_of(run), signal.SIGKILL)
    fell = time.monotonic()
    after = until(chore, lambda now: now["runner"] != run["runner"])
    over_s = time.monotonic() - fell
    after = until(chore, is_done)
    print(f"\nkill -9: taken over after {over_s:.1f} s, {after['batch_count']} batches")
    assert worker_of(after) != worker_of(run)
    assert after["attempts"] == 2
    assert after["batch_count"] == 8
    assert after["failure_count"] == 0
    check_once(chore, 8)
    assert len(children(service.pid)) == 3


def test_a_run_comes_once_for_all_workers(start: Start, chore: psycopg.Connection[Any]) -> None:
    """Two services with two workers each; due again and again by the clock."""
    start("--workers", "2")
    start("--workers", "2")
    chore.execute('update data.job_schedules set arguments = \'{"items": 2, "seconds": 0.02}\'')
    until_next = "select next_at from data.job_schedules"
    deadline = time.monotonic() + 20
    while chore.execute(until_next).fetchone() == (None,):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    rounds = 25
    for number in range(rounds):
        chore.execute("update data.job_schedules set next_at = now() - interval '1 second'")
        deadline = time.monotonic() + 30
        while chore.execute(
            "select count(*) from data.job_runs where status = 'done'"
        ).fetchone() != (number + 1,):
            assert time.monotonic() < deadline, run_of(chore)
            time.sleep(0.02)
    time.sleep(1)
    found = chore.execute(
        "select count(*), max(attempts), count(distinct runner),"
        " percentile_cont(0.5) within group (order by extract(epoch from started_at - queued_at)),"
        " max(extract(epoch from started_at - queued_at))"
        " from data.job_runs"
    ).fetchone()
    assert found is not None
    print(
        f"\n{found[0]} runs by {found[2]} workers; queue to begin {found[3]:.2f}, {found[4]:.2f} s"
    )
    assert found[:2] == (rounds, 1)
    check_once(chore, 2, rounds)


def test_an_edit_of_the_table_is_gone_by_without_a_restart(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    start()

    def soon(query: str, wanted: Any) -> None:
        deadline = time.monotonic() + 10
        while (found := chore.execute(query.encode()).fetchone()) != (wanted,):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    soon("select to_char(next_at, 'MM-DD HH24:MI') from data.job_schedules", "01-01 00:00")
    chore.execute("update data.job_schedules set cron = '30 6 2 2 *', timezone = 'Asia/Tokyo'")
    soon(
        "select to_char(next_at at time zone 'UTC', 'MM-DD HH24:MI') from data.job_schedules",
        "02-01 21:30",
    )
    chore.execute("update data.job_schedules set is_active = false")
    soon("select next_at is null from data.job_schedules", True)
    chore.execute("update data.job_schedules set is_active = true, cron = '* * * * *'")
    until_due = "select next_at <= now() + interval '1 minute' from data.job_schedules"
    soon(until_due, True)
    chore.execute("update data.job_schedules set next_at = now() - interval '3 hours'")
    soon("select count(*) from data.job_runs", 1)  # of 180 that were missed
    late = chore.execute("select extract(epoch from queued_at - due_at) from data.job_runs")
    (late_s,) = late.fetchone() or (0,)
    assert late_s < 60 + 5, "the last of them"


def test_who_is_asked_to_end_finishes_its_batch_and_hands_the_rest_over(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    service = start("--workers", "2")
    ask(chore, seconds=0.8)
    run = until(chore, lambda run: run["batch_count"] >= 2)
    os.kill(worker_of(run), signal.SIGTERM)
    fell = time.monotonic()
    after = until(chore, lambda now: now["runner"] != run["runner"] and now["status"] == "running")
    print(f"\nSIGTERM: another worker has it after {time.monotonic() - fell:.1f} s")
    assert service.has_logged("job_handed")
    after = until(chore, is_done)
    assert after["attempts"] == 2
    assert after["failure_count"] == 0
    check_once(chore, 8)


def test_a_batch_longer_than_the_drain_is_undone(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    service = start(SHUTDOWN_TIMEOUT_S=2)
    ask(chore, items=1, seconds=15)
    until(chore, lambda run: run["status"] == "running")
    time.sleep(0.5)
    began = time.monotonic()
    assert service.stop() == 0
    took_s = time.monotonic() - began
    assert took_s < 6
    assert run_of(chore)["items"] == 0
    waiting = chore.execute("select status from queue.procrastinate_jobs").fetchall()
    assert [str(status) for (status,) in waiting] == ["todo"], "it is in the queue for the others"
    print(f"\nSIGTERM in a batch of 15 s: ended after {took_s:.1f} s, undone")
    chore.execute('update data.job_runs set arguments = \'{"items": 1, "seconds": 0}\'')
    start()
    until(chore, is_done)
    check_once(chore, 1)


def test_a_worker_that_was_only_thought_dead_commits_nothing_more(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    start("--workers", "2")
    ask(chore)
    run = until(chore, lambda run: run["batch_count"] >= 2)
    os.kill(worker_of(run), signal.SIGSTOP)
    try:
        until(chore, lambda now: now["runner"] != run["runner"])
    finally:
        os.kill(worker_of(run), signal.SIGCONT)
    after = until(chore, is_done)
    time.sleep(2)
    assert after["batch_count"] == 8
    check_once(chore, 8)


def test_a_connection_that_is_cut_in_a_batch_costs_the_batch_alone(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    start()
    ask(chore)
    for batches in (2, 4):
        until(chore, lambda run, least=batches: run["batch_count"] >= least)
        chore.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'tideline jobs' and datname = current_database()"
        )
    after = until(chore, is_done)
    assert (after["attempts"], after["failure_count"], after["batch_count"]) == (1, 0, 8)
    check_once(chore, 8)


def test_a_batch_over_its_limit_is_tried_again_and_says_why(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    service = start()
    chore.execute("update data.job_schedules set timeout_s = 1")
    chore.execute("insert into data.chore_faults values (30)")
    ask(chore, items=2, seconds=0.1)
    run = until(chore, lambda run: run["failure_count"] == 1)
    assert run["status"] == "queued"
    assert run["error"].startswith("57014 QueryCanceled core.chore_step")
    assert service.has_logged("job_kept")
    chore.execute("delete from data.chore_faults")
    after = until(chore, is_done)
    assert (after["attempts"], after["error"]) == (2, None)
    check_once(chore, 2)


def test_a_job_whose_function_is_gone_fails_at_once(
    start: Start, chore: psycopg.Connection[Any]
) -> None:
    service = start()
    chore.execute("drop function core.chore_step")
    ask(chore)
    run = until(chore, lambda run: run["status"] == "failed")
    assert run["error"].startswith("42883")
    assert service.has_logged("job_lost")


def test_a_queue_that_is_lost_loses_no_run(start: Start, chore: psycopg.Connection[Any]) -> None:
    chore.execute("select core.execution_ask('chore')")
    chore.execute("select * from core.execution_offer()")  # and nobody hands it over
    chore.execute("update data.job_runs set touched_at = now() - interval '2 minutes'")
    start()
    until(chore, is_done)
    check_once(chore, 8)
