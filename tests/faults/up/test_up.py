"""`make up` under kill -9, SIGTERM and SIGINT: nothing stays, nothing acknowledged is lost."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.up import Up, end, running_from, wait_gone
from tests.support.writer import Writer, answers, nothing_is_lost

pytestmark = pytest.mark.slow

GENEROUS_S = 15.0  # for a second start on a busy machine; alone it takes about one second


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
