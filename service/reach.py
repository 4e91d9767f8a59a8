"""Which servers a command talks to: those of the environment, those that `up` runs, or its own."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from service import embedded
from service.embedded import Progress, housing
from service.embedded.housing import EmbeddedError, HomeInUse


@contextmanager
def reached(
    home: Path, version: int, environ: Mapping[str, str], progress: Progress
) -> Iterator[dict[str, str]]:
    """An environment that names a database and a Redis, for one command.

    What environ names is left alone; otherwise it is this home's servers: those that `up` runs, or,
    when nobody runs them, servers that live as long as the block.
    """
    environment = dict(environ)
    if "DATABASE_URL" in environment:
        yield environment
        return
    try:
        servers = embedded.start(home, version, progress=progress)
    except HomeInUse:
        try:
            running = (housing.settle(home).folder / "servers.json").read_text()
        except FileNotFoundError:
            raise EmbeddedError(f"The servers in {home} are starting; try again.") from None
        yield {**json.loads(running), **environment}
        return
    try:
        yield {**servers.environment(), **environment}
    finally:
        servers.stop()
