"""Nothing in the tree is a secret or a known weakness: two scanners, and rules of our own.

Known vulnerabilities of the libraries need the internet: `pip-audit -r requirements.lock`, where
there is access (docs/dependencies.md). TIDELINE_AUDIT=1 runs it here.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sources import MODULES, ROOT, SERVICE, name_of

BASELINE = ROOT / ".secrets.baseline"
BIN = Path(sys.executable).parent
# What looks like a secret and is none; whatever is generated or binary has none of ours.
UNREAD = re.compile(r"(^|/)(requirements\.lock|results/|.*\.(png|svg|ico|woff2))")
WEB = sorted(path for path in (SERVICE / "web").rglob("*") if path.suffix in (".js", ".html"))

# Rule, where it is broken with good reason, and the reason.
EXCUSED = {
    ("chance_is_for_secrets", "service/courier.py"): "spreads retries, hides nothing",
    ("chance_is_for_secrets", "service/schema/__init__.py"): "spreads retries, hides nothing",
    ("chance_is_for_secrets", "service/lane/__init__.py"): "spreads retries, hides nothing",
    ("chance_is_for_secrets", "service/jobs/__init__.py"): "spreads retries, hides nothing",
    ("chance_is_for_secrets", "service/jobs/runner.py"): "spreads retries, hides nothing",
    ("old_hash", "service/limits/limiter.py"): "the name that Redis gives a script",
    ("guess_by_time", "service/gateways/captcha.py"): "a word that the documents tell",
    ("glued_statement", "service/schema/routines.py"): "names that the catalogue has quoted",
}


def called(node: ast.AST) -> str:
    """The dotted name of what a call calls, else nothing."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def is_glued(node: ast.AST) -> bool:
    """Whether a text is put together where it stands."""
    if isinstance(node, ast.Call):
        function = node.func
        return isinstance(function, ast.Attribute) and (
            (function.attr in ("encode", "join") and is_glued(function.value))
            or (function.attr == "format" and isinstance(function.value, ast.Constant))
        )  # fmt: skip
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
    )


RULES: dict[str, tuple[Callable[[ast.AST], bool], str]] = {
    "text_that_runs": (
        lambda node: called(node) in ("eval", "exec", "compile", "__import__"),
        "eval(text)",
    ),
    "data_that_runs": (
        lambda node: any(
            one.split(".")[0] in ("pickle", "marshal", "shelve", "dill", "yaml")
            for one in imported(node)
        ),
        "import pickle",
    ),
    "parser_that_fetches": (
        # expat alone calls back and fetches nothing.
        lambda node: any(
            one.split(".")[0] in ("xml", "lxml") and one != "xml.parsers" for one in imported(node)
        ),
        "from xml.etree import ElementTree",
    ),
    "shell": (
        lambda node: called(node) in ("os.system", "os.popen", "subprocess.getoutput")
        or (isinstance(node, ast.keyword)
        and node.arg == "shell"),
        "subprocess.run(words, shell=True)",
    ),
    "chance_is_for_secrets": (
        lambda node: "random" in imported(node),
        "import random",
    ),
    "old_hash": (
        lambda node: (isinstance(node, ast.ImportFrom)
        and node.module == "hashlib"
        and any(alias.name in ("md5", "sha1") for alias in node.names))
        or called(node) in ("hashlib.md5", "hashlib.sha1", "hashlib.new"),
        "hashlib.md5(text)",
    ),
    "unproved_peer": (
        lambda node: called(node).endswith(("_create_unverified_context", "_unverified"))
        or (isinstance(node, ast.keyword)
        and node.arg in ("verify", "validate_certs", "check_hostname", "ssl")
        and isinstance(node.value, ast.Constant)
        and node.value.value is False),
        "client.send(validate_certs=False)",
    ),
    "glued_statement": (
        lambda node: called(node).rpartition(".")[2] in ("execute", "executemany", "copy")
        and isinstance(node, ast.Call)
        and any(is_glued(part) for part in node.args[:1]),
        'connection.execute(f"select {name}")',
    ),
    "unlocked_file": (
        lambda node: called(node) in ("tempfile.mktemp", "os.tempnam")
        or (called(node).endswith("chmod")
        and isinstance(node, ast.Call)
        and any(isinstance(part, ast.Constant) and part.value == 0o777 for part in node.args)),
        "path.chmod(0o777)",
    ),
    "guess_by_time": (
        lambda node: isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and any(
            re.search(r"(token|digest|signature|mac|secret|password)\w*$", ast.unparse(part))
            for part in (node.left, node.comparators[0])
        )
        and not any(
            isinstance(part, ast.Constant) for part in (node.left, node.comparators[0])
        ),
        "if digest == expected_digest: pass",
    ),
}  # fmt: skip
# What turns text into markup or code in a browser.
MARKUP = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc)\b"
    r"|\beval\s*\(|\bnew Function\b|\bsetTimeout\s*\(\s*[\"'`]|javascript:"
    r"|<[a-z][^>]*\son[a-z]+\s*=|<script(?![^>]*\ssrc=)[^>]*>|<style|<[a-z][^>]*\sstyle\s*="
    r"|(src|href)\s*=\s*[\"']https?://"
)


