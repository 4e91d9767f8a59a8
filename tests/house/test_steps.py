"""db/ as the house rules want it: one purpose a step, relations alone, safe to run again."""

import re
from pathlib import Path

import pytest

from tests.support.sources import STEPS, bare, name_of

steps = pytest.mark.parametrize("path", STEPS, ids=name_of)


@steps
def test_a_step_opens_with_its_purpose_and_what_it_follows(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"-- [A-Z].*", lines[0])
    depends = [line for line in lines if line.startswith("-- depends:")]
    assert len(depends) == 1
    names = depends[0].removeprefix("-- depends:").split()
    assert names or path.name.startswith("0001.")
    for name in names:
        assert (path.parent / f"{name}.sql").is_file(), name
        assert name < path.name, "a step follows an older one"


@steps
def test_a_step_waits_for_a_lock_three_seconds_at_most(path: Path) -> None:
    for one in (path, path.with_name(path.name.replace(".sql", ".rollback.sql"))):
        assert "set lock_timeout = '3s';" in one.read_text(encoding="utf-8"), one.name


@steps
def test_a_step_makes_relations_alone(path: Path) -> None:
    text = bare(path.read_text(encoding="utf-8"))
    assert not re.search(r"\bcreate\s+(or\s+replace\s+)?(function|procedure|trigger)\b", text)


@steps
def test_a_line_is_short(path: Path) -> None:
    """One fact a line; a JSON Schema in a comment of a type is one fact."""
    lines = path.read_text(encoding="utf-8").splitlines()
    long = [
        number
        for number, line in enumerate(lines, 1)
        if len(line) > 100 and not line.lstrip().startswith("'{")
    ]
    assert long == []


@steps
def test_a_step_outside_transactions_can_be_run_again(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    is_concurrent = "concurrently" in bare(text)
    assert ("-- transactional: false" in text) == is_concurrent
    if not is_concurrent:
        return
    for statement in bare(text).split(";"):
        words = " ".join(statement.split())
        built = re.match(r"create (?:unique )?index concurrently (?:if not exists )?(\w+)", words)
        if built:  # a failed build leaves an invalid index behind
            assert f"drop index concurrently if exists data.{built[1]}" in text, built[1]
        elif re.match(r"(create|alter|drop|insert)\b", words):
            assert re.search(r"if (not )?exists|on conflict", words), words


@steps
def test_every_number_is_used_once(path: Path) -> None:
    number = path.name.partition(".")[0]
    assert [one.name for one in STEPS if one.name.startswith(f"{number}.")] == [path.name]
