"""`tideline jobs`: what is on the clock, what became of it, and a run beside the clock."""

from collections.abc import Callable
from typing import Any

import psycopg

_LIST = """
select
    name, cron, timezone, case when is_active then to_char(next_at, 'YYYY-MM-DD HH24:MI') end,
    last_status, to_char(last_finished_at, 'YYYY-MM-DD HH24:MI'), coalesce(fault, summary)
from core.schedule_rows()
"""
_HISTORY = """
select
    to_char(due_at, 'YYYY-MM-DD HH24:MI:SS'), status,
    extract(epoch from started_at - due_at)::numeric(12, 1),
    extract(epoch from finished_at - started_at)::numeric(12, 3),
    attempts, batch_count, row_count, error
from core.execution_rows(%s, null, 50)
"""
_COLUMNS = {
    "list": ("job", "cron", "zone", "next", "last", "finished", "what it does"),
    "history": ("due", "status", "late s", "took s", "tries", "batches", "rows", "error"),
}
_EDIT = "select core.schedule_edit(%s, null, null, %s, null)"


def run(dsn: str, verb: str, job: str | None, tell: Callable[[str], None]) -> int:
    """The exit status: 0, or 1 when there is no such job, or when the newest run of one failed."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set role owner")
        connection.execute("set timezone = 'UTC'")
        try:
            return _done(connection, verb, job, tell)
        except psycopg.Error as reason:
            if not (reason.sqlstate or "").startswith("PT"):
                raise
            tell(f"{job or 'the job'}: {reason.diag.message_primary}")
            return 1


def _done(
    connection: psycopg.Connection[Any], verb: str, job: str | None, tell: Callable[[str], None]
) -> int:
    if verb == "list":
        rows = connection.execute(_LIST).fetchall()
        _table(_COLUMNS[verb], rows)
        return 1 if any(row[4] == "failed" for row in rows) else 0
    if verb == "history":
        _table(_COLUMNS[verb], connection.execute(_HISTORY, (job,)).fetchall())
    elif verb == "run":
        connection.execute("select core.execution_ask(%s)", (job,))
        tell(f"{job} runs as soon as a worker looks; tideline jobs history {job} says more")
    else:
        connection.execute(_EDIT, (job, verb == "resume"))
        tell(f"{job} is {'on its clock again' if verb == 'resume' else 'paused'}")
    return 0


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Prints rows under their columns, each as wide as its widest cell."""
    cells = [columns, *(tuple("" if one is None else str(one) for one in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    for row in cells:
        words = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(words).rstrip())
