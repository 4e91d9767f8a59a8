"""A Redis of a test's own, on a port, with every handle that a fault needs."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from service.embedded import programs
from tests.support.server import free_port

START_S = 10.0


@dataclass
class OwnRedis:
    """Runs from start() to stop(); what it knows dies with it, as nothing is on disk."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> "Redis[bytes]":
        """A client with a little patience."""
        return Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        """Returns when it answers."""
        self.process = subprocess.Popen(
            [
                programs.redis_program(None), "--port", str(self.port), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--dir", str(self.folder),
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + START_S
        with self.client() as client:
            while True:
                try:
                    client.ping()
                    return
                except RedisError:
                    assert time.monotonic() < until
                    time.sleep(0.02)

    def signal(self, number: int) -> None:
        """SIGKILL, SIGSTOP, SIGCONT to the process that was started here."""
        assert self.process is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """kill -9, and nobody is left."""
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(5)

    def flush(self) -> None:
        """FLUSHALL."""
        with self.client() as client:
            client.flushall()

    def stop(self) -> None:
        """Ends it, however it is."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.kill()
