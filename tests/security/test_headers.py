"""Every answer carries the headers that keep a browser from being used against its owner.

All routes, served and refused alike, and every page and file; in a browser: tests/web.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from service.pages import WEB
from tests.support.asking import MISSING_ID, Client, Reply, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "tideline",
}
EVIL = "https://evil.example"
FRIEND = "https://app.example"
ELSEWHERE = {"Origin": EVIL}
OWN = ("/", "/docs", "/openapi.json", "/health", "/live", "/ready", "/metrics", "/nowhere")
FILES = [f"/{path.relative_to(WEB)}" for path in sorted(WEB.rglob("*.*")) if path.is_file()]
# A supposition to reckon with; bounds that a list is cut to; and whom an administrator looks up,
# who may read all of them.
KNOWN_IN_ADDRESSES = ("initial_balance", "min_amount", "max_amount", "email", "phone_number")
SCRIPTS_RUN_HERE = ("text/html", "image/svg+xml")
HTML = {"/", "/docs", *(path for path in FILES if path.endswith((".html", ".svg")))}


def answers(service: Service, origin: dict[str, str]) -> Iterator[tuple[str, Reply]]:
    """Every route served to its owner and refused to nobody, every page, and what is no route."""
    user = settle(service)
    for one in operations(service):
        ids = {**own_ids(service.dsn, user), "user_id": "me"}
        address = one.address(dict.fromkeys(one.path_fields, MISSING_ID) | ids)
        body, query = one.plain_body(ids), one.plain_query()
        with Client(service.url, user.token) as owner, Client(service.url) as nobody:
            for client in (owner, nobody):
                reply = client.ask(one.method, address, body, query=query, headers=origin)
                yield f"{one.method} {address}: {reply.status}", reply
            # Some routes end the session, or the account: whoever comes next needs a new one.
            if owner.ask("GET", "/api/v2/users/me/accounts").status == 401:
                user = settle(service)
    with Client(service.url) as nobody:
        for path in (*OWN, *FILES):
            yield path, nobody.ask("GET", path, headers=origin)
        yield "DELETE /docs", nobody.ask("DELETE", "/docs", headers=origin)
        preflight = origin | {"Access-Control-Request-Method": "POST"}
        yield "preflight", nobody.ask("OPTIONS", "/api/v2/users/me/accounts", headers=preflight)


@pytest.fixture(scope="module")
def seen(service: Service) -> list[tuple[str, Reply]]:
    found = list(answers(service, ELSEWHERE))
    served = [where for where, _ in found if where.endswith((": 200", ": 201"))]
    assert len(found) >= 2 * len(operations(service)) + len(OWN) + len(FILES)
    assert len(served) > len(operations(service)) / 2, "most routes answer their owner"
    return found


def test_every_answer_says_how_a_browser_must_treat_it(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        for name, value in ALWAYS.items():
            assert reply.headers[name] == value, f"{where}: {name}"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"], where
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"], where
        assert "unsafe" not in reply.headers["Content-Security-Policy"], where
        assert reply.headers["X-Request-ID"], where
        for cookie in reply.headers.get_all("Set-Cookie", []):
            assert cookie.startswith("__Host-"), where
            assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_a_page_may_use_nothing_that_it_does_not_need(seen: list[tuple[str, Reply]]) -> None:
    pages = [
        (where, reply)
        for where, reply in seen
        if reply.headers["Content-Type"] and reply.headers["Content-Type"].startswith("text/html")
    ]
    assert {"/", "/docs", "/index.html", "/docs.html"} <= {where for where, _ in pages}
    for where, reply in pages:
        for name in ("camera", "geolocation", "microphone", "payment", "usb"):
            assert f"{name}=()" in reply.headers["Permissions-Policy"], where
        assert "base-uri 'none'" in reply.headers["Content-Security-Policy"], where


def test_what_is_no_page_lets_nothing_run(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        if "/api/" in where or reply.status >= 400:
            assert "script-src" not in reply.headers["Content-Security-Policy"], where


def test_every_body_says_what_it_is(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        if reply.body:
            kind = reply.headers["Content-Type"]
            is_text = kind.startswith("text/")
            assert not is_text or "charset=utf-8" in kind.lower(), f"{where}: {kind}"
            assert kind.startswith(SCRIPTS_RUN_HERE) is (where in HTML), f"{where}: {kind}"


def test_nothing_that_was_changed_or_refused_is_kept(seen: list[tuple[str, Reply]]) -> None:
    for where, reply in seen:
        if reply.status >= 400 or where.split()[0] in ("POST", "PUT", "PATCH", "DELETE"):
            assert reply.headers["Cache-Control"] == "no-store", where


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


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.git/HEAD", "/.env", "/.tideline/up.json", "/pyproject.toml", "/Makefile",
     "/service/config.py", "/../pyproject.toml", "/web/index.html", "/index.html.bak", "/.hidden"],
)  # fmt: skip
def test_nothing_of_the_checkout_is_served(service: Service, path: str) -> None:
    with Client(service.url) as nobody:
        assert nobody.ask("GET", path).status == 404


def test_no_secret_is_asked_for_in_an_address(service: Service) -> None:
    """Addresses end up in histories and in the logs of proxies; bodies and headers do not."""
    secret = re.compile(r"password|token|secret|code|captcha|phone|email|amount|balance")
    for one in operations(service):
        named = [name for name in (*one.query, *one.path_fields) if secret.search(name)]
        assert [name for name in named if name not in KNOWN_IN_ADDRESSES] == [], one.path


@pytest.fixture(scope="module")
def shared(service_factory: Callable[..., Service]) -> Service:
    """A service that lets the pages of one other origin ask."""
    return service_factory(CORS_ORIGINS=FRIEND)


def test_a_listed_origin_may_read_every_answer(shared: Service) -> None:
    for where, reply in answers(shared, {"Origin": FRIEND}):
        assert reply.headers["Access-Control-Allow-Origin"] == FRIEND, where
        assert reply.headers["Access-Control-Allow-Credentials"] == "true", where
        assert "Origin" in reply.headers["Vary"], where
        if where == "preflight":
            assert reply.status == 204
            assert reply.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
            allowed = reply.headers["Access-Control-Allow-Headers"]
            for name in ("Authorization", "Idempotency-Key", "If-Match", "X-CSRF-Token"):
                assert name in allowed
        else:
            assert "Idempotency-Replayed" in reply.headers["Access-Control-Expose-Headers"], where


@pytest.mark.parametrize(
    "origin",
    [EVIL, "null", "*", f"{FRIEND}.evil.example", f"{FRIEND}:8443", FRIEND.upper(),
     FRIEND.replace("https", "http"), f"{FRIEND}, {EVIL}", ""],
)  # fmt: skip
def test_an_origin_that_is_not_listed_word_for_word_may_read_nothing(
    shared: Service, origin: str
) -> None:
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    with Client(shared.url) as nobody:
        for method, path in (("OPTIONS", "/api/v2/users/me/accounts"), ("GET", "/health")):
            reply = nobody.ask(method, path, headers=preflight)
            assert [one for one in reply.headers if one.lower().startswith("access-control")] == []
            assert reply.headers["Vary"] == "Origin", "a cache must not mix them up"
            assert reply.status == (405 if method == "OPTIONS" else 200)
        path = "/api/v2/nowhere"
        listed = nobody.ask("OPTIONS", path, headers=preflight | {"Origin": FRIEND})
        assert listed.status == 404, "nothing is there for a listed origin either"
