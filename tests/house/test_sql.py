"""sql/ as the house rules want it: from any name to its file, one style, every file tested."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.schema import routines
from tests.support.sources import ROOT, ROUTINE, SQL, bare, comment_above, name_of

TEXTS = {name_of(path): path.read_text(encoding="utf-8") for path in SQL}
MIRROR = ROOT / "tests" / "sql"

# Topics that estimate: weights, spreads and chances are no money (decision 121).
ESTIMATES = {
    f"sql/core/{topic}.sql"
    for topic in (
        "band bucket chance curve expectation feature fitting given refit sample scope solve state"
    ).split()
}

# What breaking a rule of style looks like in SQL without comments and strings.
FORBIDDEN = {
    "keywords are lower case": r"\b(SELECT|FROM|WHERE|JOIN|INSERT|UPDATE|DELETE|WITH|AND|OR|AS)\b",
    "a join says its type": r"(?<!\w)(?!inner\b|left\b|right\b|full\b|cross\b)\S+\s+join\b",
    "a join says its columns": r"\bnatural\s+join\b|\bjoin\s+[\w.]+(\s+as\s+\w+)?\s+using\b",
    "a table says its schema": r"\b(from|join|into)\s+(users|transactions|recurring_items)\b",
    "tables are made in db/": r"\bcreate\s+(unlogged\s+)?table\b",
    "views are made in db/": r"\bcreate\s+(or\s+replace\s+)?(materialized\s+)?view\b",
    "routines are replaced": r"\bcreate\s+(function|procedure)\b",
    "schemas are never dropped": r"\bdrop\s+schema\b",
    "money is no float": r"\b(float8|float4|double\s+precision|real)\b",
    "all columns come from a CTE": (
        r"select\s+\*\s+(into\s+\w+\s+)?from\s+((data|mart|api)\.|rows\b)"
    ),
}


def routines_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Line (from 0), schema and name of each routine that a file makes."""
    for match in ROUTINE.finditer(text):
        yield text.count("\n", 0, match.start()), match["schema"], match["name"]


def test_a_name_leads_to_its_file() -> None:
    """`core.streak_days` is in sql/core/streak.sql: schema is folder, first word is file."""
    lost = [
        f"{schema}.{name} in {file}"
        for file, text in TEXTS.items()
        for _, schema, name in routines_in(text)
        if file != f"sql/{schema}/{name.split('_')[0]}.sql"
    ]
    assert lost == []


def test_a_topic_is_one_word() -> None:
    assert [path.name for path in SQL if not re.fullmatch(r"[a-z]+", path.stem)] == []


def test_a_file_has_a_test_of_its_name() -> None:
    untested = [
        file
        for file, text in TEXTS.items()
        if ROUTINE.search(text) and not (ROOT / "tests" / file).is_file()
    ]
    assert untested == []


def test_a_test_has_a_file_of_its_name() -> None:
    tests = [name_of(path).removeprefix("tests/") for path in MIRROR.glob("*/[!_]*.sql")]
    assert [file for file in tests if file not in TEXTS] == []


def test_a_file_is_short() -> None:
    lengths = {file: len(text.splitlines()) for file, text in TEXTS.items()}
    assert {file: count for file, count in lengths.items() if count > 200} == {}


@pytest.mark.parametrize(
    "path", [*SQL, *sorted(MIRROR.rglob("*.sql"))], ids=lambda path: name_of(Path(path))
)
def test_lines_are_short_and_end_where_they_end(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if len(line) > 100 or "\t" in line]
    wrong += [number for number, line in enumerate(lines, 1) if line != line.rstrip()]
    assert wrong == []


def test_a_file_opens_with_the_question_it_answers() -> None:
    assert [file for file, text in TEXTS.items() if not re.match(r"-- (?!sql/)\S", text)] == []


def test_a_routine_says_what_comes_back() -> None:
    """In a comment right above it; what is routed may leave it to its summary."""
    silent = []
    for file, text in TEXTS.items():
        lines = text.splitlines()
        for number, schema, name in routines_in(text):
            is_routed = re.search(rf"'{schema}\.{name}',\s*summary =>", text)
            if not is_routed and not comment_above(lines, number):
                silent.append(f"{file}:{number + 1}: {schema}.{name}")
    assert silent == []


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_style(rule: str) -> None:
    found = [
        f"{file}:{text.count(chr(10), 0, match.end()) + 1}: {' '.join(match[0].split())}"
        for file, text in ((file, bare(text)) for file, text in TEXTS.items())
        for match in re.finditer(FORBIDDEN[rule], text)
        if rule != "money is no float" or file not in ESTIMATES
    ]
    assert found == []


@pytest.mark.parametrize(
    ("schema", "forbidden"),
    [("core", r"\bapi\.\w+"), ("api", r"(?<!delete )\b(from|join)\s+(data|mart)\.\w+")],
)
def test_the_arrow_points_one_way(schema: str, forbidden: str) -> None:
    """core knows nothing of api; api asks core for what it reads, and touches data to write."""
    found = [
        f"{file}:{text.count(chr(10), 0, match.start()) + 1}: {' '.join(match[0].split())}"
        for file, text in ((file, bare(text)) for file, text in TEXTS.items())
        if file.startswith(f"sql/{schema}/")
        for match in re.finditer(forbidden, text)
    ]
    assert found == []


def test_a_refused_value_names_its_field() -> None:
    nameless = [
        f"{file}: {raised}"
        for file, text in TEXTS.items()
        for raised in re.findall(r"raise exception[^;]*?'PT422'[^;]*;", text)
        if not re.search(r"\bcolumn = ", raised)
    ]
    assert nameless == []


def test_a_loop_over_rows_has_a_reason() -> None:
    bald = []
    for file, text in TEXTS.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if re.match(r"\s+for \w+ in\s*(select|execute|$)", line):
                above = lines[max(0, number - 3) : number]
                if not any(one.lstrip().startswith("--") for one in above):
                    bald.append(f"{file}:{number + 1}: {line.strip()}")
    assert bald == []


def test_locals_begin_with_v() -> None:
    wrong = [
        f"{file}: {name}"
        for file, text in TEXTS.items()
        for declared in re.findall(r"\bdeclare\b(.*?)\bbegin\b", bare(text), re.DOTALL)
        for name in re.findall(r"^\s{4}(\w+)\s", declared, re.MULTILINE)
        if not name.startswith("v_")
    ]
    assert wrong == []


def test_the_manifest_lists_every_file_once() -> None:
    assert sorted(routines.files_of(ROOT / "sql")) == SQL


def test_a_route_and_a_routine_are_declared_once() -> None:
    whole = "\n".join(TEXTS.values())
    routes = re.findall(r"^call api\.route\(\s*'([^']+)',\s*'([^']+)'", whole, re.MULTILINE)
    assert len(routes) == len(re.findall(r"^call api\.route", whole, re.MULTILINE))
    names = [f"{schema}.{name}" for _, schema, name in routines_in(whole)]
    addresses, functions = zip(*routes, strict=True)
    for declared in (names, addresses, functions):
        assert [name for name, count in Counter(declared).items() if count > 1] == []
