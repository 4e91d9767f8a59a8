"""The schema of a checkout is one thing: applying twice, going down and up change nothing."""

import re
import shutil
from pathlib import Path

import psycopg
import pytest

from service import schema
from service.schema.fingerprint import FINGERPRINT
from tests.support.dump import routes_of, schema_of


def test_all_steps_are_applied(database: str) -> None:
    rows = schema.status(database)
    assert {row.state for row in rows} == {"applied"}
    assert all(row.applied_at is not None for row in rows)


def test_a_new_database_awaits_all_steps(empty_database: str) -> None:
    rows = schema.status(empty_database)
    assert {(row.state, row.applied_at) for row in rows} == {("pending", None)}


def test_applying_twice_changes_nothing(database: str) -> None:
    before = schema_of(database), routes_of(database)
    report = schema.apply(database)
    assert (schema_of(database), routes_of(database)) == before
    assert report.pruned == ()
    assert report.routes == len(before[1])


def test_migrating_twice_does_nothing(database: str) -> None:
    before = schema_of(database)
    assert schema.migrate(database) == []
    assert schema_of(database) == before


def test_up_down_up_leaves_the_same_schema(database: str) -> None:
    before, routes, shape = schema_of(database), routes_of(database), schema.fingerprint(database)
    count = len(schema.status(database))

    assert len(schema.rollback(database, count)) == count
    assert not re.search(r'"?(data|mart|core|api)"?\.', schema_of(database))
    assert {row.state for row in schema.status(database)} == {"pending"}

    assert len(schema.migrate(database)) == count
    schema.apply(database)
    assert schema_of(database) == before
    assert routes_of(database) == routes
    assert schema.fingerprint(database) == shape


def test_each_step_back_and_again_leaves_the_same_fingerprint(
    empty_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "db"
    shutil.copytree(schema.DB, folder)
    names = schema.migrate(empty_database, folder=folder)
    stored = fingerprints(empty_database)
    while names:
        newest = names.pop()
        assert schema.fingerprint(empty_database) == stored.pop(), newest
        assert schema.rollback(empty_database, 1, folder=folder) == [newest]
        assert not stored or schema.fingerprint(empty_database) == stored[-1], newest
        assert schema.migrate(empty_database, folder=folder) == [newest]
        schema.rollback(empty_database, 1, folder=folder)
        for path in folder.glob(f"{newest}.*"):
            path.unlink()


def test_every_step_has_a_shape_of_its_own_or_only_rows(database: str) -> None:
    with psycopg.connect(database) as connection:
        repeated = connection.execute(
            "select array_agg(step order by step) from public.applied_steps "
            "group by fingerprint having count(*) > 1"
        ).fetchall()
    for (steps,) in repeated:
        for step in steps[1:]:
            text = (schema.DB / f"{step}.sql").read_text()
            assert not re.search(r"^\s*(create|alter|drop) ", text, re.MULTILINE), step


CHANGES = [
    "comment on table data.accounts is 'other words'",
    "comment on column data.accounts.name is 'other words'",
    "comment on type api.day is 'other words'",
    "alter table data.accounts add column extra integer",
    "alter table data.accounts alter column name type varchar(99)",
    "alter table data.accounts alter column name set default ''",
    "alter table data.accounts alter column bank_name set not null",
    "alter table data.accounts drop constraint name_is_there",
    "alter table data.accounts set (fillfactor = 70)",
    "alter table data.accounts disable row level security",
    "alter table data.accounts no force row level security",
    "create policy own on data.accounts using (true)",
    "create index extra on data.accounts (name)",
    "drop index data.accounts_external",
    "grant select on data.accounts to service",
    "grant select (name) on data.accounts to service",
    "grant usage on schema data to service",
    "create view mart.extra as select 1 as one",
    "create sequence data.extra",
    "alter table data.accounts owner to current_user",
    "alter domain api.day drop constraint is_in_a_living_century",
    "alter default privileges for role owner grant execute on functions to service",
    "create trigger extra before update on data.accounts "
    "for each row execute function suppress_redundant_updates_trigger()",
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_fingerprint_sees(change: str, transaction: psycopg.Connection[object]) -> None:
    def taken() -> object:
        row = transaction.execute(FINGERPRINT).fetchone()
        assert row is not None
        return row

    before = taken()
    with transaction.transaction(force_rollback=True):
        transaction.execute(change.encode())
        assert taken() != before
    assert taken() == before


def test_going_back_drops_the_routines_that_stand_on_it(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "db"
    shutil.copytree(schema.DB, folder)
    (folder / "9001.probes.sql").write_text("create domain api.probe as text;")
    (folder / "9001.probes.rollback.sql").write_text("drop domain api.probe;")
    assert schema.migrate(database, folder=folder) == ["9001.probes"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "create function api.probe_read(_probe api.probe) returns json "
            "language sql stable as $$ select '{}'::json $$"
        )
    said: list[str] = []
    assert schema.rollback(database, 1, said.append, folder=folder) == ["9001.probes"]
    assert "dropping the routines that stand on it: run apply afterwards" in said
    assert schema.apply(database).routes > 0


def fingerprints(dsn: str) -> list[str]:
    """What the database remembers of its shape after each step."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select fingerprint from public.applied_steps order by step")
        return [row[0] for row in rows]
