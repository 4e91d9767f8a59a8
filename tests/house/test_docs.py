"""What the documents say is there, and what is there is in the documents."""

import dataclasses
import re
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from service.config import Config
from service.observe.metrics import Metrics
from tests.support.sources import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def targets() -> set[str]:
    """What make can be asked for."""
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def test_every_endpoint_is_in_the_handbook(transaction: psycopg.Connection[Any]) -> None:
    text = read("docs/api.md")
    served = transaction.execute("select method, path from api.routes order by path, method")
    assert [f"{method} {path}" for method, path in served if f"`{method} {path}`" not in text] == []


def test_every_setting_is_written_down() -> None:
    text = read("docs/settings.md")
    knobs = [one.metadata["knob"] for one in dataclasses.fields(Config)]
    assert [knob.env for knob in knobs if f"`{knob.env}`" not in text] == []


def test_every_code_of_a_refusal_is_written_down() -> None:
    text = read("docs/errors.md")
    codes = {"broken_file"}  # of a file, unless it says another
    for path in (ROOT / "service").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r'Problem\(\s*\d+,\s*"([a-z_]+)"', source))
        codes |= set(re.findall(r'\bcode="([a-z_]+)"', source))
    kept = {"replayed"}  # ends an upload inside: what the client sees is the first answer
    assert sorted(code for code in codes - kept if f"`{code}`" not in text) == []


def test_the_readme_counts_steps_and_routes(transaction: psycopg.Connection[Any]) -> None:
    steps = [path for path in (ROOT / "db").glob("*.sql") if ".rollback" not in path.name]
    (routes,) = transaction.execute("select count(*) from api.routes").fetchone() or (0,)
    text = read("README.md")
    told = {
        *re.findall(r"migrate 1/(\d+) ", text),
        *re.findall(r"all (\d+) steps are applied", text),
    }
    assert told == {str(len(steps))}
    assert set(re.findall(r"and (\d+) routes|routes: (\d+)", text)) == {
        (str(routes), ""),
        ("", str(routes)),
    }


def test_every_page_is_linked_from_the_readme() -> None:
    text = read("README.md")
    pages = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    assert [page for page in pages if f"(docs/{page})" not in text] == []


def test_every_metric_is_written_down() -> None:
    text = read("docs/metrics.md")
    names = [family.name for family in Metrics().registry.collect()]
    assert [name for name in names if not re.search(rf"\b{name}(_total)?\b", text)] == []


def test_every_command_of_the_readme_is_in_the_makefile() -> None:
    text = read("README.md")
    asked = set(re.findall(r"(?:^|[`$ ])make ([a-z]+)", text))
    assert asked
    assert asked <= targets()


def test_the_readme_shows_commands_of_the_command_line_that_exist() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "service", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for document in DOCUMENTS:
        for command in re.findall(
            r"^\s*\$? ?tideline ([a-z]+)", document.read_text(), re.MULTILINE
        ):
            assert re.search(rf"^\s+{command}\b", helped, re.MULTILINE), (document.name, command)


def test_the_makefile_keeps_the_promises_of_the_house() -> None:
    promised = {
        "setup",
        "up",
        "migrate",
        "apply",
        "test",
        "lint",
        "bench",
        "report",
        "routes",
        "docs",
    }
    assert promised | {"check"} <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Any) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


def test_a_decision_is_short_and_numbered() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        assert re.fullmatch(r"\d{3}-[a-z0-9-]+\.md", path.name)
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name
