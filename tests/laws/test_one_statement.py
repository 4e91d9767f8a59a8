"""One request is one SQL statement: counted in the server's own log, for every route.

Counted apart: a look at a session, once a second and token; and the look at what a password is
checked against, before a route that wants one proved. It counts the attempt, and has to be over
before any hash is computed. The courier asks for no request.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service import embedded, schema
from service.embedded import housing
from tests.support.asking import NEEDS_KEY, Client, Operation, operations
from tests.support.household import own_ids, settle
from tests.support.server import Server
from tests.support.service import Service, start_service

VERSION = int(os.environ.get("PG") or os.environ.get("TEST_PG") or 18)
STATEMENT = re.compile(
    r"^.* service@\S+ LOG:  (?:statement|execute [^:]*): (?P<text>.*)$", re.MULTILINE
)
SESSION = "select api.caller_read("
PASSWORD = "select api.password_read("
COURIER = "select api.message_"
TOOK_A_LOOK = """
select route.function
from api.routes as route
join pg_catalog.pg_proc as routine on routine.oid = to_regproc(route.function)
where routine.proargnames && '{_password_ok,_new_password_hash}'
"""


class Log:
    """What the server wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        return self.path.stat().st_size

    def since(self, place: int) -> list[str]:
        """Statements of requests since then, without the looks at a session."""
        with open(self.path, "rb") as file:
            file.seek(place)
            text = file.read().decode()
        found = [match["text"] for match in STATEMENT.finditer(text)]
        return [statement for statement in found if not statement.startswith((SESSION, COURIER))]


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
    user = settle(service, role="admin" if one.is_admins else "user")
    ids = own_ids(service.dsn, user)
    with Client(service.url, user.token) as client:
        request = (one.method, one.address(ids), one.plain_body(ids))
        assert client.ask("GET", "/api/v2/users/me").status == 200  # the session is known from here
        before = log.size()
        reply = client.ask(*request, query=one.plain_query(ids))
    assert reply.status < 300 or one.id == "phone_check", f"{one.method} {one.path}: {reply}"
    time.sleep(0.02)  # the log may be a moment behind the answer
    return log.since(before)


def test_one_request_is_one_statement(watched: tuple[Service, Log]) -> None:
    service, log = watched
    before = log.size()
    settle(service)
    assert log.since(before), "the log says nothing, so this test would see nothing"
    with psycopg.connect(service.dsn) as connection:
        looking = {function for (function,) in connection.execute(TOOK_A_LOOK)}
    assert looking
    for one in operations(service):
        said = statements_of(one, service, log)
        if one.spec["x-function"] in looking:
            assert said.pop(0).startswith(PASSWORD), f"{one.method} {one.path}: {said}"
        if one.takes_file:  # its key is looked up, one call opens it, and each part is one
            assert said.pop(0).startswith("select known.answer"), said
            opened = said.pop(0)
            assert opened.startswith(f"select {one.spec['x-function']}("), opened
        assert len(said) == 1, f"{one.method} {one.path}: {said}"
        # What needs a key is called by the function that keeps answers, within the same statement.
        is_kept = said[0].startswith("select once.answer") and NEEDS_KEY.search(one.path)
        assert is_kept or said[0].startswith(f"select {one.spec['x-function']}("), said


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
