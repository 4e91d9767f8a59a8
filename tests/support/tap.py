"""Runs one file of plain SQL tests and says which line failed."""

import re
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq

from service.schema.lines import line_at, line_of_statement

VOCABULARY = Path(__file__).resolve().parents[1] / "sql" / "_tap.sql"
_INCLUDE = re.compile(r"^\\ir (_\w+\.sql)$", re.MULTILINE)  # psql's own word for it


def run(connection: psycopg.Connection[Any], path: Path) -> list[str]:
    """Every failure of the file as `path:line: words`; none when all went as planned.

    A line `\\ir _name.sql` names a file beside it that several tests begin with; it runs first. The
    caller opens the transaction and rolls it back.
    """
    text = path.read_text(encoding="utf-8")
    failures = [
        failure
        for name in _INCLUDE.findall(text)
        for failure in _played(connection, path.with_name(name))
    ]
    failures += _played(connection, path)
    if not failures and "finish()" not in text:
        failures.append(f"{path}: it never calls finish(), so nobody counts its tests")
    return failures


def _played(connection: psycopg.Connection[Any], path: Path) -> list[str]:
    text = _INCLUDE.sub("", path.read_text(encoding="utf-8"))  # the lines keep their numbers
    failures: list[str] = []
    server = connection.pgconn
    server.send_query(text.encode())
    done = 0
    while (result := server.get_result()) is not None:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            error = psycopg.errors.error_from_result(result, connection.info.encoding)
            position = error.diag.statement_position
            line = line_at(text, int(position) - 1) if position else line_of_statement(text, done)
            words = "\n    ".join(str(error).splitlines())
            failures.append(f"{path}:{line}: {error.sqlstate} {words}")
        failures.extend(
            f"{path}:{line_of_statement(text, done)}: {answer}"
            for answer in _answers(result)
            if answer.startswith(("not ok", "# Looks like you planned"))
        )
        done += 1
    return failures


def _answers(result: pq.abc.PGresult) -> list[str]:
    if result.status != pq.ExecStatus.TUPLES_OK or result.nfields != 1:
        return []
    values = (result.get_value(row, 0) for row in range(result.ntuples))
    return [value.decode() for value in values if value is not None]
