"""A session that ended is dead everywhere within a second: RELIABILITY S8, over two workers.

Each way to end one is tried on several sessions that both workers know; a second later every
request with them is 401, in 100 % of the answers.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client
from tests.support.identity import NEW_PASSWORD, PASSWORD, STORED, plant_mails, said_by
from tests.support.service import Service, User, issue_token

SESSIONS = 5  # of one user, all of which end together
CONNECTIONS = 8  # new ones each time: the kernel spreads them over both workers
WITHIN_S = 1.0


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory("--workers", "2")


@pytest.fixture
def person(house: Service) -> User:
    return house.new_user(password_hash=STORED)


@pytest.fixture
def db_of_house(house: Service) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        yield connection


def statuses(house: Service, token: str) -> list[int]:
    """What a token is answered over several new connections."""
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(house.url, token)) for _ in range(CONNECTIONS)]
        return [client.ask("GET", "/api/v2/users/me").status for client in clients]


def opened(house: Service, connection: psycopg.Connection[Any], user: User) -> list[str]:
    """Tokens of fresh sessions that every worker has just seen."""
    tokens = [issue_token(connection, user.user_id) for _ in range(SESSIONS)]
    for token in tokens:
        assert set(statuses(house, token)) == {200}
    return tokens


def check_dead(house: Service, tokens: list[str], since: float, how: str) -> None:
    """Every request with these tokens is 401 once a second has passed since their end."""
    time.sleep(max(0.0, since + WITHIN_S - time.monotonic()))
    answers = [status for token in tokens for status in statuses(house, token)]
    print(f"S8 {how}: {answers.count(401)} of {len(answers)} answers are 401 after {WITHIN_S} s")
    assert set(answers) == {401}, how


def ask(house: Service, bearer: str, method: str, path: str, /, **body: Any) -> Any:
    with Client(house.url, bearer) as client:
        reply = client.ask(method, path, body or None)
    assert reply.status in (200, 202), reply
    return reply.data


def login(house: Service, user: User, token: str | None = None) -> str:
    """A token of a real log-in, asked for by whoever carries another one."""
    email = said_by(house.dsn, user)["email"]
    with Client(house.url, token) as client:
        reply = client.ask("POST", "/api/v2/login", {"email": email, "password": PASSWORD})
    assert reply.status == 200, reply
    return str(reply.data["token"])


def test_a_log_in_never_takes_a_token_that_was_there_before(house: Service, person: User) -> None:
    """Fixation: what an attacker planted is not what the victim gets, and stays worthless."""
    planted = f"{person.user_id}.{'A' * 43}"
    first = login(house, person, planted)
    second = login(house, person, first)
    assert len({planted, first, second}) == 3
    assert set(statuses(house, planted)) == {401}
    assert set(statuses(house, first)) == set(statuses(house, second)) == {200}


def test_a_log_out_ends_its_session(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    for token in tokens:
        ask(house, token, "POST", "/api/v2/logout")
    check_dead(house, tokens, time.monotonic(), "log-out")
    assert set(statuses(house, person.token)) == {200}


def test_a_log_out_everywhere_ends_all(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    said = ask(house, person.token, "POST", "/api/v2/logout-everywhere")
    since = time.monotonic()
    assert said["ended_count"] == SESSIONS + 1
    check_dead(house, [*tokens, person.token], since, "log-out everywhere")


def test_a_session_that_is_revoked_from_another_ends(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    listed = ask(house, person.token, "GET", "/api/v2/users/me/sessions")["items"]
    for one in listed:
        if not one["is_current"]:
            ask(house, person.token, "DELETE", f"/api/v2/users/me/sessions/{one['id']}")
    check_dead(house, tokens, time.monotonic(), "revocation")
    assert set(statuses(house, person.token)) == {200}


def test_who_is_switched_off_is_out(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    admin = house.new_user(role="admin")
    tokens = opened(house, db_of_house, person)
    address = f"/api/v2/admin/users/{person.public_id}"
    ask(house, admin.token, "PATCH", address, is_active=False)
    check_dead(house, [*tokens, person.token], time.monotonic(), "switched off")
    ask(house, admin.token, "PATCH", address, is_active=True)
    time.sleep(WITHIN_S)
    assert set(statuses(house, person.token)) == {401}, "what ended does not come back"


def test_a_new_password_ends_all_other_sessions(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    ask(house, person.token, "POST", "/api/v2/users/me/password", **body)
    check_dead(house, tokens, time.monotonic(), "password change")
    assert set(statuses(house, person.token)) == {200}


def test_a_reset_ends_all_sessions_and_keys(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    plant_mails(house.dsn, person)
    said = said_by(house.dsn, person)
    tokens = opened(house, db_of_house, person)
    with Client(house.url, person.token) as client:
        made = client.ask("POST", "/api/v2/users/me/api-keys", {"name": "script"})
    key = made.data["token"]
    assert set(statuses(house, key)) == {200}
    body = {"token": said["reset_token"], "new_password": NEW_PASSWORD}
    ask(house, "", "POST", "/api/v2/password-resets/complete", **body)
    check_dead(house, [*tokens, person.token, key], time.monotonic(), "reset")


def test_a_deleted_account_is_out(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    ask(house, person.token, "POST", "/api/v2/users/me/deletion", password=PASSWORD)
    check_dead(house, [*tokens, person.token], time.monotonic(), "deletion")


def test_a_session_that_lies_idle_ends(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    tokens = opened(house, db_of_house, person)
    db_of_house.execute(
        "update data.login_sessions set idle_expires_at = now() where user_id = %s",
        (person.user_id,),
    )
    check_dead(house, tokens, time.monotonic(), "idle")


def test_use_moves_the_idle_end_and_never_the_last_one(
    house: Service, person: User, db_of_house: psycopg.Connection[Any]
) -> None:
    used, unused = login(house, person), login(house, person)
    db_of_house.execute(
        """
        update data.login_sessions
        set idle_expires_at = now() + interval '2 seconds',
            last_seen_at = now() - interval '2 minutes',
            expires_at = now() + interval '6 seconds'
        where user_id = %s and idle_expires_at is not null
        """,
        (person.user_id,),
    )
    since = time.monotonic()
    time.sleep(WITHIN_S)  # what the log-in taught a worker is forgotten by now
    assert set(statuses(house, used)) == {200}
    check_dead(house, [unused], since + 2, "idle, by the clock")
    assert set(statuses(house, used)) == {200}, "it was in use"
    while time.monotonic() < since + 6:
        statuses(house, used)
        time.sleep(0.1)
    check_dead(house, [used], since + 6, "absolute, however much it is used")
