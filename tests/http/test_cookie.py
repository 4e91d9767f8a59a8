"""The session in a browser: how the cookie comes, stays, proves its writes, and goes."""

import hashlib
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import psycopg
import pytest

from service.auth.cookie import NAME, token_in
from service.proof.password import Hashes
from tests.support.asking import Client, Reply
from tests.support.doors import CHEAP, GOOD, JSON, cookie_of, enter, keep, publish
from tests.support.service import Service, User

SESSION = "/api/v2/session"
EMAIL = "ada.of.the.cookie@example.org"
LEAVE = "/api/v2/users/me/door/leave"


@pytest.fixture(scope="module")
def doors(service_factory: Callable[..., Service]) -> Service:
    service = service_factory(**CHEAP)
    publish(service)
    service.new_user(EMAIL)
    keep(service, EMAIL, Hashes(64, 1).hashed(GOOD))
    return service


@pytest.fixture
def client(doors: Service) -> Iterator[Client]:
    with Client(doors.url) as client:
        yield client


def morsel(reply: Reply) -> tuple[str, dict[str, str]]:
    """Value and attributes of the one cookie that an answer sets."""
    cookies = SimpleCookie(reply.headers["Set-Cookie"])
    assert list(cookies) == [NAME]
    found = cookies[NAME]
    return found.value, {name: str(value) for name, value in found.items() if value}


def test_a_log_in_can_put_its_token_into_a_cookie(client: Client) -> None:
    reply = enter(client, EMAIL, GOOD, cookie=True)
    token, attributes = morsel(reply)
    assert attributes == {
        "path": "/",
        "max-age": "3600",
        "secure": "True",
        "httponly": "True",
        "samesite": "Strict",
    }
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.data["token"] is None
    assert token.encode() not in reply.body
    assert b'"amount":0.60' in reply.body
    session = client.ask("GET", SESSION, headers=cookie_of(token))
    assert session.headers["Cache-Control"] == "no-store"
    assert session.data["csrf_token"] == reply.data["csrf_token"]
    assert session.data["kind"] == "session"
    assert token not in session.data["csrf_token"]


def test_without_the_wish_the_token_is_in_the_answer_alone(doors: Service, client: Client) -> None:
    reply = enter(client, EMAIL, GOOD)
    assert "Set-Cookie" not in reply.headers
    assert reply.data["csrf_token"] is None
    with Client(doors.url, reply.data["token"]) as mine:
        session = mine.ask("GET", SESSION)
        assert session.data["csrf_token"] is None
        assert mine.ask("GET", "/api/v2/users/me").status == 200


def test_a_read_needs_no_proof_and_a_write_does(doors: Service, client: Client) -> None:
    user = doors.new_user()
    assert client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token)).status == 200
    refused = client.ask("POST", LEAVE, {}, headers=cookie_of(user.token))
    assert (refused.status, refused.json["code"]) == (403, "cross_site")
    assert client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token)).status == 200
    headers = cookie_of(user.token) | {"X-CSRF-Token": proof(client, user)}
    left = client.ask("POST", LEAVE, {}, headers=headers)
    assert left.data == {"ended": True}


def proof(client: Client, user: User) -> str:
    """The CSRF token of a user's session."""
    text: str = client.ask("GET", SESSION, headers=cookie_of(user.token)).data["csrf_token"]
    return text


def test_a_log_out_ends_the_cookie_and_what_the_browser_keeps(
    doors: Service, client: Client
) -> None:
    user = doors.new_user()
    headers = cookie_of(user.token) | {"X-CSRF-Token": proof(client, user)}
    left = client.ask("POST", LEAVE, {}, headers=headers)
    value, attributes = morsel(left)
    assert (value, attributes["samesite"], "secure" in attributes) == ("", "Strict", True)
    assert "Max-Age=0" in left.headers["Set-Cookie"]
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert left.headers["Cache-Control"] == "no-store"


def test_the_header_wins_over_the_cookie(doors: Service, client: Client) -> None:
    ada, bob = doors.new_user(), doors.new_user()
    both = cookie_of(ada.token) | bob.headers
    assert client.ask("GET", SESSION, headers=both).data["user_id"] == bob.public_id
    # A header that is no good is no reason to look at the cookie.
    for said in ("", "Bearer", "Bearer x", "Basic abc"):
        headers = cookie_of(ada.token) | {"Authorization": said}
        assert client.ask("GET", "/api/v2/users/me", headers=headers).status == 401, said
    # With a header there is nothing that a browser added by itself: no proof is asked for.
    left = client.ask("POST", LEAVE, {}, headers=both)
    assert left.data == {"ended": True}


