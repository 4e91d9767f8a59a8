"""What embedded servers survive, and whom they leave alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from service.embedded import Servers, housing, processes
from tests.support.embedded import ROOT, STARTS_AND_WAITS, child_of, keep, value
from tests.support.up import wait_gone


def test_servers_end_when_their_starter_is_killed(
    start: Callable[..., Servers], home: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(home)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.kill()
    gone_s = wait_gone(home)
    print(f"\nservers gone {gone_s:.2f} s after kill -9 of their starter")
    assert value(start(), "select 1") == 1


def test_a_server_that_outlived_its_starter_is_stopped_first(
    start: Callable[..., Servers], home: Path
) -> None:
    servers = start()
    guest, account = servers.postgres, servers.postgres.account
    keep(servers, 42)
    servers.stop()
    orphan = subprocess.Popen(
        [str(word) for word in guest.command],
        cwd=guest.folder,
        stderr=subprocess.DEVNULL,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    pid_file = guest.folder / "postmaster.pid"
    while not (pid_file.exists() and "ready" in pid_file.read_text()):
        time.sleep(0.02)
    lines: list[str] = []
    again = start(progress=lines.append)
    assert orphan.wait(10) == 0
    assert "PostgreSQL 18: stopped what an earlier run left behind" in lines
    assert value(again, "select number from kept") == 42


def test_a_stranger_with_the_old_process_id_is_left_alone(
    start: Callable[..., Servers], home: Path
) -> None:
    servers = start()
    folder, account = servers.postgres.folder, servers.postgres.account
    os.kill(child_of(servers), signal.SIGKILL)
    servers.stop()
    pid_file = folder / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        rest = pid_file.read_text().split("\n", 1)[1]
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        assert value(start(), "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_data_folder_half_made_is_made_again(start: Callable[..., Servers], home: Path) -> None:
    folder = housing.settle(home).folder
    (folder / "pg18.new").mkdir()
    (folder / "pg18.new" / "PG_VERSION").write_text("18\n")
    assert value(start(), "select 1") == 1
    assert not (folder / "pg18.new").exists()


def test_who_died_is_started_again(start: Callable[..., Servers]) -> None:
    servers = start()
    assert servers.revive() == []
    keep(servers, 42)
    os.kill(child_of(servers), signal.SIGKILL)
    while servers.postgres.is_running():
        time.sleep(0.01)
    assert servers.revive() == ["PostgreSQL 18"]
    assert value(servers, "select number from kept") == 42


def test_only_our_program_in_our_folder_is_ours(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    try:
        while not processes.running_in(tmp_path, "sleep"):
            time.sleep(0.01)
        assert processes.running_in(tmp_path, "postgres") == {}
        assert processes.running_in(tmp_path.parent, "sleep") == {}
        assert not processes.stop_left_over(tmp_path, "postgres", ((signal.SIGTERM, 1.0),))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
