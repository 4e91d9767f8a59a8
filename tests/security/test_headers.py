"""Every answer carries the headers that keep a browser from being used against its owner.

All routes, served and refused alike; the page's own policy is tested in tests/web.
"""

from collections.abc import Iterator

import pytest

from tests.support.asking import Client, Reply, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Server": "tideline",
}
ELSEWHERE = {"Origin": "https://evil.example"}


def answers(service: Service) -> Iterator[tuple[str, Reply]]:
    """Every route served to its owner and refused to nobody, and what is no route."""
    user = settle(service)
    ids = {**own_ids(service.dsn, user), "user_id": "me"}
    with Client(service.url, user.token) as owner, Client(service.url) as nobody:
        for one in operations(service):
            address, body, query = one.address(ids), one.plain_body(ids), one.plain_query()
            for client in (owner, nobody):
                reply = client.ask(one.method, address, body, query=query, headers=ELSEWHERE)
                yield f"{one.method} {address}: {reply.status}", reply
        for path in ("/", "/docs", "/openapi.json", "/health", "/ready", "/metrics", "/nowhere"):
            yield path, nobody.ask("GET", path, headers=ELSEWHERE)
        yield "DELETE /docs", nobody.ask("DELETE", "/docs", headers=ELSEWHERE)
        preflight = ELSEWHERE | {"Access-Control-Request-Method": "POST"}
        yield "preflight", nobody.ask("OPTIONS", "/api/v2/users/me/accounts", headers=preflight)


@pytest.fixture(scope="module")
def seen(service: Service) -> list[tuple[str, Reply]]:
    return list(answers(service))


def test_every_answer_says_how_a_browser_must_treat_it(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        for name, value in ALWAYS.items():
            assert reply.headers[name] == value, f"{where}: {name}"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"], where
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"], where
        assert "unsafe" not in reply.headers["Content-Security-Policy"], where
        assert reply.headers["X-Request-ID"], where
        assert "Set-Cookie" not in reply.headers, where


def test_no_other_origin_may_read_anything(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        allowed = [name for name in reply.headers if name.lower().startswith("access-control-")]
        assert allowed == [], where


def test_no_shared_cache_keeps_what_is_somebody_s(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        if "/api/" in where or where == "preflight":
            kept = reply.headers["Cache-Control"]
            assert "private" in kept or "no-store" in kept, f"{where}: {kept}"
            assert "public" not in kept, where


def test_a_refusal_is_one_problem(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        if reply.status >= 400:
            assert reply.headers["Content-Type"] == "application/problem+json", where
            told = reply.json
            assert told["success"] is False, where
            assert told["status"] == reply.status, where
            assert {"type", "title", "detail", "code", "request_id"} <= set(told), where
            assert told["request_id"] == reply.headers["X-Request-ID"], where
