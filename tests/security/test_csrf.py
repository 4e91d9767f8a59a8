"""No other site writes with a visitor's cookie: every state-changing route x every cross-site form.

The routes come from the live table. Each form is what a page of another site can make a browser
send, or what it could send if one of the walls were missing; the cookie is always a good one.
"""

import http.client
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from tests.support.asking import Client, Operation, operations
from tests.support.doors import JSON, cookie_of
from tests.support.household import belongings, own_ids, settle
from tests.support.service import Service, User, issue_token

SESSION = "/api/v2/session"
FOREIGN = "https://evil.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = {"Content-Type": "text/plain"}
PARTS = {"Content-Type": "multipart/form-data; boundary=b"}
LISTED = "https://app.example.org"
ENDS = ("logout", "session", "deletion")  # what is asked next would be asked by nobody


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory(RATELIMIT_ENABLED="off", ANSWER_STEP_MS=0, CORS_ORIGINS=LISTED)


@pytest.fixture(scope="module")
def owner(house: Service) -> User:
    """An admin, so that no route is closed to them for another reason."""
    user = settle(house)
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("update data.users set role = 'admin' where id = %s", (user.user_id,))
        token = issue_token(connection, user.user_id)
    return user._replace(token=token)


def proof(house: Service, token: str) -> str:
    """The CSRF token of a session."""
    with Client(house.url) as client:
        text: str = client.ask("GET", SESSION, headers=cookie_of(token)).data["csrf_token"]
        return text


def send(house: Service, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one request with exactly these headers."""
    place = urlsplit(house.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def encoded(body: Any) -> bytes:
    """A body as it is sent: a file as it is, everything else as JSON."""
    return body if isinstance(body, bytes) else json.dumps(body or {}).encode()


def cross_site(
    house: Service, body: Any, right: str, others: str
) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """(what another site tries, body, headers); each lacks one thing that a page of ours has."""
    good = JSON | {"X-CSRF-Token": right}
    own = f"http://{urlsplit(house.url).netloc}"
    text = encoded(body)
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + text + b"\r\n--b--\r\n"
    yield "a form", urlencode({"a": text.decode()}).encode(), FORM | {"X-CSRF-Token": right}
    yield "a form with files", part, PARTS | {"X-CSRF-Token": right}
    yield "json called text", text, TEXT | {"X-CSRF-Token": right}
    yield "json of no type", text, {"X-CSRF-Token": right}
    yield "json alone", text, JSON
    yield "json from our origin alone", text, JSON | {"Origin": own}
    yield "a made-up proof", text, JSON | {"X-CSRF-Token": secrets.token_urlsafe(32)}
    yield "an empty proof", text, JSON | {"X-CSRF-Token": ""}
    yield "the proof of another session", text, JSON | {"X-CSRF-Token": others}
    yield "another origin", text, good | {"Origin": FOREIGN}
    yield "an origin that begins like ours", text, good | {"Origin": f"{own}.evil.example"}
    yield "an origin without a name", text, good | {"Origin": "null"}
    yield "our host on another port", text, good | {"Origin": f"{own[:-2]}1"}
    yield "another site without an origin", text, good | {"Sec-Fetch-Site": "cross-site"}
    yield "our neighbour", text, good | {"Sec-Fetch-Site": "same-site", "Origin": own}


# What lacks the type of JSON and nothing else: it has a header that no other site can send.
OF_ANY_TYPE = ("a form", "a form with files", "json called text", "json of no type")


def writes(house: Service) -> list[Operation]:
    """Every operation that may change something."""
    return [one for one in operations(house) if one.method != "GET"]


def test_no_form_of_another_site_has_an_effect(house: Service, owner: User) -> None:
    ids = defaultdict(lambda: 1, own_ids(house.dsn, owner))
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        second = issue_token(connection, owner.user_id)
    right, others = proof(house, owner.token), proof(house, second)
    assert right != others
    before = belongings(house.dsn, owner)
    routes, forms = [one for one in writes(house) if not one.is_public], 0
    for one in routes:
        address, body = one.address(ids | {"user_id": "me"}), one.plain_body(ids)
        for words, sent, headers in cross_site(house, body, right, others):
            if one.takes_file and words in OF_ANY_TYPE:
                continue  # a file is of any type: the proof, which no form can send, decides
            status = send(house, one.method, address, sent, headers | cookie_of(owner.token))
            assert status == 403, f"{one.method} {address} by {words}: {status}"
            forms += 1
    assert belongings(house.dsn, owner) == before
    assert len(routes) > 10
    print(f"S9: {len(routes)} routes x {forms // len(routes)} cross-site forms: 0 effects")


def test_the_same_requests_from_our_page_are_heard(house: Service) -> None:
    """Or the test above would be green for a service that refuses whatever it is sent."""
    user = settle(house, "ours")
    ids = defaultdict(lambda: 1, own_ids(house.dsn, user))
    own = {"Origin": f"http://{urlsplit(house.url).netloc}", "Sec-Fetch-Site": "same-origin"}
    listed = {"Origin": LISTED, "Sec-Fetch-Site": "cross-site"}
    heard = 0
    for one in writes(house):
        if one.is_public or any(word in one.path for word in ENDS):
            continue
        with psycopg.connect(house.dsn, autocommit=True) as connection:
            token = issue_token(connection, user.user_id)
        good = JSON | {"X-CSRF-Token": proof(house, token)} | cookie_of(token)
        address = one.address(ids | {"user_id": "me"})
        sent = encoded(one.plain_body(ids))
        for more in ({}, own, listed):
            status = send(house, one.method, address, sent, good | more)
            assert status not in (401, 415), f"{one.method} {address}: {status}"
            heard += status < 300
    assert heard > 10
    fresh = house.new_user()
    good = JSON | {"X-CSRF-Token": proof(house, fresh.token)} | cookie_of(fresh.token)
    assert send(house, "PATCH", "/api/v2/users/me", b'{"full_name": "Ada"}', good | own) == 200


def test_what_needs_no_log_in_takes_no_form_either(house: Service) -> None:
    """Log-in would be the effect: another site that logs its visitor in as somebody else."""
    address = f"{secrets.token_hex(6)}@example.org"
    body = {"email": address, "password": "seven grey herons at noon", "cookie": True}
    for one in writes(house):
        if not one.is_public:
            continue
        named = {
            name: value
            for name, value in body.items()
            if name in (one.body or {}).get("properties", ())
        }
        sent = json.dumps((one.plain_body({}) or {}) | named).encode()
        for headers in (FORM, PARTS, TEXT, {}):
            status = send(house, one.method, one.path, sent, headers)
            assert status in (403, 415), f"{one.method} {one.path} {headers}: {status}"
    for headers in (
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        status = send(house, "POST", "/api/v2/login", json.dumps(body).encode(), JSON | headers)
        assert status == 403, headers
    with psycopg.connect(house.dsn) as connection:
        count = connection.execute(
            "select count(*) from data.user_emails where email = %s", (address,)
        ).fetchone()
    assert count == (0,)


def test_a_proof_says_nothing_of_the_token_and_lasts_as_long(house: Service) -> None:
    user = house.new_user()
    first = proof(house, user.token)
    assert first == proof(house, user.token)
    assert len(first) == 43
    assert first not in user.token
