"""No route answers without a valid token: every route x every way for a token to be wrong."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client, operations
from tests.support.doors import cookie_of
from tests.support.household import belongings, check_silent, own_ids, settle
from tests.support.service import Service, User, issue_token


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory()


@pytest.fixture(scope="module")
def owner(house: Service) -> User:
    return settle(house)


def invalid_tokens(house: Service, owner: User) -> Iterator[tuple[str, str | None]]:
    """(what is wrong with it, token): each must be answered 401."""
    other = house.new_user()
    secret = owner.token.partition(".")[2]
    yield "none", None
    yield "empty", ""
    yield "no id", secret
    yield "no secret", f"{owner.user_id}."
    yield "wrong secret", f"{owner.user_id}.{'A' * 43}"
    yield "another's secret", f"{owner.user_id}.{other.token.partition('.')[2]}"
    yield "owner's secret under another id", f"{other.user_id}.{secret}"
    yield "negative id", f"-{owner.user_id}.{secret}"
    yield "huge id", f"{10**30}.{secret}"
    yield "padded id", f"0{owner.user_id}.{secret}"
    yield "not ascii", "７.ａｂｃ".encode().decode("latin-1")
    yield "SQL", f"{owner.user_id} or 1=1.{secret}"
    yield "very long", "1." + "A" * 5000
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        for words, change in (
            ("expired", "expires_at = now() - interval '1 second', created_at = '2020-01-01'"),
            ("revoked", "revoked_at = now()"),
        ):
            token = issue_token(connection, owner.user_id)
            connection.execute(
                f"update data.login_sessions set {change} where id ="
                " (select max(id) from data.login_sessions where user_id = %s)",
                (owner.user_id,),
            )
            yield words, token
        for words, change in (
            ("expired key", "expires_at = now() - interval '1 second', created_at = '2020-01-01'"),
            ("revoked key", "revoked_at = now()"),
        ):
            yield words, add_key(connection, owner, change)
    yield "disabled user", house.new_user(is_active=False).token


def add_key(connection: psycopg.Connection[Any], owner: User, change: str) -> str:
    """An API key of the owner's that no longer holds."""
    token = f"{owner.user_id}.{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(token.encode()).digest()
    connection.execute(
        "insert into data.api_keys (user_id, name, token_hash, hint)"
        " values (%s, 'old', %s, 'hint')",
        (owner.user_id, digest),
    )
    connection.execute(f"update data.api_keys set {change} where token_hash = %s", (digest,))
    return token


def test_without_a_valid_token_there_is_401_and_nothing_else(house: Service, owner: User) -> None:
    ids = defaultdict(lambda: 1, own_ids(house.dsn, owner))
    tokens = list(invalid_tokens(house, owner))
    before = belongings(house.dsn, owner)
    for one in operations(house):
        if one.is_public:
            continue
        for user_id in (owner.public_id, "me"):
            address = one.address(ids | {"user_id": user_id})
            for words, token in tokens:
                with Client(house.url, token) as client:
                    reply = client.ask(
                        one.method, address, one.plain_body(ids), query=one.plain_query()
                    )
                where = f"{one.method} {address} with a token that is wrong: {words}"
                assert reply.status == 401, f"{where}: {reply.status} {reply.body!r}"
                assert reply.headers["WWW-Authenticate"], where
                check_silent(reply, where)
    assert belongings(house.dsn, owner) == before


def test_a_cookie_opens_no_more_than_a_header_does(house: Service, owner: User) -> None:
    ids = defaultdict(lambda: 1, own_ids(house.dsn, owner)) | {"user_id": "me"}
    tokens = [(words, token) for words, token in invalid_tokens(house, owner) if token]
    tokens = [(words, token) for words, token in tokens if token.isascii()]
    before = belongings(house.dsn, owner)
    with Client(house.url) as client:
        for one in operations(house):
            if one.is_public:
                continue
            address, body = one.address(ids), one.plain_body(ids)
            for words, token in tokens:
                reply = client.ask(
                    one.method, address, body, query=one.plain_query(), headers=cookie_of(token)
                )
                where = f"{one.method} {address} with a cookie that is wrong: {words}"
                assert reply.status == 401, f"{where}: {reply.status} {reply.body!r}"
                assert "Max-Age=0" in reply.headers["Set-Cookie"], where
                check_silent(reply, where)
    assert belongings(house.dsn, owner) == before
