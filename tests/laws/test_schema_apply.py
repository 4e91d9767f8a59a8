"""sql/ is applied whole or not at all; what is in no file goes; mistakes are named by line."""

import os
import re
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service import schema
from service.schema import SchemaError
from service.schema.lines import line_of_statement
from tests.support.server import as_url

SHARED = (
    "core/cross.sql", "core/route.sql", "core/check.sql", "core/shape.sql", "api/route.sql"
)  # fmt: skip
PROBE = """
-- A probe.
create or replace function api.probe_read(_user_id bigint) returns json
language sql stable as $$ select json_build_object('days', core.probe_days(_user_id)); $$;

call api.route(
    'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', answer => '{"days": "integer"}'
);
"""
DAYS = """
-- Days of a probe; further down the manifest than what calls it.
create or replace function core.probe_days(_user_id bigint) returns integer
language sql stable as $$ select 7; $$;
"""


class Sql:
    """A small sql/ of our own: the declaring of routes, and what a test writes beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        for name in SHARED:
            self.write(name, (schema.SQL / name).read_text(encoding="utf-8"))

    def write(self, name: str, text: str, *, is_listed: bool = True) -> None:
        """Writes a file and, unless told otherwise, its line in the manifest."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if is_listed and name not in self.names:
            self.names.append(name)
        self.list(*self.names)

    def list(self, *names: str) -> None:
        """Writes the manifest."""
        self.names = list(names)
        (self.folder / "manifest.txt").write_text("\n".join(names) + "\n", encoding="utf-8")


@pytest.fixture
def sql(tmp_path: Path) -> Sql:
    """The small sql/ with one route in it."""
    sql = Sql(tmp_path / "sql")
    sql.write("api/probe.sql", PROBE)
    sql.write("core/probe.sql", DAYS)
    return sql


@pytest.fixture
def applied(database: str, db: psycopg.Connection[Any], sql: Sql) -> psycopg.Connection[Any]:
    """A database that holds the small sql/ and nothing of the real one."""
    schema.apply(database, folder=sql.folder)
    return db


def functions(connection: psycopg.Connection[Any]) -> set[str]:
    """Names of the routines of core and api."""
    rows = connection.execute(
        "select oid::regproc::text from pg_proc "
        "where pronamespace in ('core'::regnamespace, 'api'::regnamespace)"
    )
    return {row[0] for row in rows}


def routes(connection: psycopg.Connection[Any]) -> list[str]:
    """Paths that are served."""
    return [row[0] for row in connection.execute("select path from api.routes order by 1")]


def test_a_function_may_call_one_further_down(applied: psycopg.Connection[Any]) -> None:
    row = applied.execute("select api.probe_read(1)::text").fetchone()
    assert row == ('{"days" : 7}',)


def test_what_is_in_no_file_is_dropped(applied: psycopg.Connection[Any], sql: Sql) -> None:
    written = "".join((sql.folder / name).read_text() for name in sql.names)
    names = set(re.findall(r"^create or replace (?:function|procedure) ([\w.]+)", written, re.M))
    assert functions(applied) == names
    assert routes(applied) == ["/probe/{user_id}"]


