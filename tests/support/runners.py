"""Runners of migrations as processes of their own: started ahead, let go, killed at will."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
from service import schema
print("waiting", flush=True)
dsn = sys.stdin.readline().strip()
if dsn:
    schema.migrate(dsn)
    schema.apply(dsn)
"""


class Runner:
    """A process that has imported everything and waits to be told its database."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def go(self, dsn: str) -> None:
        """Migrate and apply, now."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{dsn}\n")
        self.process.stdin.flush()

    def kill_after(self, seconds: float) -> bool:
        """Kill -9 once the time is up; whether it was still at work."""
        time.sleep(seconds)
        was_running = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        return was_running

    def finish(self, within_s: float = 60) -> tuple[int, str]:
        """Exit status and what it complained about."""
        _, complaint = self.process.communicate(timeout=within_s)
        return self.process.returncode, complaint


@contextmanager
def runners(count: int) -> Iterator[list[Runner]]:
    """So many runners, all waiting; what still runs at the end is killed."""
    made = [Runner() for _ in range(count)]
    try:
        for one in made:
            assert one.process.stdout is not None
            assert one.process.stdout.readline() == "waiting\n"
        yield made
    finally:
        for one in made:
            one.process.kill()
            one.process.communicate()
