"""The vocabulary itself: what fails is named by line, and nothing passes by not being counted."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support import tap

WRONG = """select plan(14);
select ok(null, 'a question without an answer is not ok');
select is(1 + 1, 3, 'sums');
select isnt(1, 1, 'differences');
select is(null::text, 'x', 'nothing is not something');
select matches('tide', '^line', 'patterns');
select cmp_ok(1, '>', 2, 'comparisons');
select results_eq('select 1 union all select 2', 'values (2), (1)', 'order counts');
select is_empty('select 7', 'emptiness');
select throws_ok('select 1', '22012', null, 'calm');
select throws_ok('select 1/0', '22012', 'another message', 'words');
select lives_ok('select 1/0', 'life');
select fail('always');
-- a comment; with a semicolon
select is(
    'a;b'::text, 'a', $$a ; in dollars$$
);
select * from finish();
"""
RIGHT = """select plan(12);
select ok(true);
select is(1 + 1, 2, 'sums');
select is(null::text, null, 'nothing is nothing');
select isnt(1, null, 'something is not nothing');
select matches('tide', '^ti', 'patterns');
select cmp_ok(1, '<', 2, 'comparisons');
select results_eq('select 1 union all select 2', 'values (1), (2)', 'rows');
select is_empty('select 7 where false', 'emptiness');
select throws_ok('select 1/0', '22012', 'division by zero', 'words');
select throws_ok('select 1/0');
select lives_ok('select 1', 'life');
select pass('always');
select * from finish();
"""


def failures_of(connection: psycopg.Connection[Any], tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "topic.sql"
    path.write_text(text)
    return [words.removeprefix(f"{path}:") for words in tap.run(connection, path)]


def test_what_holds_passes(tap_connection: psycopg.Connection[Any], tmp_path: Path) -> None:
    assert failures_of(tap_connection, tmp_path, RIGHT) == []


def test_each_word_fails_on_its_line(
    tap_connection: psycopg.Connection[Any], tmp_path: Path
) -> None:
    found = failures_of(tap_connection, tmp_path, WRONG)
    assert [int(words.partition(":")[0]) for words in found] == [*range(2, 14), 15, 18]
    assert found[1] == "3: not ok 2 - sums\n#         have: 2\n#         want: 3"
    assert found[-1].endswith("# Looks like you planned 14 tests but ran 13")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "select plan(1);\nselect nothing();\nselect * from finish();",
            "2: 42883 function nothing",
        ),
        ("select plan(1);\n\nselect 1/0;\nselect * from finish();", "3: 22012 division by zero"),
        ("select plan(1);\nselect pass('never counted');", " it never calls finish()"),
    ],
)
def test_a_broken_file_is_a_failure(
    tap_connection: psycopg.Connection[Any], tmp_path: Path, text: str, words: str
) -> None:
    (found,) = failures_of(tap_connection, tmp_path, text)
    assert found.startswith(words)


def test_what_a_file_begins_with_runs_before_it(
    tap_connection: psycopg.Connection[Any], tmp_path: Path
) -> None:
    (tmp_path / "_seven.sql").write_text("create function pg_temp.seven() returns int return 7;")
    right = "select plan(1);\n\\ir _seven.sql\nselect is(pg_temp.seven(), 7);\n"
    assert failures_of(tap_connection, tmp_path, right + "select * from finish();\n") == []


def test_what_breaks_in_a_beginning_is_named_there_and_lines_keep_their_numbers(
    tap_connection: psycopg.Connection[Any], tmp_path: Path
) -> None:
    (tmp_path / "_cut.sql").write_text("select 1;\nselect 1/0;")
    (found, *_) = failures_of(tap_connection, tmp_path, "select 1;\n\\ir _cut.sql\n")
    assert found.startswith(f"{tmp_path}/_cut.sql:2: 22012")
    tap_connection.rollback()
    tap_connection.execute("set local search_path = tap")
    (tmp_path / "_cut.sql").write_text("select 1;")
    (found, *_) = failures_of(
        tap_connection, tmp_path, "select plan(1);\n\\ir _cut.sql\nselect 1/0;"
    )
    assert found.startswith("3: 22012")
