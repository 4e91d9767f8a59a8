"""Whose data a path may name: one's own, and what an owner lets a coach read, for as long."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service, User

GONE_WITHIN_S = 1.5  # a second of memory, and the time to ask
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory(RATELIMIT_ENABLED="off")


@pytest.fixture
def owner(house: Service) -> User:
    user = house.new_user()
    with Client(house.url, user.token) as client:
        made = client.ask("POST", "/api/v2/users/me/accounts", {"name": "zq7canary savings"})
        assert made.status == 201, made.body
    return user


def run(house: Service, statement: str, *values: object) -> Any:
    """The first column of one statement, as a superuser."""
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        row = connection.execute(statement, values).fetchone()
        return row and row[0]


def coach_of(house: Service, owner: User, *scopes: str, role: str = "coach") -> tuple[User, int]:
    """Somebody with a proved address whom the owner lets read these scopes; and the grant's id."""
    coach = house.new_user(role=role)
    email = run(
        house,
        "update data.user_emails set verified_at = now() where user_id = %s returning email",
        coach.user_id,
    )
    grant = run(
        house,
        "select core.grant_add(%s, %s, %s, null)",
        owner.user_id,
        email,
        list(scopes),
    )
    return coach, int(grant)


def get(house: Service, user: User, path: str) -> Reply:
    """A read of one connection."""
    with Client(house.url, user.token) as client:
        return client.ask("GET", path)


def plain(reply: Reply) -> dict[str, object]:
    """A refusal without its id."""
    return {name: value for name, value in reply.json.items() if name != "request_id"}


def test_a_coach_reads_what_was_granted_and_nothing_else(house: Service, owner: User) -> None:
    coach, _ = coach_of(house, owner, "accounts")
    theirs = f"/api/v2/users/{owner.public_id}"
    granted = get(house, coach, f"{theirs}/accounts")
    assert granted.status == 200
    assert granted.data == get(house, owner, f"{theirs}/accounts").data
    assert b"zq7canary" in granted.body
    assert get(house, coach, f"/api/v2/users/{owner.public_id.upper()}/accounts").status == 200
    assert b"zq7canary" not in get(house, coach, "/api/v2/users/me/accounts").body
    missing = get(house, coach, f"/api/v2/users/{NOBODY}/accounts")
    assert missing.status == 404
    for path in ("/transactions", "/forecast", "", "/sessions", "/recurring-items"):
        reply = get(house, coach, f"{theirs}{path}")
        assert (reply.status, plain(reply)) == (404, plain(missing)), path


def test_a_grant_is_for_reading_alone(house: Service, owner: User) -> None:
    coach, _ = coach_of(house, owner, "accounts", "profile")
    with Client(house.url, coach.token) as client:
        for method, path, body in (
            ("POST", "/accounts", {"name": "mine now"}),
            ("PATCH", "", {"full_name": "mine now"}),
            ("POST", "/logout", {}),
        ):
            reply = client.ask(method, f"/api/v2/users/{owner.public_id}{path}", body)
            assert reply.status in (404, 405), (method, path)
    assert b"mine now" not in get(house, owner, "/api/v2/users/me/accounts").body
    assert get(house, owner, "/api/v2/users/me").data["full_name"] is None


def test_others_find_nothing_under_the_same_name(house: Service, owner: User) -> None:
    coach_of(house, owner, "accounts")
    path = f"/api/v2/users/{owner.public_id}/accounts"
    stranger, (friend, _) = house.new_user(), coach_of(house, owner, "accounts", role="user")
    elsewhere, _ = coach_of(house, house.new_user(), "accounts")
    for nobody in (stranger, friend, elsewhere):
        missing = get(house, nobody, f"/api/v2/users/{NOBODY}/accounts")
        found = get(house, nobody, path)
        assert (found.status, plain(found)) == (404, plain(missing))


@pytest.mark.parametrize(
    "change",
    [
        "select core.grant_end({owner}, {grant})",
        "update data.access_grants set created_at = '2020-01-01', expires_at = '2020-01-02'"
        " where user_id = {owner} returning id",
        "update data.users set is_active = false where id = {owner} returning id",
        "update data.users set role = 'user' where id = {coach} returning id",
    ],
    ids=["revoked", "expired", "owner disabled", "no coach any more"],
)
def test_what_ends_a_grant_ends_it_within_a_second(
    house: Service, owner: User, change: str
) -> None:
    coach, grant = coach_of(house, owner, "accounts")
    path = f"/api/v2/users/{owner.public_id}/accounts"
    assert get(house, coach, path).status == 200
    run(house, change.format(owner=owner.user_id, coach=coach.user_id, grant=grant))
    began = time.monotonic()
    while get(house, coach, path).status != 404:
        assert time.monotonic() - began < GONE_WITHIN_S
        time.sleep(0.02)
