"""db/ brought to a database one step at a time. yoyo reads the files and runs their statements;
this room adds what yoyo by itself does not keep: checksums, one runner at a time, and the mark of a
step in the same transaction as the step.
"""

import glob
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import read_migrations  # type: ignore[import-untyped]
from yoyo.backends.core.postgresql import (  # type: ignore[import-untyped]
    PostgresqlPsycopgBackend,
)
from yoyo.connections import DatabaseURI  # type: ignore[import-untyped]
from yoyo.migrations import default_migration_table  # type: ignore[import-untyped]

from service.fingerprint import FINGERPRINT

Progress = Callable[[str], None]

STEP_FILE = re.compile(r"(\d{4})\.[a-z0-9_]+(\.rollback)?\.sql")
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


class SchemaError(Exception):
    """The database and this checkout disagree; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file of db/: its yoyo migration and the checksum of what it does."""

    name: str
    checksum: str
    migration: Any

    @property
    def is_first(self) -> bool:
        """The step that makes the roles: it runs as the login, all others as owner."""
        return self.name.startswith("0001.")


@dataclass(frozen=True, slots=True)
class Applied:
    """What the database remembers of a step."""

    checksum: str
    applied_at: datetime


def steps_of(folder: Path) -> list[Step]:
    """The steps of a folder in order. Errors: SchemaError names the first file that is not one."""
    numbers: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        match = STEP_FILE.fullmatch(path.name)
        if match is None:
            raise SchemaError(
                f"{path} is not a step: db/ holds NNNN.name.sql and NNNN.name.rollback.sql alone, "
                "because yoyo would run whatever else it finds"
            )
        partner = path.name.replace(".rollback.sql", ".sql")
        if match[2] is None:
            partner = f"{path.name.removesuffix('.sql')}.rollback.sql"
            if numbers.setdefault(match[1], path.name) != path.name:
                raise SchemaError(f"{path.name} and {numbers[match[1]]} share a number")
        if not (folder / partner).is_file():
            raise SchemaError(f"{path} has no {partner} beside it")
    migrations = read_migrations(glob.escape(str(folder)))
    return [
        Step(
            migration.id,
            # Line ends are the checkout's business, not the step's.
            hashlib.sha256(Path(migration.path).read_bytes().replace(b"\r\n", b"\n")).hexdigest(),
            migration,
        )
        for migration in migrations
    ]


def applied_in(connection: psycopg.Connection[Any]) -> dict[str, Applied]:
    """Steps that this database has, oldest first; none in a database that never saw a runner."""
    found = connection.execute("select to_regclass('public.applied_steps') is not null").fetchone()
    if not found or not found[0]:
        return {}
    rows = connection.execute(
        "select step, checksum, applied_at from public.applied_steps order by step"
    )
    return {step: Applied(checksum, applied_at) for step, checksum, applied_at in rows}


def compared(steps: list[Step], applied: dict[str, Applied]) -> Iterator[tuple[str, str]]:
    """(step, state) in order: applied, pending, changed since it was applied, or missing."""
    known = {step.name: step for step in steps}
    for name in sorted(known | applied):
        if name not in applied:
            yield name, "pending"
        elif name not in known:
            yield name, "missing"
        else:
            same = known[name].checksum == applied[name].checksum
            yield name, "applied" if same else "changed"


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
def runner(dsn: str, progress: Progress) -> Iterator[Any]:
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
