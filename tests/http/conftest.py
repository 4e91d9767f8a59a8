"""A service with a few endpoints of its own, one for each thing that a room does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.asking import Client
from tests.support.service import Service, User

PROBES = Path(__file__).resolve().parents[1] / "support" / "probes.sql"


@pytest.fixture(scope="session")
def probed(service_factory: Callable[..., Service]) -> Service:
    """The service of this folder, shared: make a fresh user, change no route."""
    service = service_factory(
        shared=True, LOG_LEVEL="info", BODY_TIMEOUT_MS=1500, HEADER_TIMEOUT_MS=3000
    )
    publish(service)
    return service


def publish(service: Service) -> None:
    """Adds the probes to a running service and waits until they are served."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("set search_path = ''")
        connection.execute(PROBES.read_text(encoding="utf-8"))
    client = Client(service.url)
    while client.ask("GET", "/api/v2/probe/rule").status == 404:
        pass
    client.close()


@pytest.fixture(scope="session")
def someone(probed: Service) -> User:
    """A user that the tests of this folder share: leave the account as it is."""
    return probed.new_user()


@pytest.fixture
def client(probed: Service, someone: User) -> Iterator[Client]:
    """A connection that speaks for someone."""
    client = Client(probed.url, someone.token)
    yield client
    client.close()


@pytest.fixture
def nobody(probed: Service) -> Iterator[Client]:
    """A connection that speaks for nobody."""
    client = Client(probed.url)
    yield client
    client.close()
