"""One request is one SQL statement: counted in the server's own log, for every route.

Counted apart: a look at a session, once a second and token.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import embedded, schema
from service.embedded import housing
from tests.support.asking import Client, Operation, operations
from tests.support.household import own_ids, settle
from tests.support.server import Server
from tests.support.service import Service, start_service

VERSION = int(os.environ.get("PG") or os.environ.get("TEST_PG") or 18)
STATEMENT = re.compile(
    r"^.* service@\S+ LOG:  (?:statement|execute [^:]*): (?P<text>.*)$", re.MULTILINE
)
SESSION = "select api.caller_read("


class Log:
    """What the server wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        return self.path.stat().st_size

    def since(self, place: int) -> list[str]:
        """Statements of the service since then, without the looks at a session."""
        with open(self.path, "rb") as file:
            file.seek(place)
            text = file.read().decode()
        found = [match["text"] for match in STATEMENT.finditer(text)]
        return [statement for statement in found if not statement.startswith(SESSION)]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Log]]:
    """A service on a server that writes every statement down."""
    home = tmp_path_factory.mktemp("watched")
    servers = embedded.start(home, VERSION, settings={"log_statement": "all"})
    try:
        direct = servers.database_url_direct
        schema.migrate(direct)
        schema.apply(direct)
        server = Server(direct, servers.database_url, servers.redis_url)
        service = start_service(server, "tideline", tmp_path_factory.mktemp("log"))
        try:
            yield service, Log(servers.postgres.log)
        finally:
            service.stop(signal.SIGTERM)
    finally:
        servers.stop()
        housing.leave(home)


def statements_of(one: Operation, service: Service, log: Log) -> list[str]:
    """What one request of the owner makes the service say to the server."""
    user = settle(service)
    ids = own_ids(service.dsn, user)
    with Client(service.url, user.token) as client:
        request = (one.method, one.address(ids), one.plain_body(ids))
        assert client.ask("GET", "/api/v2/users/me").status == 200  # the session is known from here
        before = log.size()
        reply = client.ask(*request, query=one.plain_query())
    assert reply.status < 300, f"{one.method} {one.path}: {reply}"
    time.sleep(0.02)  # the log may be a moment behind the answer
    return log.since(before)


def test_one_request_is_one_statement(watched: tuple[Service, Log]) -> None:
    service, log = watched
    before = log.size()
    settle(service)
    assert log.since(before), "the log says nothing, so this test would see nothing"
    for one in operations(service):
        said = statements_of(one, service, log)
        assert len(said) == 1, f"{one.method} {one.path}: {said}"
        assert said[0].startswith(f"select {one.spec['x-function']}("), said


def test_a_session_is_looked_up_once_a_second_at_most(watched: tuple[Service, Log]) -> None:
    service, log = watched
    user = settle(service)
    with Client(service.url, user.token) as client:
        before = log.size()
        began = time.monotonic()
        for _ in range(20):
            assert client.ask("GET", "/api/v2/users/me").status == 200
        took_s = time.monotonic() - began
    time.sleep(0.02)
    with open(log.path, "rb") as file:
        file.seek(before)
        looked = file.read().decode().count(SESSION)
    assert looked <= 1 + took_s
