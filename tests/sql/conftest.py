"""Collects tests/sql/<schema>/<topic>.sql: each file is one test, rolled back when it has run."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support import tap


@pytest.fixture(scope="session")
def tap_database(shared_database: str) -> str:
    """The shared database with the vocabulary in a schema of its own."""
    with psycopg.connect(shared_database, autocommit=True) as connection:
        connection.execute(tap.VOCABULARY.read_text(encoding="utf-8").encode())
    return shared_database


@pytest.fixture
def tap_connection(tap_database: str) -> Any:
    """A transaction that finds the vocabulary, and no other name that is not qualified."""
    with psycopg.connect(tap_database) as connection:
        connection.execute("set local search_path = tap")
        yield connection
        connection.rollback()


class SqlFile(pytest.File):
    """One file of plain SQL tests."""

    def collect(self) -> Iterable[pytest.Item]:
        """The file as one test."""
        path = self.path

        def test_sql(tap_connection: psycopg.Connection[Any]) -> None:
            __tracebackhide__ = True
            failures = tap.run(tap_connection, path)
            if failures:
                pytest.fail("\n".join(failures), pytrace=False)

        yield pytest.Function.from_parent(self, name=path.stem, callobj=test_sql)


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Every .sql file but the vocabulary."""
    if file_path.suffix == ".sql" and not file_path.name.startswith("_"):
        return SqlFile.from_parent(parent, path=file_path)
    return None
