"""`make up` as a user starts it, in a home of its own; and what a home still has running."""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.service import ROOT

READY_S = 60.0
GONE_S = 30.0
# What a shell would pass on; servers named here would be used instead of our own.
KEPT = ("PATH", "LANG", "PG", "PYTHONPATH")


@dataclass
class Up:
    """One run of `make up`: process is make, pid that of `tideline up` below it."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    began: float
    took_s: float = 0.0
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """Process id of `tideline up`."""
        return int(self.note["pid"])

    def wait_ready(self) -> "Up":
        """Until up.json is there; it must have been written by this run."""
        path = self.home / "up.json"
        while time.monotonic() - self.began < READY_S:
            assert self.process.poll() is None, self.output()
            try:
                self.note = json.loads(path.read_text())
                # A killed run leaves its note behind; the next one removes it first of all.
                os.kill(self.pid, 0)
            except (FileNotFoundError, ProcessLookupError):
                time.sleep(0.02)
                continue
            self.took_s = time.monotonic() - self.began
            return self
        raise AssertionError(f"not ready after {READY_S} s")

    def output(self) -> str:
        """Everything printed; waits for the end."""
        self.process.wait(GONE_S)
        return self.log.read_text()


def make_up(home: Path, port: int, *words: str, wait: bool = True, **settings: str) -> Up:
    """Runs `make up PORT=… ARGS="--home …"` as its own process group, as a terminal would."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | settings
    log = home.with_name(f"up-{port}.log")
    with open(log, "wb") as output:
        process = subprocess.Popen(
            # -o: the environment is there, this test runs in it.
            ["make", "-o", ".venv/complete", "up", f"PORT={port}", f"ARGS=--home {home}", *words],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    run = Up(home, port, process, log, time.monotonic())
    return run.wait_ready() if wait else run


def running_from(home: Path) -> dict[int, str]:
    """Process id and command line of everything that works in this home or was told of it."""
    marks = [str(home)]
    outside = home / "outside"
    if outside.exists():
        marks.append(outside.read_text().strip())
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "environ").read_bytes().decode(errors="replace")
            place = os.readlink(entry / "cwd")
        except OSError:
            continue
        # A zombie has no command line any more.
        if command and any(mark in text for mark in marks for text in (command, told, place)):
            found[int(entry.name)] = command
    return found


def wait_gone(home: Path, within_s: float = GONE_S) -> float:
    """Seconds until nothing of this home runs; fails with what still does."""
    began = time.monotonic()
    while left := running_from(home):
        assert time.monotonic() - began < within_s, f"left running: {left}"
        time.sleep(0.02)
    return time.monotonic() - began


def end(run: Up) -> None:
    """Stops a run whatever state it is in."""
    run.process.send_signal(signal.SIGTERM)
    try:
        run.process.wait(GONE_S)
    except subprocess.TimeoutExpired:
        run.process.kill()
        run.process.wait(GONE_S)
