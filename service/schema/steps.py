"""The steps of db/: which there are, which a database has, and whether the two agree."""

import glob
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from yoyo import read_migrations  # type: ignore[import-untyped]

Progress = Callable[[str], None]

STEP_FILE = re.compile(r"(\d{4})\.[a-z0-9_]+(\.rollback)?\.sql")


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
