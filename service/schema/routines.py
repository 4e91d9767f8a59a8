"""sql/ applied as a whole: every file twice in one transaction; what no file holds is dropped."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq

from service.schema.lines import line_at, line_of_statement
from service.schema.steps import SchemaError

# is_ours: written by this transaction, whose number pg_proc.xmin shows without its upper half.
ROUTINES = """
select
    routine.oid::pg_catalog.regprocedure::text as signature,
    routine.ctid::text as place,
    routine.xmin::text::bigint = pg_catalog.pg_current_xact_id()::text::bigint % 4294967296
        as is_ours
from pg_catalog.pg_proc as routine
where routine.pronamespace::pg_catalog.regnamespace::text in ('core', 'api')
  and not exists (
      select from pg_catalog.pg_depend
      where objid = routine.oid and classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        and deptype = 'e'
  )
order by signature
"""
CROSSING = "select pg_catalog.to_regclass('data.cross_owner_routines')"
JOBS = "select pg_catalog.to_regclass('data.job_schedules')"
STALE_ROUTES = """
delete from api.routes
where xmin::text::bigint <> pg_catalog.pg_current_xact_id()::text::bigint % 4294967296
"""
STALE_JOBS = """
delete from data.job_schedules
where xmin::text::bigint <> pg_catalog.pg_current_xact_id()::text::bigint % 4294967296
"""
HANDED_OVER = """
select oid::pg_catalog.regprocedure::text as signature
from pg_catalog.pg_proc
where pronamespace::pg_catalog.regnamespace::text = 'core'
  and proowner::pg_catalog.regrole::text = 'steward'
"""
MAY_TAKE_BACK = """
select pg_catalog.pg_has_role('steward', 'usage') and pg_catalog.pg_has_role('owner', 'set')
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What one apply did: how many routines and routes there are now, and what it dropped."""

    functions: int
    routes: int
    pruned: tuple[str, ...]
    milliseconds: float


def files_of(folder: Path) -> list[Path]:
    """The files of the manifest, in its order. Errors: SchemaError: one is unlisted or gone."""
    manifest = folder / "manifest.txt"
    listed: list[Path] = []
    for line in manifest.read_text(encoding="utf-8").splitlines():
        name = line.partition("#")[0].strip()
        if not name:
            continue
        path = folder / name
        if path in listed:
            raise SchemaError(f"{manifest} lists {name} twice")
        if not path.is_file():
            raise SchemaError(f"{manifest} lists {name}, which is not there")
        listed.append(path)
    for path in sorted(folder.rglob("*.sql")):
        if path not in listed:
            raise SchemaError(f"{path} is not in {manifest}: add the line where it should be read")
    return listed


def apply(connection: psycopg.Connection[Any], files: list[Path], folder: Path) -> Report:
    """Run the files in two passes, prune, tell the services. One transaction, as owner."""
    started = time.perf_counter()
    with connection.transaction():
        if not _value(connection, "select pg_catalog.to_regclass('api.routes') is not null"):
            raise SchemaError("this database has no api.routes: run migrate before apply")
        connection.execute("set local role owner")
        connection.execute("set local search_path = ''")
        connection.execute("set local lock_timeout = '3s'")
        taken = _take_back(connection)
        if _value(connection, CROSSING) is not None:
            connection.execute("delete from data.cross_owner_routines")  # the files fill it anew
        _run_files(connection, files, folder, bodies_checked="off")
        _take_back(connection)
        # Between the passes, so that the second one finds whoever still calls what went, and grants
        # anew what a file still grants. Nobody outside this transaction sees the moment.
        pruned = _prune(connection, taken)
        connection.execute("revoke all on all routines in schema core, api from public, service")
        _run_files(connection, files, folder, bodies_checked="on")
        connection.execute("notify routes")
        functions = len(connection.execute(ROUTINES).fetchall())
        routes = _value(connection, "select count(*) from api.routes")
        if _value(connection, JOBS) is not None:
            connection.execute(STALE_JOBS)
    return Report(functions, routes, pruned, (time.perf_counter() - started) * 1000)


def drop_all(connection: psycopg.Connection[Any]) -> None:
    """Drop every routine of core and api, and the routes to them; `apply` brings them back."""
    with connection.transaction():
        _drop(connection, [signature for signature, _, _ in connection.execute(ROUTINES)])
        if _value(connection, "select pg_catalog.to_regclass('api.routes') is not null"):
            connection.execute("delete from api.routes")
        connection.execute("notify routes")


def _take_back(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Make owner the owner again of what was handed to the steward: only so can it be replaced.

    Signature to place in pg_proc: who is still there afterwards was not replaced.
    """
    handed_over = connection.execute(HANDED_OVER).fetchall()
    if not handed_over:
        return {}
    connection.execute("set local role none")
    if not _value(connection, MAY_TAKE_BACK):
        login = _value(connection, "select session_user")
        raise SchemaError(
            f"{login} may not replace what belongs to the steward: as an administrator, "
            f'grant steward to "{login}"'
        )
    for (signature,) in handed_over:
        connection.execute(f"alter routine {signature} owner to owner".encode())
    connection.execute("set local role owner")
    places = {signature: place for signature, place, _ in connection.execute(ROUTINES)}
    return {signature: places[signature] for (signature,) in handed_over}


def _prune(connection: psycopg.Connection[Any], taken: dict[str, str]) -> tuple[str, ...]:
    connection.execute(STALE_ROUTES)
    stale = [
        signature
        for signature, place, is_ours in connection.execute(ROUTINES)
        if not is_ours or taken.get(signature) == place
    ]
    _drop(connection, stale)
    return tuple(stale)


def _drop(connection: psycopg.Connection[Any], signatures: list[str]) -> None:
    if signatures:  # all at once: they may stand on each other
        connection.execute(f"drop routine {', '.join(signatures)}".encode())


def _value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _run_files(
    connection: psycopg.Connection[Any], files: list[Path], folder: Path, *, bodies_checked: str
) -> None:
    connection.execute(
        "select pg_catalog.set_config('check_function_bodies', %s, true)", (bodies_checked,)
    )
    for path in files:
        _run_file(connection, path, folder)


def _run_file(connection: psycopg.Connection[Any], path: Path, folder: Path) -> None:
    """Send a file as one message, as psql -f would; count what came back to name the culprit."""
    text = path.read_text(encoding="utf-8")
    server = connection.pgconn
    server.send_query(text.encode())
    error: psycopg.Error | None = None
    done = 0
    while (result := server.get_result()) is not None:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            error = psycopg.errors.error_from_result(result, connection.info.encoding)
        else:
            done += 1
    if error is None:
        return
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
        raise error
    position = error.diag.statement_position
    line = line_at(text, int(position) - 1) if position else line_of_statement(text, done)
    words = f"{folder.name}/{path.relative_to(folder)}:{line}: {error.diag.message_primary}"
    for more in (error.diag.message_detail, error.diag.message_hint, error.diag.context):
        words += f"\n    {more}" if more else ""
    raise SchemaError(words) from error
