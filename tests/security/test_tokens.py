"""No route answers without a valid token: every route x every way for a token to be wrong."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.support.asking import Client, operations
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
    yield "disabled user", house.new_user(is_active=False).token


def test_without_a_valid_token_there_is_401_and_nothing_else(house: Service, owner: User) -> None:
    ids = own_ids(house.dsn, owner)
    tokens = list(invalid_tokens(house, owner))
    before = belongings(house.dsn, owner)
    for one in operations(house):
        if one.is_public:
            continue
        for user_id in (owner.public_id, "me"):
            address = one.address({**ids, "user_id": user_id})
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
