"""Fault tests have a PostgreSQL of their own: it is restarted, stopped and killed."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service import embedded, schema
from tests.faults.nemesis import Cluster
from tests.support.server import FOR_TESTS, Server, free_port
from tests.support.service import Service, start_service


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that tests may hurt, and its Redis; fixed port, so that a proxy finds it."""
    version = int(os.environ.get("PG") or os.environ.get("TEST_PG") or 18)
    with (
        tempfile.TemporaryDirectory(prefix="tideline-faults-") as folder,
        ThreadPoolExecutor(1) as keeper,  # the servers end with the thread that started them
    ):
        Path(folder).chmod(0o711)
        port = free_port()
        home = Path(folder) / "home"
        servers = keeper.submit(
            embedded.start, home, version, port=port, settings=FOR_TESTS
        ).result()
        found = Cluster(servers, port, keeper)
        try:
            schema.migrate(found.admin)
            schema.apply(found.admin)
            yield found
        finally:
            found.heal()
            servers.stop()


@pytest.fixture
def start(cluster: Cluster, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts the real service on the cluster: start("--workers", "2", DATABASE_URL=...)."""
    started: list[Service] = []

    def begin(*arguments: str, **settings: Any) -> Service:
        server = Server(cluster.admin, cluster.login, cluster.servers.redis_url)
        service = start_service(server, embedded.DATABASE, tmp_path, *arguments, **settings)
        started.append(service)
        return service

    yield begin
    cluster.heal()
    for service in started:
        service.stop(signal.SIGTERM)
