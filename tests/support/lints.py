"""Catalogue lints: one query each in tests/house/lints, all with the same four columns."""

from pathlib import Path
from typing import Any, NamedTuple

import psycopg

FOLDER = Path(__file__).resolve().parents[1] / "house" / "lints"


class Finding(NamedTuple):
    """One thing that breaks a rule of the house, and how to repair it."""

    name: str
    level: str
    detail: str
    remediation: str


def names() -> list[str]:
    """Every lint there is."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def findings(connection: psycopg.Connection[Any], name: str) -> list[Finding]:
    """What one lint finds in this database."""
    query = (FOLDER / f"{name}.sql").read_bytes()
    return [Finding(*row) for row in connection.execute(query)]
