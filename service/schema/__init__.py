"""Bring a database to this checkout: db/ step by step (steps), sql/ as a whole (routines)."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from service.schema import marts, partitions, queue, routines, runner, steps
from service.schema.fingerprint import FINGERPRINT
from service.schema.routines import Report
from service.schema.steps import Progress, SchemaError

__all__ = [
    "Report",
    "SchemaError",
    "StepState",
    "apply",
    "keep",
    "migrate",
    "rollback",
    "status",
]

ROOT = Path(__file__).resolve().parents[2]
DB = ROOT / "db"
SQL = ROOT / "sql"

# A lock that is not free after lock_timeout (3 s) is asked for again: readers pass in between.
LOCK_TRIES = 20
LOCK_PAUSE_S = 1.0

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class StepState:
    """One row of `status`: state is applied, pending, changed or missing."""

    step: str
    state: str
    applied_at: datetime | None


def migrate(dsn: str, progress: Progress | None = None, *, folder: Path = DB) -> list[str]:
    """Names of the steps that were applied now, in order; none when the database has them all.

    Any number of runners may start at once and may be killed at any instant: the next one goes on.
    Errors: SchemaError when an applied file was edited or is gone, psycopg.Error from a step.
    """
    tell = progress or _quiet
    known = steps.steps_of(folder)
    with runner.at_work(dsn, tell) as backend:
        applied = steps.applied_in(backend.connection)
        for name, state in steps.compared(known, applied):
            _refuse_history(name, state, folder, applied)
        pending = [step for step in known if step.name not in applied]
        for number, step in enumerate(pending, start=1):
            tell(f"migrate {number}/{len(pending)} {step.name}")
            _again(partial(runner.run, backend, step, "apply"), tell)
        return [step.name for step in pending]


def rollback(
    dsn: str, count: int = 1, progress: Progress | None = None, *, folder: Path = DB
) -> list[str]:
    """Names of the steps that were taken back, newest first.

    Routines of core and api that stand on what goes are dropped with it, all of them: `apply`
    brings back those that fit. An edited step may be taken back. Errors: SchemaError for a
    step whose file is gone.
    """
    tell = progress or _quiet
    known = {step.name: step for step in steps.steps_of(folder)}
    undone = []
    with runner.at_work(dsn, tell) as backend:
        applied = steps.applied_in(backend.connection)
        for name in sorted(applied, reverse=True)[:count]:
            if name not in known:
                _refuse_history(name, "missing", folder, applied)
            tell(f"rollback {name}")
            take_back = partial(runner.run, backend, known[name], "rollback")
            try:
                _again(take_back, tell)
            except psycopg.errors.DependentObjectsStillExist:
                tell("dropping the routines that stand on it: run apply afterwards")
                routines.drop_all(backend.connection)
                _again(take_back, tell)
            undone.append(name)
    return undone


def status(dsn: str, *, folder: Path = DB) -> list[StepState]:
    """Every step that the database or this checkout knows, in order; changes nothing."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        applied = steps.applied_in(connection)
    return [
        StepState(name, state, applied[name].applied_at if name in applied else None)
        for name, state in steps.compared(steps.steps_of(folder), applied)
    ]


def fingerprint(dsn: str) -> str:
    """Hash of the relations in the four schemas; equal shapes have equal hashes."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(FINGERPRINT).fetchone()
    assert row is not None
    return str(row[0])


def apply(dsn: str, progress: Progress | None = None, *, folder: Path = SQL) -> Report:
    """Make the routines and routes of a database those of sql/, all or none, in one transaction.

    Errors: SchemaError with file, line and what PostgreSQL said; the database is then as before.
    """
    tell = progress or _quiet
    files = routines.files_of(folder)
    with (
        psycopg.connect(dsn, autocommit=True) as connection,
        runner.locked(connection, tell),
    ):
        report = _again(partial(routines.apply, connection, files, folder), tell)
        _again(partial(queue.install, connection), tell)
        return report


def keep(dsn: str, progress: Progress | None = None) -> list[str]:
    """Make and drop partitions as data.partition_rules says; one line for each that was."""
    tell = progress or _quiet
    lines = _again(partial(partitions.keep, dsn), tell)
    for line in lines:
        tell(line)
    return lines


def refresh(dsn: str, progress: Progress | None = None) -> list[str]:
    """Make the summaries over many users anew; one line for each."""
    tell = progress or _quiet
    lines = marts.refresh(dsn)
    for line in lines:
        tell(line)
    return lines


def _refuse_history(name: str, state: str, folder: Path, applied: dict[str, steps.Applied]) -> None:
    if state == "changed":
        raise SchemaError(
            f"{folder / name}.sql was edited after it was applied on "
            f"{applied[name].applied_at:%Y-%m-%d}: put it back and write a new step instead"
        )
    if state == "missing":
        raise SchemaError(
            f"{folder / name}.sql was applied on {applied[name].applied_at:%Y-%m-%d} but is not "
            "there: restore it, or check out the version that has it"
        )


def _again(work: Callable[[], Answer], tell: Progress) -> Answer:
    for left in range(LOCK_TRIES - 1, -1, -1):
        try:
            return work()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as reason:
            if left == 0:
                raise
            tell(f"the database is busy ({str(reason).splitlines()[0]}): trying again")
            time.sleep(LOCK_PAUSE_S * random.uniform(0.2, 1.0))  # noqa: S311
    raise AssertionError("unreachable")


def _quiet(_: Any) -> None:
    return None
