"""The checkout as text: SQL without what is quoted or commented, modules as syntax trees."""

import ast
import functools
import re
from pathlib import Path

from service.schema.lines import TOKEN

ROOT = Path(__file__).resolve().parents[2]
SQL = sorted((ROOT / "sql").rglob("*.sql"))
STEPS = sorted(path for path in (ROOT / "db").glob("*.sql") if "rollback" not in path.name)
SERVICE = ROOT / "service"
MODULES = sorted((ROOT / "service").rglob("*.py"))

ROUTINE = re.compile(
    r"^create or replace (?P<kind>function|procedure|aggregate) (?P<schema>\w+)\.(?P<name>\w+)",
    re.M,
)


def name_of(path: Path) -> str:
    """The path as a reader writes it."""
    return str(path.relative_to(ROOT))


def bare(text: str) -> str:
    """SQL with comments and strings blanked, line by line as it was; bodies in dollars stay."""

    def blank(token: re.Match[str]) -> str:
        word = token[0]
        if word.startswith(("--", "/*", "'")):
            return re.sub(r"[^\n]", " ", word)
        if word.startswith("$"):
            fence = word[: word.index("$", 1) + 1]
            return f"{fence}{bare(word[len(fence) : -len(fence)])}{fence}"
        return word

    return TOKEN.sub(blank, text)


def comment_above(lines: list[str], number: int) -> str:
    """The comment that ends right above a line (from 0), or above a drop that stands between."""
    above = number - 1
    while above >= 0 and lines[above].startswith(("drop function", "drop procedure", "    ")):
        above -= 1
    block: list[str] = []
    while above >= 0 and lines[above].startswith("--"):
        block.insert(0, lines[above])
        above -= 1
    return "\n".join(block)


def imports_of(path: Path) -> set[str]:
    """Modules of service that a module imports, inside its functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "service":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith("service."):
                room = node.module.removeprefix("service.")
                inner = {f"{room}.{alias.name}" for alias in node.names}
                known = {one for one in inner if (SERVICE / f"{one.replace('.', '/')}.py").exists()}
                found |= known if known == inner else known | {room}
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("service.")
                for alias in node.names
                if alias.name.startswith("service.")
            }
    return found


def module_name(path: Path) -> str:
    """A module by its name inside service: `lane`, `lane.wire`, `formats.berka`."""
    parts = path.relative_to(ROOT / "service").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@functools.cache
def imports() -> dict[str, set[str]]:
    """Who imports whom in service."""
    return {module_name(path): imports_of(path) for path in MODULES if module_name(path)}
