"""F10, without the clock: a month nobody prepared loses no row, and any number of keepers agree."""

import threading
from typing import Any

import psycopg

from service import schema
from tests.support.phones import act, value

LOG = "data.verification_audit_log"


def test_rows_of_an_unprepared_month_move_into_it(database: str) -> None:
    """The job was off: rows lie in DEFAULT, an alarm is on; one run later they are at home."""
    for number in range(50):
        act(database, f"select core.audit_add({number % 5 + 1}, 'login_ok', '192.0.2.7', 'x')")
    home = f"select count(*) from only {LOG}_default"
    alarm = "select count(*) from core.alarm_rows() where alarm = 'partition_strays'"
    assert value(database, home) == 50
    assert value(database, alarm) >= 1
    lines = schema.keep(database)
    print(f"\nF10 {lines}")
    assert any("50 strays" in line for line in lines)
    assert value(database, home) == 0
    assert value(database, f"select count(*) from {LOG}") == 50
    assert value(database, "select count(*) from core.audit_faults()") == 0
    assert value(database, "select count(*) from core.alarm_rows()") == 0
    assert schema.keep(database) == []


def test_who_keeps_partitions_forgets_what_ended(
    database: str, db: psycopg.Connection[Any]
) -> None:
    db.execute("insert into data.users (id) values (900001)")
    db.execute(
        "insert into data.login_sessions (user_id, token_hash, created_at, expires_at)"
        " select 900001, sha256(age::text::bytea), now() - age, now() - age + interval '1 hour'"
        " from unnest(array[interval '91 days', interval '31 days']) as age"
    )
    schema.keep(database)
    assert db.execute("select count(*) from data.login_sessions").fetchone() == (1,)


def test_who_writes_events_and_who_takes_months_away_do_not_wait_for_each_other(
    database: str, db: psycopg.Connection[Any]
) -> None:
    """An event has its head before it is in the log, so retention has the heads before the log."""
    schema.keep(database)
    act(database, "select core.audit_add(1, 'login_ok', '192.0.2.7', 'x')")
    db.execute(f"update {LOG} set created_at = created_at - interval '3 months'")
    schema.keep(database)  # makes its partition
    db.execute("update data.partition_rules set keeps = 1 where relation = %s", (LOG,))
    with psycopg.connect(database) as writer:
        writer.execute("select from data.audit_heads where chain = 'user:1' for update")
        lines: list[str] = []
        keeper = threading.Thread(target=lambda: lines.extend(schema.keep(database)))
        keeper.start()
        while (
            db.execute(
                "select from pg_catalog.pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            ).fetchone()
            is None
        ):
            assert keeper.is_alive()
        writer.execute("set lock_timeout = '200ms'")
        writer.execute("select core.audit_add(1, 'login_ok', '192.0.2.7', 'x')")
    keeper.join()
    assert [line for line in lines if line.startswith(LOG) and line.endswith("detached")]
    assert value(database, "select count(*) from core.audit_faults()") == 0


def test_keepers_at_once_under_writes_lose_nothing(database: str) -> None:
    """Four keepers while four writers go on: each partition once, each row once."""
    made: list[str] = []
    failed: list[Exception] = []
    rows = 100

    def guarded(work: object, *arguments: object) -> None:
        try:
            made.extend(work(*arguments) or [])  # type: ignore[operator]
        except Exception as error:
            failed.append(error)

    def write(writer: int) -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            for _ in range(rows):
                connection.execute(
                    "select core.audit_add(%s, 'login_ok', '192.0.2.7', 'x')", (writer,)
                )

    threads = [threading.Thread(target=guarded, args=(write, number + 1)) for number in range(4)]
    threads += [threading.Thread(target=guarded, args=(schema.keep, database)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    names = [line.split(":")[0] for line in made]
    assert len(names) == len(set(names))
    assert value(database, f"select count(*) from {LOG}") == 4 * rows
    assert value(database, "select count(*) from core.audit_faults()") == 0
    print(f"\nF10 {len(names)} partitions by 4 keepers under {4 * rows} writes, 0 lost")
