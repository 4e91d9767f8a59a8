"""Who is asking, and whom a route lets in; what is not yours is as what is not there."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Sequence

import psycopg
import pytest

from service.auth.sessions import Known, Sessions, digest_of
from service.config import Config
from tests.support.asking import Client, Reply
from tests.support.service import Service, User, issue_token

OWNED = "/api/v2/users/{}/probe/echo"
GONE_WITHIN_S = 1.5  # a second of memory, and the time to ask


def ask(service: Service, token: str | None, path: str, **headers: str) -> Reply:
    """One request of its own connection."""
    client = Client(service.url, token)
    reply = client.ask("GET", path, headers=headers)
    client.close()
    return reply


def plain(reply: Reply) -> dict[str, object]:
    """A refusal without its id."""
    return {name: value for name, value in reply.json.items() if name != "request_id"}


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Bearer ", "Basic abc", "Bearer 1", "Bearer 1.", "Bearer .abc",
        "Bearer 1.short", "Bearer 01." + "a" * 43, "Bearer 1." + "a" * 44,
        "Bearer -1." + "a" * 43, "Bearer 1." + "a" * 43, "Bearer 1." + "a" * 42 + "!",
        "Bearer 9999999999999999999." + "a" * 43, "Bearer 1." + "a" * 43 + ".x",
    ],
)  # fmt: skip
def test_a_token_that_is_none_is_401(probed: Service, header: str) -> None:
    reply = ask(probed, None, OWNED.format("me"), Authorization=header)
    assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_owner_is_me_or_the_public_id(client: Client, someone: User) -> None:
    for name in ("me", "ME", someone.public_id, someone.public_id.upper()):
        assert client.ask("GET", OWNED.format(name)).status == 200


def test_somebody_else_is_nobody(probed: Service, client: Client, someone: User) -> None:
    other = probed.new_user()
    missing = client.ask("GET", OWNED.format("00000000-0000-4000-8000-000000000000"))
    for name in (other.public_id, str(someone.user_id), str(other.user_id), "you", "%6d%65%00"):
        reply = client.ask("GET", OWNED.format(name))
        assert reply.status == 404, name
        assert plain(reply) == plain(missing)


def test_admin_routes_are_not_there_for_others(probed: Service, client: Client) -> None:
    assert client.ask("GET", "/api/v2/probe/rule").status == 404
    admin = probed.new_user(role="admin")
    assert ask(probed, admin.token, "/api/v2/probe/rule").data == {"admin": True}
    assert ask(probed, None, "/api/v2/probe/rule").status == 401


def test_public_routes_ask_nobody_and_user_routes_anybody(probed: Service, client: Client) -> None:
    assert ask(probed, None, "/api/v2/probe/open").data == {"open": True}
    assert ask(probed, "nonsense", "/api/v2/probe/open").status == 200
    assert ask(probed, None, "/api/v2/probe/whoever").status == 401
    assert client.ask("GET", "/api/v2/probe/whoever").data == {"is_known": True}


@pytest.mark.parametrize(
    "change",
    [
        "select core.session_revoke({id}, '\\x{digest}')",
        "update data.users set is_active = false where id = {id}",
        "update data.login_sessions set created_at = '2020-01-01', expires_at = '2020-01-02'"
        " where user_id = {id}",
        "delete from data.users where id = {id}",
    ],
    ids=["revoked", "disabled", "expired", "deleted"],
)
def test_what_ends_a_session_ends_it_within_a_second(probed: Service, change: str) -> None:
    user = probed.new_user()
    client = Client(probed.url, user.token)
    assert client.ask("GET", OWNED.format("me")).status == 200
    digest = hashlib.sha256(user.token.encode()).hexdigest()
    with psycopg.connect(probed.dsn, autocommit=True) as connection:
        connection.execute(change.format(id=user.user_id, digest=digest))
    began = time.monotonic()
    while client.ask("GET", OWNED.format("me")).status != 401:
        assert time.monotonic() - began < GONE_WITHIN_S
        time.sleep(0.02)
    client.close()


def test_one_session_ends_without_the_others(probed: Service) -> None:
    user = probed.new_user()
    with psycopg.connect(probed.dsn, autocommit=True) as connection:
        second = issue_token(connection, user.user_id)
        digest = hashlib.sha256(user.token.encode()).digest()
        connection.execute("select core.session_revoke(%s, %s)", (user.user_id, digest))
    assert ask(probed, user.token, OWNED.format("me")).status == 401
    assert ask(probed, second, OWNED.format("me")).status == 200


def token_of(number: int) -> str:
    """A well-formed token."""
    return f"{number}.{base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b'=').decode()}"


async def known(sessions: Sessions, token: str) -> Known | None:
    """What the worker knows behind a token."""
    return await sessions.known(token, digest_of(token))


class Counting:
    """An executor that knows every session and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.pause_s = 0.01

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Sequence[bytes | None]:
        self.asked += 1
        await asyncio.sleep(self.pause_s)
        known = b'{"id":%b,"public_id":"p","tier":"budget","role":"user"}'
        return [known % (arguments[0] or b"")]


async def test_many_requests_of_one_session_ask_once() -> None:
    executor = Counting()
    sessions = Sessions(Config(), executor)
    token = token_of(7)
    waiting = [asyncio.create_task(known(sessions, token)) for _ in range(50)]
    await asyncio.sleep(0.005)
    waiting[0].cancel()  # who leaves first takes nobody else's answer along
    callers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [one.caller.id for one in callers[1:]] == [7] * 49  # type: ignore[union-attr]
    assert executor.asked == 1
    assert not sessions.memory.asking


async def test_what_is_remembered_is_bounded_in_number_and_time() -> None:
    executor = Counting()
    sessions = Sessions(Config(session_memory_size=10, session_memory_ms=30), executor)
    for number in range(1, 31):
        await known(sessions, token_of(number))
    assert len(sessions.memory.known) == 10
    token = token_of(99)
    for pause_s, asked in ((0.0, 31), (0.0, 31), (0.05, 32)):
        await asyncio.sleep(pause_s)
        await known(sessions, token)
        assert executor.asked == asked


async def test_a_question_that_hangs_is_not_joined_for_longer_than_an_answer_is_kept() -> None:
    executor = Counting()
    sessions = Sessions(Config(session_memory_ms=30), executor)
    token = token_of(7)
    executor.pause_s = 0.3
    old = asyncio.create_task(known(sessions, token))
    await asyncio.sleep(0.06)
    executor.pause_s = 0.0
    new = asyncio.create_task(known(sessions, token))
    assert await new
    assert executor.asked == 2
    assert not old.done()
    assert await old
    assert not sessions.memory.asking
