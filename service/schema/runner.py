"""One runner at a time takes a database through the steps of db/. yoyo runs the statements; this
room adds what yoyo by itself does not keep: the lock that a killed runner cannot leave behind,
checksums, and the mark of a step in the same transaction as the step.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo.backends.core.postgresql import (  # type: ignore[import-untyped]
    PostgresqlPsycopgBackend,
)
from yoyo.connections import DatabaseURI  # type: ignore[import-untyped]
from yoyo.migrations import default_migration_table  # type: ignore[import-untyped]

from service.schema.fingerprint import FINGERPRINT
from service.schema.steps import Progress, SchemaError, Step

LOCK_KEY = int.from_bytes(b"tideline", "big")  # one lock for steps and routines alike
LOCK_WAIT_S = 600
LOCK_POLL_S = 0.1

# Beside yoyo's own tables, in public, where no role of ours may look; it outlives every step.
BOOKKEEPING = """
create table if not exists public.applied_steps (
    step text primary key,
    checksum text not null,
    fingerprint text not null,
    applied_at timestamptz not null default now()
)
"""


@contextmanager
def locked(connection: psycopg.Connection[Any], progress: Progress) -> Iterator[None]:
    """Hold the lock of this database; says so while another runner has it.

    It polls: a statement that waits keeps a snapshot, and `create index concurrently` of the
    runner in front would wait for that snapshot, for ever. Errors: SchemaError after ten minutes.
    """
    deadline = time.monotonic() + LOCK_WAIT_S
    is_told = False
    while True:
        row = connection.execute("select pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone()
        if row and row[0]:
            break
        if not is_told:
            progress("another runner is at work on this database: waiting for it")
            is_told = True
        if time.monotonic() > deadline:
            raise SchemaError(f"another runner has kept this database for {LOCK_WAIT_S} s")
        time.sleep(LOCK_POLL_S)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("select pg_advisory_unlock(%s)", (LOCK_KEY,))


@contextmanager
def at_work(dsn: str, progress: Progress) -> Iterator[Any]:
    """A yoyo backend that holds the lock, on the one connection that also runs the steps.

    One connection, so that the lock lasts exactly as long as the last statement of a killed runner.
    """
    parameters: dict[str, Any] = dict(conninfo_to_dict(dsn))
    database = parameters.pop("dbname", None)
    uri = DatabaseURI("postgresql+psycopg", None, None, None, None, database, parameters)
    with PostgresqlPsycopgBackend(uri, default_migration_table) as backend:
        connection = backend.connection
        # The server notices within a second that a killed runner is gone.
        connection.execute("set client_connection_check_interval = '1s'")
        with locked(connection, progress):
            speak_as_login(backend)
            if not connection.execute("select to_regclass('public.yoyo_lock')").fetchone()[0]:
                backend.create_lock_table()
            backend.break_lock()  # ours is the only runner: a row there was left by a killed one
            with backend.lock():
                backend.ensure_internal_schema_updated()
                connection.execute(BOOKKEEPING)
                yield backend


def speak_as_login(backend: Any) -> None:
    """Bookkeeping: the login's own rights, yoyo's tables in public."""
    backend.execute("reset role")
    backend.execute("reset lock_timeout")
    backend.execute("set search_path = 'public'")


def speak_as_owner(backend: Any, step: Step) -> None:
    """Steps: what they make belongs to owner, and every name in them is qualified."""
    if not step.is_first:
        backend.execute("set role owner")
    backend.execute("set search_path = ''")
    backend.execute("set lock_timeout = '3s'")


def run(backend: Any, step: Step, direction: str) -> None:
    """Apply or roll back one step, and remember it.

    A transactional step and its mark are one transaction. One that is not is marked afterwards,
    and is written so that running it again does no harm.
    """
    step.migration.load()
    if step.migration.use_transactions:
        with backend.transaction():
            speak_as_owner(backend, step)
            step.migration.process_steps(backend, direction)
            remember(backend, step, direction)
        return
    try:
        speak_as_owner(backend, step)
        step.migration.process_steps(backend, direction)
    finally:
        speak_as_login(backend)
    with backend.transaction():
        remember(backend, step, direction)


def remember(backend: Any, step: Step, direction: str) -> None:
    """The step's mark in yoyo's tables, its checksum and the fingerprint of the schema in ours."""
    speak_as_login(backend)
    if direction == "rollback":
        backend.unmark_one(step.migration)
        backend.execute("delete from public.applied_steps where step = :step", {"step": step.name})
        return
    fingerprint = backend.connection.execute(FINGERPRINT).fetchone()[0]
    backend.mark_one(step.migration)
    backend.execute(
        "insert into public.applied_steps (step, checksum, fingerprint) "
        "values (:step, :checksum, :fingerprint)",
        {"step": step.name, "checksum": step.checksum, "fingerprint": fingerprint},
    )
