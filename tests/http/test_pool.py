"""The slow lane: a connection for each call, reads that cannot write, limits, and cancelling."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.http.conftest import publish
from tests.support.asking import Client
from tests.support.service import Service, User

SETTING = "/api/v2/users/me/probe/slow-setting"
WAIT = "/api/v2/users/me/probe/wait"


def value(client: Client, name: str, method: str = "GET") -> str:
    """A setting as the slow lane's connection has it."""
    query, body = ({"name": name}, None) if method == "GET" else (None, {"name": name})
    reply = client.ask(method, SETTING, body, query=query)
    assert reply.status == 200, reply.body
    return str(reply.data["value"])


def test_a_connection_has_its_limits_and_nobody_s_path(client: Client) -> None:
    for name, wanted in (
        ("search_path", '""'),
        ("lock_timeout", "1s"),
        ("idle_in_transaction_session_timeout", "5s"),
        ("statement_timeout", "1min"),
        ("role", "service"),
    ):
        assert value(client, name) == wanted


def test_a_read_cannot_write(client: Client, probed: Service) -> None:
    assert client.ask("GET", "/api/v2/users/me/probe/meddle").status == 500
    assert probed.has_logged("UPDATE is not allowed in a non-volatile function")


def test_a_slow_write_is_stopped_and_known_to_be_undone(client: Client) -> None:
    for _ in range(3):  # the connection is whole after each
        began = time.monotonic()
        reply = client.ask("POST", "/api/v2/users/me/probe/linger")
        assert (reply.status, reply.json["code"]) == (503, "too_slow")
        assert 0.3 <= time.monotonic() - began < 1
        assert value(client, "statement_timeout", "POST") == "1min"


def test_a_slow_statement_is_stopped_by_its_route_s_time(client: Client) -> None:
    began = time.monotonic()
    reply = client.ask("GET", WAIT, query={"seconds": "30"})
    assert (reply.status, reply.json["code"]) == (503, "too_slow")
    assert 3.5 < time.monotonic() - began < 5
    assert client.ask("GET", WAIT, query={"seconds": "0"}).status == 200


def test_a_write_after_an_idle_connection_was_closed_is_simply_done(
    client: Client, probed: Service
) -> None:
    assert value(client, "role", "POST") == "service"
    with psycopg.connect(probed.dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and application_name = 'tideline pool'"
        )
    assert value(client, "role", "POST") == "service"


def sleeping(service: Service) -> int:
    """Statements that sleep in this database now."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where state = 'active'"
            " and datname = current_database() and wait_event = 'PgSleep'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def wait_for(service: Service, count: int, within_s: float) -> None:
    """Until so many statements sleep."""
    until = time.monotonic() + within_s
    while sleeping(service) != count:
        assert time.monotonic() < until, f"{sleeping(service)} sleep instead of {count}"
        time.sleep(0.02)


def test_who_leaves_takes_the_statement_along(probed: Service, someone: User) -> None:
    parts = urlsplit(probed.url)
    with socket.create_connection((parts.hostname, parts.port)) as leaving:
        leaving.sendall(
            f"GET {WAIT}?seconds=3.9 HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {someone.token}\r\n\r\n".encode()
        )
        wait_for(probed, 1, 2)
    wait_for(probed, 0, 1)


def test_slow_calls_do_not_hold_up_fast_ones(probed: Service, someone: User) -> None:
    def wait() -> None:
        asker = Client(probed.url, someone.token)
        statuses.append(asker.ask("GET", WAIT, query={"seconds": "1"}).status)
        asker.close()

    statuses: list[int] = []
    threads = [threading.Thread(target=wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_for(probed, 20, 3)
    fast = Client(probed.url, someone.token)
    assert fast.ask("GET", "/api/v2/users/me/probe/echo").status == 200
    assert statuses == []  # all of them are still waiting
    fast.close()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 20


@pytest.fixture(scope="module")
def small(service_factory: object) -> Iterator[Service]:
    """A service whose pool has two connections and one chair."""
    service = service_factory(  # type: ignore[operator]
        DB_POOL_SIZE=1, DB_MAX_OVERFLOW=1, DB_POOL_WAITING=1, DB_POOL_TIMEOUT_MS=300
    )
    publish(service)
    yield service
    service.stop()


def test_a_full_pool_refuses_instead_of_queueing_for_ever(small: Service) -> None:
    token = small.new_user().token

    def ask() -> None:
        asker = Client(small.url, token)
        began = time.monotonic()
        reply = asker.ask("GET", WAIT, query={"seconds": "1.5"})
        seen.append((reply.status, time.monotonic() - began))
        asker.close()

    seen: list[tuple[int, float]] = []
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    served = [took for status, took in seen if status == 200]
    refused = [took for status, took in seen if status == 503]
    assert len(served) == 2
    assert len(refused) == 4
    assert max(refused) < 1


@pytest.fixture(scope="module")
def plain(service_factory: object) -> Iterator[Service]:
    """A service as it runs behind a transaction pooler."""
    service = service_factory(FAST_LANE="off")  # type: ignore[operator]
    publish(service)
    yield service
    service.stop()


def test_without_the_fast_lane_everything_is_answered_too(plain: Service) -> None:
    client = Client(plain.url, plain.new_user().token)
    assert client.ask("GET", "/api/v2/users/me/probe/echo", query={"count": 3}).data["count"] == 3
    assert client.ask("POST", "/api/v2/users/me/probe/echo", {"name": "a"}).status == 201
    assert client.ask("GET", "/api/v2/users/me/probe/fail", query={"code": "PT409"}).status == 409
    for _ in range(10):  # more often than any threshold of preparing
        assert client.ask("GET", "/api/v2/users/me/accounts").status == 200
    with psycopg.connect(plain.dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'tideline pool'"
        )
    assert client.ask("GET", "/api/v2/users/me/accounts").status == 200
    client.close()
