"""The second wall alone: every function forgets whose rows it may touch, and nothing leaks.

And the other way round: with row-level security off, the same forgetful functions do leak, so this
matrix would have seen it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest

from tests.support import mutants
from tests.support.asking import Client, operations
from tests.support.household import CANARY, belongings, check_silent, own_ids, settle
from tests.support.matrix import check_foreign_ids, check_names
from tests.support.service import Service, User

LEAST_REMOVED = 140  # conditions; there are more with every topic
WITHOUT_WALLS = """
select format('alter table %s disable row level security', oid::regclass)
from pg_class
where relnamespace = 'data'::regnamespace and relrowsecurity
  and relname not in ('users', 'login_sessions')  -- a caller is still known for who they are
"""


@dataclass(frozen=True)
class Ruin:
    """A service whose functions have no owner conditions left, and two who live in it."""

    house: Service
    owner: User
    other: User
    mutation: mutants.Mutation


@pytest.fixture(scope="module")
def ruin(service_factory: Callable[..., Service]) -> Ruin:
    house = service_factory()
    owner = settle(house)
    other = settle(house, word="stranger", amount=55.0)
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        mutation = mutants.mutate(connection)
    return Ruin(house, owner, other, mutation)


def test_no_function_has_an_owner_condition_left(ruin: Ruin) -> None:
    print(
        f"\n{ruin.mutation.removed} conditions removed from {ruin.mutation.functions} functions;"
        f" kept on key tables: {ruin.mutation.kept}"
    )
    assert ruin.mutation.removed >= LEAST_REMOVED
    with psycopg.connect(ruin.house.dsn, autocommit=True) as connection:
        assert set(mutants.remaining(connection)) <= set(ruin.mutation.kept)


def test_the_second_wall_alone_keeps_a_stranger_from_foreign_ids(ruin: Ruin) -> None:
    count = check_foreign_ids(ruin.house, ruin.owner, ruin.other)
    print(f"\n{count} places for an id, 0 leaks")
    assert count >= 10


def test_the_second_wall_alone_keeps_a_stranger_from_an_owner_s_name(ruin: Ruin) -> None:
    assert check_names(ruin.house, ruin.owner, ruin.other) >= 20


def test_what_a_stranger_does_to_their_own_touches_nobody_else(ruin: Ruin) -> None:
    """Every route under the stranger's own name, writes too: no word of the owner, no change."""
    before = belongings(ruin.house.dsn, ruin.owner)
    reached = 0
    for one in operations(ruin.house):
        user = settle(ruin.house, word="passing", amount=5.0)
        ids = own_ids(ruin.house.dsn, user)
        with Client(ruin.house.url, user.token) as client:
            reply = client.ask(
                one.method, one.address(ids), one.plain_body(ids), query=one.plain_query(ids)
            )
        where = f"{one.method} {one.path}"
        check_silent(reply, where)
        assert belongings(ruin.house.dsn, ruin.owner) == before, f"{where} changed the owner's rows"
        reached += reply.status < 300
    assert reached >= 15, "the copies still do their work"


def test_without_the_second_wall_the_same_functions_leak(ruin: Ruin) -> None:
    """Last, because what the forgetful functions do now cannot be taken back."""
    with psycopg.connect(ruin.house.dsn, autocommit=True) as connection:
        for (statement,) in connection.execute(WITHOUT_WALLS).fetchall():
            connection.execute(statement.encode())
    with Client(ruin.house.url, ruin.other.token) as client:
        reply = client.ask("GET", "/api/v2/users/me/accounts", query={"limit": 200})
        assert CANARY in reply.body.decode(), "the owner's accounts are in the stranger's list"
    with pytest.raises(AssertionError):
        check_foreign_ids(ruin.house, ruin.owner, ruin.other)
