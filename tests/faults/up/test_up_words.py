"""What `make up` says and writes down, and what others find."""

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.server import free_port
from tests.support.up import Up, make_up, running_from
from tests.support.writer import answers, asking

pytestmark = pytest.mark.slow


def test_the_note_is_ours_alone_and_leads_in(start: Callable[..., Up], home: Path) -> None:
    run = start()
    note = home / "up.json"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert set(json.loads(note.read_text())) == {"url", "token", "user_id", "pid"}
    with asking(run) as client:
        reply = client.ask("GET", "/api/v2/users/me")
    assert (reply.status, reply.data["id"]) == (200, run.note["user_id"])


def test_a_second_run_in_the_same_home_says_where_the_first_one_is(
    start: Callable[..., Up], home: Path
) -> None:
    first = start()
    second = make_up(home, free_port(), wait=False)
    output = second.output()
    assert second.process.returncode != 0
    assert f"already runs from {home} at {first.note['url']} (process {first.pid})" in output
    assert answers(first)


def test_a_taken_port_is_named_before_anything_is_started(home: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        run = make_up(home, port, wait=False)
        output = run.output()
    assert run.process.returncode != 0
    assert f"Port {port} on 127.0.0.1 cannot be used" in output
    assert "make up PORT=" in output
    assert not (home / "pg18").exists()
    assert running_from(home) == {}


def test_a_command_finds_the_servers_that_run(start: Callable[..., Up], home: Path) -> None:
    run = start()
    done = subprocess.run(
        [sys.executable, "-m", "service", "status", "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "pending" not in done.stdout.split()
    assert run.process.poll() is None