def test_a_function_taken_out_of_its_file_goes_with_its_route(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    sql.write("api/probe.sql", "-- Nothing now.\n")
    report = schema.apply(database, folder=sql.folder)
    assert report.pruned == ("api.probe_read(bigint)",)
    assert (report.routes, routes(applied)) == (0, [])


def test_a_route_that_is_no_longer_declared_goes_and_so_does_its_grant(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    sql.write("api/probe.sql", PROBE.partition("call")[0])
    assert schema.apply(database, folder=sql.folder).pruned == ()
    assert routes(applied) == []
    assert applied.execute(
        "select has_function_privilege('service', 'api.probe_read(bigint)', 'execute')"
    ).fetchone() == (False,)


def test_a_new_return_type_needs_a_drop_above_the_function(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    changed = DAYS.replace("returns integer", "returns bigint")
    sql.write("core/probe.sql", changed)
    with pytest.raises(SchemaError, match="cannot change return type of existing function"):
        schema.apply(database, folder=sql.folder)
    sql.write("core/probe.sql", f"drop function if exists core.probe_days(bigint);\n{changed}")
    schema.apply(database, folder=sql.folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-- One.\nselect 1;\n\nselct 2;\n", r"sql/core/wrong\.sql:4: syntax error at or near"),
        ("select 1;\n\n-- Why.\nselect 1 / 0;\n", r"sql/core/wrong\.sql:4: division by zero"),
        (
            "create or replace function core.wrong_sum() returns integer\n"
            "language sql as $$\n    select core.nobody();\n$$;\n",
            r"sql/core/wrong\.sql:\d: function core\.nobody\(\) does not exist",
        ),
        (
            "-- A route.\ncall api.route('GET /x', 'api.nobody',\n    summary => '');\n",
            r"sql/core/wrong\.sql:2: no function api\.nobody for route GET /x",
        ),
        (
            "create or replace function core.wrong_sum() returns json\n"
            "language sql as $$ select api.probe_read(1); $$;\n",
            r"sql/core/wrong\.sql:\d: function api\.probe_read\(integer\) does not exist",
        ),
        ("create table core.wrong (id bigint);\n", r"sql/core/wrong\.sql:1: relation .* already"),
    ],
    ids=["syntax", "run time", "body", "route", "pruned", "not twice"],
)
def test_a_mistake_is_named_and_changes_nothing(
    applied: psycopg.Connection[Any], database: str, sql: Sql, text: str, words: str
) -> None:
    before = functions(applied), routes(applied)
    sql.write("api/probe.sql", "-- Nothing now.\n")
    sql.write("core/wrong.sql", text)
    with pytest.raises(SchemaError, match=words):
        schema.apply(database, folder=sql.folder)
    assert (functions(applied), routes(applied)) == before


def test_a_file_that_the_manifest_does_not_list_is_refused(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    sql.write("core/stray.sql", "", is_listed=False)
    with pytest.raises(SchemaError, match=r"core/stray\.sql is not in .*manifest\.txt"):
        schema.apply(database, folder=sql.folder)


def test_a_listed_file_that_is_gone_is_refused(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    sql.list(*sql.names, "core/gone.sql")
    with pytest.raises(SchemaError, match=r"lists core/gone\.sql, which is not there"):
        schema.apply(database, folder=sql.folder)


def test_a_file_that_is_listed_twice_is_refused(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    sql.list(*sql.names, sql.names[0])
    with pytest.raises(SchemaError, match="twice"):
        schema.apply(database, folder=sql.folder)


def test_a_database_without_steps_is_told_to_migrate(empty_database: str, sql: Sql) -> None:
    with pytest.raises(SchemaError, match="run migrate before apply"):
        schema.apply(empty_database, folder=sql.folder)


def test_an_apply_tells_the_services(
    applied: psycopg.Connection[Any], database: str, sql: Sql
) -> None:
    applied.execute("listen routes")
    schema.apply(database, folder=sql.folder)
    assert [note.channel for note in applied.notifies(timeout=2, stop_after=1)] == ["routes"]


def test_what_crosses_owners_is_replaced_and_is_not_kept_when_undeclared(
    database: str, sql: Sql
) -> None:
    """Handed over, taken back, handed over again; undeclared it is owner's, and off the list."""
    crossing = (
        "-- A probe that crosses.\ncreate or replace function core.probe_count() returns bigint\n"
        "language sql stable as $$ select count(*) from data.users $$;\n"
    )
    call = "call core.cross_owner('core.probe_count()', 'a probe that counts everybody');\n"
    state = (
        "select proowner::regrole::text, prosecdef, exists (select from data.cross_owner_routines"
        " where routine = 'core.probe_count()') from pg_proc"
        " where oid = 'core.probe_count()'::regprocedure"
    )
    sql.write("core/crossing.sql", crossing + call)
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(2):
            schema.apply(database, folder=sql.folder)
            assert connection.execute(state).fetchone() == ("steward", True, True)
        sql.write("core/crossing.sql", crossing)
        schema.apply(database, folder=sql.folder)
        assert connection.execute(state).fetchone() == ("owner", False, False)
        sql.write("core/crossing.sql", crossing + call)
        schema.apply(database, folder=sql.folder)
        sql.list(*(name for name in sql.names if name != "core/crossing.sql"))
        (sql.folder / "core/crossing.sql").unlink()
        report = schema.apply(database, folder=sql.folder)
        assert report.pruned == ("core.probe_count()",)


def test_a_login_that_may_not_take_back_is_told_what_it_needs(database: str) -> None:
    name = f"deployer_{os.getpid()}"
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute(f"create role {name} login password 'deploys' in role owner".encode())
        dsn = as_url(database, admin.info.dbname, user=name, password="deploys")
        try:
            with pytest.raises(SchemaError, match=f'grant steward to "{name}"'):
                schema.apply(dsn)
            admin.execute(f"grant steward to {name}".encode())
            assert schema.apply(dsn).routes > 0
        finally:
            admin.execute(f"drop role {name}".encode())


def test_everything_belongs_to_owner(applied: psycopg.Connection[Any]) -> None:
    assert applied.execute(
        "select distinct proowner::regrole::text from pg_proc "
        "where pronamespace in ('core'::regnamespace, 'api'::regnamespace)"
    ).fetchall() == [("owner",)]


def test_a_superuser_declares_a_route_by_hand(applied: psycopg.Connection[Any]) -> None:
    applied.execute("listen routes")
    applied.execute(
        "create function api.hand_read(_user_id bigint) returns json "
        "language sql stable as $$ select json_build_object('hand', _user_id) $$"
    )
    applied.execute(
        "call api.route('GET /hand/{user_id}', 'api.hand_read', summary => 'By hand', "
        """answer => '{"hand": "integer"}')"""
    )
    assert [note.channel for note in applied.notifies(timeout=2, stop_after=1)] == ["routes"]
    with applied.transaction():
        applied.execute("set local role service")
        assert applied.execute("select api.hand_read(5)::text").fetchone() == ('{"hand" : 5}',)
        assert "/hand/{user_id}" in routes(applied)


def test_the_real_files_are_applied_within_two_seconds(database: str) -> None:
    started = time.perf_counter()
    schema.apply(database)
    took_s = time.perf_counter() - started
    print(f"\napplied in {took_s:.2f} s")
    assert took_s < 20  # the aim is two; a busy machine may take ten times as long


def test_a_statement_is_found_behind_comments_and_quotes() -> None:
    text = (
        "-- first; comment\n"
        "select ';' as \"a;b\";\n"
        "/* block; comment */\n"
        "do $x$ begin perform ';'; end; $x$;\n"
        "\n"
        "-- last\n"
        "select 3;\n"
    )
    assert [line_of_statement(text, number) for number in range(4)] == [2, 4, 7, 7]
