"""What the runner refuses, and in which words: history is append only, db/ holds steps alone."""

import shutil
from pathlib import Path

import psycopg
import pytest

from service import schema
from service.schema import SchemaError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small steps of our own behind the real first one."""
    folder = tmp_path / "db"
    folder.mkdir()
    for path in schema.DB.glob("0001.*"):
        shutil.copy(path, folder)
    add(folder, "0002.tides", "create table data.tides (id bigint primary key);")
    add(folder, "0003.waves", "create table data.waves (id bigint primary key);")
    return folder


def add(folder: Path, name: str, text: str, rollback: str = "") -> None:
    """Writes a step and its way back."""
    (folder / f"{name}.sql").write_text(text)
    back = rollback or f"drop table data.{name.partition('.')[2]};"
    (folder / f"{name}.rollback.sql").write_text(back)


def states(dsn: str, folder: Path) -> dict[str, str]:
    """Step to state."""
    return {row.step: row.state for row in schema.status(dsn, folder=folder)}


def test_steps_run_in_order_and_are_told(empty_database: str, folder: Path) -> None:
    said: list[str] = []
    assert schema.migrate(empty_database, said.append, folder=folder) == [
        "0001.roles_and_schemas",
        "0002.tides",
        "0003.waves",
    ]
    assert said == [
        "migrate 1/3 0001.roles_and_schemas",
        "migrate 2/3 0002.tides",
        "migrate 3/3 0003.waves",
    ]


def test_tables_belong_to_owner_and_bookkeeping_to_nobody_else(
    empty_database: str, folder: Path
) -> None:
    schema.migrate(empty_database, folder=folder)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute(
            "select tableowner from pg_tables where schemaname = 'data' group by 1"
        ).fetchall() == [("owner",)]
        assert connection.execute(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace "
            "and (has_table_privilege('service', oid, 'select') "
            "     or has_table_privilege('owner', oid, 'select')) and relkind = 'r'"
        ).fetchone() == (0,)


def test_an_edited_step_is_refused_by_name(empty_database: str, folder: Path) -> None:
    schema.migrate(empty_database, folder=folder)
    add(folder, "0002.tides", "create table data.tides (id bigint primary key, height real);")
    assert states(empty_database, folder)["0002.tides"] == "changed"
    with pytest.raises(SchemaError, match=r"0002\.tides\.sql was edited after it was applied on "):
        schema.migrate(empty_database, folder=folder)


def test_an_edited_step_can_be_taken_back_and_applied_anew(
    empty_database: str, folder: Path
) -> None:
    schema.migrate(empty_database, folder=folder)
    add(folder, "0003.waves", "create table data.waves (id bigint primary key, length real);")
    schema.rollback(empty_database, 1, folder=folder)
    assert schema.migrate(empty_database, folder=folder) == ["0003.waves"]


def test_line_ends_are_no_edit(empty_database: str, folder: Path) -> None:
    schema.migrate(empty_database, folder=folder)
    path = folder / "0001.roles_and_schemas.sql"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert schema.migrate(empty_database, folder=folder) == []


def test_a_missing_step_is_refused_by_name(empty_database: str, folder: Path) -> None:
    schema.migrate(empty_database, folder=folder)
    for path in folder.glob("0003.*"):
        path.unlink()
    assert states(empty_database, folder)["0003.waves"] == "missing"
    with pytest.raises(SchemaError, match=r"0003\.waves\.sql was applied on .* but is not there"):
        schema.migrate(empty_database, folder=folder)
    with pytest.raises(SchemaError, match=r"0003\.waves\.sql was applied on .* but is not there"):
        schema.rollback(empty_database, 1, folder=folder)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("0004.evil.py", "is not a step"),
        ("post-apply.sql", "is not a step"),
        ("0004.Shout.sql", "is not a step"),
        ("notes.txt", "is not a step"),
        ("0004.alone.sql", "has no 0004.alone.rollback.sql beside it"),
        ("0004.alone.rollback.sql", "has no 0004.alone.sql beside it"),
    ],
)
def test_what_is_not_a_step_is_refused(
    empty_database: str, folder: Path, name: str, words: str
) -> None:
    (folder / name).write_text("raise SystemExit('executed')")
    with pytest.raises(SchemaError, match=words):
        schema.migrate(empty_database, folder=folder)


def test_two_steps_of_one_number_are_refused(empty_database: str, folder: Path) -> None:
    add(folder, "0003.winds", "create table data.winds (id bigint primary key);")
    with pytest.raises(SchemaError, match=r"0003\.winds\.sql and 0003\.waves\.sql share a number"):
        schema.migrate(empty_database, folder=folder)


def test_a_failing_step_leaves_the_ones_before_it(empty_database: str, folder: Path) -> None:
    add(folder, "0003.waves", "create table data.waves (id bigint); select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        schema.migrate(empty_database, folder=folder)
    assert states(empty_database, folder) == {
        "0001.roles_and_schemas": "applied",
        "0002.tides": "applied",
        "0003.waves": "pending",
    }
    add(folder, "0003.waves", "create table data.waves (id bigint primary key);")
    assert schema.migrate(empty_database, folder=folder) == ["0003.waves"]


def test_dollar_quotes_and_procedures_survive_the_reader(empty_database: str, folder: Path) -> None:
    add(
        folder,
        "0004.winds",
        "-- A comment; with a semicolon.\n"
        "create table data.winds (id bigint, note text default 'a;b');\n"
        "do $outer$ begin execute $$insert into data.winds values (1); $$; end; $outer$;\n"
        "insert into data.winds (id) values (100 % 7);\n",
    )
    schema.migrate(empty_database, folder=folder)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select * from data.winds order by id").fetchall() == [
            (1, "a;b"),
            (2, "a;b"),
        ]


def test_a_step_outside_transactions_can_be_run_again(empty_database: str, folder: Path) -> None:
    """A failed concurrent build leaves an invalid index: the step drops it and starts again."""
    add(
        folder,
        "0004.winds",
        "-- transactional: false\n"
        "set lock_timeout = '3s';\n"
        "create table if not exists data.winds (id bigint, name text);\n"
        "insert into data.winds select 1, 'same' from generate_series(1, 2) "
        "where not exists (select from data.winds);\n"
        "drop index concurrently if exists data.winds_name;\n"
        "create unique index concurrently winds_name on data.winds (name);\n",
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        schema.migrate(empty_database, folder=folder)
    assert states(empty_database, folder)["0004.winds"] == "pending"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("create table if not exists data.winds (id bigint, name text)")
        connection.execute("truncate data.winds")
        connection.execute("insert into data.winds values (1, 'one'), (2, 'two')")
        connection.execute("alter table data.winds owner to owner")
        assert schema.migrate(empty_database, folder=folder) == ["0004.winds"]
        assert connection.execute(
            "select indisvalid from pg_index where indexrelid = 'data.winds_name'::regclass"
        ).fetchone() == (True,)