def broken(name: str, path: Path, text: str) -> list[str]:
    """Places of a text where a rule is broken."""
    rule, _ = RULES[name]
    return [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}: {name}"
        for node in ast.walk(ast.parse(text))
        if rule(node)
    ]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_kept(name: str) -> None:
    found = [
        place
        for path in MODULES
        if (name, name_of(path)) not in EXCUSED
        for place in broken(name, path, path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_what_breaks_it(name: str) -> None:
    assert broken(name, SERVICE / "probe.py", RULES[name][1])


def test_an_excuse_that_is_not_needed_is_taken_off() -> None:
    needless = [
        (name, where)
        for name, where in EXCUSED
        if not (ROOT / where).exists()
        or not broken(name, ROOT / where, (ROOT / where).read_text(encoding="utf-8"))
    ]
    assert needless == []


PASSWORD_FIELD = re.compile(r"<input[^>]*\bid=\"[\w-]*password\"[^>]*>")


def test_a_password_field_is_one() -> None:
    """Masked, open to what is pasted, and known to password managers for what it is."""
    page = (SERVICE / "web" / "index.html").read_text(encoding="utf-8")
    fields = PASSWORD_FIELD.findall(page)
    assert fields
    for one in fields:
        assert 'type="password"' in one, one
        assert re.search(r'autocomplete="(current|new)-password"', one), one
        assert not re.search(r"onpaste|readonly|maxlength", one), one
    scripts = "".join(path.read_text(encoding="utf-8") for path in WEB)
    assert not re.search(r"addEventListener\(\s*[\"'](paste|copy|beforeinput)", scripts)


@pytest.mark.parametrize("path", WEB, ids=name_of)
def test_the_page_never_makes_markup_of_text(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {line}" for n, line in enumerate(lines, 1) if MARKUP.search(line)] == []


@pytest.mark.parametrize(
    "line",
    ["box.innerHTML = name", "eval(text)", "<a onclick='x()'>", "<script>x()</script>",
     '<a href="javascript:x()">', '<img src="https://cdn.example/x.png">', '<p style="x">'],
)  # fmt: skip
def test_markup_made_of_text_is_found(line: str) -> None:
    assert MARKUP.search(line)


def test_bandit_finds_nothing_of_weight() -> None:
    run = subprocess.run(
        [BIN / "bandit", "-q", "-r", "service", "-ll", "-f", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = json.loads(run.stdout)
    assert told["metrics"]["_totals"]["loc"] > 1000
    assert [
        f"{one['filename']}:{one['line_number']} {one['test_id']}" for one in told["results"]
    ] == []


def tracked() -> list[str]:
    """The files of the checkout that people wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout: nobody knows which files are part of it")
    names = [name for name in listed.stdout.split("\0") if name and not UNREAD.search(name)]
    return [name for name in names if name != BASELINE.name and (ROOT / name).is_file()]


def is_example(name: str, kind: str) -> bool:
    """Whether a password is one that people are shown: tests and documents are full of them."""
    return kind == "Secret Keyword" and name.startswith(("tests/", "docs/", "README"))


def secrets_in(folder: Path, names: list[str]) -> set[tuple[str, str, str]]:
    """File, kind and fingerprint of everything that looks like a secret."""
    run = subprocess.run(
        [BIN / "detect-secrets", "-c", "2", "scan", "--all-files", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        (name, one["type"], one["hashed_secret"])
        for name, found in json.loads(run.stdout)["results"].items()
        for one in found
        if not is_example(name, one["type"])
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_new_secret_is_in_the_tree() -> None:
    """A new one: remove it; or, when it is none, `# pragma: allowlist secret` on its line."""
    known = {
        (name, one["type"], one["hashed_secret"])
        for name, found in json.loads(BASELINE.read_text(encoding="utf-8"))["results"].items()
        for one in found
    }
    assert sorted(place[:2] for place in secrets_in(ROOT, tracked()) - known) == []


def test_a_planted_secret_is_found(tmp_path: Path) -> None:
    key = "AKIA" + "QYLPMN5HHHFPZAM2"  # in two parts: this file shall be clean
    (tmp_path / "settings.py").write_text(f'AWS_KEY = "{key}"\n')
    assert {kind for _, kind, _ in secrets_in(tmp_path, ["settings.py"])} >= {"AWS Access Key"}


@pytest.mark.skipif(
    os.environ.get("TIDELINE_AUDIT") != "1",
    reason="asks the internet for known vulnerabilities: TIDELINE_AUDIT=1 where there is access",
)
def test_no_library_has_a_known_vulnerability() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--require-hashes", "-r", "requirements.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
