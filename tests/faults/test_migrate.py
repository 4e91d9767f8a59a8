"""Migrations among others: eight runners at once, a dead one's lock, a table that is busy."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from service import schema
from tests.support.dump import routes_of
from tests.support.runners import runners

RUNNERS = 8


def test_eight_runners_at_once_apply_each_step_once(empty_database: str, database: str) -> None:
    with runners(RUNNERS) as started:
        for one in started:
            one.go(empty_database)
        assert [one.finish() for one in started] == [(0, "")] * RUNNERS
    with psycopg.connect(empty_database) as connection:
        counts = connection.execute(
            "select migration_id, count(*) from public._yoyo_log group by 1 order by 1"
        ).fetchall()
    assert counts == [(row.step, 1) for row in schema.status(empty_database)]
    assert schema.fingerprint(empty_database) == schema.fingerprint(database)
    assert routes_of(empty_database) == routes_of(database)


def test_a_lock_that_a_dead_runner_left_is_broken(empty_database: str) -> None:
    schema.migrate(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("insert into public.yoyo_lock values (1, now(), 999999)")
    started = time.monotonic()
    schema.rollback(empty_database, 1)
    assert len(schema.migrate(empty_database)) == 1
    assert time.monotonic() - started < 5


def test_a_second_runner_waits_and_says_so(database: str) -> None:
    said: list[str] = []
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (int.from_bytes(b"tideline", "big"),))
        waiting = threading.Thread(target=schema.migrate, args=(database, said.append))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        other.execute("select pg_advisory_unlock_all()")
        waiting.join(10)
    assert not waiting.is_alive()
    assert said == ["another runner is at work on this database: waiting for it"]


def test_a_busy_table_is_asked_for_again(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "db"
    shutil.copytree(schema.DB, folder)
    (folder / "9001.busy.sql").write_text(
        "set lock_timeout = '100ms';\nalter table data.accounts add column busy integer;\n"
    )
    (folder / "9001.busy.rollback.sql").write_text("alter table data.accounts drop column busy;\n")
    said: list[str] = []
    with psycopg.connect(database) as reader, ThreadPoolExecutor(1) as pool:
        reader.execute("select count(*) from data.accounts")
        work = pool.submit(schema.migrate, database, said.append, folder=folder)
        until = time.monotonic() + 10
        while not any("the database is busy" in line for line in said):
            assert time.monotonic() < until, said
            time.sleep(0.02)
        reader.rollback()
        assert work.result(timeout=30) == ["9001.busy"]


def test_two_applies_at_once_both_end_well(database: str) -> None:
    before = routes_of(database)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: schema.apply(database), range(4)))
    assert {report.routes for report in reports} == {len(before)}
    assert routes_of(database) == before


def test_calls_go_on_while_routines_are_replaced(database: str) -> None:
    is_over = threading.Event()

    def call() -> int:
        count = 0
        with psycopg.connect(database, autocommit=True) as connection:
            while not is_over.is_set():
                row = connection.execute(
                    "select core.check_range('days', 7, 1, 9)", prepare=True
                ).fetchone()
                assert row == (7,)
                count += 1
        return count

    with ThreadPoolExecutor(2) as pool:
        callers = [pool.submit(call) for _ in range(2)]
        try:
            for _ in range(5):
                schema.apply(database)
        finally:
            is_over.set()
        assert all(caller.result() > 0 for caller in callers)
