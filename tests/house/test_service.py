"""service/ as the house rules want it: small rooms, one direction of imports, no domain."""

import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.support.sources import MODULES, imports, module_name, name_of

# A request walks this way; a room imports what comes after it, never what came before.
CORRIDOR = (
    ("__main__", "commands"),
    ("up", "workers"),
    ("app",),
    ("pages", "observe.health", "auth", "limits", "cache"),
    ("upload",),
    ("dispatch",),
    ("dispatch.asking", "dispatch.intake"),
    ("stream",),
    ("lane", "pool"),
)
# Anybody may import these; they know nobody but themselves.
LEAVES = {
    "config": {"knob", "production", "postal", "tiers"},
    "production": {"knob", "postal", "tiers"},
    "postal": {"knob"},
    "tiers": {"knob"},
    "source": {"knob"},
    "errors": set(),
    "routes": {
        "routes.binding",
        "routes.files",
        "routes.proofs",
        "routes.lists",
        "routes.values",
        "errors",
    },
    "schema.fingerprint": set(),
}

# What only PostgreSQL knows about. A room that must say one of these words says why.
DOMAIN = re.compile(
    r"budget|balance|account|transaction(?!s_)|recurring|forecast|categor|salary|income|expense"
    r"|overdue|holiday|(?<!con)currency|household",
    re.IGNORECASE,
)
KNOWS = {
    "load": "names the loaders of the command line",
    "load.berka": "reads one bank's files, which are full of accounts and transactions",
    "load.holidays": "fills the table of bank holidays",
    "formats.berka": "the columns of one bank's files",
    "formats.row": "what a bank's file can say of a booking and of an account",
    "formats.known": "how the beginning of a bank's file looks",
    "formats.amounts": "an amount may name its currency",
    "formats.ofx": "the elements of OFX",
    "formats.qif": "the records of QIF",
    "formats.camt": "the elements of CAMT",
    "formats.entry": "the values of an entry of CAMT",
    "formats.mt940": "the fields of MT940",
    "formats.csv.names": "what banks call their columns",
    "formats.csv.guess": "which column holds what",
    "formats.csv.rows": "the cells of a booking",
    "up": "prints where to look first: the demonstration household and its forecast",
    "__main__": "prints the examples of the command line",
}
# The transaction of a database and the account of an operating system are other things.
OTHER_MEANINGS = {
    "transaction": {"schema", "lane", "pool", "config", "connection", "dispatch", "jobs"},
    "account": {"embedded"},
    "budget": {"tiers"},  # the name of a tier
}


def words_of(path: Path) -> list[tuple[int, str]]:
    """Names and strings of a module with their lines; docstrings and comments may explain."""
    found = []
    previous = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL):
            continue
        is_docstring = token.type == tokenize.STRING and previous in (
            tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
        )  # fmt: skip
        if token.type in (tokenize.NAME, tokenize.STRING) and not is_docstring:
            found.append((token.start[0], token.string))
        previous = token.type
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_does_not_know_the_domain(path: Path) -> None:
    module = module_name(path)
    room = module.split(".")[0]
    if module in KNOWS:
        return
    said = [
        f"{name_of(path)}:{line}: {match[0]}"
        for line, word in words_of(path)
        for match in DOMAIN.finditer(word)
        if room not in OTHER_MEANINGS.get(match[0].lower(), ())
    ]
    assert said == []


def test_whoever_knows_the_domain_still_does() -> None:
    """An excuse that is no longer needed is taken off the list."""
    by_name = {module_name(path): path for path in MODULES}
    needless = [
        module
        for module in KNOWS
        if module not in by_name
        or not any(DOMAIN.search(word) for _, word in words_of(by_name[module]))
    ]
    assert needless == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = imports()
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module in done:
            return
        for other in sorted(graph.get(module, ())):
            walk(other, (*path, module))
        done.add(module)

    for module in graph:
        walk(module, ())


def reached(module: str) -> set[str]:
    """All that a module imports, and what those import."""
    graph, found, ahead = imports(), set(), [module]
    while ahead:
        for other in graph.get(ahead.pop(), ()):
            if other not in found:
                found.add(other)
                ahead.append(other)
    return found


def test_imports_point_along_the_corridor() -> None:
    back = [
        f"{module} reaches {other}"
        for number, rooms in enumerate(CORRIDOR)
        for module in rooms
        for earlier in CORRIDOR[:number]
        for other in earlier
        if other in reached(module)
    ]
    assert back == []


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_knows_nobody(leaf: str) -> None:
    assert reached(leaf) <= LEAVES[leaf]


def test_a_module_is_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: count for name, count in lengths.items() if count > 200} == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_its_reason(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or text.startswith('"""')


def test_nothing_is_left_to_do() -> None:
    marks = [
        f"{name_of(path)}: {match[0]}"
        for path in MODULES
        for match in re.finditer(r"\b(TODO|FIXME|XXX)\b", path.read_text(encoding="utf-8"))
    ]
    assert marks == []
