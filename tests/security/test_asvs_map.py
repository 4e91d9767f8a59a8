"""docs/asvs.md is true: all requirements once, and every test and anchor that it names exists."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.sources import ROOT

PAGE = ROOT / "docs" / "asvs.md"
# OWASP ASVS 5.0.0: chapter.section -> numbers of its requirements with level 1.
LEVEL_1 = {
    "1.2": "1 2 3 4 5", "1.3": "1 2", "1.5": "1",
    "2.1": "1", "2.2": "1 2", "2.3": "1",
    "3.2": "1 2", "3.3": "1", "3.4": "1 2", "3.5": "1 2 3",
    "4.1": "1", "4.4": "1",
    "5.2": "1 2", "5.3": "1 2",
    "6.1": "1", "6.2": "1 2 3 4 5 6 7 8", "6.3": "1 2", "6.4": "1 2",
    "7.2": "1 2 3 4", "7.4": "1 2",
    "8.1": "1", "8.2": "1 2", "8.3": "1",
    "9.1": "1 2 3", "9.2": "1",
    "10.4": "1 2 3 4 5",
    "11.3": "1 2", "11.4": "1",
    "12.1": "1", "12.2": "1 2",
    "13.4": "1",
    "14.2": "1", "14.3": "1",
    "15.1": "1", "15.2": "1", "15.3": "1",
}  # fmt: skip
NUMBERS = [f"V{section}.{one}" for section, ones in LEVEL_1.items() for one in ones.split()]
ROW = re.compile(r"^\| (V[\d.]+) \| (.+?) \| (\w+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/.]+)(?:::(\w+))?`")
LINK = re.compile(r"\]\(([\w./-]+\.md)(?:#([\w-]+))?\)")
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def functions(path: Path) -> set[str]:
    """The tests of a file of Python."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def anchors(path: Path) -> set[str]:
    """What a link into a document can point at."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_all_seventy_are_there_once_and_in_order() -> None:
    assert len(NUMBERS) == 70
    assert [number for number, *_ in ROWS] == NUMBERS


@pytest.mark.parametrize(("number", "words", "state", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_exists(number: str, words: str, state: str, where: str) -> None:
    named, linked = NAMED.findall(where), LINK.findall(where)
    for path, function in named:
        assert (ROOT / path).is_file(), path
        assert not function or function in functions(ROOT / path), f"{path}::{function}"
        assert function or path.endswith(".sql") or functions(ROOT / path), path
    for path, anchor in linked:
        assert (PAGE.parent / path).is_file(), path
        assert not anchor or anchor in anchors(PAGE.parent / path), f"{path}#{anchor}"
    assert state in ("holds", "document", "differs", "none")
    assert named or state not in ("holds", "differs"), "nothing shows it"
    assert linked or state != "document", "no document is named"
    assert not (named or linked) or state != "none"
    assert len(words) < 80, "our own words are few"


def test_the_sum_at_the_end_is_right() -> None:
    absent = sum(state == "none" for _, _, state, _ in ROWS)
    text = PAGE.read_text(encoding="utf-8")
    assert f"Of the 70, {absent} speak of what is not here; the other {70 - absent} have" in text


def test_the_threat_model_names_what_exists() -> None:
    path = ROOT / "docs" / "threat-model.md"
    text = path.read_text(encoding="utf-8")
    for target, anchor in LINK.findall(text):
        assert not anchor or anchor in anchors(path.parent / target)
    assert {"boundaries", "who-may-do-what", "guessing", "libraries"} <= anchors(path)