def test_a_cookie_of_nobody_is_401_and_ends(client: Client) -> None:
    for token in ("nonsense", "1." + "a" * 43):
        reply = client.ask("GET", "/api/v2/users/me", headers=cookie_of(token))
        assert reply.status == 401
        assert "Max-Age=0" in reply.headers["Set-Cookie"]
        assert client.ask("GET", SESSION, headers=cookie_of(token)).status == 401
    assert "Set-Cookie" not in client.ask("GET", "/api/v2/users/me").headers
    assert set(client.ask("GET", SESSION).data.values()) == {None}


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("", ""), ("a=b", ""), (f"{NAME}=t", "t"), (f"a=b; {NAME}=t;c=d", "t"), (f"{NAME}=", ""),
        (f"{NAME}=a; {NAME}=b", ""), (f"x{NAME}=t", ""), (f"{NAME}x=t", ""), (f"a={NAME}", ""),
    ],
)  # fmt: skip
def test_one_cookie_of_that_name_is_read(header: str, token: str) -> None:
    assert token_in({"Cookie": header}) == token


def test_the_cookie_is_sent_again_while_it_is_used(doors: Service, client: Client) -> None:
    user = doors.new_user()
    quiet = client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token))
    assert "Set-Cookie" not in quiet.headers
    with psycopg.connect(doors.dsn, autocommit=True) as connection:
        connection.execute(
            "update data.login_sessions set last_seen_at = now() - interval '10 minutes'"
            " where user_id = %s",
            (user.user_id,),
        )
        reply = quiet
        while "Set-Cookie" not in reply.headers:  # within the second that is remembered
            reply = client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token))
        assert morsel(reply)[0] == user.token
        seen = "select last_seen_at > now() - interval '1 minute' from data.login_sessions"
        while connection.execute(f"{seen} where user_id = %s", (user.user_id,)).fetchone() != (
            True,
        ):
            pass
    while "Set-Cookie" in reply.headers:  # it is noted: nothing more to say
        reply = client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token))


def add_key(doors: Service, user: User, *, is_read_only: bool) -> str:
    """An API key of a user."""
    token = f"{user.user_id}.{hashlib.sha256(user.token.encode()).hexdigest()[:42]}{is_read_only:d}"
    with psycopg.connect(doors.dsn, autocommit=True) as connection:
        connection.execute(
            "insert into data.api_keys (user_id, name, token_hash, hint, is_read_only)"
            " values (%s, 'mine', %s, 'hint', %s)",
            (user.user_id, hashlib.sha256(token.encode()).digest(), is_read_only),
        )
    return token


def test_an_api_key_is_no_cookie_no_log_in_and_may_be_for_reading_alone(doors: Service) -> None:
    user = doors.new_user()
    reads, writes = (add_key(doors, user, is_read_only=only) for only in (True, False))
    with Client(doors.url) as nobody:
        assert nobody.ask("GET", "/api/v2/users/me", headers=cookie_of(writes)).status == 401
    for token, status, code in ((reads, 403, "read_only_key"), (writes, 200, None)):
        with Client(doors.url, token) as client:
            assert client.ask("GET", "/api/v2/users/me").status == 200
            assert client.ask("GET", SESSION).data["kind"] == "api_key"
            edit = client.ask("PATCH", "/api/v2/users/me", {"full_name": "Ada"})
            assert (edit.status, edit.json.get("code")) == (status, code)
            sessions = client.ask("GET", "/api/v2/users/me/sessions")
            assert (sessions.status, sessions.json["code"]) == (403, "login_required")


def test_an_answer_of_a_cookie_is_kept_for_nobody_else(doors: Service, client: Client) -> None:
    user = doors.new_user()
    reply = client.ask("GET", "/api/v2/users/me", headers=cookie_of(user.token))
    assert "Cookie" in reply.headers["Vary"]
    assert reply.headers["Cache-Control"].startswith("private")


def test_a_write_without_a_type_is_refused_too(doors: Service, client: Client) -> None:
    user = doors.new_user()
    headers = cookie_of(user.token) | {"X-CSRF-Token": proof(client, user)}
    assert client.ask("POST", LEAVE, headers=headers).status == 403
    assert client.ask("POST", LEAVE, headers=headers | JSON).status == 200
