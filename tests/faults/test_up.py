"""`make up` under kill -9, SIGTERM and SIGINT: nothing stays, nothing acknowledged is lost."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from service.embedded import housing
from tests.support.asking import Client
from tests.support.server import free_port
from tests.support.up import Up, end, make_up, running_from, wait_gone

pytestmark = pytest.mark.slow

WRITE_S = 1.0  # how long accounts are opened before something is killed
GENEROUS_S = 15.0  # for a second start on a busy machine; alone it takes about one second
ACCOUNTS = "/api/v2/users/me/accounts"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of our own, gone afterwards, also where the servers had to move out of it."""
    place = tmp_path / "home"
    yield place
    wait_gone(place)
    housing.leave(place)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Up]]:
    """Starts runs in that home and ends those that a failed test left."""
    runs: list[Up] = []

    def begin(*words: str, **settings: str) -> Up:
        run = make_up(home, free_port(), *words, wait=False, **settings)
        runs.append(run)
        return run.wait_ready()

    yield begin
    for run in runs:
        end(run)


class Writer:
    """Opens one account after the other and remembers those that were acknowledged."""

    def __init__(self, run: Up) -> None:
        self._run = run
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.acknowledged: list[str] = []
        self.sent: list[str] = []

    def __enter__(self) -> "Writer":
        self._thread.start()
        time.sleep(WRITE_S)
        return self

    def __exit__(self, *raised: object) -> None:
        self._stops.set()
        self._thread.join()

    def _write(self) -> None:
        # Not a Client: that one asks again when a connection breaks.
        headers = {"Content-Type": "application/json"} | bearer(self._run)
        with closing(HTTPConnection("127.0.0.1", self._run.port, timeout=10)) as connection:
            while not self._stops.is_set():
                name = f"written {len(self.sent)}"
                self.sent.append(name)
                try:
                    connection.request("POST", ACCOUNTS, json.dumps({"name": name}), headers)
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, HTTPException):
                    connection.close()  # whether it was recorded is unknown, and may be either
                    continue
                if answer.status == 201:
                    self.acknowledged.append(name)
                time.sleep(0.01)


def bearer(run: Up) -> dict[str, str]:
    return {"Authorization": f"Bearer {run.note['token']}"}


def asking(run: Up) -> Client:
    return Client(str(run.note["url"]), str(run.note["token"]))


def names(run: Up) -> list[str]:
    """Every account of the demo user that a Writer made."""
    found: list[str] = []
    cursor = ""
    with asking(run) as client:
        while True:
            page = client.ask("GET", f"{ACCOUNTS}?limit=200{cursor}").data
            found += [item["name"] for item in page["items"]]
            if page["next_cursor"] is None:
                return [name for name in found if name.startswith("written ")]
            cursor = f"&cursor={page['next_cursor']}"


def answers(run: Up) -> bool:
    """Whether the database is asked and answers, on a connection of its own."""
    try:
        with asking(run) as client:
            return client.ask("GET", ACCOUNTS).status == 200
    except (OSError, HTTPException):
        return False


def nothing_is_lost(writer: Writer, run: Up) -> None:
    """What was acknowledged is there once; nothing is there that was not sent."""
    there = names(run)
    assert len(writer.acknowledged) > 10
    assert set(writer.acknowledged) <= set(there) <= set(writer.sent)
    assert len(there) == len(set(there))


@pytest.mark.parametrize(
    ("whom", "signum"),
    [
        ("up", signal.SIGKILL),
        ("make", signal.SIGKILL),
        ("up", signal.SIGTERM),
        ("up", signal.SIGINT),
        ("make", signal.SIGTERM),
        ("terminal", signal.SIGINT),
    ],
)
def test_an_end_leaves_nothing_behind_and_loses_nothing(
    start: Callable[..., Up], home: Path, whom: str, signum: signal.Signals
) -> None:
    first = start("WORKERS=2")
    with Writer(first) as writer:
        if whom == "terminal":
            os.killpg(first.process.pid, signum)
        else:
            os.kill(first.pid if whom == "up" else first.process.pid, signum)
        gone_s = wait_gone(home)
    second = start()
    print(
        f"\n{signum.name} of {whom}: gone after {gone_s:.2f} s, next start {second.took_s:.2f} s, "
        f"{len(writer.acknowledged)} acknowledged"
    )
    assert second.took_s < GENEROUS_S
    nothing_is_lost(writer, second)


@pytest.mark.parametrize("whom", ["postgres", "redis", "service"])
def test_who_is_killed_comes_back_while_it_runs(
    start: Callable[..., Up], home: Path, whom: str
) -> None:
    run = start()
    words = {"postgres": "bin/postgres -D", "redis": "redis-server", "service": "service worker"}

    def running() -> set[int]:
        return {pid for pid, line in running_from(home).items() if words[whom] in line}

    with Writer(run) as writer:
        [victim] = running()
        os.kill(victim, signal.SIGKILL)
        killed = time.monotonic()
        while not (running() - {victim} and answers(run)):
            assert time.monotonic() - killed < GENEROUS_S
            time.sleep(0.05)
        back_s = time.monotonic() - killed
    print(f"\nkill -9 of {whom}: answers again after {back_s:.2f} s")
    nothing_is_lost(writer, run)


def test_a_second_start_keeps_the_data_and_is_quick(start: Callable[..., Up], home: Path) -> None:
    first = start()
    with Writer(first) as writer:
        pass
    end(first)
    wait_gone(home)
    assert not (home / "up.json").exists()
    second = start()
    print(f"\nfirst start {first.took_s:.2f} s, second start {second.took_s:.2f} s")
    assert second.took_s < GENEROUS_S
    nothing_is_lost(writer, second)


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
    assert "pending" not in done.stdout
    assert run.process.poll() is None
