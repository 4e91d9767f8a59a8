"""Several processes on one port: who listens, who answers, and what happens when one of them dies.

The parent binds the socket and every worker accepts from it. One queue for all (SO_REUSEPORT would
make one for each) means that a worker may die or drain without taking waiting connections along.
"""

import asyncio
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded import processes

ROOT = Path(__file__).resolve().parent.parent
BACKLOG = 1024  # connections that may wait while all workers are busy or being replaced
LOOK_S = 0.1  # how soon a dead worker is noticed
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 1.0  # between a worker's death and the next one's birth
SETTLED_AFTER_S = 10.0  # who lives so long did not die of starting


class CannotServe(Exception):
    """The service does not come up; the message is a sentence for the user."""


class PortTaken(CannotServe):
    """Somebody else listens there, or we may not."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that owns the address but does not listen yet. Errors: PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Two sockets may be bound to one address as long as neither listens: ask for it once.
        listening.listen(BACKLOG)
        return listening
    except OSError as reason:
        listening.close()
        raise PortTaken(
            f"Port {port} on {host} cannot be used: {os.strerror(reason.errno or 0).lower()}."
        ) from None


def chosen(environ: Mapping[str, str], port: int | None, workers: int | None) -> dict[str, str]:
    """The environment with what the command line says instead."""
    environment = dict(environ)
    if port is not None:
        environment["PORT"] = str(port)
    if workers is not None:
        environment["WORKERS"] = str(workers)
    return environment


def free_port(host: str, after: int) -> int:
    """The next port that can be used; just the next one when a hundred cannot."""
    for port in range(after + 1, min(after + 100, 65536)):
        try:
            bind(host, port).close()
        except PortTaken:
            continue
        return port
    return after + 1


@dataclass(slots=True)
class Place:
    """One worker's place: who works there, since when, and how often it failed in a row."""

    number: int
    child: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    failures: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Workers:
    """The processes that answer; they end when this one does."""

    count: int
    listening: socket.socket
    environment: Mapping[str, str]
    drain_s: float
    tell: Callable[[str], None]
    places: list[Place] = field(default_factory=list)
    counts: Path | None = None  # where several workers keep their metrics, so that any tells all

    def start(self) -> None:
        """Fills every place; the workers are not ready yet."""
        if self.count > 1:
            self.counts = Path(tempfile.mkdtemp(prefix="tideline-metrics-"))
            self.environment = {
                **self.environment,
                "PROMETHEUS_MULTIPROC_DIR": str(self.counts),
            }
        self.places = [Place(number) for number in range(1, self.count + 1)]
        for place in self.places:
            self._fill(place)

    def keep(self) -> None:
        """Replaces workers that died; call it every LOOK_S seconds."""
        now = time.monotonic()
        for place in self.places:
            if place.child is not None and place.child.poll() is not None:
                place.failures = 0 if now - place.since > SETTLED_AFTER_S else place.failures + 1
                pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(place.failures, 10))
                place.not_before = now + pause_s
                self.tell(f"worker {place.number} {_ending(place.child)}; starting another")
                self._forget_counts(place.child.pid)
                place.child = None
            if place.child is None and now >= place.not_before:
                self._fill(place)

    def failures(self) -> int:
        """The longest row of workers that died soon after their start in one place."""
        return max(place.failures for place in self.places)

    def stop(self) -> None:
        """Lets every worker finish what runs, all at the same time; nobody listens meanwhile."""
        children = [place.child for place in self.places if place.child is not None]
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        # Who comes now is refused at once, instead of waiting in a queue that nobody empties.
        self.listening.close()
        for child in children:
            if child.poll() is None:
                processes.stop(child, ((signal.SIGTERM, self.drain_s + 2.0),))
        if self.counts is not None:
            shutil.rmtree(self.counts, ignore_errors=True)

    def _forget_counts(self, pid: int) -> None:
        """A dead worker's gauges go; what it counted stays in the sums."""
        if self.counts is not None:
            for gauge in self.counts.glob(f"gauge_live*_{pid}.db"):
                gauge.unlink()

    def _fill(self, place: Place) -> None:
        descriptor = self.listening.fileno()
        place.since = time.monotonic()
        place.child = processes.start(
            [sys.executable, "-m", "service", "worker", str(descriptor)],
            folder=ROOT,
            stop_signal=signal.SIGTERM,
            environment={**self.environment, "TIDELINE_WORKER": str(place.number)},
            keep_open=(descriptor,),
        )


def _ending(child: subprocess.Popen[bytes]) -> str:
    code = child.returncode
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
    return f"(process {child.pid}) {how}"


def work(descriptor: int) -> None:
    """One worker: answers on the inherited socket until SIGTERM, then finishes what runs."""
    import uvloop

    uvloop.run(_answer(socket.socket(fileno=descriptor)))


async def _answer(listening: socket.socket) -> None:
    from aiohttp import web

    from service.app import build
    from service.config import Config
    from service.front import opened

    config = Config.from_env(os.environ)
    ends = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, ends.set)
    async with opened(build(config), config) as runner:
        await web.SockSite(runner, listening, backlog=BACKLOG).start()
        # A request leaves no cycles behind: looking for them every 700 objects was 6 % of its CPU.
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        await ends.wait()
