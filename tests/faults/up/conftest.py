"""Runs of `make up` in a home of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.embedded import housing
from tests.support.server import free_port
from tests.support.up import Up, end, make_up, wait_gone


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
