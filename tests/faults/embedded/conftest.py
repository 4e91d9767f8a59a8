"""Embedded servers in a home of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from service import embedded
from service.embedded import Servers, housing
from tests.support.up import wait_gone


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that is removed afterwards, wherever the servers had to live."""
    place = tmp_path / "home"
    yield place
    wait_gone(place)
    housing.leave(place)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Servers]]:
    """Starts servers in that home and stops them at the end."""
    with ExitStack() as stack:

        def begin(version: int = 18, **wishes: object) -> Servers:
            servers = embedded.start(home, version, **wishes)  # type: ignore[arg-type]
            stack.callback(servers.stop)
            return servers

        yield begin
